//! What is now true, link by link.

use serde::Serialize;
use serde::ser::SerializeMap;
use serde_json::value::RawValue;

use super::entity::Entity;
use crate::error::Report;

/// What became of an `associations.create`.
#[derive(Debug, Serialize)]
pub struct Receipt {
    /// What the record is.
    pub entity: Entity,
    /// Its id.
    pub entity_id: String,
    /// What is now linked with it, of what was asked.
    pub associations: Linked,
    /// One entry for each asked link, in the caller's order.
    pub links: Vec<LinkReceipt>,
    /// The vendor's answers, untouched: one as it came, several as a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote_data: Option<Box<RawValue>>,
}

/// What became of one asked link.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
pub struct LinkReceipt {
    /// The record.
    pub from: End,
    /// The target.
    pub to: End,
    /// What is now true.
    pub outcome: Outcome,
    /// Why it is not linked, or why that cannot be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Box<Report>>,
    /// Whether crmlink knows how to take the link back; absent where nothing was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reversible: Option<bool>,
}

/// One end of a link.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct End {
    /// What the record is.
    pub entity: Entity,
    /// Its id, as the caller gave it.
    pub id: String,
}

/// What is now true of an asked link.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It exists, and the vendor's answer shows it.
    Linked,
    /// It was there before.
    AlreadyLinked,
    /// It does not exist by this call.
    NotLinked,
    /// It cannot be told: `reason` says how to find out.
    Unknown,
}

impl Outcome {
    /// Whether the link exists now.
    #[must_use]
    pub const fn is_true(self) -> bool {
        matches!(self, Self::Linked | Self::AlreadyLinked)
    }
}

/// Linked records by kind, in the founding page's shape: accounts stand under `acocunts` too, as its clients expect.
#[derive(Debug)]
pub struct Linked(pub Vec<(Entity, Vec<String>)>);

impl Serialize for Linked {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Id<'a> {
            id: &'a str,
        }
        let mut map = serializer.serialize_map(None)?;
        for (entity, ids) in &self.0 {
            let ids: Vec<_> = ids.iter().map(|id| Id { id }).collect();
            if *entity == Entity::Accounts {
                map.serialize_entry("acocunts", &ids)?;
            }
            map.serialize_entry(entity.as_str(), &ids)?;
        }
        map.end()
    }
}
