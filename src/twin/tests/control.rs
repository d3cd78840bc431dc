use serde_json::{Value, json};

use super::Bench;

const LINK: &str = "PUT /crm/v4/objects/deals/301/associations/default/companies/201";

fn fault(bench: &mut Bench, body: Value) {
    assert_eq!(bench.call("POST /_twin/fault", body).0, 200);
}

#[test]
fn a_fault_strikes_its_vendor_and_path_and_no_more_often_than_told() {
    let mut bench = Bench::new();
    fault(
        &mut bench,
        json!({ "vendor": "hubspot", "times": 2, "status": 502, "headers": { "Retry-After": "3" },
        "body": "<html>", "path_contains": "/associations/" }),
    );
    assert_eq!(
        bench.send("GET /crm/v3/objects/deals/301", None).status,
        200
    );
    for _ in 0..2 {
        let response = bench.send(LINK, None);
        assert_eq!((response.status, response.body.as_str()), (502, "<html>"));
        assert_eq!(response.headers.get("retry-after"), Some("3"));
    }
    assert!(bench.written().is_empty());
    assert_eq!(bench.send(LINK, None).status, 200);
}

#[test]
fn a_fault_may_hide_a_write_that_happened() {
    let mut bench = Bench::new();
    fault(
        &mut bench,
        json!({ "vendor": "hubspot", "status": 504, "commit": true }),
    );
    assert_eq!(bench.send(LINK, None).status, 504);
    assert_eq!(bench.written().len(), 1);
    fault(
        &mut bench,
        json!({ "vendor": "hubspot", "status": 200, "body": { "results": [] } }),
    );
    assert_eq!(bench.call(LINK, Value::Null).1, json!({ "results": [] }));
    // No answer at all.
    fault(&mut bench, json!({ "vendor": "hubspot", "status": 0 }));
    assert_eq!(bench.send(LINK, None).status, 0);
    assert_eq!(
        bench.call("POST /_twin/fault", json!({ "status": 500 })).0,
        400
    );
}

#[test]
fn the_ledger_and_the_records_can_be_asked_for() {
    let mut bench = Bench::new();
    bench.send(LINK, None);
    let (_, body) = bench.call("GET /_twin/commits", Value::Null);
    assert_eq!(
        body,
        json!({ "commits": [{ "vendor": "hubspot", "kind": "association.create", "from": "deal 301", "to": "company 201" }] })
    );
    let (_, records) = bench.call("GET /_twin/records", Value::Null);
    assert_eq!(records["hubspot"]["deals"], json!(["301", "302"]));
    assert_eq!(records["salesforce"]["Account"][0], "0015e00000AcmeAAAR");
    bench.call("POST /_twin/reset", Value::Null);
    assert!(bench.written().is_empty());
    let (_, list) = bench.call(
        "GET /crm/v4/objects/deals/301/associations/companies",
        Value::Null,
    );
    assert_eq!(list["results"], json!([]));
}

#[test]
fn limits_bite_when_they_are_told_to() {
    let mut bench = Bench::new();
    let limit = |vendor: &str| json!({ "vendor": vendor, "enforce": true, "max": 1 });
    for vendor in ["hubspot", "leadconnector", "salesforce", "truto"] {
        assert_eq!(bench.call("POST /_twin/limits", limit(vendor)).0, 200);
    }
    bench.send(LINK, None);
    let (status, body) = bench.call(LINK, Value::Null);
    assert_eq!(
        (status, &body["policyName"]),
        (429, &json!("TEN_SECONDLY_ROLLING"))
    );
    let (query, read) = (
        "GET /services/data/v66.0/query?q=SELECT+Id+FROM+Lead",
        "GET /opportunities/yWQobCRIhRguQtD2llvk",
    );
    for (line, status, code) in [
        (query, 403, "REQUEST_LIMIT_EXCEEDED"),
        (read, 429, "Too Many Requests"),
    ] {
        assert_eq!(bench.send(line, None).status, 200);
        let response = bench.send(line, None);
        assert_eq!(response.status, status);
        assert!(response.body.contains(code), "{}", response.body);
    }
}

#[test]
fn a_path_of_nobody_is_404_and_hosts_do_not_matter() {
    let mut bench = Bench::new();
    assert_eq!(bench.send("GET /nowhere", None).status, 404);
    assert_eq!(bench.send("GET /_twin/nowhere", None).status, 404);
    assert_eq!(bench.send("GET /", None).status, 404);
}
