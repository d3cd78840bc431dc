//! Upserts, step by step, for every vendor: read names, look, decide, write, link.
//!
//! A vendor supplies tables and requests (an [`Adapter`]); when what is sent, what an unclear answer means and what the
//! receipt says is decided here once.
//!
//! A create whose answer is unclear is never simply sent again: where the vendor's search can be trusted it is looked for
//! first, elsewhere it is `unknown`.

mod adapter;
mod item;
mod plan;

use std::collections::VecDeque;

pub use self::adapter::{Adapter, After, Candidate, Facts, Linker, Write, Wrote};
pub use self::item::{Item, OnAmbiguous};
use self::item::{Seen, State, Target};
use crate::endpoint::Repeat;
use crate::error::{Code, Doubt, Error, Failure, Refusal, Report, Sent};
use crate::http::{Request, Response};
use crate::json::Raw;
use crate::read;
use crate::script::{Call, Script};
use crate::sorted::SortedMap;
use crate::unified::association::Association;
use crate::unified::ledger::{FieldEntry, Ledger};
use crate::unified::plan::Plan;
use crate::unified::receipt::{LinkReceipt, Receipt};
use crate::unified::upsert::{Batch, Upsert, Upserted, Way, Written};

/// An upsert of one record or of several, at one vendor.
pub struct Upserting {
    adapter: Box<dyn Adapter>,
    items: Vec<Item>,
    /// Whether the input is a list.
    many: bool,
    ignores_remote_data: bool,
    fields: Vec<FieldEntry>,
    /// What each call is for; its tag is its place.
    tasks: Vec<Task>,
    /// How many reads of names are on their way.
    reading: usize,
    read: bool,
    /// The ids that are known to be meant, and by which record.
    meant: SortedMap<String, usize>,
    looks: VecDeque<usize>,
    looking: usize,
    writes: Vec<(Write, Vec<usize>)>,
    ready: VecDeque<(Write, Vec<usize>)>,
    writing: usize,
    /// Written records that are to be linked, once nothing more is written.
    unlinked: Vec<(usize, Association<'static>)>,
    links: Vec<Linking>,
    awake: VecDeque<usize>,
}

/// What a call is for.
#[derive(Clone)]
enum Task {
    Read(usize),
    Look(Vec<usize>),
    Write(Write, Vec<usize>),
    Link(usize, usize),
}

/// The links of some records.
struct Linking {
    items: Vec<usize>,
    script: Box<dyn Script>,
}

impl Upserting {
    /// Reads the input: one record, or a list of them.
    ///
    /// # Errors
    /// A refusal when not one record can be tried.
    pub fn new(
        mut adapter: Box<dyn Adapter>,
        input: &str,
        ignores_remote_data: bool,
    ) -> Result<Self, Refusal> {
        let many = input.trim_start().starts_with('[');
        let records = match many {
            true => read::items("", input)?,
            false => vec![input],
        };
        if records.is_empty() {
            return Err(Refusal::input("", "expected at least one record, got none"));
        }
        let mut ledger = Ledger::default();
        let mut seen = Seen::new();
        let mut items = Vec::with_capacity(records.len());
        for (place, record) in records.into_iter().enumerate() {
            let path = if many {
                format!("[{place}]")
            } else {
                String::new()
            };
            items.push(Item::read(
                adapter.as_mut(),
                path,
                record,
                &mut seen,
                &mut ledger,
            ));
        }
        if items.iter().all(|item| item.refusal().is_some()) {
            let first = items.iter().find_map(Item::refusal).cloned();
            return Err(first.unwrap_or_else(|| Refusal::input("", "expected a record")));
        }
        Ok(Self {
            adapter,
            items,
            many,
            ignores_remote_data,
            fields: ledger.into_entries(),
            tasks: Vec::new(),
            reading: 0,
            read: false,
            meant: SortedMap::new(),
            looks: VecDeque::new(),
            looking: 0,
            writes: Vec::new(),
            ready: VecDeque::new(),
            writing: 0,
            unlinked: Vec::new(),
            links: Vec::new(),
            awake: VecDeque::new(),
        })
    }

    fn call(&mut self, task: Task, request: Request, repeat: Repeat) -> Call {
        self.tasks.push(task);
        Call {
            tag: self.tasks.len() - 1,
            request,
            repeat,
            check: self.adapter.facts().check,
        }
    }

    fn settle(&mut self, place: usize, state: State) {
        if let Some(item) = self.items.get_mut(place) {
            item.state = state;
        }
    }

