//! What `associations.list` answers: the links that there are, in the words in which `set` takes them.

use std::borrow::Cow;

use serde::Serialize;
use serde::ser::SerializeMap;

use super::association::{Listing, Target};
use super::entity::{Entity, Kind};
use super::links::{Rules, check_kind, impossible, pair};
use super::operation::Verb;
use super::problem::status_for;
use super::receipt::Part;
use crate::error::{Refusal, Report};
use crate::json::Raw;

/// The links of a record.
#[derive(Debug, Serialize)]
pub struct Listed {
    /// What the record is.
    pub entity: Cow<'static, str>,
    /// Its id.
    pub entity_id: String,
    /// The records that it is linked with, by kind, each as `associations.set` takes it.
    pub associations: Found,
    /// The kinds that could not be listed, each with the reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<NotListed>,
    /// The vendor's answers, untouched: one as it came, several as a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote_data: Option<Raw>,
}

/// A kind that could not be listed.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct NotListed {
    /// The kind.
    pub entity: Cow<'static, str>,
    /// Why.
    pub reason: Report,
}

/// Linked records by kind, in the order in which the kinds were first looked at.
#[derive(Debug, Default)]
pub struct Found(Vec<(Kind<'static>, Vec<Target<'static>>)>);

impl Found {
    /// Notes that a kind was looked at, and the records that were seen there.
    pub fn add(&mut self, kind: &Kind<'_>, seen: impl IntoIterator<Item = Target<'static>>) {
        match self.0.iter_mut().find(|(known, _)| known.is(kind)) {
            Some((_, targets)) => targets.extend(seen),
            None => self
                .0
                .push((kind.clone().into_owned(), seen.into_iter().collect())),
        }
    }

    /// The records of a kind that were seen so far.
    #[must_use]
    pub fn of(&self, kind: &Kind<'_>) -> &[Target<'static>] {
        let found = self.0.iter().find(|(known, _)| known.is(kind));
        found.map_or(&[], |(_, targets)| targets)
    }
}

/// The kinds whose links are to be listed: those that were asked for, or all that the vendor lists.
///
/// # Errors
/// A refusal of the id, of a kind that cannot be listed, or of a record that has no links at this vendor.
pub fn kinds(listing: &Listing<'_>, rules: &Rules) -> Result<Vec<Kind<'static>>, Refusal> {
    if let Some(fault) = (rules.fault)(listing.entity_id.as_str()) {
        return Err(Refusal::id("entity_id", fault));
    }
    check_kind("entity", &listing.kind, rules)?;
    let from = listing.kind.entity;
    for kind in &listing.to {
        check_kind("to", kind, rules)?;
        let known = pair(rules, from, kind.entity);
        let path = "to".to_owned();
        if let Some(refusal) =
            impossible(rules.vendor, &listing.kind, kind, known, Verb::List, path)
        {
            return Err(refusal);
        }
    }
    if !listing.to.is_empty() {
        return Ok(listing.to.iter().cloned().map(Kind::into_owned).collect());
    }
    let pairs = rules.pairs.iter();
    let pairs = pairs.filter(|pair| pair.from == from && pair.to != Entity::Custom);
    let listed = pairs.filter(|pair| pair.does(Verb::List).is_some());
    let kinds: Vec<_> = listed.map(|pair| Kind::of(pair.to)).collect();
    if kinds.is_empty() {
        let to = Kind::of(Entity::Custom);
        let path = "entity".to_owned();
        let refusal = impossible(rules.vendor, &listing.kind, &to, None, Verb::List, path);
        return Err(refusal.unwrap_or_else(|| Refusal::input("to", "expected the kinds to list")));
    }
    Ok(kinds)
}

impl Listed {
    /// 200 where all was listed, 207 where some was, else the reason's own.
    pub(super) fn status(&self) -> u16 {
        match self.failed.first() {
            None => 200,
            Some(_) if !self.associations.0.is_empty() => 207,
            Some(failed) => status_for(&failed.reason),
        }
    }

    /// Why nothing could be listed.
    pub(super) fn reason(&self) -> Option<&Report> {
        let failed = self.failed.first()?;
        self.associations.0.is_empty().then_some(&failed.reason)
    }

    pub(super) fn parts(&self, empty: bool) -> Vec<Part<'_>> {
        let mut parts = vec![
            Part::new("entity", &self.entity),
            Part::new("entity_id", &self.entity_id),
            Part::new("associations", &Shown(&self.associations, empty)),
        ];
        if !self.failed.is_empty() {
            parts.push(Part::new("failed", &self.failed));
        }
        parts.extend(Part::remote(self.remote_data.as_ref()));
        parts
    }
}

impl Serialize for Found {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Shown(self, true).serialize(serializer)
    }
}

/// The kinds, with or without those that have no links; accounts stand under `acocunts` too, as in every answer.
struct Shown<'r>(&'r Found, bool);

impl Serialize for Shown<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (kind, targets) in &self.0.0 {
            if targets.is_empty() && !self.1 {
                continue;
            }
            if kind.as_str() == "accounts" {
                map.serialize_entry("acocunts", targets)?;
            }
            map.serialize_entry(kind.as_str(), targets)?;
        }
        map.end()
    }
}
