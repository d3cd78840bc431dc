//! `associations.create`, `remove` and `set` at Salesforce: what is there is read first, then what is to change is written.
//!
//! 1. Composite calls read the rows, in at most five queries each: for a `set` all that the record has of the kinds asked.
//! 2. One call writes: a plain one for one record, a collection for up to 200, a composite of collections for more.
//! 3. After an unclear answer step 1 again: a row that is there now was written, one that is gone was deleted. After a
//!    refusal as a duplicate too: it may be that of another field.

use serde_json::{Map, Value};

use super::calls::{Calls, Job, Write, jobs, undone};
use super::capability::RULES;
use super::cases::{Case, Change, Verdict, found, report};
use super::composite::send::{MOST_QUERIES, Sent as Answers};
use super::id::same;
use super::look::{Look, MOST_PAGES, Query, Rows, merged};
use super::sobjects::SaveResult;
use super::ways::{self, Way};
use super::{NAME, error};
use crate::answer;
use crate::endpoint::{Options, Repeat, unexpected};
use crate::error::{Code, Failure, Reason, Refusal, Report, Sent};
use crate::http::{Request, Response};
use crate::json::Raw;
use crate::script::{Call, Script};
use crate::sorted::{SortedMap, SortedSet};
use crate::unified::association::{Association, Target};
use crate::unified::entity::Entity;
use crate::unified::ledger::Treatment;
use crate::unified::links::{Inverse, Links};
use crate::unified::operation::Verb;
use crate::unified::plan::{self, Plan, Step};
use crate::unified::receipt::{LinkReceipt, Outcome, Receipt};

/// How often the writes of a link may be sent: once, and once more when a look shows that the first did not arrive.
const MOST_WRITES: u8 = 2;

/// How many links all or none of which are to be made.
const MOST_AT_ONCE: usize = super::collections::LARGEST * MOST_QUERIES;

/// The operation, with what is left to do.
pub struct Associate<'a> {
    links: Links<'a>,
    calls: Calls,
    /// What is known of each link's writes.
    state: Vec<State>,
    /// The first look of a `set`, at all that there is.
    whole: bool,
    look: Option<Look>,
    to_look: Vec<usize>,
    to_write: Vec<(usize, Write)>,
    /// The job on its way; none while a look is.
    busy: Option<Job>,
    /// Links that go once another one is made.
    after: Vec<(usize, usize)>,
    all_or_none: bool,
    /// Whether a link cannot be made: all or none then means none.
    barred: bool,
    answers: Vec<Raw>,
}

/// What is known of a link's writes.
#[derive(Default)]
struct State {
    /// How often they were sent.
    written: u8,
    /// How many are without an answer.
    left: usize,
    /// What went wrong with one of them.
    failed: Option<Failure>,
    /// A clear failure after which it was looked again all the same.
    doubt: Option<Failure>,
    undo: Option<Inverse>,
    again: bool,
}

impl<'a> Associate<'a> {
    /// Reads the input.
    ///
    /// # Errors
    /// A refusal when no link of it can be tried, or when the options do not fit.
    pub fn new(
        association: Association<'a>,
        verb: Verb,
        options: &Options,
    ) -> Result<Self, Refusal> {
        if !association.association_types.is_empty() {
            return Err(Refusal::unsupported(
                Reason::AssociationUnsupported,
                "association_types",
                "Salesforce's links need no definitions: leave them out",
            ));
        }
        let remote_data = association.remote_data.clone().unwrap_or_default();
        check_remote_data(&remote_data)?;
        let query = association.remote_query.clone().unwrap_or_default();
        let all_or_none = association.all_or_none;
        let mut links = Links::new(association, verb, &RULES)?;
        refuse_contradictions(&mut links, &remote_data)?;
        if all_or_none {
            check_all_or_none(&links)?;
        }
        let whole = verb == Verb::Set;
        let mut script = Self {
            to_look: Vec::new(),
            state: Vec::new(),
            calls: Calls::new(options, remote_data, query, all_or_none)?,
            links,
            whole,
            look: None,
            to_write: Vec::new(),
            busy: None,
            after: Vec::new(),
            all_or_none,
            barred: false,
            answers: Vec::new(),
        };
        let places: Vec<_> = script.links.open().map(|(place, _)| place).collect();
        let look = if whole {
            Look::new(script.queries_of_all(), places, true)
        } else {
            Look::new(script.queries_of(&places), places, false)
        };
        // What else could be refused depends on the options alone: the first requests show it.
        look.requests(&script.calls)?;
        script.look = Some(look);
        Ok(script)
    }

