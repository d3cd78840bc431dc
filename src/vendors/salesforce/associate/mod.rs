//! `associations.create`, `remove` and `set` at Salesforce: what is there is read first, then what is to change is written.
//!
//! 1. Composite calls read the rows, in at most five queries each: for a `set` all that the record has of the kinds asked.
//! 2. One call writes: a plain one for one record, a collection for up to 200, a composite of collections for more.
//! 3. After an unclear answer step 1 again: a row that is there now was written, one that is gone was deleted. After a
//!    refusal as a duplicate too: it may be that of another field.

mod calls;
mod decide;
mod found;
mod look;
mod plan;
mod queries;
mod refuse;
mod rows;
mod settle;
mod write;

pub(super) use self::calls::Calls;
pub(super) use self::found::found;
pub(super) use self::look::{Look, MOST_PAGES};
pub(super) use self::queries::Query;
use self::refuse::{check_all_or_none, check_remote_data, refuse_contradictions};
pub(super) use self::rows::Rows;
pub(super) use self::settle::report;
use self::write::{Job, Write, jobs, undone};
use crate::endpoint::{Options, Repeat};
use crate::error::{Code, Failure, Reason, Refusal, Sent};
use crate::http::{Request, Response};
use crate::script::{Call, Script};
use crate::sorted::SortedSet;
use crate::unified::answers::Answers;
use crate::unified::association::Association;
use crate::unified::links::{Inverse, Links};
use crate::unified::operation::Verb;
use crate::unified::plan::Plan;
use crate::unified::receipt::{LinkReceipt, Receipt};
use crate::vendors::salesforce::capability::RULES;
use crate::vendors::salesforce::composite::send::MOST_QUERIES;
use crate::vendors::salesforce::ways::Way;
use crate::vendors::salesforce::{NAME, error};

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
    answers: Answers,
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
            answers: Answers::new(options),
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

    fn state(&mut self, place: usize) -> Option<&mut State> {
        if self.state.len() <= place {
            self.state.resize_with(place + 1, State::default);
        }
        self.state.get_mut(place)
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
        self.planned()
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
                self.answers.keep(response);
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
        self.links.receipt(self.answers.take())
    }

    fn settled(&mut self) -> Vec<LinkReceipt> {
        self.links.settled()
    }
}

fn call(request: Request, repeat: Repeat) -> Call {
    Call {
        tag: 0,
        request,
        repeat,
        check: |response| error::success(response).map(|_| ()),
    }
}
