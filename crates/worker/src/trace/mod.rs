//! What operators see of a request: a line of JSON for it, and one for each call to a vendor.
//!
//! **Nothing that a caller or a vendor wrote stands in a line, by construction**: a line (`line`) has fields for words of ours, for
//! numbers, and for the names that the operator gave to tenants, keys and accounts. None could hold a body, a query, the id
//! of a record or a token; a path is told by its template (`path`).
//!
//! A trace goes with the futures that work on its request ([`follow`]), so that no handler needs to pass it on.

mod line;
mod parent;
mod path;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crmlink::error::Code;
use crmlink::flow::{Loss, Then};
use crmlink::http::Request;
use crmlink::pace::Limits;
use crmlink::unified::receipt::Receipt;
use crmlink::vendors::Vendor;

pub(crate) use self::line::Level;
use self::line::{CallLine, RequestLine};
use self::parent::Parent;
use crate::access::Permit;
use crate::answer::Answer;
use crate::drive::{entropy, now};
use crate::incoming::Incoming;

/// What is known of a request under way.
pub(crate) struct Trace {
    parent: Parent,
    level: Level,
    began: u64,
    method: &'static str,
    route: &'static str,
    who: RefCell<Who>,
    calls: Cell<u32>,
    spent: Cell<u64>,
    outcomes: RefCell<BTreeMap<String, usize>>,
}

/// Who asks, and on which account: names that the operator gave.
#[derive(Clone, Default)]
struct Who {
    tenant: Option<String>,
    caller: Option<String>,
    account: Option<String>,
    vendor: Option<&'static str>,
}

/// A call to a vendor under way.
pub(crate) struct Call {
    trace: Option<Rc<Trace>>,
    vendor: Option<&'static str>,
    method: &'static str,
    path: String,
    attempt: u32,
    began: u64,
}

thread_local! {
    /// The trace of the future that is being polled.
    static CURRENT: RefCell<Option<Rc<Trace>>> = const { RefCell::new(None) };
}

impl Trace {
    /// Begins with a request; `route` is the template of its path.
    pub(crate) fn begin(incoming: &Incoming, route: &'static str, level: Level) -> Rc<Self> {
        let parent = incoming.header(TRACEPARENT);
        let parent = parent.as_deref().and_then(Parent::parse);
        Self::of(parent, line::verb(incoming.method()), route, level)
    }

    /// Begins with an object's alarm, which nobody has asked for.
    pub(crate) fn alarm(account: &str, level: Level) -> Rc<Self> {
        let trace = Self::of(None, "", "", level);
        trace.who.borrow_mut().account = Some(account.to_owned());
        trace
    }

    fn of(
        parent: Option<Parent>,
        method: &'static str,
        route: &'static str,
        level: Level,
    ) -> Rc<Self> {
        Rc::new(Self {
            parent: parent.unwrap_or_else(|| Parent::new(entropy)),
            level,
            began: now(),
            method,
            route,
            who: RefCell::default(),
            calls: Cell::new(0),
            spent: Cell::new(0),
            outcomes: RefCell::default(),
        })
    }

    /// The caller was found out.
    pub(crate) fn caller(&self, permit: &Permit) {
        let mut who = self.who.borrow_mut();
        who.tenant = Some(permit.tenant().to_owned()).filter(|name| !name.is_empty());
        who.caller = Some(permit.caller().to_owned()).filter(|name| !name.is_empty());
    }

    /// It is about this vendor, and about this account where there is one.
    pub(crate) fn about(&self, vendor: Vendor, account: Option<&str>) {
        let mut who = self.who.borrow_mut();
        who.vendor = Some(vendor.as_str());
        who.account = account.map(str::to_owned);
    }

    /// An operation has come to its end.
    pub(crate) fn became(&self, receipt: &Receipt) {
        *self.outcomes.borrow_mut() = receipt.outcomes();
    }

    /// How many calls to the vendor it came to.
    pub(crate) fn calls(&self) -> u32 {
        self.calls.get()
    }

    /// What became of the parts of the operation.
    pub(crate) fn outcomes(&self) -> BTreeMap<String, usize> {
        self.outcomes.borrow().clone()
    }