    fn way(&self, place: usize) -> Option<Way> {
        let link = self.links.link(place)?;
        Way::of(&self.links.kind, self.links.to(link), &link.target).ok()
    }

    /// The queries that show some links.
    fn queries_of(&self, places: &[usize]) -> Vec<Query> {
        let from = self.links.kind.entity;
        let record = self.links.entity_id.as_str();
        merged(places.iter().flat_map(|place| {
            let way = self.way(*place);
            let target = self.links.link(*place).map(|link| &link.target);
            let both = way.zip(target);
            both.map(|(way, target)| Query::of_link(&way, from, record, target, *place))
                .unwrap_or_default()
        }))
    }

    /// The queries that show all links of the kinds that a `set` names, and those links that it asks for.
    fn queries_of_all(&self) -> Vec<Query> {
        let from = self.links.kind.entity;
        let record = self.links.entity_id.as_str();
        let mut queries = Vec::new();
        for kind in self.links.kinds() {
            let asked: Vec<_> = self
                .links
                .open()
                .filter(|(_, link)| self.links.to(link).is(kind))
                .collect();
            for way in Way::all(from, kind.entity) {
                let places = asked.iter().map(|(place, _)| *place);
                queries.push(Query::of_all(&way, from, record).waited_for_by(places));
            }
            for (place, link) in asked {
                let seen = match self.way(place) {
                    // All rows of the record show these already.
                    Some(Way::Lookup(lookup)) => lookup.on_record,
                    Some(Way::Roles) => {
                        from != Entity::Contacts || link.target.primary != Some(true)
                    }
                    _ => link.target.primary != Some(true),
                };
                if let Some(way) = self.way(place).filter(|_| !seen) {
                    queries.extend(Query::of_link(&way, from, record, &link.target, place));
                }
            }
        }
        merged(queries)
    }

    fn state(&mut self, place: usize) -> Option<&mut State> {
        if self.state.len() <= place {
            self.state.resize_with(place + 1, State::default);
        }
        self.state.get_mut(place)
    }

    /// A look is over: each of its links is as asked, is to be written, or cannot be.
    fn seen(&mut self, look: Look) {
        let Look {
            rows,
            failed,
            mut places,
            ..
        } = look;
        let mut unseen: SortedSet<usize> = SortedSet::new();
        for (query, failure) in &failed {
            if self.whole && query.places.is_empty() {
                // Nobody waits for these rows but the `set` itself.
                self.links.fail(failure);
                self.barred = true;
            }
            for place in &query.places {
                if unseen.add(*place) {
                    self.unseen(*place, failure);
                }
            }
        }
        if std::mem::take(&mut self.whole) {
            places.extend(self.find_extra(&rows, &failed));
        }
        for place in places {
            if !unseen.contains(&place) {
                self.decide(place, &rows);
            }
        }
        if self.all_or_none {
            self.all_or_none();
        }
    }

    /// The links that are there and were not asked for: a `set` takes them away.
    fn find_extra(&mut self, rows: &Rows, failed: &[(Query, Failure)]) -> Vec<usize> {
        let from = self.links.kind.entity;
        let kinds: Vec<_> = self
            .links
            .kinds()
            .map(|kind| kind.clone().into_owned())
            .collect();
        let mut asked: SortedMap<String, Vec<usize>> = SortedMap::new();
        for place in 0..self.links.len() {
            if let Some(link) = self.links.link(place) {
                let id = same(link.target.id.as_str()).to_owned();
                asked.update(id, |places| places.push(place));
            }
        }
        let mut extra = Vec::new();
        for kind in kinds {
            let ways = Way::all(from, kind.entity);
            let blind = |way: &Way| {
                failed
                    .iter()
                    .any(|(query, _)| query.sobject == way.sobject())
            };
            if ways.iter().any(blind) {
                continue;
            }
            for target in found(from, kind.entity, self.links.entity_id.as_str(), rows) {
                let way = Way::of(&self.links.kind, &kind, &target).ok();
                let places = asked.get(same(target.id.as_str()));
                let asked = places.into_iter().flatten().any(|place| {
                    let link = self.links.link(*place);
                    link.is_some_and(|link| self.links.to(link).is(&kind))
                        && self.way(*place) == way
                });
                if !asked {
                    let target = match way {
                        // Which roles they have is no matter: all go.
                        Some(Way::Lookup(_)) => target,
                        _ => Target::plain(target.id),
                    };
                    extra.push(self.links.take_away(&kind, target));
                }
            }
        }
        extra
    }

