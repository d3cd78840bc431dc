//! What an upsert says: what became of a record, or of each of several.

use serde::Serialize;

use super::ledger::FieldEntry;
use super::problem::status_for;
use super::query::{Format, Query};
use super::receipt::{LinkReceipt, Part, show};
use crate::error::{Code, Report, Sent};
use crate::json::Raw;

/// What became of one record.
#[derive(Clone, Debug, Serialize)]
pub struct Upserted {
    /// Its id, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What is now true.
    pub outcome: Written,
    /// The record as the vendor answered it, in the unified vocabulary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<Raw>,
    /// What became of its links, where some were asked with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<LinkReceipt>,
    /// Why it failed, or why that cannot be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Box<Report>>,
    /// The ids of the records that match, where several do or where one is in the way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<String>,
    /// What became of each field of the input. A batch says it once, for all records.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldEntry>,
    /// The vendor's answer for this record, untouched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote_data: Option<Raw>,
}

/// What is now true of a record.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "UpsertOutcome"))]
#[serde(rename_all = "snake_case")]
pub enum Written {
    /// It was made.
    Created,
    /// It was there, and now has the fields that were given.
    Updated,
    /// It was not written.
    Failed,
    /// It cannot be told: `reason` says how to find out.
    Unknown,
}

/// What became of an upsert.
#[derive(Debug)]
pub enum Upsert {
    /// Of one record.
    One(Box<Upserted>),
    /// Of several.
    Many(Batch),
}

/// What became of several records.
#[derive(Debug, Serialize)]
pub struct Batch {
    /// One entry for each record, in the caller's order.
    pub result: Vec<Upserted>,
    /// How many were made.
    pub created: usize,
    /// How many were updated.
    pub updated: usize,
    /// How many were not written.
    pub failed: usize,
    /// Of how many it cannot be told.
    pub unknown: usize,
    /// What became of each field of the input, counted over all records.
    pub fields: Vec<FieldEntry>,
}

impl Upsert {
    /// The records, in the caller's order.
    #[must_use]
    pub fn records(&self) -> &[Upserted] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(batch) => &batch.result,
        }
    }

    /// The HTTP status: 201 where a record was made and all are written, 200 where all were there, 207 where some are.
    #[must_use]
    pub fn status(&self) -> u16 {
        let records = self.records();
        let is = |outcome: Written| move |record: &Upserted| record.outcome == outcome;
        let linked = |record: &Upserted| {
            record.reason.is_none() && record.links.iter().all(|link| link.outcome.is_good())
        };
        if records.iter().all(|record| record.outcome.is_true()) {
            return match records.iter().all(linked) {
                false => 207,
                true if records.iter().any(is(Written::Created)) => 201,
                true => 200,
            };
        }
        if records.iter().any(|record| record.outcome.is_true()) {
            return 207;
        }
        self.reason().map_or(502, status_for)
    }

    /// The reason that says most of the whole: of a record that may have been written, else of one that was tried, else
    /// the first.
    #[must_use]
    pub fn reason(&self) -> Option<&Report> {
        let reasons = || {
            let records = self.records().iter();
            records.filter_map(|record| Some((record.outcome, record.reason.as_deref()?)))
        };
        reasons()
            .find(|(outcome, _)| *outcome == Written::Unknown)
            .or_else(|| reasons().find(|(_, reason)| reason.sent != Sent::No))
            .or_else(|| reasons().next())
            .map(|(_, reason)| reason)
    }

    /// Whether nothing was written, nothing may have been, and the caller has not asked for a list of what matches.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        let listed = |record: &Upserted| {
            let reason = record.reason.as_deref().map(|reason| reason.code);
            reason == Some(Code::AmbiguousMatch) && !record.candidates.is_empty()
        };
        self.records()
            .iter()
            .all(|record| record.outcome == Written::Failed && !listed(record))
    }
}

impl Upsert {
    pub(super) fn parts(&self, query: &Query) -> Vec<Part<'_>> {
        match self {
            Self::One(one) => one.parts(),
            Self::Many(batch) => batch.parts(query),
        }
    }
}

impl Upserted {
    fn parts(&self) -> Vec<Part<'_>> {
        let mut parts = Vec::with_capacity(8);
        parts.extend(self.id.as_ref().map(|id| Part::new("id", id)));
        parts.push(Part::new("outcome", &self.outcome));
        parts.extend(
            self.record
                .as_ref()
                .map(|record| Part::new("record", record)),
        );
        parts.extend(filled("links", &self.links));
        parts.extend(
            self.reason
                .as_ref()
                .map(|reason| Part::new("reason", reason)),
        );
        parts.extend(filled("candidates", &self.candidates));
        parts.extend(filled("fields", &self.fields));
        parts.extend(Part::remote(self.remote_data.as_ref()));
        parts
    }
}

fn filled<T: Serialize>(name: &'static str, items: &Vec<T>) -> Option<Part<'static>> {
    (!items.is_empty()).then(|| Part::new(name, items))
}

impl Batch {
    /// The batch as a caller of a unified route asked to see it: the fields that are left out, are left out of each record.
    pub(super) fn respond(&self, query: &Query) -> String {
        match query.format {
            Some(Format::Raw) => self.records(query),
            _ => show(query, self.parts(query)),
        }
    }

    fn parts(&self, query: &Query) -> Vec<Part<'_>> {
        vec![
            Part {
                name: "result",
                value: self.records(query).into(),
            },
            Part::new("created", &self.created),
            Part::new("updated", &self.updated),
            Part::new("failed", &self.failed),
            Part::new("unknown", &self.unknown),
            Part::new("fields", &self.fields),
        ]
    }

    fn records(&self, query: &Query) -> String {
        let records = self.result.iter();
        let records: Vec<_> = records.map(|record| show(query, record.parts())).collect();
        format!("[{}]", records.join(","))
    }
}

impl Written {
    /// Whether the record has the given fields now.
    #[must_use]
    pub const fn is_true(self) -> bool {
        matches!(self, Self::Created | Self::Updated)
    }
}

impl Serialize for Upsert {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::One(one) => one.serialize(serializer),
            Self::Many(batch) => batch.serialize(serializer),
        }
    }
}

/// How a vendor finds the record that an upsert means; the plan shows it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "UpsertStrategy"))]
pub struct Strategy {
    /// The way.
    pub strategy: Way,
    /// The vendor's field by which the record is found.
    pub key: String,
    /// What two callers at once may do.
    pub race: Race,
    /// The same as a sentence.
    pub says: &'static str,
    /// How many records of the input go this way.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub count: usize,
}

/// A way of upserting.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "UpsertWay"))]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// The vendor has an upsert, with rules of its own.
    Native,
    /// The vendor upserts by a property whose values are unique.
    UniqueProperty,
    /// The vendor upserts by an id of the caller's.
    ExternalId,
    /// The caller gave the vendor's id: an update.
    Id,
    /// A search, then an update or a create.
    SearchThenWrite,
}

/// What two callers at once may do.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "UpsertRace"))]
#[serde(rename_all = "snake_case")]
pub enum Race {
    /// The vendor decides: one record, whoever comes first.
    None,
    /// Both may find nothing and make one each.
    DuplicatesPossible,
}
