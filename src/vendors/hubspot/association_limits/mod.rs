//! How many records of one type a record may be associated with, as the account's own people set it.
//!
//! A limit can only be lower than that of the subscription, and a label's only as high as that of the whole pair of types.

pub mod create;
pub mod delete;
pub mod list;
pub mod list_all;
pub mod update;

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Map, Value};

use super::associations::{ItemError, category};
use super::{NAME, error};
use crate::answer::{self, Shape};
use crate::endpoint::{Facts, Options};
use crate::error::{Failure, Refusal};
use crate::http::{Request, Response};
use crate::id::Id;
use crate::read::{Fields, FromFields};

/// A limit to set.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "HubspotLimit"))]
#[serde(rename_all = "camelCase")]
pub struct Limit<'a> {
    /// Who defined the kind of association.
    #[cfg_attr(
        feature = "types",
        ts(type = "\"HUBSPOT_DEFINED\" | \"USER_DEFINED\" | \"INTEGRATOR_DEFINED\" | \"WORK\"")
    )]
    pub category: Cow<'a, str>,
    /// The number of the kind, in this direction.
    pub type_id: u32,
    /// With how many records one may be associated in this way.
    pub max_to_object_ids: u32,
}

/// A kind of association with its limit.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct LimitedType {
    /// `HUBSPOT_DEFINED`, `USER_DEFINED`, `INTEGRATOR_DEFINED` or `WORK`; other words are kept.
    pub category: String,
    /// The number of the kind; it depends on the direction.
    pub type_id: u32,
    /// The label's text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "string | null", optional))]
    pub label: Option<String>,
    /// With how many records one may be associated in this way.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "number | null", optional))]
    pub user_enforced_max_to_object_ids: Option<Value>,
    /// What else HubSpot says.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

/// The limits that are set.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct LimitedTypes {
    /// One for each kind of association.
    pub results: Vec<LimitedType>,
    /// What else HubSpot says.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

/// The limits that were set.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// `COMPLETE`, `PENDING`, `PROCESSING` or `CANCELED`; other words are kept.
    pub status: String,
    /// One for each kind of association.
    pub results: Vec<LimitedType>,
    /// How many inputs failed.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub num_errors: u64,
    /// Why, for each of them.
    pub errors: Vec<ItemError>,
    /// What else HubSpot says: `startedAt`, `completedAt`, `requestedAt`, `links`.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

impl<'a> FromFields<'a> for Limit<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            category: category(fields, "category")?,
            type_id: fields.required_number("typeId")?,
            max_to_object_ids: fields.required_number("maxToObjectIds")?,
        })
    }
}

impl LimitedType {
    fn read(fields: &mut answer::Fields) -> Result<Self, Shape> {
        Ok(Self {
            category: fields.text("category")?,
            type_id: fields.small("typeId")?,
            label: fields.optional_text("label")?,
            user_enforced_max_to_object_ids: fields.any("userEnforcedMaxToObjectIds"),
            rest: fields.rest(),
        })
    }
}

impl LimitedTypes {
    fn read(response: &Response) -> Result<Self, Failure> {
        answer::object(NAME, error::success(response)?, |fields| {
            Ok(Self {
                results: fields.required_list("results", LimitedType::read)?,
                rest: fields.rest(),
            })
        })
    }
}

impl Limits {
    fn read(response: &Response) -> Result<Self, Failure> {
        let answer = answer::object(NAME, error::success(response)?, |fields| {
            Ok(Self {
                status: fields.text("status")?,
                results: fields.list("results", LimitedType::read)?,
                num_errors: fields.count("numErrors")?,
                errors: fields.list("errors", ItemError::read)?,
                rest: fields.rest(),
            })
        })?;
        error::clean(response, &answer.status, answer.num_errors, &answer.errors)?;
        error::some(response, &answer.status, answer.results.len())?;
        Ok(answer)
    }
}

/// Builds a batch of limits.
fn build(
    facts: &Facts,
    options: &Options,
    (from, to): (&Id<'_>, &Id<'_>),
    inputs: &[impl Serialize],
) -> Result<Request, Refusal> {
    if inputs.is_empty() {
        let message = "expected at least one input, got none";
        return Err(Refusal::input("inputs", message));
    }
    let mut request = facts.request(
        options,
        &[
            ("fromObjectType", from.as_str()),
            ("toObjectType", to.as_str()),
        ],
    )?;
    let mut body = String::from("{\"inputs\":");
    body.push_str(&crate::endpoint::json(&inputs));
    body.push('}');
    request.headers.set("content-type", "application/json");
    request.body = Some(body);
    Ok(request)
}
