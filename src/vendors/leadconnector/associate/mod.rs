//! `associations.create`, `remove` and `set` at LeadConnector.
//!
//! A link is a relation under a definition; between a business and a contact, where no definition is named, it is the
//! business that the contact is in. What has to be known is read first, then links are made, then links are taken away.

pub mod define;
pub mod list;
mod look;

use serde_json::{Map, Value};

use self::look::{
    BUSINESSES_CONTACTS, Definition, Look, Read, Seen, default_key, is_business, object_key,
};
use super::associations::{Association as Answered, create as definition};
use super::capability::RULES;
use super::contacts::set_business;
use super::deleted::Deleted;
use super::relations::{create as relation, delete};
use super::{NAME, error};
use crate::answer;
use crate::endpoint::{Endpoint, Options, Repeat, unexpected};
use crate::error::{Code, Failure, Reason, Refusal, Report};
use crate::http::{Request, Response};
use crate::id::Id;
use crate::json::Raw;
use crate::script::{Call, Jobs, Script};
use crate::unified::association::{Association, NewType, Target};
use crate::unified::entity::{Entity, Kind};
use crate::unified::ledger::Treatment;
use crate::unified::links::{Inverse, Link, Links, Step as Inversion};
use crate::unified::operation::Verb;
use crate::unified::plan::{Calls, Plan, Step};
use crate::unified::receipt::{LinkReceipt, Outcome, Receipt};

