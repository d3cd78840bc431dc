//! What the answers to the writes say of each link, counted against what was asked.

use super::Associate;
use super::write::{Job, Write};
use crate::answer;
use crate::endpoint::unexpected;
use crate::error::{Code, Doubt, Failure, Report, Sent};
use crate::http::Response;
use crate::unified::links::Inverse;
use crate::unified::receipt::Outcome;
use crate::vendors::salesforce::composite::send::Sent as Answers;
use crate::vendors::salesforce::sobjects::SaveResult;
use crate::vendors::salesforce::ways::Way;
use crate::vendors::salesforce::{NAME, error};

/// How to find out about a link that is in doubt.
const RUN_AGAIN: Doubt = Doubt::run_again("; run the same call again: it looks first");

impl<'a> Associate<'a> {
    pub(super) fn wrote(&mut self, job: &Job, response: &Response) -> Result<(), Failure> {
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
    pub(super) fn unseen(&mut self, place: usize, failure: &Failure) {
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

    pub(super) fn failed(&mut self, job: &Job, failure: &Failure) {
        for place in job.places() {
            self.answered_one(place, Err(failure.clone()));
        }
    }

    /// A link's writes have all succeeded.
    pub(super) fn done(&mut self, place: usize) {
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
    pub(super) fn not_done(&mut self, place: usize, reason: Report) {
        let outcome = self.links.not_done(place);
        self.links.settle(place, outcome, Some(reason));
        self.barred = true;
        self.settled(place, false);
    }

    /// It cannot be told what became of a link.
    pub(super) fn unknown(&mut self, place: usize, reason: Report) {
        self.links.settle_unknown(place, reason.clone(), RUN_AGAIN);
        self.barred = true;
        // Nor what became of those whose place it was to take.
        let waiting = std::mem::take(&mut self.after);
        for (extra, asked) in waiting {
            if asked == place {
                self.links.settle_unknown(extra, reason.clone(), RUN_AGAIN);
            } else {
                self.after.push((extra, asked));
            }
        }
    }

    /// A link was settled: those that waited for it go now, or stay.
    pub(super) fn settled(&mut self, place: usize, good: bool) {
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

/// A reason found before the link was written.
pub(in crate::vendors::salesforce) fn report(code: Code, message: String) -> Report {
    Report::from(&Failure::unanswered(NAME, code, Sent::No, message))
}
