//! `POST /crm/v4/associations/definitions/configurations/{fromObjectType}/{toObjectType}/batch/update`
//!
//! Changes limits that are set.

use serde::Serialize;

use super::{Limit, Limits};
use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{Fields, FromFields};
use crate::vendors::hubspot::associations;
use crate::vendors::hubspot::{NAME, ORIGIN, SCHEMA_GUIDE, WRITE_BOTH, versions};

/// What is known of the endpoint. Not known: how many limits one request may carry.
pub const FACTS: Facts = Facts {
    name: "hubspot.associationLimits.update",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Post,
    versions: versions!(
        "associations",
        "/definitions/configurations/{fromObjectType}/{toObjectType}/batch/update"
    ),
    success: &[200, 207],
    repeat: Repeat::Safe,
    batch: None,
    scopes: WRITE_BOTH,
    docs: SCHEMA_GUIDE,
};

/// The limits from one type of records to another.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Update<'a> {
    /// The type of the first records: a name such as `contacts`, or an id such as `0-1` or `2-3465404`.
    pub from_object_type: Id<'a>,
    /// The type of the second records.
    pub to_object_type: Id<'a>,
    /// The limits, one for each kind of association.
    pub inputs: Vec<Limit<'a>>,
}

impl<'a> FromFields<'a> for Update<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            from_object_type: fields.required_id("fromObjectType")?,
            to_object_type: fields.required_id("toObjectType")?,
            inputs: fields.required_list("inputs")?,
        })
    }
}

impl<'a> Endpoint<'a> for Update<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = Limits;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        let ends = (&self.from_object_type, &self.to_object_type);
        super::build(&FACTS, options, ends, &self.inputs)
    }

    fn read(response: &Response) -> Result<Limits, Failure> {
        Limits::read(response)
    }

    fn show(response: &Response) -> String {
        associations::show(response)
    }
}
