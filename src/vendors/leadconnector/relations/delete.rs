//! `DELETE /associations/relations/{relationId}?locationId=`
//!
//! Deletes a relation. The two records stay.

use serde::Serialize;

use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{Fields, FromFields};
use crate::vendors::leadconnector::deleted::Deleted;
use crate::vendors::leadconnector::{NAME, ORIGIN, bare, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "leadconnector.relations.delete",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Delete,
    versions: &versions("/associations/relations/{relationId}"),
    success: &[200],
    // What is gone stays gone. Not known: what a second delete answers.
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["associations/relation.write"],
    docs: "https://highlevel.stoplight.io/docs/integrations/",
};

/// The relation to delete.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Delete<'a> {
    /// The id of the relation.
    pub relation_id: Id<'a>,
    /// The location (sub-account).
    pub location_id: Id<'a>,
}

impl<'a> FromFields<'a> for Delete<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            relation_id: fields.required_id("relationId")?,
            location_id: fields.required_id("locationId")?,
        })
    }
}

impl<'a> Endpoint<'a> for Delete<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = Deleted;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        bare(
            &FACTS,
            options,
            &[("relationId", self.relation_id.as_str())],
            &[("locationId", self.location_id.as_str())],
        )
    }

    fn read(response: &Response) -> Result<Deleted, Failure> {
        Deleted::read(response)
    }

    fn show(response: &Response) -> String {
        Deleted::show(response)
    }
}
