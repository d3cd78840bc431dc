//! `GET /contacts/{contactId}`
//!
//! Reads a contact.

use crate::endpoint::{Facts, Options, Repeat};
use crate::error::Refusal;
use crate::http::{Method, Request};
use crate::vendors::leadconnector::{NAME, ORIGIN, bare, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "leadconnector.contacts.get",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Get,
    versions: &versions("/contacts/{contactId}"),
    success: &[200],
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["contacts.readonly"],
    docs: "https://github.com/GoHighLevel/highlevel-api-docs",
};

/// Builds the request.
///
/// # Errors
/// Those of the options, `invalid_id` for the id.
pub fn build(id: &str, options: &Options) -> Result<Request, Refusal> {
    bare(&FACTS, options, &[("contactId", id)], &[])
}
