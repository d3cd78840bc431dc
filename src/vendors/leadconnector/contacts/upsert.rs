//! `POST /contacts/upsert`
//!
//! Creates a contact, or updates the one that has its e-mail address or its phone number, as the location's settings say.

use serde::Serialize;

use crate::endpoint::{Facts, Options, Repeat};
use crate::error::Refusal;
use crate::http::{Method, Request};
use crate::vendors::leadconnector::{NAME, ORIGIN, send, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "leadconnector.contacts.upsert",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Post,
    versions: &versions("/contacts/upsert"),
    success: &[200, 201],
    // A 422 may have written all the same, and where the location allows duplicates a repeat can make one.
    repeat: Repeat::Look,
    batch: None,
    scopes: &["contacts.write"],
    docs: "https://github.com/GoHighLevel/highlevel-api-docs",
};

/// Builds the request: `body` has the fields of the published page, `locationId` among them.
///
/// # Errors
/// Those of the options.
pub fn build(options: &Options, body: &impl Serialize) -> Result<Request, Refusal> {
    send(&FACTS, options, &[], body)
}
