//! LeadConnector's errors.

use serde_json::Value;

use super::NAME;
use crate::answer::{lenient, word};
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

/// The failure that an error answer stands for.
fn explain(response: &Response) -> Failure {
    let body = lenient(response);
    // 422 lists one sentence a field, the others have one sentence.
    let sentences: Vec<&str> = match body.get("message") {
        Some(Value::String(sentence)) => vec![sentence],
        Some(Value::Array(sentences)) => sentences.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let words = sentences.join("; ");
    let code = match response.status {
        400 if is_duplicate(&words, word(&body, "code")) => Code::AlreadyExists,
        401 => unauthorized(&words),
        429 if is_day_used_up(response) => Code::QuotaExhausted,
        status => code_of(status),
    };
    Failure {
        path: sentences.first().and_then(|sentence| field(sentence)),
        ..failure(NAME, response, code, &words)
    }
}

fn is_duplicate(words: &str, code: &str) -> bool {
    let words = words.to_ascii_lowercase();
    words.contains("duplicate") || words.contains("already exist") || code.contains("DUPLICATE")
}

/// Nothing but its headers tells the limit of a day from that of ten seconds.
fn is_day_used_up(response: &Response) -> bool {
    let remaining = response.headers.get("x-ratelimit-daily-remaining");
    remaining.is_some_and(|remaining| remaining.trim() == "0")
}

/// A 401 says many things here, and only the last one is about the token's life.
fn unauthorized(words: &str) -> Code {
    if words.contains("version header") {
        Code::VendorValidation
    } else if words.contains("not yet supported by the IAM Service") {
        Code::Unsupported
    } else if words.contains("not authorized for this scope") || words.contains("user type") {
        Code::Forbidden
    } else {
        Code::Unauthenticated
    }
}

/// The validator's sentences begin with the field's name, or with `property` and the name.
fn field(sentence: &str) -> Option<String> {
    let known = [
        "should not exist",
        "must be",
        "should not be",
        "must contain",
    ];
    if !known.iter().any(|verb| sentence.contains(verb)) {
        return None;
    }
    let rest = sentence.strip_prefix("property ").unwrap_or(sentence);
    rest.split(' ').next().map(str::to_owned)
}
