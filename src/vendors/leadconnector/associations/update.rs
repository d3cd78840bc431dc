//! `PUT /associations/{associationId}`
//!
//! Changes the labels of an association definition, and nothing else of it.

use std::borrow::Cow;

use serde::Serialize;

use super::{Association, check_labels};
use crate::answer;
use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{Fields, FromFields};
use crate::vendors::leadconnector::{NAME, ORIGIN, error, send, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "leadconnector.associations.update",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Put,
    versions: &versions("/associations/{associationId}"),
    success: &[200],
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["associations.write"],
    docs: "https://highlevel.stoplight.io/docs/integrations/",
};

/// The labels to be. Both are required: the one to keep has to be given too.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Update<'a> {
    /// The id of the definition.
    #[serde(skip_serializing)]
    pub association_id: Id<'a>,
    /// What the first record is called.
    pub first_object_label: Cow<'a, str>,
    /// What the second record is called.
    pub second_object_label: Cow<'a, str>,
}

impl<'a> FromFields<'a> for Update<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            association_id: fields.required_id("associationId")?,
            first_object_label: fields.required_text("firstObjectLabel")?,
            second_object_label: fields.required_text("secondObjectLabel")?,
        })
    }
}

impl<'a> Endpoint<'a> for Update<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = Association;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        check_labels(&self.first_object_label, &self.second_object_label)?;
        let parameters = [("associationId", self.association_id.as_str())];
        send(&FACTS, options, &parameters, self)
    }

    fn read(response: &Response) -> Result<Association, Failure> {
        answer::object(NAME, error::success(response)?, Association::read)
    }
}
