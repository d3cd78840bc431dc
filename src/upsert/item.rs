//! One record on its way.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::adapter::{Adapter, Facts, Wrote};
use crate::error::{Refusal, Report};
use crate::id::{self, Id};
use crate::json;
use crate::read;
use crate::sorted::SortedMap;
use crate::unified::association::{Association, Group, Groups, Target as Linked};
use crate::unified::capability::Key;
use crate::unified::entity::{Entity, Kind};
use crate::unified::ledger::Ledger;
use crate::unified::record::mapping::{Aside, Mapped, deunify};
use crate::unified::record::{self, Leaf};
use crate::unified::upsert::Way;

/// One record.
#[derive(Clone, Debug)]
pub struct Item {
    /// Where it stands in the input: empty, or `[3]`.
    pub path: String,
    /// The record in the vendor's terms. The key is no field of it where the vendor takes it apart.
    pub mapped: Mapped,
    /// What to do where several records match.
    pub on_ambiguous: OnAmbiguous,
    pub(super) target: Target,
    pub(super) state: State,
    /// The id that a search has found.
    pub(super) found: Option<String>,
    /// Whether a create was sent of which nobody knows what became.
    pub(super) sent: bool,
    /// Why a create was refused that may have made it all the same.
    pub(super) half: Option<Box<Report>>,
    /// Why its links were not even tried.
    pub(super) unlinked: Option<Box<Report>>,
}

/// What to do where several records match.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum OnAmbiguous {
    /// Fail.
    #[default]
    Error,
    /// Take the one that the vendor lists first.
    First,
    /// Take the one that was made last.
    Newest,
    /// Write nothing, and list them.
    List,
}

/// Which record is meant.
#[derive(Clone, Debug)]
pub(super) enum Target {
    Id(String),
    Key(KeyValue, Way),
    /// None: the item is refused.
    None,
}

/// A key and its value.
#[derive(Clone, Debug)]
pub(super) struct KeyValue {
    pub(super) key: Key,
    pub(super) field: Cow<'static, str>,
    pub(super) value: String,
    path: String,
}

/// How far it has come.
#[derive(Clone, Debug)]
pub(super) enum State {
    Open,
    Refused(Box<Refusal>),
    Written(bool, Wrote),
    Failed(Box<Report>, Vec<String>),
    Unknown(Box<Report>, Vec<String>),
}

impl State {
    pub(super) fn failed(reason: Report) -> Self {
        Self::Failed(Box::new(reason), Vec::new())
    }
}

/// The items of a batch by what says which record each means.
pub(super) type Seen = SortedMap<(String, String), String>;

impl Item {
    /// Reads a record. A refused one is an item too: it must not sink the others.
    pub(super) fn read(
        adapter: &mut dyn Adapter,
        path: String,
        json: &str,
        seen: &mut Seen,
        ledger: &mut Ledger,
    ) -> Self {
        let mut item = Self {
            path,
            mapped: Mapped::default(),
            on_ambiguous: OnAmbiguous::Error,
            target: Target::None,
            state: State::Open,
            found: None,
            sent: false,
            half: None,
            unlinked: None,
        };
        let prefix = if item.path.is_empty() { "" } else { "[]" };
        let mut own = Ledger::default();
        match item.take(adapter, json, prefix, seen, &mut own) {
            Ok(()) => ledger.add(own),
            Err(refusal) => {
                ledger.refuse(prefix, count(json), &refusal.message);
                item.state = State::Refused(Box::new(refusal));
            }
        }
        item
    }

    fn take(
        &mut self,
        adapter: &mut dyn Adapter,
        json: &str,
        prefix: &str,
        seen: &mut Seen,
        ledger: &mut Ledger,
    ) -> Result<(), Refusal> {
        let facts = adapter.facts();
        let leaves = record::leaves(facts.upserts.entity, &self.path, json)?;
        let said = |field: &str| {
            let leaf = leaves.iter().find(|leaf| leaf.field == field)?;
            (!leaf.is_null()).then(|| leaf.text().into_owned())
        };
        let (id, match_by) = (said("id"), said("match_by"));
        self.on_ambiguous = match said("on_ambiguous").as_deref() {
            Some("first") => OnAmbiguous::First,
            Some("newest") => OnAmbiguous::Newest,
            Some("list") => OnAmbiguous::List,
            _ => OnAmbiguous::Error,
        };
        self.mapped = deunify(facts.table, &self.path, leaves, prefix, ledger)?;
        self.aim(&facts, id, match_by)?;
        self.check_links()?;
        if let (Some(query), false) = (self.aside("remote_query.*"), self.path.is_empty()) {
            let message = "expected no query in a list: it belongs to a call, and not to a record; upsert this record by itself";
            return Err(Refusal::input(self.full(&query.path), message));
        }
        adapter.admit(self)?;
        let same = match &self.target {
            Target::Id(id) => Some((String::new(), id.clone(), self.full("id"))),
            Target::Key(known, _) => {
                let value = match known.key.any_case {
                    true => known.value.to_lowercase(),
                    false => known.value.clone(),
                };
                Some((known.field.clone().into_owned(), value, self.key_path()))
            }
            Target::None => None,
        };
        let Some((field, value, path)) = same else {
            return Ok(());
        };
        match seen.get(&(field.clone(), value.clone())) {
            Some(first) => Err(Refusal::input(
                path,
                format!("expected each record once in a batch: {first} means the same one"),
            )),
            None => {
                seen.insert((field, value), self.path.clone());
                Ok(())
            }
        }
    }

