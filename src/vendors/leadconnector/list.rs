//! `associations.list` at LeadConnector: a record's relations with their definitions, and the business of a contact.

use std::borrow::Cow;

use crate::endpoint::Options;
use crate::error::{Code, Failure, Refusal, Report, Sent};
use crate::http::Response;
use crate::id::Id;
use crate::script::{Call, Jobs, Script};
use crate::unified::answers::Answers;
use crate::unified::association::{Listing, Target};
use crate::unified::entity::{Entity, Kind};
use crate::unified::ledger::{Ledger, Treatment};
use crate::unified::listing::{Found, Listed, NotListed, kinds};
use crate::unified::operation::Verb;
use crate::unified::plan::{Calls, Plan, Step};
use crate::unified::receipt::Receipt;
use crate::vendors::leadconnector::capability::RULES;
use crate::vendors::leadconnector::kinds::{
    BUSINESSES_CONTACTS, default_key, is_business, kind_of, object_key,
};
use crate::vendors::leadconnector::look::{Look, Read};
use crate::vendors::leadconnector::{NAME, error};

/// The operation, with what is left to read.
pub(super) struct List {
    kind: Kind<'static>,
    entity_id: String,
    kinds: Vec<Kind<'static>>,
    /// Whether custom objects are shown too, whatever their keys.
    all: bool,
    fields: Vec<(&'static str, usize)>,
    look: Look,
    first: Vec<Read>,
    jobs: Jobs<Read>,
    resolved: bool,
    /// Why the relations are not known, and why the businesses are not.
    unread: [Option<Failure>; 2],
    answers: Answers,
}

impl List {
    /// Reads the input.
    ///
    /// # Errors
    /// A refusal of the kinds, of the id, or of options without a location.
    pub(super) fn new(listing: &Listing<'_>, options: &Options) -> Result<Self, Refusal> {
        let look = Look::new(
            listing.entity_id.as_str(),
            listing.remote_query.clone(),
            options,
        )?;
        let kinds = kinds(listing, &RULES)?;
        let from = listing.kind.entity;
        let mut first = vec![Read::Relations(0), Read::Definitions(0)];
        if kinds.iter().any(|kind| is_business(from, kind.entity)) {
            first.push(match from {
                Entity::Contacts => Read::Contact(listing.entity_id.to_string()),
                _ => Read::Employees(0),
            });
        }
        let mut list = Self {
            kind: listing.kind.clone().into_owned(),
            entity_id: listing.entity_id.to_string(),
            kinds,
            all: listing.to.is_empty(),
            fields: vec![
                ("to", listing.to.len()),
                (
                    "remote_query",
                    listing.remote_query.as_ref().map_or(0, |query| query.len()),
                ),
            ],
            look,
            first,
            jobs: Jobs::default(),
            resolved: false,
            unread: [None, None],
            answers: Answers::new(options),
        };
        for read in &list.first {
            list.look.build(read)?;
            list.jobs.push(read.clone());
        }
        Ok(list)
    }

    fn failed(&mut self, read: &Read, failure: Failure) {
        let [relations, businesses] = &mut self.unread;
        let unread = match read {
            Read::Contact(_) | Read::Employees(_) => businesses,
            _ => relations,
        };
        *unread = Some(failure);
    }

