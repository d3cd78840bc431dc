//! `GET /healthz`

use serde_json::json;

use crate::access::Permit;
use crate::answer::Answer;

/// Says that the Worker runs, and which version of it.
pub(super) fn show(_: &Permit) -> Answer {
    Answer::json(
        200,
        &json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }),
    )
}
