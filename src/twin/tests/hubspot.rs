use serde_json::{Value, json};

use super::Bench;

const PAIR: &str = "/crm/v4/objects/deals/301/associations/default/companies/201";

#[test]
fn a_default_link_tells_both_directions_and_is_written_once() {
    let mut bench = Bench::new();
    let (status, body) = bench.call(&format!("PUT {PAIR}"), Value::Null);
    assert_eq!(status, 200);
    assert_eq!(body["status"], "COMPLETE");
    assert_eq!(body["startedAt"], "2026-11-22T12:00:00.000Z");
    assert!(
        body.get("numErrors").is_none(),
        "a clean answer names no errors"
    );
    let spec =
        |id: u32| json!({ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": id });
    assert_eq!(
        body["results"],
        json!([
            { "from": { "id": "301" }, "to": { "id": "201" }, "associationSpec": spec(341) },
            { "from": { "id": "201" }, "to": { "id": "301" }, "associationSpec": spec(342) },
        ])
    );
    let (again, _) = bench.call(&format!("PUT {PAIR}"), Value::Null);
    assert_eq!(again, 200);
    let (back, _) = bench.call(
        "PUT /crm/objects/2026-03/0-2/201/associations/default/deal/301",
        Value::Null,
    );
    assert_eq!(back, 200);
    assert_eq!(
        bench.written(),
        ["association.create: deal 301 > company 201"]
    );
}

#[test]
fn the_first_company_becomes_the_primary_one_and_the_second_does_not() {
    let mut bench = Bench::new();
    for company in ["201", "202"] {
        bench.call(
            &format!("PUT /crm/v4/objects/deal/301/associations/default/company/{company}"),
            Value::Null,
        );
    }
    let (_, body) = bench.call(
        "GET /crm/v4/objects/deals/301/associations/companies",
        Value::Null,
    );
    let types = |at: usize| -> Vec<u64> {
        let types = body["results"][at]["associationTypes"].as_array().unwrap();
        types
            .iter()
            .map(|t| t["typeId"].as_u64().unwrap())
            .collect()
    };
    assert_eq!((types(0), types(1)), (vec![5, 341], vec![341]));
    assert!(body.get("paging").is_none());
    assert_eq!(body["results"][0]["toObjectId"], 201, "v4 answers numbers");
    let (_, dated) = bench.call(
        "GET /crm/objects/2026-09/deals/301/associations/companies",
        Value::Null,
    );
    assert_eq!(
        dated["results"][0]["toObjectId"], "201",
        "dated answers text"
    );
}

#[test]
fn each_pair_has_its_own_type_ids() {
    for (from, to, forth, back) in [
        ("contacts/101", "companies/201", 279, 280),
        ("deals/301", "contacts/101", 3, 4),
        ("contacts/101", "contacts/102", 449, 449),
        ("leads/501", "contacts/101", 608, 609),
        ("tickets/401", "companies/201", 339, 340),
    ] {
        let (status, body) = Bench::new().call(
            &format!("PUT /crm/v4/objects/{from}/associations/default/{to}"),
            Value::Null,
        );
        assert_eq!(status, 200, "{from} {to}");
        let id = |at: usize| body["results"][at]["associationSpec"]["associationTypeId"].clone();
        assert_eq!((id(0), id(1)), (json!(forth), json!(back)), "{from} {to}");
    }
}

#[test]
fn errors_have_their_category() {
    for (line, status, category) in [
        (
            "PUT /crm/v4/objects/deals/999/associations/default/companies/201",
            404,
            "OBJECT_NOT_FOUND",
        ),
        (
            "PUT /crm/v4/objects/deals/301/associations/default/companies/999",
            404,
            "OBJECT_NOT_FOUND",
        ),
        (
            "PUT /crm/v4/objects/deals/abc/associations/default/companies/201",
            400,
            "VALIDATION_ERROR",
        ),
        (
            "PUT /crm/v4/objects/widgets/1/associations/default/companies/201",
            400,
            "VALIDATION_ERROR",
        ),
        (
            "PUT /crm/v4/objects/tickets/401/associations/default/leads/501",
            400,
            "VALIDATION_ERROR",
        ),
        (
            "PUT /crm/objects/2031-03/deals/301/associations/default/companies/201",
            404,
            "OBJECT_NOT_FOUND",
        ),
        (
            "PUT /crm/v3/objects/deals/301/associations/default/companies/201",
            404,
            "OBJECT_NOT_FOUND",
        ),
        (
            "GET /crm/v4/objects/deals/301/associations/companies?limit=501",
            400,
            "VALIDATION_ERROR",
        ),
    ] {
        let mut bench = Bench::new();
        let (answered, body) = bench.call(line, Value::Null);
        assert_eq!(
            (answered, &body["category"]),
            (status, &json!(category)),
            "{line}"
        );
        assert_eq!(body["status"], "error");
        assert!(body["message"].is_string() && body["correlationId"].is_string());
        assert!(bench.written().is_empty());
    }
}

#[test]
fn tokens_are_looked_at() {
    for (token, status, category) in [
        ("", 401, "INVALID_AUTHENTICATION"),
        ("stranger", 401, "INVALID_AUTHENTICATION"),
        ("expired", 401, "EXPIRED_AUTHENTICATION"),
        ("unscoped", 403, "MISSING_SCOPES"),
    ] {
        let mut bench = Bench::new();
        bench.token = token;
        let (answered, body) = bench.call(&format!("PUT {PAIR}"), Value::Null);
        assert_eq!(
            (answered, &body["category"]),
            (status, &json!(category)),
            "{token}"
        );
        assert!(bench.written().is_empty());
    }
}

#[test]
fn rate_headers_count_down() {
    let mut bench = Bench::new();
    for left in ["149", "148"] {
        let response = bench.send(&format!("PUT {PAIR}"), None);
        let header = |name: &str| response.headers.get(name).unwrap().to_owned();
        assert_eq!(header("X-HubSpot-RateLimit-Remaining"), left);
        assert_eq!(header("X-HubSpot-RateLimit-Max"), "150");
        assert_eq!(header("X-HubSpot-RateLimit-Interval-Milliseconds"), "10000");
    }
}

#[test]
fn a_batch_links_two_thousand_and_refuses_one_more() {
    let inputs = |count: u32| {
        let inputs: Vec<_> = (0..count)
            .map(
                |n| json!({ "from": { "id": (1_000_000 + n).to_string() }, "to": { "id": "201" } }),
            )
            .collect();
        json!({ "inputs": inputs })
    };
    for path in [
        "/crm/v4/associations/contacts/companies/batch/associate/default",
        "/crm/associations/2026-03/0-1/0-2/batch/associate/default",
    ] {
        let mut bench = Bench::new();
        let (status, body) = bench.call(&format!("POST {path}"), inputs(2_001));
        assert_eq!(
            (status, &body["category"]),
            (400, &json!("VALIDATION_ERROR"))
        );
        assert!(bench.written().is_empty());
        let (status, body) = bench.call(&format!("POST {path}"), inputs(2_000));
        assert_eq!(status, 200);
        assert_eq!(body["results"].as_array().unwrap().len(), 4_000);
        assert_eq!(bench.written().len(), 2_000);
    }
}

#[test]
fn a_batch_hides_failures_in_a_200() {
    let mut bench = Bench::new();
    let (status, body) = bench.call(
        "POST /crm/v4/associations/deals/contacts/batch/associate/default",
        json!({ "inputs": [
            { "from": { "id": "301" }, "to": { "id": "101" } },
            { "from": { "id": "301" }, "to": { "id": "999" } },
        ] }),
    );
    assert_eq!((status, &body["numErrors"]), (200, &json!(1)));
    assert_eq!(body["results"].as_array().unwrap().len(), 2);
    assert_eq!(body["errors"][0]["category"], "OBJECT_NOT_FOUND");
    assert_eq!(body["errors"][0]["context"]["toObjectId"], json!(["999"]));
    assert_eq!(
        bench.written(),
        ["association.create: deal 301 > contact 101"]
    );
}

#[test]
fn no_types_link_nothing_and_a_strange_body_completes() {
    let mut bench = Bench::new();
    let line = "POST /crm/v4/associations/deals/contacts/batch/create";
    for body in [
        json!({ "inputs": [{ "from": { "id": "301" }, "to": { "id": "101" }, "types": [] }] }),
        json!({ "pairs": [] }),
    ] {
        let (status, answer) = bench.call(line, body);
        assert_eq!((status, &answer["results"]), (201, &json!([])));
        assert_eq!(answer["status"], "COMPLETE");
    }
    assert!(bench.written().is_empty());
}

#[test]
fn labels_are_made_set_replaced_and_taken_away() {
    let mut bench = Bench::new();
    let labels = "/crm/v4/associations/contacts/companies/labels";
    let (status, made) = bench.call(
        &format!("POST {labels}"),
        json!({ "label": "Buyer", "name": "buyer", "inverseLabel": "Bought by" }),
    );
    assert_eq!((status, &made["results"][0]["typeId"]), (200, &json!(1)));
    assert_eq!(made["results"][1]["label"], "Bought by");
    let (bad, _) = bench.call(
        &format!("POST {labels}"),
        json!({ "label": "x", "name": "a-b" }),
    );
    assert_eq!(bad, 400);

    let pair = "/crm/v4/objects/contacts/101/associations/companies/201";
    let user = |id: u32| json!({ "associationCategory": "USER_DEFINED", "associationTypeId": id });
    let response = bench.send(&format!("PUT {pair}"), Some(json!([user(1)])));
    assert_eq!(response.status, 201);
    assert!(response.headers.get("location").is_some());
    let (_, body) = bench.call(&format!("PUT {pair}"), json!([user(1)]));
    assert_eq!(
        body,
        json!({ "fromObjectTypeId": "0-1", "fromObjectId": 101, "toObjectTypeId": "0-2", "toObjectId": 201, "labels": ["Buyer"] })
    );
    let types = |bench: &mut Bench, line: &str| -> Vec<Value> {
        let (_, body) = bench.call(line, Value::Null);
        let types = body["results"][0]["associationTypes"].as_array().cloned();
        types
            .unwrap_or_default()
            .iter()
            .map(|t| json!([t["category"], t["typeId"]]))
            .collect()
    };
    let list = "GET /crm/v4/objects/contacts/101/associations/companies";
    let all = types(&mut bench, list);
    assert!(all.contains(&json!(["HUBSPOT_DEFINED", 279])), "{all:?}");
    assert!(all.contains(&json!(["USER_DEFINED", 1])), "{all:?}");
    let inverse = types(
        &mut bench,
        "GET /crm/v4/objects/companies/201/associations/contacts",
    );
    assert!(inverse.contains(&json!(["USER_DEFINED", 2])), "{inverse:?}");

    // Another set replaces the first.
    let billing = json!([{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 931 }]);
    bench.call(&format!("PUT {pair}"), billing);
    let all = types(&mut bench, list);
    assert_eq!(
        all,
        [
            json!(["HUBSPOT_DEFINED", 279]),
            json!(["HUBSPOT_DEFINED", 931])
        ]
    );
    // The ids of one category mean nothing in another.
    let (status, body) = bench.call(&format!("PUT {pair}"), json!([user(279)]));
    assert_eq!(
        (status, &body["subCategory"]),
        (400, &json!("crm.associations.INVALID_ASSOCIATION_TYPE"))
    );
    // No body at all is refused.
    assert_eq!(bench.call(&format!("PUT {pair}"), Value::Null).0, 400);

    assert_eq!(bench.call(&format!("DELETE {pair}"), Value::Null).0, 204);
    assert!(types(&mut bench, list).is_empty());
}

#[test]
fn a_batch_of_labels_is_201_and_207_with_an_error() {
    let mut bench = Bench::new();
    let spec =
        |id: u32| json!([{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": id }]);
    let line = "POST /crm/v4/associations/contacts/companies/batch/create";
    let good = json!({ "from": { "id": "101" }, "to": { "id": "201" }, "types": spec(1) });
    let bad = json!({ "from": { "id": "102" }, "to": { "id": "201" }, "types": spec(4) });
    assert_eq!(bench.call(line, json!({ "inputs": [good] })).0, 201);
    let (status, body) = bench.call(line, json!({ "inputs": [good, bad] }));
    assert_eq!((status, &body["numErrors"]), (207, &json!(1)));
    assert_eq!(bench.written().len(), 1);
}

#[test]
fn a_batch_read_calls_an_unlinked_record_an_error() {
    let mut bench = Bench::new();
    bench.call(&format!("PUT {PAIR}"), Value::Null);
    let line = "POST /crm/v4/associations/deals/companies/batch/read";
    let (status, body) = bench.call(
        line,
        json!({ "inputs": [{ "id": "301" }, { "id": "302" }] }),
    );
    assert_eq!(status, 207);
    assert_eq!(body["results"][0]["from"]["id"], "301");
    let error = &body["errors"][0];
    assert_eq!(
        error["subCategory"],
        "crm.associations.NO_ASSOCIATIONS_FOUND"
    );
    assert_eq!(error["message"], "No company is associated with deal 302.");
    assert_eq!(error["context"]["fromObjectId"], json!(["302"]));
    let many: Vec<_> = (0..1_001).map(|n| json!({ "id": n.to_string() })).collect();
    assert_eq!(bench.call(line, json!({ "inputs": many })).0, 400);
}

#[test]
fn a_list_has_pages_of_five_hundred() {
    let mut bench = Bench::new();
    let inputs: Vec<_> = (0..1_201)
        .map(|n| json!({ "from": { "id": "201" }, "to": { "id": (1_000_000 + n).to_string() } }))
        .collect();
    bench.call(
        "POST /crm/v4/associations/companies/contacts/batch/associate/default",
        json!({ "inputs": inputs }),
    );
    let mut seen = 0;
    let mut after = String::new();
    for expected in [500, 500, 201] {
        let (_, body) = bench.call(
            &format!("GET /crm/objects/2026-03/companies/201/associations/contacts{after}"),
            Value::Null,
        );
        let count = body["results"].as_array().unwrap().len();
        assert_eq!(count, expected);
        seen += count;
        after = match &body["paging"]["next"]["after"] {
            Value::String(next) => format!("?after={next}"),
            _ => break,
        };
    }
    assert_eq!(seen, 1_201);
}

#[test]
fn archives_differ_by_version_and_take_a_list_of_targets() {
    for (path, status) in [
        ("/crm/v4/associations/deals/companies/batch/archive", 204),
        (
            "/crm/associations/2026-03/deals/companies/batch/archive",
            200,
        ),
    ] {
        let mut bench = Bench::new();
        bench.call(&format!("PUT {PAIR}"), Value::Null);
        let one = json!({ "inputs": [{ "from": { "id": "301" }, "to": { "id": "201" } }] });
        assert_eq!(bench.call(&format!("POST {path}"), one).0, 400);
        let many = json!({ "inputs": [{ "from": { "id": "301" }, "to": [{ "id": "201" }, { "id": "202" }] }] });
        assert_eq!(bench.call(&format!("POST {path}"), many).0, status);
        assert_eq!(
            bench.written(),
            [
                "association.create: deal 301 > company 201",
                "association.remove: deal 301 > company 201"
            ]
        );
    }
}

#[test]
fn archiving_the_unlabelled_type_takes_the_labels_with_it() {
    let mut bench = Bench::new();
    bench.call(&format!("PUT {PAIR}"), Value::Null);
    let line = "POST /crm/v4/associations/deals/companies/batch/labels/archive";
    let body = |id: u32| {
        json!({ "inputs": [{ "from": { "id": "301" }, "to": { "id": "201" },
        "types": [{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": id }] }] })
    };
    let left = |bench: &mut Bench| {
        let (_, body) = bench.call(
            "GET /crm/v4/objects/deals/301/associations/companies",
            Value::Null,
        );
        body["results"][0]["associationTypes"]
            .as_array()
            .map_or(0, Vec::len)
    };
    assert_eq!(bench.call(line, body(5)).0, 204);
    assert_eq!(left(&mut bench), 1);
    bench.call(&format!("PUT {PAIR}"), Value::Null);
    assert_eq!(left(&mut bench), 2);
    bench.call(line, body(341));
    assert_eq!(left(&mut bench), 0);
}

#[test]
fn a_partner_client_answers_the_record() {
    let mut bench = Bench::new();
    let path =
        "/crm/v3/objects/partner_clients/601/associations/contacts/101/partner_client_to_contact";
    for _ in 0..2 {
        let (status, body) = bench.call(&format!("PUT {path}"), Value::Null);
        assert_eq!((status, &body["id"]), (200, &json!("601")));
        assert_eq!(body["archived"], false);
        let properties = body["properties"].as_object().unwrap();
        assert!(
            properties.values().any(Value::is_null),
            "one property is null"
        );
        assert!(body["createdAt"].is_string() && body["updatedAt"].is_string());
        assert_eq!(body["associations"]["contacts"]["results"][0]["id"], "101");
    }
    assert_eq!(
        bench.written(),
        ["association.create: partner_client 601 > contact 101"]
    );
    let (_, links) = bench.call(
        "GET /crm/v3/objects/partner_clients/601/associations/contacts",
        Value::Null,
    );
    assert_eq!(links["results"][0]["id"], "101");
    assert_eq!(
        bench
            .call("GET /crm/v3/objects/partner_clients/601", Value::Null)
            .0,
        200
    );
    assert_eq!(bench.call(&format!("DELETE {path}"), Value::Null).0, 204);
    let (status, body) = bench.call(
        "PUT /crm/v3/objects/partner_clients/601/associations/contacts/101/test",
        Value::Null,
    );
    assert_eq!(
        (status, &body["subCategory"]),
        (400, &json!("crm.associations.INVALID_ASSOCIATION_TYPE"))
    );
    assert_eq!(
        body["message"],
        "test is not a valid association type between partner_clients and contacts"
    );
    assert_eq!(
        bench
            .call(
                "PUT /crm/v3/objects/partner_clients/9/associations/contacts/101/x",
                Value::Null
            )
            .0,
        404
    );
    assert_eq!(
        bench
            .call(
                "POST /crm/v3/objects/partner_clients",
                json!({ "properties": {} })
            )
            .0,
        404
    );
    let (status, types) = bench.call(
        "GET /crm/v3/associations/partner_clients/contacts/types",
        Value::Null,
    );
    assert_eq!(
        (status, &types["results"][0]["name"]),
        (200, &json!("partner_client_to_contact"))
    );
    // A dated version has no such path.
    let dated = "PUT /crm/objects/2026-03/partner_clients/601/associations/contacts/101/x";
    assert_eq!(bench.call(dated, Value::Null).0, 404);
}

#[test]
fn custom_objects_link_once_they_exist() {
    let mut bench = Bench::new();
    let line = "PUT /crm/v4/objects/2-77/1/associations/default/contacts/101";
    assert_eq!(bench.call(line, Value::Null).0, 404);
    bench.call(
        "POST /_twin/records",
        json!({ "vendor": "hubspot", "type": "2-77", "id": "1" }),
    );
    let (status, body) = bench.call(line, Value::Null);
    assert_eq!(status, 200);
    let id = |at: usize| body["results"][at]["associationSpec"]["associationTypeId"].clone();
    assert_ne!(id(0), id(1), "types have a direction");
}

#[test]
fn upserts_go_by_email_and_never_by_domain() {
    let mut bench = Bench::new();
    let line = "POST /crm/v3/objects/contacts/batch/upsert";
    let input = json!({ "id": "a@example.test", "idProperty": "email", "properties": { "firstname": "A" }, "objectWriteTraceId": "t1" });
    for new in [true, false] {
        let (status, body) = bench.call(line, json!({ "inputs": [input] }));
        assert_eq!((status, &body["results"][0]["new"]), (200, &json!(new)));
        assert_eq!(body["results"][0]["objectWriteTraceId"], "t1");
    }
    assert_eq!(bench.written().len(), 1, "{:?}", bench.written());
    assert_eq!(bench.call(line, json!({ "inputs": [input, input] })).0, 400);
    let many = |count: u32| -> Value {
        let inputs: Vec<_> = (0..count)
            .map(|n| json!({ "id": (1_000_000 + n).to_string(), "properties": {} }))
            .collect();
        json!({ "inputs": inputs })
    };
    assert_eq!(bench.call(line, many(100)).0, 200);
    assert_eq!(bench.call(line, many(101)).0, 400);
    let (status, body) = bench.call(
        "POST /crm/v3/objects/companies/batch/upsert",
        json!({ "inputs": [{ "id": "a.test", "idProperty": "domain", "properties": {} }] }),
    );
    assert_eq!(status, 400);
    assert_eq!(
        body["message"],
        "Unable to perform update/upsert by non-unique 0-2 property domain"
    );
    let (status, body) = bench.call(
        "POST /crm/v3/objects/contacts",
        json!({ "properties": { "email": "A@example.test" } }),
    );
    assert_eq!((status, &body["category"]), (409, &json!("CONFLICT")));
    let (_, found) = bench.call(
        "POST /crm/v3/objects/contacts/search",
        json!({ "filterGroups": [{ "filters": [{ "propertyName": "email", "operator": "EQ", "value": "a@example.test" }] }] }),
    );
    assert_eq!(found["total"], 1);
    let (status, made) = bench.call(
        "POST /crm/objects/2026-03/deals",
        json!({ "properties": { "dealname": "D" }, "associations": [{ "to": { "id": "101" },
            "types": [{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3 }] }] }),
    );
    assert_eq!(status, 201, "{made}");
}

#[test]
fn an_archive_takes_a_hundred_senders() {
    let line = "POST /crm/v4/associations/contacts/companies/batch/archive";
    for (count, status) in [(100, 204), (101, 400)] {
        let inputs: Vec<_> = (0..count)
            .map(|n| json!({ "from": { "id": (1_000_000 + n).to_string() }, "to": [{ "id": "201" }] }))
            .collect();
        assert_eq!(
            Bench::new().call(line, json!({ "inputs": inputs })).0,
            status
        );
    }
}

#[test]
fn a_portal_has_labels_of_its_own_and_renames_them() {
    let mut bench = Bench::new();
    let labels = "/crm/associations/2026-03/contacts/companies/labels";
    bench.call(
        &format!("POST {labels}"),
        json!({ "label": "Buyer", "name": "buyer" }),
    );
    let renamed = json!({ "associationTypeId": 1, "label": "Purchaser" });
    assert_eq!(bench.call(&format!("PUT {labels}"), renamed).0, 204);
    let shown = |bench: &mut Bench| {
        let (_, body) = bench.call(&format!("GET {labels}"), Value::Null);
        body["results"].as_array().unwrap().clone()
    };
    let all = shown(&mut bench);
    assert!(
        all.contains(&json!({ "category": "USER_DEFINED", "typeId": 1, "label": "Purchaser" })),
        "{all:?}"
    );
    assert!(
        all.contains(&json!({ "category": "HUBSPOT_DEFINED", "typeId": 279, "label": null })),
        "{all:?}"
    );
    assert_eq!(
        bench.call(&format!("DELETE {labels}/1"), Value::Null).0,
        204
    );
    assert_eq!(shown(&mut bench).len(), all.len() - 1);
    assert_eq!(
        bench.call(&format!("DELETE {labels}/1"), Value::Null).0,
        400
    );
}

#[test]
fn a_limit_is_listed_obeyed_and_purged() {
    const LIMITS: &str = "/crm/v4/associations/definitions/configurations/deals/contacts";
    let mut bench = Bench::new();
    let limit = |most: u32| {
        json!({ "inputs": [
            { "category": "HUBSPOT_DEFINED", "typeId": 3, "maxToObjectIds": most }
        ] })
    };
    let (status, body) = bench.call(&format!("POST {LIMITS}/batch/create"), limit(1));
    assert_eq!(status, 201, "{body}");
    assert_eq!(body["results"][0]["userEnforcedMaxToObjectIds"], 1);
    let (_, all) = bench.call(
        "GET /crm/associations/2026-03/definitions/configurations/all",
        Value::Null,
    );
    let (_, own) = bench.call(&format!("GET {LIMITS}"), Value::Null);
    assert_eq!(all, own);
    assert_eq!(own["results"].as_array().unwrap().len(), 1);

    let link = |contact: u32| {
        format!("PUT /crm/v4/objects/deals/301/associations/default/contacts/{contact}")
    };
    assert_eq!(bench.call(&link(101), Value::Null).0, 200);
    assert_eq!(bench.call(&link(101), Value::Null).0, 200, "it is there");
    let (status, body) = bench.call(&link(102), Value::Null);
    assert_eq!(status, 400, "{body}");
    let back = "PUT /crm/v4/objects/contacts/102/associations/default/deals/301";
    assert_eq!(bench.call(back, Value::Null).0, 400, "the other way round");

    assert_eq!(
        bench
            .call(&format!("POST {LIMITS}/batch/update"), limit(2))
            .0,
        200
    );
    assert_eq!(bench.call(&link(102), Value::Null).0, 200);
    assert_eq!(bench.call(&link(103), Value::Null).0, 400);
    let purge = json!({ "inputs": [{ "category": "HUBSPOT_DEFINED", "typeId": 3 }] });
    assert_eq!(
        bench.call(&format!("POST {LIMITS}/batch/purge"), purge).0,
        204
    );
    assert_eq!(bench.call(&link(103), Value::Null).0, 200);
}

#[test]
fn a_label_s_limit_is_at_most_that_of_the_pair() {
    let mut bench = Bench::new();
    let set = |id: u32, most: u32| {
        json!({ "inputs": [
            { "category": "HUBSPOT_DEFINED", "typeId": id, "maxToObjectIds": most }
        ] })
    };
    let path =
        "POST /crm/associations/2026-03/definitions/configurations/contacts/companies/batch/create";
    assert_eq!(bench.call(path, set(279, 3)).0, 201);
    let (status, body) = bench.call(path, set(931, 4));
    assert_eq!((status, &body["numErrors"]), (207, &json!(1)));
    assert_eq!(bench.call(path, set(931, 3)).0, 201);
    assert_eq!(bench.call(path, set(279, 2)).0, 207);
}

#[test]
fn owners_and_pipelines_are_told() {
    let mut bench = Bench::new();
    let (status, one) = bench.call(
        "GET /crm/owners/2026-03?email=ADA@crmlink.example",
        Value::Null,
    );
    assert_eq!(
        (status, &one["results"][0]["id"]),
        (200, &json!("41629779"))
    );
    assert_eq!(one["results"].as_array().unwrap().len(), 1);
    let (_, first) = bench.call("GET /crm/v3/owners?limit=2", Value::Null);
    assert_eq!(first["paging"]["next"]["after"], "2");
    let (_, last) = bench.call("GET /crm/v3/owners?limit=2&after=2", Value::Null);
    assert_eq!(last["results"].as_array().unwrap().len(), 1);
    assert_eq!(last["paging"], Value::Null);
    let (_, pipelines) = bench.call("GET /crm/pipelines/2026-03/deals", Value::Null);
    assert_eq!(pipelines["results"][1]["stages"][1]["label"], "Closed Won");
}

#[test]
fn an_update_cannot_take_another_contact_s_address() {
    let mut bench = Bench::new();
    let update = |id: &str| format!("PATCH /crm/v3/objects/contacts/{id}");
    let body = json!({ "properties": { "email": "one@example.test" } });
    assert_eq!(bench.call(&update("101"), body.clone()).0, 200);
    assert_eq!(bench.call(&update("101"), body.clone()).0, 200);
    let (status, refused) = bench.call(&update("102"), body);
    assert_eq!(status, 409);
    assert_eq!(
        refused["message"],
        "Contact already exists. Existing ID: 101"
    );
}

#[test]
fn another_primary_company_takes_the_place_of_the_first() {
    let mut bench = Bench::new();
    for company in ["201", "202"] {
        let path =
            format!("PUT /crm/v4/objects/contacts/101/associations/default/companies/{company}");
        assert_eq!(bench.call(&path, Value::Null).0, 200);
    }
    let body = json!({ "inputs": [{
        "from": { "id": "101" },
        "to": { "id": "202" },
        "types": [{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1 }],
    }] });
    let create = "POST /crm/associations/2026-03/contacts/companies/batch/create";
    assert_eq!(bench.call(create, body).0, 201);
    let (_, listed) = bench.call(
        "GET /crm/objects/2026-03/contacts/101/associations/companies",
        Value::Null,
    );
    let types: Vec<_> = (0..2)
        .map(|at| {
            listed["results"][at]["associationTypes"]
                .as_array()
                .unwrap()
                .len()
        })
        .collect();
    assert_eq!(types, [1, 2], "{listed}");
}