    fn decide(&mut self, place: usize, rows: &Rows) {
        let goes = self.links.goes(place);
        let Some(verdict) = self.verdict(place, rows) else {
            return;
        };
        let (written, doubt) = match self.state(place) {
            Some(state) => (state.written, state.doubt.take()),
            None => return,
        };
        match verdict {
            Verdict::Done if written > 0 && doubt.is_none() => self.done(place),
            Verdict::Done => {
                let outcome = if goes {
                    Outcome::AlreadyRemoved
                } else {
                    Outcome::AlreadyLinked
                };
                self.links.settle(place, outcome, None);
                self.settled(place, true);
            }
            Verdict::Refused(report) => self.not_done(place, report),
            // Still to be created, or refused twice: the duplicate was of something else.
            Verdict::Write(change)
                if doubt.is_some() && (change.creates() || written >= MOST_WRITES) =>
            {
                if let Some(failure) = &doubt {
                    self.not_done(place, Report::from(failure));
                }
            }
            Verdict::Write(_) if written >= MOST_WRITES => {
                let mut failure = Failure::unanswered(
                    NAME,
                    Code::UnknownOutcome,
                    Sent::Maybe,
                    "sent twice without a clear answer, and not as asked when last looked for: run the same call again, it looks first",
                );
                failure.retryable = true;
                self.unknown(place, Report::from(&failure));
            }
            Verdict::Write(change) => self.write(place, change),
        }
    }

    fn verdict(&self, place: usize, rows: &Rows) -> Option<Verdict> {
        let case = Case {
            way: &self.way(place)?,
            from: &self.links.kind,
            record: self.links.entity_id.as_str(),
            target: &self.links.link(place)?.target,
            exact: self.links.verb == Verb::Set,
            rows,
        };
        Some(if self.links.goes(place) {
            case.take()
        } else {
            case.make()
        })
    }

    /// The change of a link in the dearest case.
    fn dearest(&self, place: usize) -> Option<Change> {
        let case = Case {
            way: &self.way(place)?,
            from: &self.links.kind,
            record: self.links.entity_id.as_str(),
            target: &self.links.link(place)?.target,
            exact: false,
            rows: &Rows::default(),
        };
        let rows = case.dearest(!self.links.goes(place));
        match self.verdict(place, &rows)? {
            Verdict::Write(change) => Some(change),
            Verdict::Done | Verdict::Refused(_) => None,
        }
    }

    /// Puts the writes of a link to those that wait, unless another link's write does the same.
    fn write(&mut self, place: usize, change: Change) {
        if self.links.verb == Verb::Set
            && self.links.goes(place)
            && let Some(other) = self.replaced_by(place, &change)
        {
            self.after.push((place, other));
            return;
        }
        let count = change.writes.len();
        if let Some(state) = self.state(place) {
            state.left = count;
            state.failed = None;
            state.again = change.again;
            state.undo.get_or_insert(change.undo);
        }
        self.to_write
            .extend(change.writes.into_iter().map(|write| (place, write)));
    }

    /// The asked link whose write puts another id where this link's would put nothing.
    fn replaced_by(&self, place: usize, change: &Change) -> Option<usize> {
        let own = match self.way(place)? {
            Way::Roles => false,
            Way::Relation => self.links.kind.entity == Entity::Contacts,
            Way::Lookup(lookup) => lookup.on_record,
        };
        let write = change.writes.first().filter(|_| own)?;
        let field = write.fields.keys().next()?;
        let same_field = |(other, known): &&(usize, Write)| {
            *other != place
                && known.sobject == write.sobject
                && known.fields.contains_key(field)
                && known.id().map(same) == write.id().map(same)
        };
        self.to_write
            .iter()
            .find(same_field)
            .map(|(other, _)| *other)
    }

