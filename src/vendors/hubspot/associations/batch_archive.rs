//! `POST /crm/v4/associations/{fromObjectType}/{toObjectType}/batch/archive`
//!
//! Removes every association of pairs of records, labelled or not. Each first record has a list of second ones.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{ItemError, Record, batch};
use crate::answer::{self, Shape};
use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Code, Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{Fields, FromFields};
use crate::sorted::SortedSet;
use crate::vendors::hubspot::{GUIDE, NAME, ORIGIN, WRITE_BOTH, error, versions};

/// How many different first records one request may name: seen in public code, not published.
pub const LARGEST: usize = 100;

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "hubspot.associations.batchArchive",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Post,
    versions: versions!(
        "associations",
        "/{fromObjectType}/{toObjectType}/batch/archive"
    ),
    success: &[204, 200],
    repeat: Repeat::Safe,
    batch: Some(LARGEST),
    scopes: WRITE_BOTH,
    docs: GUIDE,
};

/// Records of one type, each with those of another type that it is no longer to be associated with.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct BatchArchive<'a> {
    /// The type of all first records.
    pub from_object_type: Id<'a>,
    /// The type of all second records.
    pub to_object_type: Id<'a>,
    /// The first records, 1 to 100, each with its second ones.
    pub inputs: Vec<Fan<'a>>,
}

/// One record, and several others.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "HubspotFan"))]
pub struct Fan<'a> {
    /// The first record.
    pub from: Record<'a>,
    /// The second records, at least one.
    pub to: Vec<Record<'a>>,
}

/// What HubSpot says of a removal: under v4 nothing at all, which counts as no errors.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Archived {
    /// `COMPLETE`, `PENDING`, `PROCESSING` or `CANCELED`; other words are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// How many inputs failed.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub num_errors: u64,
    /// Why, for each of them.
    pub errors: Vec<ItemError>,
    /// What else HubSpot says: `results`, `startedAt`, `completedAt`, `requestedAt`, `links`.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

impl<'a> FromFields<'a> for BatchArchive<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            from_object_type: fields.required_id("fromObjectType")?,
            to_object_type: fields.required_id("toObjectType")?,
            inputs: fields.required_list("inputs")?,
        })
    }
}

impl<'a> FromFields<'a> for Fan<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            from: fields.required_object("from")?,
            to: fields.required_list("to")?,
        })
    }
}

impl<'a> Endpoint<'a> for BatchArchive<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = Archived;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        let ends = (&self.from_object_type, &self.to_object_type);
        let inputs = &self.inputs;
        let first: SortedSet<_> = inputs.iter().map(|fan| &fan.from.id).collect();
        if first.len() > LARGEST {
            let message = format!(
                "expected at most 100 different records to start from, got {}",
                first.len()
            );
            return Err(Refusal {
                code: Code::TooLarge,
                ..Refusal::input("inputs", message)
            });
        }
        batch::build(&FACTS, options, ends, inputs.len(), &mut |body, place| {
            inputs
                .get(place)
                .map_or(Ok(()), |fan| fan.push(body, place))
        })
    }

    fn read(response: &Response) -> Result<Archived, Failure> {
        Archived::all(response)
    }

    fn show(response: &Response) -> String {
        super::show(response)
    }
}

impl Fan<'_> {
    fn push(&self, body: &mut String, place: usize) -> Result<(), Refusal> {
        if self.to.is_empty() {
            let message = "expected at least one record, got none";
            return Err(Refusal::input(format!("inputs[{place}].to"), message));
        }
        body.push_str("{\"from\":{\"id\":");
        batch::push_id(body, &self.from.id, || format!("inputs[{place}].from.id"))?;
        body.push_str("},\"to\":");
        for (number, record) in self.to.iter().enumerate() {
            body.push_str(if number == 0 {
                "[{\"id\":"
            } else {
                ",{\"id\":"
            });
            batch::push_id(body, &record.id, || {
                format!("inputs[{place}].to[{number}].id")
            })?;
            body.push('}');
        }
        body.push_str("]}");
        Ok(())
    }
}

impl Archived {
    /// Reads an answer that says of no input that it failed.
    pub(in crate::vendors::hubspot) fn all(response: &Response) -> Result<Self, Failure> {
        let answer = Self::read_partial(response)?;
        let status = answer.status.as_deref().unwrap_or_default();
        error::clean(response, status, answer.num_errors, &answer.errors)?;
        Ok(answer)
    }

    /// Reads an answer in which some inputs may have failed.
    ///
    /// # Errors
    /// A [`Failure`] when the whole batch failed.
    pub fn read_partial(response: &Response) -> Result<Self, Failure> {
        if error::success(response)?.body.is_empty() {
            return Ok(Self::default());
        }
        answer::object(NAME, response, Self::read)
    }

    fn read(fields: &mut answer::Fields) -> Result<Self, Shape> {
        Ok(Self {
            status: Some(fields.text("status")?),
            num_errors: fields.count("numErrors")?,
            errors: fields.list("errors", ItemError::read)?,
            rest: fields.rest(),
        })
    }
}
