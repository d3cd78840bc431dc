//! `POST /contacts/bulk/business`
//!
//! Puts contacts into a business, or out of the one that they are in.

use serde_json::{Map, Value, json};

use crate::answer;
use crate::endpoint::{Facts, Options, Repeat, unexpected};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::vendors::leadconnector::{NAME, ORIGIN, post, versions};

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

const KNOWN: &[&str] = &["locationId", "ids", "businessId"];

/// Builds the request for one contact; without a business it is taken out of its own. `extra` are further fields of the
/// body.
///
/// # Errors
/// Those of the options, `invalid_input` for an extra field that the endpoint knows.
pub fn build(
    location: &str,
    contact: &str,
    business: Option<&str>,
    extra: Option<&Map<String, Value>>,
    options: &Options,
) -> Result<Request, Refusal> {
    // What the list may hold at most is not published, nor whether one contact at fault refuses the others.
    let body = json!({ "locationId": location, "ids": [contact], "businessId": business });
    post(&FACTS, options, &body, KNOWN, extra)
}

/// Reads whether the vendor says that it was done to the contact.
///
/// # Errors
/// `unexpected_response` where it does not.
pub fn read(contact: &str, response: &Response) -> Result<(), Failure> {
    let body = answer::value(NAME, response)?;
    let ids = body.get("ids").and_then(Value::as_array);
    let named = ids.is_some_and(|ids| ids.iter().any(|id| id == contact));
    if named && body.get("success") == Some(&Value::Bool(true)) {
        return Ok(());
    }
    let what = "did not say that it was done to this contact: that proves nothing";
    Err(unexpected(NAME, response, what))
}
