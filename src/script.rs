//! What an operation does at one vendor, step by step, without sending anything itself.

use std::collections::VecDeque;

use crate::endpoint::Repeat;
use crate::error::{Failure, Refusal};
use crate::http::{Request, Response};
use crate::unified::plan::Plan;
use crate::unified::receipt::{LinkReceipt, Receipt};

/// One operation at one vendor. [`crate::flow::Flow`] drives it: it sends, waits and repeats, the script decides what.
pub trait Script {
    /// What would be sent, its price, and what becomes of each field. It changes nothing.
    fn plan(&self) -> Plan;

    /// The next request that can be sent now. `None`: an answer is needed first, or nothing is left to do.
    fn next(&mut self) -> Option<Call>;

    /// Takes what became of the call with this tag.
    ///
    /// # Errors
    /// A success that cannot be read, a truncated body for instance. Nothing of it was noted: the same call may be made
    /// again, and what becomes of it in the end comes here. A failure is always taken.
    fn answered(&mut self, tag: usize, answer: Result<&Response, Failure>) -> Result<(), Failure>;

    /// What is now true; called when nothing is left to send and nothing is outstanding.
    fn receipt(&mut self) -> Receipt;

    /// What became of the links that were settled since this was last asked.
    fn settled(&mut self) -> Vec<LinkReceipt> {
        Vec::new()
    }
}

/// A request that a script wants sent.
#[derive(Debug)]
pub struct Call {
    /// The script's own name for it.
    pub tag: usize,
    /// What to send. The token is added by whoever drives.
    pub request: Request,
    /// What sending it twice does.
    pub repeat: Repeat,
    /// Tells a success from a failure; what a success says is the script's to read.
    pub check: fn(&Response) -> Result<(), Failure>,
}

/// The jobs of a script: those that wait, and those that are on their way, each under the tag of its call.
#[derive(Debug)]
pub struct Jobs<J> {
    waiting: VecDeque<J>,
    sent: Vec<(usize, J)>,
    last: usize,
}

impl<J> Default for Jobs<J> {
    fn default() -> Self {
        Self {
            waiting: VecDeque::new(),
            sent: Vec::new(),
            last: 0,
        }
    }
}

impl<J> Jobs<J> {
    /// Puts a job behind those that wait.
    pub fn push(&mut self, job: J) {
        self.waiting.push_back(job);
    }

    /// Puts a job before those that wait: the next page of a list, for instance.
    pub fn push_first(&mut self, job: J) {
        self.waiting.push_front(job);
    }

    /// Whether nothing waits and nothing is on its way: what was asked so far is known.
    #[must_use]
    pub fn are_done(&self) -> bool {
        self.waiting.is_empty() && self.sent.is_empty()
    }

    /// The next job's call. A job whose request cannot be built is given back with the refusal.
    ///
    /// # Errors
    /// The job and why it cannot be built.
    pub fn next(
        &mut self,
        build: impl FnOnce(&J) -> Result<(Request, Repeat), Refusal>,
        check: fn(&Response) -> Result<(), Failure>,
    ) -> Option<Result<Call, (J, Refusal)>> {
        let job = self.waiting.pop_front()?;
        Some(match build(&job) {
            Ok((request, repeat)) => {
                self.last += 1;
                self.sent.push((self.last, job));
                Ok(Call {
                    tag: self.last,
                    request,
                    repeat,
                    check,
                })
            }
            Err(refusal) => Err((job, refusal)),
        })
    }

    /// The job of a call that was answered. Whoever cannot read the answer puts it back with [`Jobs::put_back`].
    pub fn take(&mut self, tag: usize) -> Option<J> {
        let place = self.sent.iter().position(|(known, _)| *known == tag)?;
        Some(self.sent.swap_remove(place).1)
    }

    /// Puts a job back that is to be answered again under the same tag.
    pub fn put_back(&mut self, tag: usize, job: J) {
        self.sent.push((tag, job));
    }
}
