//! LeadConnector's keys of the kinds of records, and of the definitions that every location has.

use std::borrow::Cow;

use crate::unified::entity::{Entity, Kind};

/// The key of the definition between opportunities and contacts that every location has: seen in public code.
pub(super) const OPPORTUNITIES_CONTACTS: &str = "OPPORTUNITIES_CONTACTS_ASSOCIATION";

/// The same between businesses and contacts. What it links is what a contact's `businessId` says: that is documented.
pub(super) const BUSINESSES_CONTACTS: &str = "BUSINESSES_CONTACTS_ASSOCIATION";

/// LeadConnector's key of a kind of record.
pub(super) fn object_key<'k>(kind: &'k Kind<'_>) -> &'k str {
    match kind.entity {
        Entity::Accounts | Entity::Organizations => "business",
        Entity::Contacts => "contact",
        Entity::Leads | Entity::Opportunities => "opportunity",
        Entity::Custom => &kind.name,
    }
}

/// The kind of record of an object key.
pub(super) fn kind_of(object: &str) -> Kind<'static> {
    match object {
        "business" => Kind::of(Entity::Accounts),
        "contact" => Kind::of(Entity::Contacts),
        "opportunity" => Kind::of(Entity::Opportunities),
        other => Kind {
            entity: Entity::Custom,
            name: Cow::Owned(other.to_owned()),
        },
    }
}

/// The key of the definition that a link of these kinds is of when it names none.
pub(super) const fn default_key(from: Entity, to: Entity) -> Option<&'static str> {
    match (from, to) {
        (Entity::Opportunities, Entity::Contacts) | (Entity::Contacts, Entity::Opportunities) => {
            Some(OPPORTUNITIES_CONTACTS)
        }
        _ => None,
    }
}

/// Whether a link of these kinds that names no definition is a contact's business.
pub(super) const fn is_business(from: Entity, to: Entity) -> bool {
    matches!(
        (from, to),
        (Entity::Accounts, Entity::Contacts) | (Entity::Contacts, Entity::Accounts)
    )
}