    /// Finds out which record is meant.
    fn aim(
        &mut self,
        facts: &Facts,
        id: Option<String>,
        match_by: Option<String>,
    ) -> Result<(), Refusal> {
        let match_by = match_by.as_deref().filter(|word| *word != "id");
        if let Some(id) = id {
            if let Some(fault) = id::fault(&id) {
                return Err(Refusal::id(self.full("id"), fault));
            }
            if match_by.is_some() {
                return Err(Refusal::input(
                    self.full("match_by"),
                    "expected either an id or another field to find the record by, got both",
                ));
            }
            self.target = Target::Id(id);
            return Ok(());
        }
        let value = |field: &str| {
            let known = self.mapped.property(field)?;
            (known.json != facts.table.style.clear).then_some(known)
        };
        let keys = facts.upserts.keys;
        let words = || {
            let words: Vec<_> = keys.iter().map(|key| key.match_by).collect();
            read::quoted(&words)
        };
        let (key, field) = match match_by {
            None => {
                let mut present = keys.iter().filter(|key| value(key.field).is_some());
                let key = present.clone().find(|key| !key.asked).ok_or_else(|| {
                    let message = match present.next() {
                        Some(key) => format!(
                            "expected `match_by` to name {}, which several records may have, or an id",
                            read::quoted(&[key.match_by])
                        ),
                        None => format!(
                            "expected something by which {} can find the record: an id, or one of {}",
                            facts.vendor,
                            words()
                        ),
                    };
                    Refusal::input(self.full("match_by"), message)
                })?;
                (*key, Cow::Borrowed(key.field))
            }
            Some(word) => {
                let named = word.strip_prefix("custom_fields.");
                let known = |key: &&Key| {
                    key.match_by == word || named.is_some() && key.match_by == "custom_fields.*"
                };
                let Some(key) = keys.iter().find(known) else {
                    let message = format!("expected one of {}, got `{word}`", words());
                    return Err(Refusal::input(self.full("match_by"), message));
                };
                let field = match (key.field, named) {
                    ("", Some(name)) => Cow::Owned(name.to_owned()),
                    (field, _) => Cow::Borrowed(field),
                };
                (*key, field)
            }
        };
        let Some(known) = value(&field) else {
            let message = "expected the record to have the field that it is to be found by";
            return Err(Refusal::input(self.full("match_by"), message));
        };
        let text = match known.json.starts_with('"') {
            true => read::string(&known.path, &known.json)?.into_owned(),
            false => known.json.clone(),
        };
        let path = known.path.clone();
        if text.trim().is_empty() {
            let message = "expected a value to find the record by, got an empty one";
            return Err(Refusal::input(self.full(&path), message));
        }
        if !key.sent {
            self.mapped.properties.retain(|known| known.name != field);
        }
        self.target = Target::Key(
            KeyValue {
                key,
                field,
                value: text,
                path,
            },
            key.strategy,
        );
        Ok(())
    }

    fn check_links(&self) -> Result<(), Refusal> {
        for aside in &self.mapped.asides {
            let links = aside.leaf.field.starts_with("contacts[]");
            let is_id = |leaf: &Leaf<'_>| leaf.field.ends_with(".id");
            if is_id(&aside.leaf) && aside.leaf.is_null() {
                return Err(Refusal::input(
                    self.full(&aside.leaf.path),
                    "expected the record to link with: to take a link back there is associations.remove",
                ));
            }
            let same = |other: &&Aside| {
                other.leaf.at == aside.leaf.at
                    && other.leaf.field.starts_with("contacts[]")
                    && is_id(&other.leaf)
            };
            if links && self.mapped.asides.iter().find(same).is_none() {
                return Err(Refusal::input(
                    self.full(&aside.leaf.path),
                    "expected an id beside it: which record is to be linked",
                ));
            }
        }
        Ok(())
    }

