//! `POST /contacts/bulk/business`
//!
//! Puts contacts into a business, or out of the one that they are in.

use serde_json::json;

use crate::endpoint::{Facts, Options, Repeat};
use crate::error::Refusal;
use crate::http::{Method, Request};
use crate::vendors::leadconnector::{NAME, ORIGIN, send, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "leadconnector.contacts.setBusiness",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Post,
    versions: &versions("/contacts/bulk/business"),
    success: &[200],
    repeat: Repeat::Safe,
    batch: None,
    scopes: &[],
    docs: "https://github.com/GoHighLevel/highlevel-api-docs",
};

/// How many contacts a call names. What it may name at most is not published.
pub const MOST: usize = 100;

/// Builds the request; without a business the contacts are taken out of theirs.
///
/// # Errors
/// Those of the options.
pub fn build(
    location: &str,
    contacts: &[&str],
    business: Option<&str>,
    options: &Options,
) -> Result<Request, Refusal> {
    let body = json!({ "locationId": location, "ids": contacts, "businessId": business });
    send(&FACTS, options, &[], &body)
}
