//! LeadConnector's errors.

use serde_json::Value;

use super::NAME;
use super::atlas::ROWS;
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
    let sentences = sentences(&body);
    Failure {
        path: sentences.iter().find_map(|sentence| field(sentence)),
        existing: existing(&body).map(|(_, id)| id.to_owned()),
        ..failure(NAME, ROWS, response, &codes(&body), &sentences.join("; "))
    }
}

/// 422 lists one sentence a field, the others have one sentence.
fn sentences(body: &Value) -> Vec<&str> {
    match body.get("message") {
        Some(Value::String(sentence)) => vec![sentence],
        Some(Value::Array(sentences)) => sentences.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The code, where there is one, and the place that names a record which is there already.
fn codes(body: &Value) -> Vec<&str> {
    let place = existing(body).map(|(place, _)| place);
    [word(body, "code")].into_iter().chain(place).collect()
}

fn existing(body: &Value) -> Option<(&'static str, &str)> {
    let meta = body.get("meta")?;
    [
        ("meta.existingId", "existingId"),
        ("meta.contactId", "contactId"),
    ]
    .into_iter()
    .find_map(|(place, name)| Some((place, meta.get(name)?.as_str()?)))
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
            |code, words| match code.strip_prefix("meta.") {
                Some(name) => json!({ "meta": { name: "x" } }).to_string(),
                None => json!({ "code": code, "message": [words] }).to_string(),
            },
            |response| {
                let body = lenient(response);
                find(ROWS, response, &codes(&body), &sentences(&body).join("; "))
            },
        );
    }
}
