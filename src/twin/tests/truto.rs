use serde_json::{Value, json};

use super::Bench;
use crate::http::{Headers, Method, Request};

const PATH: &str =
    "POST /unified/crm/associations?integrated_account_id=62f44730-dd91-461e-bd6a-aedd9e0ad79d";

fn body() -> Value {
    json!({ "entity_id": "0065e00000DealA", "entity": "opportunities",
        "associations": { "contacts": [{ "id": "c1" }], "accounts": [{ "id": "a1" }], "acocunts": [{ "id": "a2" }] } })
}

#[test]
fn both_spellings_of_accounts_come_back() {
    let mut bench = Bench::new();
    let (status, answer) = bench.call(PATH, body());
    assert_eq!((status, &answer["entity"]), (200, &json!("opportunities")));
    let both = json!([{ "id": "a1" }, { "id": "a2" }]);
    assert_eq!(answer["associations"]["accounts"], both);
    assert_eq!(answer["associations"]["acocunts"], both);
    assert!(answer.get("remote_data").is_some());
    bench.call(PATH, body());
    assert_eq!(bench.written().len(), 3, "{:?}", bench.written());
}

#[test]
fn the_answer_is_cut_as_asked() {
    for query in [
        "truto_exclude_fields[]=entity&truto_exclude_fields[]=remote_data",
        "truto_exclude_fields%5B0%5D=entity&truto_exclude_fields%5B1%5D=remote_data",
        "truto_exclude_fields=entity,remote_data",
    ] {
        let (_, answer) = Bench::new().call(&format!("{PATH}&{query}"), body());
        let mut keys: Vec<_> = answer.as_object().unwrap().keys().collect();
        keys.sort();
        assert_eq!(keys, ["associations", "entity_id"], "{query}");
    }
    let (_, answer) = Bench::new().call(&format!("{PATH}&truto_ignore_remote_data=true"), body());
    assert!(answer.get("remote_data").is_none());
    let (_, raw) = Bench::new().call(&format!("{PATH}&truto_response_format=raw"), body());
    assert!(raw.is_array());
    assert_eq!(
        Bench::new()
            .call(&format!("{PATH}&truto_response_format=xml"), body())
            .0,
        400
    );
}

#[test]
fn errors_have_three_keys() {
    let path = "POST /unified/crm/associations";
    for (line, body, token, status) in [
        (path.to_owned(), body(), "twin-token", 400),
        (
            format!("{path}?integrated_account_id=x"),
            body(),
            "twin-token",
            400,
        ),
        (
            format!("{path}?integrated_account_id=00000000-0000-4000-8000-000000000000"),
            body(),
            "twin-token",
            404,
        ),
        (
            PATH.to_owned(),
            json!({ "entity": "accounts" }),
            "twin-token",
            400,
        ),
        (PATH.to_owned(), body(), "", 401),
        (PATH.to_owned(), body(), "expired", 401),
        (PATH.replace("POST", "GET"), Value::Null, "twin-token", 404),
    ] {
        let mut bench = Bench::new();
        bench.token = token;
        let (answered, error) = bench.call(&line, body);
        assert_eq!(
            (answered, &error["statusCode"]),
            (status, &json!(status)),
            "{line}"
        );
        assert!(error["error"].is_string() && error["message"].is_string());
        assert!(bench.written().is_empty());
    }
}

#[test]
fn limits_are_normalised_headers() {
    let response = Bench::new().send(PATH, Some(body()));
    assert_eq!(response.headers.get("ratelimit-remaining"), Some("49"));
    assert_eq!(response.headers.get("ratelimit-reset"), Some("10"));
}

#[test]
fn a_key_replays_the_first_answer() {
    let mut bench = Bench::new();
    let send = |bench: &mut Bench, key: &'static str, body: &Value| {
        let request = Request {
            method: Method::Post,
            url: PATH.replace("POST ", "http://localhost"),
            headers: Headers::from_iter([
                ("authorization", "Bearer twin-token"),
                ("idempotency-key", key),
            ]),
            body: Some(body.to_string()),
        };
        bench.twins.answer(&request, 0).body
    };
    let first = send(&mut bench, "one", &body());
    let other = json!({ "entity_id": "x", "entity": "accounts", "associations": { "contacts": [{ "id": "c9" }] } });
    assert_eq!(send(&mut bench, "one", &other), first);
    assert_eq!(bench.written().len(), 3);
    assert_ne!(send(&mut bench, "two", &other), first);
    assert_eq!(bench.written().len(), 4);
}
