//! What is now true, link by link.

use std::borrow::Cow;

use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq};

use super::show::Part;
use crate::error::{Report, Sent};
use crate::json::Raw;
use crate::unified::association::Target;
use crate::unified::operation::Verb;
use crate::unified::problem::status_for;

/// What became of an `associations.create`, `remove` or `set`.
#[derive(Debug, Serialize)]
pub struct Linking {
    /// What the record is.
    pub entity: Cow<'static, str>,
    /// Its id.
    pub entity_id: String,
    /// What is now linked with it, of what was asked.
    pub associations: Linked,
    /// One entry for each asked link, in the caller's order, and for each that a `set` took away.
    pub links: Vec<LinkReceipt>,
    /// Why it is not known which links of a kind a `set` is to take away.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<Report>,
    /// The operations that take back what this one did, the last one first. Absent where nothing of it can be taken back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub undo: Vec<Undo>,
    /// The vendor's answers, untouched: one as it came, several as a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote_data: Option<Raw>,
}

impl Linking {
    /// 201 where a link was made and all is as asked, 200 where all was so before or only links were taken away, 207 where
    /// some is, else the reason's own.
    pub(super) fn status(&self) -> u16 {
        let outcomes = || self.links.iter().map(|link| link.outcome);
        if outcomes().all(Outcome::is_good) && self.failed.is_empty() {
            return if outcomes().any(|outcome| outcome == Outcome::Linked) {
                201
            } else {
                200
            };
        }
        if outcomes().any(Outcome::is_good) {
            return 207;
        }
        // Nothing is as asked: the reason's own status, and 502 where nobody can tell.
        self.reason().map_or(502, status_for)
    }

    /// The reason that says most of the whole: of a link that may have been made, else of one that was tried, else the
    /// first.
    pub(super) fn reason(&self) -> Option<&Report> {
        let reasons = || {
            let links = self.links.iter();
            links.filter_map(|link| Some((link.outcome, link.reason.as_deref()?)))
        };
        reasons()
            .find(|(outcome, _)| *outcome == Outcome::Unknown)
            .or_else(|| reasons().find(|(_, reason)| reason.sent != Sent::No))
            .or_else(|| reasons().next())
            .map(|(_, reason)| reason)
            .or(self.failed.first())
    }

    pub(super) fn stands(&self) -> bool {
        let good = |outcome: Outcome| outcome.is_good() || outcome == Outcome::Unknown;
        (self.links.is_empty() && self.failed.is_empty())
            || self.links.iter().any(|link| good(link.outcome))
    }

    pub(super) fn parts(&self, empty: bool) -> Vec<Part<'_>> {
        let kinds = self.associations.0.iter();
        let kinds = kinds.filter(|(_, ids)| empty || !ids.is_empty());
        let mut parts = vec![
            Part::new("entity", &self.entity),
            Part::new("entity_id", &self.entity_id),
            Part::new("associations", &Kinds(kinds.collect())),
            Part::new("links", &self.links),
        ];
        if !self.failed.is_empty() {
            parts.push(Part::new("failed", &self.failed));
        }
        if !self.undo.is_empty() {
            parts.push(Part::new("undo", &self.undo));
        }
        parts.extend(Part::remote(self.remote_data.as_ref()));
        parts
    }
}

/// What became of one link.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
pub struct LinkReceipt {
    /// The record.
    pub from: End,
    /// The target.
    pub to: End,
    /// What is now true.
    pub outcome: Outcome,
    /// Why it is not as asked, or why that cannot be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Box<Report>>,
    /// Whether what was done can be taken back as `undo` says; absent where nothing was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reversible: Option<bool>,
    /// Its place among the links of the receipt.
    #[serde(skip)]
    pub(in crate::unified) place: usize,
}

/// One end of a link.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct End {
    /// What the record is: a word of the vocabulary, or the vendor's key.
    pub entity: Cow<'static, str>,
    /// Its id, as the caller gave it.
    pub id: String,
}

/// What is now true of a link.
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
    /// It was there, and was taken away.
    Removed,
    /// It was not there before.
    AlreadyRemoved,
    /// It was not taken away by this call.
    NotRemoved,
    /// It cannot be told: `reason` says how to find out.
    Unknown,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Linked,
        Self::AlreadyLinked,
        Self::NotLinked,
        Self::Removed,
        Self::AlreadyRemoved,
        Self::NotRemoved,
        Self::Unknown,
    ];

    /// Whether it is as it was asked.
    #[must_use]
    pub const fn is_good(self) -> bool {
        matches!(
            self,
            Self::Linked | Self::AlreadyLinked | Self::Removed | Self::AlreadyRemoved
        )
    }

    /// Whether the link is known to exist now. One that was not removed may never have been there.
    #[must_use]
    pub const fn is_there(self) -> bool {
        matches!(self, Self::Linked | Self::AlreadyLinked)
    }
}

