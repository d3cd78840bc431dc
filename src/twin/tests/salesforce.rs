use serde_json::{Value, json};

use super::{Bench, Twins};
use crate::http::{Headers, Method, Request};

const BASE: &str = "/services/data/v66.0";
const ACME: &str = "0015e00000AcmeAAAR";
const BETA: &str = "0015e00000BetaBAAR";
const GAMA: &str = "0015e00000GamaCAAR";
const ANNA: &str = "0035e00000AnnaAAAR";
const BERT: &str = "0035e00000BertBAAR";
const BERTHA: &str = "0035e00000bertBAAQ";
const DEAL: &str = "0065e00000DealAAAR";
const NEW_DEAL: &str = "0065e00000DealBAAR";

/// Runs a query, percent-encoded as a client would.
fn query(bench: &mut Bench, text: &str) -> (u16, Value) {
    let encoded: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    bench.call(&format!("GET {BASE}/query?q={encoded}"), Value::Null)
}

fn count(bench: &mut Bench, text: &str) -> usize {
    let (status, body) = query(bench, text);
    assert_eq!(status, 200, "{text}: {body}");
    body["records"].as_array().unwrap().len()
}

fn role(opportunity: &str, contact: &str, primary: bool) -> Value {
    json!({ "OpportunityId": opportunity, "ContactId": contact, "IsPrimary": primary })
}

#[test]
fn every_sample_is_there_and_has_a_right_checksum() {
    let mut bench = Bench::new();
    let (_, records) = bench.call("GET /_twin/records", Value::Null);
    for (object, expected) in [
        ("Account", 3),
        ("Contact", 4),
        ("Opportunity", 2),
        ("Lead", 2),
    ] {
        let ids = records["salesforce"][object].as_array().unwrap();
        assert_eq!(ids.len(), expected);
        for id in ids {
            let id = id.as_str().unwrap();
            let (status, body) =
                bench.call(&format!("GET {BASE}/sobjects/{object}/{id}"), Value::Null);
            assert_eq!((status, &body["Id"]), (200, &json!(id)));
        }
    }
    let (_, bert) = bench.call(
        &format!("GET {BASE}/sobjects/Contact/{BERT}?fields=Name"),
        Value::Null,
    );
    let (_, bertha) = bench.call(
        &format!("GET {BASE}/sobjects/Contact/{BERTHA}?fields=Name"),
        Value::Null,
    );
    assert_eq!(
        (&bert["Name"], &bertha["Name"]),
        (&json!("Bert Brandt"), &json!("Bertha Brandt"))
    );
}

#[test]
fn tokens_and_limits() {
    for token in ["", "expired", "stranger"] {
        let mut bench = Bench::new();
        bench.token = token;
        let (status, body) = query(&mut bench, "SELECT Id FROM Contact");
        assert_eq!(
            (status, &body[0]["errorCode"]),
            (401, &json!("INVALID_SESSION_ID"))
        );
    }
    let mut bench = Bench::new();
    for used in 1..=2 {
        let response = bench.send(&format!("GET {BASE}/sobjects/Lead/00Q5e00000LeadA"), None);
        assert_eq!(response.status, 200);
        let usage = format!("api-usage={used}/100000");
        assert_eq!(
            response.headers.get("Sforce-Limit-Info"),
            Some(usage.as_str())
        );
    }
}

#[test]
fn versions_have_a_form() {
    for version in ["v66.0", "v46.0"] {
        let line = format!("GET /services/data/{version}/sobjects/Contact/{BERT}");
        assert_eq!(Bench::new().call(&line, Value::Null).0, 200);
    }
    for version in ["66.0", "latest", "v66", "v1.0"] {
        let line = format!("GET /services/data/{version}/sobjects/Contact/{BERT}");
        assert_eq!(Bench::new().call(&line, Value::Null).0, 404, "{version}");
    }
}

#[test]
fn a_contact_role_may_be_written_twice() {
    let mut bench = Bench::new();
    let line = format!("POST {BASE}/sobjects/OpportunityContactRole");
    for _ in 0..2 {
        let (status, body) = bench.call(&line, role(DEAL, BERT, false));
        assert_eq!((status, &body["success"]), (201, &json!(true)));
        assert_eq!(body["errors"], json!([]));
        assert_eq!(body["id"].as_str().unwrap().len(), 18);
    }
    assert_eq!(bench.written().len(), 2);
    assert_eq!(
        bench.written()[1],
        format!("OpportunityContactRole.create: Opportunity {DEAL} > Contact {BERT}")
    );
    let text = format!("SELECT Id FROM OpportunityContactRole WHERE OpportunityId = '{DEAL}'");
    assert_eq!(count(&mut bench, &text), 2);
}

