//! What is asked for, to see which links there are: rows of the objects that hold them, of as few queries as can be.

use std::borrow::Cow;

use super::Associate;
use crate::error::Refusal;
use crate::unified::association::Target;
use crate::unified::entity::Entity;
use crate::vendors::salesforce::collections::LARGEST;
use crate::vendors::salesforce::soql::{self, Soql};
use crate::vendors::salesforce::ways::{ACCOUNT_ID, CONTACT, Lookup, RELATION, ROLES, Way};

/// Rows that are to be looked at.
#[derive(Clone, Debug)]
pub(in crate::vendors::salesforce) struct Query {
    /// The object.
    pub(in crate::vendors::salesforce) sobject: Cow<'static, str>,
    fields: Vec<Cow<'static, str>>,
    /// The field that names the record, where it is a condition.
    held_by: Option<(Cow<'static, str>, String)>,
    /// The column by which rows are found again.
    pub(super) key: &'static str,
    /// What that column may hold, up to 200 ids; none stands for anything.
    ids: Vec<String>,
    /// What waits for these rows: places of links, or of kinds.
    pub(in crate::vendors::salesforce) places: Vec<usize>,
    /// Whether an org that has no such object is no fault.
    pub(super) optional: bool,
}

impl Query {
    fn of(sobject: Cow<'static, str>, fields: &[&str], key: &'static str) -> Self {
        let fields = fields.iter().map(|field| Cow::Owned((*field).to_owned()));
        Self {
            sobject,
            fields: fields.collect(),
            held_by: None,
            key,
            ids: Vec::new(),
            places: Vec::new(),
            optional: false,
        }
    }

    fn held_by(mut self, field: &str, record: &str) -> Self {
        self.held_by = Some((field.to_owned().into(), record.to_owned()));
        self
    }

    fn among(mut self, id: &str) -> Self {
        self.ids.push(id.to_owned());
        self
    }

    fn at(mut self, place: usize) -> Self {
        self.places.push(place);
        self
    }

    /// What shows the link with one target.
    pub(super) fn of_link(
        way: &Way,
        from: Entity,
        record: &str,
        target: &Target<'_>,
        place: usize,
    ) -> Vec<Self> {
        let id = target.id.as_str();
        let (own, other) = way.columns(from);
        match way {
            // Who is primary now is seen in the other rows of the opportunity.
            Way::Roles if target.primary == Some(true) && from == Entity::Contacts => {
                let fields = ["Id", own, other, "Role", "IsPrimary"];
                vec![Self::of(ROLES.into(), &fields, other).among(id).at(place)]
            }
            Way::Roles if target.primary == Some(true) => vec![roles(own, other, record).at(place)],
            Way::Roles => vec![roles(own, other, record).among(id).at(place)],
            Way::Relation => {
                let mut relation = relation(own, other, record).among(id).at(place);
                if target.primary != Some(true) {
                    return vec![relation];
                }
                relation.optional = true;
                let contact = if from == Entity::Contacts { record } else { id };
                let own = Self::of(CONTACT.into(), &["Id", ACCOUNT_ID], "Id");
                vec![own.among(contact).at(place), relation]
            }
            Way::Lookup(lookup) => {
                let holder = if lookup.on_record { record } else { id };
                vec![holders(lookup).among(holder).at(place)]
            }
        }
    }

    /// What shows all links that are held in this way.
    pub(in crate::vendors::salesforce) fn of_all(way: &Way, from: Entity, record: &str) -> Self {
        let (own, other) = way.columns(from);
        match way {
            Way::Roles => roles(own, other, record),
            Way::Relation => relation(own, other, record),
            Way::Lookup(lookup) if lookup.on_record => holders(lookup).among(record),
            Way::Lookup(lookup) => holders(lookup).held_by(&lookup.field, record),
        }
    }

    /// What shows the contacts of an account, or the account of a contact, in an org without relations.
    pub(in crate::vendors::salesforce) fn of_own_account(from: Entity, record: &str) -> Self {
        let query = Self::of(CONTACT.into(), &["Id", ACCOUNT_ID], "Id");
        match from {
            Entity::Contacts => query.among(record),
            _ => query.held_by(ACCOUNT_ID, record),
        }
    }

    /// Whether it asks for relations, which an org may not have.
    pub(in crate::vendors::salesforce) fn is_of_relations(&self) -> bool {
        self.sobject == RELATION
    }

    /// The same for further places.
    pub(in crate::vendors::salesforce) fn waited_for_by(
        mut self,
        places: impl IntoIterator<Item = usize>,
    ) -> Self {
        self.places.extend(places);
        self
    }

