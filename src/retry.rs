//! Whether to send again, and when: a pure function of what came back.

use crate::allowance::{ALLOWANCES, Allowance, DAY, is_spent};
use crate::date;
use crate::endpoint::Repeat;
use crate::error::{Code, Failure};
use crate::http::{Headers, Response};

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
/// A vendor's hint wins over the computed wait: it is never shortened, and lengthened by a tenth at most, so that callers who
/// were told the same do not all come back at once. What is certain not to have written ([`Failure::is_untouched`]) may be
/// repeated whatever the request; an unclear answer (a 5xx, silence, a body that breaks off) only where repeating is
/// [`Repeat::Safe`].
#[must_use]
pub fn decide(
    policy: &Policy,
    attempt: u32,
    repeat: Repeat,
    failure: &Failure,
    entropy: u64,
) -> Decision {
    let unreadable = failure.code == Code::UnexpectedResponse
        && failure
            .status
            .is_some_and(|status| (200..300).contains(&status));
    let may_pass = failure.retryable || unreadable;
    if !may_pass
        || attempt >= policy.attempts
        || (!failure.is_untouched() && repeat != Repeat::Safe)
    {
        return Decision::Stop;
    }
    match failure.retry_after {
        Some(hint) if hint > policy.longest => Decision::Stop,
        Some(hint) => {
            let late = hint + spread(hint, entropy, attempt);
            Decision::After(late.min(policy.longest))
        }
        None => {
            let doubled = policy
                .base
                .saturating_mul(1 << attempt.saturating_sub(1).min(16));
            Decision::After(between(doubled.min(policy.longest), entropy, attempt))
        }
    }
}

/// When the vendor asks to be tried again, in milliseconds: `retry-after`, else the window of a rate limit.
#[must_use]
pub fn hint(response: &Response) -> Option<u64> {
    retry_after(response).or_else(|| match response.status {
        429 => window(&response.headers),
        _ => None,
    })
}

/// What `retry-after` asks for, in milliseconds: seconds, or a date. What is neither asks for nothing, and no wait is longer
/// than [`LONGEST_HINT`].
///
/// The core has no clock: a date is seen from the answer's own `date`, which is of the same clock. Without one it says nothing.
#[must_use]
pub fn retry_after(response: &Response) -> Option<u64> {
    let text = response.headers.get("retry-after")?.trim();
    let seconds = if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // Too long for a number is too long to wait.
        text.parse().unwrap_or(u64::MAX)
    } else {
        let now = date::parse(response.headers.get("date")?, 0)?;
        // What is over need not be waited for.
        u64::try_from(date::parse(text, now)?.saturating_sub(now)).unwrap_or_default()
    };
    Some(seconds.saturating_mul(1_000).min(LONGEST_HINT))
}

/// The longest wait that a vendor can ask for, in milliseconds: a day, the longest that one documents.
pub const LONGEST_HINT: u64 = DAY;

/// The window of a rate limit that was hit, in milliseconds. Its length is named, how much of it is left is not.
fn window(headers: &Headers) -> Option<u64> {
    let window = |known: &&Allowance| headers.get(known.length).is_some();
    let window = ALLOWANCES.iter().find(window)?;
    // With calls left, it was another limit that was hit.
    let hit = headers.get(window.left).is_none() || is_spent(headers, window.left);
    window.length(headers).filter(|_| hit)
}

/// What is added to a wait of this length: at most a tenth.
#[must_use]
pub fn spread(wait: u64, entropy: u64, attempt: u32) -> u64 {
    between(wait / 10, entropy, attempt)
}

