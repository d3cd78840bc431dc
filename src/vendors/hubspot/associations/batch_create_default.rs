//! `POST /crm/v4/associations/{fromObjectType}/{toObjectType}/batch/associate/default`
//!
//! Creates the default association of up to 2,000 pairs.

use serde::Serialize;

use super::DefaultAssociations;
use crate::answer;
use crate::endpoint::{Endpoint, Facts, Options, Repeat, Version};
use crate::error::{Code, Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{Fields, FromFields};
use crate::vendors::hubspot::{NAME, ORIGIN, V4_ENDS, error};

/// How many pairs one request may carry. HubSpot states it for the labelled batch and for this one not separately.
pub const LARGEST: usize = 2_000;

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "hubspot.associations.batchCreateDefault",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Post,
    versions: &[
        Version {
            name: "v4",
            path: "/crm/v4/associations/{fromObjectType}/{toObjectType}/batch/associate/default",
            ends: V4_ENDS,
        },
        Version {
            name: "2026-03",
            path: "/crm/associations/2026-03/{fromObjectType}/{toObjectType}/batch/associate/default",
            ends: None,
        },
        Version {
            name: "2026-09",
            path: "/crm/associations/2026-09/{fromObjectType}/{toObjectType}/batch/associate/default",
            ends: None,
        },
    ],
    success: &[200],
    repeat: Repeat::Safe,
    batch: Some(LARGEST),
    scopes: &[
        "crm.objects.{fromObjectType}.write",
        "crm.objects.{toObjectType}.write",
    ],
    docs: "https://developers.hubspot.com/docs/api-reference/crm-associations-v4/guide",
};

/// Pairs of records of two types.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct BatchCreateDefault<'a> {
    /// The type of all first records.
    pub from_object_type: Id<'a>,
    /// The type of all second records.
    pub to_object_type: Id<'a>,
    /// The pairs, 1 to 2,000.
    pub inputs: Vec<Pair<'a>>,
}

/// Two records to associate.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "HubspotPair"))]
pub struct Pair<'a> {
    /// The first record.
    pub from: Record<'a>,
    /// The second record.
    pub to: Record<'a>,
}

/// A record, by its id.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "HubspotRecord"))]
pub struct Record<'a> {
    /// The id.
    #[cfg_attr(feature = "types", ts(type = "string | number"))]
    pub id: Id<'a>,
}

impl<'a> FromFields<'a> for BatchCreateDefault<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            from_object_type: fields.required_id("fromObjectType")?,
            to_object_type: fields.required_id("toObjectType")?,
            inputs: fields.required_list("inputs")?,
        })
    }
}

impl<'a> FromFields<'a> for Pair<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            from: fields.required_object("from")?,
            to: fields.required_object("to")?,
        })
    }
}

impl<'a> FromFields<'a> for Record<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            id: fields.required_id_or_number("id")?,
        })
    }
}

impl<'a> Endpoint<'a> for BatchCreateDefault<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = DefaultAssociations;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        if self.inputs.is_empty() {
            return Err(Refusal::input(
                "inputs",
                "expected 1 to 2,000 pairs, got none",
            ));
        }
        if self.inputs.len() > LARGEST {
            return Err(Refusal {
                code: Code::TooLarge,
                ..Refusal::input(
                    "inputs",
                    format!("expected 1 to 2,000 pairs, got {}", self.inputs.len()),
                )
            });
        }
        let mut request = FACTS.request(
            options,
            &[
                ("fromObjectType", self.from_object_type.as_str()),
                ("toObjectType", self.to_object_type.as_str()),
            ],
        )?;
        request.headers.set("content-type", "application/json");
        request.body = Some(self.body()?);
        Ok(request)
    }

    fn read(response: &Response) -> Result<DefaultAssociations, Failure> {
        error::all_linked(response, read_partial(response)?)
    }

    fn show(response: &Response) -> String {
        super::show(response)
    }
}

impl BatchCreateDefault<'_> {
    /// The body, written piece by piece: for thousands of pairs a serialiser takes several times as long.
    fn body(&self) -> Result<String, Refusal> {
        let mut body = String::with_capacity(16 + self.inputs.len() * 56);
        body.push_str("{\"inputs\":[");
        for (place, pair) in self.inputs.iter().enumerate() {
            body.push_str(if place == 0 {
                "{\"from\":{\"id\":"
            } else {
                ",{\"from\":{\"id\":"
            });
            push(&mut body, &pair.from.id, place, "from")?;
            body.push_str("},\"to\":{\"id\":");
            push(&mut body, &pair.to.id, place, "to")?;
            body.push_str("}}");
        }
        body.push_str("]}");
        Ok(body)
    }
}

fn push(body: &mut String, id: &Id<'_>, place: usize, end: &str) -> Result<(), Refusal> {
    if id.push_json(body) {
        return Ok(());
    }
    let fault = id.fault().unwrap_or_default();
    Err(Refusal::id(format!("inputs[{place}].{end}.id"), fault))
}

/// Reads an answer in which some pairs may have failed.
///
/// # Errors
/// A [`Failure`] when the whole batch failed.
pub fn read_partial(response: &Response) -> Result<DefaultAssociations, Failure> {
    answer::object(NAME, error::success(response)?, DefaultAssociations::read)
}