/// How to find out about a link that is in doubt.
const LOOK_AGAIN: &str =
    "; run the same call again: what is as it was asked is answered so, and not written again";

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
    answers: Vec<Raw>,
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
            answers: Vec::new(),
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

    /// One definition a link, and nothing to replace where relations stand side by side.
    fn refuse_what_no_link_holds(&mut self) -> Result<(), Refusal> {
        let mut refusals = Vec::new();
        for (place, link) in self.links.open() {
            let (field, message) = if link.target.types().nth(1).is_some() {
                let message = "expected one definition: name the record once for each";
                ("association_type", message)
            } else if link.target.replace.is_some() && way(&self.links, link) != Way::Business {
                let message =
                    "expected no `replace`: under a definition relations stand side by side";
                ("replace", message)
            } else {
                continue;
            };
            let path = self.links.path(link, field);
            refusals.push((place, Refusal::input(path, message)));
        }
        if let Some((_, first)) = refusals.first()
            && self.links.open().count() == refusals.len()
        {
            return Err(first.clone());
        }
        for (place, refusal) in refusals {
            self.links.settle_refused(place, refusal);
        }
        Ok(())
    }

    /// What is read first. It depends on the input alone.
    fn first_reads(&self) -> Vec<Read> {
        let mut reads: Vec<Read> = Vec::new();
        let once = |reads: &mut Vec<Read>, read: Read| {
            if !reads.contains(&read) {
                reads.push(read);
            }
        };
        let set = self.links.verb == Verb::Set;
        if set {
            once(&mut reads, Read::Definitions(0));
            once(&mut reads, Read::Relations(0));
        }
        for (_, link) in self.links.open() {
            match (way(&self.links, link), self.links.verb) {
                (_, Verb::Set) => {}
                (Way::Business, _) if link.to == Entity::Accounts => {
                    once(&mut reads, Read::Contact(self.links.entity_id.to_string()));
                }
                // Each contact once: a link that repeats another is none of the open ones.
                (Way::Business, _) => reads.push(Read::Contact(link.target.id.to_string())),
                (Way::Definition(key), Verb::Create) => once(&mut reads, Read::Key(key.to_owned())),
                (Way::Definition(_) | Way::Any, _) => {
                    once(&mut reads, Read::Definitions(0));
                    once(&mut reads, Read::Relations(0));
                }
            }
        }
        let from = self.links.kind.entity;
        if set
            && self
                .links
                .kinds()
                .any(|kind| is_business(from, kind.entity))
        {
            once(
                &mut reads,
                match from {
                    Entity::Contacts => Read::Contact(self.links.entity_id.to_string()),
                    _ => Read::Employees(0),
                },
            );
        }
        reads
    }

    /// The contact and the business of a link between the two.
    fn employment<'l>(&'l self, link: &'l Link<'_>) -> (&'l str, &'l str) {
        let (record, target) = (self.links.entity_id.as_str(), link.target.id.as_str());
        match link.to {
            Entity::Accounts => (record, target),
            _ => (target, record),
        }
    }

    /// A relation's records stand in the order of the definition's objects.
    fn relate(&self, link: &Link<'_>, definition: &str, swapped: bool) -> Result<Request, Refusal> {
        let record = Id::new(self.links.entity_id.as_str());
        let target = Id::new(link.target.id.as_str());
        let (first, second) = if swapped {
            (target, record)
        } else {
            (record, target)
        };
        let relation = relation::Create {
            location_id: self.look.location.clone(),
            association_id: Id::new(definition),
            first_record_id: first,
            second_record_id: second,
            extra: self.extra.clone(),
        };
        Ok(self.look.asked(relation.build(&self.look.options)?))
    }

    fn employ(&self, contact: &str, business: Option<&str>) -> Result<Request, Refusal> {
        let (location, options) = (self.look.location.as_str(), &self.look.options);
        let extra = self.extra.as_ref();
        let request = set_business::build(location, contact, business, extra, options)?;
        Ok(self.look.asked(request))
    }

    fn delete(&self, relation: &str) -> Result<Request, Refusal> {
        let delete = delete::Delete {
            relation_id: Id::new(relation),
            location_id: self.look.location.clone(),
        };
        Ok(self.look.asked(delete.build(&self.look.options)?))
    }

    /// The definition of the first link that is to be of it: its record comes first.
    fn define(&self, key: &str) -> Result<Request, Refusal> {
        let new = self.new_types.iter().find(|new| new.key.as_str() == key);
        let link = self.links.open().map(|(_, link)| link);
        let mut link = link.filter(|link| way(&self.links, link) == Way::Definition(key));
        let (Some(new), Some(link)) = (new, link.next()) else {
            return Err(Refusal::input("association_types", "expected its key"));
        };
        let definition = definition::Create {
            location_id: self.look.location.clone(),
            key: new.key.clone(),
            first_object_label: new.label.clone(),
            first_object_key: Id::new(object_key(&self.links.kind)),
            second_object_label: new.inverse_label.as_ref().unwrap_or(&new.label).clone(),
            second_object_key: Id::new(object_key(self.links.to(link))),
            extra: None,
        };
        Ok(self.look.asked(definition.build(&self.look.options)?))
    }

    fn build(&self, job: &Job) -> Result<(Request, Repeat), Refusal> {
        let request = match job {
            Job::Read(read) => return self.look.build(read),
            Job::Define(key) => self.define(key),
            Job::Relate {
                place,
                definition,
                swapped,
            } => match self.links.link(*place) {
                Some(link) => self.relate(link, definition, *swapped),
                None => Err(Refusal::input("associations", "expected a link")),
            },
            Job::Employ(place) => match self.employs.get(*place) {
                Some(employ) => self.employ(&employ.contact, employ.business.as_deref()),
                None => Err(Refusal::input("associations", "expected a link")),
            },
            Job::Delete(place) => {
                let relation = self.away.get(*place).map(|away| away.relation.as_str());
                self.delete(relation.unwrap_or_default())
            }
        };
        // Keys are unique, relations too, a contact has one business, and what is gone stays gone.
        Ok((request?, Repeat::Safe))
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

    /// Reads what the first reads left open: a definition that is not in the list, the business of a contact that is to
    /// change it.
    fn resolve(&mut self) {
        if self.links.verb == Verb::Create || self.unread.is_some() {
            return;
        }
        let mut reads = self.look.unknown();
        for (_, link) in self.links.open().filter(|_| self.links.verb == Verb::Set) {
            let read = match way(&self.links, link) {
                Way::Definition(key) if self.look.by_key(key).is_none() => {
                    Read::Key(key.to_owned())
                }
                Way::Business => {
                    let (contact, _) = self.employment(link);
                    let known = self.look.employees.iter().any(|known| known == contact);
                    if known || self.looked(contact).is_some() {
                        continue;
                    }
                    Read::Contact(contact.to_owned())
                }
                _ => continue,
            };
            if !reads.contains(&read) {
                reads.push(read);
            }
        }
        reads
            .into_iter()
            .map(Job::Read)
            .for_each(|job| self.jobs.push(job));
    }

    /// Whether a definition that was not found is to be created: only where the vendor said that it is not there.
    fn may_define(&self, key: &str) -> bool {
        let asked = self.new_types.iter().any(|new| new.key.as_str() == key);
        let absent = |failure: &Failure| {
            matches!(failure.code, Code::NotFound | Code::VendorValidation) && !failure.is_unclear()
        };
        let failure = self.missing.iter().find(|(known, _)| known == key);
        asked && failure.is_some_and(|(_, failure)| absent(failure))
    }

    /// The business of a contact, where it was read.
    fn looked(&self, contact: &str) -> Option<Option<&str>> {
        let found = self
            .look
            .contacts
            .iter()
            .find(|(known, _)| known == contact);
        found.map(|(_, business)| business.as_deref())
    }

    /// Everything is known that can be: each link is settled, or becomes a job.
    fn decide(&mut self) {
        let open: Vec<_> = self.links.open().map(|(place, _)| place).collect();
        // Links that were refused keep what is there: it was asked for, in words that the vendor cannot hold.
        let refused: Vec<_> = (0..self.links.len())
            .filter(|place| !open.contains(place))
            .collect();
        for place in &open {
            self.decide_link(*place);
        }
        if self.links.verb == Verb::Set {
            match self.unread.clone() {
                Some(failure) => self.links.fail(&failure),
                None => self.decide_others(&open, &refused),
            }
        }
    }

    fn decide_link(&mut self, place: usize) {
        let Some(link) = self.links.link(place) else {
            return;
        };
        match way(&self.links, link) {
            Way::Business => self.decide_business(place),
            way if self.links.verb == Verb::Create => {
                let Way::Definition(key) = way else { return };
                let key = key.to_owned();
                self.decide_relation(place, &key);
            }
            way => {
                if let Some(failure) = self.unread.clone() {
                    self.not_tried(place, &failure);
                    return;
                }
                let found = self.found(link, way);
                match (self.links.verb, way) {
                    (Verb::Remove, _) if found.is_empty() => {
                        self.links.settle(place, Outcome::AlreadyRemoved, None);
                    }
                    (Verb::Remove, _) => {
                        let target = link.target.id.to_string();
                        let kind = self.links.to(link).clone().into_owned();
                        for seen in found {
                            self.take_away(place, &kind, &target, &seen);
                        }
                    }
                    (_, Way::Definition(_)) if !found.is_empty() => {
                        self.links.settle(place, Outcome::AlreadyLinked, None);
                    }
                    (_, Way::Definition(key)) => {
                        let key = key.to_owned();
                        self.decide_relation(place, &key);
                    }
                    _ => {}
                }
            }
        }
    }

    /// The relations that are there between a link's records.
    fn found(&self, link: &Link<'_>, way: Way<'_>) -> Vec<Seen> {
        let target = link.target.id.as_str();
        let object = object_key(self.links.to(link));
        let fits = |seen: &&Seen| {
            let of = match (way, self.look.by_id(&seen.definition)) {
                (Way::Definition(key), Some(known)) => known.key == key,
                (Way::Any, _) => self.look.object(seen).is_none_or(|known| known == object),
                _ => false,
            };
            of && self.look.other(seen).0 == target
        };
        self.look.relations.iter().filter(fits).cloned().collect()
    }

    /// Makes a relation under the definition of a key, the right way round.
    fn decide_relation(&mut self, place: usize, key: &str) {
        let Some(link) = self.links.link(place) else {
            return;
        };
        let Some(definition) = self.look.by_key(key) else {
            let missing = self.missing.iter().find(|(known, _)| known == key);
            if let Some((_, failure)) = missing {
                let failure = not_found(failure.clone(), key);
                self.not_tried(place, &failure);
            }
            return;
        };
        let (from, to) = (
            object_key(&self.links.kind),
            object_key(self.links.to(link)),
        );
        let objects = (definition.first.as_deref(), definition.second.as_deref());
        let swapped = match objects {
            (Some(first), Some(second)) if (first, second) == (from, to) => false,
            (Some(first), Some(second)) if (first, second) == (to, from) => true,
            (first, second) => {
                let message = format!(
                    "expected a definition between {from} and {to}, this one is between {} and {}",
                    first.unwrap_or("an unnamed object"),
                    second.unwrap_or("an unnamed object")
                );
                let path = self.links.path(link, "association_type");
                self.links
                    .settle_refused(place, Refusal::input(path, message));
                return;
            }
        };
        let definition = definition.id.clone();
        self.jobs.push(Job::Relate {
            place,
            definition,
            swapped,
        });
    }

    /// Puts a contact into a business, or out of it. Out of another one only where that is asked for.
    fn decide_business(&mut self, place: usize) {
        let Some(link) = self.links.link(place) else {
            return;
        };
        let (contact, business) = self.employment(link);
        let set = self.links.verb == Verb::Set;
        let before = if set && self.look.employees.iter().any(|known| known == contact) {
            Some(business.to_owned())
        } else if let Some(known) = self.looked(contact) {
            known.map(str::to_owned)
        } else {
            let missing = self.missing.iter().find(|(known, _)| known == contact);
            if let Some(failure) = missing.map(|(_, failure)| failure).or(self.unread.as_ref()) {
                let failure = failure.clone();
                self.not_tried(place, &failure);
            }
            return;
        };
        let is_in = before.as_deref() == Some(business);
        if self.links.verb == Verb::Remove {
            if is_in {
                self.push_employ(place, None, before);
            } else {
                self.links.settle(place, Outcome::AlreadyRemoved, None);
            }
            return;
        }
        let moves = set && link.to == Entity::Accounts || link.target.replace == Some(true);
        match &before {
            _ if is_in => self.links.settle(place, Outcome::AlreadyLinked, None),
            Some(other) if !moves => {
                let message = format!(
                    "the contact is in the business {other}: with `replace` it is moved to this one"
                );
                let path = self.links.path(link, "id");
                let refusal = Refusal::unsupported(Reason::Cardinality, path, message);
                self.links.settle_refused(place, refusal);
            }
            _ => self.push_employ(place, Some(business.to_owned()), before),
        }
    }

    fn push_employ(&mut self, place: usize, business: Option<String>, before: Option<String>) {
        if let Some(link) = self.links.link(place) {
            let contact = self.employment(link).0.to_owned();
            self.jobs.push(Job::Employ(self.employs.len()));
            self.employs.push(Employ {
                place,
                contact,
                business,
                before,
                leaves: None,
            });
        }
    }

    /// What a `set` takes away: links of its kinds that are there and were not asked for.
    fn decide_others(&mut self, open: &[usize], refused: &[usize]) {
        let kinds: Vec<_> = self.links.kinds().cloned().map(Kind::into_owned).collect();
        let from = self.links.kind.entity;
        let mut others = Vec::new();
        for seen in &self.look.relations {
            let key = self
                .look
                .by_id(&seen.definition)
                .map(|known| known.key.as_str());
            let object = self.look.object(seen);
            let kind = kinds.iter().find(|kind| Some(object_key(kind)) == object);
            // That of the businesses says what the contact says: it goes with its business.
            let (Some(kind), Some(key)) = (kind, key.filter(|key| *key != BUSINESSES_CONTACTS))
            else {
                continue;
            };
            let (id, _) = self.look.other(seen);
            let same = |place: &usize, way_too: bool| {
                self.links.link(*place).is_some_and(|link| {
                    link.target.id.as_str() == id
                        && self.links.to(link).is(kind)
                        && (!way_too || way(&self.links, link) == Way::Definition(key))
                })
            };
            if !open.iter().any(|place| same(place, true))
                && !refused.iter().any(|place| same(place, false))
            {
                others.push((kind.clone(), id.to_owned(), key.to_owned(), seen.clone()));
            }
        }
        for (kind, id, key, seen) in others {
            let target = named(&id, &key, from, kind.entity);
            let place = self.links.take_away(&kind, target);
            self.take_away(place, &kind, &id, &seen);
        }
        let business = kinds.iter().find(|kind| is_business(from, kind.entity));
        if let Some(kind) = business {
            self.decide_other_businesses(kind, open, refused);
        }
    }

    fn decide_other_businesses(&mut self, kind: &Kind<'static>, open: &[usize], refused: &[usize]) {
        let asked = |script: &Self, id: &str| {
            let same = |place: &usize| {
                script.links.link(*place).is_some_and(|link| {
                    link.target.id.as_str() == id
                        && script.links.to(link).is(kind)
                        && (way(&script.links, link) == Way::Business || refused.contains(place))
                })
            };
            open.iter().chain(refused).any(same)
        };
        if kind.entity == Entity::Contacts {
            let record = self.links.entity_id.to_string();
            for contact in self.look.employees.clone() {
                if !asked(self, &contact) {
                    let target = Target::plain(Id::new(contact));
                    let place = self.links.take_away(kind, target);
                    self.push_employ(place, None, Some(record.clone()));
                }
            }
            return;
        }
        let contact = self.links.entity_id.to_string();
        let missing = self.missing.iter().find(|(known, _)| *known == contact);
        if let Some(failure) = missing.map(|(_, failure)| failure.clone()) {
            self.links.fail(&failure);
            return;
        }
        let before = self.looked(&contact).flatten().map(str::to_owned);
        let Some(before) = before.filter(|business| !asked(self, business)) else {
            return;
        };
        let target = Target::plain(Id::new(before.clone()));
        let place = self.links.take_away(kind, target);
        // Whoever goes into another business leaves this one by that.
        let mut employs = self.employs.iter_mut();
        let moved = employs.find(|employ| employ.business.is_some());
        match moved {
            Some(employ) => employ.leaves = Some(place),
            None if refused.is_empty() => self.push_employ(place, None, Some(before)),
            None => {
                let message = "kept, since a business that was asked for is refused";
                self.links
                    .settle_refused(place, Refusal::input("associations", message));
            }
        }
    }

    /// Notes that a relation is to be deleted for the link at a place, and how that is taken back.
    fn take_away(&mut self, place: usize, kind: &Kind<'static>, target: &str, seen: &Seen) {
        let (from, to) = (&self.links.kind, kind);
        let key = self
            .look
            .by_id(&seen.definition)
            .map_or("", |known| &known.key);
        // Only where both ends are of one kind does the definition leave open which comes first.
        let turned = from.is(to) && self.look.other(seen).1;
        let undo = if turned {
            Inversion {
                verb: Verb::Create,
                record: Some((kind.clone(), target.to_owned())),
                to: Some(from.clone().into_owned()),
                target: named(self.links.entity_id.as_str(), key, from.entity, to.entity),
            }
        } else {
            Inversion {
                verb: Verb::Create,
                record: None,
                to: None,
                target: named(target, key, from.entity, to.entity),
            }
        };
        self.away.push(Away {
            place,
            relation: seen.id.clone(),
            undo,
            end: End::Open,
        });
    }

    /// A link may be several relations: it is gone when all are.
    fn settle_away(&mut self) {
        let there =
            |relation: &str, look: &Look| look.relations.iter().any(|seen| seen.id == relation);
        for away in &mut self.away {
            if let End::InDoubt(failure) = &away.end
                && self.unread.is_none()
            {
                away.end = match there(&away.relation, &self.look) {
                    true => End::Stays(failure.clone()),
                    false => End::Gone,
                };
            }
        }
        let mut aways = std::mem::take(&mut self.away);
        while let Some(first) = aways.first() {
            let place = first.place;
            let (own, rest): (Vec<_>, Vec<_>) =
                aways.into_iter().partition(|away| away.place == place);
            aways = rest;
            let mut steps = Vec::new();
            let (mut stays, mut doubt) = (None, None);
            for away in own {
                match away.end {
                    End::Gone => steps.push(away.undo),
                    End::Stays(failure) => stays = Some(failure),
                    End::InDoubt(failure) => doubt = Some(failure),
                    End::Open => {}
                }
            }
            match (stays, doubt) {
                (None, None) => {
                    self.links
                        .settle_done(place, Outcome::Removed, Inverse::Steps(steps));
                }
                (Some(failure), None) => self.not_tried(place, &failure),
                (_, Some(failure)) => {
                    let mut reason = Report::from(&failure);
                    reason.message.push_str(LOOK_AGAIN);
                    self.links.settle(place, Outcome::Unknown, Some(reason));
                }
            }
        }
    }

    /// Nothing was written for this link, for a reason that the vendor gave.
    fn not_tried(&mut self, place: usize, failure: &Failure) {
        let outcome = self.links.not_done(place);
        self.links
            .settle(place, outcome, Some(Report::from(failure)));
    }

    fn related(&mut self, place: usize, response: &Response) -> Result<(), Failure> {
        let answer = answer::object(NAME, response, relation::Relation::read)?;
        let id = |id: &str| {
            answer.first_record_id.as_deref() == Some(id)
                || answer.second_record_id.as_deref() == Some(id)
        };
        let told = answer.first_record_id.is_some() && answer.second_record_id.is_some();
        let right = self
            .links
            .link(place)
            .is_some_and(|link| id(link.target.id.as_str()) && id(self.links.entity_id.as_str()));
        if told && !right {
            let what = "answered with a relation of other records";
            let failure = unexpected(NAME, response, what);
            self.links.settle_failed(place, &failure, LOOK_AGAIN);
        } else {
            self.links
                .settle_done(place, Outcome::Linked, Inverse::Remove);
        }
        self.keep(response);
        Ok(())
    }

    fn employed(&mut self, place: usize) {
        let Some(employ) = self.employs.get(place) else {
            return;
        };
        let back = employ.before.clone().filter(|_| employ.business.is_some());
        let restore = |business: String| Inversion {
            verb: Verb::Create,
            record: Some((Kind::of(Entity::Contacts), employ.contact.clone())),
            to: Some(Kind::of(Entity::Accounts)),
            target: Target {
                replace: Some(true),
                ..Target::plain(Id::new(business))
            },
        };
        let (outcome, undo) = match (&employ.business, back) {
            (Some(_), None) => (Outcome::Linked, Inverse::Remove),
            (Some(_), Some(back)) => (Outcome::Linked, Inverse::Steps(vec![restore(back)])),
            (None, _) => {
                let again = self.links.link(employ.place).map(|link| Inversion {
                    verb: Verb::Create,
                    record: None,
                    to: None,
                    target: Target::plain(Id::new(link.target.id.to_string())),
                });
                (
                    Outcome::Removed,
                    Inverse::Steps(again.into_iter().collect()),
                )
            }
        };
        let (place, leaves) = (employ.place, employ.leaves);
        self.links.settle_done(place, outcome, undo);
        if let Some(left) = leaves {
            // Going back to it is what takes the move back.
            let undo = Inverse::Steps(Vec::new());
            self.links.settle_done(left, Outcome::Removed, undo);
        }
    }

    fn keep(&mut self, response: &Response) {
        let answer = Raw::new(response.body.clone());
        self.answers.extend(answer);
    }

    fn succeeded(&mut self, job: &Job, response: &Response) -> Result<(), Failure> {
        match job {
            Job::Read(read) => {
                if let Some(next) = self.look.take(read, response)? {
                    self.jobs.push(Job::Read(next));
                }
            }
            Job::Define(key) => {
                let made = answer::object(NAME, response, Answered::read)?;
                self.missing.retain(|(missing, _)| missing != key);
                // The published page describes the key of the answer as a label: the one that was asked for is meant.
                self.look.know(Definition {
                    key: key.clone(),
                    ..made.into()
                });
                self.keep(response);
            }
            Job::Relate { place, .. } => self.related(*place, response)?,
            Job::Employ(place) => {
                let employ = self.employs.get(*place);
                let contact = employ.map_or("", |employ| employ.contact.as_str());
                set_business::read(contact, response)?;
                self.employed(*place);
                self.keep(response);
            }
            Job::Delete(place) => {
                Deleted::read(response)?;
                if let Some(away) = self.away.get_mut(*place) {
                    away.end = End::Gone;
                }
                self.keep(response);
            }
        }
        Ok(())
    }

    fn failed(&mut self, job: &Job, failure: Failure) {
        match job {
            Job::Read(Read::Key(name) | Read::Contact(name)) => {
                self.missing.push((name.clone(), failure));
            }
            Job::Read(_) => self.unread = Some(failure),
            // Somebody else made it meanwhile, or an earlier try of ours did.
            Job::Define(key) if failure.is_already_there() => {
                self.missing.retain(|(missing, _)| missing != key);
                self.jobs.push(Job::Read(Read::Key(key.clone())));
            }
            Job::Define(key) => {
                self.missing.retain(|(missing, _)| missing != key);
                self.missing.push((key.clone(), failure));
            }
            Job::Relate { place, .. } if failure.is_already_there() => {
                self.links.settle(*place, Outcome::AlreadyLinked, None);
            }
            Job::Relate { place, .. } => self.links.settle_failed(*place, &failure, LOOK_AGAIN),
            Job::Employ(place) => {
                let employ = self.employs.get(*place);
                let places = employ.map(|employ| [Some(employ.place), employ.leaves]);
                for place in places.into_iter().flatten().flatten() {
                    self.links.settle_failed(place, &failure, LOOK_AGAIN);
                }
            }
            Job::Delete(place) => {
                if let Some(away) = self.away.get_mut(*place) {
                    // Whoever says that it is not there may be right: that is looked at again.
                    let doubt = failure.is_unclear() || failure.code == Code::NotFound;
                    away.end = match doubt {
                        true => End::InDoubt(failure),
                        false => End::Stays(failure),
                    };
                }
            }
        }
    }
}