    fn refuse(&mut self, place: usize, error: Error) {
        let reason = match error {
            Error::Refused(refusal) => Report::from(refusal.as_ref()),
            Error::Failed(failure) => Report::from(failure.as_ref()),
        };
        self.settle(place, State::failed(reason));
    }

    /// Once all names are read: what each record needs next.
    fn begin(&mut self) {
        self.read = true;
        let mut known = Vec::new();
        for place in 0..self.items.len() {
            let Some(item) = self.items.get_mut(place).filter(|item| item.is_open()) else {
                continue;
            };
            if let Err(error) = self.adapter.resolve(item) {
                self.refuse(place, error);
                continue;
            }
            match &item.target {
                Target::Id(id) => {
                    self.meant.insert(id.clone(), place);
                    self.write(Write::Update, place);
                }
                Target::Key(_, Way::SearchThenWrite) if self.adapter.reads_find() => {
                    known.push((place, self.adapter.known(item)));
                }
                Target::Key(_, Way::SearchThenWrite) => self.looks.push_back(place),
                Target::Key(..) => self.write(Write::Keyed, place),
                Target::None => {}
            }
        }
        // Whoever gives an id has said which record it is: those come first.
        for (place, found) in known {
            self.decide(place, found);
        }
    }

    /// Puts a record among those that are written in the same way.
    fn write(&mut self, write: Write, place: usize) {
        let most = self.adapter.together(write);
        let same = |group: &&mut (Write, Vec<usize>)| {
            let keys = |place: usize| self.items.get(place).map(Item::key_name);
            group.0 == write
                && group.1.len() < most
                && group.1.first().and_then(|first| keys(*first)) == keys(place)
        };
        match self.writes.iter_mut().find(same) {
            Some((_, places)) => places.push(place),
            None => self.writes.push((write, vec![place])),
        }
        while let Some(full) = self
            .writes
            .iter()
            .position(|(write, places)| places.len() >= self.adapter.together(*write))
        {
            self.ready.push_back(self.writes.remove(full));
        }
    }

    fn next_look(&mut self) -> Option<Call> {
        loop {
            let waiting = self.looks.iter();
            let items: Vec<_> = waiting
                .filter_map(|place| self.items.get(*place))
                .take(self.adapter.looks_together())
                .collect();
            let (count, request) = look_for(self.adapter.as_ref(), &items)?;
            let places: Vec<_> = self.looks.drain(..count).collect();
            match request {
                Ok(request) => {
                    self.looking += 1;
                    return Some(self.call(Task::Look(places), request, Repeat::Safe));
                }
                Err(refusal) => {
                    for place in places {
                        self.refuse(place, refusal.clone().into());
                    }
                }
            }
        }
    }

    fn next_write(&mut self) -> Option<Call> {
        // A group waits for company only as long as some may come.
        if self.ready.is_empty() && self.looks.is_empty() && self.looking == 0 {
            self.ready.extend(self.writes.drain(..));
        }
        while let Some((write, places)) = self.ready.pop_front() {
            let items = places.iter().filter_map(|place| self.items.get(*place));
            let group: Vec<_> = items.collect();
            match (self.adapter.write(write, &group), places.as_slice()) {
                (Ok(request), _) => {
                    let repeat = self.adapter.repeat(write, &group);
                    self.writing += 1;
                    return Some(self.call(Task::Write(write, places), request, repeat));
                }
                (Err(refusal), [only]) => self.refuse(*only, refusal.into()),
                // The one at fault must not sink the others.
                (Err(_), several) => {
                    for place in several.iter().rev() {
                        self.ready.push_front((write, vec![*place]));
                    }
                }
            }
        }
        None
    }

    fn next_link(&mut self) -> Option<Call> {
        let all_written = self.looking + self.writing == 0;
        if all_written && !self.unlinked.is_empty() {
            self.link();
        }
        while let Some(place) = self.awake.front().copied() {
            if let Some(call) = self.links.get_mut(place)?.script.next() {
                self.tasks.push(Task::Link(place, call.tag));
                return Some(Call {
                    tag: self.tasks.len() - 1,
                    ..call
                });
            }
            self.awake.pop_front();
        }
        None
    }

    fn looked(&mut self, places: &[usize], response: &Response) -> Result<(), Failure> {
        let mut all = Vec::with_capacity(places.len());
        for place in places {
            if let Some(item) = self.items.get(*place) {
                all.push((*place, self.adapter.found(item, response)?));
            }
        }
        self.looking -= 1;
        for (place, found) in all {
            self.decide(place, found);
        }
        Ok(())
    }

