//! `POST /crm/v4/associations/{fromObjectType}/{toObjectType}/labels`
//!
//! Defines a label. It answers one kind of association, or two: one for each direction.

use std::borrow::Cow;

use serde::Serialize;

use super::LabelledTypes;
use crate::answer;
use crate::endpoint::{Endpoint, Facts, Options, Repeat, unexpected};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{Fields, FromFields};
use crate::vendors::hubspot::{NAME, ORIGIN, SCHEMA_GUIDE, WRITE_BOTH, error, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "hubspot.associationLabels.create",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Post,
    versions: versions!("associations", "/{fromObjectType}/{toObjectType}/labels"),
    success: &[200],
    // Not known: what a name that is there already answers. A list shows it.
    repeat: Repeat::Look,
    batch: None,
    scopes: WRITE_BOTH,
    docs: SCHEMA_GUIDE,
};

/// The label to define.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Create<'a> {
    /// The type of the first records: a name such as `contacts`, or an id such as `0-1` or `2-3465404`.
    #[serde(skip_serializing)]
    pub from_object_type: Id<'a>,
    /// The type of the second records.
    #[serde(skip_serializing)]
    pub to_object_type: Id<'a>,
    /// The text that people see.
    pub label: Cow<'a, str>,
    /// The name that programs see: without a hyphen, and not starting with a digit.
    pub name: Cow<'a, str>,
    /// The text for the other direction, where it has its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inverse_label: Option<Cow<'a, str>>,
}

impl<'a> FromFields<'a> for Create<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            from_object_type: fields.required_id("fromObjectType")?,
            to_object_type: fields.required_id("toObjectType")?,
            label: fields.required_text("label")?,
            name: fields.required_text("name")?,
            inverse_label: fields.text("inverseLabel")?,
        })
    }
}

impl<'a> Endpoint<'a> for Create<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = LabelledTypes;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        if let Some(fault) = name_fault(&self.name) {
            return Err(Refusal::input("name", fault));
        }
        FACTS.request_with(
            options,
            &[
                ("fromObjectType", self.from_object_type.as_str()),
                ("toObjectType", self.to_object_type.as_str()),
            ],
            self,
        )
    }

    fn read(response: &Response) -> Result<LabelledTypes, Failure> {
        let answer = answer::object(NAME, error::success(response)?, LabelledTypes::read)?;
        if answer.results.is_empty() {
            let what = format!(
                "answered {} without a kind of association: nothing shows that the label exists",
                response.status
            );
            return Err(unexpected(NAME, response, &what));
        }
        Ok(answer)
    }
}

/// What is wrong with a label's name; `None` for a good one.
pub(in crate::vendors::hubspot) fn name_fault(name: &str) -> Option<&'static str> {
    let bad = name.is_empty()
        || name.contains('-')
        || name.starts_with(|first: char| first.is_ascii_digit());
    bad.then_some(
        "expected a name without a hyphen that does not start with a digit: HubSpot takes no other",
    )
}
