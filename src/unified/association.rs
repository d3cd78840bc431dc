//! The input of `associations.create`, `remove`, `set` and `list`: one record, and those on its other side.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::entity::{Entity, Kind};
use crate::error::Refusal;
use crate::id::Id;
use crate::read::{Fields, FromFields};

/// One record, and those that it is to be linked with. The founding page's shape, with what it lacks.
#[derive(Clone, Debug)]
pub struct Association<'a> {
    /// What the record is.
    pub kind: Kind<'a>,
    /// Its id.
    pub entity_id: Id<'a>,
    /// The records to link it with, by kind, in the caller's order.
    pub associations: Groups<'a>,
    /// Definitions that may be created where a link needs one that is not there yet.
    pub association_types: Vec<NewType<'a>>,
    /// Whether the state is read first where that is not needed for the write, so that the receipt can be undone.
    pub reversible: bool,
    /// Whether the vendor is to make all of the links or none, where it can.
    pub all_or_none: bool,
    /// Further fields for the vendor's body, passed on untouched.
    pub remote_data: Option<Map<String, Value>>,
    /// Further parameters for the vendor's query, passed on untouched.
    pub remote_query: Option<Map<String, Value>>,
}

/// Which links to show.
#[derive(Clone, Debug)]
pub struct Listing<'a> {
    /// What the record is.
    pub kind: Kind<'a>,
    /// Its id.
    pub entity_id: Id<'a>,
    /// The kinds on the other side; none stands for all that the vendor can list.
    pub to: Vec<Kind<'a>>,
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
    /// What they are, in the caller's spelling: the founding page's `acocunts` is read as `accounts`.
    pub kind: Kind<'a>,
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
    /// The part that it plays, as in `Decision Maker`, or several; among accounts `parent` or `child`.
    #[cfg_attr(feature = "types", ts(type = "string | string[]", optional))]
    pub role: Option<Vec<Cow<'a, str>>>,
    /// Whether it is the first of its kind for the other record.
    pub primary: Option<bool>,
    /// The vendor's own key of the kind of link, where the pair has several; or several keys.
    #[cfg_attr(feature = "types", ts(type = "string | string[]", optional))]
    pub association_type: Option<Vec<Id<'a>>>,
    /// Whether a link that excludes this one may be replaced. Never unless you say so.
    pub replace: Option<bool>,
}

/// A definition of links, to be created where it is missing.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
pub struct NewType<'a> {
    /// The vendor's key, under which targets name it as `association_type`.
    pub key: Id<'a>,
    /// What it is called from the first record's side.
    pub label: Cow<'a, str>,
    /// What it is called from the other side.
    pub inverse_label: Option<Cow<'a, str>>,
}

impl Association<'_> {
    /// The same input, owning its text.
    #[must_use]
    pub fn into_owned(self) -> Association<'static> {
        let groups = self.associations.0.into_iter();
        let types = self.association_types.into_iter();
        Association {
            kind: self.kind.into_owned(),
            entity_id: self.entity_id.into_owned(),
            associations: Groups(groups.map(Group::into_owned).collect()),
            association_types: types.map(NewType::into_owned).collect(),
            reversible: self.reversible,
            all_or_none: self.all_or_none,
            remote_data: self.remote_data,
            remote_query: self.remote_query,
        }
    }
}

impl Listing<'_> {
    /// The same input, owning its text.
    #[must_use]
    pub fn into_owned(self) -> Listing<'static> {
        Listing {
            kind: self.kind.into_owned(),
            entity_id: self.entity_id.into_owned(),
            to: self.to.into_iter().map(Kind::into_owned).collect(),
            remote_query: self.remote_query,
        }
    }
}

impl Group<'_> {
    fn into_owned(self) -> Group<'static> {
        Group {
            kind: self.kind.into_owned(),
            targets: self.targets.into_iter().map(Target::into_owned).collect(),
        }
    }
}

impl NewType<'_> {
    fn into_owned(self) -> NewType<'static> {
        NewType {
            key: self.key.into_owned(),
            label: owned(self.label),
            inverse_label: self.inverse_label.map(owned),
        }
    }
}

fn owned(text: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(text.into_owned())
}

impl<'a> Target<'a> {
    /// A record of which only the id is given.
    #[must_use]
    pub const fn plain(id: Id<'a>) -> Self {
        Self {
            id,
            role: None,
            primary: None,
            association_type: None,
            replace: None,
        }
    }

    /// The roles that were given.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.role.iter().flatten().map(AsRef::as_ref)
    }

    /// The keys of kinds of link that were given.
    pub fn types(&self) -> impl Iterator<Item = &str> {
        self.association_type.iter().flatten().map(Id::as_str)
    }

    /// The same, owning its text.
    #[must_use]
    pub fn into_owned(self) -> Target<'static> {
        let roles = |roles: Vec<Cow<'_, str>>| roles.into_iter().map(owned).collect();
        let types = |types: Vec<Id<'_>>| types.into_iter().map(Id::into_owned).collect();
        Target {
            id: self.id.into_owned(),
            role: self.role.map(roles),
            primary: self.primary,
            association_type: self.association_type.map(types),
            replace: self.replace,
        }
    }
}

