//! What an operation answers.

mod lines;
mod links;
mod show;

use std::collections::BTreeMap;

use serde::Serialize;

pub use self::lines::Told;
pub use self::links::{End, LinkReceipt, Linked, Linking, Outcome, Undo, UndoInput, UndoTargets};
pub(super) use self::show::{Part, show};
use super::association_type::Types;
use super::listing::Listed;
use super::query::{Format, Query};
use super::upsert::Upsert;
use crate::endpoint::json;
use crate::error::Report;

/// What is now true, whatever the operation.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Receipt {
    /// Of `associations.create`, `remove` and `set`.
    Links(Linking),
    /// Of `associations.list`.
    Listed(Listed),
    /// Of the `association_types` operations.
    Types(Types),
    /// Of the upserts.
    Upsert(Upsert),
}

impl Receipt {
    /// The receipt as a caller of a unified route asked to see it.
    #[must_use]
    pub fn respond(&self, query: &Query) -> String {
        match self {
            Self::Upsert(Upsert::Many(batch)) => batch.respond(query),
            _ => show(query, self.parts(query)),
        }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Links(links) => links.status(),
            Self::Listed(listed) => listed.status(),
            Self::Types(types) => types.status(),
            Self::Upsert(upsert) => upsert.status(),
        }
    }

    /// The reason that says most of the whole, where something is not as it was asked.
    #[must_use]
    pub fn reason(&self) -> Option<&Report> {
        match self {
            Self::Links(links) => links.reason(),
            Self::Listed(listed) => listed.reason(),
            Self::Types(types) => types.reason(),
            Self::Upsert(upsert) => upsert.reason(),
        }
    }

    /// Whether anything is as it was asked, or may be: an operation of which nothing is answers an error.
    #[must_use]
    pub fn stands(&self) -> bool {
        match self {
            Self::Links(links) => links.stands(),
            Self::Listed(listed) => listed.reason().is_none(),
            Self::Types(types) => types.reason().is_none(),
            Self::Upsert(upsert) => !upsert.is_failure(),
        }
    }

    /// What became of each link, where the operation is about links.
    #[must_use]
    pub fn links(&self) -> &[LinkReceipt] {
        match self {
            Self::Links(links) => &links.links,
            Self::Listed(_) | Self::Types(_) | Self::Upsert(_) => &[],
        }
    }

    /// How often it came to what, over links and records.
    #[must_use]
    pub fn outcomes(&self) -> BTreeMap<String, usize> {
        let mut counted = BTreeMap::new();
        let mut count = |outcome: String| *counted.entry(outcome).or_default() += 1;
        let of_links = |links: &[LinkReceipt], count: &mut dyn FnMut(String)| {
            links.iter().for_each(|link| count(word(&link.outcome)));
        };
        match self {
            Self::Links(links) => of_links(&links.links, &mut count),
            Self::Listed(_) | Self::Types(Types::Several(_) | Types::Failed(_)) => {}
            Self::Types(Types::One(one)) => count(word(&one.outcome)),
            Self::Upsert(upsert) => {
                for record in upsert.records() {
                    count(word(&record.outcome));
                    of_links(&record.links, &mut count);
                }
            }
        }
        counted
    }

    fn parts(&self, query: &Query) -> Vec<Part<'_>> {
        let empty = query.format != Some(Format::Normalized);
        match self {
            Self::Links(links) => links.parts(empty),
            Self::Listed(listed) => listed.parts(empty),
            Self::Types(types) => types.parts(),
            Self::Upsert(upsert) => upsert.parts(query),
        }
    }
}

/// A word of ours, as JSON has it but without its quotes.
fn word(outcome: &impl Serialize) -> String {
    json(outcome).trim_matches('"').to_owned()
}
