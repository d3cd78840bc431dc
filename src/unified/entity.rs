//! The kinds of CRM records.

use std::borrow::Cow;

use serde::Serialize;

/// A kind of record, in the vocabulary of the unified API.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Entity {
    /// Companies.
    Accounts,
    /// People.
    Contacts,
    /// People or companies not yet qualified.
    Leads,
    /// Deals.
    Opportunities,
    /// Companies, at the vendors of Truto that tell them from accounts.
    Organizations,
    /// Any other kind; the caller names it by the vendor's own key.
    Custom,
}

impl Entity {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Accounts,
        Self::Contacts,
        Self::Leads,
        Self::Opportunities,
        Self::Organizations,
        Self::Custom,
    ];

    /// The word as it stands in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Contacts => "contacts",
            Self::Leads => "leads",
            Self::Opportunities => "opportunities",
            Self::Organizations => "organizations",
            Self::Custom => "custom",
        }
    }

    /// Whether a word is the key of a custom kind: vendors' keys have a digit, a capital or a sign (`2-3465404`,
    /// `custom_objects.pets`, `Invoice__c`), which the words of this vocabulary have not.
    #[must_use]
    pub fn is_key(word: &str) -> bool {
        word.contains(|sign: char| !sign.is_ascii_lowercase())
    }
}

/// A kind of record with its name: the vocabulary's word, or the vendor's key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Kind<'a> {
    /// Which of the vocabulary's kinds it is.
    pub entity: Entity,
    /// Its name as the caller wrote it.
    pub name: Cow<'a, str>,
}

impl Kind<'_> {
    /// A kind of the vocabulary.
    #[must_use]
    pub const fn of(entity: Entity) -> Kind<'static> {
        Kind {
            entity,
            name: Cow::Borrowed(entity.as_str()),
        }
    }

    /// The name that answers give it: a misspelling is not repeated.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self.entity {
            Entity::Custom => &self.name,
            known => known.as_str(),
        }
    }

    /// Whether both are one kind, whatever their spelling.
    #[must_use]
    pub fn is(&self, other: &Kind<'_>) -> bool {
        self.entity == other.entity && self.as_str() == other.as_str()
    }

    /// The same, owning its text.
    #[must_use]
    pub fn into_owned(self) -> Kind<'static> {
        Kind {
            entity: self.entity,
            name: Cow::Owned(self.name.into_owned()),
        }
    }
}
