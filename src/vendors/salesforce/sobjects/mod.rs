//! Single records.

pub mod create;
pub mod update;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a create answers, and each item of a collection.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
pub struct SaveResult {
    /// The id of the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Whether it was written.
    pub success: bool,
    /// Why not.
    #[serde(default)]
    pub errors: Vec<SaveError>,
    /// What else Salesforce says.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

/// Why a record was not written. The code stands under `statusCode` in collections and under `errorCode` elsewhere.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
pub struct SaveError {
    /// The code, as in `DUPLICATE_VALUE`.
    #[serde(default, rename = "statusCode", alias = "errorCode")]
    pub status_code: String,
    /// Salesforce's words.
    #[serde(default)]
    pub message: String,
    /// The fields at fault.
    #[serde(default)]
    pub fields: Vec<String>,
    /// What else Salesforce says, about duplicates for instance.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}
