//! What partner clients and partner services have in common: HubSpot's v3 has the same paths for both, and its dated
//! versions have none of them.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{NAME, error};
use crate::answer::{self, Fields, Shape, as_text, lenient};
use crate::endpoint::{Facts, Options, json};
use crate::error::{Failure, Reason, Refusal};
use crate::http::{Request, Response};

/// A partner client or a partner service, with what HubSpot knows of it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct PartnerRecord {
    /// Its id.
    pub id: String,
    /// Property values by name; `null` where a property has none.
    #[cfg_attr(feature = "types", ts(type = "Record<string, string | null>"))]
    pub properties: Map<String, Value>,
    /// When it was created, ISO 8601.
    pub created_at: String,
    /// When it was last updated, ISO 8601.
    pub updated_at: String,
    /// Whether it is archived. HubSpot may leave it out: then it is not.
    pub archived: bool,
    /// When it was archived, ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<String>,
    /// The ids of associated records by kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "Record<string, unknown>", optional))]
    pub associations: Option<Value>,
    /// Property values with their history.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "Record<string, unknown>", optional))]
    pub properties_with_history: Option<Value>,
    /// HubSpot's id of this write.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_write_trace_id: Option<String>,
    /// What else HubSpot says.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

/// Builds the request, or says what does the same where this endpoint does not exist.
pub(super) fn build(
    facts: &Facts,
    options: &Options,
    parameters: &[(&str, &str)],
    instead: &str,
) -> Result<Request, Refusal> {
    facts.request(options, parameters).map_err(|mut refusal| {
        if refusal.reason == Some(Reason::ApiVersion) {
            refusal.message.push_str(instead);
        }
        refusal
    })
}

/// The way to associate where association types are numbers.
pub(super) const LABEL_INSTEAD: &str = ". There, use `hubspot.associations.label` with type ids from \
    `hubspot.associationLabels.list`, or `hubspot.associations.createDefault` for the plain association";

/// The way to remove a kind of association where types are numbers.
pub(super) const ARCHIVE_INSTEAD: &str = ". There, use `hubspot.associations.batchArchiveLabels` with type ids from \
    `hubspot.associationLabels.list`, or `hubspot.associations.remove` for the whole pair";

/// The record as its readers may rely on it.
pub(super) fn show(response: &Response) -> String {
    let mut body = lenient(response);
    if let Value::Object(fields) = &mut body {
        fields.entry("archived").or_insert(Value::Bool(false));
        if let Some(id) = fields.get_mut("id") {
            as_text(id);
        }
    }
    json(&body)
}

impl PartnerRecord {
    /// Reads it from a success.
    pub(super) fn of(response: &Response) -> Result<Self, Failure> {
        answer::object(NAME, error::success(response)?, Self::read)
    }

    fn read(fields: &mut Fields) -> Result<Self, Shape> {
        Ok(Self {
            id: fields.id("id")?,
            properties: fields.map("properties")?,
            created_at: fields.text("createdAt")?,
            updated_at: fields.text("updatedAt")?,
            archived: fields.flag("archived")?,
            archived_at: fields.optional_text("archivedAt")?,
            associations: fields.any("associations"),
            properties_with_history: fields.any("propertiesWithHistory"),
            object_write_trace_id: fields.optional_text("objectWriteTraceId")?,
            rest: fields.rest(),
        })
    }
}