/// An operation that takes back what another one did.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Undo {
    /// Its name.
    #[cfg_attr(
        feature = "types",
        ts(type = "\"associations.create\" | \"associations.remove\"")
    )]
    pub operation: &'static str,
    /// Its input.
    pub input: UndoInput,
}

/// The input of an operation that takes back what another one did.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct UndoInput {
    /// What the record is.
    pub entity: Cow<'static, str>,
    /// Its id.
    pub entity_id: String,
    /// The targets by kind.
    #[cfg_attr(feature = "types", ts(type = "Record<string, Target[]>"))]
    pub associations: UndoTargets,
}

/// Targets by kind.
#[derive(Debug)]
pub struct UndoTargets(pub(in crate::unified) Vec<(Cow<'static, str>, Vec<Target<'static>>)>);

impl Undo {
    /// Puts a step to those that are to be taken, with others of the same operation and record.
    pub(in crate::unified) fn push(
        steps: &mut Vec<Self>,
        verb: Verb,
        (entity, entity_id): (&Cow<'static, str>, &str),
        to: Cow<'static, str>,
        target: Target<'static>,
    ) {
        let operation = verb.operation();
        let same = |step: &Self| {
            step.operation == operation
                && step.input.entity == *entity
                && step.input.entity_id == entity_id
        };
        // The steps of one link follow each other: none may be moved before another one of the same target.
        let touches = |step: &Self| {
            let kinds = step.input.associations.0.iter();
            let mut latest = kinds.flat_map(|(_, targets)| targets.iter().rev().take(LATEST));
            latest.any(|other| other.id == target.id)
        };
        let step = steps.iter().enumerate().rev();
        let step = step.take_while(|(_, step)| same(step) || !touches(step));
        let place = step
            .into_iter()
            .find(|(_, step)| same(step))
            .map(|(place, _)| place);
        let Some(step) = place.and_then(|place| steps.get_mut(place)) else {
            steps.push(Self {
                operation,
                input: UndoInput {
                    entity: entity.clone(),
                    entity_id: entity_id.to_owned(),
                    associations: UndoTargets(vec![(to, vec![target])]),
                },
            });
            return;
        };
        let kinds = &mut step.input.associations.0;
        match kinds.iter_mut().find(|(kind, _)| *kind == to) {
            Some((_, targets)) => targets.push(target),
            None => kinds.push((to, vec![target])),
        }
    }
}

/// How many targets at the end of a step may be of the link whose steps are put together.
const LATEST: usize = 4;

impl Serialize for UndoTargets {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(kind, targets)| (kind, targets)))
    }
}

/// A target as a caller writes it.
impl Serialize for Target<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id)?;
        if let Some(roles) = &self.role {
            map.serialize_entry("role", &OneOrList(roles))?;
        }
        if let Some(primary) = self.primary {
            map.serialize_entry("primary", &primary)?;
        }
        if let Some(types) = &self.association_type {
            map.serialize_entry("association_type", &OneOrList(types))?;
        }
        if let Some(replace) = self.replace {
            map.serialize_entry("replace", &replace)?;
        }
        map.end()
    }
}

/// One value as itself, several as a list.
struct OneOrList<'a, T>(&'a [T]);

impl<T: AsRef<str>> Serialize for OneOrList<'_, T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let [only] = self.0 {
            return serializer.serialize_str(only.as_ref());
        }
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for item in self.0 {
            list.serialize_element(item.as_ref())?;
        }
        list.end()
    }
}

/// Linked records by kind, in the founding page's shape: accounts stand under `acocunts` too, as its clients expect.
#[derive(Debug)]
pub struct Linked(pub Vec<(Cow<'static, str>, Vec<String>)>);

impl Serialize for Linked {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Kinds(self.0.iter().collect()).serialize(serializer)
    }
}

struct Kinds<'r>(Vec<&'r (Cow<'static, str>, Vec<String>)>);

impl Serialize for Kinds<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Id<'a> {
            id: &'a str,
        }
        let mut map = serializer.serialize_map(None)?;
        for (entity, ids) in &self.0 {
            let ids: Vec<_> = ids.iter().map(|id| Id { id }).collect();
            if entity == "accounts" {
                map.serialize_entry("acocunts", &ids)?;
            }
            map.serialize_entry(entity, &ids)?;
        }
        map.end()
    }
}