#[test]
fn one_contact_of_an_opportunity_is_primary() {
    let mut bench = Bench::new();
    let line = format!("POST {BASE}/sobjects/OpportunityContactRole/");
    bench.call(&line, role(DEAL, BERT, true));
    bench.call(&line, role(DEAL, ANNA, true));
    let text = "SELECT ContactId FROM OpportunityContactRole WHERE IsPrimary = true";
    let (_, body) = query(&mut bench, text);
    assert_eq!(body["totalSize"], 1);
    assert_eq!(body["records"][0]["ContactId"], ANNA);
    // The opportunity mirrors it, and can not be written to.
    let opportunity = format!("{BASE}/sobjects/Opportunity/{DEAL}");
    let (_, read) = bench.call(&format!("GET {opportunity}?fields=ContactId"), Value::Null);
    assert_eq!(read["ContactId"], ANNA);
    let (status, body) = bench.call(
        &format!("PATCH {opportunity}"),
        json!({ "ContactId": BERT }),
    );
    assert_eq!(
        (status, &body[0]["errorCode"]),
        (400, &json!("INVALID_FIELD_FOR_INSERT_UPDATE"))
    );
    // On create it makes the role.
    let (status, made) = bench.call(
        &format!("POST {BASE}/sobjects/Opportunity"),
        json!({ "Name": "N", "StageName": "S", "CloseDate": "2026-01-01", "ContactId": BERT }),
    );
    assert_eq!(status, 201);
    let id = made["id"].as_str().unwrap();
    let text = format!(
        "SELECT Id FROM OpportunityContactRole WHERE OpportunityId = '{id}' AND IsPrimary = true"
    );
    assert_eq!(count(&mut bench, &text), 1);
}

#[test]
fn a_relation_exists_once_and_follows_the_contacts_account() {
    let mut bench = Bench::new();
    let line = format!("POST {BASE}/sobjects/AccountContactRelation");
    let relation = |account: &str, contact: &str| json!({ "AccountId": account, "ContactId": contact, "Roles": "A;B" });
    // Anna's direct relation is there from the start.
    let (status, body) = bench.call(&line, relation(ACME, ANNA));
    assert_eq!(status, 400);
    assert_eq!(
        body[0]["message"],
        "This contact already has a relationship with this account."
    );
    assert!(bench.written().is_empty());
    assert_eq!(bench.call(&line, relation(BETA, ANNA)).0, 201);
    assert_eq!(bench.call(&line, relation(BETA, ANNA)).0, 400);
    let direct = |bench: &mut Bench| -> Vec<Value> {
        let text = format!(
            "SELECT AccountId FROM AccountContactRelation WHERE ContactId = '{ANNA}' AND IsDirect = true"
        );
        let (_, body) = query(bench, &text);
        let records = body["records"].as_array().unwrap();
        records
            .iter()
            .map(|record| record["AccountId"].clone())
            .collect()
    };
    assert_eq!(direct(&mut bench), [json!(ACME)]);
    // The relation with the account before stays, no longer direct; one that is there becomes direct.
    for (account, rows) in [(GAMA, 3), (BETA, 3)] {
        let (status, _) = bench.call(
            &format!("PATCH {BASE}/sobjects/Contact/{ANNA}"),
            json!({ "AccountId": account }),
        );
        assert_eq!(status, 204);
        assert_eq!(direct(&mut bench), [json!(account)]);
        let text = format!("SELECT Id FROM AccountContactRelation WHERE ContactId = '{ANNA}'");
        assert_eq!(count(&mut bench, &text), rows);
    }
    let (status, body) = bench.call(
        &line,
        json!({ "AccountId": ACME, "ContactId": BERT, "IsDirect": true }),
    );
    assert_eq!((status, &body[0]["fields"]), (400, &json!(["IsDirect"])));
}

#[test]
fn a_patch_that_changes_nothing_is_no_write() {
    let mut bench = Bench::new();
    let response = bench.send(
        &format!("PATCH {BASE}/sobjects/Opportunity/{DEAL}"),
        // The 15 characters are the same record.
        Some(json!({ "AccountId": &ACME[..15] })),
    );
    assert_eq!((response.status, response.body.as_str()), (204, ""));
    assert!(bench.written().is_empty());
    bench.send(
        &format!("PATCH {BASE}/sobjects/Opportunity/{NEW_DEAL}"),
        Some(json!({ "AccountId": ACME })),
    );
    assert_eq!(
        bench.written(),
        [format!(
            "Opportunity.update: Opportunity {NEW_DEAL} > AccountId={ACME}"
        )]
    );
}