    /// The query's text.
    ///
    /// # Errors
    /// A refusal of a name.
    pub(super) fn soql(&self) -> Result<Soql, Refusal> {
        let fields: Vec<_> = self.fields.iter().map(AsRef::as_ref).collect();
        let mut query = Soql::select(&fields, &self.sobject);
        if let Some((field, record)) = &self.held_by {
            query = query.is(field, soql::Value::Text(record));
        }
        if !self.ids.is_empty() {
            let ids: Vec<_> = self.ids.iter().map(String::as_str).collect();
            query = query.among(self.key, &ids);
        }
        Ok(query)
    }

    /// Whether both can be one query.
    fn is_like(&self, other: &Self) -> bool {
        self.sobject == other.sobject
            && self.fields == other.fields
            && self.held_by == other.held_by
            && self.key == other.key
            && self.optional == other.optional
    }

    /// Whether it asks for all rows of the record.
    fn is_of_all(&self) -> bool {
        self.ids.is_empty() && self.held_by.is_some()
    }
}

/// A query for all of these, of as few as can be.
pub(super) fn merged(queries: impl IntoIterator<Item = Query>) -> Vec<Query> {
    let mut merged: Vec<Query> = Vec::new();
    for query in queries {
        let fits = |known: &&mut Query| {
            let has = |id: &String| known.ids.contains(id);
            let of_all = known.is_of_all() || query.is_of_all();
            let room = known.ids.len() < LARGEST || query.ids.iter().all(has);
            known.is_like(&query) && (of_all || room)
        };
        // The last one is the likely one: the others are full, or of another kind.
        match merged.iter_mut().rev().find(fits) {
            Some(known) if known.is_of_all() || query.is_of_all() => {
                known.ids.clear();
                known.places.extend(query.places);
            }
            Some(known) => {
                for id in query.ids {
                    // An id that was just added is not added again: the holder of many links is asked for once.
                    if known.ids.last() != Some(&id) {
                        known.ids.push(id);
                    }
                }
                known.places.extend(query.places);
            }
            None => merged.push(query),
        }
    }
    merged
}

fn roles(own: &'static str, other: &'static str, record: &str) -> Query {
    let fields = ["Id", other, "Role", "IsPrimary"];
    Query::of(ROLES.into(), &fields, other).held_by(own, record)
}

fn relation(own: &'static str, other: &'static str, record: &str) -> Query {
    let fields = ["Id", other, "Roles", "IsActive", "IsDirect"];
    Query::of(RELATION.into(), &fields, other).held_by(own, record)
}

fn holders(lookup: &Lookup) -> Query {
    Query::of(lookup.sobject.clone(), &["Id", &lookup.field], "Id")
}

impl<'a> Associate<'a> {
    /// The queries that show some links.
    pub(super) fn queries_of(&self, places: &[usize]) -> Vec<Query> {
        let from = self.links.kind.entity;
        let record = self.links.entity_id.as_str();
        merged(places.iter().flat_map(|place| {
            let way = self.way(*place);
            let target = self.links.link(*place).map(|link| &link.target);
            let both = way.zip(target);
            both.map(|(way, target)| Query::of_link(&way, from, record, target, *place))
                .unwrap_or_default()
        }))
    }

    /// The queries that show all links of the kinds that a `set` names, and those links that it asks for.
    pub(super) fn queries_of_all(&self) -> Vec<Query> {
        let from = self.links.kind.entity;
        let record = self.links.entity_id.as_str();
        let mut queries = Vec::new();
        for kind in self.links.kinds() {
            let asked: Vec<_> = self
                .links
                .open()
                .filter(|(_, link)| self.links.to(link).is(kind))
                .collect();
            for way in Way::all(from, kind.entity) {
                let places = asked.iter().map(|(place, _)| *place);
                queries.push(Query::of_all(&way, from, record).waited_for_by(places));
            }
            for (place, link) in asked {
                let seen = match self.way(place) {
                    // All rows of the record show these already.
                    Some(Way::Lookup(lookup)) => lookup.on_record,
                    Some(Way::Roles) => {
                        from != Entity::Contacts || link.target.primary != Some(true)
                    }
                    _ => link.target.primary != Some(true),
                };
                if let Some(way) = self.way(place).filter(|_| !seen) {
                    queries.extend(Query::of_link(&way, from, record, &link.target, place));
                }
            }
        }
        merged(queries)
    }
}
