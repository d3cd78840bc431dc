//! The state machine that carries an operation out, for any driver.
//!
//! **The contract: call [`Flow::poll`] until it says `Done`. Send what it says to send, wait as long as it says to wait,
//! and hand every answer to [`Flow::answered`] or every loss to [`Flow::lost`], exactly once each, in any order.**
//!
//! It has no clock: the time is an argument, in milliseconds from any fixed point.

use std::collections::VecDeque;
use std::fmt;

use crate::auth;
use crate::endpoint::Options;
use crate::error::{Code, Error, Failure, Report, Sent};
use crate::http::{Request, Response};
use crate::retry::{self, Decision, Policy};
use crate::script::{Call, Script};
use crate::secret::Secret;
use crate::unified::input::Input;
use crate::unified::operation::Operation;
use crate::unified::plan::Plan;
use crate::unified::receipt::{LinkReceipt, Receipt};
use crate::vendors::{self, Vendor};

/// A time or a span, in milliseconds.
pub type Millis = u64;

/// How many requests may be on their way at once. A Worker holds six connections.
pub const AT_ONCE: usize = 6;

/// An operation under way.
pub struct Flow<'a> {
    vendor: Vendor,
    script: Box<dyn Script + 'a>,
    token: Option<Secret>,
    policy: Policy,
    entropy: u64,
    last_id: u32,
    sent: Vec<(u32, Attempt)>,
    delayed: VecDeque<(Millis, Attempt)>,
    aborted: bool,
}

struct Attempt {
    call: Call,
    number: u32,
    /// Whether an earlier one may have been carried out: a later refusal does not undo it.
    doubt: bool,
}

/// What the driver is to do next.
#[derive(Debug)]
pub enum Todo {
    /// Send this request and hand its answer back under this number.
    Send(u32, Request),
    /// Nothing to do for so long, unless an answer arrives before.
    Wait(Millis),
    /// Nothing to do until an answer arrives.
    Await,
    /// The operation is over: take the [`Flow::receipt`].
    Done,
}

/// An operation of which nothing is as it was asked.
#[derive(Debug)]
pub struct NothingDone {
    /// What became of each part.
    pub receipt: Receipt,
    /// The reason that says most of the whole.
    pub reason: Report,
}

impl fmt::Display for NothingDone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason.message)
    }
}

impl std::error::Error for NothingDone {}

/// Why no answer came.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Loss {
    /// The request certainly never left.
    NotSent,
    /// The connection broke, before or after the request arrived.
    Broken,
    /// No answer in time.
    Timeout,
    /// The caller cancelled.
    Aborted,
}

impl<'a> Flow<'a> {
    /// Starts an operation from its input as JSON text. `entropy` is any number; it spreads the waits of many callers.
    ///
    /// # Errors
    /// A refusal of the input or the options: nothing will be sent.
    pub fn start(
        vendor: Vendor,
        operation: &str,
        input: &'a str,
        options: &Options,
        entropy: u64,
    ) -> Result<Self, Error> {
        let input = Input::read(Operation::parse(operation)?, input)?;
        let script = vendors::script(vendor, input, options)?;
        Ok(Self::of(vendor, script, options, entropy))
    }

    /// Drives a script.
    #[must_use]
    pub fn of(
        vendor: Vendor,
        script: Box<dyn Script + 'a>,
        options: &Options,
        entropy: u64,
    ) -> Self {
        Self {
            vendor,
            script,
            token: options.token.clone(),
            policy: Policy::default(),
            entropy,
            last_id: 0,
            sent: Vec::new(),
            delayed: VecDeque::new(),
            aborted: false,
        }
    }

    /// What would be sent.
    #[must_use]
    pub fn plan(&self) -> Plan {
        self.script.plan()
    }

    /// What to do next.
    pub fn poll(&mut self, now: Millis) -> Todo {
        while self.aborted {
            let waiting = self.delayed.pop_front().map(|(_, attempt)| attempt);
            let Some(attempt) = waiting.or_else(|| self.first_attempt()) else {
                break;
            };
            let sent = if attempt.doubt { Sent::Maybe } else { Sent::No };
            let failure = self.loss(Loss::Aborted, sent);
            self.give_up(attempt.call.tag, failure);
        }
        if self.sent.len() >= AT_ONCE {
            return Todo::Await;
        }
        let due = self.delayed.iter().position(|(due, _)| *due <= now);
        if let Some((_, attempt)) = due.and_then(|place| self.delayed.remove(place)) {
            return self.send(attempt);
        }
        if let Some(attempt) = self.first_attempt() {
            return self.send(attempt);
        }
        match self.delayed.iter().map(|(due, _)| *due).min() {
            Some(due) => Todo::Wait(due.saturating_sub(now)),
            None if self.sent.is_empty() => Todo::Done,
            None => Todo::Await,
        }
    }

