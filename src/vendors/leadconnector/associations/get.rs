//! `GET /associations/{associationId}`
//!
//! Reads an association definition.

use serde::Serialize;

use super::Association;
use crate::answer;
use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{Fields, FromFields};
use crate::vendors::leadconnector::{NAME, ORIGIN, bare, error, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "leadconnector.associations.get",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Get,
    versions: &versions("/associations/{associationId}"),
    success: &[200],
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["associations.readonly"],
    docs: "https://highlevel.stoplight.io/docs/integrations/",
};

/// The definition to read.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Get<'a> {
    /// The id of the definition.
    pub association_id: Id<'a>,
}

impl<'a> FromFields<'a> for Get<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            association_id: fields.required_id("associationId")?,
        })
    }
}

impl<'a> Endpoint<'a> for Get<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = Association;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        let parameters = [("associationId", self.association_id.as_str())];
        bare(&FACTS, options, &parameters, &[])
    }

    fn read(response: &Response) -> Result<Association, Failure> {
        answer::object(NAME, error::success(response)?, Association::read)
    }
}
