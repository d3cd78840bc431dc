//! Errors as HTTP answers: in the shape of the vendor whose path was called, or as problem details.

use crmlink::error::{Report, Sent};
use crmlink::unified::problem::{MEDIA_TYPE, Problem, status_for, title};
use crmlink::vendors::Vendor;
use serde::Serialize;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::fault::Fault;
use crate::json::join;

/// The answer of an error. `dialect` is the vendor whose path was called; `entropy` gives an id to find the call by.
pub(crate) fn answer(fault: &Fault, dialect: Option<Vendor>, entropy: impl Fn() -> u64) -> Answer {
    let report = &fault.report;
    // Each vendor has its own status for an input that it refuses.
    let own = fault
        .status
        .or_else(|| Some(status_for(report)).filter(|status| !matches!(status, 413 | 422)));
    let mut answer = match dialect {
        Some(Vendor::Hubspot) => {
            let status = own.unwrap_or(400);
            Answer::json(status, &hubspot(status, report, &uuid(entropy)))
        }
        Some(Vendor::Leadconnector) => {
            let status = own.unwrap_or(422);
            Answer::json(status, &leadconnector(status, report, &uuid(entropy)))
        }
        Some(Vendor::Truto) => {
            let status = own.unwrap_or(400);
            Answer::json(status, &truto(status, report))
        }
        Some(Vendor::Salesforce) | None => unified(own, fault),
    };
    answer.code = Some(report.code);
    if dialect.is_some() {
        // A vendor's shape has no place for these two.
        answer = answer
            .with("x-crmlink-code", report.code.as_str())
            .with("x-crmlink-sent", sent(report.sent));
    }
    if let Some(millis) = report.retry_after {
        answer = answer.with("retry-after", millis.div_ceil(1_000).to_string());
    }
    for (name, value) in &fault.headers {
        answer = answer.with(*name, value.clone());
    }
    answer
}

fn unified(status: Option<u16>, fault: &Fault) -> Answer {
    #[derive(Serialize)]
    struct Body<'f> {
        #[serde(flatten)]
        problem: Problem<'f>,
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        routes: &'f [String],
    }
    let status = status.unwrap_or_else(|| status_for(&fault.report));
    let body = Body {
        problem: Problem::new(&fault.report, &[]).with_status(status),
        routes: &fault.routes,
    };
    let body = join(&[&crmlink::endpoint::json(&body), &fault.beside]);
    Answer::text(status, MEDIA_TYPE, body)
}

/// `{status, message, correlationId, category}`, and the field under `errors[].in`.
fn hubspot(status: u16, report: &Report, id: &str) -> Value {
    let category = match status {
        401 => "INVALID_AUTHENTICATION",
        403 => "MISSING_SCOPES",
        404 => "OBJECT_NOT_FOUND",
        400..=499 => "VALIDATION_ERROR",
        _ => "INTERNAL_ERROR",
    };
    let mut body = json!({
        "status": "error",
        "message": report.message,
        "correlationId": id,
        "category": category,
    });
    if let (Some(path), Some(body)) = (&report.path, body.as_object_mut()) {
        let error = json!({ "message": report.message, "in": path });
        body.insert("errors".to_owned(), json!([error]));
    }
    body
}

/// `{statusCode, message, error, traceId}`; a 422 lists its sentences, and begins those about unknown fields as the
/// vendor's validator does.
fn leadconnector(status: u16, report: &Report, id: &str) -> Value {
    let message = match (status, &report.path) {
        (422, Some(path)) if report.is_unknown_field() => {
            let sentence = format!("property {path} should not exist");
            json!([sentence, report.message])
        }
        (422, _) => json!([report.message]),
        _ => json!(report.message),
    };
    json!({
        "statusCode": status,
        "message": message,
        "error": words(status),
        "traceId": id,
    })
}

fn truto(status: u16, report: &Report) -> Value {
    json!({
        "statusCode": status,
        "error": title(status),
        "message": report.message,
        "truto_is_remote_error": report.sent == Sent::Yes,
    })
}

/// LeadConnector's words of a status, which are those of its framework.
const fn words(status: u16) -> &'static str {
    match status {
        413 => "Payload Too Large",
        422 => "Unprocessable Entity",
        status => title(status),
    }
}

const fn sent(sent: Sent) -> &'static str {
    match sent {
        Sent::No => "no",
        Sent::Maybe => "maybe",
        Sent::Yes => "yes",
    }
}

/// A random UUID (version 4).
fn uuid(entropy: impl Fn() -> u64) -> String {
    let [a, b, c] = [entropy(), entropy(), entropy()];
    format!(
        "{:08x}-{:04x}-4{:03x}-{:x}{:03x}-{:012x}",
        a & 0xffff_ffff,
        (a >> 32) & 0xffff,
        b & 0xfff,
        8 + ((b >> 12) & 3),
        (b >> 14) & 0xfff,
        c & 0xffff_ffff_ffff,
    )
}

#[cfg(test)]
mod tests {
    use crmlink::error::{Code, Refusal};

    use super::*;
    use crate::answer::Body;

    fn shown(fault: &Fault, dialect: Option<Vendor>) -> (u16, Value) {
        let answer = answer(fault, dialect, || 0x0012_3456_789a_bcde);
        let Body::Text(text) = answer.body else {
            panic!("expected a text");
        };
        (answer.status, serde_json::from_str(&text).unwrap())
    }

    #[test]
    fn a_refusal_has_the_status_of_the_vendor() {
        let fault = Fault::from(Refusal::input("name", "expected a text"));
        let statuses = [
            None,
            Some(Vendor::Hubspot),
            Some(Vendor::Leadconnector),
            Some(Vendor::Truto),
        ]
        .map(|dialect| shown(&fault, dialect).0);
        assert_eq!(statuses, [422, 400, 422, 400]);
    }

    #[test]
    fn hubspot_names_the_field() {
        let fault = Fault::from(Refusal::id("toObjectId", "expected an id"));
        let (_, body) = shown(&fault, Some(Vendor::Hubspot));
        assert_eq!(body["category"], "VALIDATION_ERROR");
        assert_eq!(body["errors"][0]["in"], "toObjectId");
        let id = body["correlationId"].as_str().unwrap();
        let lengths: Vec<_> = id.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{id}");
    }

    #[test]
    fn leadconnector_s_validator_begins_with_the_unknown_field() {
        let message = |refusal| {
            shown(&Fault::from(refusal), Some(Vendor::Leadconnector)).1["message"].clone()
        };
        let unknown = message(Refusal::unknown_field("source", "no such field"));
        assert_eq!(
            unknown,
            json!(["property source should not exist", "source: no such field"])
        );
        // The words alone say nothing.
        let other = message(Refusal::input("name", "expected no unknown field"));
        assert_eq!(other, json!(["name: expected no unknown field"]));
    }

    #[test]
    fn a_silent_vendor_is_a_gateway_timeout_in_every_shape() {
        let fault = Fault::unanswered("hubspot", Code::Timeout, Sent::No, "no answer");
        for dialect in [
            None,
            Some(Vendor::Hubspot),
            Some(Vendor::Leadconnector),
            Some(Vendor::Truto),
        ] {
            assert_eq!(shown(&fault, dialect).0, 504);
        }
    }

    #[test]
    fn a_status_of_http_wins_over_that_of_the_code() {
        let fault = Fault::http(415, Code::InvalidInput, "expected JSON");
        let (status, body) = shown(&fault, None);
        assert_eq!(
            (status, &body["status"], &body["statusCode"]),
            (415, &json!(415), &json!(415))
        );
        assert_eq!(body["title"], "Unsupported Media Type");
    }
}