    /// The linked records of a kind, each as `set` takes it.
    fn of_kind(&self, kind: &Kind<'_>) -> Vec<Target<'static>> {
        let from = self.kind.entity;
        let own = default_key(from, kind.entity);
        let mut targets = Vec::new();
        let mut ids = Vec::new();
        if is_business(from, kind.entity) {
            let business = self
                .look
                .contacts
                .iter()
                .filter_map(|(_, business)| business.clone());
            ids.extend(business.chain(self.look.employees.iter().cloned()));
        }
        for seen in &self.look.relations {
            if self.look.object(seen) != Some(object_key(kind)) {
                continue;
            }
            let id = self.look.other(seen).0.to_owned();
            match self
                .look
                .by_id(&seen.definition)
                .map(|known| known.key.as_str())
            {
                // It says what the contact says.
                Some(BUSINESSES_CONTACTS) if ids.contains(&id) => {}
                Some(key) if Some(key) == own || key == BUSINESSES_CONTACTS => ids.push(id),
                Some(key) => targets.push(Target {
                    association_type: Some(vec![Id::new(key.to_owned())]),
                    ..Target::plain(Id::new(id))
                }),
                None => {}
            }
        }
        let plain = ids.into_iter().map(|id| Target::plain(Id::new(id)));
        plain.chain(targets).collect()
    }

    /// The kinds to show: those that were asked for, and where none was, those of custom objects that were met.
    fn shown(&self) -> Vec<Kind<'static>> {
        let mut kinds = self.kinds.clone();
        for seen in self.look.relations.iter().filter(|_| self.all) {
            let met = self.look.object(seen).map(kind_of);
            let met = met.filter(|kind| kind.entity == Entity::Custom);
            if let Some(kind) = met.filter(|kind| (RULES.key)(&kind.name).is_none())
                && !kinds.iter().any(|known| known.is(&kind))
            {
                kinds.push(kind);
            }
        }
        kinds
    }
}

impl Script for List {
    fn plan(&self) -> Plan {
        let requests = self.first.iter();
        let requests: Vec<_> = requests
            .filter_map(|read| Some(self.look.build(read).ok()?.0))
            .collect();
        let mut ledger = Ledger::default();
        ledger.note("entity", 1, Treatment::Coerced("the kind of the record"));
        ledger.note("entity_id", 1, Treatment::Renamed("recordId"));
        for (path, count) in self.fields.iter().filter(|(_, count)| *count > 0) {
            let treatment = match *path {
                "to" => Treatment::Coerced("which of the relations are shown"),
                _ => Treatment::PassedThrough("query"),
            };
            ledger.note(path, *count, treatment);
        }
        let count = requests.len();
        Plan {
            operation: Verb::List.operation(),
            vendor: NAME,
            calls: Calls {
                min: count,
                // A definition that is not in the list is read by itself.
                max: count + 1,
            },
            steps: vec![Step {
                purpose: "read the record's relations, the definitions, and who is in which business",
                requests,
                depends_on: None,
            }],
            fields: ledger.into_entries(),
            strategies: Vec::new(),
            refused: Vec::new(),
            warnings: vec![
                "the price is that of at most 100 relations and definitions: each further hundred costs a call"
                    .to_owned(),
            ],
        }
    }

    fn next(&mut self) -> Option<Call> {
        loop {
            let look = &self.look;
            let next = self.jobs.next(
                |read| look.build(read),
                |response| error::success(response).map(|_| ()),
            );
            match next {
                Some(Ok(call)) => return Some(call),
                Some(Err((read, refusal))) => {
                    let failure = Failure::unanswered(
                        NAME,
                        Code::UnexpectedResponse,
                        Sent::No,
                        refusal.to_string(),
                    );
                    self.failed(&read, failure);
                }
                None if !self.jobs.are_done() || self.resolved => return None,
                None => {
                    self.resolved = true;
                    let reads = self.look.unknown();
                    reads.into_iter().for_each(|read| self.jobs.push(read));
                }
            }
        }
    }

    fn answered(&mut self, tag: usize, answer: Result<&Response, Failure>) -> Result<(), Failure> {
        let Some(read) = self.jobs.take(tag) else {
            return Ok(());
        };
        let response = match answer {
            Ok(response) => response,
            Err(failure) => {
                self.failed(&read, failure);
                return Ok(());
            }
        };
        match self.look.take(&read, response) {
            Ok(next) => {
                next.into_iter().for_each(|next| self.jobs.push(next));
                if !matches!(read, Read::Definitions(_) | Read::Definition(_)) {
                    self.answers.keep(response);
                }
                Ok(())
            }
            Err(failure) => {
                self.jobs.put_back(tag, read);
                Err(failure)
            }
        }
    }

    fn receipt(&mut self) -> Receipt {
        let mut found = Found::default();
        let mut failed = Vec::new();
        let [relations, businesses] = &self.unread;
        for kind in self.shown() {
            let of_business = is_business(self.kind.entity, kind.entity);
            let reason = relations
                .as_ref()
                .or(businesses.as_ref().filter(|_| of_business));
            match reason {
                None => found.add(&kind, self.of_kind(&kind)),
                Some(failure) => failed.push(NotListed {
                    entity: Cow::Owned(kind.as_str().to_owned()),
                    reason: Report::from(failure),
                }),
            }
        }
        Receipt::Listed(Listed {
            entity: Cow::Owned(self.kind.as_str().to_owned()),
            entity_id: self.entity_id.clone(),
            associations: found,
            failed,
            remote_data: self.answers.take(),
        })
    }
}
