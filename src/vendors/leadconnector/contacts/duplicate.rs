//! `GET /contacts/search/duplicate?locationId=&email=&number=`
//!
//! Finds the contact that has an e-mail address or a phone number. Asked with both, it is the location's setting that decides.

use crate::endpoint::{Facts, Options, Repeat};
use crate::error::Refusal;
use crate::http::{Method, Request};
use crate::vendors::leadconnector::{NAME, ORIGIN, bare, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "leadconnector.contacts.duplicate",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Get,
    versions: &versions("/contacts/search/duplicate"),
    success: &[200],
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["contacts.readonly"],
    docs: "https://github.com/GoHighLevel/highlevel-api-docs",
};

/// What to look a contact up by.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum By {
    /// Its e-mail address.
    Email,
    /// Its phone number.
    Number,
}

/// Builds the request for one of the two: with both, one would hide the contact of the other.
///
/// # Errors
/// Those of the options, `invalid_id` for the location and for what no query may hold.
pub fn build(location: &str, by: By, value: &str, options: &Options) -> Result<Request, Refusal> {
    let name = match by {
        By::Email => "email",
        By::Number => "number",
    };
    bare(
        &FACTS,
        options,
        &[],
        &[("locationId", location), (name, value)],
    )
}
