//! Associations between HubSpot records.

pub mod batch_create_default;
pub mod create_default;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What HubSpot answers to the default-association calls, for one pair and for a batch.
///
/// A success lists two results for each pair, one for each direction.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct DefaultAssociations {
    /// `COMPLETE`, `PENDING`, `PROCESSING` or `CANCELED`; other words are kept.
    pub status: String,
    /// The associations that now exist.
    #[serde(default)]
    pub results: Vec<DefaultAssociation>,
    /// How many inputs failed. HubSpot leaves it out when none did.
    #[serde(default)]
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub num_errors: u64,
    /// Why, for each of them.
    #[serde(default)]
    pub errors: Vec<ItemError>,
    /// What else HubSpot says: `startedAt`, `completedAt`, `requestedAt`, `links`.
    #[serde(flatten)]
    #[cfg_attr(
        feature = "types",
        ts(
            type = "Record<string, unknown>",
            flatten = false,
            rename = "[key: string]"
        )
    )]
    pub rest: Map<String, Value>,
}

/// One direction of an association.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct DefaultAssociation {
    /// The record that it starts at.
    pub from: RecordId,
    /// The record that it ends at.
    pub to: RecordId,
    /// The kind of association, as HubSpot numbers it.
    pub association_spec: AssociationSpec,
}

/// The kind of an association.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct AssociationSpec {
    /// `HUBSPOT_DEFINED`, `USER_DEFINED`, `INTEGRATOR_DEFINED` or `WORK`; other words are kept.
    pub association_category: String,
    /// The number of the kind; it depends on the direction.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub association_type_id: i64,
}

/// A record's id, a string whatever HubSpot sent.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct RecordId {
    /// The id.
    #[serde(deserialize_with = "text_or_number")]
    pub id: String,
}

/// What HubSpot says of one input that failed.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct ItemError {
    /// The kind of error, as in `OBJECT_NOT_FOUND`.
    #[serde(default)]
    pub category: String,
    /// HubSpot's words.
    #[serde(default)]
    pub message: String,
    /// What it is about: names to lists of values.
    #[serde(default)]
    #[cfg_attr(feature = "types", ts(type = "Record<string, unknown>"))]
    pub context: Map<String, Value>,
    /// What else HubSpot says.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

/// HubSpot's ids are strings now and were numbers in its older descriptions: a number is kept digit by digit.
fn text_or_number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::String(id) => Ok(id),
        Value::Number(id) => Ok(id.to_string()),
        _ => Err(serde::de::Error::custom(
            "expected an id as a string or a number",
        )),
    }
}
