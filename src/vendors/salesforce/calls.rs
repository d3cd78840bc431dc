//! The calls of `associations.create` at Salesforce: how reads and writes are put together, and their requests.

use std::collections::VecDeque;

use serde_json::{Map, Value};

use super::collections::{self, LARGEST, Records};
use super::composite::send::{MOST_QUERIES, Part, Send};
use super::links::{Kind, Write};
use super::{sobjects, version};
use crate::endpoint::{Endpoint, Options, Repeat};
use crate::error::Refusal;
use crate::http::{Method, Request};
use crate::id::Id;
use crate::path;
use crate::unified::links::Links;

/// What is on its way, with the places of the links that wait for it.
pub(super) enum Job {
    Read(Vec<Query>),
    Plain(usize, Write),
    Collections(Vec<Collection>, bool),
}

/// Links of one kind, which one query shows.
pub(super) struct Query {
    pub(super) kind: Kind,
    pub(super) places: Vec<usize>,
}

/// Writes of one verb, which one collection carries.
pub(super) struct Collection {
    pub(super) method: Method,
    pub(super) writes: Vec<(usize, Write)>,
}

/// What all calls of an operation share.
pub(super) struct Calls {
    options: Options,
    version: String,
    remote_data: Map<String, Value>,
    query: Map<String, Value>,
}

impl Calls {
    pub(super) fn new(
        options: &Options,
        remote_data: Map<String, Value>,
        query: Map<String, Value>,
    ) -> Result<Self, Refusal> {
        Ok(Self {
            version: version(options)?.to_owned(),
            options: Options {
                token: None,
                ..options.clone()
            },
            remote_data,
            query,
        })
    }

    /// The request of a job, and what sending it twice does.
    pub(super) fn request(
        &self,
        links: &Links<'_>,
        job: &Job,
    ) -> Result<(Request, Repeat), Refusal> {
        match job {
            Job::Read(queries) => Ok((self.read(links, queries)?, Repeat::Safe)),
            Job::Plain(_, write) => Ok((self.plain(write)?, repeat(write))),
            Job::Collections(collections, _) => {
                let creates = collections
                    .iter()
                    .any(|collection| collection.method == Method::Post);
                let repeat = if creates { Repeat::Look } else { Repeat::Safe };
                Ok((self.write(collections)?, repeat))
            }
        }
    }

    /// The URL of a part of a composite call: a path of the same org and version.
    fn part(&self, template: &str) -> Result<String, Refusal> {
        let mut url = String::new();
        path::push(&mut url, template, &[("version", &self.version)])?;
        Ok(url)
    }

    /// The composite call that reads the rows of some links.
    pub(super) fn read(&self, links: &Links<'_>, queries: &[Query]) -> Result<Request, Refusal> {
        let query_url = self.part("/services/data/{version}/query")?;
        let mut parts = Vec::with_capacity(queries.len());
        for (number, query) in queries.iter().enumerate() {
            let ids: Vec<_> = query
                .places
                .iter()
                .filter_map(|place| Some(links.link(*place)?.target.id.as_str()))
                .collect();
            let mut url = query_url.clone();
            let query = query.kind.query(links.entity_id.as_str(), &ids);
            path::push_query(&mut url, "q", &query.build()?);
            parts.push(Part {
                method: Method::Get,
                url: url.into(),
                reference_id: format!("read{number}").into(),
                body: None,
            });
        }
        self.composite(parts)
    }

    fn composite(&self, parts: Vec<Part<'_>>) -> Result<Request, Refusal> {
        self.with_query(
            Send {
                all_or_none: false,
                collate_subrequests: false,
                composite_request: parts,
            }
            .build(&self.options),
        )
    }

    fn with_query(&self, request: Result<Request, Refusal>) -> Result<Request, Refusal> {
        let mut request = request?;
        path::push_query_values(&mut request.url, "", &self.query);
        Ok(request)
    }

