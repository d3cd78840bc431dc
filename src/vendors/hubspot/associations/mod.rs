//! Associations between HubSpot records.

mod batch;
pub mod batch_archive;
pub mod batch_archive_labels;
pub mod batch_create;
pub mod batch_create_default;
pub mod batch_read;
pub mod create_default;
pub mod label;
pub mod list;
pub mod remove;

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::answer::{Fields, Shape, as_text, lenient};
use crate::endpoint::json;
use crate::error::Refusal;
use crate::http::Response;
use crate::id::Id;
use crate::read::{self, FromFields};

use self::batch::push_types;

/// Two records to associate.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "HubspotPair"))]
pub struct Pair<'a> {
    /// The first record.
    pub from: Record<'a>,
    /// The second record.
    pub to: Record<'a>,
}

/// Two records, and kinds of association between them.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "HubspotTypedPair"))]
pub struct TypedPair<'a> {
    /// The first record.
    pub from: Record<'a>,
    /// The second record.
    pub to: Record<'a>,
    /// The kinds of association, at least one.
    pub types: Vec<Type<'a>>,
}

/// A record, by its id.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "HubspotRecord"))]
pub struct Record<'a> {
    /// The id.
    #[cfg_attr(feature = "types", ts(type = "string | number"))]
    pub id: Id<'a>,
}

/// A kind of association, as a caller names it. It depends on the direction.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "HubspotAssociationType")
)]
#[serde(rename_all = "camelCase")]
pub struct Type<'a> {
    /// Who defined it: the numbers of one category say nothing about another's.
    #[cfg_attr(
        feature = "types",
        ts(type = "\"HUBSPOT_DEFINED\" | \"USER_DEFINED\" | \"INTEGRATOR_DEFINED\" | \"WORK\"")
    )]
    pub association_category: Cow<'a, str>,
    /// Its number.
    pub association_type_id: u32,
}

/// What HubSpot answers to the default-association calls, for one pair and for a batch.
///
/// A success lists two results for each pair, one for each direction.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct DefaultAssociations {
    /// `COMPLETE`, `PENDING`, `PROCESSING` or `CANCELED`; other words are kept.
    pub status: String,
    /// The associations that now exist.
    pub results: Vec<DefaultAssociation>,
    /// How many inputs failed. HubSpot leaves it out when none did.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub num_errors: u64,
    /// Why, for each of them.
    pub errors: Vec<ItemError>,
    /// What else HubSpot says: `startedAt`, `completedAt`, `requestedAt`, `links`.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

/// One direction of an association.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct DefaultAssociation {
    /// The record that it starts at.
    pub from: RecordId,
    /// The record that it ends at.
    pub to: RecordId,
    /// The kind of association, as HubSpot numbers it.
    pub association_spec: AssociationSpec,
}

/// The kind of an association.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct AssociationSpec {
    /// `HUBSPOT_DEFINED`, `USER_DEFINED`, `INTEGRATOR_DEFINED` or `WORK`; other words are kept.
    pub association_category: String,
    /// The number of the kind; it depends on the direction.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub association_type_id: i64,
}

/// A record's id, a string whatever HubSpot sent.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct RecordId {
    /// The id.
    pub id: String,
}

/// Two associated records, and the labels between them.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct LabelledPair {
    /// The type of the first record, as in `0-1`.
    pub from_object_type_id: String,
    /// The id of the first record.
    pub from_object_id: String,
    /// The type of the second record.
    pub to_object_type_id: String,
    /// The id of the second record.
    pub to_object_id: String,
    /// The texts of the labels; a kind of association without a label has none.
    #[cfg_attr(feature = "types", ts(type = "string[]"))]
    pub labels: Vec<Value>,
    /// What else HubSpot says.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

/// A record that another one is associated with.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Associated {
    /// Its id.
    pub to_object_id: String,
    /// Every kind of association between the two.
    pub association_types: Vec<LabelledType>,
    /// What else HubSpot says.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

/// A kind of association, with its label.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct LabelledType {
    /// `HUBSPOT_DEFINED`, `USER_DEFINED`, `INTEGRATOR_DEFINED` or `WORK`; other words are kept.
    pub category: String,
    /// The number of the kind; it depends on the direction.
    pub type_id: u32,
    /// The label's text, which people may change; absent or `null` for the plain association.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "string | null", optional))]
    pub label: Option<String>,
    /// What else HubSpot says.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

/// What HubSpot says of one input that failed.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct ItemError {
    /// The kind of error, as in `OBJECT_NOT_FOUND`.
    pub category: String,
    /// HubSpot's words.
    pub message: String,
    /// What it is about: names to lists of values.
    #[cfg_attr(feature = "types", ts(type = "Record<string, unknown>"))]
    pub context: Map<String, Value>,
    /// What else HubSpot says.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

impl<'a> FromFields<'a> for Pair<'a> {
    fn from_fields(fields: &mut read::Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            from: fields.required_object("from")?,
            to: fields.required_object("to")?,
        })
    }
}

