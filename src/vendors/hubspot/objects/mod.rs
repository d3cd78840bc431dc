//! HubSpot records of any type: what an upsert sends. Properties are text, and stay the JSON text that they were.

pub mod batch_upsert;
pub mod create;
pub mod search;
pub mod update;

use super::NAME;
use crate::answer;
use crate::endpoint::unexpected;
use crate::error::Failure;
use crate::http::Response;
use crate::read;
use crate::unified::record::mapping::Property;

/// A record as HubSpot answers it.
#[derive(Clone, Debug)]
pub struct Stored<'r> {
    /// Its id.
    pub id: String,
    /// Whether a batch upsert made it.
    pub new: Option<bool>,
    /// What the input was called.
    pub trace: Option<String>,
    /// When it was made.
    pub created_at: Option<&'r str>,
    /// When it was last changed.
    pub updated_at: Option<&'r str>,
    /// Its properties, JSON text of an object.
    pub properties: &'r str,
    /// All of it.
    pub json: &'r str,
}

impl<'r> Stored<'r> {
    /// Reads a record. `None` where it has no id or no properties.
    #[must_use]
    pub fn read(json: &'r str) -> Option<Self> {
        let parts = read::parts("", json).ok()?;
        let part = |name: &str| {
            let found = parts.iter().find(|(known, _)| known == name);
            found.map(|(_, json)| *json).filter(|json| *json != "null")
        };
        let text = |json: &str| match json.starts_with('"') {
            true => read::string("", json)
                .ok()
                .map(std::borrow::Cow::into_owned),
            false => Some(json.to_owned()),
        };
        Some(Self {
            id: text(part("id")?).filter(|id| !id.is_empty())?,
            new: part("new").map(|new| new == "true"),
            trace: part("objectWriteTraceId").and_then(text),
            created_at: part("createdAt"),
            updated_at: part("updatedAt"),
            properties: part("properties").filter(|json| json.starts_with('{'))?,
            json,
        })
    }

    /// What a property says, where it has a value.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        let parts = read::parts("", self.properties).ok()?;
        let (_, json) = parts.into_iter().find(|(known, _)| known == name)?;
        let text = json.starts_with('"').then(|| read::string("", json).ok())?;
        text.map(std::borrow::Cow::into_owned)
    }
}

/// Reads an answer that is one record.
///
/// # Errors
/// `unexpected_response` for anything else.
pub fn one(response: &Response) -> Result<Stored<'_>, Failure> {
    answer::value(NAME, response)?;
    Stored::read(response.body.trim()).ok_or_else(|| {
        unexpected(
            NAME,
            response,
            "answered with something that is no record: that proves nothing",
        )
    })
}

/// Reads the records that an answer lists under `results`.
///
/// # Errors
/// `unexpected_response` for anything else.
pub fn results(response: &Response) -> Result<Vec<Stored<'_>>, Failure> {
    answer::value(NAME, response)?;
    let list = || {
        let parts = read::parts("", response.body.trim()).ok()?;
        let (_, list) = parts.into_iter().find(|(name, _)| name == "results")?;
        let items = read::items("", list).ok()?;
        items
            .into_iter()
            .map(Stored::read)
            .collect::<Option<Vec<_>>>()
    };
    list().ok_or_else(|| {
        unexpected(
            NAME,
            response,
            "answered without a list of records: that proves nothing",
        )
    })
}

/// Writes properties as a JSON object.
pub(super) fn push_properties(body: &mut String, properties: &[Property]) {
    body.push('{');
    for (place, property) in properties.iter().enumerate() {
        if place > 0 {
            body.push(',');
        }
        body.push_str(&crate::endpoint::json(&property.name));
        body.push(':');
        body.push_str(&property.json);
    }
    body.push('}');
}
