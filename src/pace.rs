//! What an account's vendor lets us do at present: shared by all operations on that account, so that none of them asks when
//! another was told to wait.
//!
//! It knows three things. A **quota of retries**: while a vendor is down they run out, and each operation is sent once. The
//! vendor's **windows**, read from its headers: with nothing left in one, the next request waits for its end. A **breaker**:
//! a vendor that wants more patience than [`Policy::longest`], or whose allowance of the day is used up, is not asked again
//! before its time; then one request goes first and shows whether the others may follow.
//!
//! It has no clock: the time is an argument, in milliseconds from a fixed point that is the same for all operations, and for
//! whoever keeps [`Pace::save`].

use serde_json::{Value, json};

use crate::allowance::ALLOWANCES;
use crate::error::{Code, Failure, Sent};
use crate::http::Headers;
use crate::json;
use crate::retry::Policy;

/// A time or a span, in milliseconds.
pub type Millis = u64;

/// What an account's vendor lets us do at present.
#[derive(Clone, Debug)]
pub struct Pace {
    tokens: u32,
    /// How many requests were sent: the number of each is its ticket.
    sent: u64,
    windows: [Window; ALLOWANCES.len()],
    /// The vendor asked not to be asked before.
    gate: Millis,
    shut: Option<Shut>,
}

/// One of the [`ALLOWANCES`] as it was last told. A limit of nothing: never.
#[derive(Clone, Copy, Debug, Default)]
struct Window {
    limit: u64,
    told: u64,
    /// In the answer to which request.
    ticket: u64,
    /// What is left when all that was sent since has arrived.
    left: u64,
    ends: Millis,
}

/// Why the vendor is not asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Shut {
    /// Until when.
    pub until: Millis,
    /// What the vendor had said: `quota_exhausted`, `rate_limited` or `vendor_unavailable`.
    pub code: Code,
    /// With which status.
    pub status: Option<u16>,
    /// Until when the answer to the first request after that time is awaited.
    first: Millis,
}

/// How much is left, for the headers `ratelimit-*`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// The most that there can be.
    pub limit: u64,
    /// What is left of it.
    pub remaining: u64,
    /// After how long, at most, it is the limit again.
    pub reset_ms: Millis,
}

/// The quota of retries, its price and its renewal: the figures of smithy's token bucket. With a vendor down, a thousand
/// operations come to 35 retries.
const TOKENS: u32 = 500;
const RETRY: u32 = 14;
const RETRY_OF_THROTTLED: u32 = 5;
const FIRST_SUCCESS: u32 = 1;

/// A count that rises by more than this says that a window has begun; in one that rolls it rises by little each time.
const ROLLING: u64 = 6;
/// How long to wait for the one request that goes first before looking again.
const LOOK: Millis = 1_000;

impl Default for Pace {
    fn default() -> Self {
        Self {
            tokens: TOKENS,
            sent: 0,
            windows: [Window::default(); ALLOWANCES.len()],
            gate: 0,
            shut: None,
        }
    }
}

impl Pace {
    /// Why nothing is to be sent now, where the vendor is not to be asked.
    #[must_use]
    pub fn shut(&self, now: Millis) -> Option<Shut> {
        self.shut.filter(|shut| now < shut.until)
    }

    /// How long the next request has to wait, where it has to.
    #[must_use]
    pub fn rest(&self, now: Millis, policy: &Policy) -> Option<Millis> {
        let first = self.shut.map_or(0, |shut| shut.first);
        let window = self.windows.iter().filter(|window| {
            window.limit > 0
                && window.left == 0
                && window.ends.saturating_sub(now) <= policy.longest
        });
        let until = window
            .map(|window| window.ends)
            .chain([self.gate, first.min(now.saturating_add(LOOK))])
            .max()?;
        (now < until).then(|| until - now)
    }

    /// Takes note of a request that is being sent, and answers its ticket.
    pub fn sending(&mut self, now: Millis, policy: &Policy) -> u64 {
        self.sent = self.sent.saturating_add(1);
        for window in &mut self.windows {
            window.left = window.left.saturating_sub(1);
        }
        if let Some(shut) = &mut self.shut {
            shut.first = now.saturating_add(policy.longest);
        }
        self.sent
    }

