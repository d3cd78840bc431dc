//! What is read of a record before its links are shown or changed: the definitions, its relations, and who is in which
//! business.

use serde_json::{Map, Value};

use crate::answer::{self, lenient};
use crate::endpoint::{Endpoint, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Request, Response};
use crate::id::Id;
use crate::path;
use crate::vendors::leadconnector::associations::by_key::{self, ByKey};
use crate::vendors::leadconnector::associations::get::Get;
use crate::vendors::leadconnector::associations::{Association, list as definitions};
use crate::vendors::leadconnector::contacts::{get as contact, of_business};
use crate::vendors::leadconnector::relations::list as relations;
use crate::vendors::leadconnector::seen::{Definition, Seen};
use crate::vendors::leadconnector::{NAME, location};

/// How many are asked for at once: the published example. What the vendor gives at most is not documented.
const PAGE: u64 = 100;

/// Something to read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Read {
    /// The definition of a key.
    Key(String),
    /// The definition of an id.
    Definition(String),
    /// The definitions behind so many.
    Definitions(u64),
    /// The record's relations behind so many.
    Relations(u64),
    /// The business of a contact.
    Contact(String),
    /// The contacts of the record, a business, behind so many.
    Employees(u64),
}

/// What was read so far, and how to read more.
pub(super) struct Look {
    pub(super) location: Id<'static>,
    pub(super) options: Options,
    query: Map<String, Value>,
    record: String,
    pub(super) definitions: Vec<Definition>,
    pub(super) relations: Vec<Seen>,
    /// Contacts, each with its business.
    pub(super) contacts: Vec<(String, Option<String>)>,
    pub(super) employees: Vec<String>,
}

impl Look {
    /// Nothing is read yet.
    pub(super) fn new(
        record: &str,
        query: Option<Map<String, Value>>,
        options: &Options,
    ) -> Result<Self, Refusal> {
        Ok(Self {
            location: location(options)?,
            options: Options {
                token: None,
                ..options.clone()
            },
            query: query.unwrap_or_default(),
            record: record.to_owned(),
            definitions: Vec::new(),
            relations: Vec::new(),
            contacts: Vec::new(),
            employees: Vec::new(),
        })
    }

    /// The request that reads it.
    pub(super) fn build(&self, read: &Read) -> Result<(Request, Repeat), Refusal> {
        let (options, location) = (&self.options, &self.location);
        let request = match read {
            Read::Key(key) => ByKey {
                key_name: Id::new(key.as_str()),
                location_id: location.clone(),
            }
            .build(options),
            Read::Definition(id) => Get {
                association_id: Id::new(id.as_str()),
            }
            .build(options),
            Read::Definitions(skip) => definitions::List {
                location_id: location.clone(),
                skip: Some(*skip),
                limit: Some(PAGE),
            }
            .build(options),
            Read::Relations(skip) => relations::List {
                record_id: Id::new(self.record.as_str()),
                location_id: location.clone(),
                skip: Some(*skip),
                limit: Some(PAGE),
                association_ids: None,
            }
            .build(options),
            Read::Contact(id) => contact::build(id, options),
            Read::Employees(skip) => {
                let skip = usize::try_from(*skip).unwrap_or_default();
                let limit = usize::try_from(PAGE).unwrap_or_default();
                of_business::build(location.as_str(), &self.record, skip, limit, options)
            }
        };
        Ok((self.asked(request?), by_key::FACTS.repeat))
    }

    /// The request with what the caller passes through.
    pub(super) fn asked(&self, mut request: Request) -> Request {
        path::push_query_values(&mut request.url, "", &self.query);
        request
    }