impl Script for Associate<'_> {
    fn plan(&self) -> Plan {
        let reads = self.first_reads();
        let requests = |reads: &mut dyn Iterator<Item = &Read>| -> Vec<Request> {
            reads
                .filter_map(|read| Some(self.look.build(read).ok()?.0))
                .collect()
        };
        let is_contact = |read: &&Read| matches!(read, Read::Contact(_) | Read::Employees(_));
        let is_state = |read: &&Read| matches!(read, Read::Definitions(_) | Read::Relations(_));
        let mut steps = Vec::new();
        let mut push = |purpose, requests: Vec<Request>, depends_on| {
            if !requests.is_empty() {
                steps.push(Step {
                    purpose,
                    requests,
                    depends_on,
                });
            }
        };
        let finds = requests(&mut reads.iter().filter(|read| matches!(read, Read::Key(_))));
        let state = requests(&mut reads.iter().filter(is_state));
        let businesses = requests(&mut reads.iter().filter(is_contact));
        let verb = self.links.verb;
        let mut defined = Vec::new();
        let mut related = Vec::new();
        let mut employed = Vec::new();
        let mut deleted = Vec::new();
        let mut looks = 0;
        for (_, link) in self.links.open() {
            match way(&self.links, link) {
                Way::Business => {
                    let (contact, business) = self.employment(link);
                    let business = (verb != Verb::Remove).then_some(business);
                    employed.extend(self.employ(contact, business));
                    looks += usize::from(verb == Verb::Set && link.to == Entity::Contacts);
                }
                _ if verb == Verb::Remove => deleted.extend(self.delete("{relationId}")),
                way => {
                    if let Way::Definition(key) = way {
                        let request = self.define(key).ok();
                        defined.extend(request.filter(|request| !defined.contains(request)));
                    }
                    related.extend(self.relate(link, "{associationId}", false));
                }
            }
        }
        let set = verb == Verb::Set;
        if set {
            deleted.extend(self.delete("{relationId}"));
        }
        let first = finds.len() + state.len() + businesses.len();
        let writes = defined.len() + related.len() + employed.len() + deleted.len();
        // A definition that is not in the list is read by itself.
        let apart = usize::from(!state.is_empty()) * (1 + related.len());
        let others = if set { MOST_OTHERS } else { 0 };
        push("find the definition of each kind of link", finds, None);
        push(
            "read the definitions and the record's relations",
            state,
            None,
        );
        push("read the business of each contact", businesses, None);
        push(
            "create the definitions that are missing",
            defined,
            Some("which of them were not found"),
        );
        push(
            "create one relation for each link",
            related,
            Some("the definition's id, and which of its objects comes first"),
        );
        push(
            "put each contact into its business, or out of it",
            employed,
            Some("which business each contact is in"),
        );
        push(
            "delete the relations that are to go",
            deleted,
            Some("which relations there are"),
        );
        Plan {
            operation: verb.operation(),
            vendor: NAME,
            calls: Calls {
                min: first,
                max: first + apart + looks + writes + others,
            },
            steps,
            fields: self.links.ledger(treatment),
            strategies: Vec::new(),
            refused: self.links.refused(),
            warnings: self.warnings(),
        }
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
        self.links.receipt(std::mem::take(&mut self.answers))
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
            crate::error::Sent::No,
            refusal.to_string(),
        );
        self.failed(job, failure);
    }

    fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.links.verb != Verb::Create {
            warnings.push(
                "the price is that of at most 100 relations and definitions: each further hundred costs a call to read"
                    .to_owned(),
            );
        }
        if self.links.verb == Verb::Set {
            warnings.push(
                "relations of the kinds that are named and not asked for are deleted, one call each: 100 of them are in the price"
                    .to_owned(),
            );
        }
        warnings
    }
}

