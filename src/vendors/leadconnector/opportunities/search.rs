//! `GET /opportunities/search?location_id=&pipeline_id=&contact_id=&status=&limit=&page=`
//!
//! Finds opportunities. Its parameters are written with underscores, and in version `v3` in camel case.

use crate::endpoint::{Facts, Options, Repeat};
use crate::error::Refusal;
use crate::http::{Method, Request};
use crate::vendors::leadconnector::{NAME, ORIGIN, bare, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "leadconnector.opportunities.search",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Get,
    versions: &versions("/opportunities/search"),
    success: &[200],
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["opportunities.readonly"],
    docs: "https://github.com/GoHighLevel/highlevel-api-docs",
};

/// The largest page that is published.
pub const PAGE: usize = 100;

/// Builds the request for one page, counted from 1: of all statuses, and of one contact or pipeline where one is named.
///
/// # Errors
/// Those of the options, `invalid_id` for the ids.
pub fn build(
    location: &str,
    pipeline: Option<&str>,
    contact: Option<&str>,
    page: usize,
    options: &Options,
) -> Result<Request, Refusal> {
    let v3 = options.api_version.as_deref() == Some("v3");
    let name = |underscored, camel| if v3 { camel } else { underscored };
    let (limit, page) = (PAGE.to_string(), page.to_string());
    let mut query = vec![(name("location_id", "locationId"), location)];
    query.extend(pipeline.map(|id| (name("pipeline_id", "pipelineId"), id)));
    query.extend(contact.map(|id| (name("contact_id", "contactId"), id)));
    query.extend([("status", "all"), ("limit", &limit), ("page", &page)]);
    bare(&FACTS, options, &[], &query)
}
