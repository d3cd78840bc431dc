//! What was seen: definitions, and relations under them.

use serde_json::Value;

use crate::answer::{Fields, Shape};
use crate::vendors::leadconnector::associations::Association;

/// A definition, as far as links need it.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub(super) id: String,
    /// Where the vendor names no key, the id.
    pub(super) key: String,
    pub(super) first: Option<String>,
    pub(super) second: Option<String>,
}

/// A relation that is there.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) id: String,
    pub(super) definition: String,
    pub(super) first: String,
    pub(super) second: String,
    pub(super) objects: (Option<String>, Option<String>),
}

impl From<Association> for Definition {
    fn from(read: Association) -> Self {
        let object =
            |value: Option<Value>| value.and_then(|value| Some(value.as_str()?.to_owned()));
        Self {
            key: read.key.unwrap_or_else(|| read.id.clone()),
            id: read.id,
            first: object(read.first_object_key),
            second: object(read.second_object_key),
        }
    }
}

impl Seen {
    pub(super) fn read(fields: &mut Fields) -> Result<Self, Shape> {
        Ok(Self {
            id: fields.id("id")?,
            definition: fields.id("associationId")?,
            first: fields.id("firstRecordId")?,
            second: fields.id("secondRecordId")?,
            objects: (
                fields.optional_text("firstObjectKey")?,
                fields.optional_text("secondObjectKey")?,
            ),
        })
    }
}