/// How many links beyond those asked for are in the price of a `set`.
const MOST_OTHERS: usize = 100;

/// Refuses what no step here could obey.
fn check(verb: Verb, association: &Association<'_>) -> Result<(), Refusal> {
    if association.all_or_none {
        let message = "expected no `all_or_none`: LeadConnector makes each link by itself";
        return Err(Refusal::unsupported(
            Reason::AssociationUnsupported,
            "all_or_none",
            message,
        ));
    }
    if verb.makes() {
        let targets = association.associations.0.iter();
        let keys: Vec<_> = targets
            .flat_map(|group| &group.targets)
            .flat_map(|target| target.types())
            .collect();
        for (place, new) in association.association_types.iter().enumerate() {
            let path = format!("association_types[{place}].key");
            if let Some(fault) = new.key.fault() {
                return Err(Refusal::id(path, fault));
            }
            if !keys.contains(&new.key.as_str()) {
                return Err(Refusal::input(path, "expected a key that a link names"));
            }
        }
        return Ok(());
    }
    for (path, given) in [
        (
            "association_types",
            !association.association_types.is_empty(),
        ),
        ("remote_data", association.remote_data.is_some()),
    ] {
        if given {
            let message = format!("expected none: `{}` makes nothing", verb.operation());
            return Err(Refusal::input(path, message));
        }
    }
    Ok(())
}

