//! `PUT /crm/v3/objects/partner_clients/{partnerClientId}/associations/{toObjectType}/{toObjectId}/{associationType}`
//!
//! Associates a partner client with another record. It has no body and answers the partner client.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::answer::{self, Fields, Shape, as_text, lenient};
use crate::endpoint::{Endpoint, Facts, Options, Repeat, Version};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{self, FromFields};
use crate::vendors::hubspot::{NAME, ORIGIN, V3_ENDS, error};

/// What is known of the endpoint. The dated versions have no path of this form.
pub const FACTS: Facts = Facts {
    name: "hubspot.partnerClients.associate",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Put,
    versions: &[Version {
        name: "v3",
        path: "/crm/v3/objects/partner_clients/{partnerClientId}/associations/{toObjectType}/{toObjectId}/{associationType}",
        ends: V3_ENDS,
    }],
    success: &[200],
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["crm.objects.partner-clients.write"],
    docs: "https://developers.hubspot.com/docs/api-reference/crm-partner-clients-v3/guide",
};

/// The partner client and the record to associate it with.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Associate<'a> {
    /// The id of the partner client.
    #[cfg_attr(feature = "types", ts(type = "string | number"))]
    pub partner_client_id: Id<'a>,
    /// The type of the other record.
    pub to_object_type: Id<'a>,
    /// The id of the other record.
    #[cfg_attr(feature = "types", ts(type = "string | number"))]
    pub to_object_id: Id<'a>,
    /// The kind of association, by name or number. HubSpot publishes no list for partner clients.
    #[cfg_attr(feature = "types", ts(type = "string | number"))]
    pub association_type: Id<'a>,
}

/// The partner client, with what HubSpot knows of it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct PartnerClient {
    /// The id of the partner client.
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

impl<'a> FromFields<'a> for Associate<'a> {
    fn from_fields(fields: &mut read::Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            partner_client_id: fields.required_id_or_number("partnerClientId")?,
            to_object_type: fields.required_id("toObjectType")?,
            to_object_id: fields.required_id_or_number("toObjectId")?,
            association_type: fields.required_id_or_number("associationType")?,
        })
    }
}

impl<'a> Endpoint<'a> for Associate<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = PartnerClient;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        FACTS.request(
            options,
            &[
                ("partnerClientId", self.partner_client_id.as_str()),
                ("toObjectType", self.to_object_type.as_str()),
                ("toObjectId", self.to_object_id.as_str()),
                ("associationType", self.association_type.as_str()),
            ],
        )
    }

    fn read(response: &Response) -> Result<PartnerClient, Failure> {
        answer::object(NAME, error::success(response)?, PartnerClient::read)
    }

    fn show(response: &Response) -> String {
        let mut body = lenient(response);
        if let Value::Object(fields) = &mut body {
            fields.entry("archived").or_insert(Value::Bool(false));
            if let Some(id) = fields.get_mut("id") {
                as_text(id);
            }
        }
        body.to_string()
    }
}

impl PartnerClient {
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