    /// A path as the caller would write it.
    #[must_use]
    pub fn full(&self, path: &str) -> String {
        record::joined(&self.path, path)
    }

    /// The record's id, where it is known.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match (&self.target, &self.found) {
            (Target::Id(id), _) => Some(id),
            (_, found) => found.as_deref(),
        }
    }

    /// The vendor's field by which it is found, empty where the id is known.
    #[must_use]
    pub fn key_name(&self) -> &str {
        match &self.target {
            Target::Key(known, _) => &known.field,
            _ => "",
        }
    }

    /// How it is found.
    #[must_use]
    pub const fn way(&self) -> Way {
        match &self.target {
            Target::Key(_, way) => *way,
            _ => Way::Id,
        }
    }

    /// The value by which it is found, empty where the id is known.
    #[must_use]
    pub fn key_value(&self) -> &str {
        match &self.target {
            Target::Key(known, _) => &known.value,
            _ => "",
        }
    }

    /// The caller's field by which it is found.
    #[must_use]
    pub fn key_path(&self) -> String {
        match &self.target {
            Target::Key(known, _) => self.full(&known.path),
            _ => self.full("id"),
        }
    }

    /// What was asked for one of the asides, as in `owner.email`.
    #[must_use]
    pub fn aside(&self, from: &str) -> Option<&Leaf<'static>> {
        let found = self.mapped.asides.iter().find(|aside| aside.from == from);
        found.map(|aside| &aside.leaf)
    }

    /// Parameters for the vendor's query.
    #[must_use]
    pub fn remote_query(&self) -> Map<String, Value> {
        let asides = self.mapped.asides.iter();
        let asides = asides.filter(|aside| aside.from == "remote_query.*");
        asides
            .map(|aside| {
                let value = json::value(&aside.leaf.json).unwrap_or_default();
                (aside.leaf.name().to_owned(), value)
            })
            .collect()
    }

    pub(super) const fn is_open(&self) -> bool {
        matches!(self.state, State::Open)
    }

    pub(super) const fn refusal(&self) -> Option<&Refusal> {
        match &self.state {
            State::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// The links that the record asks for.
    pub(super) fn association(&self, entity: Entity, id: &str) -> Option<Association<'static>> {
        let mut groups: Vec<Group<'static>> = Vec::new();
        for aside in &self.mapped.asides {
            let to = match aside.leaf.field.as_ref() {
                "account.id" => Entity::Accounts,
                "contacts[].id" => Entity::Contacts,
                _ => continue,
            };
            let other = |name: &str| {
                let same =
                    |other: &&Aside| other.leaf.at == aside.leaf.at && other.leaf.field == name;
                let found = self.mapped.asides.iter().find(same);
                found.filter(|other| !other.leaf.is_null())
            };
            let is_contact = to == Entity::Contacts;
            let role = other("contacts[].role").filter(|_| is_contact);
            let primary = other("contacts[].primary").filter(|_| is_contact);
            let target = Linked {
                id: Id::new(aside.leaf.text().into_owned()),
                role: role.map(|role| vec![Cow::Owned(role.leaf.text().into_owned())]),
                primary: primary.map(|primary| primary.leaf.json == "true"),
                association_type: None,
                replace: None,
            };
            match groups.iter_mut().find(|group| group.kind.entity == to) {
                Some(group) => group.targets.push(target),
                None => groups.push(Group {
                    kind: Kind::of(to),
                    targets: vec![target],
                }),
            }
        }
        (!groups.is_empty()).then(|| Association {
            kind: Kind::of(entity),
            entity_id: Id::new(id.to_owned()),
            associations: Groups(groups),
            association_types: Vec::new(),
            reversible: false,
            all_or_none: false,
            remote_data: None,
            remote_query: None,
        })
    }
}

/// How many values a record has that was refused before all of them were read.
fn count(json: &str) -> usize {
    fn leaves(value: &Value) -> usize {
        match value {
            Value::Object(fields) => fields.values().map(leaves).sum(),
            Value::Array(items) if items.iter().any(Value::is_object) => {
                items.iter().map(leaves).sum()
            }
            _ => 1,
        }
    }
    json::value(json).map_or(1, |value| leaves(&value))
}