    /// What a search has found for one item decides how it is written.
    fn decide(&mut self, place: usize, mut found: Vec<Candidate>) {
        let Some(item) = self.items.get(place) else {
            return;
        };
        let again = item.sent;
        if found.len() > 1 && !again {
            match item.on_ambiguous {
                OnAmbiguous::First => found.truncate(1),
                OnAmbiguous::Newest => {
                    // The first of those that are as new.
                    let newest =
                        |one: &Candidate, other: &Candidate| other.created.cmp(&one.created);
                    found = found.into_iter().min_by(newest).into_iter().collect();
                }
                OnAmbiguous::Error | OnAmbiguous::List => {
                    let ids = found.into_iter().map(|candidate| candidate.id).collect();
                    self.ambiguous(place, ids);
                    return;
                }
            }
        }
        let half = self.items.get_mut(place).and_then(|item| item.half.take());
        let Some(item) = self.items.get(place) else {
            return;
        };
        match (found.as_slice(), again) {
            ([], _) => match half {
                Some(refused) => self.settle(place, State::Failed(refused, Vec::new())),
                None => self.write(Write::Create, place),
            },
            ([one], false) => match self.adapter.may_update(item, one) {
                Ok(()) => self.found(place, one.id.clone()),
                Err(report) => {
                    let ids = vec![one.id.clone()];
                    self.settle(place, State::Failed(Box::new(report), ids));
                }
            },
            // It was not there before the create was sent: it is the one.
            ([one], true) => {
                let wrote = Wrote {
                    id: one.id.clone(),
                    new: Some(true),
                    record: one.record.clone(),
                };
                self.written(place, Write::Create, wrote);
                // It was made, and what was refused of it stands in the reason.
                if let Some(item) = self.items.get_mut(place).filter(|_| half.is_some()) {
                    item.unlinked = half;
                }
            }
            (several, true) => {
                let ids = several
                    .iter()
                    .map(|candidate| candidate.id.clone())
                    .collect();
                let what = "several records match after a create whose answer was lost";
                self.settle(place, State::Unknown(Box::new(self.unclear(what)), ids));
            }
            (_, false) => {}
        }
    }

    /// A search has found the record that is meant.
    fn found(&mut self, place: usize, id: String) {
        let known = self.meant.get(&id).copied();
        let first = known.unwrap_or(place);
        if known.is_none() {
            self.meant.insert(id.clone(), place);
        }
        let path = self.items.get(first).map(|item| item.path.clone());
        let Some(item) = self.items.get_mut(place) else {
            return;
        };
        if first == place {
            item.found = Some(id);
            return self.write(Write::Update, place);
        }
        let message = format!(
            "expected each record once in a batch: {} means record {id} too",
            path.unwrap_or_default()
        );
        let reason = Report {
            code: Code::Conflict,
            ..Report::from(&Refusal::input(item.key_path(), message))
        };
        item.state = State::Failed(Box::new(reason), vec![id]);
    }

    fn ambiguous(&mut self, place: usize, ids: Vec<String>) {
        let Some(item) = self.items.get(place) else {
            return;
        };
        let message = format!(
            "{} records of {} match {}: give the id of the one that is meant, or say on_ambiguous",
            ids.len(),
            self.adapter.facts().vendor,
            item.key_name()
        );
        let reason = Report {
            code: Code::AmbiguousMatch,
            ..Report::from(&Refusal::input(item.key_path(), message))
        };
        let ids = match item.on_ambiguous {
            OnAmbiguous::List => ids,
            _ => Vec::new(),
        };
        self.settle(place, State::Failed(Box::new(reason), ids));
    }

    fn unclear(&self, what: &str) -> Report {
        let facts = self.adapter.facts();
        let code = Code::UnknownOutcome;
        let failure = Failure::unanswered(facts.vendor, code, Sent::Maybe, what);
        Report::from(&failure).in_doubt(facts.doubt)
    }

    fn wrote(
        &mut self,
        write: Write,
        places: &[usize],
        response: &Response,
    ) -> Result<(), Failure> {
        let group: Vec<_> = places
            .iter()
            .filter_map(|place| self.items.get(*place))
            .collect();
        let results = self.adapter.wrote(write, &group, response)?;
        self.writing -= 1;
        for (place, result) in places.iter().zip(results) {
            match result {
                Ok(wrote) => self.written(*place, write, wrote),
                Err(failure) => self.failed(*place, write, failure),
            }
        }
        Ok(())
    }

