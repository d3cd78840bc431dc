//! `POST /crm/v4/associations/definitions/configurations/{fromObjectType}/{toObjectType}/batch/purge`
//!
//! Deletes limits: what counts then is the subscription's own. HubSpot calls it purging.

use std::borrow::Cow;

use serde::Serialize;

use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{Fields, FromFields};
use crate::vendors::hubspot::associations::{self, batch_archive::Archived, category};
use crate::vendors::hubspot::{NAME, ORIGIN, SCHEMA_GUIDE, WRITE_BOTH, versions};

/// What is known of the endpoint. Not known: how many limits one request may carry.
pub const FACTS: Facts = Facts {
    name: "hubspot.associationLimits.delete",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Post,
    versions: versions!(
        "associations",
        "/definitions/configurations/{fromObjectType}/{toObjectType}/batch/purge"
    ),
    success: &[204, 200],
    repeat: Repeat::Safe,
    batch: None,
    scopes: WRITE_BOTH,
    docs: SCHEMA_GUIDE,
};

/// The kinds of association whose limits go.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Delete<'a> {
    /// The type of the first records: a name such as `contacts`, or an id such as `0-1` or `2-3465404`.
    pub from_object_type: Id<'a>,
    /// The type of the second records.
    pub to_object_type: Id<'a>,
    /// The kinds.
    pub inputs: Vec<Limited<'a>>,
}

/// A kind of association that has a limit.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "HubspotLimited"))]
#[serde(rename_all = "camelCase")]
pub struct Limited<'a> {
    /// Who defined it.
    #[cfg_attr(
        feature = "types",
        ts(type = "\"HUBSPOT_DEFINED\" | \"USER_DEFINED\" | \"INTEGRATOR_DEFINED\" | \"WORK\"")
    )]
    pub category: Cow<'a, str>,
    /// Its number, in this direction.
    pub type_id: u32,
}

impl<'a> FromFields<'a> for Delete<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            from_object_type: fields.required_id("fromObjectType")?,
            to_object_type: fields.required_id("toObjectType")?,
            inputs: fields.required_list("inputs")?,
        })
    }
}

impl<'a> FromFields<'a> for Limited<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            category: category(fields, "category")?,
            type_id: fields.required_number("typeId")?,
        })
    }
}

impl<'a> Endpoint<'a> for Delete<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = Archived;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        let ends = (&self.from_object_type, &self.to_object_type);
        super::build(&FACTS, options, ends, &self.inputs)
    }

    fn read(response: &Response) -> Result<Archived, Failure> {
        Archived::all(response)
    }

    fn show(response: &Response) -> String {
        associations::show(response)
    }
}
