//! The state machine that carries an operation out, for any driver.
//!
//! **The contract: call [`Flow::poll`] until it says `Done`. Send what it says to send, and give up what is not there, body and
//! all, within the time that it says; wait as long as it says to wait; and hand every answer to [`Flow::answered`] or every
//! loss to [`Flow::lost`], exactly once each, in any order. Where it says `Renew` (only to who said [`Flow::renewable`]), get
//! a new token and hand it to [`Flow::renewed`]. All operations on one account share one [`Pace`].**
//!
//! ```text
//! poll(now, &mut pace) -> Send(id, request, patience) | Renew | Wait(ms) | Await | Done
//! answered(id, &response, now, &mut pace)      lost(id, loss, now, &mut pace)      renewed(Ok(Renewed) | Err(report))
//! ```
//!
//! It has no clock: the time is an argument, in milliseconds from any fixed point, the same for all who share a pace.

use std::collections::VecDeque;
use std::fmt;

use crate::auth;
use crate::endpoint::{self, Options};
use crate::error::{Code, Error, Failure, Report, Sent};
use crate::http::{Request, Response};
use crate::pace::Pace;
use crate::retry::{self, Decision, Policy};
use crate::script::{Call, Script};
use crate::secret::Secret;
use crate::unified::input::Input;
use crate::unified::operation::Operation;
use crate::unified::plan::Plan;
use crate::unified::receipt::{LinkReceipt, Receipt};
use crate::vendors::{self, Vendor};

pub use crate::pace::Millis;

/// How many requests may be on their way at once. A Worker holds six connections.
pub const AT_ONCE: usize = 6;

/// How long one answer may take, unless the driver says otherwise.
pub const PATIENCE: Millis = 30_000;

/// An operation under way.
pub struct Flow<'a> {
    vendor: Vendor,
    script: Box<dyn Script + 'a>,
    token: Option<Secret>,
    /// The one that was renewed: what was sent with it may still be answered.
    worn: Option<Secret>,
    /// The origin that the requests are built for, and the one that came with the new token.
    origin: Option<String>,
    moved: Option<String>,
    policy: Policy,
    entropy: u64,
    last_id: u32,
    sent: Vec<(u32, Attempt)>,
    delayed: VecDeque<(Millis, Attempt)>,
    aborted: bool,
    until: Millis,
    most: u32,
    patience: Millis,
    renewal: Renewal,
}

struct Attempt {
    call: Call,
    number: u32,
    /// Whether an earlier one may have been carried out: a later refusal does not undo it.
    doubt: bool,
    /// What it cost as a retry.
    paid: u32,
    /// Whether it was sent with a renewed token.
    renewed: bool,
    /// What its pace knows it by.
    ticket: u64,
}

/// How the token can be renewed, and how that went.
enum Renewal {
    /// It cannot.
    Unable,
    Able,
    /// Somebody has to be asked: the vendor refused the token with this.
    Wanted(Failure),
    Asked(Failure),
    Done,
    /// There is no good token.
    Failed(Failure),
}

/// When an attempt is due that waits for a token.
const ONCE_RENEWED: Millis = Millis::MAX;

/// What the driver is to do next.
#[derive(Debug)]
pub enum Todo {
    /// Send this request and hand its answer back under this number; its whole answer may take so long.
    Send(u32, Request, Millis),
    /// Get a new token, and hand it to [`Flow::renewed`]. What is on its way is awaited meanwhile. Said once at most.
    Renew,
    /// Nothing to do for so long, unless an answer arrives before.
    Wait(Millis),
    /// Nothing to do until an answer or the token arrives.
    Await,
    /// The operation is over: take the [`Flow::receipt`].
    Done,
}

/// What comes of a request that was answered or lost, for those who look on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Then {
    /// It was what was wanted, or nobody waited for it.
    Taken,
    /// It is sent again after so long.
    Again(Millis),
    /// It is sent again with a new token.
    Renewed,
    /// It failed for good.
    GivenUp,
}

/// A new token.
#[derive(Clone)]
pub struct Renewed {
    /// The token.
    pub token: Secret,
    /// The origin of the account from now on, where it has one of its own: Salesforce names it with each token.
    pub origin: Option<String>,
}

