//! `GET /opportunities/pipelines?locationId=`
//!
//! Lists a location's pipelines, each with its stages.

use crate::endpoint::{Facts, Options, Repeat};
use crate::error::Refusal;
use crate::http::{Method, Request};
use crate::vendors::leadconnector::{NAME, ORIGIN, bare, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "leadconnector.opportunities.pipelines",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Get,
    versions: &versions("/opportunities/pipelines"),
    success: &[200],
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["opportunities.readonly"],
    docs: "https://github.com/GoHighLevel/highlevel-api-docs",
};

/// Builds the request.
///
/// # Errors
/// Those of the options, `invalid_id` for the location.
pub fn build(location: &str, options: &Options) -> Result<Request, Refusal> {
    bare(&FACTS, options, &[], &[("locationId", location)])
}
