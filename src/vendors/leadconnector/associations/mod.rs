//! Association definitions: which kinds of records may be related, and under which labels.

pub mod by_key;
pub mod by_object;
pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod update;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::answer::{self, Fields, Shape};
use crate::error::{Failure, Refusal};
use crate::http::Response;
use crate::vendors::leadconnector::{NAME, error};

/// An association definition.
///
/// The published schema types labels, keys and the type as objects; examples, webhooks and live answers have strings.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[cfg_attr(feature = "types", ts(rename = "LeadConnectorAssociation"))]
#[serde(rename_all = "camelCase")]
pub struct Association {
    /// The id of the definition.
    pub id: String,
    /// Its key, unique in the location.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The location (sub-account).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location_id: Option<String>,
    /// The kind of the first record, as in `custom_objects.children`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "string", optional))]
    pub first_object_key: Option<Value>,
    /// What the first record is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "string", optional))]
    pub first_object_label: Option<Value>,
    /// The kind of the second record.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "string", optional))]
    pub second_object_key: Option<Value>,
    /// What the second record is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "string", optional))]
    pub second_object_label: Option<Value>,
    /// `USER_DEFINED` or `SYSTEM_DEFINED`; other words are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "string", optional))]
    pub association_type: Option<Value>,
    /// What else LeadConnector says, cardinality and limits for instance.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

impl Association {
    pub(in crate::vendors::leadconnector) fn read(fields: &mut Fields) -> Result<Self, Shape> {
        Ok(Self {
            id: fields.id("id")?,
            key: fields.optional_text("key")?,
            location_id: fields.optional_text("locationId")?,
            first_object_key: fields.any("firstObjectKey"),
            first_object_label: fields.any("firstObjectLabel"),
            second_object_key: fields.any("secondObjectKey"),
            second_object_label: fields.any("secondObjectLabel"),
            association_type: fields.any("associationType"),
            rest: fields.rest(),
        })
    }
}

/// Association definitions.
///
/// The published answer is one definition. Callers are seen to read a list under `associations`, a bare list, and one
/// definition alone: all three are read.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Associations {
    /// The definitions.
    pub associations: Vec<Association>,
}

impl Associations {
    const LIST: &'static str = "associations";

    fn read(response: &Response) -> Result<Self, Failure> {
        let response = error::success(response)?;
        let associations = answer::listed(NAME, response, Self::LIST, Association::read)?;
        Ok(Self { associations })
    }
}

fn check_labels(first: &str, second: &str) -> Result<(), Refusal> {
    for (path, label) in [("firstObjectLabel", first), ("secondObjectLabel", second)] {
        if label.trim().is_empty() {
            let message = "expected a label, got an empty string";
            return Err(Refusal::input(path, message));
        }
    }
    Ok(())
}
