//! `GET /contacts/business/{businessId}?locationId=&limit=&skip=`
//!
//! Lists the contacts of a business.

use crate::endpoint::{Facts, Options, Repeat};
use crate::error::Refusal;
use crate::http::{Method, Request};
use crate::vendors::leadconnector::{NAME, ORIGIN, bare, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "leadconnector.contacts.ofBusiness",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Get,
    versions: &versions("/contacts/business/{businessId}"),
    success: &[200],
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["contacts.readonly"],
    docs: "https://github.com/GoHighLevel/highlevel-api-docs",
};

/// Builds the request for one page.
///
/// # Errors
/// Those of the options, `invalid_id` for the ids.
pub fn build(
    location: &str,
    business: &str,
    skip: usize,
    limit: usize,
    options: &Options,
) -> Result<Request, Refusal> {
    let (limit, skip) = (limit.to_string(), skip.to_string());
    let query = [("locationId", location), ("limit", &limit), ("skip", &skip)];
    bare(&FACTS, options, &[("businessId", business)], &query)
}