fn way<'l>(links: &Links<'_>, link: &'l Link<'_>) -> Way<'l> {
    let from = links.kind.entity;
    match link.target.types().next() {
        Some(key) => Way::Definition(key),
        None if is_business(from, link.to) => Way::Business,
        None => default_key(from, link.to).map_or(Way::Any, Way::Definition),
    }
}

/// A target under the definition of a key, in the words that a caller would use.
fn named(id: &str, key: &str, from: Entity, to: Entity) -> Target<'static> {
    let own = default_key(from, to) != Some(key);
    Target {
        association_type: own.then(|| vec![Id::new(key.to_owned())]),
        ..Target::plain(Id::new(id.to_owned()))
    }
}

/// Says how a definition that is missing is made.
fn not_found(mut failure: Failure, key: &str) -> Failure {
    if matches!(failure.code, Code::NotFound | Code::VendorValidation) {
        failure.message = format!(
            "{} (looking for the definition `{key}`; name it in `association_types`, and it is created: so does leadconnector.associations.create)",
            failure.message
        );
    }
    failure
}

fn treatment(field: &str) -> Treatment {
    match field {
        "entity" => Treatment::Coerced("the order of the two records"),
        "entity_id" | "id" => Treatment::Renamed("firstRecordId or secondRecordId"),
        "association_type" => Treatment::Coerced("associationId"),
        "association_types" => Treatment::Coerced("a definition, where it is missing"),
        "replace" => Treatment::Coerced("whether a contact may leave its business"),
        "reversible" => Treatment::Ignored("what is done here can be taken back anyway"),
        "remote_data" => Treatment::PassedThrough("body"),
        "remote_query" => Treatment::PassedThrough("query"),
        _ => Treatment::Ignored("it says what is so anyway"),
    }
}