    /// All or none: where one cannot be made, none is.
    fn all_or_none(&mut self) {
        let waiting: Vec<usize> = self.to_write.iter().map(|(place, _)| *place).collect();
        let jobs = jobs(self.to_write.clone());
        let too_many = jobs.len() > 1;
        if self.look.is_none() && (self.barred || too_many) {
            self.to_write.clear();
            let reason = if too_many && !self.barred {
                report(
                    Code::TooLarge,
                    format!(
                        "nothing was written: all or none is possible for {MOST_AT_ONCE} writes, and these are more"
                    ),
                )
            } else {
                report(
                    Code::Conflict,
                    "nothing was written, since another link of the call cannot be as asked, and all or none was asked for".to_owned(),
                )
            };
            for place in waiting {
                self.not_done(place, reason.clone());
            }
        }
    }

    /// A link's writes have all succeeded.
    fn done(&mut self, place: usize) {
        let goes = self.links.goes(place);
        let undo = self.state(place).and_then(|state| state.undo.take());
        let outcome = if goes {
            Outcome::Removed
        } else {
            Outcome::Linked
        };
        self.links
            .settle_done(place, outcome, undo.unwrap_or(Inverse::None));
        self.settled(place, true);
    }

    /// Nothing of a link was written.
    fn not_done(&mut self, place: usize, reason: Report) {
        let outcome = self.links.not_done(place);
        self.links.settle(place, outcome, Some(reason));
        self.barred = true;
        self.settled(place, false);
    }

    /// It cannot be told what became of a link.
    fn unknown(&mut self, place: usize, reason: Report) {
        self.links
            .settle(place, Outcome::Unknown, Some(reason.clone()));
        self.barred = true;
        // Nor what became of those whose place it was to take.
        let waiting = std::mem::take(&mut self.after);
        for (extra, asked) in waiting {
            if asked == place {
                self.links
                    .settle(extra, Outcome::Unknown, Some(reason.clone()));
            } else {
                self.after.push((extra, asked));
            }
        }
    }

    /// A link was settled: those that waited for it go now, or stay.
    fn settled(&mut self, place: usize, good: bool) {
        let waiting = std::mem::take(&mut self.after);
        for (extra, asked) in waiting {
            if asked != place {
                self.after.push((extra, asked));
            } else if !good {
                let message = "it stays, since the link that was to take its place was not made";
                self.not_done(extra, report(Code::Conflict, message.to_owned()));
            } else if matches!(self.way(extra), Some(Way::Relation)) {
                // What becomes of the relation with the account before is the org's setting.
                if let Some(state) = self.state(extra) {
                    state.written = 1;
                    state.undo = Some(Inverse::Steps(Vec::new()));
                }
                self.to_look.push(extra);
            } else {
                // The field names another record now.
                let undo = Inverse::Steps(Vec::new());
                self.links.settle_done(extra, Outcome::Removed, undo);
            }
        }
    }

    fn wrote(&mut self, job: &Job, response: &Response) -> Result<(), Failure> {
        let mut results = Results::new();
        match job {
            Job::Plain(place, write) => {
                if write.id().is_some() {
                    error::updated(response)?;
                } else {
                    let result = answer::object(NAME, response, SaveResult::read)?;
                    error::saved(response, &result)?;
                }
                results.push((*place, Ok(())));
            }
            Job::Collection(only) => results = saved(&only.writes, response)?,
            Job::Composite(collections) => {
                let answer = answer::object(NAME, response, Answers::read)?;
                for (number, collection) in collections.iter().enumerate() {
                    let part = answer.composite_response.get(number);
                    let part = part.ok_or_else(|| {
                        unexpected(NAME, response, "answered fewer parts than it was asked")
                    });
                    let saved = part.and_then(|part| {
                        let part = error::part(response, part);
                        saved(&collection.writes, error::success(&part)?)
                    });
                    match saved {
                        Ok(saved) => results.extend(saved),
                        Err(failure) => {
                            let places = collection.writes.iter().map(|(place, _)| *place);
                            results.extend(places.map(|place| (place, Err(failure.clone()))));
                        }
                    }
                }
            }
        }
        if self.all_or_none && results.iter().any(|(_, result)| result.is_err()) {
            // A record that was written before the failure still says so, and is no longer there.
            for (_, result) in results.iter_mut().filter(|(_, result)| result.is_ok()) {
                *result = Err(error::rolled_back(response));
            }
        }
        for (place, result) in results {
            self.answered_one(place, result);
        }
        Ok(())
    }

