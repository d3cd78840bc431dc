//! `PUT /businesses/{businessId}`
//!
//! Changes fields of a business. The answer has it under `buiseness`.

use serde::Serialize;

use crate::endpoint::{Facts, Options, Repeat};
use crate::error::Refusal;
use crate::http::{Method, Request};
use crate::vendors::leadconnector::{NAME, ORIGIN, send, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "leadconnector.businesses.update",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Put,
    versions: &versions("/businesses/{businessId}"),
    success: &[200],
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["businesses.write"],
    docs: "https://github.com/GoHighLevel/highlevel-api-docs",
};

/// Builds the request.
///
/// # Errors
/// Those of the options, `invalid_id` for the id.
pub fn build(id: &str, options: &Options, body: &impl Serialize) -> Result<Request, Refusal> {
    send(&FACTS, options, &[("businessId", id)], body)
}