    /// The fields of a write, with those that the caller passes through.
    fn fields(&self, write: &Write) -> Map<String, Value> {
        let mut fields = write.fields.clone();
        fields.extend(self.remote_data.clone());
        fields
    }

    fn plain(&self, write: &Write) -> Result<Request, Refusal> {
        let record = self.fields(write);
        let sobject = Id::new(write.sobject);
        self.with_query(match &write.id {
            None => sobjects::create::Create { sobject, record }.build(&self.options),
            Some(id) => sobjects::update::Update {
                sobject,
                id: Id::new(id.as_str()),
                record,
            }
            .build(&self.options),
        })
    }

    fn records(&self, collection: &Collection) -> Records {
        let records = collection.writes.iter().map(|(_, write)| {
            let mut record = Map::new();
            record.insert(
                "attributes".to_owned(),
                serde_json::json!({ "type": write.sobject }),
            );
            record.extend(
                write
                    .id
                    .as_ref()
                    .map(|id| ("id".to_owned(), Value::from(id.as_str()))),
            );
            record.extend(self.fields(write));
            record
        });
        Records {
            all_or_none: false,
            records: records.collect(),
        }
    }

    fn write(&self, collections: &[Collection]) -> Result<Request, Refusal> {
        if let [only] = collections {
            let records = self.records(only);
            return self.with_query(match only.method {
                Method::Patch => collections::update::Update(records).build(&self.options),
                _ => collections::create::Create(records).build(&self.options),
            });
        }
        let url = self.part("/services/data/{version}/composite/sobjects")?;
        let parts = collections
            .iter()
            .enumerate()
            .map(|(number, collection)| Part {
                method: collection.method,
                url: url.as_str().into(),
                reference_id: format!("write{number}").into(),
                body: serde_json::to_value(self.records(collection)).ok(),
            });
        self.composite(parts.collect())
    }
}

/// The queries that show some links: of one kind, and of at most 200 targets, each.
pub(super) fn queries(links: &Links<'_>, places: &[usize]) -> Vec<Query> {
    let mut queries: Vec<Query> = Vec::new();
    for place in places {
        let Some(link) = links.link(*place) else {
            continue;
        };
        let Some(kind) = Kind::of(links.kind.entity, link.to, &link.target) else {
            continue;
        };
        let room = |query: &&mut Query| query.kind == kind && query.places.len() < LARGEST;
        match queries.iter_mut().find(room) {
            Some(query) => query.places.push(*place),
            None => queries.push(Query {
                kind,
                places: vec![*place],
            }),
        }
    }
    queries
}

/// The calls that make some writes, in order.
pub(super) fn jobs(mut writes: Vec<(usize, Write)>) -> VecDeque<Job> {
    if writes.len() == 1 {
        return writes
            .pop()
            .map(|(place, write)| Job::Plain(place, write))
            .into_iter()
            .collect();
    }
    // Creates, then updates. Their types do not alternate: Salesforce takes at most ten runs of a type.
    let (updates, creates): (Vec<_>, Vec<_>) = writes
        .into_iter()
        .partition(|(_, write)| write.id.is_some());
    let mut collections = Vec::new();
    for (method, mut writes) in [(Method::Post, creates), (Method::Patch, updates)] {
        while !writes.is_empty() {
            let rest: Vec<_> = writes.split_off(writes.len().min(LARGEST));
            collections.push(Collection { method, writes });
            writes = rest;
        }
    }
    let mut jobs = VecDeque::new();
    while !collections.is_empty() {
        let rest = collections.split_off(collections.len().min(MOST_QUERIES));
        let alone = collections.len() == 1;
        jobs.push_back(Job::Collections(collections, alone));
        collections = rest;
    }
    jobs
}

const fn repeat(write: &Write) -> Repeat {
    match write.id {
        Some(_) => Repeat::Safe,
        None => Repeat::Look,
    }
}