#[test]
fn ids_are_looked_at() {
    for (contact, code) in [
        ("0035e00000BertBAAX", "MALFORMED_ID"),
        ("0035e00000Bert", "MALFORMED_ID"),
        (ACME, "MALFORMED_ID"),
        ("", "MALFORMED_ID"),
        ("0035e00000Nobdy", "INVALID_CROSS_REFERENCE_KEY"),
        // The wrong case is another id.
        ("0035e00000BERTB", "INVALID_CROSS_REFERENCE_KEY"),
    ] {
        let mut bench = Bench::new();
        let line = format!("POST {BASE}/sobjects/OpportunityContactRole");
        let (status, body) = bench.call(&line, role(DEAL, contact, false));
        assert_eq!(
            (status, &body[0]["errorCode"]),
            (400, &json!(code)),
            "{contact}"
        );
        assert_eq!(body[0]["fields"], json!(["ContactId"]));
    }
    let mut bench = Bench::new();
    for (id, status, code) in [
        ("abc", 400, "MALFORMED_ID"),
        ("0035e00000Nobdy", 404, "INVALID_CROSS_REFERENCE_KEY"),
        (ACME, 404, "INVALID_CROSS_REFERENCE_KEY"),
    ] {
        let (answered, body) =
            bench.call(&format!("DELETE {BASE}/sobjects/Contact/{id}"), Value::Null);
        assert_eq!((answered, &body[0]["errorCode"]), (status, &json!(code)));
    }
    bench.call(
        &format!("POST {BASE}/sobjects/OpportunityContactRole"),
        role(DEAL, BERT, false),
    );
    assert_eq!(
        bench
            .call(
                &format!("DELETE {BASE}/sobjects/Contact/{BERT}"),
                Value::Null
            )
            .0,
        204
    );
    assert_eq!(
        count(&mut bench, "SELECT Id FROM OpportunityContactRole"),
        0,
        "links go too"
    );
    let (status, body) = bench.call(&format!("GET {BASE}/sobjects/Contact/{BERT}"), Value::Null);
    assert_eq!(
        (status, &body[0]["errorCode"]),
        (404, &json!("ENTITY_IS_DELETED"))
    );
    let (status, body) = bench.call(
        &format!("POST {BASE}/sobjects/OpportunityContactRole"),
        role(DEAL, BERT, false),
    );
    assert_eq!(
        (status, &body[0]["errorCode"]),
        (400, &json!("ENTITY_IS_DELETED"))
    );
}

#[test]
fn fields_are_looked_at() {
    for (line, body, status, code) in [
        (
            "POST OpportunityContactRole",
            json!({ "OpportunityId": DEAL }),
            400,
            "REQUIRED_FIELD_MISSING",
        ),
        (
            "POST OpportunityContactRole",
            json!({ "Nope": 1 }),
            400,
            "INVALID_FIELD",
        ),
        (
            "POST Contact",
            json!({ "FirstName": "A" }),
            400,
            "REQUIRED_FIELD_MISSING",
        ),
        (
            "POST Contact",
            json!({ "LastName": "A", "Id": BERT }),
            400,
            "INVALID_FIELD_FOR_INSERT_UPDATE",
        ),
        ("POST Nothing", json!({}), 404, "NOT_FOUND"),
        (
            "POST AccountPartner",
            json!({}),
            400,
            "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
        ),
        ("POST Contact", Value::Null, 400, "JSON_PARSER_ERROR"),
        ("PUT Contact", json!({}), 405, "METHOD_NOT_ALLOWED"),
        (
            "POST OpportunityContactRole",
            json!({ "OpportunityId": DEAL, "ContactId": BERT, "IsPrimary": "yes" }),
            400,
            "JSON_PARSER_ERROR",
        ),
    ] {
        let mut bench = Bench::new();
        let (method, object) = line.split_once(' ').unwrap();
        let (answered, error) = bench.call(&format!("{method} {BASE}/sobjects/{object}"), body);
        assert_eq!(
            (answered, &error[0]["errorCode"]),
            (status, &json!(code)),
            "{line}"
        );
        assert!(bench.written().is_empty());
    }
    // Names do not mind their case, custom fields are all there.
    let (status, _) = Bench::new().call(
        &format!("POST {BASE}/sobjects/contact"),
        json!({ "lastname": "A", "accountid": BETA, "Key__c": "k" }),
    );
    assert_eq!(status, 201);
}

