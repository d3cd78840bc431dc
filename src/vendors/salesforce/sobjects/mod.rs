//! Single records.

pub mod create;
pub mod delete;
pub mod update;
pub mod upsert;

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::answer::{Fields, Shape};
use crate::json::Raw;

/// A record's fields by API name, each as JSON text: numbers keep their digits.
#[derive(Clone, Debug, Default)]
pub struct Record<'a>(Vec<(Cow<'a, str>, Raw)>);

impl<'a> Record<'a> {
    /// Adds a field. What is no JSON is not added.
    pub fn push(&mut self, name: impl Into<Cow<'a, str>>, json: &str) {
        if let Some(json) = Raw::new(json.to_owned()) {
            self.0.push((name.into(), json));
        }
    }

    /// The names of its fields.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_ref())
    }
}

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, json)| (name, json)))
    }
}

/// What a create answers, and each item of a collection.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
pub struct SaveResult {
    /// The id of the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Whether it was written.
    pub success: bool,
    /// Why not.
    pub errors: Vec<SaveError>,
    /// What else Salesforce says.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

/// Why a record was not written. The code stands under `statusCode` in collections and under `errorCode` elsewhere.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
pub struct SaveError {
    /// The code, as in `DUPLICATE_VALUE`.
    #[serde(rename = "statusCode")]
    pub status_code: String,
    /// Salesforce's words.
    pub message: String,
    /// The fields at fault.
    pub fields: Vec<String>,
    /// What else Salesforce says, about duplicates for instance.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

impl SaveResult {
    /// Whether an upsert made the record, where the answer says so.
    #[must_use]
    pub fn created(&self) -> Option<bool> {
        self.rest.get("created").and_then(Value::as_bool)
    }

    pub(super) fn read(fields: &mut Fields) -> Result<Self, Shape> {
        Ok(Self {
            id: fields.optional_text("id")?,
            success: fields.required_flag("success")?,
            errors: fields.list("errors", SaveError::read)?,
            rest: fields.rest(),
        })
    }
}

impl SaveError {
    /// The ids of the records that a duplicate rule found. REST spells the field wrong; both spellings are read.
    #[must_use]
    pub fn duplicates(&self) -> Vec<&str> {
        let found = ["duplicateResut", "duplicateResult"]
            .iter()
            .find_map(|name| self.rest.get(*name));
        let results = found
            .into_iter()
            .flat_map(|found| items(found, "matchResults"));
        results
            .flat_map(|result| items(result, "matchRecords"))
            .filter_map(|matched| matched.get("record")?.get("Id")?.as_str())
            .collect()
    }

    pub(super) fn read(fields: &mut Fields) -> Result<Self, Shape> {
        let code = fields.optional_text("statusCode")?;
        Ok(Self {
            status_code: code
                .or(fields.optional_text("errorCode")?)
                .unwrap_or_default(),
            message: fields.optional_text("message")?.unwrap_or_default(),
            fields: match fields.any("fields") {
                Some(Value::Array(names)) => names
                    .iter()
                    .filter_map(|name| name.as_str().map(str::to_owned))
                    .collect(),
                _ => Vec::new(),
            },
            rest: fields.rest(),
        })
    }
}

fn items<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    let items = value.get(name).and_then(Value::as_array);
    items.map_or(&[], Vec::as_slice)
}
