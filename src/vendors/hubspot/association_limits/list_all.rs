//! `GET /crm/v4/associations/definitions/configurations/all`
//!
//! Lists every limit that the account has set.

use serde::Serialize;

use super::LimitedTypes;
use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::read::{Fields, FromFields};
use crate::vendors::hubspot::{NAME, ORIGIN, SCHEMA_GUIDE, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "hubspot.associationLimits.listAll",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Get,
    versions: versions!("associations", "/definitions/configurations/all"),
    success: &[200],
    repeat: Repeat::Safe,
    batch: None,
    // The published list names any CRM object scope.
    scopes: &[],
    docs: SCHEMA_GUIDE,
};

/// Nothing to say.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(type = "Record<string, never>")
)]
pub struct ListAll {}

impl<'a> FromFields<'a> for ListAll {
    fn from_fields(_fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {})
    }
}

impl Endpoint<'_> for ListAll {
    const FACTS: &'static Facts = &FACTS;
    type Answer = LimitedTypes;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        FACTS.request(options, &[])
    }

    fn read(response: &Response) -> Result<LimitedTypes, Failure> {
        LimitedTypes::read(response)
    }
}