    /// Takes an answer. What is to be read next, where the list goes on, is given back.
    pub(super) fn take(
        &mut self,
        read: &Read,
        response: &Response,
    ) -> Result<Option<Read>, Failure> {
        match read {
            Read::Key(key) => {
                let definition = answer::object(NAME, response, Association::read)?;
                // The published page describes the answer's key as a label: the one that was asked for is meant.
                self.know(Definition {
                    key: key.clone(),
                    ..definition.into()
                });
                Ok(None)
            }
            Read::Definition(id) => {
                let definition = answer::object(NAME, response, Association::read)?;
                self.know(Definition {
                    id: id.clone(),
                    ..definition.into()
                });
                Ok(None)
            }
            Read::Definitions(skip) => {
                let page = answer::listed(NAME, response, "associations", Association::read)?;
                let (count, before) = (page.len(), self.definitions.len());
                page.into_iter().for_each(|one| self.know(one.into()));
                let more = self.definitions.len() > before && goes_on(response, *skip, count);
                Ok(more.then(|| Read::Definitions(skip + length(count))))
            }
            Read::Relations(skip) => {
                let page = answer::listed(NAME, response, "relations", Seen::read)?;
                let (count, before) = (page.len(), self.relations.len());
                for seen in page {
                    if self.relations.iter().all(|known| known.id != seen.id) {
                        self.relations.push(seen);
                    }
                }
                let more = self.relations.len() > before && goes_on(response, *skip, count);
                Ok(more.then(|| Read::Relations(skip + length(count))))
            }
            Read::Contact(id) => {
                let business = answer::object(NAME, response, |fields| {
                    fields.object("contact", |contact| contact.optional_text("businessId"))
                })?;
                let business = business.filter(|business| !business.is_empty());
                self.contacts.push((id.clone(), business));
                Ok(None)
            }
            Read::Employees(skip) => {
                let page = answer::listed(NAME, response, "contacts", |fields| fields.id("id"))?;
                let (count, before) = (page.len(), self.employees.len());
                for id in page {
                    if !self.employees.contains(&id) {
                        self.employees.push(id);
                    }
                }
                let more = self.employees.len() > before && goes_on(response, *skip, count);
                Ok(more.then(|| Read::Employees(skip + length(count))))
            }
        }
    }

    /// Notes a definition once.
    pub(super) fn know(&mut self, definition: Definition) {
        let same = |known: &&Definition| known.id == definition.id && known.key == definition.key;
        if !self.definitions.iter().any(|known| same(&known)) {
            self.definitions.push(definition);
        }
    }

    pub(super) fn by_id(&self, id: &str) -> Option<&Definition> {
        self.definitions.iter().find(|known| known.id == id)
    }

    pub(super) fn by_key(&self, key: &str) -> Option<&Definition> {
        self.definitions.iter().find(|known| known.key == key)
    }

    /// The other end of a relation: its id, and whether it stands first.
    pub(super) fn other<'s>(&self, seen: &'s Seen) -> (&'s str, bool) {
        if seen.first == self.record {
            (&seen.second, false)
        } else {
            (&seen.first, true)
        }
    }

    /// The object key of a relation's other end.
    pub(super) fn object<'s>(&'s self, seen: &'s Seen) -> Option<&'s str> {
        let (_, is_first) = self.other(seen);
        let definition = self.by_id(&seen.definition);
        let (own, defined) = if is_first {
            (&seen.objects.0, definition.map(|known| &known.first))
        } else {
            (&seen.objects.1, definition.map(|known| &known.second))
        };
        own.as_deref().or_else(|| defined?.as_deref())
    }

    /// The definitions of the record's relations that are not known.
    pub(super) fn unknown(&self) -> Vec<Read> {
        let mut reads = Vec::new();
        for seen in &self.relations {
            let read = Read::Definition(seen.definition.clone());
            if self.by_id(&seen.definition).is_none() && !reads.contains(&read) {
                reads.push(read);
            }
        }
        reads
    }
}

/// A page may be the last when it is not full, unless the vendor counts more.
fn goes_on(response: &Response, skip: u64, count: usize) -> bool {
    let body = lenient(response);
    let total = ["total", "count"]
        .iter()
        .find_map(|name| body.get(name)?.as_u64());
    let seen = skip + length(count);
    length(count) >= PAGE || total.is_some_and(|total| total > seen)
}

fn length(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