#[test]
fn an_account_never_stands_above_itself() {
    let mut bench = Bench::new();
    let mut under = |child: &str, parent: &str| {
        bench.call(
            &format!("PATCH {BASE}/sobjects/Account/{child}"),
            json!({ "ParentId": parent }),
        )
    };
    assert_eq!(under(BETA, ACME).0, 204);
    assert_eq!(under(GAMA, BETA).0, 204);
    for (child, parent) in [(ACME, GAMA), (ACME, ACME)] {
        let (status, body) = under(child, parent);
        assert_eq!(
            (status, &body[0]["errorCode"]),
            (400, &json!("CIRCULAR_DEPENDENCY"))
        );
    }
}

#[test]
fn a_partner_is_shown_twice() {
    let mut bench = Bench::new();
    let line = format!("POST {BASE}/sobjects/Partner");
    let (status, made) = bench.call(
        &line,
        json!({ "AccountFromId": ACME, "AccountToId": BETA, "Role": "Reseller" }),
    );
    assert_eq!(status, 201);
    assert_eq!(count(&mut bench, "SELECT Id FROM AccountPartner"), 2);
    let id = made["id"].as_str().unwrap();
    bench.call(&format!("DELETE {BASE}/sobjects/Partner/{id}"), Value::Null);
    assert_eq!(count(&mut bench, "SELECT Id FROM AccountPartner"), 0);
    assert_eq!(
        bench
            .call(&line, json!({ "OpportunityId": DEAL, "AccountToId": BETA }))
            .0,
        201
    );
    assert_eq!(count(&mut bench, "SELECT Id FROM OpportunityPartner"), 2);
    assert_eq!(bench.call(&line, json!({ "AccountToId": BETA })).0, 400);
}

#[test]
fn queries_find_what_they_ask_for() {
    let mut bench = Bench::new();
    for (text, expected) in [
        ("SELECT Id FROM Contact", 4),
        (
            "select id from contact where accountid = '0015e00000AcmeA'",
            1,
        ),
        ("SELECT Id FROM Contact WHERE AccountId = null", 3),
        ("SELECT Id FROM Contact WHERE AccountId != null LIMIT 5", 1),
        (
            "SELECT Id FROM Contact WHERE Id IN ('0035e00000BertB', '0035e00000AnnaAAAR')",
            2,
        ),
        (
            "SELECT Id FROM Contact WHERE Id NOT IN ('0035e00000BertB')",
            3,
        ),
        (r"SELECT Id FROM Contact WHERE LastName = 'O\'Conor'", 1),
        (
            "SELECT Id FROM Contact WHERE LastName = 'brandt' AND FirstName = 'Bert'",
            1,
        ),
        (
            "SELECT Id FROM Contact WHERE (FirstName = 'Cleo' OR FirstName = 'Anna') AND AccountId = null",
            1,
        ),
        ("SELECT Id FROM Contact WHERE Account.Name = 'Acme'", 1),
    ] {
        assert_eq!(count(&mut bench, text), expected, "{text}");
    }
    let (_, body) = query(
        &mut bench,
        "SELECT Id, Account.Name FROM Contact WHERE FirstName = 'Anna'",
    );
    assert_eq!(
        (&body["totalSize"], &body["done"]),
        (&json!(1), &json!(true))
    );
    let record = &body["records"][0];
    assert_eq!(record["Account"]["Name"], "Acme");
    assert_eq!(record["attributes"]["type"], "Contact");
    assert_eq!(
        record["attributes"]["url"],
        format!("{BASE}/sobjects/Contact/{ANNA}")
    );
}