    /// Takes what became of one write of a link.
    fn answered_one(&mut self, place: usize, result: Result<(), Failure>) {
        let Some(state) = self.state(place) else {
            return;
        };
        state.left = state.left.saturating_sub(1);
        if let Err(failure) = result {
            // What is unclear outweighs what is not.
            let unclear = state.failed.as_ref().is_some_and(Failure::is_unclear);
            if !unclear {
                state.failed = Some(failure);
            }
        }
        if state.left > 0 {
            return;
        }
        match state.failed.take() {
            None if state.again => {
                state.again = false;
                // The first writes are done with: what comes is another one.
                self.to_look.push(place);
            }
            None => self.done(place),
            Some(failure) => self.unwritten(place, failure),
        }
    }

    /// A write failed: it is looked for again, or it did not happen. A duplicate may be that of another field, and what is
    /// to be deleted may be gone, so those are looked for too.
    fn unwritten(&mut self, place: usize, failure: Failure) {
        let goes = self.links.goes(place);
        let gone = goes && failure.code == Code::NotFound;
        if failure.is_already_there() || gone {
            if let Some(state) = self.state(place) {
                state.doubt = Some(failure);
            }
            self.to_look.push(place);
        } else if failure.is_unclear() {
            self.to_look.push(place);
        } else {
            self.not_done(place, Report::from(&failure));
        }
    }

    /// A look failed: nothing was written after it, and what an earlier write did stays unknown.
    fn unseen(&mut self, place: usize, failure: &Failure) {
        let (written, doubt) = match self.state(place) {
            Some(state) => (state.written, state.doubt.take()),
            None => (0, None),
        };
        let reason = Report::from(doubt.as_ref().unwrap_or(failure));
        if written == 0 {
            self.not_done(place, reason);
        } else {
            self.unknown(place, reason);
        }
    }

    fn failed(&mut self, job: &Job, failure: &Failure) {
        for place in job.places() {
            self.answered_one(place, Err(failure.clone()));
        }
    }

    fn next_job(&mut self) -> Option<Job> {
        let mut jobs = jobs(std::mem::take(&mut self.to_write));
        let first = jobs.pop_front();
        // The rest waits for its turn: two calls at once may lock each other's rows.
        self.to_write.extend(undone(jobs));
        first
    }

    /// Notes that the writes of a job are about to be sent.
    fn count(&mut self, job: &Job) {
        let places: SortedSet<_> = job.places().into_iter().collect();
        for (place, ()) in places {
            if let Some(state) = self.state(place) {
                state.written = state.written.saturating_add(1);
            }
        }
    }
}