impl From<Secret> for Renewed {
    fn from(token: Secret) -> Self {
        let origin = None;
        Self { token, origin }
    }
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
    /// An answer came that is larger than the driver reads.
    TooLarge,
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
            worn: None,
            origin: options.origin.clone(),
            moved: None,
            policy: Policy::default(),
            entropy,
            last_id: 0,
            sent: Vec::new(),
            delayed: VecDeque::new(),
            aborted: false,
            until: Millis::MAX,
            most: u32::MAX,
            patience: PATIENCE,
            renewal: Renewal::Unable,
        }
    }

    /// Sets the time by which it ends: nothing is sent, waited for or awaited beyond. What is not done by then ends as
    /// `timeout`.
    pub const fn until(&mut self, deadline: Millis) {
        self.until = deadline;
    }

    /// Sets how many requests it may send in all. What is not done with them ends as `too_large`.
    pub const fn at_most(&mut self, requests: u32) {
        self.most = requests;
    }

    /// Sets how long one answer may take; [`PATIENCE`] where it is not said.
    pub const fn patience(&mut self, patience: Millis) {
        self.patience = patience;
    }

    /// Says that the driver can get a new token, once.
    pub fn renewable(&mut self) {
        self.renewal = Renewal::Able;
    }

    /// At whom it is carried out.
    #[must_use]
    pub const fn vendor(&self) -> Vendor {
        self.vendor
    }

    /// What would be sent.
    #[must_use]
    pub fn plan(&self) -> Plan {
        self.script.plan()
    }

    /// What to do next.
    pub fn poll(&mut self, now: Millis, pace: &mut Pace) -> Todo {
        if let Some(failure) = self.end(now, pace) {
            self.end_with(&failure);
        }
        if let Renewal::Wanted(failure) = &self.renewal
            && self.lacks_token()
        {
            self.renewal = Renewal::Asked(failure.clone());
            return Todo::Renew;
        }
        if self.sent.len() >= AT_ONCE {
            return Todo::Await;
        }
        if self.lacks_token() {
            return match self.left(now) {
                Millis::MAX => Todo::Await,
                left => Todo::Wait(left),
            };
        }
        if let Some(rest) = pace.rest(now, &self.policy) {
            return self.rest(now, rest);
        }
        let due = self.delayed.iter().position(|(due, _)| *due <= now);
        let due = due.and_then(|place| self.delayed.remove(place));
        let due = due.map(|(_, attempt)| attempt);
        match due.or_else(|| self.first_attempt()) {
            Some(attempt) => self.send(attempt, now, pace),
            None => self.idle(now),
        }
    }

    /// Which attempt of its request this one is, from 1 on, while it is on its way.
    #[must_use]
    pub fn attempt(&self, id: u32) -> u32 {
        let sent = self.sent.iter().find(|(sent, _)| *sent == id);
        sent.map_or(1, |(_, attempt)| attempt.number)
    }

    /// Takes an answer.
    pub fn answered(&mut self, id: u32, response: &Response, now: Millis, pace: &mut Pace) -> Then {
        let Some(attempt) = self.arrived(id) else {
            return Then::Taken;
        };
        let tokens: Vec<_> = self.token.iter().chain(&self.worn).collect();
        let response = auth::without(&tokens, response);
        pace.heard(&response.headers, attempt.ticket, now);
        let taken = (attempt.call.check)(&response)
            .and_then(|()| self.script.answered(attempt.call.tag, Ok(&response)));
        match taken {
            Ok(()) => {
                pace.succeeded(attempt.paid);
                Then::Taken
            }
            Err(failure) => self.failed(attempt, failure, now, pace),
        }
    }

    /// Takes the news that no answer will come.
    pub fn lost(&mut self, id: u32, loss: Loss, now: Millis, pace: &mut Pace) -> Then {
        let Some(attempt) = self.arrived(id) else {
            return Then::Taken;
        };
        pace.gone();
        let sent = match loss {
            Loss::NotSent => Sent::No,
            Loss::TooLarge => Sent::Yes,
            _ => Sent::Maybe,
        };
        let failure = self.loss(loss, sent);
        self.failed(attempt, failure, now, pace)
    }

    /// Takes the new token, or why there is none: then nothing more is sent. An origin that comes with it is that of all
    /// further requests, if the options could name it too.
    pub fn renewed(&mut self, renewed: Result<Renewed, Report>) {
        let Renewal::Asked(refused) = &self.renewal else {
            return;
        };
        let checked = renewed.and_then(|renewed| {
            let fault = renewed.origin.as_deref().map(endpoint::check_origin);
            match fault {
                Some(Err(refusal)) => Err(Report::from(&refusal)),
                _ => Ok(renewed),
            }
        });
        match checked {
            Ok(Renewed { token, origin }) => {
                self.worn = self.token.replace(token);
                self.moved = origin;
                self.renewal = Renewal::Done;
                for (due, _) in &mut self.delayed {
                    if *due == ONCE_RENEWED {
                        *due = 0;
                    }
                }
            }
            Err(report) => {
                let message = "; the token could not be renewed: ";
                let failure = Failure {
                    message: [&refused.message, message, &report.message].concat(),
                    reason: report.reason,
                    retryable: report.retryable,
                    retry_after: report.retry_after,
                    ..refused.clone()
                };
                let (waited, rest) = std::mem::take(&mut self.delayed)
                    .into_iter()
                    .partition::<VecDeque<_>, _>(|(due, _)| *due == ONCE_RENEWED);
                self.delayed = rest;
                for (_, attempt) in waited {
                    self.give_up(&attempt, failure.clone());
                }
                self.renewal = Renewal::Failed(failure);
            }
        }
    }

    /// Takes leave of what is on its way: for a driver that goes away before the end.
    pub fn forsake(&mut self, pace: &mut Pace) {
        self.sent.clear();
        pace.gone();
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

    /// Why nothing more is to be sent.
    fn end(&self, now: Millis, pace: &Pace) -> Option<Failure> {
        if self.aborted {
            return Some(self.loss(Loss::Aborted, Sent::No));
        }
        if self.left(now) == 0 {
            return Some(self.late(None));
        }
        if self.last_id >= self.most {
            let message = "the operation takes more calls to the vendor than it may make: this was not sent. Ask for what \
                           is missing again, or for less at once";
            let vendor = self.vendor.as_str();
            return Some(Failure::unanswered(
                vendor,
                Code::TooLarge,
                Sent::No,
                message,
            ));
        }
        if let Renewal::Failed(failure) = &self.renewal {
            return Some(Failure {
                status: None,
                sent: Sent::No,
                raw: None,
                ..failure.clone()
            });
        }
        let shut = pace.shut(now)?;
        let vendor = self.vendor.as_str();
        let message = [
            vendor,
            " is not asked before the time that it named: not sent",
        ]
        .concat();
        Some(Failure {
            status: shut.status,
            retryable: shut.code != Code::QuotaExhausted,
            retry_after: Some(shut.until - now),
            ..Failure::unanswered(vendor, shut.code, Sent::No, message)
        })
    }

    /// Gives up all that is not on its way.
    fn end_with(&mut self, failure: &Failure) {
        loop {
            let waiting = self.delayed.pop_front().map(|(_, attempt)| attempt);
            let Some(attempt) = waiting.or_else(|| self.first_attempt()) else {
                break;
            };
            self.give_up(&attempt, failure.clone());
        }
    }

    /// What to do while nothing may be sent.
    fn rest(&mut self, now: Millis, rest: Millis) -> Todo {
        if self.delayed.is_empty()
            && let Some(first) = self.first_attempt()
        {
            self.delayed.push_back((now, first));
        }
        let Some(due) = self.delayed.iter().map(|(due, _)| *due).min() else {
            return self.idle(now);
        };
        let left = self.left(now);
        if rest >= left {
            self.end_with(&self.late(Some(rest)));
            return self.idle(now);
        }
        // Who was told to wait knows its own time.
        let due = due.saturating_sub(now);
        let wait = if (rest..=rest + rest / 10).contains(&due) {
            due
        } else {
            (rest + retry::spread(rest, self.entropy, 0)).min(self.policy.longest.max(rest))
        };
        Todo::Wait(wait.min(left))
    }

    /// What to do when nothing can be sent.
    fn idle(&self, now: Millis) -> Todo {
        match self.delayed.iter().map(|(due, _)| *due).min() {
            Some(due) => Todo::Wait(due.saturating_sub(now)),
            None if self.sent.is_empty() => Todo::Done,
            None => Todo::Await,
        }
    }

    /// How much of its time is left; without a deadline, without end.
    const fn left(&self, now: Millis) -> Millis {
        match self.until {
            Millis::MAX => Millis::MAX,
            until => until.saturating_sub(now),
        }
    }

    fn lacks_token(&self) -> bool {
        self.delayed.iter().any(|(due, _)| *due == ONCE_RENEWED)
    }

    fn first_attempt(&mut self) -> Option<Attempt> {
        let call = self.script.next()?;
        Some(Attempt {
            call,
            number: 1,
            doubt: false,
            paid: 0,
            renewed: false,
            ticket: 0,
        })
    }

    fn send(&mut self, mut attempt: Attempt, now: Millis, pace: &mut Pace) -> Todo {
        self.last_id = self.last_id.wrapping_add(1);
        let mut request = attempt.call.request.clone();
        if let Some(url) = self.at_new_origin(&request.url) {
            request.url = url;
        }
        auth::bearer(&mut request, self.token.as_ref());
        attempt.renewed = matches!(self.renewal, Renewal::Done);
        attempt.ticket = pace.sending(now, &self.policy);
        self.sent.push((self.last_id, attempt));
        let patience = self.patience.min(self.left(now));
        Todo::Send(self.last_id, request, patience)
    }

    /// Where a request goes whose account has moved: its script has built it for the origin before.
    fn at_new_origin(&self, url: &str) -> Option<String> {
        let (old, new) = (self.origin.as_deref()?, self.moved.as_deref()?);
        let rest = url.strip_prefix(old.trim_end_matches('/'))?;
        Some([new.trim_end_matches('/'), rest].concat())
    }

    fn arrived(&mut self, id: u32) -> Option<Attempt> {
        let place = self.sent.iter().position(|(sent, _)| *sent == id)?;
        Some(self.sent.swap_remove(place).1)
    }

    fn failed(&mut self, attempt: Attempt, failure: Failure, now: Millis, pace: &mut Pace) -> Then {
        pace.failed(&failure, now, &self.policy);
        if let Some((due, paid)) = self.again(&attempt, &failure, now, pace) {
            let attempt = Attempt {
                number: attempt.number + 1,
                doubt: attempt.doubt || failure.is_unclear(),
                paid,
                ..attempt
            };
            self.delayed.push_back((due, attempt));
            match due {
                ONCE_RENEWED => Then::Renewed,
                due => Then::Again(due.saturating_sub(now)),
            }
        } else {
            self.give_up(&attempt, failure);
            Then::GivenUp
        }
    }

    /// When to send it again, and what that cost.
    fn again(
        &mut self,
        attempt: &Attempt,
        failure: &Failure,
        now: Millis,
        pace: &mut Pace,
    ) -> Option<(Millis, u32)> {
        if self.aborted || attempt.number >= self.policy.attempts {
            return None;
        }
        if failure.renewable {
            match &self.renewal {
                Renewal::Unable | Renewal::Failed(_) => {}
                Renewal::Able => {
                    self.renewal = Renewal::Wanted(failure.clone());
                    return Some((ONCE_RENEWED, 0));
                }
                Renewal::Wanted(_) | Renewal::Asked(_) => return Some((ONCE_RENEWED, 0)),
                Renewal::Done if !attempt.renewed => return Some((now, 0)),
                // Refused with the new one too.
                Renewal::Done => self.renewal = Renewal::Failed(failure.clone()),
            }
        }
        let entropy = self.entropy.wrapping_add(u64::from(self.last_id));
        let repeat = attempt.call.repeat;
        match retry::decide(&self.policy, attempt.number, repeat, failure, entropy) {
            Decision::After(wait) if wait < self.left(now) => {
                let due = now.saturating_add(wait).min(ONCE_RENEWED - 1);
                Some((due, pace.pay(failure)?))
            }
            _ => None,
        }
    }

    fn give_up(&mut self, attempt: &Attempt, mut failure: Failure) {
        if attempt.doubt && !failure.is_unclear() {
            failure.sent = Sent::Maybe;
        }
        let taken = self.script.answered(attempt.call.tag, Err(failure));
        debug_assert!(taken.is_ok(), "a script takes every failure");
    }

    /// The failure of what there was no time for.
    fn late(&self, rest: Option<Millis>) -> Failure {
        let message = match rest {
            None => "the operation's time was over before this was sent",
            Some(_) => "the vendor's window opens only when the operation's time is over",
        };
        Failure {
            retry_after: rest,
            ..Failure::unanswered(self.vendor.as_str(), Code::Timeout, Sent::No, message)
        }
    }

    fn loss(&self, loss: Loss, sent: Sent) -> Failure {
        let (code, message) = match loss {
            Loss::NotSent => (Code::VendorUnavailable, "the request could not be sent"),
            Loss::Broken => (
                Code::VendorUnavailable,
                "the connection broke before an answer came",
            ),
            Loss::Timeout => (Code::Timeout, "no answer came in time"),
            Loss::TooLarge => (
                Code::TooLarge,
                "the answer is larger than what is read: it proves nothing",
            ),
            Loss::Aborted => (Code::Aborted, "the operation was cancelled"),
        };
        Failure::unanswered(self.vendor.as_str(), code, sent, message)
    }
}
