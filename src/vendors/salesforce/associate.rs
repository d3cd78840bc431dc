//! `associations.create` at Salesforce: what is there is read first, then what is missing is written.
//!
//! 1. One composite call reads the rows of up to 1,000 links, in at most five queries.
//! 2. One call writes them: a plain one for one record, a collection for up to 200, a composite of collections for more.
//! 3. After an unclear answer to a create, step 1 again: a row that is there now was written. After a refusal as a duplicate
//!    too: it may be that of another field.

use serde_json::Value;
use serde_json::value::RawValue;

use super::calls::{Calls, Collection, Job, Query, jobs, queries};
use super::capability::RULES;
use super::composite::send::{MOST_QUERIES, Sent};
use super::links::{self, Kind, Verdict, Write};
use super::sobjects::SaveResult;
use super::{NAME, error};
use crate::answer;
use crate::endpoint::{Options, unexpected};
use crate::error::{Code, Failure, Reason, Refusal, Report};
use crate::http::Response;
use crate::script::{Call, Script};
use crate::unified::association::Association;
use crate::unified::ledger::Treatment;
use crate::unified::links::Links;
use crate::unified::operation::Verb;
use crate::unified::plan::{self, Plan, Step};
use crate::unified::receipt::{Outcome, Receipt};

/// How often a create may be sent: once, and once more when a look shows that the first did not arrive.
const MOST_WRITES: u8 = 2;

/// The operation, with what is left to do.
pub struct Associate<'a> {
    links: Links<'a>,
    calls: Calls,
    /// How often the write of each link was sent.
    writes: Vec<u8>,
    /// Writes that were refused as duplicates, until a look tells of what.
    duplicates: Vec<(usize, Failure)>,
    to_read: Vec<usize>,
    to_write: Vec<(usize, Write)>,
    busy: Option<Job>,
    answers: Vec<Box<RawValue>>,
}

impl<'a> Associate<'a> {
    /// Reads the input.
    ///
    /// # Errors
    /// A refusal when no link of it can be tried, or when the options do not fit.
    pub fn new(association: Association<'a>, options: &Options) -> Result<Self, Refusal> {
        let remote_data = association.remote_data.clone().unwrap_or_default();
        links::check_remote_data(&remote_data)?;
        let query = association.remote_query.clone().unwrap_or_default();
        let mut links = Links::new(association, Verb::Create, &RULES)?;
        refuse_contradictions(&mut links)?;
        let script = Self {
            to_read: links.open().map(|(place, _)| place).collect(),
            writes: vec![0; links.len()],
            duplicates: Vec::new(),
            calls: Calls::new(options, remote_data, query)?,
            links,
            to_write: Vec::new(),
            busy: None,
            answers: Vec::new(),
        };
        // What else could be refused depends on the options alone: the first request shows it.
        let first = script.to_read.get(..1).unwrap_or_default();
        let look = Job::Read(queries(&script.links, first));
        script.calls.request(&script.links, &look)?;
        Ok(script)
    }

    /// The rows are known: each link is there, is to be written, or cannot be.
    fn seen(&mut self, queries: &[Query], response: &Response) -> Result<(), Failure> {
        let answer = answer::object(NAME, response, Sent::read)?;
        for (number, query) in queries.iter().enumerate() {
            let part = answer.composite_response.get(number);
            let rows = part
                .ok_or_else(|| unexpected(NAME, response, "answered fewer parts than it was asked"))
                .and_then(|part| rows(query.kind, &error::part(response, part)));
            for place in &query.places {
                match &rows {
                    Ok(rows) => self.decide(query.kind, *place, rows),
                    Err(failure) => self.unseen(*place, failure),
                }
            }
        }
        Ok(())
    }

    fn duplicate(&mut self, place: usize) -> Option<Failure> {
        let found = self
            .duplicates
            .iter()
            .position(|(known, _)| *known == place)?;
        Some(self.duplicates.swap_remove(found).1)
    }

    fn decide(&mut self, kind: Kind, place: usize, rows: &[Value]) {
        let written = self.written(place);
        let duplicate = self.duplicate(place);
        let Some(link) = self.links.link(place) else {
            return;
        };
        match kind.verdict(self.links.entity_id.as_str(), &link.target, rows) {
            Verdict::Linked if written > 0 && duplicate.is_none() => {
                self.links.settle(place, Outcome::Linked, None);
            }
            Verdict::Linked => self.links.settle(place, Outcome::AlreadyLinked, None),
            Verdict::Refused(report) => self.links.settle(place, Outcome::NotLinked, Some(report)),
            // Still to be created, or refused twice: the duplicate was of something else.
            Verdict::Write(write)
                if duplicate.is_some() && (write.id.is_none() || written >= MOST_WRITES) =>
            {
                let reason = duplicate.as_ref().map(Report::from);
                self.links.settle(place, Outcome::NotLinked, reason);
            }
            Verdict::Write(_) if written >= MOST_WRITES => {
                let mut failure = Failure::unanswered(
                    NAME,
                    Code::UnknownOutcome,
                    crate::error::Sent::Maybe,
                    "sent twice without a clear answer, and not there when last looked for: run the same call again, it looks first",
                );
                failure.retryable = true;
                self.links
                    .settle(place, Outcome::Unknown, Some(Report::from(&failure)));
            }
            Verdict::Write(write) => self.to_write.push((place, write)),
        }
    }

