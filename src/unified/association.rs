//! The input of `associations.create`: one record, and those that it is to be linked with.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::entity::Entity;
use crate::error::Refusal;
use crate::id::Id;
use crate::read::{Fields, FromFields};

/// One record, and those that it is to be linked with. The founding page's shape, with what it lacks.
#[derive(Clone, Debug)]
pub struct Association<'a> {
    /// What the record is.
    pub entity: Entity,
    /// Its id.
    pub entity_id: Id<'a>,
    /// The records to link it with, by kind, in the caller's order.
    pub associations: Groups<'a>,
    /// Further fields for the vendor's body, passed on untouched.
    pub remote_data: Option<Map<String, Value>>,
    /// Further parameters for the vendor's query, passed on untouched.
    pub remote_query: Option<Map<String, Value>>,
}

/// Targets by kind, in the caller's order. Instead of a list of records, plain ids may be given as one text with commas
/// between them, as in `"101,102"`: for thousands of them that is several times faster to hand over.
#[derive(Clone, Debug, Default)]
pub struct Groups<'a>(pub Vec<Group<'a>>);

/// The targets of one kind.
#[derive(Clone, Debug)]
pub struct Group<'a> {
    /// What they are.
    pub entity: Entity,
    /// The key as the caller spelled it: the founding page's `acocunts` is read as `accounts`.
    pub key: &'static str,
    /// The records.
    pub targets: Vec<Target<'a>>,
}

/// A record to link with.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
pub struct Target<'a> {
    /// Its id.
    #[cfg_attr(feature = "types", ts(type = "string | number"))]
    pub id: Id<'a>,
    /// The part that it plays, as in `Decision Maker`; among accounts `parent` or `child`.
    pub role: Option<Cow<'a, str>>,
    /// Whether it is the first of its kind for the other record.
    pub primary: Option<bool>,
    /// The vendor's own key of the kind of link, where the pair has several.
    pub association_type: Option<Id<'a>>,
    /// Whether a link that excludes this one may be replaced. Never unless you say so.
    pub replace: Option<bool>,
}

impl Association<'_> {
    /// The same input, owning its text.
    #[must_use]
    pub fn into_owned(self) -> Association<'static> {
        Association {
            entity: self.entity,
            entity_id: self.entity_id.into_owned(),
            associations: Groups(
                self.associations
                    .0
                    .into_iter()
                    .map(Group::into_owned)
                    .collect(),
            ),
            remote_data: self.remote_data,
            remote_query: self.remote_query,
        }
    }
}

impl Group<'_> {
    fn into_owned(self) -> Group<'static> {
        Group {
            entity: self.entity,
            key: self.key,
            targets: self.targets.into_iter().map(Target::into_owned).collect(),
        }
    }
}

impl<'a> Target<'a> {
    /// A record of which only the id is given.
    const fn plain(id: Id<'a>) -> Self {
        Self {
            id,
            role: None,
            primary: None,
            association_type: None,
            replace: None,
        }
    }

    fn into_owned(self) -> Target<'static> {
        Target {
            id: self.id.into_owned(),
            role: self.role.map(|role| Cow::Owned(role.into_owned())),
            primary: self.primary,
            association_type: self.association_type.map(Id::into_owned),
            replace: self.replace,
        }
    }
}

impl<'a> FromFields<'a> for Association<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            entity: fields.required_word("entity", ENTITIES)?,
            entity_id: fields.required_id_or_number("entity_id")?,
            associations: fields.required_object("associations")?,
            remote_data: fields.map("remote_data")?,
            remote_query: fields.map("remote_query")?,
        })
    }
}

impl<'a> FromFields<'a> for Groups<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        // In the caller's order, which is that of the answer.
        let known = |name| KEYS.iter().find(|(key, _)| *key == name);
        let keys: Vec<_> = fields.untaken().filter_map(known).collect();
        let mut groups = Vec::with_capacity(keys.len());
        for (key, entity) in &keys {
            groups.extend(
                fields
                    .list_or_ids(key, Target::plain)?
                    .map(|targets| Group {
                        entity: *entity,
                        key,
                        targets,
                    }),
            );
        }
        // A refusal of an unknown key names them all, but not the misspelling.
        for known in KEYS.iter().filter(|(key, _)| *key != "acocunts") {
            if !keys.contains(&known) {
                fields.knows(known.0);
            }
        }
        Ok(Self(groups))
    }
}

impl<'a> FromFields<'a> for Target<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            id: fields.required_id_or_number("id")?,
            role: fields.text("role")?,
            primary: fields.flag("primary")?,
            association_type: fields.id("association_type")?,
            replace: fields.flag("replace")?,
        })
    }
}

const ENTITIES: &[(&str, Entity)] = &[
    ("accounts", Entity::Accounts),
    ("contacts", Entity::Contacts),
    ("leads", Entity::Leads),
    ("opportunities", Entity::Opportunities),
];

/// The keys of `associations`, the founding page's own misspelling among them.
const KEYS: &[(&str, Entity)] = &[
    ("accounts", Entity::Accounts),
    ("acocunts", Entity::Accounts),
    ("contacts", Entity::Contacts),
    ("leads", Entity::Leads),
    ("opportunities", Entity::Opportunities),
    ("organizations", Entity::Organizations),
];
