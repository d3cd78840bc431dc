//! A token leaves in its header alone. A canary stands for it, and is looked for everywhere else.

use crmlink::endpoint::Options;
use crmlink::error::Report;
use crmlink::flow::{Flow, Loss, Todo};
use crmlink::http::{Request, Response};
use crmlink::pace::Pace;
use crmlink::secret::Secret;
use crmlink::unified::problem::Problem;
use crmlink::unified::query::Query;
use crmlink::vendors::Vendor;
use serde_json::json;

use crate::encoding::{entries, samples};
use crate::golden;
use crate::support::{drive, options};

const CANARY: &str = "canary-7f3a9c51";

#[test]
fn a_built_request_shows_its_token_in_its_header_alone() {
    for entry in entries() {
        let params = samples()[entry.facts.name].clone();
        let request = (entry.build)(&json!(params).to_string(), &with_canary())
            .unwrap_or_else(|error| panic!("{}: {error}", entry.facts.name));
        only_in_the_header(&request);
    }
}

#[test]
fn a_refusal_shows_no_token() {
    let mut bad = vec![
        (
            String::new(),
            Options {
                origin: Some("http://elsewhere.example".to_owned()),
                ..with_canary()
            },
        ),
        (
            String::new(),
            Options {
                accept: Some("a\r\nb".to_owned()),
                ..with_canary()
            },
        ),
        (
            String::new(),
            Options {
                api_version: Some("../x".to_owned()),
                ..with_canary()
            },
        ),
    ];
    for params in ["", "{", "[]", "{\"token\":1}", "{\"id\":\"..\"}", "null"] {
        bad.push((params.to_owned(), with_canary()));
    }
    for entry in entries() {
        for (params, options) in &bad {
            let params = if params.is_empty() {
                json!(samples()[entry.facts.name]).to_string()
            } else {
                params.clone()
            };
            if let Err(error) = (entry.build)(&params, options) {
                let report = Report::from(&error);
                clean(&format!("{error} {error:?} {report:?} {}", json!(report)));
            }
        }
    }
}

#[test]
fn a_bad_token_is_not_repeated() {
    for token in [
        format!("{CANARY} with space"),
        format!("{CANARY}\r\nx: y"),
        format!("{CANARY}é"),
        CANARY.repeat(2_000),
    ] {
        let Err(refusal) = Secret::new(token.clone()) else {
            panic!("{token:?} is taken");
        };
        assert_eq!(refusal.path, "token");
        clean(&format!("{refusal} {refusal:?}"));
        let text = json!({ "token": token }).to_string();
        let refusal = Options::parse(&text).err().expect("no token");
        assert_eq!(refusal.path, "options.token");
        clean(&format!("{refusal} {refusal:?}"));
    }
    for text in [
        json!({ "token": [CANARY] }).to_string(),
        format!("{{\"token\":{CANARY}}}"),
        format!("{{\"token\":\"{CANARY}"),
        format!("{{\"token\":\"{CANARY}\",\"{CANARY}\":1"),
    ] {
        let refusal = Options::parse(&text).err().expect("no token");
        clean(&format!("{refusal:?}"));
    }
}

/// Every golden operation, driven with a canary to each end: as recorded, broken, refused, and by a vendor that repeats what it
/// was sent, in refusals and in what calls itself a success.
#[test]
fn plans_receipts_and_failures_show_no_token() {
    for (name, case) in golden::cases() {
        let (Some(vendor), None) = (case["vendor"].as_str(), case.get("refused")) else {
            continue;
        };
        let vendor = Vendor::parse(vendor).expect("a vendor");
        let mut chosen = options(case.get("options"));
        chosen.token = Secret::new(CANARY).ok();
        let input = golden::input(&case, "input", "inputText");
        let operation = case["operation"].as_str().expect("an operation");
        for end in ["recorded", "broken", "refused", "repeated", "praised"] {
            let mut flow = Flow::start(vendor, operation, &input, &chosen, 1).expect("a flow");
            let plan = flow.plan();
            clean(&format!("{plan:?} {}", json!(plan)));
            let mut exchange = case["exchange"].as_array().into_iter().flatten();
            let outcome = drive(&mut flow, |request, _| {
                only_in_the_header(request);
                match (end, exchange.next()) {
                    ("recorded", Some(step)) if step.get("response").is_some() => {
                        Ok(serde_json::from_value(step["response"].clone()).expect("a response"))
                    }
                    ("refused", _) => Ok(Response {
                        status: 401,
                        headers: [("www-authenticate", "Bearer")].into_iter().collect(),
                        body: "{\"message\":\"no\"}".to_owned(),
                    }),
                    ("repeated", _) => Ok(repeat(400, request)),
                    ("praised", _) => Ok(repeat(200, request)),
                    _ => Err(Loss::Broken),
                }
            });
            let (receipt, report) = match outcome {
                Ok(receipt) => (receipt, None),
                Err(nothing) => (nothing.receipt, Some(nothing.reason)),
            };
            let answered = receipt.respond(&Query::default());
            clean(&format!(
                "{name} {receipt:?} {report:?} {} {answered}",
                json!(receipt)
            ));
            if let Some(report) = report {
                let problem = Problem::new(&report, receipt.links());
                clean(&format!("{problem:?} {}", json!(problem)));
            }
        }
    }
}

#[test]
fn what_is_to_do_hides_the_token() {
    let options = with_canary();
    let input = r#"{"entity":"contacts","entity_id":"1","associations":{"accounts":[{"id":"2"}]}}"#;
    let mut flow =
        Flow::start(Vendor::Hubspot, "associations.create", input, &options, 0).expect("a flow");
    let todo = flow.poll(0, &mut Pace::default());
    assert!(matches!(todo, Todo::Send(..)));
    clean(&format!("{todo:?}"));
}

/// An answer in every vendor's way to fail at once, with the request's headers in each of its sentences.
fn repeat(status: u16, request: &Request) -> Response {
    let headers: Vec<_> = request
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    let said = headers.join("; ");
    Response {
        status,
        headers: [
            ("content-type", "application/json"),
            ("x-request-id", CANARY),
            ("sforce-limit-info", CANARY),
        ]
        .into_iter()
        .collect(),
        body: json!({
            "status": "error", "category": CANARY, "message": said, "error": said, "errorCode": said, "traceId": said,
            "correlationId": said, "context": { "token": [said] }, "subCategory": said, "id": said, "success": false,
            "errors": [{ "message": said, "statusCode": said, "fields": [said], "context": { "id": [CANARY] } }],
            "results": [{ "id": said, "from": { "id": said }, "to": { "id": said } }], "numErrors": 1,
        })
        .to_string(),
    }
}

fn with_canary() -> Options {
    Options {
        token: Secret::new(CANARY).ok(),
        origin: Some("https://vendor.example".to_owned()),
        location_id: Some("l1".to_owned()),
        ..Options::default()
    }
}

fn only_in_the_header(request: &Request) {
    let expected = format!("Bearer {CANARY}");
    assert_eq!(
        request.headers.get("authorization"),
        Some(expected.as_str())
    );
    let others = request
        .headers
        .iter()
        .filter(|(name, _)| *name != "authorization")
        .map(|(name, value)| format!("{name}: {value}"))
        .collect::<Vec<_>>();
    clean(&format!(
        "{request:?} {} {:?} {others:?}",
        request.url, request.body
    ));
}

fn clean(text: &str) {
    assert!(!text.contains(CANARY), "the token stands in: {text}");
}
