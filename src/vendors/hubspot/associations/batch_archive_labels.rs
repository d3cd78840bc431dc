//! `POST /crm/v4/associations/{fromObjectType}/{toObjectType}/batch/labels/archive`
//!
//! Removes single kinds of association from pairs of records. Removing the plain kind removes the whole pair: HubSpot
//! takes every label with it.

use serde::Serialize;

use super::batch_archive::Archived;
use super::{TypedPair, batch};
use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{Fields, FromFields};
use crate::vendors::hubspot::{GUIDE, NAME, ORIGIN, WRITE_BOTH, versions};

/// How many pairs one request may carry. HubSpot states it for creating, and for this one not separately.
pub const LARGEST: usize = 2_000;

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "hubspot.associations.batchArchiveLabels",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Post,
    versions: versions!(
        "associations",
        "/{fromObjectType}/{toObjectType}/batch/labels/archive"
    ),
    success: &[204, 200],
    repeat: Repeat::Safe,
    batch: Some(LARGEST),
    scopes: WRITE_BOTH,
    docs: GUIDE,
};

/// Pairs of records of two types, with the kinds of association to remove.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct BatchArchiveLabels<'a> {
    /// The type of all first records.
    pub from_object_type: Id<'a>,
    /// The type of all second records.
    pub to_object_type: Id<'a>,
    /// The pairs, 1 to 2,000.
    pub inputs: Vec<TypedPair<'a>>,
}

impl<'a> FromFields<'a> for BatchArchiveLabels<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            from_object_type: fields.required_id("fromObjectType")?,
            to_object_type: fields.required_id("toObjectType")?,
            inputs: fields.required_list("inputs")?,
        })
    }
}

impl<'a> Endpoint<'a> for BatchArchiveLabels<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = Archived;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        let ends = (&self.from_object_type, &self.to_object_type);
        batch::build_typed(&FACTS, options, ends, &self.inputs)
    }

    fn read(response: &Response) -> Result<Archived, Failure> {
        Archived::all(response)
    }

    fn show(response: &Response) -> String {
        super::show(response)
    }
}