impl<'a> FromFields<'a> for TypedPair<'a> {
    fn from_fields(fields: &mut read::Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            from: fields.required_object("from")?,
            to: fields.required_object("to")?,
            types: fields.required_list("types")?,
        })
    }
}

impl<'a> FromFields<'a> for Record<'a> {
    fn from_fields(fields: &mut read::Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            id: fields.required_id_or_number("id")?,
        })
    }
}

impl<'a> FromFields<'a> for Type<'a> {
    fn from_fields(fields: &mut read::Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            association_category: category(fields, "associationCategory")?,
            association_type_id: fields.required_number("associationTypeId")?,
        })
    }
}

/// Who defined a kind of association, one of HubSpot's words.
pub(super) fn category<'a>(
    fields: &mut read::Fields<'a, '_>,
    name: &'static str,
) -> Result<Cow<'a, str>, Refusal> {
    fields.required_word(name, CATEGORIES).map(Cow::Borrowed)
}

const CATEGORIES: &[(&str, &str)] = &[
    ("HUBSPOT_DEFINED", "HUBSPOT_DEFINED"),
    ("USER_DEFINED", "USER_DEFINED"),
    ("INTEGRATOR_DEFINED", "INTEGRATOR_DEFINED"),
    ("WORK", "WORK"),
];

impl DefaultAssociations {
    fn read(fields: &mut Fields) -> Result<Self, Shape> {
        Ok(Self {
            status: fields.text("status")?,
            results: fields.list("results", DefaultAssociation::read)?,
            num_errors: fields.count("numErrors")?,
            errors: fields.list("errors", ItemError::read)?,
            rest: fields.rest(),
        })
    }
}

/// A batch's answer as its readers may rely on it: with counts, and with ids that are strings. Nothing at all stands for
/// a batch without results.
pub(super) fn show(response: &Response) -> String {
    let mut body = lenient(response);
    if body.is_null() {
        body = Value::Object(Map::new());
    }
    if let Value::Object(fields) = &mut body {
        fields.entry("numErrors").or_insert_with(|| 0.into());
        fields
            .entry("errors")
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Some(results) = fields.get_mut("results") {
            ids_as_text(results);
        }
    }
    json(&body)
}

/// An answer whose ids are strings.
pub(super) fn show_ids(response: &Response) -> String {
    let mut body = lenient(response);
    ids_as_text(&mut body);
    json(&body)
}

/// HubSpot's ids drifted from numbers to strings over its versions. The numbers of types stay numbers.
fn ids_as_text(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(ids_as_text),
        Value::Object(fields) => {
            for (name, value) in fields {
                match name.as_str() {
                    "id" | "fromObjectId" | "toObjectId" => as_text(value),
                    _ => ids_as_text(value),
                }
            }
        }
        _ => {}
    }
}

impl DefaultAssociation {
    fn read(fields: &mut Fields) -> Result<Self, Shape> {
        Ok(Self {
            from: fields.object("from", RecordId::read)?,
            to: fields.object("to", RecordId::read)?,
            association_spec: fields.object("associationSpec", AssociationSpec::read)?,
        })
    }
}

impl AssociationSpec {
    fn read(fields: &mut Fields) -> Result<Self, Shape> {
        Ok(Self {
            association_category: fields.text("associationCategory")?,
            association_type_id: fields.number("associationTypeId")?,
        })
    }
}

impl LabelledPair {
    fn read(fields: &mut Fields) -> Result<Self, Shape> {
        Ok(Self {
            from_object_type_id: fields.text("fromObjectTypeId")?,
            from_object_id: fields.id("fromObjectId")?,
            to_object_type_id: fields.text("toObjectTypeId")?,
            to_object_id: fields.id("toObjectId")?,
            labels: match fields.any("labels") {
                Some(Value::Array(labels)) => labels,
                _ => Vec::new(),
            },
            rest: fields.rest(),
        })
    }
}

impl Associated {
    fn read(fields: &mut Fields) -> Result<Self, Shape> {
        Ok(Self {
            to_object_id: fields.id("toObjectId")?,
            association_types: fields.list("associationTypes", LabelledType::read)?,
            rest: fields.rest(),
        })
    }
}

impl LabelledType {
    pub(super) fn read(fields: &mut Fields) -> Result<Self, Shape> {
        Ok(Self {
            category: fields.text("category")?,
            type_id: fields.small("typeId")?,
            label: fields.optional_text("label")?,
            rest: fields.rest(),
        })
    }
}

/// Where the next page starts, from an answer's `paging`.
fn after(paging: Option<&Value>) -> Option<&str> {
    paging?.pointer("/next/after")?.as_str()
}

impl RecordId {
    fn read(fields: &mut Fields) -> Result<Self, Shape> {
        Ok(Self {
            id: fields.id("id")?,
        })
    }
}

impl ItemError {
    pub(super) fn read(fields: &mut Fields) -> Result<Self, Shape> {
        Ok(Self {
            category: fields.optional_text("category")?.unwrap_or_default(),
            message: fields.optional_text("message")?.unwrap_or_default(),
            context: match fields.any("context") {
                Some(Value::Object(context)) => context,
                _ => Map::new(),
            },
            rest: fields.rest(),
        })
    }
}