impl Script for Associate<'_> {
    fn plan(&self) -> Plan {
        let look = self.look.as_ref();
        let reads = look.and_then(|look| look.requests(&self.calls).ok());
        let reads = reads.unwrap_or_default();
        let min = reads.len();
        let mut dearest: Vec<(usize, Write)> = Vec::new();
        let mut twice = 0;
        for (place, _) in self.links.open() {
            let Some(change) = self.dearest(place) else {
                continue;
            };
            twice += usize::from(change.again);
            dearest.extend(change.writes.into_iter().map(|write| (place, write)));
        }
        let jobs = jobs(dearest);
        let writes: Vec<_> = jobs
            .iter()
            .filter_map(|job| Some(self.calls.request(job).ok()?.0))
            .collect();
        let mut max = reads.len() + writes.len();
        if twice > 0 {
            max += 2 * twice.div_ceil(MOST_AT_ONCE) + reads.len();
        }
        let set = self.links.verb == Verb::Set;
        if set {
            // Further pages, and two composite calls for the rows of each of them, and of the first.
            let kinds = self.links.kinds().count() * 2;
            max += kinds * (MOST_PAGES + 2 * (MOST_PAGES + 1)) + 2;
        }
        let removes = self.links.verb == Verb::Remove;
        let mut steps = vec![
            Step {
                purpose: "read which of the links are there, and what is in their way",
                requests: reads,
                depends_on: None,
            },
            Step {
                purpose: if removes {
                    "take away those that are there"
                } else {
                    "write those that are missing"
                },
                requests: writes,
                depends_on: Some(if removes {
                    "the rows that the first step finds: where rows are deleted, zeros stand for their ids"
                } else {
                    "the rows that the first step finds: these requests are those of none found"
                }),
            },
        ];
        if set {
            steps.push(Step {
                purpose: "take away those that were not asked for, in the same calls where they fit",
                requests: Vec::new(),
                depends_on: Some("the rows that the first step finds"),
            });
        }
        Plan {
            operation: self.links.verb.operation(),
            vendor: NAME,
            calls: plan::Calls { min, max },
            steps,
            fields: self.links.ledger(treatment),
            strategies: Vec::new(),
            refused: self.links.refused(),
            warnings: Vec::new(),
        }
    }

    fn next(&mut self) -> Option<Call> {
        if self.busy.is_some() || self.look.as_ref().is_some_and(Look::is_busy) {
            return None;
        }
        loop {
            if let Some(mut look) = self.look.take() {
                if let Some(request) = look.next(&self.calls) {
                    self.look = Some(look);
                    return Some(call(request, Repeat::Safe));
                }
                self.seen(look);
                continue;
            }
            if !self.to_write.is_empty() {
                let job = self.next_job()?;
                self.count(&job);
                match self.calls.request(&job) {
                    Ok((request, repeat)) => {
                        self.busy = Some(job);
                        return Some(call(request, repeat));
                    }
                    Err(refusal) => {
                        let message = format!("the next request could not be built: {refusal}");
                        let failure = Failure::unanswered(NAME, Code::Internal, Sent::No, message);
                        self.failed(&job, &failure);
                        continue;
                    }
                }
            }
            if self.to_look.is_empty() {
                return None;
            }
            let places = std::mem::take(&mut self.to_look);
            self.look = Some(Look::new(self.queries_of(&places), places, false));
        }
    }

    fn answered(&mut self, _tag: usize, answer: Result<&Response, Failure>) -> Result<(), Failure> {
        if let Some(look) = self.look.as_mut() {
            return look.answered(&self.calls, answer);
        }
        let Some(job) = self.busy.take() else {
            return Ok(());
        };
        match answer {
            Ok(response) => {
                self.answers.extend(Raw::new(response.body.clone()));
                if let Err(failure) = self.wrote(&job, response) {
                    self.busy = Some(job);
                    return Err(failure);
                }
            }
            Err(failure) => self.failed(&job, &failure),
        }
        Ok(())
    }

    fn receipt(&mut self) -> Receipt {
        self.links.receipt(std::mem::take(&mut self.answers))
    }

    fn settled(&mut self) -> Vec<LinkReceipt> {
        self.links.settled()
    }
}

/// What became of the writes of some links.
type Results = Vec<(usize, Result<(), Failure>)>;

/// One result for each record, in order: as many as were sent, or the answer proves nothing.
fn saved(writes: &[(usize, Write)], response: &Response) -> Result<Results, Failure> {
    let results = answer::list(NAME, response, SaveResult::read)?;
    if results.len() != writes.len() {
        let what = format!(
            "answered {} results for {} records",
            results.len(),
            writes.len()
        );
        return Err(unexpected(NAME, response, &what));
    }
    let places = writes.iter().map(|(place, _)| *place);
    let results = results.iter().map(|result| error::saved(response, result));
    Ok(places.zip(results).collect())
}

fn call(request: Request, repeat: Repeat) -> Call {
    Call {
        tag: 0,
        request,
        repeat,
        check: |response| error::success(response).map(|_| ()),
    }
}

