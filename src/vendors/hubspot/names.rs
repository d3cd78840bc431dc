//! The ids that names stand for: owners by their address or name, pipelines and stages by their label. Each costs a read,
//! which serves all records of a call.

use super::NAME;
use super::owners::list::{self as owners, Owner};
use super::pipelines::list::{self as pipelines, Pipeline};
use crate::endpoint::{Options, json};
use crate::error::{Code, Error, Failure, Refusal, Sent};
use crate::http::{Request, Response};
use crate::unified::record::mapping::{Aside, How, Property};
use crate::upsert::Item;

/// So many addresses are asked for one by one; for more, all owners are listed.
const FEW: usize = 10;

/// So many pages of owners are read: a thousand of them.
const MOST_PAGES: usize = 10;

/// What is to be read, and what was.
#[derive(Debug, Default)]
pub(super) struct Names {
    reads: Vec<Read>,
    next: usize,
    owners: Vec<Owner>,
    pages: usize,
    pipelines: Vec<Pipeline>,
    owners_failed: Option<Failure>,
    pipelines_failed: Option<Failure>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Read {
    Owner(String),
    Owners(Option<String>),
    Pipelines,
}

impl Names {
    /// Notes what an item's names need.
    pub(super) fn need(&mut self, item: &Item) {
        for aside in sought(item) {
            let read = match aside.from {
                "owner.email" => Read::Owner(aside.leaf.text().to_lowercase()),
                "owner.name" => Read::Owners(None),
                _ => Read::Pipelines,
            };
            let all = self.reads.contains(&Read::Owners(None));
            if !(self.reads.contains(&read) || all && matches!(read, Read::Owner(_))) {
                self.reads.push(read);
            }
        }
        let is_one = |read: &Read| matches!(read, Read::Owner(_));
        let addresses = self.reads.iter().filter(|read| is_one(read)).count();
        if addresses > FEW || self.reads.contains(&Read::Owners(None)) {
            self.reads.retain(|read| !is_one(read));
            if !self.reads.contains(&Read::Owners(None)) {
                self.reads.push(Read::Owners(None));
            }
        }
    }

    /// The reads as they begin.
    pub(super) fn requests(&self, options: &Options, object_type: &str) -> Vec<Request> {
        let requests = self.reads.iter();
        requests
            .filter_map(|read| read.request(options, object_type).ok())
            .collect()
    }

    /// How many more reads there may be: the further pages of owners.
    pub(super) fn more(&self) -> usize {
        match self.reads.contains(&Read::Owners(None)) {
            true => MOST_PAGES - 1,
            false => 0,
        }
    }

    pub(super) fn next(
        &mut self,
        options: &Options,
        object_type: &str,
    ) -> Option<(usize, Request)> {
        let number = self.next;
        let request = self.reads.get(number)?.request(options, object_type);
        self.next += 1;
        match request {
            Ok(request) => Some((number, request)),
            Err(_) => self.next(options, object_type),
        }
    }

    /// Takes what became of a read.
    pub(super) fn read(
        &mut self,
        number: usize,
        answer: Result<&Response, Failure>,
    ) -> Result<(), Failure> {
        match (self.reads.get(number), answer) {
            (Some(Read::Pipelines), Ok(response)) => self.pipelines = pipelines::read(response)?,
            (Some(Read::Pipelines), Err(failure)) => self.pipelines_failed = Some(failure),
            (Some(_), Err(failure)) => self.owners_failed = Some(failure),
            (Some(read), Ok(response)) => {
                let page = owners::read(response)?;
                let all = matches!(read, Read::Owners(_));
                self.owners.extend(page.owners);
                self.pages += 1;
                if let Some(after) = page.after.filter(|_| all) {
                    match self.pages < MOST_PAGES {
                        true => self.reads.push(Read::Owners(Some(after))),
                        false => self.owners_failed = Some(too_many()),
                    }
                }
            }
            (None, _) => {}
        }
        Ok(())
    }

    /// Puts the ids into an item.
    pub(super) fn resolve(&self, item: &mut Item) -> Result<(), Error> {
        let mut found: Vec<Property> = Vec::new();
        let given = |name: &str| item.mapped.property(name).map(|known| known.text());
        for aside in sought(item) {
            let said = aside.leaf.text();
            let refuse = |message: String| Refusal::input(item.full(&aside.leaf.path), message);
            let mut add = |name: &'static str, id: &str| {
                found.push(Property {
                    name: name.into(),
                    json: json(&id),
                    custom: false,
                    path: aside.leaf.path.clone(),
                });
            };
            match aside.from {
                "owner.email" | "owner.name" => {
                    if let Some(failure) = &self.owners_failed {
                        return Err(failure.clone().into());
                    }
                    let by_email = aside.from == "owner.email";
                    let same = |owner: &&Owner| match by_email {
                        true => owner.email.eq_ignore_ascii_case(&said),
                        false => owner.name == said.trim(),
                    };
                    let ids = self
                        .owners
                        .iter()
                        .filter(same)
                        .map(|owner| owner.id.as_str());
                    let id = only(ids, "owner").map_err(refuse)?;
                    add(aside.to, id);
                }
                "pipeline.name" => {
                    if let Some(failure) = &self.pipelines_failed {
                        return Err(failure.clone().into());
                    }
                    add(aside.to, &self.pipeline(&said).map_err(refuse)?.id);
                }
                _ => {
                    if let Some(failure) = &self.pipelines_failed {
                        return Err(failure.clone().into());
                    }
                    let holder = match aside.to {
                        "dealstage" => "pipeline",
                        _ => "hs_pipeline",
                    };
                    let named = item.aside("pipeline.name");
                    let named = named.map(|leaf| self.pipeline(&leaf.text())).transpose();
                    let chosen = given(holder)
                        .map(|id| id.into_owned())
                        .or(named.map_err(refuse)?.map(|pipeline| pipeline.id.clone()));
                    let pipelines = self.pipelines.iter();
                    let pipelines = pipelines
                        .filter(|pipeline| chosen.as_ref().is_none_or(|id| *id == pipeline.id));
                    let places = pipelines.flat_map(|pipeline| {
                        let stages = pipeline.stages.iter();
                        let stages = stages.filter(|stage| stage.label == said.trim());
                        stages.map(move |stage| (pipeline.id.as_str(), stage.id.as_str()))
                    });
                    let (pipeline, stage) = only(places, "stage").map_err(refuse)?;
                    add(aside.to, stage);
                    // A stage outside the default pipeline needs its pipeline beside it.
                    if chosen.is_none() {
                        add(holder, pipeline);
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

    fn pipeline(&self, label: &str) -> Result<&Pipeline, String> {
        let pipelines = self.pipelines.iter();
        only(
            pipelines.filter(|known| known.label == label.trim()),
            "pipeline",
        )
    }
}

impl Read {
    fn request(&self, options: &Options, object_type: &str) -> Result<Request, Refusal> {
        match self {
            Self::Owner(email) => owners::build(options, Some(email), None),
            Self::Owners(after) => owners::build(options, None, after.as_deref()),
            Self::Pipelines => pipelines::build(options, object_type),
        }
    }
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
            "expected the name of one {what}, none of this HubSpot account has it: give the id"
        )),
    }
}

fn too_many() -> Failure {
    Failure::unanswered(
        NAME,
        Code::TooLarge,
        Sent::Yes,
        "this HubSpot account has more than a thousand owners: give owner.id or owner.email",
    )
}