#[test]
fn queries_are_refused_with_a_code() {
    let deep = format!("SELECT {}Id FROM Contact", "ReportsTo.".repeat(50_000));
    for (text, code) in [
        (
            "SELECT Id FROM Contact WHERE LastName = 'O'Conor'",
            "MALFORMED_QUERY",
        ),
        ("", "MALFORMED_QUERY"),
        ("SELECT Nope FROM Contact", "INVALID_FIELD"),
        ("SELECT Id FROM Contact WHERE Nope = 'a'", "INVALID_FIELD"),
        ("SELECT Id FROM Nope", "INVALID_TYPE"),
        (
            "SELECT Id FROM Contact WHERE AccountId = 'x'",
            "INVALID_QUERY_FILTER_OPERATOR",
        ),
        (
            "SELECT Id FROM Partner WHERE AccountToId = 'x'",
            "INVALID_QUERY_FILTER_OPERATOR",
        ),
        (&deep, "INVALID_FIELD"),
    ] {
        let (status, body) = query(&mut Bench::new(), text);
        let start: String = text.chars().take(60).collect();
        assert_eq!(
            (status, &body[0]["errorCode"]),
            (400, &json!(code)),
            "{start}"
        );
    }
}

fn create(object: &str, mut fields: Value) -> Value {
    fields["attributes"] = json!({ "type": object });
    fields
}

#[test]
fn a_collection_reports_each_record() {
    let mut bench = Bench::new();
    let line = format!("POST {BASE}/composite/sobjects");
    let records = json!([
        create("OpportunityContactRole", role(DEAL, BERT, false)),
        create(
            "AccountContactRelation",
            json!({ "AccountId": ACME, "ContactId": ANNA })
        ),
        create("Nothing", json!({})),
    ]);
    let (status, body) = bench.call(&line, json!({ "allOrNone": false, "records": records }));
    assert_eq!((status, &body[0]["success"]), (200, &json!(true)));
    assert_eq!(body[1]["success"], false);
    assert_eq!(body[1]["errors"][0]["statusCode"], "DUPLICATE_VALUE");
    assert!(body[1]["errors"][0].get("errorCode").is_none());
    assert_eq!(body[2]["errors"][0]["statusCode"], "INVALID_TYPE");
    assert_eq!(bench.written().len(), 1);

    let (_, body) = bench.call(&line, json!({ "allOrNone": true, "records": records }));
    assert_eq!(
        body[0]["errors"][0]["statusCode"],
        "ALL_OR_NONE_OPERATION_ROLLED_BACK"
    );
    assert_eq!(bench.written().len(), 1, "nothing was added");
    assert_eq!(
        count(&mut bench, "SELECT Id FROM OpportunityContactRole"),
        1
    );
}

#[test]
fn collections_update_upsert_and_delete() {
    let mut bench = Bench::new();
    let mut update = create("Opportunity", json!({ "AccountId": BETA }));
    update["id"] = json!(NEW_DEAL);
    let line = format!("PATCH {BASE}/composite/sobjects");
    let (_, body) = bench.call(
        &line,
        json!({ "records": [update, create("Opportunity", json!({}))] }),
    );
    assert_eq!(
        (&body[0]["success"], &body[1]["success"]),
        (&json!(true), &json!(false))
    );
    let line = format!("PATCH {BASE}/composite/sobjects/Contact/Key__c");
    let record = create("Contact", json!({ "Key__c": "k1", "LastName": "New" }));
    for created in [true, false] {
        let (_, body) = bench.call(&line, json!({ "records": [record] }));
        assert_eq!(body[0]["created"], created, "{body}");
    }
    let line = format!("DELETE {BASE}/composite/sobjects?ids={BERT},0035e00000Nobdy");
    let (_, body) = bench.call(&line, Value::Null);
    assert_eq!(
        (&body[0]["success"], &body[1]["success"]),
        (&json!(true), &json!(false))
    );
}

#[test]
fn collections_have_limits() {
    let line = format!("POST {BASE}/composite/sobjects");
    let records = |count: usize, types: &[&str]| -> Value {
        let records: Vec<_> = (0..count)
            .map(|at| {
                create(
                    types[at % types.len()],
                    json!({ "LastName": "A", "Name": "A" }),
                )
            })
            .collect();
        json!({ "records": records })
    };
    assert_eq!(Bench::new().call(&line, records(200, &["Contact"])).0, 200);
    assert_eq!(Bench::new().call(&line, records(201, &["Contact"])).0, 400);
    assert_eq!(
        Bench::new()
            .call(&line, records(10, &["Contact", "Account"]))
            .0,
        200
    );
    assert_eq!(
        Bench::new()
            .call(&line, records(11, &["Contact", "Account"]))
            .0,
        400
    );
}

fn sub(reference: &str, method: &str, path: &str, body: Value) -> Value {
    let mut sub =
        json!({ "method": method, "url": format!("{BASE}{path}"), "referenceId": reference });
    if !body.is_null() {
        sub["body"] = body;
    }
    sub
}

