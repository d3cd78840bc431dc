//! The calls that change links: which writes go together, and their requests.

use std::borrow::Cow;
use std::collections::VecDeque;

use serde_json::{Map, Value};

use super::calls::Calls;
use crate::endpoint::{Endpoint, Repeat};
use crate::error::Refusal;
use crate::http::{Method, Request};
use crate::id::Id;
use crate::sorted::SortedMap;
use crate::vendors::salesforce::collections::{self, LARGEST, Records};
use crate::vendors::salesforce::composite::send::{MOST_QUERIES, Part};
use crate::vendors::salesforce::sobjects;

/// One write.
#[derive(Clone, Debug)]
pub(super) struct Write {
    /// The object's API name.
    pub(super) sobject: Cow<'static, str>,
    /// What is done.
    pub(super) act: Act,
    /// The fields to write.
    pub(super) fields: Map<String, Value>,
}

/// What a write does.
#[derive(Clone, Debug)]
pub(super) enum Act {
    /// Makes a record.
    Create,
    /// Changes the record of this id.
    Update(String),
    /// Deletes the record of this id.
    Delete(String),
}

impl Write {
    /// The record that is there already, of a write that makes none.
    pub(super) fn id(&self) -> Option<&str> {
        match &self.act {
            Act::Create => None,
            Act::Update(id) | Act::Delete(id) => Some(id),
        }
    }
}

impl Act {
    const fn method(&self) -> Method {
        match self {
            Self::Create => Method::Post,
            Self::Update(_) => Method::Patch,
            Self::Delete(_) => Method::Delete,
        }
    }
}

/// Writes that go together, with the places of the links that wait for them.
pub(super) enum Job {
    /// One, by a call of its own.
    Plain(usize, Write),
    /// Several, by one collection.
    Collection(Collection),
    /// More, or of several verbs, by a composite call of collections.
    Composite(Vec<Collection>),
}

/// Writes of one verb, which one collection carries.
pub(super) struct Collection {
    method: Method,
    pub(super) writes: Vec<(usize, Write)>,
}

impl Job {
    /// What it writes, in the order of the answer.
    fn collections(&self) -> &[Collection] {
        match self {
            Self::Plain(..) => &[],
            Self::Collection(only) => std::slice::from_ref(only),
            Self::Composite(collections) => collections,
        }
    }

    /// The links that wait for it, one of several writes several times.
    pub(super) fn places(&self) -> Vec<usize> {
        match self {
            Self::Plain(place, _) => vec![*place],
            _ => {
                let collections = self.collections().iter();
                let writes = collections.flat_map(|collection| &collection.writes);
                writes.map(|(place, _)| *place).collect()
            }
        }
    }

    fn into_writes(self) -> Vec<(usize, Write)> {
        match self {
            Self::Plain(place, write) => vec![(place, write)],
            Self::Collection(only) => only.writes,
            Self::Composite(collections) => collections
                .into_iter()
                .flat_map(|collection| collection.writes)
                .collect(),
        }
    }

    /// What sending it twice does. An update says the same twice; a second delete would hide that the first one was it.
    fn repeat(&self) -> Repeat {
        let safe = match self {
            Self::Plain(_, write) => matches!(write.act, Act::Update(_)),
            _ => self
                .collections()
                .iter()
                .all(|collection| collection.method == Method::Patch),
        };
        if safe { Repeat::Safe } else { Repeat::Look }
    }
}

impl Calls {
    /// The request of a job, and what sending it twice does.
    pub(super) fn request(&self, job: &Job) -> Result<(Request, Repeat), Refusal> {
        let request = match job {
            Job::Plain(_, write) => self.plain(write),
            Job::Collection(only) => self.collection(only),
            Job::Composite(collections) => self.composite_of(collections),
        };
        Ok((request?, job.repeat()))
    }

    /// The fields of a write, with those that the caller passes through.
    fn fields(&self, write: &Write) -> Map<String, Value> {
        let mut fields = write.fields.clone();
        fields.extend(self.remote_data.clone());
        fields
    }

    pub(super) fn plain(&self, write: &Write) -> Result<Request, Refusal> {
        let record = self.fields(write);
        let sobject = Id::new(write.sobject.as_ref());
        self.with_query(match &write.act {
            Act::Create => sobjects::create::Create { sobject, record }.build(&self.options),
            Act::Update(id) => sobjects::update::Update {
                sobject,
                id: Id::new(id.as_str()),
                record,
            }
            .build(&self.options),
            Act::Delete(id) => sobjects::delete::build(&write.sobject, id, &self.options),
        })
    }

