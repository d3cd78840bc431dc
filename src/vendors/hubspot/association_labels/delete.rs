//! `DELETE /crm/v4/associations/{fromObjectType}/{toObjectType}/labels/{associationTypeId}`
//!
//! Deletes a label's definition. Not known: what becomes of the records that carry it.

use serde::Serialize;

use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{Fields, FromFields};
use crate::vendors::hubspot::{Done, NAME, ORIGIN, SCHEMA_GUIDE, WRITE_BOTH, error, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "hubspot.associationLabels.delete",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Delete,
    versions: versions!(
        "associations",
        "/{fromObjectType}/{toObjectType}/labels/{associationTypeId}"
    ),
    success: &[204],
    repeat: Repeat::Safe,
    batch: None,
    scopes: WRITE_BOTH,
    docs: SCHEMA_GUIDE,
};

/// The label.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Delete<'a> {
    /// The type of the first records: a name such as `contacts`, or an id such as `0-1` or `2-3465404`.
    pub from_object_type: Id<'a>,
    /// The type of the second records.
    pub to_object_type: Id<'a>,
    /// The number of the label's kind of association, in this direction.
    #[cfg_attr(feature = "types", ts(type = "string | number"))]
    pub association_type_id: Id<'a>,
}

impl<'a> FromFields<'a> for Delete<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            from_object_type: fields.required_id("fromObjectType")?,
            to_object_type: fields.required_id("toObjectType")?,
            association_type_id: fields.required_id_or_number("associationTypeId")?,
        })
    }
}

impl<'a> Endpoint<'a> for Delete<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = Done;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        FACTS.request(
            options,
            &[
                ("fromObjectType", self.from_object_type.as_str()),
                ("toObjectType", self.to_object_type.as_str()),
                ("associationTypeId", self.association_type_id.as_str()),
            ],
        )
    }

    fn read(response: &Response) -> Result<Done, Failure> {
        error::done(response)
    }

    fn show(_response: &Response) -> String {
        "{}".to_owned()
    }
}
