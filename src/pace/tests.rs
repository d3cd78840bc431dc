//! Each of the three things that a pace knows, to the millisecond and the call.

use super::*;

const NOW: Millis = 1_800_000_000_000;

fn policy() -> Policy {
    Policy::default()
}

/// The headers of a window of ten seconds.
fn window(limit: u64, left: u64) -> Headers {
    counted(limit, left, 10_000)
}

fn counted(limit: u64, left: u64, length: u64) -> Headers {
    [
        ("x-ratelimit-max", limit.to_string()),
        ("x-ratelimit-remaining", left.to_string()),
        ("x-ratelimit-interval-milliseconds", length.to_string()),
    ]
    .into_iter()
    .collect()
}

fn failure(code: Code, status: u16, wait: Option<u64>) -> Failure {
    Failure {
        status: Some(status),
        retry_after: wait,
        ..Failure::unanswered("hubspot", code, Sent::Yes, "x")
    }
}

fn told(pace: &Pace, now: Millis) -> Option<(u64, u64, Millis)> {
    let limits = pace.limits(now)?;
    Some((limits.limit, limits.remaining, limits.reset_ms))
}

#[test]
fn the_quota_has_its_price_and_its_bound() {
    let down = failure(Code::VendorUnavailable, 500, None);
    let throttled = failure(Code::RateLimited, 429, None);
    let mut pace = Pace::default();
    for _ in 0..35 {
        assert_eq!(pace.pay(&down), Some(14));
    }
    // Ten are left.
    assert_eq!(pace.pay(&down), None);
    assert_eq!(pace.pay(&throttled), Some(5));
    assert_eq!(pace.pay(&throttled), Some(5));
    assert_eq!(pace.pay(&throttled), None);
    // A first success gives one back, a retry that succeeds what it cost.
    for _ in 0..4 {
        pace.succeeded(0);
    }
    assert_eq!(pace.pay(&throttled), None);
    pace.succeeded(1);
    assert_eq!(pace.pay(&throttled), Some(5));
    pace.succeeded(14);
    assert_eq!(pace.pay(&down), Some(14));
    assert_eq!(pace.pay(&throttled), None);
    for _ in 0..1_000 {
        pace.succeeded(14);
    }
    let retries = std::iter::from_fn(|| pace.pay(&down)).count();
    assert_eq!(retries, 35, "it never holds more than it had");
}

#[test]
fn a_window_with_nothing_left_is_waited_for() {
    let mut pace = Pace::default();
    let ticket = pace.sending(NOW, &policy());
    pace.heard(&window(100, 2), ticket, NOW);
    assert_eq!(told(&pace, NOW), Some((100, 2, 10_000)));
    assert_eq!(pace.rest(NOW, &policy()), None);
    pace.sending(NOW, &policy());
    assert_eq!(told(&pace, NOW + 1), Some((100, 1, 9_999)));
    assert_eq!(pace.rest(NOW, &policy()), None);
    pace.sending(NOW, &policy());
    assert_eq!(pace.rest(NOW, &policy()), Some(10_000));
    assert_eq!(pace.rest(NOW + 9_999, &policy()), Some(1));
    assert_eq!(pace.rest(NOW + 10_000, &policy()), None);
    assert_eq!(told(&pace, NOW + 9_999), Some((100, 0, 1)));
    assert_eq!(told(&pace, NOW + 10_000), None);
}

#[test]
fn a_window_that_is_too_long_or_of_nothing_is_not() {
    for (limit, length, rest) in [
        (100, 30_000, Some(30_000)),
        (100, 30_001, None),
        (0, 10_000, None),
    ] {
        let mut pace = Pace::default();
        let ticket = pace.sending(NOW, &policy());
        pace.heard(&counted(limit, 0, length), ticket, NOW);
        assert_eq!(pace.rest(NOW, &policy()), rest, "{limit} in {length}");
    }
}

#[test]
fn what_was_sent_since_is_counted() {
    let mut pace = Pace::default();
    let tickets = [(); 3].map(|()| pace.sending(NOW, &policy()));
    // Two more are on their way.
    pace.heard(&window(100, 50), tickets[0], NOW);
    assert_eq!(told(&pace, NOW), Some((100, 48, 10_000)));
    pace.heard(&window(100, 48), tickets[2], NOW);
    assert_eq!(told(&pace, NOW), Some((100, 48, 10_000)));
    // An answer that was overtaken counts only where it says less.
    pace.heard(&window(100, 60), tickets[1], NOW + 5);
    assert_eq!(told(&pace, NOW + 5), Some((100, 48, 9_995)));
    pace.heard(&window(100, 40), tickets[1], NOW + 5);
    assert_eq!(told(&pace, NOW + 5), Some((100, 39, 9_995)));
    assert_eq!(pace.sending(NOW, &policy()), 4);
}

#[test]
fn a_count_that_rises_begins_a_window() {
    let mut pace = Pace::default();
    let mut hear = |left, now| {
        let ticket = pace.sending(now, &policy());
        pace.heard(&window(100, left), ticket, now);
        told(&pace, now)
    };
    assert_eq!(hear(3, NOW), Some((100, 3, 10_000)));
    // One that rolls.
    assert_eq!(hear(9, NOW + 1_000), Some((100, 9, 9_000)));
    assert_eq!(hear(16, NOW + 2_000), Some((100, 16, 10_000)));
    assert_eq!(hear(15, NOW + 11_999), Some((100, 15, 1)));
    assert_eq!(hear(14, NOW + 12_000), Some((100, 14, 10_000)));
}

