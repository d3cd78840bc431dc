//! Truto's errors, and the provider's errors that it passes on.

use serde_json::Value;

use super::NAME;
use super::atlas::{REMOTE, ROWS};
use crate::answer::{lenient, word};
use crate::error::Failure;
use crate::http::Response;
use crate::vendors::failure::failure;

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
        ..failure(NAME, ROWS, response, &codes(&body), word(&body, "message"))
    }
}

/// The names of Truto's hints, and whether the provider refused.
fn codes(body: &Value) -> Vec<&str> {
    let hints = body.get("truto_error_insight").and_then(Value::as_object);
    let hints = hints.into_iter().flatten().map(|(name, _)| name.as_str());
    let remote = body.get(REMOTE) == Some(&Value::Bool(true));
    hints.chain(remote.then_some(REMOTE)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::atlas::ATLAS;
    use super::*;
    use crate::vendors::failure::{find, proof};

    #[test]
    fn every_row_is_reached() {
        proof::every_row_is_reached(
            ROWS,
            ATLAS.sources.len(),
            |code, words| {
                let insight = json!({ code: { "description": "", "value": null } });
                json!({ REMOTE: code == REMOTE, "truto_error_insight": insight, "message": words })
                    .to_string()
            },
            |response| {
                let body = lenient(response);
                find(ROWS, response, &codes(&body), word(&body, "message"))
            },
        );
    }
}
