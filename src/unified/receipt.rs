//! What is now true, link by link.

use serde::Serialize;
use serde::ser::SerializeMap;
use serde_json::value::RawValue;

use super::entity::Entity;
use super::problem::status_of;
use super::query::{Format, Query};
use crate::endpoint::json;
use crate::error::{Report, Sent};

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

impl Receipt {
    /// The receipt as a caller of a unified route asked to see it.
    #[must_use]
    pub fn respond(&self, query: &Query) -> String {
        let shown = |field: &str| !query.exclude_fields.iter().any(|name| name == field);
        let remote = shown("remote_data") && query.ignore_remote_data != Some(true);
        match query.format.unwrap_or_default() {
            Format::Raw => self
                .remote_data
                .as_ref()
                .map_or_else(|| "null".to_owned(), |data| data.get().to_owned()),
            Format::Unified | Format::Stream => json(&Shown {
                receipt: self,
                shown,
                remote,
                empty: true,
            }),
            Format::Normalized => json(&Shown {
                receipt: self,
                shown,
                remote: false,
                empty: false,
            }),
        }
    }

    /// The HTTP status: 201 where a link was made and all are there, 200 where all were there, 207 where some are.
    #[must_use]
    pub fn status(&self) -> u16 {
        let is = |outcome: Outcome| move |link: &LinkReceipt| link.outcome == outcome;
        if self.links.iter().all(|link| link.outcome.is_true()) {
            return if self.links.iter().any(is(Outcome::Linked)) {
                201
            } else {
                200
            };
        }
        if self.links.iter().any(|link| link.outcome.is_true()) {
            return 207;
        }
        // None is true: the reason's own status, and 502 where nobody can tell.
        self.reason().map_or(502, |reason| status_of(reason.code))
    }

    /// The reason that says most of the whole: of a link that may have been made, else of one that was tried, else the
    /// first.
    #[must_use]
    pub fn reason(&self) -> Option<&Report> {
        let reasons = || {
            let links = self.links.iter();
            links.filter_map(|link| Some((link.outcome, link.reason.as_deref()?)))
        };
        reasons()
            .find(|(outcome, _)| *outcome == Outcome::Unknown)
            .or_else(|| reasons().find(|(_, reason)| reason.sent != Sent::No))
            .or_else(|| reasons().next())
            .map(|(_, reason)| reason)
    }
}

/// A receipt with some of its fields.
struct Shown<'r, F> {
    receipt: &'r Receipt,
    shown: F,
    remote: bool,
    empty: bool,
}

impl<F: Fn(&str) -> bool> Serialize for Shown<'_, F> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Receipt {
            entity,
            entity_id,
            associations,
            links,
            remote_data,
        } = self.receipt;
        let mut map = serializer.serialize_map(None)?;
        if (self.shown)("entity") {
            map.serialize_entry("entity", entity)?;
        }
        if (self.shown)("entity_id") {
            map.serialize_entry("entity_id", entity_id)?;
        }
        let kinds = associations.0.iter();
        let kinds = Kinds(
            kinds
                .filter(|(_, ids)| self.empty || !ids.is_empty())
                .collect(),
        );
        if (self.shown)("associations") && (self.empty || !kinds.0.is_empty()) {
            map.serialize_entry("associations", &kinds)?;
        }
        if (self.shown)("links") {
            map.serialize_entry("links", links)?;
        }
        if let Some(data) = remote_data
            && self.remote
        {
            map.serialize_entry("remote_data", data)?;
        }
        map.end()
    }
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
        Kinds(self.0.iter().collect()).serialize(serializer)
    }
}

struct Kinds<'r>(Vec<&'r (Entity, Vec<String>)>);

impl Serialize for Kinds<'_> {
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
