//! Association definitions: which kinds of records may be related, and under which labels.

pub mod by_key;
pub mod create;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// An association definition.
///
/// The published schema types labels and keys as objects; examples, webhooks and live answers have strings.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Association {
    /// The id of the definition.
    pub id: String,
    /// Its key, unique in the location.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The location (sub-account).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location_id: Option<String>,
    /// The kind of the first record, as in `custom_objects.children`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "string"))]
    pub first_object_key: Option<Value>,
    /// What the first record is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "string"))]
    pub first_object_label: Option<Value>,
    /// The kind of the second record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "string"))]
    pub second_object_key: Option<Value>,
    /// What the second record is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "string"))]
    pub second_object_label: Option<Value>,
    /// `USER_DEFINED` or `SYSTEM_DEFINED`; other words are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub association_type: Option<String>,
    /// What else LeadConnector says, cardinality and limits for instance.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}
