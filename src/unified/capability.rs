//! What works where: the table that the mappers themselves obey.

use serde::Serialize;

use super::entity::Entity;
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
    /// The fields that a target must have besides its id.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[cfg_attr(feature = "types", ts(optional, as = "Option<Vec<String>>"))]
    pub required: &'static [&'static str],
    /// Whether the state is read before anything is written.
    pub reads: bool,
    /// How many links one vendor call makes at most; absent where no limit is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "number", optional))]
    pub batch: Option<usize>,
    /// Why the pair is refused; absent where it can be linked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refused>,
    /// What a caller should know, and what no source says.
    #[serde(skip_serializing_if = "str::is_empty")]
    #[cfg_attr(feature = "types", ts(optional, as = "Option<String>"))]
    pub note: &'static str,
}

/// Why a pair is refused.
#[derive(Debug, Serialize)]
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

/// The pairs of one operation at one vendor.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Capability {
    /// The vendor's name.
    #[cfg_attr(feature = "types", ts(type = "Vendor"))]
    pub vendor: &'static str,
    /// The operation.
    pub operation: &'static str,
    /// The version of the vendor's API that the mapper chooses.
    pub api_version: &'static str,
    /// What can be linked, and what is refused and why. A pair that is not listed cannot be linked.
    pub pairs: &'static [Pair],
    /// Where these facts come from.
    pub source: &'static str,
}

impl Pair {
    /// A pair that can be linked.
    #[must_use]
    pub const fn linked(from: Entity, to: Entity, link: &'static str) -> Self {
        Self {
            from,
            to,
            link,
            cardinality: Cardinality::Many,
            fields: &[],
            required: &[],
            reads: false,
            batch: Some(1),
            refused: None,
            note: "",
        }
    }

    /// A pair that is refused, with the reason.
    #[must_use]
    pub const fn refused(from: Entity, to: Entity, reason: Reason, message: &'static str) -> Self {
        Self {
            refused: Some(Refused { reason, message }),
            ..Self::linked(from, to, "")
        }
    }
}
