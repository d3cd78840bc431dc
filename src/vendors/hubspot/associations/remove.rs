//! `DELETE /crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}`
//!
//! Removes every association between two records, labelled or not, in both directions.

use serde::Serialize;

use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{Fields, FromFields};
use crate::vendors::hubspot::{Done, GUIDE, NAME, ORIGIN, error, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "hubspot.associations.remove",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Delete,
    versions: versions!(
        "objects",
        "/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}"
    ),
    success: &[204],
    // Not known: what a pair answers that is not associated. There is nothing to remove twice.
    repeat: Repeat::Safe,
    batch: None,
    scopes: &[
        "crm.objects.{objectType}.write",
        "crm.objects.{toObjectType}.write",
    ],
    docs: GUIDE,
};

/// The two records.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Remove<'a> {
    /// The type of the first record: a name such as `contacts`, or an id such as `0-1` or `2-3465404`.
    pub object_type: Id<'a>,
    /// The id of the first record.
    #[cfg_attr(feature = "types", ts(type = "string | number"))]
    pub object_id: Id<'a>,
    /// The type of the second record.
    pub to_object_type: Id<'a>,
    /// The id of the second record.
    #[cfg_attr(feature = "types", ts(type = "string | number"))]
    pub to_object_id: Id<'a>,
}

impl<'a> FromFields<'a> for Remove<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            object_type: fields.required_id("objectType")?,
            object_id: fields.required_id_or_number("objectId")?,
            to_object_type: fields.required_id("toObjectType")?,
            to_object_id: fields.required_id_or_number("toObjectId")?,
        })
    }
}

impl<'a> Endpoint<'a> for Remove<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = Done;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        FACTS.request(
            options,
            &[
                ("objectType", self.object_type.as_str()),
                ("objectId", self.object_id.as_str()),
                ("toObjectType", self.to_object_type.as_str()),
                ("toObjectId", self.to_object_id.as_str()),
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
