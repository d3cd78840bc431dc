//! `POST /crm/v3/objects/{objectType}/batch/upsert`
//!
//! Creates or updates up to 100 records by a property whose values are unique.

use super::{Stored, push_properties, results};
use crate::answer;
use crate::endpoint::{Facts, Options, Repeat, Version, json, unexpected};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::unified::record::mapping::Property;
use crate::vendors::hubspot::{NAME, ORIGIN, V3_ENDS, associations, error};

/// How many records one request may carry.
pub const LARGEST: usize = 100;

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "hubspot.objects.batchUpsert",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Post,
    versions: &[
        Version {
            name: "v3",
            path: "/crm/v3/objects/{objectType}/batch/upsert",
            ends: V3_ENDS,
        },
        Version {
            name: "2026-03",
            path: "/crm/objects/2026-03/{objectType}/batch/upsert",
            ends: None,
        },
        Version {
            name: "2026-09",
            path: "/crm/objects/2026-09/{objectType}/batch/upsert",
            ends: None,
        },
    ],
    success: &[200, 207],
    // The key is unique: the second time finds what the first has made.
    repeat: Repeat::Safe,
    batch: Some(LARGEST),
    scopes: &["crm.objects.{objectType}.write"],
    docs: "https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/batch/upsert-contacts",
};

/// One record of a batch.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The value of the unique property, or the record's own id.
    pub id: &'a str,
    /// The unique property; `None` where `id` is the record's own: HubSpot refuses `hs_object_id` here.
    pub id_property: Option<&'a str>,
    /// What to set.
    pub properties: &'a [Property],
}

/// Builds the request. Each input is traced by its place in the batch.
///
/// # Errors
/// A refusal of the options.
pub fn build(
    options: &Options,
    object_type: &str,
    inputs: &[Input<'_>],
) -> Result<Request, Refusal> {
    let mut body = String::from("{\"inputs\":[");
    for (place, input) in inputs.iter().enumerate() {
        body.push_str(if place == 0 { "{\"id\":" } else { ",{\"id\":" });
        body.push_str(&json(&input.id));
        if let Some(key) = input.id_property {
            body.push_str(",\"idProperty\":");
            body.push_str(&json(&key));
        }
        body.push_str(",\"properties\":");
        push_properties(&mut body, input.properties);
        body.push_str(",\"objectWriteTraceId\":\"");
        body.push_str(&place.to_string());
        body.push_str("\"}");
    }
    body.push_str("]}");
    let mut request = FACTS.request(options, &[("objectType", object_type)])?;
    request.headers.set("content-type", "application/json");
    request.body = Some(body);
    Ok(request)
}

/// Reads what became of each input, in the order of the inputs: results come in any.
///
/// # Errors
/// A [`Failure`] when the whole batch failed.
pub fn read<'r>(
    response: &'r Response,
    inputs: &[Input<'_>],
) -> Result<Vec<Result<Stored<'r>, Failure>>, Failure> {
    let records = results(error::success(response)?)?;
    let errors = answer::object(NAME, response, |fields| {
        fields.list("errors", associations::ItemError::read)
    })?;
    let outcomes = inputs.iter().enumerate().map(|(place, input)| {
        let trace = place.to_string();
        let traced = |record: &&Stored<'r>| record.trace.as_deref() == Some(&trace);
        let mut same = records.iter().filter(|record| is(record, input));
        let record = records.iter().find(traced).or_else(|| same.next());
        // One input, one untraced result: they belong together.
        let only = || match (records.as_slice(), inputs) {
            ([only], [_]) if errors.is_empty() => Some(only),
            _ => None,
        };
        if let Some(record) = record.or_else(only) {
            return Ok(record.clone());
        }
        let named = |error: &&associations::ItemError| {
            let values = error
                .context
                .values()
                .filter_map(|values| values.as_array());
            values
                .flatten()
                .filter_map(|value| value.as_str())
                .any(|value| {
                    let key = error.context.contains_key("objectWriteTraceId");
                    if key {
                        value == trace
                    } else {
                        value == input.id
                    }
                })
        };
        let nameless = || match errors.as_slice() {
            [only] if inputs.len() == records.len() + 1 => Some(only),
            _ => None,
        };
        Err(match errors.iter().find(named).or_else(nameless) {
            Some(known) => error::item(response, known),
            None => unexpected(
                NAME,
                response,
                &format!("answered {} but does not list this record", response.status),
            ),
        })
    });
    Ok(outcomes.collect())
}

/// Whether an untraced result is an input's: by its own id, or by the value of its key.
fn is(record: &Stored<'_>, input: &Input<'_>) -> bool {
    if record.trace.is_some() {
        return false;
    }
    let Some(key) = input.id_property else {
        return record.id == input.id;
    };
    let parts = crate::read::parts("", record.properties).unwrap_or_default();
    parts.iter().any(|(name, value)| {
        let text = crate::read::string("", value).unwrap_or_default();
        name == key && text.eq_ignore_ascii_case(input.id)
    })
}
