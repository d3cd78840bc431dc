//! What upserts read before they write: who has an address or a number, a location's businesses, and the ids of names.

use serde_json::{Map, Value};

use super::contacts::duplicate::{self, By};
use super::opportunities::{lost_reasons, pipelines};
use super::{NAME, businesses};
use crate::answer;
use crate::endpoint::{Options, json, unexpected};
use crate::error::{Code, Error, Failure, Refusal, Sent};
use crate::http::{Request, Response};
use crate::id::Id;
use crate::unified::record::mapping::{Aside, How, Property};
use crate::upsert::{Candidate, Item};

/// So many pages of a list are read: a thousand records.
const MOST_PAGES: usize = 10;

/// Something to read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Read {
    /// The contact of an address.
    Email(String),
    /// The contact of a number.
    Number(String),
    /// The businesses behind so many.
    Businesses(usize),
    Pipelines,
    /// The reasons behind so many.
    LostReasons(usize),
}

/// What is to be read, and what was.
#[derive(Debug, Default)]
pub(super) struct Reads {
    reads: Vec<Read>,
    next: usize,
    contacts: Vec<(Read, Option<Map<String, Value>>)>,
    pub(super) businesses: Vec<Map<String, Value>>,
    pipelines: Vec<Map<String, Value>>,
    lost_reasons: Vec<Map<String, Value>>,
    failed: Vec<(Read, Failure)>,
}

impl Reads {
    /// Notes a read, once.
    pub(super) fn need(&mut self, read: Read) {
        if !self.reads.contains(&read) {
            self.reads.push(read);
        }
    }

    /// Notes what an item's names need.
    pub(super) fn need_names(&mut self, item: &Item) {
        for aside in sought(item) {
            self.need(match aside.from {
                "lost_reason.name" => Read::LostReasons(0),
                _ => Read::Pipelines,
            });
        }
    }

    pub(super) fn next(
        &mut self,
        location: &Id<'_>,
        options: &Options,
    ) -> Option<(usize, Request)> {
        let number = self.next;
        let request = self.reads.get(number)?.request(location, options);
        self.next += 1;
        match request {
            Ok(request) => Some((number, request)),
            Err(_) => self.next(location, options),
        }
    }

    /// The reads as they begin.
    pub(super) fn requests(&self, location: &Id<'_>, options: &Options) -> Vec<Request> {
        let requests = self.reads.iter();
        requests
            .filter_map(|read| read.request(location, options).ok())
            .collect()
    }

    /// How many more reads there may be: further pages.
    pub(super) fn more(&self) -> usize {
        let lists = self.reads.iter();
        let lists = lists.filter(|read| matches!(read, Read::Businesses(0) | Read::LostReasons(0)));
        lists.count() * (MOST_PAGES - 1)
    }

    /// Takes what became of a read.
    pub(super) fn read(
        &mut self,
        number: usize,
        answer: Result<&Response, Failure>,
    ) -> Result<(), Failure> {
        let Some(read) = self.reads.get(number).cloned() else {
            return Ok(());
        };
        let response = match (answer, &read) {
            (Ok(response), _) => response,
            // Not known: whether an address that nobody has may answer so.
            (Err(failure), Read::Email(_) | Read::Number(_)) if failure.code == Code::NotFound => {
                self.contacts.push((read, None));
                return Ok(());
            }
            (Err(failure), _) => {
                self.failed.push((read, failure));
                return Ok(());
            }
        };
        match read {
            Read::Email(_) | Read::Number(_) => {
                let found = contact(response)?;
                self.contacts.push((read, found));
            }
            Read::Pipelines => self.pipelines = list(response, "pipelines")?,
            Read::Businesses(skip) => {
                let page = list(response, "businesses")?;
                let count = page.len();
                self.businesses.extend(page);
                self.go_on(count, skip, businesses::list::PAGE, Read::Businesses);
            }
            Read::LostReasons(skip) => {
                let page = list(response, "lostReasons")?;
                let count = page.len();
                self.lost_reasons.extend(page);
                self.go_on(count, skip, lost_reasons::PAGE, Read::LostReasons);
            }
        }
        Ok(())
    }

    /// A full page may have a next one.
    fn go_on(&mut self, count: usize, skip: usize, page: usize, next: fn(usize) -> Read) {
        if count < page {
            return;
        }
        if skip + page < page * MOST_PAGES {
            self.reads.push(next(skip + page));
        } else {
            let message = "this location has more than a thousand of them: give the id";
            let failure = Failure::unanswered(NAME, Code::TooLarge, Sent::Yes, message);
            self.failed.push((next(0), failure));
        }
    }

    /// Why something was not read.
    pub(super) fn failure(&self, read: &Read) -> Option<&Failure> {
        let same = |known: &Read| match (known, read) {
            (Read::Businesses(_), Read::Businesses(_))
            | (Read::LostReasons(_), Read::LostReasons(_)) => true,
            (known, read) => known == read,
        };
        let failed = self.failed.iter().find(|(known, _)| same(known));
        failed.map(|(_, failure)| failure)
    }

