//! `POST /crm/v4/associations/{fromObjectType}/{toObjectType}/batch/associate/default`
//!
//! Creates the default association of up to 2,000 pairs.

use serde::Serialize;

use super::{DefaultAssociations, Pair, batch};
use crate::answer;
use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{Fields, FromFields};
use crate::vendors::hubspot::{GUIDE, NAME, ORIGIN, WRITE_BOTH, error, versions};

/// How many pairs one request may carry. HubSpot states it for the labelled batch and for this one not separately.
pub const LARGEST: usize = 2_000;

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "hubspot.associations.batchCreateDefault",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Post,
    versions: versions!(
        "associations",
        "/{fromObjectType}/{toObjectType}/batch/associate/default"
    ),
    success: &[200],
    repeat: Repeat::Safe,
    batch: Some(LARGEST),
    scopes: WRITE_BOTH,
    docs: GUIDE,
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

impl<'a> FromFields<'a> for BatchCreateDefault<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            from_object_type: fields.required_id("fromObjectType")?,
            to_object_type: fields.required_id("toObjectType")?,
            inputs: fields.required_list("inputs")?,
        })
    }
}

impl<'a> Endpoint<'a> for BatchCreateDefault<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = DefaultAssociations;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        let ends = (&self.from_object_type, &self.to_object_type);
        let inputs = &self.inputs;
        batch::build(&FACTS, options, ends, inputs.len(), &mut |body, place| {
            let Some(pair) = inputs.get(place) else {
                return Ok(());
            };
            batch::push_ends(body, &pair.from, &pair.to, place)?;
            body.push('}');
            Ok(())
        })
    }

    fn read(response: &Response) -> Result<DefaultAssociations, Failure> {
        error::all_linked(response, read_partial(response)?)
    }

    fn show(response: &Response) -> String {
        super::show(response)
    }
}

/// Reads an answer in which some pairs may have failed.
///
/// # Errors
/// A [`Failure`] when the whole batch failed.
pub fn read_partial(response: &Response) -> Result<DefaultAssociations, Failure> {
    answer::object(NAME, error::success(response)?, DefaultAssociations::read)
}
