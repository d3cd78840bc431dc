//! `PUT /opportunities/{id}`
//!
//! Changes fields of an opportunity.

use serde::Serialize;

use crate::endpoint::{Facts, Options, Repeat};
use crate::error::Refusal;
use crate::http::{Method, Request};
use crate::vendors::leadconnector::{NAME, ORIGIN, send, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "leadconnector.opportunities.update",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Put,
    versions: &versions("/opportunities/{id}"),
    success: &[200],
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["opportunities.write"],
    docs: "https://github.com/GoHighLevel/highlevel-api-docs",
};

/// Builds the request.
///
/// # Errors
/// Those of the options, `invalid_id` for the id.
pub fn build(id: &str, options: &Options, body: &impl Serialize) -> Result<Request, Refusal> {
    send(&FACTS, options, &[("id", id)], body)
}
