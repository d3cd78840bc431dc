//! `DELETE /associations/{associationId}`
//!
//! Deletes a location's own association definition, and all its relations with it.

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
    name: "leadconnector.associations.delete",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Delete,
    versions: &versions("/associations/{associationId}"),
    success: &[200],
    // What is gone stays gone. Not known: what a second delete answers.
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["associations.write"],
    docs: "https://highlevel.stoplight.io/docs/integrations/",
};

/// The definition to delete. Those that the vendor defines cannot be.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Delete<'a> {
    /// The id of the definition.
    pub association_id: Id<'a>,
}

impl<'a> FromFields<'a> for Delete<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            association_id: fields.required_id("associationId")?,
        })
    }
}

impl<'a> Endpoint<'a> for Delete<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = Deleted;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        let parameters = [("associationId", self.association_id.as_str())];
        bare(&FACTS, options, &parameters, &[])
    }

    fn read(response: &Response) -> Result<Deleted, Failure> {
        Deleted::read(response)
    }

    fn show(response: &Response) -> String {
        Deleted::show(response)
    }
}
