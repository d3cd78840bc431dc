//! `GET /crm/v4/associations/{fromObjectType}/{toObjectType}/labels`
//!
//! Lists the kinds of association from one type of records to another: HubSpot's own and the account's. There is one page.

use serde::Serialize;

use super::LabelledTypes;
use crate::answer;
use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{Fields, FromFields};
use crate::vendors::hubspot::{NAME, ORIGIN, READ_BOTH, SCHEMA_GUIDE, error, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "hubspot.associationLabels.list",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Get,
    versions: versions!("associations", "/{fromObjectType}/{toObjectType}/labels"),
    success: &[200],
    repeat: Repeat::Safe,
    batch: None,
    scopes: READ_BOTH,
    docs: SCHEMA_GUIDE,
};

/// Two types of records. The kinds of association depend on the direction.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct List<'a> {
    /// The type of the first records: a name such as `contacts`, or an id such as `0-1` or `2-3465404`.
    pub from_object_type: Id<'a>,
    /// The type of the second records.
    pub to_object_type: Id<'a>,
}

impl<'a> FromFields<'a> for List<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            from_object_type: fields.required_id("fromObjectType")?,
            to_object_type: fields.required_id("toObjectType")?,
        })
    }
}

impl<'a> Endpoint<'a> for List<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = LabelledTypes;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        FACTS.request(
            options,
            &[
                ("fromObjectType", self.from_object_type.as_str()),
                ("toObjectType", self.to_object_type.as_str()),
            ],
        )
    }

    fn read(response: &Response) -> Result<LabelledTypes, Failure> {
        answer::object(NAME, error::success(response)?, LabelledTypes::read)
    }
}