    /// Takes an answer.
    pub fn answered(&mut self, id: u32, response: &Response, now: Millis) {
        let Some(attempt) = self.arrived(id) else {
            return;
        };
        let taken = (attempt.call.check)(response)
            .and_then(|()| self.script.answered(attempt.call.tag, Ok(response)));
        if let Err(failure) = taken {
            self.failed(attempt, failure, now);
        }
    }

    /// Takes the news that no answer will come.
    pub fn lost(&mut self, id: u32, loss: Loss, now: Millis) {
        if let Some(attempt) = self.arrived(id) {
            let sent = if loss == Loss::NotSent {
                Sent::No
            } else {
                Sent::Maybe
            };
            let failure = self.loss(loss, sent);
            self.failed(attempt, failure, now);
        }
    }

    /// What became of the links that were settled since this was last asked.
    pub fn settled(&mut self) -> Vec<LinkReceipt> {
        self.script.settled()
    }

    /// Cancels: nothing more is sent, and what is on its way is still awaited.
    pub fn abort(&mut self) {
        self.aborted = true;
    }

    /// What is now true, once [`Flow::poll`] has said `Done`.
    ///
    /// # Errors
    /// The reason, when nothing is as it was asked and for no part it is unknown: that of a part that was tried, where one
    /// was.
    pub fn receipt(&mut self) -> Result<Receipt, Box<NothingDone>> {
        let receipt = self.script.receipt();
        if receipt.stands() {
            return Ok(receipt);
        }
        match receipt.reason().cloned() {
            Some(reason) => Err(Box::new(NothingDone { receipt, reason })),
            None => Ok(receipt),
        }
    }

    fn first_attempt(&mut self) -> Option<Attempt> {
        let call = self.script.next()?;
        Some(Attempt {
            call,
            number: 1,
            doubt: false,
        })
    }

    fn send(&mut self, attempt: Attempt) -> Todo {
        self.last_id = self.last_id.wrapping_add(1);
        let mut request = attempt.call.request.clone();
        auth::bearer(&mut request, self.token.as_ref());
        self.sent.push((self.last_id, attempt));
        Todo::Send(self.last_id, request)
    }

    fn arrived(&mut self, id: u32) -> Option<Attempt> {
        let place = self.sent.iter().position(|(sent, _)| *sent == id)?;
        Some(self.sent.swap_remove(place).1)
    }

    fn failed(&mut self, attempt: Attempt, mut failure: Failure, now: Millis) {
        let Attempt {
            call,
            number,
            doubt,
        } = attempt;
        let entropy = self.entropy.wrapping_add(u64::from(self.last_id));
        match retry::decide(&self.policy, number, call.repeat, &failure, entropy) {
            Decision::After(wait) if !self.aborted => {
                let attempt = Attempt {
                    call,
                    number: number + 1,
                    doubt: doubt || failure.is_unclear(),
                };
                self.delayed.push_back((now.saturating_add(wait), attempt));
            }
            _ => {
                if doubt && !failure.is_unclear() {
                    failure.sent = Sent::Maybe;
                }
                self.give_up(call.tag, failure);
            }
        }
    }

    fn give_up(&mut self, tag: usize, failure: Failure) {
        let taken = self.script.answered(tag, Err(failure));
        debug_assert!(taken.is_ok(), "a script takes every failure");
    }

    fn loss(&self, loss: Loss, sent: Sent) -> Failure {
        let (code, message) = match loss {
            Loss::NotSent => (Code::VendorUnavailable, "the request could not be sent"),
            Loss::Broken => (
                Code::VendorUnavailable,
                "the connection broke before an answer came",
            ),
            Loss::Timeout => (Code::Timeout, "no answer came in time"),
            Loss::Aborted => (Code::Aborted, "the operation was cancelled"),
        };
        Failure::unanswered(self.vendor.as_str(), code, sent, message)
    }
}
