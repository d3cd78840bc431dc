//! The kinds of CRM records.

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
}

impl Entity {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Accounts,
        Self::Contacts,
        Self::Leads,
        Self::Opportunities,
        Self::Organizations,
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
        }
    }
}
