//! What works at LeadConnector: the table that its mappers obey.

use super::{DEFAULT_VERSION, NAME};
use crate::error::Reason;
use crate::id;
use crate::unified::capability::{Capability, Cardinality, Does, Pair};
use crate::unified::entity::Entity::{self, Accounts, Contacts, Leads, Opportunities};
use crate::unified::links::Rules;
use crate::unified::operation::Verb;

/// What works at LeadConnector.
pub const CAPABILITY: Capability = Capability {
    vendor: NAME,
    api_version: DEFAULT_VERSION,
    pairs: PAIRS,
    association_types: &[],
    upserts: &[],
    source: "https://highlevel.stoplight.io/docs/integrations/",
};

/// What LeadConnector holds, and how it tells ids apart.
pub static RULES: Rules = Rules {
    vendor: NAME,
    pairs: PAIRS,
    fault: id::fault,
    same: |id| id,
    key: id::fault,
};

const TYPED: &[&str] = &["association_type"];
const NO_LEADS: &str = "LeadConnector has no lead records: its leads are contacts or opportunities";
const OWN_DEFINITION: &str =
    "Give the key of a definition of yours (leadconnector.associations.create makes one).";
const SYSTEM_DEFINITION: &str =
    "The key of the location's own definition is seen in public code, not in the documentation.";

const PAIRS: &[Pair] = &[
    system(Opportunities, Contacts),
    system(Contacts, Opportunities),
    system(Accounts, Contacts),
    Pair {
        cardinality: Cardinality::One,
        ..system(Contacts, Accounts)
    },
    own(Contacts, Contacts),
    own(Accounts, Accounts),
    own(Opportunities, Opportunities),
    own(Accounts, Opportunities),
    own(Opportunities, Accounts),
    Pair::refused(Accounts, Leads, Reason::AssociationUnsupported, NO_LEADS),
    Pair::refused(Contacts, Leads, Reason::AssociationUnsupported, NO_LEADS),
    Pair::refused(
        Opportunities,
        Leads,
        Reason::AssociationUnsupported,
        NO_LEADS,
    ),
    Pair::refused(Leads, Accounts, Reason::AssociationUnsupported, NO_LEADS),
    Pair::refused(Leads, Contacts, Reason::AssociationUnsupported, NO_LEADS),
    Pair::refused(Leads, Leads, Reason::AssociationUnsupported, NO_LEADS),
    Pair::refused(
        Leads,
        Opportunities,
        Reason::AssociationUnsupported,
        NO_LEADS,
    ),
];

const fn system(from: Entity, to: Entity) -> Pair {
    Pair {
        fields: TYPED,
        note: SYSTEM_DEFINITION,
        ..Pair::linked(from, to, "relation", VERBS)
    }
}

const fn own(from: Entity, to: Entity) -> Pair {
    Pair {
        required: TYPED,
        note: OWN_DEFINITION,
        ..Pair::linked(from, to, "relation", VERBS)
    }
}

const VERBS: &[Does] = &[Does {
    reads: Some("the definition of each kind of link"),
    scopes: &["associations.readonly", "associations/relation.write"],
    ..Does::new(Verb::Create)
}];
