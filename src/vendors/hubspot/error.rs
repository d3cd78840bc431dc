//! HubSpot's errors. All their fields are treated as optional, as HubSpot asks.

use serde_json::{Map, Value};

use super::NAME;
use super::associations::{DefaultAssociations, ItemError};
use crate::answer::{lenient, word};
use crate::endpoint::unexpected;
use crate::error::{Code, Failure};
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

/// Passes an answer on in which every asked association exists.
///
/// # Errors
/// A 2xx that counts errors, was cancelled or lists no association is a [`Failure`].
pub(super) fn all_linked(
    response: &Response,
    answer: DefaultAssociations,
) -> Result<DefaultAssociations, Failure> {
    if let Some(error) = answer.errors.first() {
        return Err(item(response, error));
    }
    if answer.num_errors > 0 {
        let what = format!(
            "answered {} with numErrors {} and no details",
            response.status, answer.num_errors
        );
        return Err(unexpected(NAME, response, &what));
    }
    if answer.status.starts_with("CANCEL") || answer.results.is_empty() {
        let what = format!(
            "answered {} with status {} and {} associations: nothing shows that the link exists",
            response.status,
            answer.status,
            answer.results.len()
        );
        return Err(unexpected(NAME, response, &what));
    }
    Ok(answer)
}

/// What HubSpot says of one input, inside an answer that may be a 2xx.
pub(super) fn item(response: &Response, error: &ItemError) -> Failure {
    let code = match error.category.as_str() {
        "OBJECT_NOT_FOUND" => Code::NotFound,
        "CONFLICT" => Code::AlreadyExists,
        "MISSING_SCOPES" => Code::Forbidden,
        "RATE_LIMITS" => Code::RateLimited,
        _ => Code::VendorValidation,
    };
    Failure {
        code,
        retryable: code == Code::RateLimited,
        missing_scopes: scopes(&error.context),
        ..failure(NAME, response, Code::VendorValidation, &error.message)
    }
}

/// The failure that an error answer stands for.
fn explain(response: &Response) -> Failure {
    let body = lenient(response);
    let words = word(&body, "message");
    let code = match (response.status, word(&body, "category")) {
        // Policy, category and words are each missing at times.
        (429, _) if word(&body, "policyName") == "DAILY" || words.contains("daily limit") => {
            Code::QuotaExhausted
        }
        (409, _) if words.contains("already exists") => Code::AlreadyExists,
        // 477 while an account moves between regions, 423 while it is locked: both pass.
        (423 | 477, _) => Code::VendorUnavailable,
        (400, "OBJECT_NOT_FOUND") => Code::NotFound,
        (400, "RATE_LIMITS") => Code::RateLimited,
        (status, _) => code_of(status),
    };
    let details = body.get("errors").and_then(Value::as_array);
    let contexts = details.into_iter().flatten().chain([&body]);
    Failure {
        path: details
            .into_iter()
            .flatten()
            .find_map(|error| Some(error.get("in")?.as_str()?.to_owned())),
        missing_scopes: contexts
            .filter_map(|holder| holder.get("context")?.as_object())
            .flat_map(scopes)
            .collect(),
        ..failure(NAME, response, code, words)
    }
}

/// HubSpot names the lacking scopes under one of two keys.
fn scopes(context: &Map<String, Value>) -> Vec<String> {
    ["requiredGranularScopes", "missingScopes"]
        .iter()
        .filter_map(|key| context.get(*key)?.as_array())
        .flatten()
        .filter_map(|scope| scope.as_str().map(str::to_owned))
        .collect()
}
