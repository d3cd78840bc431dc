//! Salesforce's errors: a list at plain endpoints, one list for each record in collections, both inside a 200 at times.

use serde_json::Value;

use super::NAME;
use super::composite::send::PartAnswer;
use super::sobjects::{SaveError, SaveResult};
use crate::answer::{self, lenient, word};
use crate::endpoint::unexpected;
use crate::error::{Code, Failure};
use crate::http::Response;
use crate::vendors::failure::{code_of as code_of_status, failure};

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

/// Whether a record was written, by its own word.
///
/// # Errors
/// A result that says no, or that says yes without an id, is a [`Failure`].
pub(super) fn saved(response: &Response, result: &SaveResult) -> Result<(), Failure> {
    match (result.success, result.errors.first()) {
        (true, _) if result.id.is_some() => Ok(()),
        (true, _) => Err(unexpected(
            NAME,
            response,
            "answered a success without the record's id",
        )),
        (false, Some(error)) => Err(of(response, error)),
        (false, None) => Err(unexpected(
            NAME,
            response,
            "answered a failure without a reason",
        )),
    }
}

/// Whether an update took place: a 2xx without a body.
///
/// # Errors
/// Any other answer, an HTML page with a 200 among them.
pub(super) fn updated(response: &Response) -> Result<(), Failure> {
    let response = success(response)?;
    let body = response.body.trim();
    if body.is_empty() {
        return Ok(());
    }
    match answer::object(NAME, response, SaveResult::read) {
        Ok(result) => saved(response, &result),
        Err(_) => Err(unexpected(
            NAME,
            response,
            "answered an update with a body that is no result",
        )),
    }
}

/// The failure that one error stands for.
pub(super) fn of(response: &Response, error: &SaveError) -> Failure {
    let code = code_of(response.status, &error.status_code, &error.message);
    let words = match error.status_code.as_str() {
        "" => error.message.clone(),
        code => format!("{code}: {}", error.message),
    };
    Failure {
        path: error.fields.first().cloned(),
        retryable: matches!(code, Code::RateLimited | Code::VendorUnavailable)
            || error.status_code == "UNABLE_TO_LOCK_ROW",
        ..failure(NAME, response, code, &words)
    }
}

/// The answer of a part as if it had been a call of its own.
pub(super) fn part(whole: &Response, part: &PartAnswer) -> Response {
    Response {
        status: part.http_status_code,
        headers: whole.headers.clone(),
        body: match &part.body {
            Value::Null => String::new(),
            body => body.to_string(),
        },
    }
}

/// The failure that an error answer stands for.
fn explain(response: &Response) -> Failure {
    let errors = answer::list(NAME, response, SaveError::read).unwrap_or_default();
    if let Some(first) = errors.first() {
        return of(response, first);
    }
    // The token endpoint answers one object.
    let body = lenient(response);
    let words = match word(&body, "error") {
        "" => String::new(),
        error => format!("{error}: {}", word(&body, "error_description")),
    };
    failure(NAME, response, code_of_status(response.status), &words)
}

/// What a code of Salesforce's means. 403 is also the rate limit: Salesforce knows no 429.
fn code_of(status: u16, code: &str, message: &str) -> Code {
    match code {
        "INVALID_SESSION_ID" | "INVALID_AUTH_HEADER" => Code::Unauthenticated,
        "REQUEST_LIMIT_EXCEEDED" => Code::QuotaExhausted,
        "SERVER_UNAVAILABLE" => Code::VendorUnavailable,
        "DUPLICATE_VALUE" | "DUPLICATE_EXTERNAL_ID" => Code::AlreadyExists,
        // The code of this one is not documented; its words are seen in public code.
        _ if message.contains("already has a relationship with this account") => {
            Code::AlreadyExists
        }
        "DUPLICATES_DETECTED"
        | "UNABLE_TO_LOCK_ROW"
        | "CIRCULAR_DEPENDENCY"
        | "ALL_OR_NONE_OPERATION_ROLLED_BACK"
        | "PROCESSING_HALTED" => Code::Conflict,
        "NOT_FOUND" | "INVALID_CROSS_REFERENCE_KEY" | "ENTITY_IS_DELETED" => Code::NotFound,
        "MALFORMED_ID" => Code::InvalidId,
        "INVALID_TYPE" => Code::Unsupported,
        "INSUFFICIENT_ACCESS"
        | "INSUFFICIENT_ACCESS_OR_READONLY"
        | "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"
        | "INVALID_FIELD_FOR_INSERT_UPDATE"
        | "API_DISABLED_FOR_ORG" => Code::Forbidden,
        "" => code_of_status(status),
        _ if (200..300).contains(&status) => Code::VendorValidation,
        _ => code_of_status(status),
    }
}
