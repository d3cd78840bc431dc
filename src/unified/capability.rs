//! What works where: the table that the mappers themselves obey.

use serde::Serialize;

use super::entity::Entity;
use super::operation::{TypeVerb, Verb};
use super::upsert::{Race, Way};
use crate::endpoint::Repeat;
use crate::error::Reason;

/// One pair of kinds of records, and what linking them takes at a vendor.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
pub struct Pair {
    /// The record's kind.
    pub from: Entity,
    /// The target's kind.
    pub to: Entity,
    /// The vendor's name of the link.
    pub link: &'static str,
    /// How many targets one record may have in this way.
    pub cardinality: Cardinality,
    /// The fields that a target may have besides its id.
    pub fields: &'static [&'static str],
    /// The fields that a target must have besides its id, for a link to be made.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[cfg_attr(feature = "types", ts(optional, as = "Option<Vec<String>>"))]
    pub required: &'static [&'static str],
    /// What can be done, and what it takes.
    pub verbs: &'static [Does],
    /// Why the pair is refused; absent where it can be linked. A pair that has `verbs` all the same is refused only to those
    /// who leave out what it requires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refused>,
    /// What a caller should know, and what no source says.
    #[serde(skip_serializing_if = "str::is_empty")]
    #[cfg_attr(feature = "types", ts(optional, as = "Option<String>"))]
    pub note: &'static str,
}

/// What one verb takes.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
pub struct Does {
    /// What is done.
    pub verb: Verb,
    /// What is read before anything is written; absent where nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reads: Option<&'static str>,
    /// How many links one vendor call carries at most; absent where no limit is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "number", optional))]
    pub batch: Option<usize>,
    /// What sending it twice does.
    pub repeat: Repeat,
    /// What else it changes or takes away; absent where nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destructive: Option<&'static str>,
    /// The scopes that the vendor's documentation names.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[cfg_attr(feature = "types", ts(optional, as = "Option<Vec<String>>"))]
    pub scopes: &'static [&'static str],
}

/// Why something is refused.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Refused {
    /// The reason as a word.
    pub reason: Reason,
    /// The reason as a sentence.
    pub message: &'static str,
}

/// How many targets one record may have.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Cardinality {
    /// One.
    One,
    /// Several.
    Many,
}

/// What works at one vendor.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Capability {
    /// The vendor's name.
    #[cfg_attr(feature = "types", ts(type = "Vendor"))]
    pub vendor: &'static str,
    /// The version of the vendor's API that the mappers choose.
    pub api_version: &'static str,
    /// What can be linked, and what is refused and why. A pair that is not listed cannot be linked.
    pub pairs: &'static [Pair],
    /// What can be done to the definitions of links; a verb that is not listed cannot be done.
    #[cfg_attr(feature = "types", ts(as = "Vec<TypeVerb>"))]
    pub association_types: &'static [TypeVerb],
    /// What can be upserted, and what is refused and why.
    pub upserts: &'static [Upserts],
    /// Where these facts come from.
    pub source: &'static str,
}

/// How records of one kind are upserted.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
pub struct Upserts {
    /// The kind.
    pub entity: Entity,
    /// By what a record can be found besides its id. Of those that a record has the first is taken, unless `match_by` names
    /// one; but for those that are to be asked for.
    pub keys: &'static [Key],
    /// How many records one vendor call writes at most, where they are found by a key of the vendor's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "number", optional))]
    pub batch: Option<usize>,
    /// Why it is refused; absent where it works.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refused>,
    /// What a caller should know, and what no source says.
    #[serde(skip_serializing_if = "str::is_empty")]
    #[cfg_attr(feature = "types", ts(optional, as = "Option<String>"))]
    pub note: &'static str,
}

/// A field by which a record can be found.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "UpsertKey"))]
pub struct Key {
    /// What `match_by` calls it; `custom_fields.*` stands for a field that the caller names.
    pub match_by: &'static str,
    /// The vendor's field; empty for one that the caller names.
    pub field: &'static str,
    /// How the record is found.
    pub strategy: Way,
    /// What two callers at once may do.
    pub race: Race,
    /// The same as a sentence.
    pub says: &'static str,
    /// Whether the vendor sees no difference between `A` and `a` in it.
    pub any_case: bool,
    /// Whether it is sent as a field too, besides being the key.
    pub sent: bool,
    /// Whether it is taken only when `match_by` names it, since records that are not the same share it: a name, for
    /// instance.
    pub asked: bool,
}

impl Upserts {
    /// A kind that can be upserted.
    #[must_use]
    pub const fn by(entity: Entity, keys: &'static [Key]) -> Self {
        Self {
            entity,
            keys,
            batch: None,
            refused: None,
            note: "",
        }
    }

    /// A kind that cannot be upserted, with the reason.
    #[must_use]
    pub const fn refused(entity: Entity, reason: Reason, message: &'static str) -> Self {
        Self {
            refused: Some(Refused { reason, message }),
            ..Self::by(entity, &[])
        }
    }

    /// The row of a kind in a vendor's table.
    #[must_use]
    pub fn of(entity: Entity, rows: &'static [Self]) -> Option<&'static Self> {
        rows.iter().find(|row| row.entity == entity)
    }
}

impl Pair {
    /// A pair that can be linked.
    #[must_use]
    pub const fn linked(
        from: Entity,
        to: Entity,
        link: &'static str,
        verbs: &'static [Does],
    ) -> Self {
        Self {
            from,
            to,
            link,
            cardinality: Cardinality::Many,
            fields: &[],
            required: &[],
            verbs,
            refused: None,
            note: "",
        }
    }

    /// A pair that is refused, with the reason.
    #[must_use]
    pub const fn refused(from: Entity, to: Entity, reason: Reason, message: &'static str) -> Self {
        Self {
            refused: Some(Refused { reason, message }),
            ..Self::linked(from, to, "", &[])
        }
    }

    /// What a verb takes; `None` where it cannot be done.
    #[must_use]
    pub fn does(&self, verb: Verb) -> Option<&'static Does> {
        self.verbs.iter().find(|does| does.verb == verb)
    }
}

impl Does {
    /// A verb that reads nothing first, changes nothing else, carries one link a call, and may be repeated.
    #[must_use]
    pub const fn new(verb: Verb) -> Self {
        Self {
            verb,
            reads: None,
            batch: Some(1),
            repeat: Repeat::Safe,
            destructive: None,
            scopes: &[],
        }
    }
}
