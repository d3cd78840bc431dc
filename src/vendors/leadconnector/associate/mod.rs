//! `associations.create`, `remove` and `set` at LeadConnector.
//!
//! A link is a relation under a definition; between a business and a contact, where no definition is named, it is the
//! business that the contact is in. What has to be known is read first, then links are made, then links are taken away.

mod decide;
mod look;
mod plan;
mod refuse;
mod settle;
mod write;

use serde_json::{Map, Value};

use self::refuse::check;
use crate::endpoint::Options;
use crate::error::{Code, Failure, Refusal, Sent};
use crate::http::Response;
use crate::script::{Call, Jobs, Script};
use crate::unified::answers::Answers;
use crate::unified::association::{Association, NewType};
use crate::unified::links::{Link, Links, Step as Inversion};
use crate::unified::operation::Verb;
use crate::unified::plan::Plan;
use crate::unified::receipt::{LinkReceipt, Receipt};
use crate::vendors::leadconnector::capability::RULES;
use crate::vendors::leadconnector::kinds::{default_key, is_business};
use crate::vendors::leadconnector::look::{Look, Read};
use crate::vendors::leadconnector::{NAME, error};

/// The operation, with what is left to send.
pub struct Associate<'a> {
    links: Links<'a>,
    look: Look,
    extra: Option<Map<String, Value>>,
    /// Definitions that may be created.
    new_types: Vec<NewType<'static>>,
    jobs: Jobs<Job>,
    stage: Stage,
    /// Definitions that were not found, by their keys, and businesses that could not be read, by their contacts.
    missing: Vec<(String, Failure)>,
    /// Why it is not known which relations there are.
    unread: Option<Failure>,
    employs: Vec<Employ>,
    away: Vec<Away>,
    answers: Answers,
}

/// What is under way: each stage begins when nothing of the one before is left.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Stage {
    Reading,
    Resolving,
    Defining,
    Making,
    TakingAway,
    LookingAgain,
    Done,
}

#[derive(Debug)]
enum Job {
    Read(Read),
    /// Create the definition of this key.
    Define(String),
    /// Make a relation.
    Relate {
        place: usize,
        definition: String,
        swapped: bool,
    },
    /// Put a contact into a business, or take it out of its own: the one at this place of `employs`.
    Employ(usize),
    /// Delete the relation at this place of `away`.
    Delete(usize),
}

#[derive(Debug)]
struct Employ {
    place: usize,
    contact: String,
    business: Option<String>,
    /// The business that it is in.
    before: Option<String>,
    /// The place of the link that this takes away besides.
    leaves: Option<usize>,
}

/// A relation that is to be taken away.
#[derive(Debug)]
struct Away {
    place: usize,
    relation: String,
    undo: Inversion,
    end: End,
}

#[derive(Debug)]
enum End {
    Open,
    Gone,
    Stays(Failure),
    InDoubt(Failure),
}

/// What a link is at LeadConnector.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Way<'l> {
    /// The business that a contact is in.
    Business,
    /// A relation under the definition of this key.
    Definition(&'l str),
    /// A relation under any definition: a link that is removed may leave open which.
    Any,
}

impl<'a> Associate<'a> {
    /// Reads the input.
    ///
    /// # Errors
    /// A refusal when no link of it can be tried, or when the location is not named.
    pub fn new(
        verb: Verb,
        mut association: Association<'a>,
        options: &Options,
    ) -> Result<Self, Refusal> {
        let look = Look::new(
            association.entity_id.as_str(),
            association.remote_query.clone(),
            options,
        )?;
        association.remote_data = association.remote_data.filter(|data| !data.is_empty());
        check(verb, &association)?;
        let new_types: Vec<_> = association.clone().into_owned().association_types;
        let mut script = Self {
            extra: association.remote_data.clone(),
            links: Links::new(association, verb, &RULES)?,
            look,
            new_types,
            jobs: Jobs::default(),
            stage: Stage::Reading,
            missing: Vec::new(),
            unread: None,
            employs: Vec::new(),
            away: Vec::new(),
            answers: Answers::new(options),
        };
        script.refuse_what_no_link_holds()?;
        for read in script.first_reads() {
            // What else could be refused depends on the options alone: these requests show it.
            script.look.build(&read)?;
            script.jobs.push(Job::Read(read));
        }
        if let Some((_, link)) = script.links.open().next().filter(|_| verb.makes()) {
            let made = match way(&script.links, link) {
                Way::Business => script.employ("{contactId}", Some("{businessId}")),
                _ => script.relate(link, "{associationId}", false),
            };
            made.map_err(|refusal| Refusal {
                path: refusal.path.replacen("extra.", "remote_data.", 1),
                ..refusal
            })?;
        }
        Ok(script)
    }

