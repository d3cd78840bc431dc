//! `POST /crm/v3/objects/{objectType}`
//!
//! Creates a record, with its associations.

use super::{Stored, one, push_properties};
use crate::endpoint::{Facts, Options, Repeat, Version, json};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::unified::record::mapping::Property;
use crate::vendors::hubspot::{NAME, ORIGIN, V3_ENDS, error};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "hubspot.objects.create",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Post,
    versions: &[
        Version {
            name: "v3",
            path: "/crm/v3/objects/{objectType}",
            ends: V3_ENDS,
        },
        Version {
            name: "2026-03",
            path: "/crm/objects/2026-03/{objectType}",
            ends: None,
        },
        Version {
            name: "2026-09",
            path: "/crm/objects/2026-09/{objectType}",
            ends: None,
        },
    ],
    success: &[201],
    repeat: Repeat::Look,
    batch: None,
    scopes: &["crm.objects.{objectType}.write"],
    docs: "https://developers.hubspot.com/docs/api-reference/2026-03/crm/objects/deals/guide",
};

/// A record that the new one is associated with.
#[derive(Clone, Copy, Debug)]
pub struct Linked<'a> {
    /// Its id.
    pub id: &'a str,
    /// The kind of association, of those that HubSpot defines.
    pub type_id: u32,
}

/// Builds the request.
///
/// # Errors
/// A refusal of the options.
pub fn build(
    options: &Options,
    object_type: &str,
    properties: &[Property],
    associations: &[Linked<'_>],
) -> Result<Request, Refusal> {
    let mut body = String::from("{\"properties\":");
    push_properties(&mut body, properties);
    for (place, linked) in associations.iter().enumerate() {
        body.push_str(if place == 0 {
            ",\"associations\":[{\"to\":{\"id\":"
        } else {
            ",{\"to\":{\"id\":"
        });
        body.push_str(&json(&linked.id));
        body.push_str(
            "},\"types\":[{\"associationCategory\":\"HUBSPOT_DEFINED\",\"associationTypeId\":",
        );
        body.push_str(&linked.type_id.to_string());
        body.push_str("}]}");
    }
    if !associations.is_empty() {
        body.push(']');
    }
    body.push('}');
    let mut request = FACTS.request(options, &[("objectType", object_type)])?;
    request.headers.set("content-type", "application/json");
    request.body = Some(body);
    Ok(request)
}

/// Reads the record.
///
/// # Errors
/// A [`Failure`] for any other answer.
pub fn read(response: &Response) -> Result<Stored<'_>, Failure> {
    one(error::success(response)?)
}
