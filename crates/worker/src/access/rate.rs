//! How often a caller may call, where the deployment has a binding for it: the platform counts, roughly and at each place of
//! its own. What is exact are the budgets of browser tokens.

use crmlink::error::{Code, Report};
use worker::Env;

use crate::fault::Fault;

/// Counts a call: 429 for one too many. Without the binding nobody counts, and while the platform cannot, nobody is refused.
pub(super) async fn check(caller: String, env: &Env) -> Result<(), Fault> {
    let Ok(limiter) = env.rate_limiter(BINDING) else {
        return Ok(());
    };
    match limiter.limit(caller).await {
        Ok(outcome) if !outcome.success => Err(refused()),
        _ => Ok(()),
    }
}

fn refused() -> Fault {
    let message = "this caller calls more often than this Worker lets it: nothing was sent";
    let fault = Fault::http(429, Code::RateLimited, message);
    Fault {
        report: Report {
            retryable: true,
            retry_after: Some(SHORTEST),
            ..fault.report
        },
        ..fault
    }
}

/// The binding, as `wrangler.toml` names it.
const BINDING: &str = "CRMLINK_RATE_LIMIT";
/// The shorter of the two periods that the platform has, in milliseconds: which of them it is, a binding does not tell.
const SHORTEST: u64 = 10_000;
