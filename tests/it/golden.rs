//! The golden cases under `tests/fixtures`; their README says what each key means.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crmlink::endpoint::Options;
use crmlink::error::{Error, Report};
use crmlink::flow::{Flow, Loss};
use crmlink::http::{Request, Response};
use crmlink::vendors::{self, Vendor};
use serde_json::{Value, json};

use crate::support::{drive, options};

#[test]
fn every_golden_case_holds() {
    let cases = cases();
    assert!(!cases.is_empty(), "no golden cases found");
    let misses: Vec<_> = cases
        .iter()
        .flat_map(|(name, case)| {
            let misses = match (case.get("endpoint"), case.get("operation")) {
                (Some(_), None) => endpoint_case(case),
                (None, Some(_)) => operation_case(case),
                _ => vec!["expected either `endpoint` or `operation`".to_owned()],
            };
            misses
                .into_iter()
                .map(move |miss| format!("{name}\n{miss}"))
        })
        .collect();
    assert!(
        misses.is_empty(),
        "{} of {} golden cases miss:\n\n{}",
        misses.len(),
        cases.len(),
        misses.join("\n\n")
    );
}

#[test]
fn every_endpoint_has_a_success_a_refusal_and_an_error() {
    let mut kinds: BTreeMap<&str, [bool; 3]> = Vendor::ALL
        .iter()
        .flat_map(|vendor| vendor.endpoints())
        .map(|entry| (entry.facts.name, [false; 3]))
        .collect();
    let cases = cases();
    for (name, case) in &cases {
        let Some(endpoint) = case.get("endpoint").and_then(Value::as_str) else {
            continue;
        };
        let seen = kinds
            .get_mut(endpoint)
            .unwrap_or_else(|| panic!("{name} is about {endpoint}, which does not exist"));
        for (seen, key) in seen.iter_mut().zip(["answer", "refused", "error"]) {
            *seen |= case.get(key).is_some();
        }
    }
    let lacking: Vec<_> = kinds
        .iter()
        .filter(|(_, seen)| !seen.iter().all(|seen| *seen))
        .map(|(endpoint, [answer, refused, error])| {
            format!("{endpoint}: answer {answer}, refused {refused}, error {error}")
        })
        .collect();
    assert!(lacking.is_empty(), "lacking cases:\n{}", lacking.join("\n"));
}

#[test]
fn every_case_says_what_it_shows_and_lies_where_it_belongs() {
    for (name, case) in cases() {
        let doc = case.get("doc").and_then(Value::as_str).unwrap_or_default();
        assert!(
            doc.ends_with('.') && doc.len() > 12,
            "{name}: a sentence, please"
        );
        let folder = match case.get("endpoint").and_then(Value::as_str) {
            Some(endpoint) => snake(endpoint).replace('.', "/"),
            None => format!(
                "unified/{}/{}",
                text(&case, "operation").replace('.', "/"),
                text(&case, "vendor")
            ),
        };
        let (found, file) = name.rsplit_once('/').unwrap_or_default();
        assert_eq!(found, folder, "{name} lies in the wrong folder");
        assert_eq!(
            file.starts_with("refuse-"),
            case.get("refused").is_some(),
            "{name}: `refuse-` names the cases that are refused"
        );
        assert_eq!(
            file.starts_with("err-"),
            case.get("error").is_some(),
            "{name}: `err-` names the cases that end in an error"
        );
    }
}

/// The table of disagreements between the founding pages and the official descriptions has 25 rows.
#[test]
fn every_row_of_the_table_has_a_case() {
    let mut rows = std::collections::BTreeSet::new();
    for (_, case) in cases() {
        let said = text(&case, "doc")
            .split_once(':')
            .map_or("", |(said, _)| said);
        if said.starts_with("Row") {
            let words = said.split(|letter: char| !letter.is_ascii_digit());
            rows.extend(words.filter_map(|word| word.parse::<u32>().ok()));
        }
    }
    assert_eq!(
        rows.into_iter().collect::<Vec<_>>(),
        (1..=25).collect::<Vec<_>>()
    );
}

