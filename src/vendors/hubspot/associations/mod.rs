//! Associations between HubSpot records.

pub mod batch_create_default;
pub mod create_default;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::answer::{Fields, Shape, as_text, lenient};
use crate::http::Response;

/// What HubSpot answers to the default-association calls, for one pair and for a batch.
///
/// A success lists two results for each pair, one for each direction.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct DefaultAssociations {
    /// `COMPLETE`, `PENDING`, `PROCESSING` or `CANCELED`; other words are kept.
    pub status: String,
    /// The associations that now exist.
    pub results: Vec<DefaultAssociation>,
    /// How many inputs failed. HubSpot leaves it out when none did.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub num_errors: u64,
    /// Why, for each of them.
    pub errors: Vec<ItemError>,
    /// What else HubSpot says: `startedAt`, `completedAt`, `requestedAt`, `links`.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

/// One direction of an association.
#[derive(Clone, Debug, Serialize)]
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
#[derive(Clone, Debug, Serialize)]
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
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct RecordId {
    /// The id.
    pub id: String,
}

/// What HubSpot says of one input that failed.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct ItemError {
    /// The kind of error, as in `OBJECT_NOT_FOUND`.
    pub category: String,
    /// HubSpot's words.
    pub message: String,
    /// What it is about: names to lists of values.
    #[cfg_attr(feature = "types", ts(type = "Record<string, unknown>"))]
    pub context: Map<String, Value>,
    /// What else HubSpot says.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

impl DefaultAssociations {
    fn read(fields: &mut Fields) -> Result<Self, Shape> {
        Ok(Self {
            status: fields.text("status")?,
            results: fields.list("results", DefaultAssociation::read)?,
            num_errors: fields.count("numErrors")?,
            errors: fields.list("errors", ItemError::read)?,
            rest: fields.rest(),
        })
    }
}

/// The answer as its readers may rely on it: with counts, and with ids that are strings.
pub(super) fn show(response: &Response) -> String {
    let mut body = lenient(response);
    if let Value::Object(fields) = &mut body {
        fields.entry("numErrors").or_insert_with(|| 0.into());
        fields
            .entry("errors")
            .or_insert_with(|| Value::Array(Vec::new()));
    }
    let results = body.get_mut("results").and_then(Value::as_array_mut);
    for result in results.into_iter().flatten() {
        for end in ["from", "to"] {
            if let Some(id) = result.get_mut(end).and_then(|end| end.get_mut("id")) {
                as_text(id);
            }
        }
    }
    body.to_string()
}

impl DefaultAssociation {
    fn read(fields: &mut Fields) -> Result<Self, Shape> {
        Ok(Self {
            from: fields.object("from", RecordId::read)?,
            to: fields.object("to", RecordId::read)?,
            association_spec: fields.object("associationSpec", AssociationSpec::read)?,
        })
    }
}

impl AssociationSpec {
    fn read(fields: &mut Fields) -> Result<Self, Shape> {
        Ok(Self {
            association_category: fields.text("associationCategory")?,
            association_type_id: fields.number("associationTypeId")?,
        })
    }
}

impl RecordId {
    fn read(fields: &mut Fields) -> Result<Self, Shape> {
        Ok(Self {
            id: fields.id("id")?,
        })
    }
}

impl ItemError {
    fn read(fields: &mut Fields) -> Result<Self, Shape> {
        Ok(Self {
            category: fields.optional_text("category")?.unwrap_or_default(),
            message: fields.optional_text("message")?.unwrap_or_default(),
            context: match fields.any("context") {
                Some(Value::Object(context)) => context,
                _ => Map::new(),
            },
            rest: fields.rest(),
        })
    }
}
