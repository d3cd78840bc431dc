//! `POST /opportunities/`
//!
//! Creates an opportunity for a contact.

use serde::Serialize;

use crate::endpoint::{Facts, Options, Repeat};
use crate::error::Refusal;
use crate::http::{Method, Request};
use crate::vendors::leadconnector::{NAME, ORIGIN, send, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "leadconnector.opportunities.create",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Post,
    versions: &versions("/opportunities/"),
    success: &[201, 200],
    // A second one for the same contact is refused, unless the location allows duplicates: then a repeat can make one.
    repeat: Repeat::Look,
    batch: None,
    scopes: &["opportunities.write"],
    docs: "https://github.com/GoHighLevel/highlevel-api-docs",
};

/// Builds the request: `body` has `locationId`, `pipelineId`, `contactId`, `name` and `status`, and what else there is.
///
/// # Errors
/// Those of the options.
pub fn build(options: &Options, body: &impl Serialize) -> Result<Request, Refusal> {
    send(&FACTS, options, &[], body)
}
