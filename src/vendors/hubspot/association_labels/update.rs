//! `PUT /crm/v4/associations/{fromObjectType}/{toObjectType}/labels`
//!
//! Changes the text of a label, and no more.

use std::borrow::Cow;

use serde::Serialize;

use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{Fields, FromFields};
use crate::vendors::hubspot::{Done, NAME, ORIGIN, SCHEMA_GUIDE, WRITE_BOTH, error, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "hubspot.associationLabels.update",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Put,
    versions: versions!("associations", "/{fromObjectType}/{toObjectType}/labels"),
    success: &[204],
    repeat: Repeat::Safe,
    batch: None,
    scopes: WRITE_BOTH,
    docs: SCHEMA_GUIDE,
};

/// The label, and its new text.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Update<'a> {
    /// The type of the first records: a name such as `contacts`, or an id such as `0-1` or `2-3465404`.
    #[serde(skip_serializing)]
    pub from_object_type: Id<'a>,
    /// The type of the second records.
    #[serde(skip_serializing)]
    pub to_object_type: Id<'a>,
    /// The number of the label's kind of association, in this direction.
    #[cfg_attr(feature = "types", ts(type = "string | number"))]
    pub association_type_id: u32,
    /// The text that people see.
    pub label: Cow<'a, str>,
    /// The text for the other direction, where it has its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inverse_label: Option<Cow<'a, str>>,
}

impl<'a> FromFields<'a> for Update<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            from_object_type: fields.required_id("fromObjectType")?,
            to_object_type: fields.required_id("toObjectType")?,
            association_type_id: fields.required_number("associationTypeId")?,
            label: fields.required_text("label")?,
            inverse_label: fields.text("inverseLabel")?,
        })
    }
}

impl<'a> Endpoint<'a> for Update<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = Done;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        FACTS.request_with(
            options,
            &[
                ("fromObjectType", self.from_object_type.as_str()),
                ("toObjectType", self.to_object_type.as_str()),
            ],
            self,
        )
    }

    fn read(response: &Response) -> Result<Done, Failure> {
        error::done(response)
    }

    fn show(_response: &Response) -> String {
        "{}".to_owned()
    }
}
