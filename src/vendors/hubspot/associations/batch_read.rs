//! `POST /crm/v4/associations/{fromObjectType}/{toObjectType}/batch/read`
//!
//! Lists what each of up to 1,000 records is associated with. HubSpot counts a record without associations among its
//! errors; here that is an answer like any other.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Associated, ItemError, RecordId, after, batch};
use crate::answer::{self, Shape};
use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{Fields, FromFields};
use crate::vendors::hubspot::{GUIDE, NAME, ORIGIN, READ_BOTH, error, versions};

/// How many records one request may name, since 2025-02-10.
pub const LARGEST: usize = 1_000;

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "hubspot.associations.batchRead",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Post,
    versions: versions!(
        "associations",
        "/{fromObjectType}/{toObjectType}/batch/read"
    ),
    success: &[200, 207],
    repeat: Repeat::Safe,
    batch: Some(LARGEST),
    scopes: READ_BOTH,
    docs: GUIDE,
};

/// Records of one type, and the type of those that they are associated with.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct BatchRead<'a> {
    /// The type of all first records.
    pub from_object_type: Id<'a>,
    /// The type of the records to list.
    pub to_object_type: Id<'a>,
    /// The first records, 1 to 1,000.
    pub inputs: Vec<Start<'a>>,
}

/// A record, and where its page starts.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "HubspotStart", optional_fields)
)]
pub struct Start<'a> {
    /// The record's id.
    #[cfg_attr(feature = "types", ts(type = "string | number"))]
    pub id: Id<'a>,
    /// `paging.next.after` of the same record's page before.
    pub after: Option<Id<'a>>,
}

/// A page for each record that has associations, in no promised order.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct AssociatedRecords {
    /// `COMPLETE`, `PENDING`, `PROCESSING` or `CANCELED`; other words are kept.
    pub status: String,
    /// The records with their pages.
    pub results: Vec<Associations>,
    /// How many records have no page: those without associations are among them.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub num_errors: u64,
    /// Why, for each of them.
    pub errors: Vec<ItemError>,
    /// What else HubSpot says: `startedAt`, `completedAt`, `requestedAt`, `links`.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

/// One record's page.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "HubspotAssociations", optional_fields)
)]
pub struct Associations {
    /// The record.
    pub from: RecordId,
    /// Those that it is associated with.
    pub to: Vec<Associated>,
    /// Where its next page starts; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "types",
        ts(type = "{ next?: { after: string; link?: string } }", optional)
    )]
    pub paging: Option<Value>,
    /// What else HubSpot says.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

impl<'a> FromFields<'a> for BatchRead<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            from_object_type: fields.required_id("fromObjectType")?,
            to_object_type: fields.required_id("toObjectType")?,
            inputs: fields.required_list("inputs")?,
        })
    }
}

impl<'a> FromFields<'a> for Start<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            id: fields.required_id_or_number("id")?,
            after: fields.id("after")?,
        })
    }
}

impl<'a> Endpoint<'a> for BatchRead<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = AssociatedRecords;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        let ends = (&self.from_object_type, &self.to_object_type);
        let inputs = &self.inputs;
        batch::build(&FACTS, options, ends, inputs.len(), &mut |body, place| {
            let Some(start) = inputs.get(place) else {
                return Ok(());
            };
            body.push_str("{\"id\":");
            batch::push_id(body, &start.id, || format!("inputs[{place}].id"))?;
            if let Some(after) = &start.after {
                body.push_str(",\"after\":");
                batch::push_id(body, after, || format!("inputs[{place}].after"))?;
            }
            body.push('}');
            Ok(())
        })
    }

    fn read(response: &Response) -> Result<AssociatedRecords, Failure> {
        let answer = read_partial(response)?;
        let missed = answer.errors.iter().find(|error| !is_none_found(error));
        if let Some(error) = missed {
            return Err(error::item(response, error));
        }
        // What is left to count is errors without details.
        let unsaid = answer.num_errors.saturating_sub(answer.errors.len() as u64);
        error::clean(response, &answer.status, unsaid, &[])?;
        Ok(answer)
    }

    fn show(response: &Response) -> String {
        super::show(response)
    }
}

/// Reads an answer in which some records may have no page.
///
/// # Errors
/// A [`Failure`] when the whole batch failed.
pub fn read_partial(response: &Response) -> Result<AssociatedRecords, Failure> {
    answer::object(NAME, error::success(response)?, AssociatedRecords::read)
}

/// Whether an error says no more than that a record has no associations.
pub(in crate::vendors::hubspot) fn is_none_found(error: &ItemError) -> bool {
    error.rest.get("subCategory").and_then(Value::as_str)
        == Some("crm.associations.NO_ASSOCIATIONS_FOUND")
}

impl AssociatedRecords {
    fn read(fields: &mut answer::Fields) -> Result<Self, Shape> {
        Ok(Self {
            status: fields.text("status")?,
            results: fields.list("results", Associations::read)?,
            num_errors: fields.count("numErrors")?,
            errors: fields.list("errors", ItemError::read)?,
            rest: fields.rest(),
        })
    }
}

impl Associations {
    fn read(fields: &mut answer::Fields) -> Result<Self, Shape> {
        Ok(Self {
            from: fields.object("from", RecordId::read)?,
            to: fields.list("to", Associated::read)?,
            paging: fields.any("paging"),
            rest: fields.rest(),
        })
    }

    /// Where the record's next page starts, if there is one.
    #[must_use]
    pub fn next(&self) -> Option<&str> {
        after(self.paging.as_ref())
    }
}
