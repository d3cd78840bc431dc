//! `PATCH /services/data/{version}/sobjects/{sobject}/{id}`
//!
//! Updates fields of one record. The answer has no body.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{Fields, FromFields};
use crate::vendors::salesforce::{NAME, ORIGIN, error, id, version, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "salesforce.sobjects.update",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Patch,
    versions: &versions("/services/data/{version}/sobjects/{sobject}/{id}"),
    success: &[204, 200],
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["api"],
    docs: "https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/dome_update_fields.htm",
};

/// The record to update.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Update<'a> {
    /// The object's API name, as in `Opportunity`.
    pub sobject: Id<'a>,
    /// The record's id.
    pub id: Id<'a>,
    /// The fields to change, by API name.
    #[cfg_attr(feature = "types", ts(type = "Record<string, unknown>"))]
    pub record: Map<String, Value>,
}

/// Nothing: a success says no more.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(type = "Record<string, never>")
)]
pub struct Updated {}

impl<'a> FromFields<'a> for Update<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            sobject: fields.required_id("sobject")?,
            id: fields.required_id("id")?,
            record: fields.required_map("record")?,
        })
    }
}

impl<'a> Endpoint<'a> for Update<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = Updated;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        if let Some(fault) = id::fault(self.id.as_str()) {
            return Err(Refusal::id("id", fault));
        }
        let parameters = [
            ("version", version(options)?),
            ("sobject", self.sobject.as_str()),
            ("id", self.id.as_str()),
        ];
        FACTS.request_with(options, &parameters, &self.record)
    }

    fn read(response: &Response) -> Result<Updated, Failure> {
        error::updated(response).map(|()| Updated {})
    }

    fn show(_response: &Response) -> String {
        "{}".to_owned()
    }
}
