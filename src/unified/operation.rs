//! The operations of the unified vocabulary, by their names.

use serde::Serialize;

use super::entity::Entity;
use crate::error::Refusal;

/// An operation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Operation {
    /// What is done to a record's links.
    Associations(Verb),
    /// What is done to the definitions of links.
    AssociationTypes(TypeVerb),
    /// A record of this kind is updated, or created where it is not there.
    Upsert(Entity),
}

/// What is done to a record's links.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Verb {
    /// Make those that are missing.
    Create,
    /// Take back.
    Remove,
    /// Make those that are missing and take back the others of the same kinds.
    Set,
    /// Show.
    List,
}

/// What is done to the definitions of links.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum TypeVerb {
    /// Make one.
    Create,
    /// Show them.
    List,
    /// Show one.
    Get,
    /// Change its labels.
    Update,
    /// Delete it, and all links of its kind with it.
    Delete,
}

/// Every operation with its name.
const NAMES: [(&str, Operation); 13] = [
    ("associations.create", Operation::Associations(Verb::Create)),
    ("associations.remove", Operation::Associations(Verb::Remove)),
    ("associations.set", Operation::Associations(Verb::Set)),
    ("associations.list", Operation::Associations(Verb::List)),
    (
        "association_types.create",
        Operation::AssociationTypes(TypeVerb::Create),
    ),
    (
        "association_types.list",
        Operation::AssociationTypes(TypeVerb::List),
    ),
    (
        "association_types.get",
        Operation::AssociationTypes(TypeVerb::Get),
    ),
    (
        "association_types.update",
        Operation::AssociationTypes(TypeVerb::Update),
    ),
    (
        "association_types.delete",
        Operation::AssociationTypes(TypeVerb::Delete),
    ),
    ("accounts.upsert", Operation::Upsert(Entity::Accounts)),
    ("contacts.upsert", Operation::Upsert(Entity::Contacts)),
    ("leads.upsert", Operation::Upsert(Entity::Leads)),
    (
        "opportunities.upsert",
        Operation::Upsert(Entity::Opportunities),
    ),
];

impl Operation {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.into_iter().map(|(_, operation)| operation)
    }

    /// The operation of a name.
    ///
    /// # Errors
    /// `invalid_input` with the names that there are.
    pub fn parse(name: &str) -> Result<Self, Refusal> {
        let found = NAMES.iter().find(|(known, _)| *known == name);
        found.map(|(_, operation)| *operation).ok_or_else(|| {
            let known = NAMES.map(|(known, _)| known).join(", ");
            Refusal::input(
                "operation",
                format!("expected one of {known}, got `{name}`"),
            )
        })
    }

    /// The operation's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        let found = NAMES.iter().find(|(_, known)| *known == self);
        found.map_or("", |(name, _)| name)
    }
}

impl Verb {
    /// The name of the operation that does it.
    #[must_use]
    pub fn operation(self) -> &'static str {
        Operation::Associations(self).as_str()
    }

    /// Whether links that are missing are made.
    #[must_use]
    pub const fn makes(self) -> bool {
        matches!(self, Self::Create | Self::Set)
    }

    /// The verb in a sentence: "cannot …".
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Remove => "remove",
            Self::Set => "set",
            Self::List => "list",
        }
    }
}

impl TypeVerb {
    /// The name of the operation that does it.
    #[must_use]
    pub fn operation(self) -> &'static str {
        Operation::AssociationTypes(self).as_str()
    }
}
