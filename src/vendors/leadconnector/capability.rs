//! What works at LeadConnector: the table that its mappers obey.

use super::{DEFAULT_VERSION, NAME};
use crate::error::Reason;
use crate::id;
use crate::unified::capability::{Capability, Cardinality, Does, Key, Pair, Upserts};
use crate::unified::entity::Entity::{self, Accounts, Contacts, Custom, Leads, Opportunities};
use crate::unified::links::Rules;
use crate::unified::operation::{TypeVerb, Verb};
use crate::unified::upsert::{Race, Way};

/// What works at LeadConnector.
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
    source: "https://highlevel.stoplight.io/docs/integrations/",
};

/// What LeadConnector upserts, and by what it finds a record.
const UPSERTS: &[Upserts] = &[
    Upserts {
        note: "Businesses have no search: they are listed, up to a thousand of them, and compared here. Web addresses are compared by their hosts.",
        ..Upserts::by(
            Accounts,
            &[
                Key {
                    asked: false,
                    ..searched("website", "website", LISTED)
                },
                searched("name", "name", LISTED),
            ],
        )
    },
    Upserts {
        note: "The address and the number are both looked up, since LeadConnector's own upsert drops the number of another contact without a word. `tags` replaces all tags. Custom fields are named by their ids.",
        ..Upserts::by(
            Contacts,
            &[
                Key {
                    asked: false,
                    ..searched("email", "email", LOOKED_UP)
                },
                searched("phone", "phone", LOOKED_UP),
            ],
        )
    },
    Upserts::refused(Leads, Reason::ObjectUnavailable, NO_LEADS),
    Upserts {
        note: "A new opportunity needs a pipeline, by its id or name. Custom fields are named by their ids, and taken in an update by the id alone.",
        ..Upserts::by(
            Opportunities,
            &[Key {
                match_by: "contact",
                field: "contactId",
                strategy: Way::Native,
                race: Race::DuplicatesPossible,
                says: "LeadConnector matches the opportunity that the contact has in the pipeline; where the location allows several, on which it decides is not documented.",
                any_case: false,
                sent: true,
                asked: false,
            }],
        )
    },
];

const LISTED: &str = "Two callers at once may each find none and make one.";
const LOOKED_UP: &str = "What is not found is made by LeadConnector's own upsert, which looks once more; whether two callers at once make two is not documented.";

const fn searched(match_by: &'static str, field: &'static str, says: &'static str) -> Key {
    Key {
        match_by,
        field,
        strategy: Way::SearchThenWrite,
        race: Race::DuplicatesPossible,
        says,
        any_case: true,
        sent: true,
        asked: true,
    }
}

/// What LeadConnector holds, and how it tells ids apart.
pub static RULES: Rules = Rules {
    vendor: NAME,
    pairs: PAIRS,
    fault: id::fault,
    same: |id| id,
    key,
};

const TYPED: &[&str] = &["association_type"];
const MOVED: &[&str] = &["association_type", "replace"];
const NO_LEADS: &str = "LeadConnector has no lead records: its leads are contacts or opportunities";
const OWN_DEFINITION: &str = "Give the key of a definition of yours (association_types.create makes one, as `association_types` in the input does). Without it a link that is removed is taken away under every definition.";
const SYSTEM_DEFINITION: &str =
    "The key of the location's own definition is seen in public code, not in the documentation.";
const BUSINESS: &str = "Without association_type it is the business that the contact is in: one at most, and `replace` moves it.";

const PAIRS: &[Pair] = &[
    system(Opportunities, Contacts),
    system(Contacts, Opportunities),
    business(Accounts, Contacts),
    Pair {
        cardinality: Cardinality::One,
        ..business(Contacts, Accounts)
    },
    own(Contacts, Contacts),
    own(Accounts, Accounts),
    own(Opportunities, Opportunities),
    own(Accounts, Opportunities),
    own(Opportunities, Accounts),
    own(Custom, Custom),
    own(Custom, Contacts),
    own(Contacts, Custom),
    own(Custom, Opportunities),
    own(Opportunities, Custom),
    own(Custom, Accounts),
    own(Accounts, Custom),
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
    Pair::refused(Custom, Leads, Reason::AssociationUnsupported, NO_LEADS),
    Pair::refused(Leads, Custom, Reason::AssociationUnsupported, NO_LEADS),
];

const fn system(from: Entity, to: Entity) -> Pair {
    Pair {
        fields: TYPED,
        note: SYSTEM_DEFINITION,
        ..Pair::linked(from, to, "relation", RELATION)
    }
}

const fn own(from: Entity, to: Entity) -> Pair {
    Pair {
        required: TYPED,
        note: OWN_DEFINITION,
        ..Pair::linked(from, to, "relation", RELATION)
    }
}

const fn business(from: Entity, to: Entity) -> Pair {
    Pair {
        fields: MOVED,
        note: BUSINESS,
        ..Pair::linked(from, to, "business of a contact", EMPLOYMENT)
    }
}

const RELATION: &[Does] = &[
    Does {
        reads: Some("the definition of each kind of link"),
        scopes: &["associations.readonly", "associations/relation.write"],
        ..Does::new(Verb::Create)
    },
    Does {
        reads: Some("the record's relations, and the definitions"),
        scopes: WRITE,
        ..Does::new(Verb::Remove)
    },
    Does {
        reads: Some("the record's relations, and the definitions"),
        destructive: Some("deletes the relations of the named kinds that are not asked for"),
        scopes: WRITE,
        ..Does::new(Verb::Set)
    },
    Does {
        batch: None,
        scopes: &["associations.readonly", "associations/relation.readonly"],
        ..Does::new(Verb::List)
    },
];

const WRITE: &[&str] = &[
    "associations.readonly",
    "associations/relation.readonly",
    "associations/relation.write",
];

// No scope of the write is published.
const EMPLOYMENT: &[Does] = &[
    Does {
        reads: Some("the business of each contact"),
        destructive: Some("with `replace`, takes the contact out of the business that it is in"),
        scopes: &["contacts.readonly"],
        ..Does::new(Verb::Create)
    },
    Does {
        reads: Some("the business of each contact"),
        scopes: &["contacts.readonly"],
        ..Does::new(Verb::Remove)
    },
    Does {
        reads: Some(
            "the contacts of the business or the business of the contact, the relations, and the definitions",
        ),
        destructive: Some(
            "takes the contacts that are not asked for out of the business, and deletes such relations",
        ),
        scopes: EMPLOYED,
        ..Does::new(Verb::Set)
    },
    Does {
        batch: None,
        scopes: EMPLOYED,
        ..Does::new(Verb::List)
    },
];

const EMPLOYED: &[&str] = &[
    "contacts.readonly",
    "associations.readonly",
    "associations/relation.readonly",
];

/// The keys of custom objects begin alike.
fn key(key: &str) -> Option<&'static str> {
    if key.starts_with("custom_objects.") {
        id::fault(key)
    } else {
        Some("expected the key of a custom object, as in `custom_objects.pets`")
    }
}