    fn written(&mut self, place: usize, write: Write, wrote: Wrote) {
        let Some(item) = self.items.get_mut(place) else {
            return;
        };
        let is_new = wrote.new.unwrap_or(write == Write::Create);
        let entity = self.adapter.facts().upserts.entity;
        let association = item.association(entity, &wrote.id);
        item.state = State::Written(is_new, wrote);
        self.unlinked
            .extend(association.map(|association| (place, association)));
    }

    /// Once nothing more is written: what makes the links.
    fn link(&mut self) {
        let (places, associations): (Vec<_>, Vec<_>) = self.unlinked.drain(..).unzip();
        for linker in self.adapter.links(associations) {
            let records = linker.records.into_iter();
            let items: Vec<_> = records
                .filter_map(|place| places.get(place).copied())
                .collect();
            match linker.script {
                Ok(script) => {
                    self.links.push(Linking { items, script });
                    self.awake.push_back(self.links.len() - 1);
                }
                Err(refusal) => {
                    for place in items {
                        if let Some(item) = self.items.get_mut(place) {
                            item.unlinked = Some(Box::new(Report::from(&refusal)));
                        }
                    }
                }
            }
        }
    }

    fn failed(&mut self, place: usize, write: Write, failure: Failure) {
        let Some(item) = self.items.get_mut(place) else {
            return;
        };
        let in_the_way: Vec<_> = failure.existing.clone().into_iter().collect();
        if !failure.is_unclear() {
            let reason = Box::new(Report::from(&failure));
            if write == Write::Create && !item.sent && self.adapter.may_be_half_done(&failure) {
                item.sent = true;
                item.half = Some(reason);
                self.looks.push_back(place);
                return;
            }
            item.state = State::Failed(reason, in_the_way);
            return;
        }
        if write == Write::Create && !item.sent && self.adapter.after_unclear(item) == After::Look {
            item.sent = true;
            self.looks.push_back(place);
            return;
        }
        let doubt = match (write, self.adapter.repeat(write, &[item])) {
            (Write::Keyed | Write::Update, Repeat::Safe) => RUN_AGAIN,
            _ => self.adapter.facts().doubt,
        };
        let reason = Report::from(&failure).in_doubt(doubt);
        item.state = State::Unknown(Box::new(reason), in_the_way);
    }

    fn lost(&mut self, task: Task, failure: Failure) -> Result<(), Failure> {
        match task {
            Task::Read(number) => {
                self.reading -= 1;
                self.adapter.read(number, Err(failure))?;
            }
            Task::Look(places) => {
                self.looking -= 1;
                for place in places {
                    let sent = self.items.get(place).is_some_and(|item| item.sent);
                    let reason = Report::from(&failure);
                    // A search writes nothing, but the create before it may have.
                    let state = if sent {
                        let reason = reason.in_doubt(self.adapter.facts().doubt);
                        State::Unknown(Box::new(reason), Vec::new())
                    } else {
                        State::failed(reason)
                    };
                    self.settle(place, state);
                }
            }
            Task::Write(write, places) => {
                self.writing -= 1;
                let is_of_one = matches!(
                    failure.code,
                    Code::VendorValidation | Code::AlreadyExists | Code::Conflict | Code::NotFound
                );
                if places.len() > 1 && is_of_one && !failure.is_unclear() {
                    // Refused whole for the sake of one: in halves, until that one stands alone.
                    let (one, other) = places.split_at(places.len() / 2);
                    self.ready.push_front((write, other.to_vec()));
                    self.ready.push_front((write, one.to_vec()));
                    return Ok(());
                }
                for place in places {
                    self.failed(place, write, failure.clone());
                }
            }
            Task::Link(..) => {}
        }
        Ok(())
    }

