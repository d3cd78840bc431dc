//! What works at Salesforce: the table that its mappers obey.

use super::collections::LARGEST;
use super::composite::send::MOST_QUERIES;
use super::{DEFAULT_VERSION, NAME, id};
use crate::endpoint::Repeat;
use crate::error::Reason;
use crate::unified::capability::{Capability, Cardinality, Does, Pair};
use crate::unified::entity::Entity::{self, Accounts, Contacts, Leads, Opportunities};
use crate::unified::links::Rules;
use crate::unified::operation::Verb;

/// What works at Salesforce.
pub const CAPABILITY: Capability = Capability {
    vendor: NAME,
    api_version: DEFAULT_VERSION,
    pairs: PAIRS,
    association_types: &[],
    upserts: &[],
    source: "https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/",
};

/// What Salesforce holds, and how it tells ids apart.
pub static RULES: Rules = Rules {
    vendor: NAME,
    pairs: PAIRS,
    fault: id::fault,
    same: id::same,
    key: |_| Some("expected accounts, contacts or opportunities"),
};

const NO_LEAD_LINK: &str = "a Salesforce lead has no link to other records before it is converted, and a conversion cannot be undone: \
                            convert the lead, then link the contact or account that it becomes";
const OTHER_SIDE: &str = "ask from the other side: `entity` accounts or opportunities, with this record among its `associations`";

const PAIRS: &[Pair] = &[
    Pair {
        fields: &["role", "primary", "replace"],
        note: "Needs the org's setting for contacts of several accounts; `primary` writes Contact.AccountId instead. A relation that is no longer active is no link: `replace` makes it active again.",
        ..read(Accounts, Contacts, "AccountContactRelation")
    },
    Pair {
        fields: &["replace"],
        ..read(Accounts, Opportunities, "Opportunity.AccountId")
    },
    Pair {
        fields: &["replace"],
        required: &["role"],
        note: "`parent` or `child`: what the listed account is to the record.",
        ..read(Accounts, Accounts, "Account.ParentId")
    },
    Pair {
        fields: &["role", "primary", "replace"],
        note: "Salesforce allows several rows for a pair: the row is looked for first.",
        ..read(Opportunities, Contacts, "OpportunityContactRole")
    },
    Pair {
        cardinality: Cardinality::One,
        fields: &["replace"],
        ..read(Opportunities, Accounts, "Opportunity.AccountId")
    },
    Pair::refused(Accounts, Leads, Reason::RequiresConversion, NO_LEAD_LINK),
    Pair::refused(
        Opportunities,
        Leads,
        Reason::RequiresConversion,
        NO_LEAD_LINK,
    ),
    Pair::refused(Contacts, Leads, Reason::RequiresConversion, NO_LEAD_LINK),
    Pair::refused(Leads, Accounts, Reason::RequiresConversion, NO_LEAD_LINK),
    Pair::refused(Leads, Contacts, Reason::RequiresConversion, NO_LEAD_LINK),
    Pair::refused(
        Leads,
        Opportunities,
        Reason::RequiresConversion,
        NO_LEAD_LINK,
    ),
    Pair::refused(
        Opportunities,
        Opportunities,
        Reason::AssociationUnsupported,
        "Salesforce has no standard link between two opportunities",
    ),
    Pair::refused(
        Contacts,
        Accounts,
        Reason::AssociationUnsupported,
        OTHER_SIDE,
    ),
    Pair::refused(
        Contacts,
        Opportunities,
        Reason::AssociationUnsupported,
        OTHER_SIDE,
    ),
    Pair::refused(
        Contacts,
        Contacts,
        Reason::AssociationUnsupported,
        "crmlink knows no link between two contacts at Salesforce",
    ),
];

const fn read(from: Entity, to: Entity, link: &'static str) -> Pair {
    Pair::linked(from, to, link, VERBS)
}

const VERBS: &[Does] = &[Does {
    reads: Some("the rows that hold the links, and what is in their way"),
    batch: Some(LARGEST * MOST_QUERIES),
    repeat: Repeat::Look,
    ..Does::new(Verb::Create)
}];
