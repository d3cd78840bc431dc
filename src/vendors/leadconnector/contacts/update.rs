//! `PUT /contacts/{contactId}`
//!
//! Changes fields of a contact. `gender` and `companyName` are not among those that it takes.

use serde::Serialize;

use crate::endpoint::{Facts, Options, Repeat};
use crate::error::Refusal;
use crate::http::{Method, Request};
use crate::vendors::leadconnector::{NAME, ORIGIN, send, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "leadconnector.contacts.update",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Put,
    versions: &versions("/contacts/{contactId}"),
    success: &[200],
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["contacts.write"],
    docs: "https://github.com/GoHighLevel/highlevel-api-docs",
};

/// Builds the request.
///
/// # Errors
/// Those of the options, `invalid_id` for the id.
pub fn build(id: &str, options: &Options, body: &impl Serialize) -> Result<Request, Refusal> {
    send(&FACTS, options, &[("contactId", id)], body)
}