    /// Begins the next stage.
    fn advance(&mut self) {
        self.stage = match self.stage {
            Stage::Reading => {
                self.resolve();
                Stage::Resolving
            }
            Stage::Resolving => {
                let wanted = self.missing.iter().map(|(key, _)| key.clone());
                let wanted: Vec<_> = wanted.filter(|key| self.may_define(key)).collect();
                wanted
                    .into_iter()
                    .map(Job::Define)
                    .for_each(|job| self.jobs.push(job));
                Stage::Defining
            }
            Stage::Defining => {
                self.decide();
                Stage::Making
            }
            Stage::Making => {
                (0..self.away.len())
                    .map(Job::Delete)
                    .for_each(|job| self.jobs.push(job));
                Stage::TakingAway
            }
            Stage::TakingAway => {
                if self
                    .away
                    .iter()
                    .any(|away| matches!(away.end, End::InDoubt(_)))
                {
                    self.look.relations.clear();
                    self.jobs.push(Job::Read(Read::Relations(0)));
                }
                Stage::LookingAgain
            }
            Stage::LookingAgain | Stage::Done => {
                self.settle_away();
                Stage::Done
            }
        };
    }
}

impl Script for Associate<'_> {
    fn plan(&self) -> Plan {
        self.planned()
    }

    fn next(&mut self) -> Option<Call> {
        loop {
            let mut jobs = std::mem::take(&mut self.jobs);
            let next = jobs.next(
                |job| self.build(job),
                |response| error::success(response).map(|_| ()),
            );
            self.jobs = jobs;
            match next {
                Some(Ok(call)) => return Some(call),
                Some(Err((job, refusal))) => self.unbuilt(&job, refusal),
                None if !self.jobs.are_done() || self.stage == Stage::Done => return None,
                None => self.advance(),
            }
        }
    }

    fn answered(&mut self, tag: usize, answer: Result<&Response, Failure>) -> Result<(), Failure> {
        let Some(job) = self.jobs.take(tag) else {
            return Ok(());
        };
        match answer {
            Ok(response) => {
                let taken = self.succeeded(&job, response);
                if taken.is_err() {
                    self.jobs.put_back(tag, job);
                }
                taken
            }
            Err(failure) => {
                self.failed(&job, failure);
                Ok(())
            }
        }
    }

    fn receipt(&mut self) -> Receipt {
        self.links.receipt(self.answers.take())
    }

    fn settled(&mut self) -> Vec<LinkReceipt> {
        self.links.settled()
    }
}

impl Associate<'_> {
    /// A request that cannot be built is of an id that the vendor gave: nothing was sent for it.
    fn unbuilt(&mut self, job: &Job, refusal: Refusal) {
        let failure = Failure::unanswered(
            NAME,
            Code::UnexpectedResponse,
            Sent::No,
            refusal.to_string(),
        );
        self.failed(job, failure);
    }
}

fn way<'l>(links: &Links<'_>, link: &'l Link<'_>) -> Way<'l> {
    let from = links.kind.entity;
    match link.target.types().next() {
        Some(key) => Way::Definition(key),
        None if is_business(from, link.to) => Way::Business,
        None => default_key(from, link.to).map_or(Way::Any, Way::Definition),
    }
}
