//! What works at Truto: the table that its mappers obey.

use super::NAME;
use crate::endpoint::Repeat;
use crate::error::Reason;
use crate::id;
use crate::unified::capability::{Capability, Does, Pair, Upserts};
use crate::unified::entity::Entity::{
    self, Accounts, Contacts, Leads, Opportunities, Organizations,
};
use crate::unified::links::Rules;
use crate::unified::operation::Verb;

/// What Truto's page lists. What it can link depends on the vendor behind the account, which Truto tells.
pub const CAPABILITY: Capability = Capability {
    vendor: NAME,
    api_version: "unified",
    pairs: PAIRS,
    association_types: &[],
    upserts: &[
        Upserts::refused(Accounts, Reason::NotPublic, NO_UPSERT),
        Upserts::refused(Contacts, Reason::NotPublic, NO_UPSERT),
        Upserts::refused(Leads, Reason::NotPublic, NO_UPSERT),
        Upserts::refused(Opportunities, Reason::NotPublic, NO_UPSERT),
    ],
    source: "https://truto.one/docs/api-reference/unified-crm-api/associations/create",
};

const NO_UPSERT: &str = "Truto's pages have no upsert: connect to the vendor behind the account";

/// What Truto takes, and how it tells ids apart.
pub static RULES: Rules = Rules {
    vendor: NAME,
    pairs: PAIRS,
    fault: id::fault,
    same: |id| id,
    key: |_| {
        Some(
            "expected accounts, contacts, leads or opportunities: Truto's page knows no custom objects",
        )
    },
};

const PAIRS: &[Pair] = &[
    pair(Accounts, Accounts),
    pair(Accounts, Contacts),
    pair(Accounts, Leads),
    pair(Accounts, Opportunities),
    pair(Contacts, Accounts),
    pair(Contacts, Leads),
    pair(Contacts, Opportunities),
    pair(Contacts, Organizations),
    pair(Leads, Accounts),
    pair(Leads, Contacts),
    pair(Leads, Opportunities),
    pair(Opportunities, Accounts),
    pair(Opportunities, Contacts),
    pair(Opportunities, Leads),
    pair(Opportunities, Opportunities),
    pair(Opportunities, Organizations),
];

const fn pair(from: Entity, to: Entity) -> Pair {
    Pair {
        note: "What Truto writes for it at the vendor behind the account is not published.",
        ..Pair::linked(from, to, "association", VERBS)
    }
}

/// Truto documents a create and nothing else: no list, no delete.
const VERBS: &[Does] = &[Does {
    batch: None,
    repeat: Repeat::Look,
    ..Does::new(Verb::Create)
}];
