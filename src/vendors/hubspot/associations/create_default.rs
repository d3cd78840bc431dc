//! `PUT /crm/v4/objects/{fromObjectType}/{fromObjectId}/associations/default/{toObjectType}/{toObjectId}`
//!
//! Creates the default (most general) association between two records, in both directions. It has no body.

use serde::Serialize;

use super::DefaultAssociations;
use crate::answer;
use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{Fields, FromFields};
use crate::vendors::hubspot::{GUIDE, NAME, ORIGIN, WRITE_BOTH, error, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "hubspot.associations.createDefault",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Put,
    versions: versions!(
        "objects",
        "/{fromObjectType}/{fromObjectId}/associations/default/{toObjectType}/{toObjectId}"
    ),
    success: &[200],
    repeat: Repeat::Safe,
    batch: None,
    scopes: WRITE_BOTH,
    docs: GUIDE,
};

/// The two records to associate.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CreateDefault<'a> {
    /// The type of the first record: a name such as `contacts`, or an id such as `0-1` or `2-3465404`.
    pub from_object_type: Id<'a>,
    /// The id of the first record.
    #[cfg_attr(feature = "types", ts(type = "string | number"))]
    pub from_object_id: Id<'a>,
    /// The type of the second record.
    pub to_object_type: Id<'a>,
    /// The id of the second record.
    #[cfg_attr(feature = "types", ts(type = "string | number"))]
    pub to_object_id: Id<'a>,
}

impl<'a> FromFields<'a> for CreateDefault<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            from_object_type: fields.required_id("fromObjectType")?,
            from_object_id: fields.required_id_or_number("fromObjectId")?,
            to_object_type: fields.required_id("toObjectType")?,
            to_object_id: fields.required_id_or_number("toObjectId")?,
        })
    }
}

impl<'a> Endpoint<'a> for CreateDefault<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = DefaultAssociations;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        FACTS.request(
            options,
            &[
                ("fromObjectType", self.from_object_type.as_str()),
                ("fromObjectId", self.from_object_id.as_str()),
                ("toObjectType", self.to_object_type.as_str()),
                ("toObjectId", self.to_object_id.as_str()),
            ],
        )
    }

    fn read(response: &Response) -> Result<DefaultAssociations, Failure> {
        let answer = answer::object(NAME, error::success(response)?, DefaultAssociations::read)?;
        error::all_linked(response, answer)
    }

    fn show(response: &Response) -> String {
        super::show(response)
    }
}
