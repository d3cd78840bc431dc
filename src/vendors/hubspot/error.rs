//! HubSpot's errors. All their fields are treated as optional, as HubSpot asks.

use serde_json::{Map, Value};

use super::associations::{DefaultAssociations, ItemError};
use super::atlas::ROWS;
use super::{Done, NAME};
use crate::answer::{self, lenient, word};
use crate::endpoint::{json, unexpected};
use crate::error::Failure;
use crate::http::Response;
use crate::vendors::failure::{failure, id_after};

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
    clean(response, &answer.status, answer.num_errors, &answer.errors)?;
    some(response, &answer.status, answer.results.len())?;
    Ok(answer)
}

/// A batch that counts errors or was cancelled is a failure, whatever its status.
pub(super) fn clean(
    response: &Response,
    status: &str,
    num_errors: u64,
    errors: &[ItemError],
) -> Result<(), Failure> {
    if let Some(error) = errors.first() {
        return Err(item(response, error));
    }
    let what = if num_errors > 0 {
        format!(
            "answered {} with numErrors {num_errors} and no details",
            response.status
        )
    } else if status.starts_with("CANCEL") {
        format!("answered {} with status {status}", response.status)
    } else {
        return Ok(());
    };
    Err(unexpected(NAME, response, &what))
}

/// A batch of links without a result proves nothing: HubSpot answers that way to a body of another shape.
pub(super) fn some(response: &Response, status: &str, results: usize) -> Result<(), Failure> {
    if results > 0 {
        return Ok(());
    }
    let what = format!(
        "answered {} with status {status} and 0 associations: nothing shows that the link exists",
        response.status
    );
    Err(unexpected(NAME, response, &what))
}

/// Reads a success that says no more than that.
///
/// # Errors
/// The [`Failure`] of any other answer; a body that is there and is no JSON (a page of HTML) is one.
pub(super) fn done(response: &Response) -> Result<Done, Failure> {
    if !success(response)?.body.is_empty() {
        answer::value(NAME, response)?;
    }
    Ok(Done {})
}

/// What HubSpot says of one input, inside an answer that may be a 2xx.
pub(super) fn item(response: &Response, error: &ItemError) -> Failure {
    let mut body = error.rest.clone();
    body.insert("category".to_owned(), error.category.clone().into());
    body.insert("message".to_owned(), error.message.clone().into());
    body.insert("context".to_owned(), error.context.clone().into());
    // What is told of an input is what HubSpot says of it, and not of the thousands beside it.
    let own = Response {
        status: response.status,
        headers: response.headers.clone(),
        body: json(&body),
    };
    said(&own, &Value::Object(body), &error.message)
}

/// The failure that an error answer stands for.
fn explain(response: &Response) -> Failure {
    let body = lenient(response);
    said(response, &body, word(&body, "message"))
}

fn said(response: &Response, body: &Value, words: &str) -> Failure {
    Failure {
        path: holders(body).find_map(path),
        existing: id_after(words, "Existing ID:"),
        missing_scopes: holders(body)
            .filter_map(|holder| holder.get("context")?.as_object())
            .flat_map(scopes)
            .collect(),
        ..failure(NAME, ROWS, response, &codes(body), words)
    }
}

/// Whatever HubSpot says in a place for codes.
fn codes(body: &Value) -> Vec<&str> {
    let places = [
        "policyName",
        "subCategory",
        "code",
        "category",
        "errorType",
        "error",
        "status",
    ];
    holders(body)
        .flat_map(|holder| places.map(|place| word(holder, place)))
        .filter(|code| !code.is_empty())
        .collect()
}

/// The details, then the whole: each may say what the other leaves out.
fn holders(body: &Value) -> impl Iterator<Item = &Value> {
    let details = body.get("errors").and_then(Value::as_array);
    details.into_iter().flatten().chain([body])
}

fn path(holder: &Value) -> Option<String> {
    let place = holder.get("in").filter(|place| place.is_string());
    let place = place.or_else(|| holder.pointer("/context/propertyName/0"))?;
    place.as_str().map(str::to_owned)
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
                json!({ "status": "error", "category": code, "message": words }).to_string()
            },
            |response| {
                let body = lenient(response);
                find(ROWS, response, &codes(&body), word(&body, "message"))
            },
        );
    }
}
