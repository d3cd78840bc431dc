//! `POST /crm/v4/associations/{fromObjectType}/{toObjectType}/batch/create`
//!
//! Associates up to 2,000 pairs, each by the kinds that it names.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{ItemError, LabelledPair, TypedPair, batch};
use crate::answer::{self, Shape};
use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{Fields, FromFields};
use crate::vendors::hubspot::{GUIDE, NAME, ORIGIN, WRITE_BOTH, error, versions};

/// How many pairs one request may carry.
pub const LARGEST: usize = 2_000;

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "hubspot.associations.batchCreate",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Post,
    versions: versions!(
        "associations",
        "/{fromObjectType}/{toObjectType}/batch/create"
    ),
    success: &[201, 207, 200],
    // Two records have an association of one kind or have it not: there is no second one to make.
    repeat: Repeat::Safe,
    batch: Some(LARGEST),
    scopes: WRITE_BOTH,
    docs: GUIDE,
};

/// Pairs of records of two types, with the kinds of association between them.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct BatchCreate<'a> {
    /// The type of all first records.
    pub from_object_type: Id<'a>,
    /// The type of all second records.
    pub to_object_type: Id<'a>,
    /// The pairs, 1 to 2,000.
    pub inputs: Vec<TypedPair<'a>>,
}

/// The pairs that are associated now, in no promised order.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct LabelledPairs {
    /// `COMPLETE`, `PENDING`, `PROCESSING` or `CANCELED`; other words are kept.
    pub status: String,
    /// The pairs.
    pub results: Vec<LabelledPair>,
    /// How many inputs failed. HubSpot leaves it out when none did.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub num_errors: u64,
    /// Why, for each of them.
    pub errors: Vec<ItemError>,
    /// What else HubSpot says: `startedAt`, `completedAt`, `requestedAt`, `links`.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

impl<'a> FromFields<'a> for BatchCreate<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            from_object_type: fields.required_id("fromObjectType")?,
            to_object_type: fields.required_id("toObjectType")?,
            inputs: fields.required_list("inputs")?,
        })
    }
}

impl<'a> Endpoint<'a> for BatchCreate<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = LabelledPairs;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        let ends = (&self.from_object_type, &self.to_object_type);
        batch::build_typed(&FACTS, options, ends, &self.inputs)
    }

    fn read(response: &Response) -> Result<LabelledPairs, Failure> {
        let answer = read_partial(response)?;
        error::clean(response, &answer.status, answer.num_errors, &answer.errors)?;
        error::some(response, &answer.status, answer.results.len())?;
        Ok(answer)
    }

    fn show(response: &Response) -> String {
        super::show(response)
    }
}

/// Reads an answer in which some pairs may have failed.
///
/// # Errors
/// A [`Failure`] when the whole batch failed.
pub fn read_partial(response: &Response) -> Result<LabelledPairs, Failure> {
    answer::object(NAME, error::success(response)?, LabelledPairs::read)
}

impl LabelledPairs {
    fn read(fields: &mut answer::Fields) -> Result<Self, Shape> {
        Ok(Self {
            status: fields.text("status")?,
            results: fields.list("results", LabelledPair::read)?,
            num_errors: fields.count("numErrors")?,
            errors: fields.list("errors", ItemError::read)?,
            rest: fields.rest(),
        })
    }
}
