//! When a vendor asks to be tried again.

use crmlink::endpoint::Repeat;
use crmlink::error::{Code, Failure, Sent};
use crmlink::http::Response;
use crmlink::retry::{Decision, LONGEST_HINT, Policy, decide, hint, retry_after};

use crate::text::{first_line, status, text};

/// A status, then headers, one a line. A hint is exact where another reader of dates reads the same, and never beyond a
/// day; a wait is never beyond the policy's longest.
///
/// # Panics
/// When that is not so.
pub fn wait(data: &[u8]) {
    let text = text(data);
    let (first, rest) = first_line(&text);
    let lines = rest.lines().filter_map(|line| line.split_once(':'));
    let response = Response {
        status: status(first),
        headers: lines
            .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.to_owned()))
            .collect(),
        body: String::new(),
    };
    let asked = retry_after(&response);
    let found = hint(&response);
    assert!(found.is_none_or(|millis| millis <= LONGEST_HINT));
    match asked {
        Some(asked) => assert_eq!(found, Some(asked), "what is asked for wins over a window"),
        None => assert!(found.is_none() || response.status == 429),
    }
    if let Some(expected) = expected(&response) {
        assert_eq!(asked, Some(expected), "{:?}", response.headers);
    }
    for code in [
        Code::RateLimited,
        Code::VendorUnavailable,
        Code::QuotaExhausted,
    ] {
        let failure = Failure {
            status: Some(response.status),
            retry_after: found,
            retryable: true,
            ..Failure::unanswered("hubspot", code, Sent::Yes, "x")
        };
        for attempt in 1..4 {
            let policy = Policy::default();
            let entropy = u64::from(response.status);
            match decide(&policy, attempt, Repeat::Safe, &failure, entropy) {
                Decision::After(millis) => {
                    assert!(millis <= policy.longest && attempt < policy.attempts);
                    assert!(found.is_none_or(|asked| millis >= asked), "too early");
                }
                Decision::Stop => {}
            }
        }
    }
}

/// What another reader makes of `retry-after`: seconds, or one of the dates whose year has four digits.
fn expected(response: &Response) -> Option<u64> {
    let text = response.headers.get("retry-after")?.trim();
    if !text.is_empty() && text.len() < 19 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds: u64 = text.parse().ok()?;
        return Some(seconds.saturating_mul(1_000).min(LONGEST_HINT));
    }
    let now = date(response.headers.get("date")?.trim())?;
    let then = date(text)?;
    let ahead = then.duration_since(now).unwrap_or_default();
    let millis = u64::try_from(ahead.as_millis()).unwrap_or(u64::MAX);
    Some(millis.min(LONGEST_HINT))
}

fn date(text: &str) -> Option<std::time::SystemTime> {
    // Of two digits each reader has its own century.
    let two_digits = text.split(' ').nth(1)?.contains('-');
    let date = httpdate::parse_http_date(text).ok();
    date.filter(|_| !two_digits)
}