/// Refuses targets whose fields contradict each other, a second primary of one opportunity, and a second parent.
///
/// # Errors
/// The first refusal, when no link is left.
fn refuse_contradictions(
    links: &mut Links<'_>,
    remote_data: &Map<String, Value>,
) -> Result<(), Refusal> {
    let mut refusals = Vec::new();
    let mut taken: Vec<Way> = Vec::new();
    let from = links.kind.entity;
    for (place, link) in links.open() {
        let way = match Way::of(&links.kind, links.to(link), &link.target) {
            Ok(way) => way,
            Err((field, refusal)) => {
                refusals.push((place, at(links.path(link, field), refusal)));
                continue;
            }
        };
        let makes = links.verb.makes();
        if let Some((field, refusal)) = ways::check(&way, &link.target, makes) {
            refusals.push((place, at(links.path(link, field), refusal)));
        } else if let Some(refusal) = named_twice(&way, remote_data) {
            refusals.push((place, refusal));
        } else if let Some((field, message)) =
            ways::only(&way, from, &link.target).filter(|_| makes)
        {
            if taken.contains(&way) {
                let path = links.path(link, field);
                let refusal = Refusal::unsupported(Reason::Cardinality, path, message);
                refusals.push((place, refusal));
            } else {
                taken.push(way);
            }
        }
    }
    for (place, refusal) in &refusals {
        links.settle_refused(*place, refusal.clone());
    }
    match (links.open().next(), refusals.into_iter().next()) {
        (None, Some((_, refusal))) => Err(refusal),
        _ => Ok(()),
    }
}

fn at(path: String, refusal: Refusal) -> Refusal {
    Refusal { path, ..refusal }
}

/// Refuses what cannot be made as a whole.
fn check_all_or_none(links: &Links<'_>) -> Result<(), Refusal> {
    if links.open().count() < links.len() && !links.refused().is_empty() {
        return Err(links.first_refusal());
    }
    let own = |refused: Code, message: &str| Refusal {
        code: refused,
        ..Refusal::input("all_or_none", message)
    };
    if links.len() > MOST_AT_ONCE {
        return Err(own(
            Code::TooLarge,
            "expected at most 1,000 links where all or none are to be made: more do not fit into one call",
        ));
    }
    let from = links.kind.entity;
    let in_steps = links.open().any(|(_, link)| {
        let roles = link.target.roles().next().is_some();
        let moves = links.verb == Verb::Set && from == Entity::Contacts;
        let relation = Way::all(from, link.to).contains(&Way::Relation);
        relation && link.target.primary == Some(true) && (roles || moves)
    });
    match in_steps {
        false => Ok(()),
        true => Err(own(
            Code::InvalidInput,
            "a primary account and what comes after it take two calls: all or none is not possible",
        )),
    }
}

/// The fields that say which record is written, and which ones it links.
const OWN: &[&str] = &[
    "attributes",
    "Id",
    "AccountId",
    "ContactId",
    "OpportunityId",
    "ParentId",
];

/// Refuses further fields that would write another record or another link than the receipt tells of. Salesforce takes
/// field names in any case.
fn check_remote_data(data: &Map<String, Value>) -> Result<(), Refusal> {
    let own = |name: &&String| OWN.iter().any(|own| own.eq_ignore_ascii_case(name));
    data.keys()
        .find(own)
        .map_or(Ok(()), |name| Err(names_the_link(name)))
}

fn named_twice(way: &Way, data: &Map<String, Value>) -> Option<Refusal> {
    let Way::Lookup(lookup) = way else {
        return None;
    };
    let own = |name: &&String| lookup.field.eq_ignore_ascii_case(name);
    data.keys().find(own).map(|name| names_the_link(name))
}

fn names_the_link(name: &str) -> Refusal {
    Refusal::input(
        format!("remote_data.{name}"),
        "expected only fields that do not say which records are linked",
    )
}

fn treatment(field: &str) -> Treatment {
    match field {
        "entity" => Treatment::Coerced("the object that holds the link"),
        "entity_id" => Treatment::Renamed("OpportunityId, AccountId or ParentId"),
        "id" => Treatment::Renamed("ContactId, AccountId or ParentId"),
        "role" => Treatment::Renamed("Role, Roles or which account is the parent"),
        "primary" => Treatment::Renamed("IsPrimary or Contact.AccountId"),
        "association_type" => Treatment::Coerced("the lookup field that holds the link"),
        "replace" => Treatment::Coerced("whether another link is overwritten"),
        "all_or_none" => Treatment::Renamed("allOrNone"),
        "remote_data" => Treatment::PassedThrough("the fields of each written record"),
        "remote_query" => Treatment::PassedThrough("query"),
        _ => Treatment::Ignored("it says what is so anyway"),
    }
}
