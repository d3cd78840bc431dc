//! What works at HubSpot: the table that its mappers obey.

use super::associations::batch_create_default::LARGEST;
use super::{DEFAULT_VERSION, NAME};
use crate::id;
use crate::unified::capability::{Capability, Does, Pair};
use crate::unified::entity::Entity::{self, Accounts, Contacts, Leads, Opportunities};
use crate::unified::links::Rules;
use crate::unified::operation::Verb;

/// What works at HubSpot.
pub const CAPABILITY: Capability = Capability {
    vendor: NAME,
    api_version: DEFAULT_VERSION,
    pairs: PAIRS,
    association_types: &[],
    upserts: &[],
    source: "https://developers.hubspot.com/docs/api-reference/crm-associations-v4/guide",
};

/// What HubSpot holds, and how it tells ids apart.
pub static RULES: Rules = Rules {
    vendor: NAME,
    pairs: PAIRS,
    fault: id::fault,
    same: |id| id,
    key: id::fault,
};

/// HubSpot's table of type ids has a default for each of these; none for two leads.
const PAIRS: &[Pair] = &[
    pair(Contacts, Contacts),
    pair(Contacts, Accounts),
    pair(Contacts, Opportunities),
    pair(Contacts, Leads),
    pair(Accounts, Contacts),
    pair(Accounts, Accounts),
    pair(Accounts, Opportunities),
    pair(Accounts, Leads),
    pair(Opportunities, Contacts),
    pair(Opportunities, Accounts),
    pair(Opportunities, Opportunities),
    pair(Opportunities, Leads),
    pair(Leads, Contacts),
    pair(Leads, Accounts),
    pair(Leads, Opportunities),
];

const fn pair(from: Entity, to: Entity) -> Pair {
    Pair::linked(from, to, "default association", VERBS)
}

const VERBS: &[Does] = &[Does {
    batch: Some(LARGEST),
    scopes: SCOPES,
    ..Does::new(Verb::Create)
}];

const SCOPES: &[&str] = &[
    "crm.objects.{fromObjectType}.write",
    "crm.objects.{toObjectType}.write",
];
