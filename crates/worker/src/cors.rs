//! Which pages may call from a browser: an exact list, and one origin echoed. Never `*`.

use crmlink::error::Code;

use crate::answer::Answer;
use crate::config::Config;
use crate::fault::Fault;
use crate::incoming::Incoming;
use crate::{drive, problem};

/// The answer to a preflight; `None` for any other request.
pub(crate) fn preflight(
    incoming: &Incoming,
    origin: Option<&str>,
    config: &Config,
) -> Option<Answer> {
    let asks = incoming.method() == "OPTIONS"
        && incoming.header("access-control-request-method").is_some();
    let origin = origin.filter(|_| asks)?;
    let fault = match config.allowed_origins() {
        Ok(allowed) if is_listed(allowed, origin) => {
            let answer = Answer::empty(204)
                .with("access-control-allow-methods", METHODS)
                .with("access-control-allow-headers", HEADERS)
                .with("access-control-max-age", "600");
            return Some(answer);
        }
        Ok(_) => Fault::http(
            403,
            Code::Forbidden,
            "this page's origin may not call: CRMLINK_ALLOWED_ORIGINS does not list it",
        ),
        Err(fault) => fault,
    };
    Some(problem::answer(&fault, None, drive::entropy))
}

/// Tells the browser whether the page may read the answer. Every answer depends on the page's origin.
pub(crate) fn mark(answer: &mut Answer, origin: Option<&str>, config: &Config) {
    let mut add = |name, value| answer.headers.push((name, value));
    add("vary".into(), "Origin".into());
    let allowed = config.allowed_origins().unwrap_or_default();
    if let Some(origin) = origin.filter(|origin| is_listed(allowed, origin)) {
        add(
            "access-control-allow-origin".into(),
            origin.to_owned().into(),
        );
        add("access-control-expose-headers".into(), EXPOSED.into());
    }
}

fn is_listed(allowed: &[String], origin: &str) -> bool {
    allowed.iter().any(|known| known == origin)
}

const METHODS: &str = "GET, POST, PUT, PATCH, DELETE";
const HEADERS: &str = "authorization, content-type, idempotency-key, traceparent, tracestate, version, \
                       x-integrated-account-id, x-crmlink-vendor";
const EXPOSED: &str = "retry-after, idempotent-replayed, x-crmlink-code, x-crmlink-sent, x-hubspot-correlation-id, \
                       x-hubspot-ratelimit-remaining, x-ratelimit-remaining, x-ratelimit-daily-remaining, \
                       ratelimit-limit, ratelimit-remaining, ratelimit-reset, traceparent, server-timing";
