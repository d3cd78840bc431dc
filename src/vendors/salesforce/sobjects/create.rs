//! `POST /services/data/{version}/sobjects/{sobject}`
//!
//! Creates one record.

use serde::Serialize;
use serde_json::{Map, Value};

use super::SaveResult;
use crate::answer;
use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{Fields, FromFields};
use crate::vendors::salesforce::{NAME, ORIGIN, error, version, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "salesforce.sobjects.create",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Post,
    versions: &versions("/services/data/{version}/sobjects/{sobject}"),
    success: &[201],
    repeat: Repeat::Look,
    batch: None,
    scopes: &["api"],
    docs: "https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/dome_sobject_create.htm",
};

/// The record to create.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Create<'a> {
    /// The object's API name, as in `OpportunityContactRole`.
    pub sobject: Id<'a>,
    /// Its fields by API name.
    #[cfg_attr(feature = "types", ts(type = "Record<string, unknown>"))]
    pub record: Map<String, Value>,
}

impl<'a> FromFields<'a> for Create<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            sobject: fields.required_id("sobject")?,
            record: fields.required_map("record")?,
        })
    }
}

impl<'a> Endpoint<'a> for Create<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = SaveResult;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        let parameters = [
            ("version", version(options)?),
            ("sobject", self.sobject.as_str()),
        ];
        FACTS.request_with(options, &parameters, &self.record)
    }

    fn read(response: &Response) -> Result<SaveResult, Failure> {
        let result = answer::object(NAME, error::success(response)?, SaveResult::read)?;
        error::saved(response, &result).map(|()| result)
    }
}
