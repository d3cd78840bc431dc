//! Salesforce's errors: a list at plain endpoints, one list for each record in collections, both inside a 200 at times.

use serde_json::Value;

use super::atlas::ROWS;
use super::composite::send::PartAnswer;
use super::sobjects::{SaveError, SaveResult};
use super::{NAME, id};

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
        (false, Some(error)) => Err(Failure {
            raw: Some(own_words(response, result)),
            ..of(response, error)
        }),
        (false, None) => Err(unexpected(
            NAME,
            response,
            "answered a failure without a reason",
        )),
    }
}

/// What the vendor said of this record: in a collection its own item, not those of all others.
fn own_words(response: &Response, result: &SaveResult) -> String {
    if response.body.trim_start().starts_with('[') {
        json(result)
    } else {
        response.body.clone()
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
    let mut words = match error.status_code.as_str() {
        "" => error.message.clone(),
        code => format!("{code}: {}", error.message),
    };
    // Ids alone: what else a rule shows of those records is for who reads `raw`.
    let duplicates = error.duplicates();
    if !duplicates.is_empty() {
        words.push_str(" It may be the same as ");
        words.push_str(&duplicates.join(", "));
    }
    let codes = [error.status_code.as_str()];
    // Of several suspects none is the one.
    let suspect = duplicates.split_first().and_then(|(first, rest)| {
        let alone = rest.iter().all(|id| id::same(id) == id::same(first));
        alone.then(|| (*first).to_owned())
    });
    Failure {
        path: error.fields.first().cloned(),
        existing: id_after(&error.message, "with id:").or(suspect),
        ..failure(NAME, ROWS, response, &codes, &words)
    }
}

/// The answer of a part as if it had been a call of its own.
pub(super) fn part(whole: &Response, part: &PartAnswer) -> Response {
    Response {
        status: part.http_status_code,
        headers: whole.headers.clone(),
        body: match &part.body {
            Value::Null => String::new(),
            body => json(&body),
        },
    }
}

/// The failure of a record that was written and undone: where all or none was asked for one failure undoes all, and a
/// collection that ran before still says `success` of what is no longer there.
pub(super) fn rolled_back(response: &Response) -> Failure {
    let error = SaveError {
        status_code: "ALL_OR_NONE_OPERATION_ROLLED_BACK".to_owned(),
        message: "written and rolled back".to_owned(),
        ..SaveError::default()
    };
    of(response, &error)
}

/// The failure that an error answer stands for.
fn explain(response: &Response) -> Failure {
    let errors = answer::list(NAME, response, SaveError::read).unwrap_or_default();
    if let Some(first) = errors.first() {
        return of(response, first);
    }
    let body = lenient(response);
    if let Some(addresses) = body.as_array().filter(|_| response.status == 300) {
        let records: Vec<_> = addresses
            .iter()
            .filter_map(|url| url.as_str()?.rsplit('/').next())
            .collect();
        let words = format!(
            "several records have this external id, and nothing was written: {}",
            records.join(", ")
        );
        return failure(NAME, ROWS, response, &[], &words);
    }
    // The token endpoint answers one object.
    let code = word(&body, "error");
    let words = match code {
        "" => String::new(),
        code => format!("{code}: {}", word(&body, "error_description")),
    };
    failure(NAME, ROWS, response, &[code], &words)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::atlas::ATLAS;
    use super::*;
    use crate::error::Code;
    use crate::http::Headers;
    use crate::vendors::failure::{find, proof};

    #[test]
    fn every_row_is_reached() {
        proof::every_row_is_reached(
            ROWS,
            ATLAS.sources.len(),
            |code, words| json!([{ "errorCode": code, "message": words }]).to_string(),
            |response| {
                let errors = answer::list(NAME, response, SaveError::read).unwrap_or_default();
                let error = errors.first()?;
                find(ROWS, response, &[&error.status_code], &error.message)
            },
        );
    }

    fn answer(status: u16, body: &str) -> Response {
        Response {
            status,
            headers: Headers::new(),
            body: body.to_owned(),
        }
    }

    fn failure(status: u16, body: &str) -> Failure {
        success(&answer(status, body)).unwrap_err()
    }

    #[test]
    fn a_code_has_two_names() {
        let item = r#"[{"success":false,"errors":[{"statusCode":"DUPLICATE_VALUE","message":"duplicate value found: 003","fields":[]}]}]"#;
        let response = answer(200, item);
        let results = answer::list(NAME, &response, SaveResult::read).unwrap();
        let of_item = saved(&response, &results[0]).unwrap_err();
        let plain = failure(
            400,
            r#"[{"errorCode":"DUPLICATE_VALUE","message":"duplicate value found: 003","fields":[]}]"#,
        );
        assert_eq!(
            (of_item.code, plain.code),
            (Code::AlreadyExists, Code::AlreadyExists)
        );
    }

    #[test]
    fn three_things_are_called_duplicates() {
        for (error, code) in [
            (
                r#""errorCode":"DUPLICATE_VALUE","message":"duplicate value found""#,
                Code::AlreadyExists,
            ),
            (
                r#""errorCode":"UNKNOWN","message":"This contact already has a relationship with this account.""#,
                Code::AlreadyExists,
            ),
            // A rule's guess: the record is not known to be the same.
            (
                r#""errorCode":"DUPLICATES_DETECTED","message":"Use one of these records?""#,
                Code::Conflict,
            ),
        ] {
            assert_eq!(
                failure(400, &format!("[{{{error}}}]")).code,
                code,
                "{error}"
            );
        }
    }

    /// The ids of the suspects are named, and nothing else of them.
    #[test]
    fn a_duplicate_rule_s_suspects_are_named_in_either_spelling() {
        for name in ["duplicateResut", "duplicateResult"] {
            let body = format!(
                r#"[{{"{name}":{{"allowSave":false,"duplicateRule":"Contacts","matchResults":[{{"matchRecords":[
                    {{"matchConfidence":100,"record":{{"attributes":{{"type":"Contact"}},"Id":"0035e00000AnnaAAAR","Email":"anna@example.test"}}}},
                    {{"matchConfidence":80,"record":{{"Id":"0035e00000BertBAAR"}}}}]}}]}},
                    "errorCode":"DUPLICATES_DETECTED","message":"Use one of these records?"}}]"#
            );
            let failure = failure(400, &body);
            assert!(
                failure
                    .message
                    .contains("0035e00000AnnaAAAR, 0035e00000BertBAAR"),
                "{}",
                failure.message
            );
            assert!(!failure.message.contains("anna@"), "{}", failure.message);
        }
    }

    /// A receipt of 200 records does not carry 200 copies of all of them.
    #[test]
    fn an_item_s_failure_shows_that_item() {
        let body = r#"[{"id":"0035e00000AnnaAAAR","success":true,"errors":[]},{"success":false,"errors":[{"statusCode":"REQUIRED_FIELD_MISSING","message":"Required fields are missing: [LastName]","fields":["LastName"]}]}]"#;
        let response = answer(200, body);
        let results = answer::list(NAME, &response, SaveResult::read).unwrap();
        let failure = saved(&response, &results[1]).unwrap_err();
        assert_eq!(
            failure.raw.as_deref(),
            Some(
                r#"{"success":false,"errors":[{"statusCode":"REQUIRED_FIELD_MISSING","message":"Required fields are missing: [LastName]","fields":["LastName"]}]}"#
            )
        );
        assert_eq!(failure.path.as_deref(), Some("LastName"));
    }

    #[test]
    fn the_request_limit_is_a_403() {
        let limit = failure(
            403,
            r#"[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"TotalRequests Limit exceeded."}]"#,
        );
        assert_eq!(limit.code, Code::QuotaExhausted);
        let access = failure(
            403,
            r#"[{"errorCode":"INSUFFICIENT_ACCESS","message":"no access"}]"#,
        );
        assert_eq!(access.code, Code::Forbidden);
    }
}
