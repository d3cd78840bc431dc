//! The exported functions, called from Rust inside a real WebAssembly runtime: `cargo xtask wasm-test`.

#![cfg(target_arch = "wasm32")]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it tests in its name, and ends at the first surprise"
)]

use crmlink_wasm::running::{abort, answered, forget, lost, pace, poll, receipt, settled, start};
use crmlink_wasm::{build, capabilities, check, plan, read};
use js_sys::{JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

const DEFAULT: &str = "hubspot.associations.createDefault";
const PAIR: &str =
    r#"{"fromObjectType":"deals","fromObjectId":"301","toObjectType":"contacts","toObjectId":101}"#;
const LINK: &str =
    r#"{"entity":"opportunities","entity_id":"301","associations":{"contacts":[{"id":"101"}]}}"#;
const LINKED: &str = r#"{"status":"COMPLETE","results":[{"from":{"id":"301"},"to":{"id":"101"},"associationSpec":{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":3}},{"from":{"id":"101"},"to":{"id":"301"},"associationSpec":{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":4}}]}"#;

#[wasm_bindgen_test]
fn a_request_is_the_text_of_a_message() {
    assert_eq!(
        build(&format!("{DEFAULT}\n\n{PAIR}")).unwrap(),
        "PUT https://api.hubapi.com/crm/v4/objects/deals/301/associations/default/contacts/101\naccept: application/json"
    );
    let options = r#"{"token":"t","apiVersion":"2026-03"}"#;
    let message = build(&format!("{DEFAULT}\n{options}\n{PAIR}")).unwrap();
    assert!(message.contains("/crm/objects/2026-03/deals/301/"));
    assert!(message.contains("\nauthorization: Bearer t"));
}

#[wasm_bindgen_test]
fn a_body_stands_behind_an_empty_line_as_it_is() {
    let params = r#"{"pipelineId":"p","locationId":"l","name":"a\n\nb é😀"}"#;
    let message = build(&format!("leadconnector.opportunities.upsert\n\n{params}")).unwrap();
    let (head, body) = message.split_once("\n\n").unwrap();
    assert!(head.starts_with("POST https://services.leadconnectorhq.com/opportunities/upsert\n"));
    assert!(head.contains("\nversion: 2021-07-28"));
    assert_eq!(
        body,
        r#"{"pipelineId":"p","locationId":"l","name":"a\n\nb é😀"}"#
    );
}

#[wasm_bindgen_test]
fn a_refusal_is_an_object_with_the_fields_of_a_report() {
    let params = PAIR.replace("301", "..");
    let error = build(&format!("{DEFAULT}\n\n{params}")).unwrap_err();
    assert_eq!(text(&error, "code"), "invalid_id");
    assert_eq!(text(&error, "path"), "fromObjectId");
    assert!(text(&error, "message").starts_with("fromObjectId: "));
    assert_eq!(text(&error, "sent"), "no");
    assert_eq!(field(&error, "retryable"), JsValue::FALSE);
    assert_eq!(
        keys(&error),
        ["code", "message", "path", "retryable", "sent"]
    );
}

#[wasm_bindgen_test]
fn a_failure_is_an_object_with_the_vendor_s_words() {
    let headers = "retry-after: 7\n";
    let body = r#"{"message":"later"}"#;
    let error = read(DEFAULT, 429, headers, body.to_owned()).unwrap_err();
    assert_eq!(text(&error, "code"), "rate_limited");
    assert_eq!(text(&error, "vendor"), "hubspot");
    assert_eq!(text(&error, "raw"), body);
    // Numbers, and no BigInts: JSON.stringify and arithmetic take them.
    assert_eq!(field(&error, "status").as_f64(), Some(429.0));
    assert_eq!(field(&error, "retryAfter").as_f64(), Some(7_000.0));

    let body = r#"{"category":"MISSING_SCOPES","errors":[{"context":{"requiredGranularScopes":["a.write","b.write"]}}]}"#;
    let error = read(DEFAULT, 403, "", body.to_owned()).unwrap_err();
    let scopes: js_sys::Array = field(&error, "missingScopes").unchecked_into();
    assert_eq!(scopes.join(" "), "a.write b.write");
}

#[wasm_bindgen_test]
fn an_answer_is_json() {
    let answer = read(DEFAULT, 200, "", LINKED.to_owned()).unwrap();
    let answer = JSON::parse(&answer).unwrap();
    assert_eq!(text(&answer, "status"), "COMPLETE");
}

#[wasm_bindgen_test]
fn a_plan_is_its_outline_and_its_requests() {
    let texts = plan("hubspot", "associations.create", LINK, "").unwrap();
    let outline = JSON::parse(&texts.get(0).as_string().unwrap()).unwrap();
    assert_eq!(text(&outline, "vendor"), "hubspot");
    let steps: js_sys::Array = field(&outline, "steps").unchecked_into();
    let count = |step| field(&step, "requests").as_f64().unwrap();
    let requests: f64 = steps.iter().map(count).sum();
    assert_eq!(requests, f64::from(texts.length() - 1));
    assert!(
        texts
            .get(1)
            .as_string()
            .unwrap()
            .starts_with("PUT https://")
    );

    let error = plan("hubspot", "associations.create", "{}", "").unwrap_err();
    assert_eq!(text(&error, "code"), "invalid_input");
}

#[wasm_bindgen_test]
fn capabilities_are_those_of_one_vendor_or_of_all() {
    let all: js_sys::Array = JSON::parse(&capabilities("").unwrap()).unwrap().into();
    let one: js_sys::Array = JSON::parse(&capabilities("truto").unwrap()).unwrap().into();
    assert_eq!((all.length(), one.length()), (4, 1));
    assert_eq!(
        text(&capabilities("pipedrive").unwrap_err(), "path"),
        "vendor"
    );
}

#[wasm_bindgen_test]
fn what_a_caller_gave_is_judged_before_anything_is_done() {
    let options = r#"{"token":"t"}"#;
    check("hubspot", options, "associations.create", LINK).unwrap();
    check("hubspot", "", "", "").unwrap();
    check(
        "",
        "",
        "associations.list",
        r#"{"entity":"contacts","entity_id":"1"}"#,
    )
    .unwrap();
    for (vendor, options, operation, input, path) in [
        ("pipedrive", "", "", "", "vendor"),
        ("hubspot", r#"{"tokn":"t"}"#, "", "", "options.tokn"),
        (
            "hubspot",
            options,
            "associations.destroy",
            LINK,
            "operation",
        ),
        (
            "hubspot",
            options,
            "associations.list",
            LINK,
            "associations",
        ),
        ("", "", "association_types.get", r#"{"id":[]}"#, "id"),
    ] {
        let refusal = check(vendor, options, operation, input).unwrap_err();
        assert_eq!(text(&refusal, "path"), path);
        assert_eq!(text(&refusal, "sent"), "no");
    }
}

#[wasm_bindgen_test]
fn links_are_told_once_as_they_are_settled() {
    let input = LINK.replace(
        r#"{"id":"101"}"#,
        r#"{"id":"101"},{"id":".."},{"id":"101"}"#,
    );
    let number = start("hubspot", "associations.create", &input, "", 1, pace()).unwrap();
    let told = || -> Vec<String> {
        let links: js_sys::Array = JSON::parse(&settled(number).unwrap()).unwrap().into();
        let links = links.iter().map(|link| text(&link, "outcome"));
        links.collect()
    };
    let (id, _) = sent(&poll(number, 0.0).unwrap());
    assert_eq!(told(), ["not_linked"]);
    answered(number, id, 200, "", LINKED.to_owned(), 0.0).unwrap();
    assert_eq!(told(), ["linked", "linked"], "one stands in the list twice");
    assert_eq!(told(), [""; 0]);
    forget(number);
    assert_unknown(&settled(number).unwrap_err());
}

#[wasm_bindgen_test]
fn an_operation_runs_to_its_receipt() {
    let number = start(
        "hubspot",
        "associations.create",
        LINK,
        r#"{"token":"t"}"#,
        1,
        pace(),
    )
    .unwrap();
    let (id, request) = sent(&poll(number, 0.0).unwrap());
    assert!(request.starts_with("PUT https://api.hubapi.com/crm/"));
    assert!(request.ends_with("\nauthorization: Bearer t"));
    assert_eq!(poll(number, 1.0).unwrap(), "await");

    answered(
        number,
        id,
        200,
        "content-type: application/json\n",
        LINKED.to_owned(),
        2.0,
    )
    .unwrap();
    assert_eq!(poll(number, 3.0).unwrap(), "done");
    let receipt = receipt(number).unwrap();
    assert!(receipt.contains(r#""outcome":"linked""#), "{receipt}");
    forget(number);
    assert_unknown(&poll(number, 4.0).unwrap_err());
}

#[wasm_bindgen_test]
fn a_limit_is_waited_for_in_the_driver_s_time() {
    let number = start("hubspot", "associations.create", LINK, "", 1, pace()).unwrap();
    let now = 1_800_000_000_000.0;
    let (id, first) = sent(&poll(number, now).unwrap());
    answered(number, id, 429, "retry-after: 5\n", "{}".to_owned(), now).unwrap();
    let todo = poll(number, now).unwrap();
    let wait: u32 = todo.strip_prefix("wait ").unwrap().parse().unwrap();
    assert!((5_000..=5_500).contains(&wait), "{wait}");
    assert!(poll(number, now + 4_999.0).unwrap().starts_with("wait "));
    let (again, second) = sent(&poll(number, now + 5_500.0).unwrap());
    assert_ne!(id, again);
    assert_eq!(first, second);
    forget(number);
}

#[wasm_bindgen_test]
fn each_loss_is_told_apart() {
    for (loss, code, doubt) in [
        ("not_sent", "vendor_unavailable", "no"),
        ("broken", "vendor_unavailable", "maybe"),
        ("timeout", "timeout", "maybe"),
        ("aborted", "aborted", "maybe"),
    ] {
        let number = start("hubspot", "associations.create", LINK, "", 1, pace()).unwrap();
        let mut now = 0.0;
        let todo = loop {
            let todo = poll(number, now).unwrap();
            match todo.strip_prefix("wait ") {
                Some(span) => now += span.parse::<f64>().unwrap(),
                None if todo.starts_with("send ") => {
                    lost(number, sent(&todo).0, loss, now).unwrap();
                }
                None => break todo,
            }
        };
        assert_eq!(todo, "done");
        // What was certainly never sent is an error; what is in doubt stands in a receipt.
        let (found, reached) = match receipt(number) {
            Ok(receipt) => {
                let receipt = JSON::parse(&receipt).unwrap();
                let links: js_sys::Array = field(&receipt, "links").unchecked_into();
                let reason = field(&links.get(0), "reason");
                (text(&reason, "code"), text(&reason, "sent"))
            }
            Err(error) => (text(&error, "code"), text(&error, "sent")),
        };
        assert_eq!((&*found, &*reached), (code, doubt), "{loss}");
        forget(number);
    }
}

#[wasm_bindgen_test]
fn what_is_cancelled_before_it_is_sent_is_not_sent() {
    let number = start("hubspot", "associations.create", LINK, "", 1, pace()).unwrap();
    abort(number).unwrap();
    assert_eq!(poll(number, 0.0).unwrap(), "done");
    let error = receipt(number).unwrap_err();
    assert_eq!(
        (&*text(&error, "code"), &*text(&error, "sent")),
        ("aborted", "no")
    );
    forget(number);
}

#[wasm_bindgen_test]
fn an_operation_that_is_refused_has_no_number() {
    for (vendor, operation, input, options, path) in [
        ("pipedrive", "associations.create", LINK, "", "vendor"),
        ("hubspot", "associations.destroy", LINK, "", "operation"),
        ("hubspot", "associations.create", "{}", "", "entity"),
        (
            "hubspot",
            "associations.create",
            LINK,
            r#"{"tokn":1}"#,
            "options.tokn",
        ),
    ] {
        let error = start(vendor, operation, input, options, 1, pace()).unwrap_err();
        assert_eq!(
            (&*text(&error, "code"), &*text(&error, "sent")),
            ("invalid_input", "no")
        );
        assert_eq!(text(&error, "path"), path);
    }
}

#[wasm_bindgen_test]
fn operations_side_by_side_do_not_mix() {
    let numbers: Vec<u32> = (1..=50)
        .map(|id| {
            let input = LINK.replace("301", &id.to_string());
            start("hubspot", "associations.create", &input, "", id, pace()).unwrap()
        })
        .collect();
    for (place, number) in numbers.iter().enumerate().rev() {
        let (_, request) = sent(&poll(*number, 0.0).unwrap());
        assert!(
            request.contains(&format!("/deals/{}/", place + 1)),
            "{request}"
        );
        forget(*number);
    }
}

#[wasm_bindgen_test]
fn a_number_that_is_not_known_is_an_error() {
    let unknown = u32::MAX;
    assert_unknown(&poll(unknown, 0.0).unwrap_err());
    assert_unknown(&answered(unknown, 1, 200, "", String::new(), 0.0).unwrap_err());
    assert_unknown(&lost(unknown, 1, "broken", 0.0).unwrap_err());
    assert_unknown(&abort(unknown).unwrap_err());
    assert_unknown(&receipt(unknown).unwrap_err());
    forget(unknown);
}

#[wasm_bindgen_test]
fn an_answer_to_a_request_that_is_not_known_changes_nothing() {
    let number = start("hubspot", "associations.create", LINK, "", 1, pace()).unwrap();
    let (id, _) = sent(&poll(number, 0.0).unwrap());
    answered(number, id + 1, 200, "", LINKED.to_owned(), 0.0).unwrap();
    lost(number, id + 1, "broken", 0.0).unwrap();
    assert_eq!(poll(number, 0.0).unwrap(), "await");
    answered(number, id, 200, "", LINKED.to_owned(), 0.0).unwrap();
    // Twice is once.
    answered(number, id, 500, "", String::new(), 0.0).unwrap();
    assert_eq!(poll(number, 0.0).unwrap(), "done");
    assert!(receipt(number).unwrap().contains(r#""outcome":"linked""#));
    forget(number);
}

#[wasm_bindgen_test]
fn times_that_no_clock_has_do_no_harm() {
    for now in [-1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX] {
        let number = start("hubspot", "associations.create", LINK, "", 1, pace()).unwrap();
        let (id, _) = sent(&poll(number, now).unwrap());
        answered(number, id, 429, "retry-after: 5\n", "{}".to_owned(), now).unwrap();
        let todo = poll(number, now).unwrap();
        assert!(
            todo.starts_with("wait ") || todo.starts_with("send "),
            "{now}: {todo}"
        );
        forget(number);
    }
}

/// The number and the message of `send N MS`.
fn sent(todo: &str) -> (u32, String) {
    let (first, message) = todo.split_once('\n').expect("a request to send");
    let first = first.strip_prefix("send ").expect("a request to send");
    let (id, patience) = first.split_once(' ').expect("how long it may take");
    assert_eq!(patience, "30000");
    (id.parse().expect("a number"), message.to_owned())
}

fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).expect("an object")
}

fn text(object: &JsValue, name: &str) -> String {
    field(object, name)
        .as_string()
        .unwrap_or_else(|| panic!("no text under {name}"))
}

fn keys(object: &JsValue) -> Vec<String> {
    let object: &Object = object.unchecked_ref();
    let mut keys: Vec<_> = Object::keys(object)
        .iter()
        .filter_map(|key| key.as_string())
        .collect();
    keys.sort();
    keys
}

fn assert_unknown(error: &JsValue) {
    assert_eq!(text(error, "code"), "invalid_input");
    assert_eq!(text(error, "path"), "operation");
}