    fn wrote(&mut self, job: &Job, response: &Response) -> Result<(), Failure> {
        match job {
            Job::Read(queries) => self.seen(queries, response),
            Job::Plain(place, write) => {
                match write.id {
                    Some(_) => error::updated(response)?,
                    None => {
                        let result = answer::object(NAME, response, SaveResult::read)?;
                        error::saved(response, &result)?;
                    }
                }
                self.links.settle(*place, Outcome::Linked, None);
                Ok(())
            }
            Job::Collections(collections, true) => {
                let collection = collections.first();
                collection.map_or(Ok(()), |collection| self.saved(collection, response))
            }
            Job::Collections(collections, false) => {
                let answer = answer::object(NAME, response, Sent::read)?;
                for (number, collection) in collections.iter().enumerate() {
                    let part = answer.composite_response.get(number);
                    let saved = part
                        .ok_or_else(|| {
                            unexpected(NAME, response, "answered fewer parts than it was asked")
                        })
                        .and_then(|part| {
                            let part = error::part(response, part);
                            self.saved(collection, error::success(&part)?)
                        });
                    if let Err(failure) = saved {
                        self.unwritten(collection.writes.iter().map(|(place, _)| *place), &failure);
                    }
                }
                Ok(())
            }
        }
    }

    /// One result for each record, in order: as many as were sent, or the answer proves nothing.
    fn saved(&mut self, collection: &Collection, response: &Response) -> Result<(), Failure> {
        let results = answer::list(NAME, response, SaveResult::read)?;
        if results.len() != collection.writes.len() {
            let what = format!(
                "answered {} results for {} records",
                results.len(),
                collection.writes.len()
            );
            return Err(unexpected(NAME, response, &what));
        }
        for ((place, _), result) in collection.writes.iter().zip(&results) {
            match error::saved(response, result) {
                Ok(()) => self.links.settle(*place, Outcome::Linked, None),
                Err(failure) => self.unwritten([*place], &failure),
            }
        }
        Ok(())
    }

    /// A write failed: it is looked for again, or it did not happen. A duplicate may be that of another field, so it is
    /// looked for too.
    fn unwritten(&mut self, places: impl IntoIterator<Item = usize>, failure: &Failure) {
        for place in places {
            if failure.is_already_there() {
                self.duplicates.push((place, failure.clone()));
                self.to_read.push(place);
            } else if failure.is_unclear() {
                self.to_read.push(place);
            } else {
                self.links
                    .settle(place, Outcome::NotLinked, Some(failure.into()));
            }
        }
    }

    /// A look failed: nothing was written after it, and what an earlier write did stays unknown.
    fn unseen(&mut self, place: usize, failure: &Failure) {
        let outcome = match self.written(place) {
            0 => Outcome::NotLinked,
            _ => Outcome::Unknown,
        };
        let duplicate = self.duplicate(place);
        let reason = Report::from(duplicate.as_ref().unwrap_or(failure));
        self.links.settle(place, outcome, Some(reason));
    }

    fn written(&self, place: usize) -> u8 {
        self.writes.get(place).copied().unwrap_or_default()
    }

    fn failed(&mut self, job: &Job, failure: &Failure) {
        match job {
            Job::Read(queries) => {
                for place in queries.iter().flat_map(|query| &query.places) {
                    self.unseen(*place, failure);
                }
            }
            Job::Plain(place, _) => self.unwritten([*place], failure),
            Job::Collections(collections, _) => {
                let places: Vec<_> = collections
                    .iter()
                    .flat_map(|collection| collection.writes.iter().map(|(place, _)| *place))
                    .collect();
                self.unwritten(places, failure);
            }
        }
    }

    fn next_job(&mut self) -> Option<Job> {
        if !self.to_write.is_empty() {
            let writes = std::mem::take(&mut self.to_write);
            let mut jobs = jobs(writes);
            let first = jobs.pop_front();
            // The rest waits for its turn: two calls at once may lock each other's rows.
            for job in jobs {
                if let Job::Collections(collections, _) = job {
                    self.to_write.extend(
                        collections
                            .into_iter()
                            .flat_map(|collection| collection.writes),
                    );
                }
            }
            return first;
        }
        let places = std::mem::take(&mut self.to_read);
        let mut queries = queries(&self.links, &places);
        let later = queries.split_off(queries.len().min(MOST_QUERIES));
        self.to_read
            .extend(later.into_iter().flat_map(|query| query.places));
        (!queries.is_empty()).then_some(Job::Read(queries))
    }
}

