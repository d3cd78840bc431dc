//! `GET /opportunities/lost-reason?locationId=&limit=&skip=`
//!
//! Lists a location's reasons why opportunities were lost.

use crate::endpoint::{Facts, Options, Repeat};
use crate::error::Refusal;
use crate::http::{Method, Request};
use crate::vendors::leadconnector::{NAME, ORIGIN, bare, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "leadconnector.opportunities.lostReasons",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Get,
    versions: &versions("/opportunities/lost-reason"),
    success: &[200],
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["opportunities.readonly"],
    docs: "https://github.com/GoHighLevel/highlevel-api-docs",
};

/// The page that is asked for: the published default.
pub const PAGE: usize = 100;

/// Builds the request for one page.
///
/// # Errors
/// Those of the options, `invalid_id` for the location.
pub fn build(location: &str, skip: usize, options: &Options) -> Result<Request, Refusal> {
    let (limit, skip) = (PAGE.to_string(), skip.to_string());
    let query = [("locationId", location), ("limit", &limit), ("skip", &skip)];
    bare(&FACTS, options, &[], &query)
}