fn endpoint_case(case: &Value) -> Vec<String> {
    let mut misses = Vec::new();
    let entry = match vendors::endpoint(text(case, "endpoint")) {
        Ok(entry) => entry,
        Err(refusal) => return vec![refusal.to_string()],
    };
    let params = input(case, "params", "paramsText");
    let chosen = case
        .get("options")
        .map_or_else(String::new, Value::to_string);
    let built = Options::parse(&chosen)
        .map_err(Error::from)
        .and_then(|chosen| (entry.build)(&params, &chosen));
    match (case.get("request"), case.get("refused"), built) {
        (Some(expected), None, Ok(request)) => {
            misses.extend(same_request("request", expected, &request));
        }
        (None, Some(expected), Err(error)) => {
            misses.extend(same_error("refused", expected, &Report::from(&error)));
        }
        (Some(_), None, Err(error)) => misses.push(format!("  refused: {error}")),
        (None, Some(_), Ok(request)) => misses.push(format!("  not refused: {request:?}")),
        _ => misses.push("  expected either `request` or `refused`".to_owned()),
    }
    let Some(response) = case.get("response") else {
        return misses;
    };
    match (
        case.get("answer"),
        case.get("error"),
        (entry.read)(&response_of(response)),
    ) {
        (Some(expected), None, Ok(answer)) => {
            let answer: Value = serde_json::from_str(&answer).expect("an answer is JSON");
            misses.extend(same("answer", expected, &answer));
        }
        (None, Some(expected), Err(error)) => {
            misses.extend(same_error("error", expected, &Report::from(&error)));
        }
        (Some(_), None, Err(error)) => misses.push(format!("  read as a failure: {error}")),
        (None, Some(_), Ok(answer)) => misses.push(format!("  read as a success: {answer}")),
        _ => misses.push("  expected either `answer` or `error` beside `response`".to_owned()),
    }
    misses
}

fn operation_case(case: &Value) -> Vec<String> {
    let vendor = Vendor::parse(text(case, "vendor")).expect("a vendor");
    let input = input(case, "input", "inputText");
    let chosen = options(case.get("options"));
    let started = Flow::start(vendor, text(case, "operation"), &input, &chosen, 0);
    let mut flow = match (started, case.get("refused")) {
        (Ok(flow), None) => flow,
        (Err(error), Some(expected)) => {
            assert!(matches!(error, Error::Refused(_)));
            return same_error("refused", expected, &Report::from(&error));
        }
        (Ok(_), Some(_)) => return vec!["  not refused".to_owned()],
        (Err(error), None) => return vec![format!("  refused: {error}")],
    };
    let mut misses = Vec::new();
    let exchange = case.get("exchange").and_then(Value::as_array);
    let exchange = exchange.map_or([].as_slice(), Vec::as_slice);

    let plan = serde_json::to_value(flow.plan()).expect("a plan is JSON");
    if let Some(expected) = case.get("plan") {
        misses.extend(same("plan", expected, &plan));
    }
    misses.extend(plan_begins_the_exchange(&plan, exchange));
    misses.extend(plan_told_the_price(&plan, exchange));

    let mut place = 0;
    let outcome = drive(&mut flow, |request, _| {
        let Some(step) = exchange.get(place) else {
            misses.push(format!("  one request more than expected: {request:?}"));
            return Err(Loss::NotSent);
        };
        let name = format!("exchange[{place}].request");
        misses.extend(same_request(&name, &step["request"], request));
        place += 1;
        match step.get("lost").and_then(Value::as_str) {
            None => Ok(response_of(&step["response"])),
            Some("broken") => Err(Loss::Broken),
            Some("timeout") => Err(Loss::Timeout),
            Some("not_sent") => Err(Loss::NotSent),
            Some("aborted") => Err(Loss::Aborted),
            Some(other) => panic!("unknown loss {other}"),
        }
    });
    if place < exchange.len() {
        misses.push(format!("  sent {place} of {} requests", exchange.len()));
    }
    let (receipt, report) = match outcome {
        Ok(receipt) => (receipt, None),
        Err(nothing) => (nothing.receipt, Some(nothing.reason)),
    };
    if let Some(expected) = case.get("receipt") {
        let receipt = serde_json::to_value(&receipt).expect("a receipt is JSON");
        misses.extend(same_receipt(expected, &receipt));
    }
    match (case.get("error"), report) {
        (Some(expected), Some(report)) => misses.extend(same_error("error", expected, &report)),
        (Some(_), None) => misses.push(format!("  no error: {receipt:?}")),
        (None, Some(report)) => misses.push(format!("  an error: {report:?}")),
        (None, None) if case.get("receipt").is_none() => {
            misses.push("  expected `receipt`, `error` or `refused`".to_owned());
        }
        (None, None) => {}
    }
    misses
}

/// The first step of a plan is exact: what it shows is what is sent first, but for the token.
fn plan_begins_the_exchange(plan: &Value, exchange: &[Value]) -> Vec<String> {
    let planned = plan["steps"][0]["requests"].as_array().expect("requests");
    let mut misses = Vec::new();
    for (place, request) in planned.iter().enumerate() {
        let mut sent = exchange
            .get(place)
            .map_or(Value::Null, |step| step["request"].clone());
        if let Some(headers) = sent.get_mut("headers").and_then(Value::as_object_mut) {
            headers.remove("authorization");
        }
        misses.extend(same(
            &format!("plan.steps[0].requests[{place}]"),
            &sent,
            request,
        ));
    }
    misses
}

