//! `GET /associations/key/{key_name}?locationId=`
//!
//! Finds an association definition by its key.

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
    name: "leadconnector.associations.byKey",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Get,
    versions: &versions("/associations/key/{key_name}"),
    success: &[200],
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["associations.readonly"],
    docs: "https://highlevel.stoplight.io/docs/integrations/",
};

/// The key to look for.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct ByKey<'a> {
    /// The key of the definition.
    pub key_name: Id<'a>,
    /// The location (sub-account) that it belongs to.
    pub location_id: Id<'a>,
}

impl<'a> FromFields<'a> for ByKey<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            key_name: fields.required_id("key_name")?,
            location_id: fields.required_id("locationId")?,
        })
    }
}

impl<'a> Endpoint<'a> for ByKey<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = Association;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        bare(
            &FACTS,
            options,
            &[("key_name", self.key_name.as_str())],
            &[("locationId", self.location_id.as_str())],
        )
    }

    fn read(response: &Response) -> Result<Association, Failure> {
        answer::object(NAME, error::success(response)?, Association::read)
    }
}