impl Script for Associate<'_> {
    fn plan(&self) -> Plan {
        let record = self.links.entity_id.as_str();
        let open: Vec<_> = self.links.open().map(|(place, _)| place).collect();
        let queries = queries(&self.links, &open);
        let reads: Vec<_> = queries
            .chunks(MOST_QUERIES)
            .filter_map(|queries| self.calls.read(&self.links, queries).ok())
            .collect();
        let mut writes = Vec::new();
        for queries in queries.chunks(MOST_QUERIES) {
            let dearest = queries.iter().flat_map(|query| {
                query.places.iter().filter_map(|place| {
                    let write = query
                        .kind
                        .dearest(record, &self.links.link(*place)?.target)?;
                    Some((*place, write))
                })
            });
            let jobs = jobs(dearest.collect());
            writes.extend(
                jobs.iter()
                    .filter_map(|job| Some(self.calls.request(&self.links, job).ok()?.0)),
            );
        }
        Plan {
            operation: self.links.verb.operation(),
            vendor: NAME,
            calls: plan::Calls {
                min: reads.len(),
                max: reads.len() + writes.len(),
            },
            steps: vec![
                Step {
                    purpose: "read which of the links are there, and what is in their way",
                    requests: reads,
                    depends_on: None,
                },
                Step {
                    purpose: "write those that are missing",
                    requests: writes,
                    depends_on: Some(
                        "the rows that the first step finds: these requests are those of none found",
                    ),
                },
            ],
            fields: self.links.ledger(treatment),
            strategies: Vec::new(),
            refused: self.links.refused(),
            warnings: Vec::new(),
        }
    }

    fn next(&mut self) -> Option<Call> {
        if self.busy.is_some() {
            return None;
        }
        let job = self.next_job()?;
        match self.calls.request(&self.links, &job) {
            Ok((request, repeat)) => {
                self.count(&job);
                self.busy = Some(job);
                Some(Call {
                    tag: 0,
                    request,
                    repeat,
                    check: |response| error::success(response).map(|_| ()),
                })
            }
            Err(refusal) => {
                let failure = Failure::unanswered(
                    NAME,
                    Code::Internal,
                    crate::error::Sent::No,
                    format!("the next request could not be built: {refusal}"),
                );
                self.failed(&job, &failure);
                self.next()
            }
        }
    }

    fn answered(&mut self, _tag: usize, answer: Result<&Response, Failure>) -> Result<(), Failure> {
        let Some(job) = self.busy.take() else {
            return Ok(());
        };
        match answer {
            Ok(response) => {
                if !matches!(job, Job::Read(_)) {
                    self.answers
                        .extend(RawValue::from_string(response.body.clone()).ok());
                }
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
}

impl Associate<'_> {
    /// Notes that the writes of a job are about to be sent.
    fn count(&mut self, job: &Job) {
        let mut count = |place: usize| {
            if let Some(writes) = self.writes.get_mut(place) {
                *writes += 1;
            }
        };
        match job {
            Job::Read(_) => {}
            Job::Plain(place, _) => count(*place),
            Job::Collections(collections, _) => collections
                .iter()
                .flat_map(|collection| &collection.writes)
                .for_each(|(place, _)| count(*place)),
        }
    }
}

/// Refuses targets whose fields contradict each other, a second primary of one opportunity, and a second parent.
///
/// # Errors
/// The first refusal, when no link is left.
fn refuse_contradictions(links: &mut Links<'_>) -> Result<(), Refusal> {
    let mut refusals = Vec::new();
    let mut has_one = false;
    for (place, link) in links.open() {
        if let Some((field, mut refusal)) = links::check(links.kind.entity, link.to, &link.target) {
            refusal.path = links.path(link, field);
            refusals.push((place, refusal));
        } else if let Some((field, message)) = links::only(links.kind.entity, link.to, &link.target)
        {
            if has_one {
                let refusal =
                    Refusal::unsupported(Reason::Cardinality, links.path(link, field), message);
                refusals.push((place, refusal));
            }
            has_one = true;
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

/// The rows of one query.
fn rows(kind: Kind, response: &Response) -> Result<Vec<Value>, Failure> {
    let answer = match error::success(response) {
        Ok(response) => answer::value(NAME, response)?,
        Err(mut failure) => {
            if failure.code == Code::Unsupported && kind == Kind::ContactRelation {
                failure.message.push_str(
                    ": switch on contacts of several accounts in the org's account settings, or ask with `primary: true`",
                );
            }
            return Err(failure);
        }
    };
    match answer.get("records").and_then(Value::as_array) {
        Some(rows) if answer.get("done") != Some(&Value::Bool(false)) => Ok(rows.clone()),
        _ => Err(unexpected(
            NAME,
            response,
            "answered a query without all of its records",
        )),
    }
}

fn treatment(field: &str) -> Treatment {
    match field {
        "entity" => Treatment::Coerced("the object that holds the link"),
        "entity_id" => Treatment::Renamed("OpportunityId, AccountId or ParentId"),
        "id" => Treatment::Renamed("ContactId, AccountId or ParentId"),
        "role" => Treatment::Renamed("Role, Roles or which account is the parent"),
        "primary" => Treatment::Renamed("IsPrimary or Contact.AccountId"),
        "replace" => Treatment::Coerced("whether another link is overwritten"),
        "remote_data" => Treatment::PassedThrough("the fields of each written record"),
        "remote_query" => Treatment::PassedThrough("query"),
        _ => Treatment::Ignored("it says what is so anyway"),
    }
}
