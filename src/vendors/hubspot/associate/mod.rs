//! `associations.create`, `remove` and `set` at HubSpot: what is there is read where that matters, then as few batches as
//! the vendor allows make what is missing, and others take away what goes.

mod decide;
mod deed;
mod look;
mod plan;
mod results;
mod settle;
mod undo;
mod write;

use serde_json::{Map, Value};

pub(super) use self::look::{MOST_PAGES, too_many};
use super::{DEFAULT_VERSION, error};
use crate::endpoint::{Options, Repeat};
use crate::error::{Failure, Reason, Refusal, Report};
use crate::http::Response;
use crate::script::{Call, Jobs, Script};
use crate::sorted::SortedMap;
use crate::unified::answers::Answers;
use crate::unified::association::{Association, NewType};
use crate::unified::entity::Kind;
use crate::unified::links::{Inverse, Links};
use crate::unified::operation::Verb;
use crate::unified::plan::Plan;
use crate::unified::receipt::{LinkReceipt, Receipt};
use crate::vendors::hubspot::association_labels::create;
use crate::vendors::hubspot::associations::batch_create::LARGEST;
use crate::vendors::hubspot::associations::create_default;
use crate::vendors::hubspot::associations::{LabelledType, Type};
use crate::vendors::hubspot::capability::RULES;
use crate::vendors::hubspot::wording::Ends;

/// The operation, with what is left to send.
pub struct Associate<'a> {
    links: Links<'a>,
    options: Options,
    query: Map<String, Value>,
    news: Vec<NewType<'a>>,
    groups: Vec<Group<'a>>,
    jobs: Jobs<Job>,
    writes: SortedMap<usize, Write>,
    answers: Answers,
}

/// The links with records of one kind.
struct Group<'a> {
    kind: Kind<'a>,
    ends: Ends,
    places: Vec<usize>,
    /// Whether what is there is read first, and whether the labels are.
    looks: bool,
    names: bool,
    there: SortedMap<String, Vec<LabelledType>>,
    pages: usize,
    labels: Option<Vec<LabelledType>>,
    /// Whether a label was defined since they were read, and why one was not.
    defined: bool,
    undefined: Option<Box<Report>>,
    stage: Stage,
    /// How many calls of this stage are not answered.
    waits: usize,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Stage {
    Read,
    Define,
    Make,
    Take,
}

/// One call, for the group at this place.
#[derive(Debug)]
enum Job {
    /// A page of what is there.
    List(usize, Option<String>),
    /// The labels of the pair of kinds.
    Labels(usize),
    /// Defines a label, by its place among the new ones.
    Define(usize, usize),
    /// Makes default associations.
    Link(usize, Vec<usize>),
    /// Writes kinds of association.
    Label(usize, Vec<usize>),
    /// Takes kinds of association away.
    Unlabel(usize, Vec<usize>),
    /// Takes whole pairs away.
    Archive(usize, Vec<usize>),
}

/// What is written to one link.
struct Write {
    send: Vec<Type<'static>>,
    drop: Vec<Type<'static>>,
    undo: Inverse,
}

impl<'a> Associate<'a> {
    /// Reads the input.
    ///
    /// # Errors
    /// A refusal when no link of it can be tried, or when the options do not fit.
    pub fn new(
        verb: Verb,
        mut association: Association<'a>,
        options: &Options,
    ) -> Result<Self, Refusal> {
        let query = association.remote_query.clone().unwrap_or_default();
        association.remote_data = association.remote_data.filter(|data| !data.is_empty());
        let news = association.association_types.clone();
        check_news(verb, &news)?;
        if association.all_or_none {
            let message =
                "HubSpot keeps what it made of a batch in which a link fails: leave it out";
            return Err(Refusal::unsupported(
                Reason::AssociationUnsupported,
                "all_or_none",
                message,
            ));
        }
        let reversible = association.reversible;
        let links = Links::new(association, verb, &RULES)?;
        let mut options = options.clone();
        options.token = None;
        options
            .api_version
            .get_or_insert_with(|| DEFAULT_VERSION.to_owned());
        create_default::FACTS.version(&options)?;
        let mut script = Self {
            answers: Answers::new(&options),
            links,
            options,
            query,
            news,
            groups: Vec::new(),
            jobs: Jobs::default(),
            writes: SortedMap::new(),
        };
        let refused = script.group(reversible);
        if let Some(refusal) = refused.filter(|_| script.links.open().next().is_none()) {
            return Err(refusal);
        }
        script.begin();
        // What else could be refused depends on the options alone: one request shows it.
        if let Some((group, Some(place))) = script
            .groups
            .iter()
            .enumerate()
            .map(|(number, group)| (number, group.places.first().copied()))
            .next()
        {
            script.request(&Job::Link(group, vec![place]))?;
        }
        Ok(script)
    }

    /// Puts links of one kind together and finds out what has to be read for them.
    /// The first refusal is answered.
    fn group(&mut self, reversible: bool) -> Option<Refusal> {
        let mut first = None;
        let verb = self.links.verb;
        let kinds: Vec<_> = self.links.kinds().cloned().collect();
        for kind in kinds {
            let ends = Ends::new(&self.links.kind, &kind);
            let mut group = Group {
                ends,
                places: Vec::new(),
                looks: verb != Verb::Create || reversible,
                names: false,
                there: SortedMap::new(),
                pages: 0,
                labels: None,
                defined: false,
                undefined: None,
                stage: Stage::Read,
                waits: 0,
                kind,
            };
            let mut wrong = Vec::new();
            for (place, link) in self.links.open() {
                if !self.links.to(link).is(&group.kind) {
                    continue;
                }
                match ends.meant(&link.target, verb.makes(), &self.news, None) {
                    Ok(meant) => {
                        group.looks |= meant.labels.is_some() || link.target.primary == Some(true);
                        group.names |= meant.open;
                        group.places.push(place);
                    }
                    Err(unknown) => {
                        wrong.push((place, unknown.refusal(|field| self.links.path(link, field))));
                    }
                }
            }
            for (place, refusal) in wrong {
                first.get_or_insert_with(|| refusal.clone());
                self.links.settle_refused(place, refusal);
            }
            if !group.places.is_empty() || verb == Verb::Set {
                self.groups.push(group);
            }
        }
        first
    }

