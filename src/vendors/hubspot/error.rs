//! HubSpot's errors. All their fields are treated as optional, as HubSpot asks.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::NAME;
use super::associations::{DefaultAssociations, ItemError};
use crate::endpoint::unexpected;
use crate::error::{Code, Failure};
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
        ..answer::failure(NAME, response, Code::VendorValidation, &error.message)
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Body {
    category: String,
    message: String,
    policy_name: String,
    context: Map<String, Value>,
    errors: Vec<Detail>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Detail {
    r#in: Option<String>,
    context: Map<String, Value>,
}

/// The failure that an error answer stands for.
fn explain(response: &Response) -> Failure {
    let body: Body = serde_json::from_str(&response.body).unwrap_or_default();
    let code = match (response.status, body.category.as_str()) {
        (429, _) if body.policy_name == "DAILY" => Code::QuotaExhausted,
        (409, _) if body.message.contains("already exists") => Code::AlreadyExists,
        // 477 while an account moves between regions, 423 while it is locked: both pass.
        (423 | 477, _) => Code::VendorUnavailable,
        (400, "OBJECT_NOT_FOUND") => Code::NotFound,
        (400, "RATE_LIMITS") => Code::RateLimited,
        (status, _) => answer::code_of(status),
    };
    let mut missing_scopes = scopes(&body.context);
    for error in &body.errors {
        missing_scopes.extend(scopes(&error.context));
    }
    Failure {
        path: body.errors.into_iter().find_map(|error| error.r#in),
        missing_scopes,
        ..answer::failure(NAME, response, code, &body.message)
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
