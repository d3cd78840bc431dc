//! What works at Salesforce: the table that its mappers obey.

use super::collections::LARGEST;
use super::composite::send::MOST_QUERIES;
use super::soql::is_name;
use super::{DEFAULT_VERSION, NAME, id};
use crate::endpoint::Repeat;
use crate::error::Reason;
use crate::unified::capability::{Capability, Cardinality, Does, Key, Pair, Refused, Upserts};
use crate::unified::entity::Entity::{self, Accounts, Contacts, Custom, Leads, Opportunities};
use crate::unified::links::Rules;
use crate::unified::operation::Verb;
use crate::unified::upsert::{Race, Way};

/// What works at Salesforce.
pub const CAPABILITY: Capability = Capability {
    vendor: NAME,
    api_version: DEFAULT_VERSION,
    pairs: PAIRS,
    association_types: &[],
    upserts: UPSERTS,
    source: "https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/",
};

/// What Salesforce holds, and how it tells ids apart.
pub static RULES: Rules = Rules {
    vendor: NAME,
    pairs: PAIRS,
    fault: id::fault,
    same: id::same,
    key: |name| {
        let message = "expected the API name of an object, as in `Invoice__c`";
        (!is_name(name)).then_some(message)
    },
};

const NO_LEAD_LINK: &str = "a Salesforce lead has no link to other records before it is converted, and a conversion cannot be undone: \
                            convert the lead, then link the contact or account that it becomes; or name a lookup field of your own as \
                            `association_type`";
const NO_FIELD: &str = "Salesforce has no standard link between these two: name a lookup field of your own as `association_type`";

const ROLES_NOTE: &str = "One row for each role, and Salesforce allows several for a pair: the rows are looked for first. A new \
                          primary contact takes the place of the one before.";
const RELATION_NOTE: &str = "Needs the org's setting for contacts of several accounts; `primary` writes Contact.AccountId instead. \
                             A relation that is no longer active is no link: `replace` makes it active again. Not known: whether a \
                             contact without an account of its own may have another one.";
const LOOKUP_NOTE: &str = "`association_type` names the lookup field: `Account__c` of the target, `Invoice__c.Account__c` of that \
                           object.";

const PAIRS: &[Pair] = &[
    Pair {
        fields: &["role", "primary", "replace"],
        note: RELATION_NOTE,
        ..all(Accounts, Contacts, "AccountContactRelation", RELATIONS)
    },
    Pair {
        fields: &["role", "primary", "replace"],
        note: RELATION_NOTE,
        ..all(Contacts, Accounts, "AccountContactRelation", RELATIONS)
    },
    Pair {
        fields: &["replace"],
        ..all(Accounts, Opportunities, "Opportunity.AccountId", LOOKUPS)
    },
    Pair {
        cardinality: Cardinality::One,
        fields: &["replace"],
        ..all(Opportunities, Accounts, "Opportunity.AccountId", LOOKUPS)
    },
    Pair {
        fields: &["replace"],
        required: &["role"],
        note: "`parent` or `child`: what the listed account is to the record.",
        ..all(Accounts, Accounts, "Account.ParentId", LOOKUPS)
    },
    Pair {
        fields: &["role", "primary", "replace"],
        note: ROLES_NOTE,
        ..all(Opportunities, Contacts, "OpportunityContactRole", ROLES)
    },
    Pair {
        fields: &["role", "primary", "replace"],
        note: ROLES_NOTE,
        ..all(Contacts, Opportunities, "OpportunityContactRole", ROLES)
    },
    named(Accounts, Leads, CONVERT),
    named(Contacts, Leads, CONVERT),
    named(Opportunities, Leads, CONVERT),
    named(Leads, Accounts, CONVERT),
    named(Leads, Contacts, CONVERT),
    named(Leads, Opportunities, CONVERT),
    named(Leads, Leads, NONE),
    named(Opportunities, Opportunities, NONE),
    named(Contacts, Contacts, NONE),
    own(Accounts, Custom),
    own(Contacts, Custom),
    own(Leads, Custom),
    own(Opportunities, Custom),
    own(Custom, Accounts),
    own(Custom, Contacts),
    own(Custom, Leads),
    own(Custom, Opportunities),
    own(Custom, Custom),
];

const CONVERT: Option<Refused> = Some(Refused {
    reason: Reason::RequiresConversion,
    message: NO_LEAD_LINK,
});
const NONE: Option<Refused> = Some(Refused {
    reason: Reason::AssociationUnsupported,
    message: NO_FIELD,
});

