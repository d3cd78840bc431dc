//! What works at HubSpot: the table that its mappers obey.

use super::associations::batch_create::LARGEST;
use super::objects::batch_upsert;
use super::{DEFAULT_VERSION, NAME};
use crate::id;
use crate::unified::capability::{Capability, Does, Key, Pair, Upserts};
use crate::unified::entity::Entity::{self, Accounts, Contacts, Custom, Leads, Opportunities};
use crate::unified::links::Rules;
use crate::unified::operation::{TypeVerb, Verb};
use crate::unified::upsert::{Race, Way};

/// What works at HubSpot.
pub const CAPABILITY: Capability = Capability {
    vendor: NAME,
    api_version: DEFAULT_VERSION,
    pairs: PAIRS,
    association_types: &[
        TypeVerb::Create,
        TypeVerb::List,
        TypeVerb::Get,
        TypeVerb::Update,
        TypeVerb::Delete,
    ],
    upserts: UPSERTS,
    source: "https://developers.hubspot.com/docs/api-reference/crm-associations-v4/guide",
};

/// What HubSpot holds, and how it tells ids apart.
pub static RULES: Rules = Rules {
    vendor: NAME,
    pairs: PAIRS,
    fault: id::fault,
    same: |id| id,
    key,
};

/// HubSpot's table of type ids has a default for each of these; none for two leads.
const PAIRS: &[Pair] = &[
    labelled(Contacts, Contacts),
    primary(Contacts, Accounts),
    labelled(Contacts, Opportunities),
    labelled(Contacts, Leads),
    primary(Accounts, Contacts),
    family(Accounts, Accounts),
    primary(Accounts, Opportunities),
    labelled(Accounts, Leads),
    labelled(Opportunities, Contacts),
    primary(Opportunities, Accounts),
    labelled(Opportunities, Opportunities),
    primary(Opportunities, Leads),
    primary(Leads, Contacts),
    primary(Leads, Accounts),
    primary(Leads, Opportunities),
    custom(Contacts, Custom),
    custom(Accounts, Custom),
    custom(Leads, Custom),
    custom(Opportunities, Custom),
    custom(Custom, Contacts),
    custom(Custom, Accounts),
    custom(Custom, Leads),
    custom(Custom, Opportunities),
    custom(Custom, Custom),
];

const fn labelled(from: Entity, to: Entity) -> Pair {
    Pair {
        fields: &["role", "association_type"],
        note: "A role is the text of a label of the account's, or of HubSpot's own; association_type is its number.",
        ..Pair::linked(from, to, "association", VERBS)
    }
}

const fn primary(from: Entity, to: Entity) -> Pair {
    Pair {
        fields: &["role", "primary", "association_type"],
        note: "A role is the text of a label of the account's, or of HubSpot's own; association_type is its number. The first record of a pair's kind may become the primary one by itself; one that is made primary takes the place of the one before.",
        ..Pair::linked(from, to, "association", VERBS)
    }
}

const fn family(from: Entity, to: Entity) -> Pair {
    Pair {
        note: "The role parent or child says what the target is; any other is the text of a label. association_type is a label's number.",
        ..labelled(from, to)
    }
}

const fn custom(from: Entity, to: Entity) -> Pair {
    Pair {
        note: "Any other type of records by HubSpot's name or id: 2-3465404, p123_name, 0-5 for tickets, partner_clients. Not known: whether every pair of types has a default association.",
        ..labelled(from, to)
    }
}

const VERBS: &[Does] = &[
    Does {
        batch: Some(LARGEST),
        scopes: SCOPES,
        ..Does::new(Verb::Create)
    },
    Does {
        reads: Some("the record's associations of the kind"),
        batch: Some(LARGEST),
        scopes: SCOPES,
        ..Does::new(Verb::Remove)
    },
    Does {
        reads: Some("the record's associations of the kind"),
        batch: Some(LARGEST),
        destructive: Some("every other association of the kinds that it names, with its labels"),
        scopes: SCOPES,
        ..Does::new(Verb::Set)
    },
    Does {
        batch: None,
        scopes: READS,
        ..Does::new(Verb::List)
    },
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
                    // No source says it; the safe side for two records of one batch.
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
        any_case: false,
        sent: true,
        asked: true,
    }
}

const SCOPES: &[&str] = super::WRITE_BOTH;

const READS: &[&str] = super::READ_BOTH;

/// A type of records has a name or an id, all of letters, digits, `-` and `_`.
fn key(key: &str) -> Option<&'static str> {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if key.bytes().all(good) {
        return id::fault(key);
    }
    Some(
        "expected HubSpot's name or id of a type of records, as in `2-3465404`, `p123_pet` or `0-5`",
    )
}
