//! Whether to send again, and when: a pure function of what came back.

use crate::endpoint::Repeat;
use crate::error::{Code, Failure, Sent};
use crate::http::Headers;

/// How often and how patiently to try.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// How many times one request may be sent in all.
    pub attempts: u32,
    /// The wait before the second try, in milliseconds; it doubles with each further one.
    pub base: u64,
    /// The longest wait, in milliseconds. A vendor that asks for more is not asked again.
    pub longest: u64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            attempts: 3,
            base: 500,
            longest: 30_000,
        }
    }
}

/// What to do with a request that failed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Decision {
    /// Give up.
    Stop,
    /// Send the same request again after so many milliseconds.
    After(u64),
}

/// Decides after the `attempt`-th try (the first is 1). `entropy` is any number; it spreads the waits of many callers.
///
/// A vendor's hint wins over the computed wait. What is certain not to have written (429, a request that never left) may
/// be repeated whatever the request; an unclear answer (a 5xx, silence, a body that breaks off) only where repeating is
/// [`Repeat::Safe`].
#[must_use]
pub fn decide(
    policy: &Policy,
    attempt: u32,
    repeat: Repeat,
    failure: &Failure,
    entropy: u64,
) -> Decision {
    let untouched = failure.code == Code::RateLimited || failure.sent == Sent::No;
    let unreadable = failure.code == Code::UnexpectedResponse
        && failure
            .status
            .is_some_and(|status| (200..300).contains(&status));
    let may_pass = failure.retryable || unreadable;
    if !may_pass || attempt >= policy.attempts || (!untouched && repeat != Repeat::Safe) {
        return Decision::Stop;
    }
    match failure.retry_after {
        Some(hint) if hint > policy.longest => Decision::Stop,
        Some(hint) => Decision::After(hint),
        None => Decision::After(jitter(policy, attempt, entropy)),
    }
}

/// When the vendor asks to be tried again, in milliseconds: `retry-after` in seconds, else the window of a rate limit.
#[must_use]
pub fn hint(headers: &Headers) -> Option<u64> {
    let seconds = |name| {
        Some(
            headers
                .get(name)?
                .trim()
                .parse::<u64>()
                .ok()?
                .saturating_mul(1_000),
        )
    };
    let window = || {
        // HubSpot and LeadConnector name the length of their window; nothing says how much of it is left.
        let remaining = headers
            .get("x-hubspot-ratelimit-remaining")
            .or_else(|| headers.get("x-ratelimit-remaining"))?;
        let window = headers
            .get("x-hubspot-ratelimit-interval-milliseconds")
            .or_else(|| headers.get("x-ratelimit-interval-milliseconds"))?;
        (remaining.trim() == "0").then(|| window.trim().parse().ok())?
    };
    seconds("retry-after").or_else(window)
}

/// Whether the count that a header gives of what is left has come to nothing.
#[must_use]
pub fn is_spent(headers: &Headers, name: &str) -> bool {
    let left = headers
        .get(name)
        .and_then(|left| left.trim().parse::<i64>().ok());
    left.is_some_and(|left| left <= 0)
}

/// Full jitter: anywhere between nothing and the doubled base.
fn jitter(policy: &Policy, attempt: u32, entropy: u64) -> u64 {
    let ceiling = policy
        .base
        .saturating_mul(1 << attempt.saturating_sub(1).min(16))
        .min(policy.longest);
    // SplitMix64's last step: spreads neighbouring seeds.
    let mut mixed = entropy.wrapping_add(u64::from(attempt).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (mixed ^ (mixed >> 31)) % ceiling.saturating_add(1)
}
