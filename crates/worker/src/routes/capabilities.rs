//! `GET /capabilities`
//!
//! What works where, and the facts of every endpoint: the table that the mappers themselves obey.

use crmlink::endpoint::Facts;
use crmlink::unified::capability::Capability;
use crmlink::vendors::Vendor;
use serde::Serialize;

use crate::access::Permit;
use crate::answer::Answer;

#[derive(Serialize)]
struct Table {
    version: &'static str,
    capabilities: Vec<&'static Capability>,
    endpoints: Vec<&'static Facts>,
}

/// Shows the table.
pub(super) fn show(_: &Permit) -> Answer {
    let capabilities = Vendor::here().filter_map(Vendor::capability);
    let endpoints = Vendor::here().flat_map(Vendor::endpoints);
    Answer::json(
        200,
        &Table {
            version: env!("CARGO_PKG_VERSION"),
            capabilities: capabilities.collect(),
            endpoints: endpoints.map(|endpoint| endpoint.facts).collect(),
        },
    )
}
