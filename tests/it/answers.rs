//! How a receipt, a problem and a query look from outside.

use crmlink::error::{Code, Report};
use crmlink::flow::{Flow, Loss};
use crmlink::http::{Headers, Response};
use crmlink::unified::problem::{Problem, status_of};
use crmlink::unified::query::{Format, Query};
use crmlink::unified::receipt::Receipt;
use crmlink::vendors::Vendor;
use serde_json::{Value, json};

use crate::support::{drive, options};

/// A deal with two contacts and an account, of which HubSpot links what `linked` names.
fn receipt(linked: &[&str], lost: bool) -> Receipt {
    let input = json!({ "entity": "opportunities", "entity_id": "301",
        "associations": { "contacts": [{ "id": "101" }, { "id": "102" }], "accounts": [{ "id": "201" }] } })
    .to_string();
    let mut flow = Flow::start(
        Vendor::Hubspot,
        "associations.create",
        &input,
        &options(None),
        0,
    )
    .unwrap_or_else(|error| panic!("{error}"));
    let outcome = drive(&mut flow, |request, _| {
        if lost {
            return Err(Loss::Timeout);
        }
        let asked = format!(
            "{} {}",
            request.url,
            request.body.clone().unwrap_or_default()
        );
        let results: Vec<_> = linked
            .iter()
            .filter(|id| asked.contains(&format!("/{id}")) || asked.contains(&format!("\"{id}\"")))
            .map(|id| json!({ "from": { "id": "301" }, "to": { "id": id },
                "associationSpec": { "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3 } }))
            .collect();
        let body = json!({ "status": "COMPLETE", "results": results }).to_string();
        Ok(Response {
            status: 200,
            headers: Headers::new(),
            body,
        })
    });
    outcome.unwrap_or_else(|nothing| nothing.receipt)
}

fn shown(receipt: &Receipt, query: &str) -> Value {
    let query = Query::parse(query).unwrap_or_else(|refusal| panic!("{refusal}"));
    serde_json::from_str(&receipt.respond(&query)).expect("JSON")
}

#[test]
fn a_receipt_has_three_formats() {
    let receipt = receipt(&["201"], false);
    let unified = shown(&receipt, "");
    assert_eq!(
        unified["associations"],
        json!({ "contacts": [], "acocunts": [{ "id": "201" }], "accounts": [{ "id": "201" }] })
    );
    assert_eq!(unified["links"].as_array().map(Vec::len), Some(3));
    assert_eq!(
        unified["remote_data"].as_array().map(Vec::len),
        Some(2),
        "two calls, two answers"
    );
    assert_eq!(shown(&receipt, "truto_response_format=unified"), unified);

    let raw = shown(&receipt, "truto_response_format=raw");
    assert_eq!(raw, unified["remote_data"]);

    let normalized = shown(&receipt, "truto_response_format=normalized");
    assert_eq!(
        normalized["associations"],
        json!({ "acocunts": [{ "id": "201" }], "accounts": [{ "id": "201" }] })
    );
    assert!(normalized.get("remote_data").is_none());
    assert_eq!(normalized["links"], unified["links"]);
}

#[test]
fn a_receipt_leaves_out_what_it_is_told_to() {
    let receipt = receipt(&["101", "102", "201"], false);
    let without = shown(
        &receipt,
        "truto_ignore_remote_data=true&truto_exclude_fields[]=links&truto_exclude_fields[]=entity",
    );
    let keys: Vec<_> = without
        .as_object()
        .expect("an object")
        .keys()
        .cloned()
        .collect();
    assert_eq!(keys, ["entity_id", "associations"]);
    let excluded = shown(
        &receipt,
        "truto_exclude_fields=remote_data,associations,entity,entity_id",
    );
    let keys: Vec<_> = excluded
        .as_object()
        .expect("an object")
        .keys()
        .cloned()
        .collect();
    assert_eq!(keys, ["links"]);
}

#[test]
fn a_receipt_has_the_status_of_what_is_true() {
    assert_eq!(receipt(&["101", "102", "201"], false).status(), 201);
    assert_eq!(receipt(&["101", "201"], false).status(), 207);
    assert_eq!(receipt(&[], false).status(), 502);
    assert_eq!(receipt(&[], true).status(), 504);
}

/// A refused link beside one of which nobody knows: 422 would say that nothing was sent.
#[test]
fn a_doubt_outweighs_a_refusal() {
    let input = json!({ "entity": "opportunities", "entity_id": "301", "associations": { "contacts": [{ "id": ".." }, { "id": "102" }] } }).to_string();
    let mut flow = Flow::start(
        Vendor::Hubspot,
        "associations.create",
        &input,
        &options(None),
        0,
    )
    .unwrap_or_else(|error| panic!("{error}"));
    let receipt = drive(&mut flow, |_, _| Err(Loss::Timeout)).expect("a doubt");
    assert_eq!(receipt.status(), 504);
    assert_eq!(
        receipt.reason().map(|reason| reason.code),
        Some(Code::Timeout)
    );
}

#[test]
fn a_problem_has_truto_s_fields() {
    let failed = Response {
        status: 429,
        headers: [("retry-after", "3")].into_iter().collect(),
        body: "{\"statusCode\":429,\"message\":\"slow down\"}".to_owned(),
    };
    let entry = crmlink::vendors::endpoint("truto.associations.create").expect("an endpoint");
    let report = Report::from(&(entry.read)(&failed).expect_err("a failure"));
    let problem = json!(Problem::new(&report, &[]));
    for (pointer, value) in [
        ("/type", json!("#rate_limited")),
        ("/title", json!("Too Many Requests")),
        ("/status", json!(429)),
        ("/statusCode", json!(429)),
        ("/error", json!("Too Many Requests")),
        ("/code", json!("rate_limited")),
        ("/sent", json!("yes")),
        ("/retryable", json!(true)),
        ("/truto_is_remote_error", json!(true)),
        ("/truto_error_insight/rate_limit_error/value", json!(3_000)),
        (
            "/raw_response",
            json!("{\"statusCode\":429,\"message\":\"slow down\"}"),
        ),
    ] {
        assert_eq!(
            problem.pointer(pointer),
            Some(&value),
            "{pointer} of {problem}"
        );
    }
    assert_eq!(problem["detail"], problem["message"]);
    assert!(
        problem["message"]
            .as_str()
            .is_some_and(|message| message.contains("slow down"))
    );
    assert!(problem.get("links").is_none());
}

#[test]
fn a_problem_names_the_record_that_is_there_and_what_is_missing() {
    let problem = |endpoint: &str, status, body: &str| {
        let failed = Response {
            status,
            headers: Headers::new(),
            body: body.to_owned(),
        };
        let entry = crmlink::vendors::endpoint(endpoint).expect("an endpoint");
        let report = Report::from(&(entry.read)(&failed).expect_err("a failure"));
        json!(Problem::new(&report, &[]))
    };
    let there = problem(
        "leadconnector.opportunities.upsert",
        400,
        r#"{"message":"Can not create duplicate opportunity for the contact.","code":"OPPORTUNITY_NO_DUPLICATE","meta":{"existingId":"yWQobCRIhRguQtD2llvk"}}"#,
    );
    assert_eq!(there["status"], json!(409));
    assert_eq!(there["existingId"], json!("yWQobCRIhRguQtD2llvk"));
    assert_eq!(there.get("reason"), None);
    let off = problem(
        "salesforce.sobjects.create",
        400,
        r#"[{"errorCode":"FUNCTIONALITY_NOT_ENABLED","message":"no"}]"#,
    );
    assert_eq!(off["status"], json!(422));
    assert_eq!(off["code"], json!("unsupported"));
    assert_eq!(off["reason"], json!("feature_off"));
    assert_eq!(off.get("existingId"), None);
}

#[test]
fn a_field_that_nobody_knows_is_told_apart() {
    let entry =
        crmlink::vendors::endpoint("leadconnector.associations.byKey").expect("an endpoint");
    let refused =
        |params: &str| Report::from(&(entry.build)(params, &options(None)).expect_err("a refusal"));
    let unknown = refused(r#"{"key_name":"k","locationId":"l","nobody":1}"#);
    assert!(unknown.is_unknown_field(), "{unknown:?}");
    assert_eq!(unknown.path.as_deref(), Some("nobody"));
    let wrong = refused(r#"{"key_name":"k","locationId":1}"#);
    assert!(!wrong.is_unknown_field(), "{wrong:?}");
}

#[test]
fn a_refusal_is_no_remote_problem() {
    let entry = crmlink::vendors::endpoint("truto.associations.create").expect("an endpoint");
    let report = Report::from(&(entry.build)("{}", &options(None)).expect_err("a refusal"));
    let problem = json!(Problem::new(&report, &[]));
    assert_eq!(problem["status"], json!(422));
    assert_eq!(problem["path"], json!("integrated_account_id"));
    assert_eq!(problem["truto_is_remote_error"], json!(false));
    assert_eq!(problem["truto_error_insight"].get("remote_error"), None);
}

#[test]
fn an_answer_that_is_too_large_is_the_vendor_s_failure() {
    let input = json!({ "entity": "contacts", "entity_id": "1", "to": "accounts" }).to_string();
    let mut flow = Flow::start(
        Vendor::Hubspot,
        "associations.list",
        &input,
        &options(None),
        0,
    )
    .unwrap_or_else(|error| panic!("{error}"));
    let mut asked = 0;
    let nothing = drive(&mut flow, |_, _| {
        asked += 1;
        Err(Loss::TooLarge)
    });
    let problem = json!(Problem::new(&nothing.expect_err("no list").reason, &[]));
    assert_eq!(
        (&problem["code"], &problem["status"]),
        (&json!("too_large"), &json!(502))
    );
    assert_eq!(
        (&problem["sent"], &problem["retryable"]),
        (&json!("yes"), &json!(false))
    );
    assert_eq!(asked, 1, "it would only be as large again");
}

#[test]
fn each_code_has_its_status() {
    for (code, status) in [
        (Code::InvalidInput, 422),
        (Code::InvalidId, 422),
        (Code::Unsupported, 422),
        (Code::NotFound, 404),
        (Code::AlreadyExists, 409),
        (Code::Conflict, 409),
        (Code::AmbiguousMatch, 409),
        (Code::RateLimited, 429),
        (Code::QuotaExhausted, 429),
        (Code::Unauthenticated, 401),
        (Code::Forbidden, 403),
        (Code::VendorUnavailable, 502),
        (Code::UnexpectedResponse, 502),
        (Code::TooLarge, 413),
        (Code::Timeout, 504),
        (Code::UnknownOutcome, 502),
        (Code::Internal, 500),
    ] {
        assert_eq!(status_of(code), status, "{code:?}");
        assert_eq!(
            json!(code),
            json!(code.as_str()),
            "one word in both spellings"
        );
    }
}

#[test]
fn a_query_is_read_or_refused_by_its_parameter() {
    let query = Query::parse(
        "integrated_account_id=a%20b&truto_response_format=raw&truto_ignore_remote_data=1&truto_exclude_fields[0]=id\
         &remote_query[foo]=bar&remote_query%5Ba%5D%5Bb%5D=1+2&remote_query[l][]=x&remote_query[l][]=y&remote_query[m][][n]=z&",
    )
    .unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(query.integrated_account_id.as_deref(), Some("a b"));
    assert_eq!(query.format, Some(Format::Raw));
    assert_eq!(query.ignore_remote_data, Some(true));
    assert_eq!(query.exclude_fields, ["id"]);
    assert_eq!(
        Value::Object(query.remote_query),
        json!({ "foo": "bar", "a": { "b": "1 2" }, "l": ["x", "y"], "m": [{ "n": "z" }] })
    );
    for (text, path) in [
        ("surprise=1", "surprise"),
        ("truto_response_format=xml", "truto_response_format"),
        (
            "truto_ignore_remote_data=perhaps",
            "truto_ignore_remote_data",
        ),
        ("remote_query=1", "remote_query"),
        ("remote_query[a=1", "remote_query[a"),
        ("remote_query[a]=1&remote_query[a]=2", "remote_query[a]"),
        (
            "remote_query[a]=1&remote_query[a][b]=2",
            "remote_query[a][b]",
        ),
        (
            "remote_query[a][]=1&remote_query[a][b]=2",
            "remote_query[a][b]",
        ),
        (
            "remote_query[a][b][c][d][e][f][g][h]=1",
            "remote_query[a][b][c][d][e][f][g][h]",
        ),
        (
            "integrated_account_id=a&integrated_account_id=b",
            "integrated_account_id",
        ),
        (
            "truto_response_format=raw&truto_response_format=unified",
            "truto_response_format",
        ),
        ("x=%ff", "query"),
    ] {
        let refusal = Query::parse(text).expect_err(text);
        assert_eq!(
            (refusal.code, refusal.path.as_str()),
            (Code::InvalidInput, path),
            "{text}"
        );
    }
    let many = "remote_query[a][]=1&".repeat(201);
    assert_eq!(Query::parse(&many).expect_err("too many").path, "query");
}

#[test]
fn an_input_in_the_query_stands_beside_the_rest() {
    let fields = ["entity", "entity_id", "to"];
    let (query, input) = Query::parse_with(
        "entity=contacts&entity_id=101&to[]=accounts&to[1]=2-345&truto_response_format=stream&remote_query[a]=1",
        &fields,
    )
    .unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(query.format, Some(Format::Stream));
    assert_eq!(
        Value::Object(input),
        json!({ "entity": "contacts", "entity_id": "101", "to": ["accounts", "2-345"] })
    );
    assert_eq!(query.remote_query.len(), 1);
    let (_, input) = Query::parse_with("to=accounts%2Cleads", &fields).expect("commas");
    assert_eq!(Value::Object(input), json!({ "to": "accounts,leads" }));
    for (text, path) in [
        ("entity_id=1&entity_id=2", "entity_id"),
        ("to=a&to[]=b", "to[]"),
        ("to[a][b]=c", "to[a][b]"),
        ("label=x", "label"),
    ] {
        let refusal = Query::parse_with(text, &fields).expect_err(text);
        assert_eq!(
            (refusal.code, refusal.path.as_str()),
            (Code::InvalidInput, path)
        );
    }
    let unknown = Query::parse_with("colour=red", &fields).expect_err("unknown");
    assert!(unknown.message.contains("entity_id"), "{unknown}");
    assert!(
        Query::parse("entity=contacts").is_err(),
        "where it has a body"
    );
}