impl<'a> FromFields<'a> for Association<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            kind: entity(fields)?,
            entity_id: fields.required_id_or_number("entity_id")?,
            associations: fields.required_object("associations")?,
            association_types: fields.list("association_types")?.unwrap_or_default(),
            reversible: fields.flag("reversible")?.unwrap_or_default(),
            all_or_none: fields.flag("all_or_none")?.unwrap_or_default(),
            remote_data: fields.map("remote_data")?,
            remote_query: fields.map("remote_query")?,
        })
    }
}

impl<'a> FromFields<'a> for Listing<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        let kind = entity(fields)?;
        let entity_id = fields.required_id_or_number("entity_id")?;
        let mut to = Vec::new();
        for name in fields.texts("to")?.unwrap_or_default() {
            // One text may hold several, with commas between them.
            for name in split(name) {
                match known(&name).or_else(|| Entity::is_key(&name).then_some(Entity::Custom)) {
                    Some(entity) => to.push(Kind { entity, name }),
                    None => return Err(fields.refuse("to", &unknown(&name))),
                }
            }
        }
        Ok(Self {
            kind,
            entity_id,
            to,
            remote_query: fields.map("remote_query")?,
        })
    }
}

impl<'a> FromFields<'a> for Groups<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        // In the caller's order, which is that of the answer.
        let mut groups = Vec::new();
        let kinds: Vec<_> = fields
            .untaken()
            .filter_map(|name| {
                let entity = known(name).or_else(|| Entity::is_key(name).then_some(Entity::Custom));
                Some((entity?, name.to_owned()))
            })
            .collect();
        for (entity, name) in kinds {
            let targets = fields.list_or_ids(&name, Target::plain)?;
            let kind = Kind {
                entity,
                name: KEYS
                    .iter()
                    .find(|(key, _)| *key == name)
                    .map_or(Cow::Owned(name), |(key, _)| Cow::Borrowed(*key)),
            };
            groups.extend(targets.map(|targets| Group { kind, targets }));
        }
        // A refusal of an unknown key names them all, but not the misspelling.
        for (key, _) in KEYS.iter().filter(|(key, _)| *key != "acocunts") {
            fields.knows(key);
        }
        Ok(Self(groups))
    }
}

impl<'a> FromFields<'a> for Target<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        let id = fields.required_id_or_number("id")?;
        let types = fields.texts("association_type")?;
        Ok(Self {
            id,
            role: fields.texts("role")?,
            primary: fields.flag("primary")?,
            association_type: types.map(|types| types.into_iter().map(Id::new).collect()),
            replace: fields.flag("replace")?,
        })
    }
}

impl<'a> FromFields<'a> for NewType<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            key: fields.required_id("key")?,
            label: fields.required_text("label")?,
            inverse_label: fields.text("inverse_label")?,
        })
    }
}

/// The record's kind: a word of the vocabulary, or the vendor's key of a custom one.
fn entity<'a>(fields: &mut Fields<'a, '_>) -> Result<Kind<'a>, Refusal> {
    named(fields, "entity")
}

/// A required kind of record: a word of the vocabulary, or the vendor's key of a custom one.
pub(super) fn named<'a>(
    fields: &mut Fields<'a, '_>,
    field: &'static str,
) -> Result<Kind<'a>, Refusal> {
    let name = fields.required_text(field)?;
    let entity = ENTITIES
        .iter()
        .find(|entity| entity.as_str() == name)
        .copied();
    match entity.or_else(|| Entity::is_key(&name).then_some(Entity::Custom)) {
        Some(entity) => Ok(Kind { entity, name }),
        None => Err(fields.refuse(field, &unknown(&name))),
    }
}

fn known(name: &str) -> Option<Entity> {
    KEYS.iter()
        .find(|(key, _)| *key == name)
        .map(|(_, entity)| *entity)
}

fn unknown(name: &str) -> String {
    format!(
        "expected one of `accounts`, `contacts`, `leads`, `opportunities` or the vendor's key of a custom object, got `{name}`"
    )
}

/// Names with commas between them.
fn split(text: Cow<'_, str>) -> Vec<Cow<'_, str>> {
    match text {
        Cow::Borrowed(text) => text.split(',').map(Cow::Borrowed).collect(),
        Cow::Owned(text) => text
            .split(',')
            .map(|name| Cow::Owned(name.to_owned()))
            .collect(),
    }
}

const ENTITIES: &[Entity] = &[
    Entity::Accounts,
    Entity::Contacts,
    Entity::Leads,
    Entity::Opportunities,
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
