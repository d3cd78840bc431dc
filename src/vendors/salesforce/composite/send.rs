//! `POST /services/data/{version}/composite`
//!
//! Sends up to 25 calls as one, of which up to 5 are queries or collections. It counts as one API call and answers 200
//! whatever its parts answer.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::answer::{self, Fields, Shape};
use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Code, Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::read::{self, FromFields};
use crate::vendors::salesforce::{NAME, ORIGIN, error, version, versions};

/// How many parts a call may have.
pub const LARGEST: usize = 25;

/// How many of the parts may be queries or collections.
pub const MOST_QUERIES: usize = 5;

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "salesforce.composite.send",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Post,
    versions: &versions("/services/data/{version}/composite"),
    success: &[200],
    // Its parts may be creates.
    repeat: Repeat::Look,
    batch: Some(LARGEST),
    scopes: &["api"],
    docs: "https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_composite_post.htm",
};

/// The calls to send as one.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Send<'a> {
    /// Whether one failure rolls all back; false by default.
    #[cfg_attr(feature = "types", ts(optional, as = "Option<bool>"))]
    pub all_or_none: bool,
    /// Whether Salesforce may reorder the parts to run them together; true by default, as at Salesforce.
    #[cfg_attr(feature = "types", ts(optional, as = "Option<bool>"))]
    pub collate_subrequests: bool,
    /// The parts, 1 to 25.
    pub composite_request: Vec<Part<'a>>,
}

/// One part of a composite call.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Part<'a> {
    /// The verb.
    #[cfg_attr(
        feature = "types",
        ts(type = "\"GET\" | \"POST\" | \"PUT\" | \"PATCH\" | \"DELETE\"")
    )]
    pub method: Method,
    /// The path with its query, from `/services/data/` on.
    pub url: Cow<'a, str>,
    /// The part's name: letters, digits and `_`.
    pub reference_id: Cow<'a, str>,
    /// The body, where the part has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "unknown", optional))]
    pub body: Option<Value>,
}

/// What a composite call answers.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Sent {
    /// One answer for each part, in order.
    pub composite_response: Vec<PartAnswer>,
}

/// What one part answers.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PartAnswer {
    /// The part's body.
    #[cfg_attr(feature = "types", ts(type = "unknown"))]
    pub body: Value,
    /// The part's status.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub http_status_code: u16,
    /// The part's name.
    pub reference_id: String,
    /// What else Salesforce says.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

impl<'a> FromFields<'a> for Send<'a> {
    fn from_fields(fields: &mut read::Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            all_or_none: fields.flag("allOrNone")?.unwrap_or_default(),
            collate_subrequests: fields.flag("collateSubrequests")?.unwrap_or(true),
            composite_request: fields.required_list("compositeRequest")?,
        })
    }
}

impl<'a> FromFields<'a> for Part<'a> {
    fn from_fields(fields: &mut read::Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            method: fields.required_word("method", METHODS)?,
            url: fields.required_text("url")?,
            reference_id: fields.required_text("referenceId")?,
            body: fields.any("body")?,
        })
    }
}

const METHODS: &[(&str, Method)] = &[
    ("GET", Method::Get),
    ("POST", Method::Post),
    ("PUT", Method::Put),
    ("PATCH", Method::Patch),
    ("DELETE", Method::Delete),
];

impl<'a> Endpoint<'a> for Send<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = Sent;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        let count = self.composite_request.len();
        if count == 0 {
            return Err(Refusal::input(
                "compositeRequest",
                "expected 1 to 25 parts, got none",
            ));
        }
        if count > LARGEST {
            return Err(Refusal {
                code: Code::TooLarge,
                ..Refusal::input(
                    "compositeRequest",
                    format!("expected 1 to 25 parts, got {count}"),
                )
            });
        }
        for (place, part) in self.composite_request.iter().enumerate() {
            part.check(place)?;
        }
        FACTS.request_with(options, &[("version", version(options)?)], self)
    }

    /// A part that failed does not sink the others: read each part's status.
    fn read(response: &Response) -> Result<Sent, Failure> {
        answer::object(NAME, error::success(response)?, Sent::read)
    }
}

impl Part<'_> {
    fn check(&self, place: usize) -> Result<(), Refusal> {
        let path = self.url.split('?').next().unwrap_or_default();
        let climbs = path
            .split('/')
            .any(|segment| crate::id::fault(segment).is_some() && !segment.is_empty());
        if !path.starts_with("/services/data/v") || climbs {
            return Err(Refusal::input(
                format!("compositeRequest[{place}].url"),
                "expected a path from `/services/data/vNN.N/` on, without `.` or `..` in it",
            ));
        }
        let named = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if self.reference_id.is_empty() || !self.reference_id.bytes().all(named) {
            return Err(Refusal::input(
                format!("compositeRequest[{place}].referenceId"),
                "expected letters, digits and `_`",
            ));
        }
        Ok(())
    }
}

impl Sent {
    /// Whether any part failed, a record of a collection among them. Where all or none was asked for, nothing of the call
    /// is left then: a collection that ran before keeps saying `success` of records that were rolled back.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.composite_response.iter().any(|part| {
            let no = |item: &Value| item.get("success") == Some(&Value::Bool(false));
            part.http_status_code >= 300
                || part
                    .body
                    .as_array()
                    .is_some_and(|items| items.iter().any(no))
        })
    }

    pub(in crate::vendors::salesforce) fn read(fields: &mut Fields) -> Result<Self, Shape> {
        Ok(Self {
            composite_response: fields.list("compositeResponse", PartAnswer::read)?,
        })
    }
}

impl PartAnswer {
    fn read(fields: &mut Fields) -> Result<Self, Shape> {
        Ok(Self {
            body: fields.any("body").unwrap_or_default(),
            http_status_code: u16::try_from(fields.number("httpStatusCode")?).unwrap_or_default(),
            reference_id: fields.text("referenceId")?,
            rest: fields.rest(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Headers;

    fn sent(parts: &str) -> Sent {
        let response = Response {
            status: 200,
            headers: Headers::new(),
            body: format!(r#"{{"compositeResponse":[{parts}]}}"#),
        };
        Send::read(&response).unwrap()
    }

    /// The first collection ran before the second one failed and undid it; only the second tells.
    #[test]
    fn a_success_beside_a_failure_may_be_undone() {
        let good = r#"{"body":[{"id":"00K5e00000Role1","success":true,"errors":[]}],"httpHeaders":{},"httpStatusCode":200,"referenceId":"a"}"#;
        let bad = r#"{"body":[{"success":false,"errors":[{"statusCode":"INVALID_CROSS_REFERENCE_KEY","message":"invalid","fields":[]}]}],"httpHeaders":{},"httpStatusCode":200,"referenceId":"b"}"#;
        let halted = r#"{"body":[{"errorCode":"PROCESSING_HALTED","message":"The transaction was rolled back"}],"httpHeaders":{},"httpStatusCode":400,"referenceId":"c"}"#;
        let empty = r#"{"body":null,"httpHeaders":{},"httpStatusCode":204,"referenceId":"d"}"#;
        let query = r#"{"body":{"totalSize":0,"done":true,"records":[]},"httpHeaders":{},"httpStatusCode":200,"referenceId":"e"}"#;
        for (parts, failed) in [
            (vec![good, empty, query], false),
            (vec![good, bad], true),
            (vec![good, halted], true),
            (vec![bad], true),
        ] {
            assert_eq!(sent(&parts.join(",")).has_failed(), failed, "{parts:?}");
        }
    }
}