#[test]
fn the_scarcest_is_told() {
    let mut pace = Pace::default();
    assert_eq!(told(&pace, NOW), None);
    let mut headers = window(100, 7);
    headers.set("x-ratelimit-limit-daily", "200000");
    headers.set("x-ratelimit-daily-remaining", "6");
    pace.heard(&headers, 0, NOW);
    assert_eq!(told(&pace, NOW), Some((200_000, 6, 86_400_000)));
    headers.set("x-ratelimit-daily-remaining", "8");
    pace.heard(&headers, 0, NOW);
    assert_eq!(told(&pace, NOW), Some((100, 7, 10_000)));
    pace.failed(
        &failure(Code::QuotaExhausted, 429, Some(5_000)),
        NOW,
        &policy(),
    );
    assert_eq!(told(&pace, NOW + 1), Some((100, 0, 4_999)));
    assert_eq!(told(&pace, NOW + 5_000), Some((100, 7, 5_000)));
}

#[test]
fn who_says_when_to_come_back_is_left_alone_until_then() {
    use Code::{QuotaExhausted, RateLimited, VendorUnavailable};
    for (failure, shut, rest) in [
        (failure(RateLimited, 429, Some(30_000)), None, Some(30_000)),
        (failure(RateLimited, 429, Some(30_001)), Some(30_001), None),
        (failure(VendorUnavailable, 503, Some(7)), None, Some(7)),
        (
            failure(VendorUnavailable, 477, Some(86_400_000)),
            Some(86_400_000),
            None,
        ),
        (failure(QuotaExhausted, 403, Some(1)), Some(1), None),
        // Another one that fails may be asked.
        (failure(VendorUnavailable, 500, Some(7)), None, None),
        (failure(RateLimited, 429, None), None, None),
        (failure(QuotaExhausted, 403, None), None, None),
        (
            Failure {
                sent: Sent::Maybe,
                ..failure(RateLimited, 429, Some(7))
            },
            None,
            None,
        ),
    ] {
        let mut pace = Pace::default();
        pace.failed(&failure, NOW, &policy());
        let found = pace.shut(NOW);
        let until = found.map(|shut| (shut.until - NOW, shut.code, shut.status));
        assert_eq!(
            until,
            shut.map(|shut| (shut, failure.code, failure.status)),
            "{failure:?}"
        );
        assert_eq!(pace.rest(NOW, &policy()), rest, "{failure:?}");
        if let Some(shut) = shut {
            assert!(pace.shut(NOW + shut - 1).is_some() && pace.shut(NOW + shut).is_none());
        }
    }
}

#[test]
fn the_later_time_counts() {
    for (first, second) in [(9_000, 4_000), (4_000, 9_000)] {
        let mut pace = Pace::default();
        for wait in [first, second] {
            pace.failed(&failure(Code::RateLimited, 429, Some(wait)), NOW, &policy());
        }
        assert_eq!(pace.rest(NOW, &policy()), Some(9_000));
        let mut pace = Pace::default();
        for wait in [first * 10, second * 10] {
            pace.failed(&failure(Code::RateLimited, 429, Some(wait)), NOW, &policy());
        }
        assert_eq!(pace.shut(NOW).map(|shut| shut.until), Some(NOW + 90_000));
    }
}

/// After the breaker's time one request goes first; the others look again each second until it is answered or given up.
#[test]
fn one_goes_first() {
    let used_up = failure(Code::QuotaExhausted, 429, Some(5_000));
    let shut = || {
        let mut pace = Pace::default();
        pace.failed(&used_up, NOW, &policy());
        pace
    };
    let open = NOW + 5_000;

    let mut pace = shut();
    assert_eq!(pace.rest(open, &policy()), None);
    let ticket = pace.sending(open, &policy());
    assert_eq!(pace.rest(open, &policy()), Some(1_000));
    assert_eq!(pace.rest(open + 29_500, &policy()), Some(500));
    assert_eq!(pace.rest(open + 30_000, &policy()), None);
    let mut lost = pace.clone();
    lost.gone();
    assert_eq!(lost.rest(open, &policy()), None);
    pace.heard(&Headers::new(), ticket, open);
    assert_eq!((pace.rest(open, &policy()), pace.shut(NOW)), (None, None));

    // An answer that was on its way opens nothing.
    let mut pace = shut();
    pace.heard(&Headers::new(), 0, open - 1);
    assert!(pace.shut(NOW).is_some());

    // Without a breaker nobody waits.
    let mut pace = Pace::default();
    pace.sending(NOW, &policy());
    pace.gone();
    assert_eq!(pace.rest(NOW, &policy()), None);
}

#[test]
fn a_breaker_outlives_a_restart() {
    for (code, status) in [
        (Code::QuotaExhausted, 429),
        (Code::RateLimited, 403),
        (Code::VendorUnavailable, 477),
    ] {
        let mut pace = Pace::default();
        pace.failed(&failure(code, status, Some(60_000)), NOW, &policy());
        let mut again = Pace::default();
        again.load(&pace.save());
        assert_eq!(again.shut(NOW), pace.shut(NOW));
        assert!(again.shut(NOW).is_some());
    }
    for (text, expected) in [
        (
            r#"{"until":9,"code":"rate_limited","status":429}"#,
            Some(Some(429)),
        ),
        (
            r#"{"until":9,"code":"rate_limited","status":99999}"#,
            Some(None),
        ),
        (r#"{"until":9,"code":"rate_limited"}"#, Some(None)),
        (r#"{"until":9,"code":"forbidden","status":429}"#, None),
        (r#"{"code":"rate_limited","status":429}"#, None),
        ("{}", None),
        ("", None),
        ("[9]", None),
    ] {
        let mut pace = Pace::default();
        pace.load(text);
        assert_eq!(pace.shut(8).map(|shut| shut.status), expected, "{text}");
    }
}
