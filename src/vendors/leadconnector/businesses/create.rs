//! `POST /businesses/`
//!
//! Creates a business. The answer has it under `buiseness`.

use serde::Serialize;

use crate::endpoint::{Facts, Options, Repeat};
use crate::error::Refusal;
use crate::http::{Method, Request};
use crate::vendors::leadconnector::{NAME, ORIGIN, send, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "leadconnector.businesses.create",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Post,
    versions: &versions("/businesses/"),
    success: &[201, 200],
    // Nothing keeps a second business of the same name from being made.
    repeat: Repeat::Look,
    batch: None,
    scopes: &["businesses.write"],
    docs: "https://github.com/GoHighLevel/highlevel-api-docs",
};

/// Builds the request: `body` has `locationId` and `name`, and what else there is.
///
/// # Errors
/// Those of the options.
pub fn build(options: &Options, body: &impl Serialize) -> Result<Request, Refusal> {
    send(&FACTS, options, &[], body)
}
