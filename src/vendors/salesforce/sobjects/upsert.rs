//! `PATCH /services/data/{version}/sobjects/{sobject}/{field}/{value}`
//!
//! Updates the one record whose external id is the value, or creates it. Several such records: 300, and nothing is written.

use crate::answer;
use crate::endpoint::{Facts, Options, Repeat, unexpected};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::path;
use crate::vendors::salesforce::sobjects::{Record, SaveResult};
use crate::vendors::salesforce::{NAME, ORIGIN, error, version, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "salesforce.sobjects.upsert",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Patch,
    versions: &versions("/services/data/{version}/sobjects/{sobject}/{field}/{value}"),
    success: &[200, 201, 204],
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["api"],
    docs: "https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_upsert_patch.htm",
};

/// The record to update or create.
#[derive(Clone, Copy, Debug)]
pub struct Upsert<'a> {
    /// The object's API name, as in `Contact`.
    pub sobject: &'a str,
    /// The API name of the external id, as in `Number__c`.
    pub field: &'a str,
    /// Its value.
    pub value: &'a str,
    /// The other fields by API name: neither this one nor `Id`.
    pub record: &'a Record<'a>,
    /// Whether a record that is not there stays so.
    pub update_only: bool,
}

/// What an upsert answers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Upserted {
    /// The record's id, where the answer has one.
    pub id: Option<String>,
    /// Whether the record is new.
    pub created: bool,
}

/// Builds the request.
///
/// # Errors
/// A refusal of the value, the fields or the options.
pub fn build(upsert: &Upsert<'_>, options: &Options) -> Result<Request, Refusal> {
    refuse_keys(upsert.record, upsert.field)?;
    let parameters = [
        ("version", version(options)?),
        ("sobject", upsert.sobject),
        ("field", upsert.field),
        ("value", upsert.value),
    ];
    let mut request = FACTS.request_with(options, &parameters, upsert.record)?;
    if upsert.update_only {
        path::push_query(&mut request.url, "updateOnly", "true");
    }
    Ok(request)
}

/// Whether Salesforce may take the end of a value for the extension of a file, and answer 404 whatever there is. Which
/// endings it takes so is not known (`.inc` is one): a value with a dot in it is better sent in a collection's body.
#[must_use]
pub fn may_read_as_a_file(value: &str) -> bool {
    value.contains('.')
}

/// Reads the answer: 201 created, 200 or an empty 204 updated.
///
/// # Errors
/// Any other answer; `ambiguous_match` where several records have the value.
pub fn read(response: &Response) -> Result<Upserted, Failure> {
    error::success(response)?;
    if response.body.is_empty() {
        return match response.status {
            204 => Ok(Upserted {
                id: None,
                created: false,
            }),
            _ => Err(unexpected(
                NAME,
                response,
                "answered an upsert with nothing",
            )),
        };
    }
    let result = answer::object(NAME, response, SaveResult::read)?;
    error::saved(response, &result)?;
    Ok(Upserted {
        created: result.created().unwrap_or(response.status == 201),
        id: result.id,
    })
}

/// Refuses a body that names its own id: Salesforce does.
fn refuse_keys(record: &Record<'_>, field: &str) -> Result<(), Refusal> {
    let own = |name: &&str| name.eq_ignore_ascii_case("Id") || name.eq_ignore_ascii_case(field);
    match record.names().find(own) {
        Some(name) => Err(Refusal::input(
            name,
            "expected neither the id nor the external id among the fields of an upsert",
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;
    use crate::http::Headers;

    fn request(value: &str, field: &str, update_only: bool) -> Result<Request, Refusal> {
        let mut record = Record::default();
        record.push(field, "\"Lind\"");
        let upsert = Upsert {
            sobject: "Contact",
            field: "MyExtId__c",
            value,
            record: &record,
            update_only,
        };
        let options = Options {
            origin: Some("https://acme.my.salesforce.com".to_owned()),
            ..Options::default()
        };
        build(&upsert, &options)
    }

    fn answer(status: u16, body: &str) -> Result<Upserted, Failure> {
        read(&Response {
            status,
            headers: Headers::new(),
            body: body.to_owned(),
        })
    }

    #[test]
    fn a_value_is_one_segment() {
        let request = request("A/B C?é", "LastName", true).unwrap();
        assert_eq!(request.method, Method::Patch);
        assert_eq!(
            request.url,
            "https://acme.my.salesforce.com/services/data/v66.0/sobjects/Contact/MyExtId__c/A%2FB%20C%3F%C3%A9?updateOnly=true"
        );
        assert_eq!(request.body.as_deref(), Some(r#"{"LastName":"Lind"}"#));
    }

    #[test]
    fn what_salesforce_refuses_is_not_sent() {
        for field in ["Id", "id", "myextid__c"] {
            assert!(request("A", field, false).is_err());
        }
        for value in ["", "..", "a/../b", " a"] {
            let refusal = request(value, "LastName", false).unwrap_err();
            assert_eq!(refusal.code, Code::InvalidId, "{value}");
        }
    }

    #[test]
    fn the_status_says_what_happened() {
        let id = Some("0035e00000AnnaAAAR".to_owned());
        let body = r#"{"id":"0035e00000AnnaAAAR","success":true,"errors":[]}"#;
        for (status, body, id, created) in [
            (201, body, id.clone(), true),
            (200, body, id.clone(), false),
            (
                200,
                r#"{"id":"0035e00000AnnaAAAR","success":true,"errors":[],"created":false}"#,
                id,
                false,
            ),
            (204, "", None, false),
        ] {
            assert_eq!(answer(status, body).unwrap(), Upserted { id, created });
        }
        for (status, body) in [(200, ""), (201, ""), (200, "<html>"), (200, "[]")] {
            let failure = answer(status, body).unwrap_err();
            assert_eq!(failure.code, Code::UnexpectedResponse, "{status} {body}");
        }
    }

    #[test]
    fn several_matches_are_named() {
        let failure = answer(
            300,
            r#"["/services/data/v66.0/sobjects/Contact/0035e00000AnnaAAAR","/services/data/v66.0/sobjects/Contact/0035e00000BertBAAR"]"#,
        )
        .unwrap_err();
        assert_eq!(failure.code, Code::AmbiguousMatch);
        assert!(!failure.retryable && !failure.is_unclear());
        for id in ["0035e00000AnnaAAAR", "0035e00000BertBAAR"] {
            assert!(failure.message.contains(id), "{}", failure.message);
        }
    }
}