/// A pair that Salesforce itself links.
const fn all(from: Entity, to: Entity, link: &'static str, verbs: &'static [Does]) -> Pair {
    Pair::linked(from, to, link, verbs)
}

/// A pair that only a lookup of the org's own links.
const fn own(from: Entity, to: Entity) -> Pair {
    Pair {
        fields: &["replace"],
        required: &["association_type"],
        note: LOOKUP_NOTE,
        ..Pair::linked(from, to, "lookup", NAMED)
    }
}

/// The same, refused with a reason to those who name no lookup.
const fn named(from: Entity, to: Entity, refused: Option<Refused>) -> Pair {
    Pair {
        refused,
        ..own(from, to)
    }
}

/// What Salesforce upserts, and by what it finds a record.
const UPSERTS: &[Upserts] = &[
    Upserts {
        note: "`website` is compared as it was written.",
        ..upserts(
            Accounts,
            &[
                searched("website", "Website", false),
                searched("name", "Name", true),
                EXTERNAL,
            ],
        )
    },
    Upserts {
        note: "`account` is Contact.AccountId: a contact that a query finds is not moved from another account.",
        ..upserts(
            Contacts,
            &[
                searched("email", "Email", false),
                searched("phone", "Phone", true),
                EXTERNAL,
            ],
        )
    },
    upserts(Leads, &[searched("email", "Email", false), EXTERNAL]),
    Upserts {
        note: "A new opportunity needs `name`, `stage.name` and `close_date`. One that a query finds is not moved from another account.",
        ..upserts(Opportunities, &[searched("name", "Name", true), EXTERNAL])
    },
];

const fn upserts(entity: Entity, keys: &'static [Key]) -> Upserts {
    Upserts {
        batch: Some(LARGEST),
        ..Upserts::by(entity, keys)
    }
}

/// A field of the org's own, declared an external id.
const EXTERNAL: Key = Key {
    match_by: "custom_fields.*",
    field: "",
    strategy: Way::ExternalId,
    race: Race::None,
    says: "The field is an external id of the org, and Salesforce decides by itself whether to make or to update: several records with one value are refused.",
    // The org may have its values differ by case.
    any_case: false,
    sent: false,
    asked: false,
};

/// Texts are compared whatever their case:
/// `https://developer.salesforce.com/docs/platform/salesforce-soql-sosl/guide/sforce-api-calls-soql-select-comparisonoperators.html`
const fn searched(match_by: &'static str, field: &'static str, asked: bool) -> Key {
    Key {
        match_by,
        field,
        strategy: Way::SearchThenWrite,
        race: Race::DuplicatesPossible,
        says: "A query looks for the record before it is written: two callers at once may each find none and make one.",
        any_case: true,
        sent: true,
        asked,
    }
}

const ROLES: &[Does] = &[
    does(Verb::Create, None),
    does(
        Verb::Remove,
        Some("the rows are deleted, and with them what else they hold"),
    ),
    does(
        Verb::Set,
        Some(
            "the rows of contacts that are not named are deleted, and with them what else they hold",
        ),
    ),
    LIST,
];
const RELATIONS: &[Does] = &[
    does(Verb::Create, None),
    does(Verb::Remove, Some(OWN_ACCOUNT)),
    does(Verb::Set, Some(OWN_ACCOUNT)),
    LIST,
];
const OWN_ACCOUNT: &str = "the row is deleted, and with it its dates; where the account is the contact's own, Contact.AccountId is \
                           emptied";
const LOOKUPS: &[Does] = &[
    does(Verb::Create, None),
    does(Verb::Remove, Some("the field is emptied")),
    does(
        Verb::Set,
        Some("the field of records that are not named is emptied"),
    ),
    LIST,
];
const NAMED: &[Does] = &[
    does(Verb::Create, None),
    does(Verb::Remove, Some("the field is emptied")),
];

const fn does(verb: Verb, destructive: Option<&'static str>) -> Does {
    Does {
        reads: Some("the rows that hold the links, and what is in their way"),
        batch: Some(LARGEST * MOST_QUERIES),
        repeat: Repeat::Look,
        destructive,
        ..Does::new(verb)
    }
}

const LIST: Does = Does {
    batch: Some(2_000),
    ..Does::new(Verb::List)
};