fn composite(bench: &mut Bench, all_or_none: bool, subs: Vec<Value>) -> Value {
    let body =
        json!({ "allOrNone": all_or_none, "collateSubrequests": false, "compositeRequest": subs });
    let (status, answer) = bench.call(&format!("POST {BASE}/composite"), body);
    assert_eq!(status, 200, "{answer}");
    answer["compositeResponse"].clone()
}

#[test]
fn a_composite_answers_200_and_counts_once() {
    let mut bench = Bench::new();
    let body = json!({ "compositeRequest": [
        sub("q", "GET", "/query?q=SELECT+Id+FROM+Contact+WHERE+FirstName+=+'Bert'", Value::Null),
        sub("made", "POST", "/sobjects/OpportunityContactRole", json!({ "OpportunityId": DEAL, "ContactId": "@{q.records[0].Id}" })),
        sub("changed", "PATCH", "/sobjects/OpportunityContactRole/@{made.id}", json!({ "Role": "Buyer" })),
        sub("bad", "POST", "/sobjects/OpportunityContactRole", json!({ "OpportunityId": DEAL })),
        sub("halted", "PATCH", "/sobjects/OpportunityContactRole/@{bad.id}", json!({ "Role": "Buyer" })),
    ] });
    let response = bench.send(&format!("POST {BASE}/composite"), Some(body));
    assert_eq!(response.status, 200);
    assert_eq!(
        response.headers.get("sforce-limit-info"),
        Some("api-usage=1/100000")
    );
    let answer: Value = serde_json::from_str(&response.body).unwrap();
    let answers = answer["compositeResponse"].as_array().unwrap();
    let statuses: Vec<_> = answers
        .iter()
        .map(|sub| sub["httpStatusCode"].as_u64().unwrap())
        .collect();
    assert_eq!(statuses, [200, 201, 204, 400, 400], "{answer}");
    assert_eq!(answers[2]["body"], Value::Null);
    assert_eq!(answers[3]["body"][0]["errorCode"], "REQUIRED_FIELD_MISSING");
    assert_eq!(answers[4]["body"][0]["errorCode"], "PROCESSING_HALTED");
    assert_eq!(answers[4]["referenceId"], "halted");
    assert_eq!(bench.written().len(), 2);
    assert_eq!(
        count(
            &mut bench,
            "SELECT Id FROM OpportunityContactRole WHERE Role = 'Buyer'"
        ),
        1
    );
}

#[test]
fn a_rolled_back_collection_still_says_success() {
    let mut bench = Bench::new();
    let records = json!([
        create("OpportunityContactRole", role(DEAL, BERT, false)),
        create("OpportunityContactRole", role(DEAL, "bad", false)),
    ]);
    let answers = composite(
        &mut bench,
        true,
        vec![
            sub(
                "single",
                "PATCH",
                &format!("/sobjects/Opportunity/{NEW_DEAL}"),
                json!({ "AccountId": ACME }),
            ),
            sub(
                "many",
                "POST",
                "/composite/sobjects",
                json!({ "allOrNone": false, "records": records }),
            ),
        ],
    );
    assert_eq!(answers[0]["httpStatusCode"], 400);
    assert_eq!(answers[0]["body"][0]["errorCode"], "PROCESSING_HALTED");
    assert_eq!(answers[1]["httpStatusCode"], 200);
    assert_eq!(answers[1]["body"][0]["success"], true, "the trap");
    assert!(bench.written().is_empty());
    assert_eq!(
        count(&mut bench, "SELECT Id FROM OpportunityContactRole"),
        0
    );
    assert_eq!(
        count(
            &mut bench,
            &format!("SELECT Id FROM Opportunity WHERE AccountId = '{ACME}'")
        ),
        1
    );
}

#[test]
fn a_failed_sibling_rolls_a_good_collection_back() {
    let mut bench = Bench::new();
    let records = json!([create("OpportunityContactRole", role(DEAL, BERT, false))]);
    let answers = composite(
        &mut bench,
        true,
        vec![
            sub(
                "many",
                "POST",
                "/composite/sobjects",
                json!({ "allOrNone": true, "records": records }),
            ),
            sub(
                "bad",
                "PATCH",
                &format!("/sobjects/Opportunity/{NEW_DEAL}"),
                json!({ "AccountId": "bad" }),
            ),
            sub(
                "after",
                "PATCH",
                &format!("/sobjects/Opportunity/{NEW_DEAL}"),
                json!({ "AccountId": ACME }),
            ),
        ],
    );
    assert_eq!(answers[0]["body"][0]["success"], true);
    assert_eq!(answers[1]["body"][0]["errorCode"], "MALFORMED_ID");
    assert_eq!(answers[2]["body"][0]["errorCode"], "PROCESSING_HALTED");
    assert!(bench.written().is_empty());
}

