//! The input of `associations.create`: one record, and those that it is to be linked with.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::entity::Entity;
use crate::id::{self, Id};
use crate::read::Object;

/// One record, and those that it is to be linked with. The founding page's shape, with what it lacks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Association<'a> {
    /// What the record is.
    pub entity: Entity,
    /// Its id.
    #[serde(borrow, deserialize_with = "id::or_number")]
    pub entity_id: Id<'a>,
    /// The records to link it with, by kind, in the caller's order.
    #[serde(borrow)]
    pub associations: Groups<'a>,
    /// Further fields for the vendor's body, passed on untouched.
    #[serde(default)]
    pub remote_data: Option<Map<String, Value>>,
    /// Further parameters for the vendor's query, passed on untouched.
    #[serde(default)]
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
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct Target<'a> {
    /// Its id.
    #[serde(borrow, deserialize_with = "id::or_number")]
    #[cfg_attr(feature = "types", ts(type = "string | number"))]
    pub id: Id<'a>,
    /// The part that it plays, as in `Decision Maker`; among accounts `parent` or `child`.
    #[serde(borrow, default)]
    pub role: Option<Cow<'a, str>>,
    /// Whether it is the first of its kind for the other record.
    #[serde(default)]
    pub primary: Option<bool>,
    /// The vendor's own key of the kind of link, where the pair has several.
    #[serde(borrow, default)]
    pub association_type: Option<Id<'a>>,
    /// Whether a link that excludes this one may be replaced. Never unless you say so.
    #[serde(default)]
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

/// The keys of `associations`, the founding page's own misspelling among them.
const KEYS: &[(&str, Entity)] = &[
    ("accounts", Entity::Accounts),
    ("acocunts", Entity::Accounts),
    ("contacts", Entity::Contacts),
    ("leads", Entity::Leads),
    ("opportunities", Entity::Opportunities),
    ("organizations", Entity::Organizations),
];

impl<'de: 'a, 'a> Deserialize<'de> for Groups<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ByKind;

        impl<'de> Visitor<'de> for ByKind {
            type Value = Groups<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "an object with lists of records, as in {\"contacts\": [{\"id\": \"…\"}]}",
                )
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Groups<'de>, A::Error> {
                let mut groups: Vec<Group<'de>> = Vec::new();
                while let Some(key) = map.next_key::<Cow<'de, str>>()? {
                    let Some((key, entity)) = KEYS.iter().find(|(known, _)| *known == key) else {
                        return Err(A::Error::unknown_field(
                            &key,
                            &[
                                "accounts",
                                "contacts",
                                "leads",
                                "opportunities",
                                "organizations",
                            ],
                        ));
                    };
                    if groups.iter().any(|group| group.key == *key) {
                        return Err(A::Error::duplicate_field(key));
                    }
                    let Records(targets) = map.next_value()?;
                    groups.push(Group {
                        entity: *entity,
                        key,
                        targets,
                    });
                }
                Ok(Groups(groups))
            }
        }

        deserializer.deserialize_map(ByKind)
    }
}

/// A list of records, or plain ids in one text.
struct Records<'a>(Vec<Target<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Records<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListOrText;

        impl<'de> Visitor<'de> for ListOrText {
            type Value = Records<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a list of records such as {\"id\": \"…\"}, or ids with commas between them",
                )
            }

            fn visit_borrowed_str<E>(self, ids: &'de str) -> Result<Records<'de>, E> {
                Ok(Records(
                    ids.split(',')
                        .map(|id| Target::plain(Id::new(id)))
                        .collect(),
                ))
            }

            fn visit_str<E>(self, ids: &str) -> Result<Records<'de>, E> {
                let owned = |id: &str| Target::plain(Id::new(id.to_owned()));
                Ok(Records(ids.split(',').map(owned).collect()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Records<'de>, A::Error> {
                let mut targets = Vec::new();
                while let Some(Object(target)) = seq.next_element()? {
                    targets.push(target);
                }
                Ok(Records(targets))
            }
        }

        deserializer.deserialize_any(ListOrText)
    }
}
