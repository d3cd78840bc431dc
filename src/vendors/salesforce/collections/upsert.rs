//! `PATCH /services/data/{version}/composite/sobjects/{sobject}/{field}`
//!
//! Updates or creates up to 200 records of one kind by an external id, and answers one result for each, in order.

use serde::Serialize;

use super::LARGEST;
use crate::answer;
use crate::endpoint::{Facts, Options, Repeat};
use crate::error::{Code, Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::vendors::salesforce::sobjects::{Record, SaveResult};
use crate::vendors::salesforce::{NAME, ORIGIN, error, version, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "salesforce.collections.upsert",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Patch,
    versions: &versions("/services/data/{version}/composite/sobjects/{sobject}/{field}"),
    success: &[200],
    repeat: Repeat::Safe,
    batch: Some(LARGEST),
    scopes: &["api"],
    docs: "https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections_upsert.htm",
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    all_or_none: bool,
    records: &'a [Record<'a>],
}

/// Builds the request. Each record carries its `attributes`, the external id and no record id.
///
/// # Errors
/// A refusal of the records or the options.
pub fn build(
    sobject: &str,
    field: &str,
    records: &[Record<'_>],
    options: &Options,
) -> Result<Request, Refusal> {
    if records.is_empty() || records.len() > LARGEST {
        return Err(Refusal {
            code: Code::TooLarge,
            ..Refusal::input(
                "records",
                format!("expected 1 to 200 records, got {}", records.len()),
            )
        });
    }
    for (place, record) in records.iter().enumerate() {
        let has = |name: &str| record.names().any(|known| known.eq_ignore_ascii_case(name));
        let refuse = |message: &str| Err(Refusal::input(format!("records[{place}]"), message));
        if has("Id") {
            return refuse("expected no record id: the external id says which record is meant");
        }
        if !has(field) || !has("attributes") {
            return refuse("expected the external id and the kind among the fields");
        }
    }
    let parameters = [
        ("version", version(options)?),
        ("sobject", sobject),
        ("field", field),
    ];
    let all_or_none = false;
    let body = Body {
        all_or_none,
        records,
    };
    FACTS.request_with(options, &parameters, &body)
}

/// Reads the answer. A record that was not written does not sink the others: read each result's `success`, and
/// [`SaveResult::created`].
///
/// # Errors
/// Any answer but a list of results.
pub fn read(response: &Response) -> Result<Vec<SaveResult>, Failure> {
    answer::list(NAME, error::success(response)?, SaveResult::read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Headers;
    use serde_json::{Value, json};

    fn request(record: &Value) -> Result<Request, Refusal> {
        let mut fields = Record::default();
        for (name, value) in record.as_object().unwrap() {
            fields.push(name.as_str(), &value.to_string());
        }
        let records = [fields];
        let options = Options {
            origin: Some("https://acme.my.salesforce.com".to_owned()),
            ..Options::default()
        };
        build("Contact", "Number__c", &records, &options)
    }

    #[test]
    fn the_external_id_is_in_the_body() {
        let record = json!({ "attributes": { "type": "Contact" }, "Number__c": "1.inc" });
        let request = request(&record).unwrap();
        assert_eq!(
            request.url,
            "https://acme.my.salesforce.com/services/data/v66.0/composite/sobjects/Contact/Number__c"
        );
        assert_eq!(
            request.body.as_deref(),
            Some(
                r#"{"allOrNone":false,"records":[{"attributes":{"type":"Contact"},"Number__c":"1.inc"}]}"#
            )
        );
    }

    #[test]
    fn records_say_by_what_they_are_known() {
        for record in [
            json!({ "attributes": { "type": "Contact" } }),
            json!({ "Number__c": "1" }),
            json!({ "attributes": { "type": "Contact" }, "Number__c": "1", "id": "0035e00000AnnaA" }),
        ] {
            assert!(request(&record).is_err(), "{record}");
        }
    }

    #[test]
    fn each_result_tells_new_from_old() {
        let body = r#"[{"id":"0035e00000AnnaAAAR","success":true,"errors":[],"created":false},
            {"id":"0035e00000CleoCAAR","success":true,"errors":[],"created":true},
            {"success":false,"errors":[{"statusCode":"DUPLICATE_EXTERNAL_ID","message":"2 records","fields":[]}]}]"#;
        let response = Response {
            status: 200,
            headers: Headers::new(),
            body: body.to_owned(),
        };
        let results = read(&response).unwrap();
        let created: Vec<_> = results.iter().map(SaveResult::created).collect();
        assert_eq!(created, [Some(false), Some(true), None]);
        assert!(!results[2].success);
    }
}
