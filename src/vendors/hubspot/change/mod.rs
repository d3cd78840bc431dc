//! `associations.create`, `remove` and `set` at HubSpot: what is there is read where that matters, then as few batches as
//! the vendor allows make what is missing, and others take away what goes.

mod deed;
mod plan;
mod results;

use serde_json::{Map, Value};

use self::deed::{Deed, deed, inverse};
use self::results::Results;
use super::association_labels::{self, create};
use super::association_types;
use super::associations::batch_archive::{Archived, BatchArchive, Fan};
use super::associations::batch_archive_labels::BatchArchiveLabels;
use super::associations::batch_create::{self, BatchCreate, LARGEST};
use super::associations::batch_create_default::{self, BatchCreateDefault};
use super::associations::create_default::{self, CreateDefault};
use super::associations::list::List;
use super::associations::{LabelledType, Pair as Two, Record, Type, TypedPair};
use super::capability::RULES;
use super::wording::{Ends, Unknown};
use super::{DEFAULT_VERSION, NAME, error, object_type};
use crate::endpoint::{Endpoint, Options, Repeat, unexpected};
use crate::error::{Code, Failure, Reason, Refusal, Report, Sent};
use crate::http::{Request, Response};
use crate::id::Id;
use crate::json::Raw;
use crate::path;
use crate::script::{Call, Jobs, Script};
use crate::sorted::{SortedMap, SortedSet};
use crate::unified::association::{Association, NewType};
use crate::unified::entity::Kind;
use crate::unified::links::{Inverse, Link, Links};
use crate::unified::operation::Verb;
use crate::unified::plan::Plan;
use crate::unified::receipt::{LinkReceipt, Outcome, Receipt};

/// How to find out about a link that is in doubt.
const LOOK_AGAIN: &str =
    "; run the same call again: it makes what is missing and changes nothing that is there";

/// The same of one that was to go.
const LOOK_WHAT_IS_LEFT: &str =
    "; run the same call again: it reads what is there and takes away what is left";

/// How many pages of a record's links are followed: 50,000 links of one kind.
pub(super) const MOST_PAGES: usize = 100;

/// The operation, with what is left to send.
pub struct Change<'a> {
    links: Links<'a>,
    options: Options,
    query: Map<String, Value>,
    news: Vec<NewType<'a>>,
    groups: Vec<Group<'a>>,
    jobs: Jobs<Job>,
    writes: SortedMap<usize, Write>,
    answers: Vec<Raw>,
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

impl<'a> Change<'a> {
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
            links,
            options,
            query,
            news,
            groups: Vec::new(),
            jobs: Jobs::default(),
            writes: SortedMap::new(),
            answers: Vec::new(),
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

    /// The new labels that links of a group need and the account has not.
    fn missing(&self, number: usize) -> SortedSet<usize> {
        let mut missing = SortedSet::new();
        let Some(group) = self.groups.get(number).filter(|_| !self.news.is_empty()) else {
            return missing;
        };
        let Some(labels) = &group.labels else {
            return missing;
        };
        for place in &group.places {
            let Some(link) = self.links.link(*place) else {
                continue;
            };
            let words = link.target.roles().chain(link.target.types());
            for word in words {
                let new = self.news.iter().position(|new| names(new, word));
                let known = |label: &LabelledType| {
                    let text = label.label.as_deref();
                    new.and_then(|new| self.news.get(new))
                        .is_some_and(|new| text.is_some_and(|text| same_text(text, &new.label)))
                };
                if let Some(new) = new.filter(|_| !labels.iter().any(known)) {
                    missing.add(new);
                }
            }
        }
        missing
    }