    fn records(&self, collection: &Collection) -> Records {
        let records = collection.writes.iter().map(|(_, write)| {
            let mut record = Map::new();
            record.insert(
                "attributes".to_owned(),
                serde_json::json!({ "type": write.sobject }),
            );
            if let Act::Update(id) = &write.act {
                record.insert("id".to_owned(), Value::from(id.as_str()));
            }
            record.extend(self.fields(write));
            record
        });
        Records {
            all_or_none: self.all_or_none,
            records: records.collect(),
        }
    }

    fn collection(&self, only: &Collection) -> Result<Request, Refusal> {
        self.with_query(match only.method {
            Method::Delete => {
                collections::delete::build(&ids(only), self.all_or_none, &self.options)
            }
            Method::Patch => collections::update::Update(self.records(only)).build(&self.options),
            _ => collections::create::Create(self.records(only)).build(&self.options),
        })
    }

    fn composite_of(&self, collections: &[Collection]) -> Result<Request, Refusal> {
        let mut parts = Vec::with_capacity(collections.len());
        for (number, collection) in collections.iter().enumerate() {
            let mut url = self.part("/services/data/{version}/composite/sobjects")?;
            let body = if collection.method == Method::Delete {
                collections::delete::push_ids(&mut url, &ids(collection), self.all_or_none)?;
                None
            } else {
                serde_json::to_value(self.records(collection)).ok()
            };
            parts.push(Part {
                method: collection.method,
                url: url.into(),
                reference_id: format!("write{number}").into(),
                body,
            });
        }
        self.composite(parts, self.all_or_none)
    }
}

fn ids(collection: &Collection) -> Vec<&str> {
    let acts = collection.writes.iter().map(|(_, write)| &write.act);
    acts.filter_map(|act| match act {
        Act::Delete(id) => Some(id.as_str()),
        _ => None,
    })
    .collect()
}

/// The calls that make some writes, in order: creates, then updates, then deletes.
pub(super) fn jobs(mut writes: Vec<(usize, Write)>) -> VecDeque<Job> {
    if writes.len() == 1 {
        let only = writes.pop();
        let only = only.map(|(place, write)| Job::Plain(place, write));
        return only.into_iter().collect();
    }
    let mut collections: Vec<Collection> = Vec::new();
    for method in [Method::Post, Method::Patch, Method::Delete] {
        let is = |(_, write): &(usize, Write)| write.act.method() == method;
        let (some, rest): (Vec<_>, Vec<_>) = writes.into_iter().partition(is);
        writes = rest;
        // Each object once: Salesforce takes at most ten runs of a type in a call.
        let mut objects: SortedMap<_, Vec<_>> = SortedMap::new();
        for (place, write) in some {
            objects.update(write.sobject.clone(), |writes| writes.push((place, write)));
        }
        let mut kinds = 0;
        for (place, write) in objects.into_iter().flat_map(|(_, writes)| writes) {
            let last = collections
                .last()
                .filter(|last| last.method == method && last.writes.len() < LARGEST);
            let same = last
                .and_then(|last| last.writes.last())
                .is_some_and(|(_, before)| before.sobject == write.sobject);
            let fresh = last.is_none() || (!same && kinds == MOST_KINDS);
            kinds = match (fresh, same) {
                (true, _) => 1,
                (false, true) => kinds,
                (false, false) => kinds + 1,
            };
            if fresh {
                collections.push(Collection {
                    method,
                    writes: Vec::new(),
                });
            }
            if let Some(last) = collections.last_mut() {
                last.writes.push((place, write));
            }
        }
    }
    let mut jobs = VecDeque::new();
    while !collections.is_empty() {
        let rest = collections.split_off(collections.len().min(MOST_QUERIES));
        let job = match (collections.pop(), collections.is_empty()) {
            (Some(only), true) => Job::Collection(only),
            (last, _) => {
                collections.extend(last);
                Job::Composite(collections)
            }
        };
        jobs.push_back(job);
        collections = rest;
    }
    jobs
}

/// The writes of some jobs, for later.
pub(super) fn undone(jobs: VecDeque<Job>) -> impl Iterator<Item = (usize, Write)> {
    jobs.into_iter().flat_map(Job::into_writes)
}

/// How many kinds of objects a collection may have, each in one run.
const MOST_KINDS: usize = 10;