/// Full jitter: anywhere between nothing and the ceiling.
fn between(ceiling: u64, entropy: u64, attempt: u32) -> u64 {
    // SplitMix64's last step: spreads neighbouring seeds.
    let mut mixed = entropy.wrapping_add(u64::from(attempt).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (mixed ^ (mixed >> 31)) % ceiling.saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Sent;

    fn answer(status: u16, headers: &[(&'static str, &'static str)]) -> Response {
        Response {
            status,
            headers: headers.iter().copied().collect(),
            body: String::new(),
        }
    }

    const NOW: (&str, &str) = ("date", "Sun, 22 Nov 2026 16:00:00 GMT");

    #[test]
    fn retry_after_is_read_in_all_its_forms() {
        for (text, millis) in [
            ("0", Some(0)),
            ("7", Some(7_000)),
            (" 120 ", Some(120_000)),
            ("007", Some(7_000)),
            ("86400", Some(LONGEST_HINT)),
            ("999999999", Some(LONGEST_HINT)),
            ("99999999999999999999999999", Some(LONGEST_HINT)),
            ("Sun, 22 Nov 2026 16:00:07 GMT", Some(7_000)),
            ("Sunday, 22-Nov-26 16:01:00 GMT", Some(60_000)),
            ("Sun Nov 22 16:00:02 2026", Some(2_000)),
            ("Sun, 22 Nov 2026 16:00:00 GMT", Some(0)),
            ("Sun, 22 Nov 2026 15:59:59 GMT", Some(0)),
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(LONGEST_HINT)),
            ("-1", None),
            ("+1", None),
            ("1.5", None),
            ("1, 1", None),
            ("soon", None),
            ("", None),
        ] {
            let found = hint(&answer(429, &[NOW, ("retry-after", text)]));
            assert_eq!(found, millis, "{text}");
        }
    }

    #[test]
    fn a_date_without_a_clock_says_nothing() {
        let late = ("retry-after", "Sun, 22 Nov 2026 16:00:07 GMT");
        assert_eq!(hint(&answer(503, &[late])), None);
        assert_eq!(hint(&answer(503, &[late, ("date", "now")])), None);
    }

    #[test]
    fn a_rate_limit_has_its_window() {
        const HUBSPOT: (&str, &str) = ("x-hubspot-ratelimit-interval-milliseconds", "10000");
        const LEADCONNECTOR: (&str, &str) = ("x-ratelimit-interval-milliseconds", "10000");
        for (status, headers, millis) in [
            (
                429,
                &[HUBSPOT, ("x-hubspot-ratelimit-remaining", "0")][..],
                Some(10_000),
            ),
            (
                429,
                &[HUBSPOT, ("x-hubspot-ratelimit-remaining", "-2")],
                Some(10_000),
            ),
            (429, &[HUBSPOT], Some(10_000)),
            // Another limit than that of the window was hit.
            (
                429,
                &[HUBSPOT, ("x-hubspot-ratelimit-remaining", "12")],
                None,
            ),
            (429, &[("x-hubspot-ratelimit-remaining", "0")], None),
            (
                429,
                &[LEADCONNECTOR, ("x-ratelimit-remaining", "0")],
                Some(10_000),
            ),
            (
                429,
                &[
                    LEADCONNECTOR,
                    ("x-ratelimit-remaining", "0"),
                    ("retry-after", "3"),
                ],
                Some(3_000),
            ),
            (429, &[("x-ratelimit-interval-milliseconds", "soon")], None),
            (
                429,
                &[("x-ratelimit-interval-milliseconds", "99999999999")],
                Some(LONGEST_HINT),
            ),
            // A server that fails fails whatever is left.
            (
                503,
                &[HUBSPOT, ("x-hubspot-ratelimit-remaining", "0")],
                None,
            ),
            (429, &[], None),
        ] {
            assert_eq!(
                hint(&answer(status, headers)),
                millis,
                "{status} {headers:?}"
            );
        }
    }

    /// What each kind of failure comes to, for a write that may be repeated and for one that may not.
    #[test]
    fn a_create_is_repeated_only_where_nothing_was_begun() {
        let policy = Policy::default();
        let failure = |code, status, retry_after| Failure {
            status,
            retry_after,
            retryable: true,
            ..Failure::unanswered("hubspot", code, Sent::Yes, "x")
        };
        for (failure, safe, look) in [
            (failure(Code::RateLimited, Some(429), Some(9)), true, true),
            (
                failure(Code::VendorUnavailable, Some(500), None),
                true,
                false,
            ),
            (
                failure(Code::VendorUnavailable, Some(502), Some(9)),
                true,
                false,
            ),
            (
                failure(Code::VendorUnavailable, Some(503), None),
                true,
                false,
            ),
            // The vendor says when to come back: it did not begin.
            (
                failure(Code::VendorUnavailable, Some(503), Some(9)),
                true,
                true,
            ),
            (
                failure(Code::VendorUnavailable, Some(423), Some(9)),
                true,
                true,
            ),
            (
                failure(Code::VendorUnavailable, Some(477), Some(9)),
                true,
                true,
            ),
            (
                failure(Code::VendorUnavailable, Some(477), Some(30_001)),
                false,
                false,
            ),
            (failure(Code::Conflict, Some(400), None), true, true),
        ] {
            for (repeat, again) in [(Repeat::Safe, safe), (Repeat::Look, look)] {
                let decided = decide(&policy, 1, repeat, &failure, 7);
                assert_eq!(decided != Decision::Stop, again, "{repeat:?} {failure:?}");
                assert_eq!(decide(&policy, 3, repeat, &failure, 7), Decision::Stop);
            }
        }
    }

    /// Callers that fail at once spread over the whole wait, and the wait doubles up to its bound.
    #[test]
    fn waits_are_spread_and_double() {
        let policy = Policy {
            attempts: 100,
            ..Policy::default()
        };
        let down = Failure::unanswered("hubspot", Code::VendorUnavailable, Sent::Maybe, "x");
        for (attempt, ceiling) in [(1, 500), (2, 1_000), (3, 2_000), (7, 30_000), (40, 30_000)] {
            let waits: Vec<_> = (0..1_000)
                .map(|entropy| wait(decide(&policy, attempt, Repeat::Safe, &down, entropy)))
                .collect();
            assert!(waits.iter().all(|wait| *wait <= ceiling));
            for part in 0..10 {
                let here = waits
                    .iter()
                    .filter(|wait| **wait * 10 / (ceiling + 1) == part)
                    .count();
                assert!((50..=150).contains(&here), "{here} of 1000 in part {part}");
            }
        }
    }

    fn wait(decision: Decision) -> u64 {
        match decision {
            Decision::After(wait) => wait,
            Decision::Stop => panic!("a failure that may pass"),
        }
    }

    /// What the vendor asks for is waited for, and a tenth more at most; beyond the longest wait nothing is added.
    #[test]
    fn a_hint_is_never_shortened() {
        let policy = Policy::default();
        for hint in [0, 1, 9, 10, 7_000, 29_000, 30_000] {
            let failure = Failure {
                retry_after: Some(hint),
                ..Failure::unanswered("hubspot", Code::RateLimited, Sent::Yes, "x")
            };
            let failure = Failure {
                retryable: true,
                ..failure
            };
            let waits: Vec<_> = (0..1_000)
                .map(|entropy| wait(decide(&policy, 1, Repeat::Look, &failure, entropy)))
                .collect();
            let most = (hint + hint / 10).min(policy.longest);
            assert!(waits.iter().all(|wait| (hint..=most).contains(wait)));
            let spread = waits.iter().collect::<std::collections::BTreeSet<_>>();
            assert!(spread.len() as u64 >= (most - hint + 1).min(100), "{hint}");
        }
    }

    /// A success that cannot be read is tried again where that is safe; a failure that cannot be read, and a success that is
    /// one, are not.
    #[test]
    fn what_cannot_be_read_is_asked_again() {
        let failure = |code, status| Failure {
            status,
            retryable: false,
            ..Failure::unanswered("hubspot", code, Sent::Yes, "x")
        };
        for (code, status, again) in [
            (Code::UnexpectedResponse, Some(200), true),
            (Code::UnexpectedResponse, Some(299), true),
            (Code::UnexpectedResponse, Some(300), false),
            (Code::UnexpectedResponse, Some(199), false),
            (Code::UnexpectedResponse, Some(404), false),
            (Code::UnexpectedResponse, None, false),
            (Code::VendorValidation, Some(200), false),
            (Code::NotFound, Some(404), false),
        ] {
            let failure = failure(code, status);
            let decided = decide(&Policy::default(), 1, Repeat::Safe, &failure, 7);
            assert_eq!(decided != Decision::Stop, again, "{code:?} {status:?}");
            let decided = decide(&Policy::default(), 1, Repeat::Look, &failure, 7);
            assert_eq!(decided, Decision::Stop, "{code:?} {status:?}");
        }
    }

    /// The same on every machine, as another program computed it.
    #[test]
    fn entropy_is_mixed_as_splitmix64_does() {
        for (ceiling, entropy, attempt, wait) in [
            (1_000_000, 0, 1, 485_069),
            (1_000_000, 1, 1, 894_471),
            (1_000_000, 1, 2, 974_685),
            (18_446_744_073_709_551_614, 42, 3, 5_139_283_748_462_763_858),
            (0, 7, 1, 0),
            (9, 7, 1, 7),
        ] {
            assert_eq!(between(ceiling, entropy, attempt), wait);
            if let Some(long) = ceiling.checked_mul(10) {
                assert_eq!(spread(long + 9, entropy, attempt), wait);
            }
        }
    }
}
