//! `POST /crm/v3/objects/{objectType}/search`
//!
//! Finds records by a property. The index lags behind the writes: it does not show what was written just before.

use super::{Stored, results};
use crate::endpoint::{Facts, Options, Repeat, Version, json};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::vendors::hubspot::{NAME, ORIGIN, V3_ENDS, error};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "hubspot.objects.search",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Post,
    versions: &[
        Version {
            name: "v3",
            path: "/crm/v3/objects/{objectType}/search",
            ends: V3_ENDS,
        },
        Version {
            name: "2026-03",
            path: "/crm/objects/2026-03/{objectType}/search",
            ends: None,
        },
        Version {
            name: "2026-09",
            path: "/crm/objects/2026-09/{objectType}/search",
            ends: None,
        },
    ],
    success: &[200],
    // It writes nothing.
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["crm.objects.{objectType}.read"],
    docs: "https://developers.hubspot.com/docs/api-reference/2026-03/crm/search-the-crm",
};

/// How many records a search answers here: enough to tell none, one and several apart, and to choose among several.
/// HubSpot allows 200.
pub const LIMIT: usize = 100;

/// Builds the request: the records whose property has this value, with these properties in the answer.
///
/// # Errors
/// A refusal of the options.
pub fn build(
    options: &Options,
    object_type: &str,
    property: &str,
    value: &str,
    properties: &[&str],
) -> Result<Request, Refusal> {
    let body = [
        "{\"filterGroups\":[{\"filters\":[{\"propertyName\":",
        &json(&property),
        ",\"operator\":\"EQ\",\"value\":",
        &json(&value),
        "}]}],\"properties\":",
        &json(&properties),
        ",\"limit\":",
        &LIMIT.to_string(),
        "}",
    ];
    let mut request = FACTS.request(options, &[("objectType", object_type)])?;
    request.headers.set("content-type", "application/json");
    request.body = Some(body.concat());
    Ok(request)
}

/// Reads the records.
///
/// # Errors
/// A [`Failure`] for any other answer.
pub fn read(response: &Response) -> Result<Vec<Stored<'_>>, Failure> {
    results(error::success(response)?)
}
