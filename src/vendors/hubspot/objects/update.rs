//! `PATCH /crm/v3/objects/{objectType}/{objectId}`
//!
//! Updates a record by its own id; an empty text clears a property.

use super::{Stored, one, push_properties};
use crate::endpoint::{Facts, Options, Repeat, Version};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::unified::record::mapping::Property;
use crate::vendors::hubspot::{NAME, ORIGIN, V3_ENDS, error};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "hubspot.objects.update",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Patch,
    versions: &[
        Version {
            name: "v3",
            path: "/crm/v3/objects/{objectType}/{objectId}",
            ends: V3_ENDS,
        },
        Version {
            name: "2026-03",
            path: "/crm/objects/2026-03/{objectType}/{objectId}",
            ends: None,
        },
        Version {
            name: "2026-09",
            path: "/crm/objects/2026-09/{objectType}/{objectId}",
            ends: None,
        },
    ],
    success: &[200],
    // The same values twice are the same values.
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["crm.objects.{objectType}.write"],
    docs: "https://developers.hubspot.com/docs/api-reference/2026-03/crm/objects/deals/guide",
};

/// Builds the request.
///
/// # Errors
/// A refusal of the id or of the options.
pub fn build(
    options: &Options,
    object_type: &str,
    id: &str,
    properties: &[Property],
) -> Result<Request, Refusal> {
    let mut body = String::from("{\"properties\":");
    push_properties(&mut body, properties);
    body.push('}');
    let parameters = [("objectType", object_type), ("objectId", id)];
    let mut request = FACTS.request(options, &parameters)?;
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