    /// Decides what is to be done to each link of a group, now that all is known, and puts what makes links in the queue.
    fn decide(&mut self, number: usize) {
        let Some(group) = self.groups.get(number) else {
            return;
        };
        let (verb, ends) = (self.links.verb, group.ends);
        let open: SortedSet<_> = self.links.open().map(|(place, _)| place).collect();
        let mut settled = Vec::new();
        let mut refused = Vec::new();
        let (mut plain, mut labelled) = (Vec::new(), Vec::new());
        let mut there = group.there.iter();
        let crowned = there.find(|(_, types)| {
            let mut types = types.iter();
            types.any(|known| ends.is(known, association_types::Kind::Primary))
        });
        let crowned = crowned.map(|(id, _)| id.as_str());
        for place in group.places.iter().filter(|place| open.contains(place)) {
            let Some(link) = self.links.link(*place) else {
                continue;
            };
            let id = link.target.id.as_str();
            let labels = group.labels.as_deref().unwrap_or_default();
            let meant = match ends.meant(&link.target, verb.makes(), &self.news, Some(labels)) {
                Ok(meant) => meant,
                Err(unknown) => {
                    refused.push((*place, self.refusal(group, link, unknown)));
                    continue;
                }
            };
            let there = group.there.get(id).map(Vec::as_slice);
            let done = deed(verb, ends, &link.target, meant.labels.as_deref(), there);
            let displaced = crowned.filter(|primary| *primary != id);
            let undo = match group.looks {
                true => inverse(&done, ends, id, there, displaced),
                false => Inverse::None,
            };
            let (send, drop) = match done {
                Deed::Nothing => {
                    settled.push(*place);
                    continue;
                }
                Deed::Link => {
                    plain.push(*place);
                    (Vec::new(), Vec::new())
                }
                Deed::Archive => (Vec::new(), Vec::new()),
                Deed::Label { send, drop } => {
                    if !send.is_empty() {
                        labelled.push(*place);
                    }
                    (send, drop)
                }
            };
            self.writes.insert(*place, Write { send, drop, undo });
        }
        let outcome = match verb {
            Verb::Remove => Outcome::AlreadyRemoved,
            _ => Outcome::AlreadyLinked,
        };
        for place in settled {
            self.links.settle(place, outcome, None);
        }
        for (place, refusal) in refused {
            match refusal {
                Ok(refusal) => self.links.settle_refused(place, refusal),
                Err(report) => {
                    let outcome = self.links.not_done(place);
                    self.links.settle(place, outcome, Some(*report));
                }
            }
        }
        for places in chunks(plain) {
            self.push(number, Job::Link(number, places));
        }
        for places in chunks(labelled) {
            self.push(number, Job::Label(number, places));
        }
        if verb == Verb::Set {
            self.find_excess(number);
        }
    }

    /// Why a link cannot have the labels that it asks for: a definition that failed says most.
    fn refusal(
        &self,
        group: &Group<'_>,
        link: &Link<'_>,
        unknown: Unknown,
    ) -> Result<Refusal, Box<Report>> {
        match &group.undefined {
            Some(report) => Err(report.clone()),
            None => Ok(unknown.refusal(|field| self.links.path(link, field))),
        }
    }

    /// Adds the links that are there and that a `set` does not name.
    fn find_excess(&mut self, number: usize) {
        let Some(group) = self.groups.get_mut(number) else {
            return;
        };
        let mut asked = SortedSet::new();
        for place in 0..self.links.len() {
            // A link that was refused was named all the same.
            let link = self.links.link(place);
            if let Some(link) = link.filter(|link| self.links.to(link).is(&group.kind)) {
                asked.add(link.target.id.to_string());
            }
        }
        for (id, types) in group.there.iter() {
            if asked.contains(id) {
                continue;
            }
            let target = group.ends.target(id, types);
            let place = self.links.take_away(&group.kind, target);
            let undo = inverse(&Deed::Archive, group.ends, id, Some(types), None);
            let (send, drop) = (Vec::new(), Vec::new());
            self.writes.insert(place, Write { send, drop, undo });
            group.places.push(place);
        }
    }