    fn upserted(&mut self, place: usize) -> Option<Upserted> {
        let item = self.items.get_mut(place)?;
        let mut upserted = Upserted {
            id: item.id().map(str::to_owned),
            outcome: Written::Failed,
            record: None,
            links: Vec::new(),
            reason: None,
            candidates: Vec::new(),
            fields: Vec::new(),
            remote_data: None,
        };
        match std::mem::replace(&mut item.state, State::Open) {
            State::Written(is_new, wrote) => {
                upserted.outcome = match is_new {
                    true => Written::Created,
                    false => Written::Updated,
                };
                upserted.record = self.adapter.unify(item, &wrote);
                // A vendor may say that it wrote, and not what.
                upserted.id = (!wrote.id.is_empty()).then_some(wrote.id);
                upserted.remote_data = match self.ignores_remote_data {
                    true => None,
                    false => Raw::new(wrote.record),
                };
                upserted.reason = item.unlinked.take();
            }
            State::Failed(reason, candidates) => {
                upserted.reason = Some(reason);
                upserted.candidates = candidates;
            }
            State::Refused(refusal) => {
                upserted.reason = Some(Box::new(Report::from(refusal.as_ref())));
            }
            State::Unknown(reason, candidates) => {
                upserted.outcome = Written::Unknown;
                upserted.reason = Some(reason);
                upserted.candidates = candidates;
            }
            // Nobody settled it: an operation that was cancelled, for instance.
            State::Open => {
                upserted.outcome = Written::Unknown;
                let what = "the operation ended before this record was written";
                upserted.reason = Some(Box::new(self.unclear(what)));
            }
        }
        Some(upserted)
    }
}

/// The search for the first of some items and for those after it that it can look for too, with their number.
fn look_for(adapter: &dyn Adapter, items: &[&Item]) -> Option<(usize, Result<Request, Refusal>)> {
    let first = items.first()?;
    let same = |item: &&&Item| item.key_name() == first.key_name();
    let mut count = items.iter().take_while(same).count();
    count = count.min(adapter.looks_together());
    loop {
        match adapter.look_for(items.get(..count)?) {
            // Too many, or one of them at fault, which must not sink the others.
            Err(_) if count > 1 => count /= 2,
            request => return Some((count, request)),
        }
    }
}

/// How to find out about a write by key or by id.
const RUN_AGAIN: Doubt =
    Doubt::run_again("; run the same call again: it leaves the record as it was asked");

impl Script for Upserting {
    fn plan(&self) -> Plan {
        plan::plan(self.adapter.as_ref(), &self.items, &self.fields)
    }

    fn next(&mut self) -> Option<Call> {
        if !self.read {
            if let Some((number, request)) = self.adapter.next_read() {
                self.reading += 1;
                return Some(self.call(Task::Read(number), request, Repeat::Safe));
            }
            if self.reading > 0 {
                return None;
            }
            self.begin();
        }
        self.next_look()
            .or_else(|| self.next_write())
            .or_else(|| self.next_link())
    }

    fn answered(&mut self, tag: usize, answer: Result<&Response, Failure>) -> Result<(), Failure> {
        let Some(task) = self.tasks.get(tag) else {
            return Ok(());
        };
        if let Task::Link(place, inner) = *task {
            let Some(linking) = self.links.get_mut(place) else {
                return Ok(());
            };
            linking.script.answered(inner, answer)?;
            if !self.awake.contains(&place) {
                self.awake.push_back(place);
            }
            return Ok(());
        }
        match (task, answer) {
            (Task::Read(number), Ok(response)) => {
                self.adapter.read(*number, Ok(response))?;
                self.reading -= 1;
                Ok(())
            }
            (Task::Look(places), Ok(response)) => {
                let places = places.clone();
                self.looked(&places, response)
            }
            (Task::Write(write, places), Ok(response)) => {
                let (write, places) = (*write, places.clone());
                self.wrote(write, &places, response)
            }
            (Task::Link(..), Ok(_)) => Ok(()),
            (task, Err(failure)) => {
                let task = task.clone();
                self.lost(task, failure)
            }
        }
    }

    fn receipt(&mut self) -> Receipt {
        let mut result: Vec<_> = (0..self.items.len())
            .filter_map(|place| self.upserted(place))
            .collect();
        for linking in &mut self.links {
            let receipt = linking.script.receipt();
            for place in &linking.items {
                let Some(upserted) = result.get_mut(*place) else {
                    continue;
                };
                let own = |link: &&LinkReceipt| Some(&link.from.id) == upserted.id.as_ref();
                upserted.links = receipt.links().iter().filter(own).cloned().collect();
            }
        }
        let fields = std::mem::take(&mut self.fields);
        if !self.many
            && let Some(only) = result.pop()
        {
            return Receipt::Upsert(Upsert::One(Box::new(Upserted { fields, ..only })));
        }
        let count = |outcome| {
            let same = |upserted: &&Upserted| upserted.outcome == outcome;
            result.iter().filter(same).count()
        };
        Receipt::Upsert(Upsert::Many(Batch {
            created: count(Written::Created),
            updated: count(Written::Updated),
            failed: count(Written::Failed),
            unknown: count(Written::Unknown),
            result,
            fields,
        }))
    }
}