#[test]
fn without_all_or_none_the_others_stay() {
    let mut bench = Bench::new();
    let answers = composite(
        &mut bench,
        false,
        vec![
            sub(
                "bad",
                "PATCH",
                &format!("/sobjects/Opportunity/{NEW_DEAL}"),
                json!({ "AccountId": "bad" }),
            ),
            sub(
                "good",
                "PATCH",
                &format!("/sobjects/Opportunity/{NEW_DEAL}"),
                json!({ "AccountId": ACME }),
            ),
        ],
    );
    assert_eq!(
        (&answers[0]["httpStatusCode"], &answers[1]["httpStatusCode"]),
        (&json!(400), &json!(204))
    );
    assert_eq!(bench.written().len(), 1);
}

#[test]
fn a_composite_has_limits_and_rules() {
    let read = |n: usize| {
        sub(
            &format!("r{n}"),
            "GET",
            &format!("/sobjects/Contact/{BERT}"),
            Value::Null,
        )
    };
    let ask = |n: usize| {
        sub(
            &format!("q{n}"),
            "GET",
            "/query?q=SELECT+Id+FROM+Lead",
            Value::Null,
        )
    };
    let mut with_headers = read(1);
    with_headers["httpHeaders"] = json!({ "Authorization": "Bearer x" });
    for (subs, status) in [
        ((0..25).map(read).collect::<Vec<_>>(), 200),
        ((0..26).map(read).collect(), 400),
        ((0..5).map(ask).chain((0..20).map(read)).collect(), 200),
        ((0..6).map(ask).collect(), 400),
        (vec![read(1), read(1)], 400),
        (vec![sub("no-dash", "GET", "/query", Value::Null)], 400),
        (vec![with_headers], 400),
        (vec![], 400),
    ] {
        let body = json!({ "compositeRequest": subs });
        let (answered, error) = Bench::new().call(&format!("POST {BASE}/composite"), body);
        assert_eq!(answered, status, "{error}");
    }
    let mut bench = Bench::new();
    let inner = sub(
        "inner",
        "POST",
        "/composite",
        json!({ "compositeRequest": [] }),
    );
    let elsewhere =
        json!({ "method": "GET", "url": "/crm/v3/objects/contacts/101", "referenceId": "x" });
    let answers = composite(&mut bench, false, vec![inner, elsewhere]);
    assert_eq!(
        (&answers[0]["httpStatusCode"], &answers[1]["httpStatusCode"]),
        (&json!(400), &json!(400))
    );
}

#[test]
fn an_external_id_upserts() {
    let mut bench = Bench::new();
    // One encoded segment, with a slash in it.
    let line = format!("PATCH {BASE}/sobjects/Contact/Key__c/A%2FB%20C%3F");
    let (status, body) = bench.call(&line, json!({ "LastName": "New" }));
    assert_eq!((status, &body["created"]), (201, &json!(true)));
    let (status, body) = bench.call(&line, json!({ "LastName": "Newer" }));
    assert_eq!((status, &body["created"]), (200, &json!(false)));
    assert_eq!(
        count(&mut bench, "SELECT Id FROM Contact WHERE Key__c = 'A/B C?'"),
        1
    );
    assert_eq!(
        bench.call(&line, json!({ "Key__c": "x" })).0,
        400,
        "the key is no field of the body"
    );
    // Two records with the key: nothing is written.
    bench.call(
        &format!("POST {BASE}/sobjects/Contact"),
        json!({ "LastName": "Other", "Key__c": "A/B C?" }),
    );
    let before = bench.written().len();
    let (status, body) = bench.call(&line, json!({ "LastName": "Which" }));
    assert_eq!((status, body.as_array().unwrap().len()), (300, 2));
    assert_eq!(bench.written().len(), before);
    let only = format!("PATCH {BASE}/sobjects/Contact/Key__c/none?updateOnly=true");
    assert_eq!(bench.call(&only, json!({ "LastName": "A" })).0, 404);
    let name = format!("PATCH {BASE}/sobjects/Contact/LastName/none");
    assert_eq!(bench.call(&name, json!({ "FirstName": "A" })).0, 404);
    let email = format!("PATCH {BASE}/sobjects/Contact/Email/bert@example.test");
    assert_eq!(bench.call(&email, json!({ "Title": "Dr" })).0, 200);
}