    /// Puts the reads in the queue, and the writes of groups that need none.
    fn begin(&mut self) {
        for (number, group) in self.groups.iter_mut().enumerate() {
            if group.looks {
                self.jobs.push(Job::List(number, None));
            }
            if group.names {
                self.jobs.push(Job::Labels(number));
            }
            group.waits = usize::from(group.looks) + usize::from(group.names);
        }
        for number in 0..self.groups.len() {
            self.advance(number);
        }
    }

    /// Takes a group as far as it gets without an answer.
    fn advance(&mut self, number: usize) {
        loop {
            let Some(group) = self.groups.get_mut(number) else {
                return;
            };
            if group.waits > 0 || group.stage == Stage::Take {
                return;
            }
            match group.stage {
                Stage::Read => {
                    group.stage = Stage::Define;
                    for (new, ()) in self.missing(number) {
                        self.push(number, Job::Define(number, new));
                    }
                }
                Stage::Define if group.defined => {
                    // The answer to a definition does not say which direction is which: the list does.
                    group.defined = false;
                    self.push(number, Job::Labels(number));
                }
                Stage::Define => {
                    group.stage = Stage::Make;
                    self.decide(number);
                }
                Stage::Make | Stage::Take => {
                    group.stage = Stage::Take;
                    self.take_away(number);
                }
            }
        }
    }

    fn push(&mut self, number: usize, job: Job) {
        if let Some(group) = self.groups.get_mut(number) {
            group.waits += 1;
        }
        self.jobs.push(job);
    }
}

impl Script for Associate<'_> {
    fn plan(&self) -> Plan {
        plan::plan(self)
    }

    fn next(&mut self) -> Option<Call> {
        loop {
            let mut jobs = std::mem::take(&mut self.jobs);
            let next = jobs.next(
                |job| Ok((self.request(job)?, job.repeat())),
                |response| error::success(response).map(|_| ()),
            );
            self.jobs = jobs;
            match next? {
                Ok(call) => return Some(call),
                Err((job, refusal)) => {
                    for place in job.places() {
                        self.links.settle_refused(*place, refusal.clone());
                    }
                    self.answer(job.group());
                }
            }
        }
    }

    fn answered(&mut self, tag: usize, answer: Result<&Response, Failure>) -> Result<(), Failure> {
        let Some(job) = self.jobs.take(tag) else {
            return Ok(());
        };
        match answer {
            Ok(response) => {
                if let Err(failure) = self.take(&job, response) {
                    self.jobs.put_back(tag, job);
                    return Err(failure);
                }
            }
            Err(failure) => self.fail(&job, &failure),
        }
        self.answer(job.group());
        Ok(())
    }

    fn receipt(&mut self) -> Receipt {
        self.links.receipt(self.answers.take())
    }

    fn settled(&mut self) -> Vec<LinkReceipt> {
        self.links.settled()
    }
}

impl Associate<'_> {
    /// Notes that a call of a group is over.
    fn answer(&mut self, number: usize) {
        if let Some(group) = self.groups.get_mut(number) {
            group.waits = group.waits.saturating_sub(1);
        }
        self.advance(number);
    }
}

impl Job {
    const fn group(&self) -> usize {
        match self {
            Self::List(group, _)
            | Self::Labels(group)
            | Self::Define(group, _)
            | Self::Link(group, _)
            | Self::Label(group, _)
            | Self::Unlabel(group, _)
            | Self::Archive(group, _) => *group,
        }
    }

    fn places(&self) -> &[usize] {
        match self {
            Self::Link(_, places)
            | Self::Label(_, places)
            | Self::Unlabel(_, places)
            | Self::Archive(_, places) => places,
            Self::List(..) | Self::Labels(_) | Self::Define(..) => &[],
        }
    }

    const fn repeat(&self) -> Repeat {
        match self {
            Self::Define(..) => Repeat::Look,
            _ => Repeat::Safe,
        }
    }
}

/// Definitions can only be made where links are, and under names that HubSpot takes.
fn check_news(verb: Verb, news: &[NewType<'_>]) -> Result<(), Refusal> {
    for (place, new) in news.iter().enumerate() {
        if !verb.makes() {
            let message = "expected no definitions where links are taken away";
            return Err(Refusal::input("association_types", message));
        }
        if let Some(fault) = create::name_fault(new.key.as_str()) {
            let path = format!("association_types[{place}].key");
            return Err(Refusal::input(path, fault));
        }
    }
    Ok(())
}

/// Whether a target means a new label by this word.
pub(super) fn names(new: &NewType<'_>, word: &str) -> bool {
    new.key.as_str() == word || same_text(&new.label, word)
}

/// Whether two texts of labels are one.
pub(super) fn same_text(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// As many at once as one call carries.
fn chunks(places: Vec<usize>) -> Vec<Vec<usize>> {
    places.chunks(LARGEST).map(<[usize]>::to_vec).collect()
}