    /// The request has been answered: writes its line, and what the answer's headers tell of it.
    pub(crate) fn end(&self, mut answer: Answer, limits: Option<Limits>) -> Answer {
        let took = now().saturating_sub(self.began);
        let (calls, spent) = (self.calls.get(), self.spent.get());
        let timing = format!("vendor;dur={spent};desc=\"{calls} calls\", total;dur={took}");
        answer = answer
            .with("server-timing", timing)
            .with(TRACEPARENT, self.parent.header());
        if let Some(limits) = limits {
            answer = answer
                .with("ratelimit-limit", limits.limit.to_string())
                .with("ratelimit-remaining", limits.remaining.to_string())
                .with(
                    "ratelimit-reset",
                    limits.reset_ms.div_ceil(1_000).to_string(),
                );
        }
        let replayed = answer.has("idempotent-replayed");
        self.say("request", answer.status, answer.code, replayed);
        answer.told = true;
        answer
    }

    /// An answer in lines has come to its end: its last line has this status.
    pub(crate) fn lines_end(&self, status: u16, code: Option<Code>) {
        self.say("lines_end", status, code, false);
    }

    fn say(&self, event: &'static str, status: u16, code: Option<Code>, replayed: bool) {
        if !self.level.tells_requests(status >= 400) {
            return;
        }
        let who = self.who.borrow();
        line::say(&RequestLine {
            event,
            time: line::time(),
            trace: self.parent.trace(),
            method: self.method,
            route: self.route,
            status,
            code,
            tenant: who.tenant.as_deref(),
            caller: who.caller.as_deref(),
            vendor: who.vendor,
            account: who.account.as_deref(),
            calls: self.calls.get(),
            vendor_ms: self.spent.get(),
            ms: now().saturating_sub(self.began),
            outcomes: self.outcomes(),
            replayed,
        });
    }

    /// The header by which the next one down the line knows the trace.
    pub(crate) fn header(&self) -> String {
        self.parent.child(entropy)
    }
}

/// A call to a vendor begins: the `attempt`-th of its request. Token calls are of no vendor's endpoint.
pub(crate) fn call(vendor: Option<Vendor>, request: &Request, attempt: u32) -> Call {
    Call {
        trace: current(),
        vendor: vendor.map(Vendor::as_str),
        method: request.method.as_str(),
        path: path::template(vendor, &request.url),
        attempt,
        began: now(),
    }
}

impl Call {
    /// It has ended: with the status of an answer or without one, and with what comes of it.
    pub(crate) fn ended(self, end: Result<u16, Loss>, then: Then) {
        let Some(trace) = &self.trace else {
            return;
        };
        let took = now().saturating_sub(self.began);
        trace.calls.set(trace.calls.get() + 1);
        trace.spent.set(trace.spent.get() + took);
        if !trace.level.tells_calls(!matches!(end, Ok(200..=399))) {
            return;
        }
        let who = trace.who.borrow();
        line::say(&CallLine {
            event: "vendor_call",
            time: line::time(),
            trace: trace.parent.trace(),
            vendor: self.vendor.or(who.vendor),
            account: who.account.as_deref(),
            method: self.method,
            path: &self.path,
            attempt: self.attempt,
            status: end.ok(),
            lost: end.err().map(line::lost),
            then: line::then(then),
            retry_in_ms: match then {
                Then::Again(wait) => Some(wait),
                _ => None,
            },
            ms: took,
        });
    }
}

/// A future that works on the request of a trace.
pub(crate) struct Follow<F> {
    trace: Option<Rc<Trace>>,
    work: Pin<Box<F>>,
}

/// Has a future work on the request of a trace.
pub(crate) fn follow<F: Future>(trace: Option<Rc<Trace>>, work: F) -> Follow<F> {
    let work = Box::pin(work);
    Follow { trace, work }
}

/// The trace of the request that is being worked on.
pub(crate) fn current() -> Option<Rc<Trace>> {
    CURRENT.with_borrow(Clone::clone)
}

/// Tells the trace of the request that is being worked on.
pub(crate) fn note(what: impl FnOnce(&Trace)) {
    if let Some(trace) = current() {
        what(&trace);
    }
}

impl<F: Future> Future for Follow<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let before = CURRENT.replace(self.trace.clone());
        let polled = self.work.as_mut().poll(context);
        CURRENT.set(before);
        polled
    }
}

/// The header of W3C's Trace Context.
pub(crate) const TRACEPARENT: &str = "traceparent";
