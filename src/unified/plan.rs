//! What would be sent, what it costs, and what becomes of each field. Made without sending anything.

use serde::Serialize;

use super::ledger::FieldEntry;
use super::upsert::Strategy;
use crate::error::Report;
use crate::http::Request;

/// What an operation would do.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// The operation's name.
    pub operation: &'static str,
    /// The vendor's name.
    pub vendor: &'static str,
    /// The steps in order.
    pub steps: Vec<Step>,
    /// The price in vendor calls.
    pub calls: Calls,
    /// What becomes of each field of the input.
    pub fields: Vec<FieldEntry>,
    /// How the records of an upsert are found, where the operation is one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub strategies: Vec<Strategy>,
    /// Links (or records) that would be refused, each with the reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Report>,
    /// What the caller should know before sending, an announced end of the API version for instance.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// Requests that serve one purpose.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// What the step is for.
    pub purpose: &'static str,
    /// The requests. Where the step depends on an answer, they are those of the dearest case.
    pub requests: Vec<Request>,
    /// What the requests depend on; absent where they are exact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depends_on: Option<&'static str>,
}

/// A price in vendor calls, retries not counted.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Calls {
    /// The least.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub min: usize,
    /// The most.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub max: usize,
}
