//! What works at HubSpot: the table that its mappers obey.

use super::associations::batch_create_default::LARGEST;
use super::objects::batch_upsert;
use super::{DEFAULT_VERSION, NAME};
use crate::id;
use crate::unified::capability::{Capability, Does, Key, Pair, Upserts};
use crate::unified::entity::Entity::{self, Accounts, Contacts, Leads, Opportunities};
use crate::unified::links::Rules;
use crate::unified::operation::Verb;
use crate::unified::upsert::{Race, Way};

/// What works at HubSpot.
pub const CAPABILITY: Capability = Capability {
    vendor: NAME,
    api_version: DEFAULT_VERSION,
    pairs: PAIRS,
    association_types: &[],
    upserts: UPSERTS,
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

/// What HubSpot upserts, and by what it finds a record.
const UPSERTS: &[Upserts] = &[
    Upserts {
        note: "`website` is the company's `domain`, without `https://` and `www.`; HubSpot refuses it as a key of its own upsert.",
        ..upserts(
            Accounts,
            &[
                Key {
                    asked: false,
                    ..searched("website", "domain")
                },
                searched("domain", "domain"),
                searched("name", "name"),
                UNIQUE,
            ],
        )
    },
    Upserts {
        note: "Only the first email address is sent: it is the key, and does not replace the address of a contact that is found by a further one.",
        ..upserts(
            Contacts,
            &[
                Key {
                    match_by: "email",
                    field: "email",
                    strategy: Way::UniqueProperty,
                    race: Race::None,
                    says: "HubSpot holds one contact for an email address, and decides by itself whether to make or to update it.",
                    any_case: true,
                    // As a field it would replace the contact's first address where it is found by a further one.
                    sent: false,
                    asked: false,
                },
                searched("phone", "phone"),
                UNIQUE,
            ],
        )
    },
    Upserts {
        note: "A lead needs a contact that is there when it is made: give its id in `contacts`.",
        ..upserts(Leads, &[searched("name", "hs_lead_name"), UNIQUE])
    },
    upserts(Opportunities, &[searched("name", "dealname"), UNIQUE]),
];

const fn upserts(entity: Entity, keys: &'static [Key]) -> Upserts {
    Upserts {
        batch: Some(batch_upsert::LARGEST),
        ..Upserts::by(entity, keys)
    }
}

/// A property of the account's own, declared unique.
const UNIQUE: Key = Key {
    match_by: "custom_fields.*",
    field: "",
    strategy: Way::UniqueProperty,
    race: Race::None,
    says: "The property is declared unique in the HubSpot account, and HubSpot decides by itself whether to make or to update.",
    any_case: false,
    sent: false,
    asked: true,
};

const fn searched(match_by: &'static str, field: &'static str) -> Key {
    Key {
        match_by,
        field,
        strategy: Way::SearchThenWrite,
        race: Race::DuplicatesPossible,
        says: "HubSpot's search shows a new record only after a while: two callers at once, or one soon after another, may each make one.",
        any_case: true,
        sent: true,
        asked: true,
    }
}