    /// The contacts that these reads have found, each once.
    pub(super) fn contacts(&self, reads: &[Read]) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = Vec::new();
        for read in reads {
            let known = self.contacts.iter().find(|(known, _)| known == read);
            let candidate = known.and_then(|(_, record)| candidate(record.as_ref()?));
            if let Some(candidate) = candidate
                && found.iter().all(|known| known.id != candidate.id)
            {
                found.push(candidate);
            }
        }
        found
    }

    /// Puts the ids that names stand for into an item.
    pub(super) fn resolve(&self, item: &mut Item) -> Result<(), Error> {
        let mut found: Vec<Property> = Vec::new();
        for aside in sought(item) {
            let said = aside.leaf.text();
            let said = said.trim();
            let refuse = |message: String| Refusal::input(item.full(&aside.leaf.path), message);
            let read = match aside.from {
                "lost_reason.name" => Read::LostReasons(0),
                _ => Read::Pipelines,
            };
            if let Some(failure) = self.failure(&read) {
                return Err(failure.clone().into());
            }
            let mut add = |name: &'static str, id: &str| {
                found.push(Property {
                    name: name.into(),
                    json: json(&id),
                    custom: false,
                    path: aside.leaf.path.clone(),
                });
            };
            match aside.from {
                "lost_reason.name" => {
                    let reasons = self.lost_reasons.iter();
                    let ids = reasons.filter(|one| is_named(one, said)).filter_map(id_of);
                    add(aside.to, only(ids, "lost reason").map_err(refuse)?);
                }
                "pipeline.name" => add(aside.to, self.pipeline(said).map_err(refuse)?),
                _ => {
                    let given = item.mapped.property("pipelineId");
                    let named = item.aside("pipeline.name");
                    let named = named.map(|leaf| self.pipeline(leaf.text().trim()));
                    let named = named.transpose().map_err(refuse)?;
                    let chosen = given.map(|id| id.text().into_owned());
                    let chosen = chosen.or(named.map(str::to_owned));
                    let pipelines = self
                        .pipelines
                        .iter()
                        .filter_map(|one| Some((id_of(one)?, one)));
                    let pipelines = pipelines
                        .filter(|(id, _)| chosen.as_deref().is_none_or(|known| known == *id));
                    let stages = pipelines.flat_map(|(pipeline, one)| {
                        let stages = one.get("stages").and_then(Value::as_array);
                        let stages = stages.into_iter().flatten().filter_map(Value::as_object);
                        stages
                            .filter(|stage| is_named(stage, said))
                            .filter_map(move |stage| Some((pipeline, id_of(stage)?)))
                    });
                    let (pipeline, stage) = only(stages, "stage").map_err(refuse)?;
                    add(aside.to, stage);
                    if chosen.is_none() {
                        add("pipelineId", pipeline);
                    }
                }
            }
        }
        for property in found {
            match item.mapped.property(&property.name) {
                None => item.mapped.properties.push(property),
                Some(known) if known.json == property.json => {}
                Some(known) => {
                    let message = format!("{} means another one: give one of the two", known.path);
                    return Err(Refusal::input(item.full(&property.path), message).into());
                }
            }
        }
        Ok(())
    }

    fn pipeline(&self, name: &str) -> Result<&str, String> {
        let pipelines = self.pipelines.iter();
        let ids = pipelines
            .filter(|one| is_named(one, name))
            .filter_map(id_of);
        only(ids, "pipeline")
    }
}

impl Read {
    fn request(&self, location: &Id<'_>, options: &Options) -> Result<Request, Refusal> {
        let location = location.as_str();
        match self {
            Self::Email(email) => duplicate::build(location, By::Email, email, options),
            Self::Number(number) => duplicate::build(location, By::Number, number, options),
            Self::Businesses(skip) => businesses::list::build(location, *skip, options),
            Self::Pipelines => pipelines::build(location, options),
            Self::LostReasons(skip) => lost_reasons::build(location, *skip, options),
        }
    }
}

/// The contact that a lookup has found. Its answer is not published: callers read `contact`, which is null where there is none.
pub(super) fn contact(response: &Response) -> Result<Option<Map<String, Value>>, Failure> {
    let mut body = answer::value(NAME, response)?;
    match body.get_mut("contact").map(Value::take) {
        Some(Value::Null) => Ok(None),
        Some(Value::Object(record)) if id_of(&record).is_some() => Ok(Some(record)),
        _ => {
            let what = "did not say whether there is such a contact";
            Err(unexpected(NAME, response, what))
        }
    }
}

/// A record as a candidate.
pub(super) fn candidate(record: &Map<String, Value>) -> Option<Candidate> {
    let time = ["dateAdded", "createdAt"]
        .iter()
        .find_map(|name| record.get(*name)?.as_str());
    Some(Candidate {
        id: id_of(record)?.to_owned(),
        created: time.unwrap_or_default().to_owned(),
        record: json(record),
    })
}

fn list(response: &Response, name: &str) -> Result<Vec<Map<String, Value>>, Failure> {
    answer::listed(NAME, response, name, |fields| Ok(fields.rest()))
}

fn id_of(record: &Map<String, Value>) -> Option<&str> {
    record.get("id")?.as_str()
}

fn is_named(record: &Map<String, Value>, name: &str) -> bool {
    record.get("name").and_then(Value::as_str).map(str::trim) == Some(name)
}

fn sought(item: &Item) -> impl Iterator<Item = &Aside> {
    let asides = item.mapped.asides.iter();
    asides.filter(|aside| matches!(aside.how, How::Sought))
}

/// The one that there is.
fn only<T>(mut found: impl Iterator<Item = T>, what: &str) -> Result<T, String> {
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => Err(format!(
            "expected the name of one {what}, several have it: give the id"
        )),
        (None, _) => Err(format!(
            "expected the name of one {what}, none of this location has it: give the id"
        )),
    }
}
