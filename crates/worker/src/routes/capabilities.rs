//! `GET /capabilities`
//!
//! What works where, and the facts of every endpoint: the table that the mappers themselves obey.

use crmlink::endpoint::Facts;
use crmlink::unified::capability::Capability;
use crmlink::vendors::Vendor;
use serde::Serialize;

use crate::answer::Answer;

#[derive(Serialize)]
struct Table {
    version: &'static str,
    capabilities: [&'static Capability; 4],
    endpoints: Vec<&'static Facts>,
}

/// Shows the table.
pub(super) fn show() -> Answer {
    let endpoints = Vendor::ALL.into_iter().flat_map(Vendor::endpoints);
    Answer::json(
        200,
        &Table {
            version: env!("CARGO_PKG_VERSION"),
            capabilities: Vendor::ALL.map(Vendor::capability),
            endpoints: endpoints.map(|endpoint| endpoint.facts).collect(),
        },
    )
}
