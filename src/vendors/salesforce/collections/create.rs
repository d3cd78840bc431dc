//! `POST /services/data/{version}/composite/sobjects`
//!
//! Creates up to 200 records, and answers one result for each, in order.

use serde::Serialize;

use super::{LARGEST, Records};
use crate::answer;
use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::read::{Fields, FromFields};
use crate::vendors::salesforce::sobjects::SaveResult;
use crate::vendors::salesforce::{NAME, ORIGIN, error, version, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "salesforce.collections.create",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Post,
    versions: &versions("/services/data/{version}/composite/sobjects"),
    success: &[200],
    repeat: Repeat::Look,
    batch: Some(LARGEST),
    scopes: &["api"],
    docs: "https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections_create.htm",
};

/// The records to create.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Create(pub Records);

impl<'a> FromFields<'a> for Create {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Records::from_fields(fields).map(Self)
    }
}

impl<'a> Endpoint<'a> for Create {
    const FACTS: &'static Facts = &FACTS;
    type Answer = Vec<SaveResult>;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        self.0.check()?;
        FACTS.request_with(options, &[("version", version(options)?)], &self.0)
    }

    /// A record that was not created does not sink the others: read each result's `success`.
    fn read(response: &Response) -> Result<Vec<SaveResult>, Failure> {
        answer::list(NAME, error::success(response)?, SaveResult::read)
    }
}
