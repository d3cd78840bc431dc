//! What an account's vendor is said to allow.

use crmlink::error::{Code, Failure, Sent};
use crmlink::pace::Pace;
use crmlink::retry::Policy;

use crate::operation::headers;
use crate::text::{status, text};

/// What happens to an account's pace, a line each: `later MS`, `sends`, `hears NAME=VALUE; …`, `late` with the
/// same, `gone`, `pays`,
/// `succeeds N`, `fails STATUS MS`, `loads TEXT`.
///
/// No request waits for longer than the policy's longest; what is left is never more than there can be; retries are never
/// more than the quota has; what is saved is loaded as it was.
///
/// # Panics
/// When that is not so.
pub fn pace(data: &[u8]) {
    let text = text(data);
    let policy = Policy::default();
    let mut pace = Pace::default();
    let (mut now, mut ticket, mut paid, mut earned) = (1_000_u64, 0, 0_u64, 500_u64);
    for line in text.lines().take(200) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let number = |text: &str| text.trim().parse::<u64>().unwrap_or_default();
        match word {
            "later" => now = now.saturating_add(number(rest) % 200_000_000),
            "sends" => ticket = pace.sending(now, &policy),
            "hears" => pace.heard(&headers(rest), ticket, now),
            // The answer to an earlier request.
            "late" => pace.heard(&headers(rest), ticket.saturating_sub(1), now),
            "gone" => pace.gone(),
            "pays" => {
                let price = pace.pay(&failure("429", "0"));
                paid += price.map_or(0, u64::from);
            }
            "succeeds" => {
                let back = u32::try_from(number(rest) % 15).unwrap_or_default();
                earned += u64::from(back.max(1));
                pace.succeeded(back);
            }
            "loads" => pace.load(rest),
            _ => {
                let (status, wait) = rest.split_once(' ').unwrap_or((rest, ""));
                pace.failed(&failure(status, wait), now, &policy);
            }
        }
        let rest = pace.rest(now, &policy);
        assert!(
            rest.is_none_or(|rest| (1..=policy.longest).contains(&rest)),
            "{rest:?}"
        );
        assert!(pace.shut(now).is_none_or(|shut| shut.until > now));
        if let Some(limits) = pace.limits(now) {
            assert!(limits.remaining <= limits.limit, "{limits:?}");
            assert!(limits.reset_ms > 0);
        }
        assert!(paid <= earned, "{paid} paid of {earned}");
        let mut again = Pace::default();
        again.load(&pace.save());
        let told = |pace: &Pace| {
            pace.shut(now)
                .map(|shut| (shut.until, shut.code, shut.status))
        };
        assert_eq!(told(&again), told(&pace));
    }
}

fn failure(word: &str, wait: &str) -> Failure {
    let status = status(word);
    let code = match status {
        403 => Code::QuotaExhausted,
        429 => Code::RateLimited,
        _ => Code::VendorUnavailable,
    };
    let longest = crmlink::retry::LONGEST_HINT;
    Failure {
        status: Some(status),
        retry_after: wait.trim().parse().ok().map(|wait: u64| wait.min(longest)),
        ..Failure::unanswered("hubspot", code, Sent::Yes, "x")
    }
}
