//! `GET /services/data/{version}/query/{locator}`
//!
//! Answers the next page of a query.

use crate::endpoint::{Facts, Options, Repeat};
use crate::error::Refusal;
use crate::http::{Method, Request};
use crate::vendors::salesforce::{NAME, ORIGIN, version, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "salesforce.query.more",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Get,
    versions: &versions("/services/data/{version}/query/{locator}"),
    success: &[200],
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["api"],
    docs: "https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_query_more_results.htm",
};

/// Builds the request from a page's [`next`](super::Page::next). [`super::read`] reads the answer.
///
/// # Errors
/// A refusal of the options.
pub fn build(locator: &str, options: &Options) -> Result<Request, Refusal> {
    let parameters = [("version", version(options)?), ("locator", locator)];
    FACTS.request(options, &parameters)
}
