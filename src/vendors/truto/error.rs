//! Truto's errors, and the provider's errors that it passes on.

use serde::Deserialize;
use serde_json::Value;

use super::NAME;
use crate::error::Failure;
use crate::http::Response;
use crate::vendors::answer;

/// Passes a success on.
///
/// # Errors
/// The [`Failure`] that any other answer stands for.
pub(super) fn success(response: &Response) -> Result<&Response, Failure> {
    if (200..300).contains(&response.status) {
        Ok(response)
    } else {
        Err(explain(response))
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Body {
    message: String,
    truto_error_insight: Value,
}

/// The failure that an error answer stands for.
fn explain(response: &Response) -> Failure {
    let body: Body = serde_json::from_str(&response.body).unwrap_or_default();
    let scopes = body
        .truto_error_insight
        .pointer("/forbidden_error/value/missing_scopes")
        .and_then(Value::as_array);
    Failure {
        missing_scopes: scopes
            .into_iter()
            .flatten()
            .filter_map(|scope| scope.as_str().map(str::to_owned))
            .collect(),
        ..answer::failure(
            NAME,
            response,
            answer::code_of(response.status),
            &body.message,
        )
    }
}