/// Without a failure, an operation costs what its plan says: no call more than the most, none less than the least.
fn plan_told_the_price(plan: &Value, exchange: &[Value]) -> Vec<String> {
    let clear = |step: &Value| {
        let status = step["response"]["status"].as_u64().unwrap_or_default();
        step.get("lost").is_none() && (200..300).contains(&status)
    };
    let calls = exchange.len() as u64;
    let [least, most] = ["min", "max"].map(|end| plan["calls"][end].as_u64().unwrap_or_default());
    // The same request again is a second try, or a second look: a success could not be read.
    let again = |(place, step): (usize, &Value)| {
        let mut earlier = exchange.iter().take(place);
        earlier.any(|other| other["request"] == step["request"])
    };
    let tried_again = exchange.iter().enumerate().any(again);
    if tried_again || !exchange.iter().all(clear) || (least..=most).contains(&calls) {
        return Vec::new();
    }
    vec![format!(
        "  plan.calls says {least} to {most}, the exchange has {calls}"
    )]
}

fn same(what: &str, expected: &Value, found: &Value) -> Vec<String> {
    if expected == found {
        return Vec::new();
    }
    vec![format!(
        "  {what}:\n    expected {expected}\n    found    {found}"
    )]
}

fn same_request(what: &str, expected: &Value, found: &Request) -> Vec<String> {
    let found = serde_json::to_value(found).expect("a request is JSON");
    same(what, expected, &found)
}

/// Compares the keys that the case writes down; `message` by containment, `null` as absence.
fn same_error(what: &str, expected: &Value, found: &Report) -> Vec<String> {
    let found = serde_json::to_value(found).expect("a report is JSON");
    same_reason(what, expected, &found)
}

fn same_reason(what: &str, expected: &Value, found: &Value) -> Vec<String> {
    let expected = expected.as_object().expect("an error is an object");
    let differs = expected.iter().any(|(key, expected)| match found.get(key) {
        Some(Value::String(message)) if key == "message" => {
            !message.contains(expected.as_str().expect("a message is text"))
        }
        Some(found) => found != expected,
        None => !expected.is_null(),
    });
    if differs {
        let expected = Value::Object(expected.clone());
        return vec![format!(
            "  {what}:\n    expected {expected}\n    found    {found}"
        )];
    }
    Vec::new()
}

fn same_receipt(expected: &Value, found: &Value) -> Vec<String> {
    let mut misses = Vec::new();
    let (mut expected, mut found) = (expected.clone(), found.clone());
    let reasons = (reasons(&mut expected), reasons(&mut found));
    misses.extend(same("receipt", &expected, &found));
    for (place, (expected, found)) in reasons.0.iter().zip(&reasons.1).enumerate() {
        misses.extend(same_reason(&format!("reason {place}"), expected, found));
    }
    misses
}

/// Takes the reasons out of a receipt, wherever they stand, in order; a mark stays where one was. Those of fields are texts,
/// and stay.
fn reasons(receipt: &mut Value) -> Vec<Value> {
    let mut found = Vec::new();
    match receipt {
        Value::Object(fields) => {
            for (name, value) in fields {
                match name.as_str() {
                    "remote_data" | "record" => {}
                    "reason" if value.is_object() => found.push(value.take()),
                    _ => found.extend(reasons(value)),
                }
            }
        }
        Value::Array(items) => found.extend(items.iter_mut().flat_map(reasons)),
        _ => {}
    }
    found
}

fn response_of(value: &Value) -> Response {
    serde_json::from_value(value.clone()).expect("a response of the documented shape")
}

pub(crate) fn input(case: &Value, value: &str, as_text: &str) -> String {
    match case.get(as_text).and_then(Value::as_str) {
        Some(text) => text.to_owned(),
        None => case.get(value).unwrap_or(&json!({})).to_string(),
    }
}

fn text<'a>(case: &'a Value, key: &str) -> &'a str {
    case[key].as_str().unwrap_or_default()
}

/// `createDefault` as `create_default`: the words of the source's path.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// All cases with their names, in order.
pub(crate) fn cases() -> Vec<(String, Value)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    files
        .iter()
        .map(|file| {
            let name = file.strip_prefix(&root).expect("a case").with_extension("");
            let text = fs::read_to_string(file).expect("a readable case");
            let case = serde_json::from_str(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            (name.to_string_lossy().replace('\\', "/"), case)
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the fixtures folder") {
        let path = entry.expect("a folder entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            files.push(path);
        }
    }
}