    /// Takes note of the headers of an answer to the request with this ticket. Answers overtake each other: what an earlier
    /// request was told counts only where it is less.
    pub fn heard(&mut self, headers: &Headers, ticket: u64, now: Millis) {
        if self.shut.is_some_and(|shut| shut.until <= now) {
            self.shut = None;
        }
        let since = self.sent.saturating_sub(ticket);
        for (allowance, window) in ALLOWANCES.iter().zip(&mut self.windows) {
            let Some(count) = allowance.read(headers) else {
                continue;
            };
            let left = count.left.saturating_sub(since);
            if window.limit > 0 && ticket < window.ticket {
                window.left = window.left.min(left);
                continue;
            }
            if window.limit == 0 || window.ends <= now || count.left > window.told + ROLLING {
                window.ends = now.saturating_add(count.length);
            }
            window.limit = count.limit;
            window.told = count.left;
            window.ticket = ticket;
            window.left = left;
        }
    }

    /// Takes note that nothing more will be heard of a request.
    pub const fn gone(&mut self) {
        if let Some(shut) = &mut self.shut {
            shut.first = 0;
        }
    }

    /// What a retry costs after this failure, once it is paid; `None` where the quota does not suffice.
    pub fn pay(&mut self, failure: &Failure) -> Option<u32> {
        let price = match failure.code {
            Code::RateLimited => RETRY_OF_THROTTLED,
            _ => RETRY,
        };
        self.tokens = self.tokens.checked_sub(price)?;
        Some(price)
    }

    /// Takes note of a success; `paid` is what it had cost as a retry.
    pub fn succeeded(&mut self, paid: u32) {
        let back = paid.max(FIRST_SUCCESS);
        self.tokens = self.tokens.saturating_add(back).min(TOKENS);
    }

    /// Takes note of a vendor that says when to come back.
    pub fn failed(&mut self, failure: &Failure, now: Millis, policy: &Policy) {
        let Some(wait) = failure.retry_after.filter(|_| failure.sent == Sent::Yes) else {
            return;
        };
        let until = now.saturating_add(wait);
        if wait > policy.longest || failure.code == Code::QuotaExhausted {
            let before = self.shut.map_or(0, |shut| shut.until);
            self.shut = Some(Shut {
                until: until.max(before),
                code: failure.code,
                status: failure.status,
                first: 0,
            });
        } else if failure.code == Code::RateLimited || failure.status == Some(503) {
            self.gate = self.gate.max(until);
        }
    }

    /// How much is left of what is scarcest; `None` where the vendor has not said.
    #[must_use]
    pub fn limits(&self, now: Millis) -> Option<Limits> {
        let known = self.windows.iter().filter(|window| now < window.ends);
        let scarcest = known.min_by_key(|window| window.left);
        let limit = scarcest.map_or(0, |window| window.limit);
        if let Some(shut) = self.shut(now) {
            return Some(Limits {
                limit,
                remaining: 0,
                reset_ms: shut.until - now,
            });
        }
        scarcest.map(|window| Limits {
            limit,
            remaining: window.left,
            reset_ms: window.ends - now,
        })
    }

    /// What outlives a restart, as JSON text: the breaker.
    #[must_use]
    pub fn save(&self) -> String {
        let shut = self.shut.map(|shut| {
            json!({ "until": shut.until, "code": shut.code.as_str(), "status": shut.status })
        });
        shut.unwrap_or_else(|| json!({})).to_string()
    }

    /// Takes up what was saved; a text that is none says nothing.
    pub fn load(&mut self, text: &str) {
        let saved: Value = json::value(text).unwrap_or_default();
        let codes = [
            Code::QuotaExhausted,
            Code::RateLimited,
            Code::VendorUnavailable,
        ];
        let code = saved.get("code").and_then(Value::as_str);
        let code = codes.into_iter().find(|known| Some(known.as_str()) == code);
        let until = saved.get("until").and_then(Value::as_u64);
        let status = saved.get("status").and_then(Value::as_u64);
        self.shut = until.zip(code).map(|(until, code)| Shut {
            until,
            code,
            status: status.and_then(|status| u16::try_from(status).ok()),
            first: 0,
        });
    }
}

#[cfg(test)]
mod tests;
