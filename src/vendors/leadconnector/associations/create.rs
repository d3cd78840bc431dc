//! `POST /associations/`
//!
//! Creates an association definition. The slash at the end is part of the path.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Association, check_labels};
use crate::answer;
use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{Fields, FromFields};
use crate::vendors::leadconnector::{NAME, ORIGIN, check_ids, error, post, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "leadconnector.associations.create",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Post,
    versions: &versions("/associations/"),
    success: &[201, 200],
    // The key is unique in its location: a second create is refused and never makes a second definition.
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["associations.write"],
    docs: "https://highlevel.stoplight.io/docs/integrations/",
};

/// The definition to create.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Create<'a> {
    /// The location (sub-account) that it belongs to.
    pub location_id: Id<'a>,
    /// Its key, unique in the location, as in `student_teacher`.
    pub key: Id<'a>,
    /// What the first record is called, as in `student`.
    pub first_object_label: Cow<'a, str>,
    /// The kind of the first record, as in `custom_objects.children`.
    pub first_object_key: Id<'a>,
    /// What the second record is called, as in `Teacher`.
    pub second_object_label: Cow<'a, str>,
    /// The kind of the second record, as in `contact`.
    pub second_object_key: Id<'a>,
    /// Fields that the published description lacks (`firstObjectToSecondObjectCardinality` is seen in use).
    #[serde(skip_serializing)]
    #[cfg_attr(feature = "types", ts(type = "Record<string, unknown>", optional))]
    pub extra: Option<Map<String, Value>>,
}

const KNOWN: &[&str] = &[
    "locationId",
    "key",
    "firstObjectLabel",
    "firstObjectKey",
    "secondObjectLabel",
    "secondObjectKey",
];

impl<'a> FromFields<'a> for Create<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            location_id: fields.required_id("locationId")?,
            key: fields.required_id("key")?,
            first_object_label: fields.required_text("firstObjectLabel")?,
            first_object_key: fields.required_id("firstObjectKey")?,
            second_object_label: fields.required_text("secondObjectLabel")?,
            second_object_key: fields.required_id("secondObjectKey")?,
            extra: fields.map("extra")?,
        })
    }
}

impl<'a> Endpoint<'a> for Create<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = Association;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        check_ids(&[
            ("locationId", Some(&self.location_id)),
            ("key", Some(&self.key)),
            ("firstObjectKey", Some(&self.first_object_key)),
            ("secondObjectKey", Some(&self.second_object_key)),
        ])?;
        check_labels(&self.first_object_label, &self.second_object_label)?;
        post(&FACTS, options, self, KNOWN, self.extra.as_ref())
    }

    fn read(response: &Response) -> Result<Association, Failure> {
        answer::object(NAME, error::success(response)?, Association::read)
    }
}
