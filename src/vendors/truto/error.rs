//! Truto's errors, and the provider's errors that it passes on.

use serde_json::Value;

use super::NAME;
use crate::answer::{lenient, word};
use crate::error::Failure;
use crate::http::Response;
use crate::vendors::failure::{code_of, failure};

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

/// The failure that an error answer stands for.
fn explain(response: &Response) -> Failure {
    let body = lenient(response);
    let scopes = body
        .pointer("/truto_error_insight/forbidden_error/value/missing_scopes")
        .and_then(Value::as_array);
    Failure {
        missing_scopes: scopes
            .into_iter()
            .flatten()
            .filter_map(|scope| scope.as_str().map(str::to_owned))
            .collect(),
        ..failure(
            NAME,
            response,
            code_of(response.status),
            word(&body, "message"),
        )
    }
}