    /// Puts what takes links and labels away in the queue, now that what was to be made is made.
    fn take_away(&mut self, number: usize) {
        let Some(group) = self.groups.get(number) else {
            return;
        };
        let (mut unlabelled, mut archived) = (Vec::new(), Vec::new());
        let open: SortedSet<_> = self.links.open().map(|(place, _)| place).collect();
        for place in group.places.iter().filter(|place| open.contains(place)) {
            match self.writes.get(place) {
                Some(write) if !write.drop.is_empty() => unlabelled.push(*place),
                Some(_) if self.links.goes(*place) => archived.push(*place),
                _ => {}
            }
        }
        for places in chunks(unlabelled) {
            self.push(number, Job::Unlabel(number, places));
        }
        for places in chunks(archived) {
            self.push(number, Job::Archive(number, places));
        }
    }

    fn request(&self, job: &Job) -> Result<Request, Refusal> {
        let number = job.group();
        let Some(group) = self.groups.get(number) else {
            return Err(Refusal::input("", "expected a kind of records"));
        };
        let from_object_type = Id::new(object_type(&self.links.kind));
        let to_object_type = Id::new(object_type(&group.kind));
        let own = || Id::new(self.links.entity_id.as_str());
        let record = |id| Record { id };
        let links = |places: &'_ [usize]| -> Vec<(usize, &Link<'a>)> {
            let links = places.iter();
            links
                .filter_map(|place| Some((*place, self.links.link(*place)?)))
                .collect()
        };
        let id = |link: &'_ Link<'a>| link.target.id.clone();
        let options = &self.options;
        let mut request = match job {
            Job::List(_, after) => {
                return List {
                    object_type: from_object_type,
                    object_id: own(),
                    to_object_type,
                    after: after.as_deref().map(Id::new),
                    limit: None,
                }
                .build(options);
            }
            Job::Labels(_) => {
                return association_labels::list::List {
                    from_object_type,
                    to_object_type,
                }
                .build(options);
            }
            Job::Define(_, new) => {
                let Some(new) = self.news.get(*new) else {
                    return Err(Refusal::input("association_types", "expected a definition"));
                };
                return create::Create {
                    from_object_type,
                    to_object_type,
                    label: new.label.clone(),
                    name: new.key.as_str().into(),
                    inverse_label: new.inverse_label.clone(),
                }
                .build(options);
            }
            Job::Link(_, places) => match links(places).as_slice() {
                [(_, only)] => CreateDefault {
                    from_object_type,
                    from_object_id: own(),
                    to_object_type,
                    to_object_id: id(only),
                }
                .build(options)?,
                several => BatchCreateDefault {
                    from_object_type,
                    to_object_type,
                    inputs: several
                        .iter()
                        .map(|(_, link)| Two {
                            from: record(own()),
                            to: record(id(link)),
                        })
                        .collect(),
                }
                .build(options)?,
            },
            Job::Label(_, places) => {
                let inputs = self.typed(&links(places), |write| &write.send);
                return self.labels(group, inputs, false);
            }
            Job::Unlabel(_, places) => {
                let inputs = self.typed(&links(places), |write| &write.drop);
                return self.labels(group, inputs, true);
            }
            Job::Archive(_, places) => BatchArchive {
                from_object_type,
                to_object_type,
                inputs: vec![Fan {
                    from: record(own()),
                    to: links(places)
                        .iter()
                        .map(|(_, link)| record(id(link)))
                        .collect(),
                }],
            }
            .build(options)?,
        };
        path::push_query_values(&mut request.url, "", &self.query);
        Ok(request)
    }

    /// Writes kinds of association, or takes them away.
    fn labels(
        &self,
        group: &Group<'_>,
        inputs: Vec<TypedPair<'_>>,
        away: bool,
    ) -> Result<Request, Refusal> {
        let from_object_type = Id::new(object_type(&self.links.kind));
        let to_object_type = Id::new(object_type(&group.kind));
        let mut request = if away {
            BatchArchiveLabels {
                from_object_type,
                to_object_type,
                inputs,
            }
            .build(&self.options)?
        } else {
            BatchCreate {
                from_object_type,
                to_object_type,
                inputs,
            }
            .build(&self.options)?
        };
        path::push_query_values(&mut request.url, "", &self.query);
        Ok(request)
    }

    fn typed<'s>(
        &'s self,
        links: &[(usize, &'s Link<'a>)],
        types: fn(&Write) -> &Vec<Type<'static>>,
    ) -> Vec<TypedPair<'s>> {
        let own = Id::new(self.links.entity_id.as_str());
        let inputs = links.iter().map(|(place, link)| TypedPair {
            from: Record { id: own.clone() },
            to: Record {
                id: Id::new(link.target.id.as_str()),
            },
            types: self
                .writes
                .get(place)
                .map_or_else(Vec::new, |write| types(write).clone()),
        });
        inputs.collect()
    }

    /// Takes a success.
    ///
    /// # Errors
    /// One that cannot be read: nothing of it was noted.
    fn take(&mut self, job: &mut Job, response: &Response) -> Result<(), Failure> {
        match job {
            Job::List(number, after) => {
                let page = List::read(response)?;
                let next = page.next().map(str::to_owned);
                let Some(group) = self.groups.get_mut(*number) else {
                    return Ok(());
                };
                group.pages += 1;
                for record in page.results {
                    let more = record.association_types;
                    group
                        .there
                        .update(record.to_object_id, |types| types.extend(more));
                }
                let full = group.pages == MOST_PAGES;
                match next {
                    Some(_) if full => self.fail_group(*number, &too_many(response.status)),
                    Some(next) => {
                        group.waits += 1;
                        *after = Some(next);
                        let again = Job::List(*number, after.take());
                        self.jobs.push_first(again);
                    }
                    None => {}
                }
            }
            Job::Labels(number) => {
                let labels = association_labels::list::List::read(response)?;
                if let Some(group) = self.groups.get_mut(*number) {
                    group.labels = Some(labels.results);
                }
            }
            Job::Define(number, _) => {
                create::Create::read(response)?;
                self.keep(response);
                if let Some(group) = self.groups.get_mut(*number) {
                    group.defined = true;
                }
            }
            Job::Link(_, places) => {
                let answer = batch_create_default::read_partial(response)?;
                let shown = answer.results.iter();
                let shown = shown.map(|result| (result.from.id.as_str(), result.to.id.as_str()));
                let said = self.results(places, response, shown, &answer.errors);
                self.settle_made(said, response);
                self.keep(response);
            }
            Job::Label(_, places) => {
                let answer = batch_create::read_partial(response)?;
                let shown = answer.results.iter();
                let shown =
                    shown.map(|pair| (pair.from_object_id.as_str(), pair.to_object_id.as_str()));
                let said = self.results(places, response, shown, &answer.errors);
                self.settle_made(said, response);
                self.keep(response);
            }
            Job::Unlabel(_, places) | Job::Archive(_, places) => {
                let answer = self.archived(response)?;
                let none = std::iter::empty();
                let said = self.results(places, response, none, &answer.errors);
                self.settle_taken(said);
                self.keep(response);
            }
        }
        Ok(())
    }

    /// What an answer says of each of the links: whether it lists it, and what it says against it.
    fn results<'r>(
        &self,
        places: &[usize],
        response: &'r Response,
        shown: impl Iterator<Item = (&'r str, &'r str)>,
        errors: &'r [super::associations::ItemError],
    ) -> Vec<(usize, bool, Option<Failure>)> {
        let ids: Vec<_> = places
            .iter()
            .filter_map(|place| Some((*place, self.links.link(*place)?.target.id.as_str())))
            .collect();
        let asked: Vec<_> = ids.iter().map(|(_, id)| *id).collect();
        let own = self.links.entity_id.as_str();
        let results = Results::new(response, own, &asked, shown, errors);
        let said = ids.iter().map(|(place, id)| match results.shows(id) {
            true => (*place, true, None),
            false => (*place, false, results.error(id)),
        });
        said.collect()
    }

    fn settle_made(&mut self, said: Vec<(usize, bool, Option<Failure>)>, response: &Response) {
        for (place, shown, failure) in said {
            let more = self
                .writes
                .get(&place)
                .is_some_and(|write| !write.drop.is_empty());
            match (shown, failure) {
                // It still has labels that go.
                (true, _) if more => {}
                (true, _) => self.settle_done(place, Outcome::Linked),
                (false, failure) => {
                    let failure = failure.unwrap_or_else(|| {
                        let what =
                            format!("answered {} but does not list this link", response.status);
                        unexpected(NAME, response, &what)
                    });
                    self.links
                        .settle(place, Outcome::NotLinked, Some(Report::from(&failure)));
                }
            }
        }
    }

    fn settle_taken(&mut self, said: Vec<(usize, bool, Option<Failure>)>) {
        for (place, _, failure) in said {
            match failure {
                None if self.links.goes(place) => self.settle_done(place, Outcome::Removed),
                None => self.settle_done(place, Outcome::Linked),
                Some(failure) => {
                    let outcome = self.links.not_done(place);
                    self.links
                        .settle(place, outcome, Some(Report::from(&failure)));
                }
            }
        }
    }

    fn settle_done(&mut self, place: usize, outcome: Outcome) {
        let write = self.writes.remove(&place);
        let undo = write.map_or(Inverse::None, |write| write.undo);
        self.links.settle_done(place, outcome, undo);
    }

    /// Reads the answer to a removal. The dated versions answer a batch; nothing at all is what v4 answers.
    fn archived(&self, response: &Response) -> Result<Archived, Failure> {
        let answer = Archived::read_partial(response)?;
        let empty = answer.status.is_none();
        if empty && self.options.api_version.as_deref() != Some("v4") {
            let what = format!("answered {} without a body", response.status);
            return Err(unexpected(NAME, response, &what));
        }
        if answer.errors.is_empty() {
            let status = answer.status.as_deref().unwrap_or_default();
            error::clean(response, status, answer.num_errors, &[])?;
        }
        Ok(answer)
    }

    fn keep(&mut self, response: &Response) {
        self.answers.extend(Raw::new(response.body.clone()));
    }

    fn fail(&mut self, job: &Job, failure: &Failure) {
        match job {
            Job::List(number, _) | Job::Labels(number) => self.fail_group(*number, failure),
            Job::Define(number, _) => {
                if let Some(group) = self.groups.get_mut(*number) {
                    // Whether it is there all the same, the list will show.
                    group.defined = failure.is_unclear();
                    group.undefined = Some(Box::new(Report::from(failure)));
                }
            }
            Job::Link(_, places)
            | Job::Label(_, places)
            | Job::Unlabel(_, places)
            | Job::Archive(_, places) => {
                for place in places {
                    let how = match self.links.goes(*place) {
                        true => LOOK_WHAT_IS_LEFT,
                        false => LOOK_AGAIN,
                    };
                    self.links.settle_failed(*place, failure, how);
                }
            }
        }
    }

    /// Nothing is known of what is there, so nothing is written.
    fn fail_group(&mut self, number: usize, failure: &Failure) {
        let Some(group) = self.groups.get_mut(number) else {
            return;
        };
        group.stage = Stage::Take;
        if self.links.verb == Verb::Set {
            // What was not named and may be there is in doubt too, and has no link in the receipt.
            self.links.fail(failure);
        }
        let places = group.places.clone();
        let open: SortedSet<_> = self.links.open().map(|(place, _)| place).collect();
        for place in places.into_iter().filter(|place| open.contains(place)) {
            let outcome = self.links.not_done(place);
            self.links
                .settle(place, outcome, Some(Report::from(failure)));
        }
    }
}

impl Script for Change<'_> {
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
        let Some(mut job) = self.jobs.take(tag) else {
            return Ok(());
        };
        match answer {
            Ok(response) => {
                if let Err(failure) = self.take(&mut job, response) {
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
        self.links.receipt(std::mem::take(&mut self.answers))
    }

    fn settled(&mut self) -> Vec<LinkReceipt> {
        self.links.settled()
    }
}

impl Change<'_> {
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

pub(super) fn too_many(status: u16) -> Failure {
    Failure {
        code: Code::TooLarge,
        status: Some(status),
        ..Failure::unanswered(
            NAME,
            Code::TooLarge,
            Sent::Yes,
            "the record has more than 50,000 links of this kind, which crmlink does not follow",
        )
    }
}
