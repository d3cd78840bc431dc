//! `GET /services/data/{version}/query?q={soql}`
//!
//! Runs a query and answers its first page.

use crate::endpoint::{Facts, Options, Repeat};
use crate::error::Refusal;
use crate::http::{Method, Request};
use crate::path;
use crate::vendors::salesforce::soql::Soql;
use crate::vendors::salesforce::{NAME, ORIGIN, version, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "salesforce.query.run",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Get,
    versions: &versions("/services/data/{version}/query"),
    success: &[200],
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["api"],
    docs: "https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_query.htm",
};

/// Builds the request. [`super::read`] reads the answer.
///
/// # Errors
/// A refusal of the query or the options.
pub fn build(query: Soql, options: &Options) -> Result<Request, Refusal> {
    let mut request = FACTS.request(options, &[("version", version(options)?)])?;
    path::push_query(&mut request.url, "q", &query.build()?);
    Ok(request)
}