#[test]
fn a_body_that_is_no_json_is_refused() {
    let request = Request {
        method: Method::Post,
        url: format!("{BASE}/sobjects/Contact"),
        headers: Headers::from_iter([("authorization", "bearer twin-token")]),
        body: Some("{\"LastName\":".to_owned()),
    };
    let response = Twins::new().answer(&request, 0);
    assert_eq!(response.status, 400);
    assert!(response.body.contains("JSON_PARSER_ERROR"));
}

#[test]
fn a_query_comes_in_pages() {
    let mut bench = Bench::new();
    let limits = json!({ "vendor": "salesforce", "enforce": false, "page": 3 });
    bench.call("POST /_twin/limits", limits);
    let (_, first) = query(&mut bench, "SELECT Id FROM Contact");
    assert_eq!(
        (&first["totalSize"], &first["done"]),
        (&json!(4), &json!(false))
    );
    assert_eq!(first["records"].as_array().map(Vec::len), Some(3));
    let next = first["nextRecordsUrl"].as_str().unwrap();
    assert!(next.starts_with("/services/data/v66.0/query/"), "{next}");
    // What is written meanwhile does not change what the locator shows.
    let contact =
        json!({ "vendor": "salesforce", "type": "Contact", "properties": { "LastName": "Late" } });
    bench.call("POST /_twin/records", contact);
    let (status, last) = bench.call(&format!("GET {next}"), Value::Null);
    assert_eq!((status, &last["done"]), (200, &json!(true)));
    assert_eq!(last["records"].as_array().map(Vec::len), Some(1));
    assert_eq!(last.get("nextRecordsUrl"), None);
    for stranger in ["01g5e0Twin00001-9", "01g5e0Twin00009-3", "none"] {
        let (status, body) = bench.call(&format!("GET {BASE}/query/{stranger}"), Value::Null);
        assert_eq!(
            (status, &body[0]["errorCode"]),
            (400, &json!("INVALID_QUERY_LOCATOR"))
        );
    }
}

#[test]
fn a_page_has_two_thousand_rows_or_as_few_as_two_hundred() {
    let mut bench = Bench::new();
    for number in 0..2_001 {
        let contact = json!({ "vendor": "salesforce", "type": "Contact", "properties": { "LastName": format!("L{number}") } });
        bench.call("POST /_twin/records", contact);
    }
    for (asked, rows) in [("", 2_000), ("batchSize=500", 500), ("batchSize=1", 200)] {
        let mut request = Request {
            method: Method::Get,
            url: format!("https://vendor.example{BASE}/query?q=SELECT%20Id%20FROM%20Contact"),
            headers: Headers::new(),
            body: None,
        };
        request.headers.set("authorization", "Bearer twin-token");
        request
            .headers
            .set("sforce-query-options", asked.to_owned());
        let response = bench.twins.answer(&request, super::NOW);
        let body: Value = serde_json::from_str(&response.body).unwrap();
        assert_eq!(
            body["records"].as_array().map(Vec::len),
            Some(rows),
            "{asked}"
        );
    }
}

#[test]
fn a_direct_relation_goes_with_the_contact_s_account_only() {
    let mut bench = Bench::new();
    let text =
        format!("SELECT Id, IsDirect FROM AccountContactRelation WHERE ContactId = '{ANNA}'");
    let (_, body) = query(&mut bench, &text);
    let direct = body["records"][0]["Id"].as_str().unwrap().to_owned();
    assert_eq!(body["records"][0]["IsDirect"], true);
    let line = format!("DELETE {BASE}/sobjects/AccountContactRelation/{direct}");
    assert_eq!(bench.call(&line, Value::Null).0, 400);
    assert_eq!(count(&mut bench, &text), 1);
    bench.call(
        &format!("PATCH {BASE}/sobjects/Contact/{ANNA}"),
        json!({ "AccountId": null }),
    );
    assert_eq!(count(&mut bench, &text), 0);
    // One that is not direct goes by itself.
    let (_, made) = bench.call(
        &format!("POST {BASE}/sobjects/AccountContactRelation"),
        json!({ "AccountId": GAMA, "ContactId": BERT }),
    );
    let line = format!(
        "DELETE {BASE}/sobjects/AccountContactRelation/{}",
        made["id"].as_str().unwrap()
    );
    assert_eq!(bench.call(&line, Value::Null).0, 204);
}
