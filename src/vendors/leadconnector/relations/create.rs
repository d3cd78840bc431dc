//! `POST /associations/relations`
//!
//! Links two records under an association definition.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::answer::{self, Fields, Shape};
use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{self, FromFields};
use crate::vendors::leadconnector::{NAME, ORIGIN, check_ids, error, post, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "leadconnector.relations.create",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Post,
    versions: &versions("/associations/relations"),
    success: &[201, 200],
    // A second relation of the same pair is refused with 400, so repeating it is safe.
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["associations/relation.write"],
    docs: "https://highlevel.stoplight.io/docs/integrations/",
};

/// The records to link. Their order is that of the definition's first and second object.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Create<'a> {
    /// The location (sub-account).
    pub location_id: Id<'a>,
    /// The id of the association definition.
    pub association_id: Id<'a>,
    /// A record of the definition's first object.
    pub first_record_id: Id<'a>,
    /// A record of the definition's second object.
    pub second_record_id: Id<'a>,
    /// Fields that the published description lacks.
    #[serde(skip_serializing)]
    #[cfg_attr(feature = "types", ts(type = "Record<string, unknown>", optional))]
    pub extra: Option<Map<String, Value>>,
}

const KNOWN: &[&str] = &[
    "locationId",
    "associationId",
    "firstRecordId",
    "secondRecordId",
];

/// A relation. The published answer is that of a definition; webhooks and live answers have this shape.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[cfg_attr(feature = "types", ts(rename = "LeadConnectorRelation"))]
#[serde(rename_all = "camelCase")]
pub struct Relation {
    /// The id of the relation.
    pub id: String,
    /// The id of its definition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub association_id: Option<String>,
    /// The first record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_record_id: Option<String>,
    /// The second record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second_record_id: Option<String>,
    /// What else LeadConnector says.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

impl<'a> FromFields<'a> for Create<'a> {
    fn from_fields(fields: &mut read::Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            location_id: fields.required_id("locationId")?,
            association_id: fields.required_id("associationId")?,
            first_record_id: fields.required_id("firstRecordId")?,
            second_record_id: fields.required_id("secondRecordId")?,
            extra: fields.map("extra")?,
        })
    }
}

impl<'a> Endpoint<'a> for Create<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = Relation;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        check_ids(&[
            ("locationId", Some(&self.location_id)),
            ("associationId", Some(&self.association_id)),
            ("firstRecordId", Some(&self.first_record_id)),
            ("secondRecordId", Some(&self.second_record_id)),
        ])?;
        post(&FACTS, options, self, KNOWN, self.extra.as_ref())
    }

    fn read(response: &Response) -> Result<Relation, Failure> {
        answer::object(NAME, error::success(response)?, Relation::read)
    }
}

impl Relation {
    pub(in crate::vendors::leadconnector) fn read(fields: &mut Fields) -> Result<Self, Shape> {
        Ok(Self {
            id: fields.id("id")?,
            association_id: fields.optional_text("associationId")?,
            first_record_id: fields.optional_text("firstRecordId")?,
            second_record_id: fields.optional_text("secondRecordId")?,
            rest: fields.rest(),
        })
    }
}
