use serde_json::{Value, json};

use super::Bench;

const LOCATION: &str = "CLu7BaljjqrEjBGKTNNe";
const PIPELINE: &str = "bCkKGpDsyPP4peuKowkG";
const OPPORTUNITY: &str = "yWQobCRIhRguQtD2llvk";
const CONTACT: &str = "ocQHyuzHvysMo5N5VsXc";

fn definition() -> Value {
    json!({
        "locationId": LOCATION,
        "key": "student_teacher",
        "firstObjectLabel": "student",
        "firstObjectKey": "custom_objects.children",
        "secondObjectLabel": "Teacher",
        "secondObjectKey": "contact",
    })
}

fn with(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

#[test]
fn an_association_is_defined_once() {
    let mut bench = Bench::new();
    let response = bench.send("POST /associations/", Some(definition()));
    assert_eq!(response.status, 201);
    for header in [
        "limit-daily",
        "daily-remaining",
        "interval-milliseconds",
        "max",
        "remaining",
    ] {
        assert!(
            response
                .headers
                .get(&format!("X-RateLimit-{header}"))
                .is_some(),
            "{header}"
        );
    }
    let body: Value = serde_json::from_str(&response.body).unwrap();
    assert_eq!(body["associationType"], "USER_DEFINED");
    assert_eq!(body["firstObjectLabel"], "student");
    assert!(body["traceId"].is_string());
    let id = body["id"].as_str().unwrap().to_owned();

    let (again, refused) = bench.call("POST /associations", definition());
    assert_eq!((again, &refused["statusCode"]), (400, &json!(400)));
    assert_eq!(bench.written().len(), 1);

    for path in [
        format!("/associations/{id}"),
        format!("/associations/key/student_teacher?locationId={LOCATION}"),
    ] {
        let (status, body) = bench.call(&format!("GET {path}"), Value::Null);
        assert_eq!((status, &body["id"]), (200, &json!(id)), "{path}");
    }
    let (_, by_key) = bench.call(
        "GET /associations/objectKey/custom_objects.children",
        Value::Null,
    );
    assert_eq!(by_key["associations"][0]["id"], json!(id));
    let (status, body) = bench.call(
        &format!("PUT /associations/{id}"),
        json!({ "firstObjectLabel": "pupil", "secondObjectLabel": "Teacher" }),
    );
    assert_eq!((status, &body["firstObjectLabel"]), (200, &json!("pupil")));
    assert_eq!(
        bench
            .call(&format!("PUT /associations/{id}"), definition())
            .0,
        422,
        "labels only"
    );
    let (status, body) = bench.call(&format!("DELETE /associations/{id}"), Value::Null);
    assert_eq!((status, &body["deleted"]), (200, &json!(true)));
    assert_eq!(
        bench
            .call(&format!("GET /associations/{id}"), Value::Null)
            .0,
        400
    );
}

#[test]
fn the_validator_is_strict_and_answers_a_list() {
    let mut bench = Bench::new();
    let mut body = with(definition(), "foo", json!(1));
    body.as_object_mut().unwrap().remove("key");
    let (status, answer) = bench.call(
        "POST /associations/",
        with(body, "firstObjectLabel", json!({ "singular": "x" })),
    );
    assert_eq!(
        (status, &answer["error"]),
        (422, &json!("Unprocessable Entity"))
    );
    let messages = answer["message"].as_array().expect("a list");
    for expected in [
        "property foo should not exist",
        "key should not be empty",
        "firstObjectLabel must be a string",
    ] {
        assert!(
            messages.contains(&json!(expected)),
            "{expected}: {messages:?}"
        );
    }
    assert!(bench.written().is_empty());
}

#[test]
fn a_strange_location_is_forbidden() {
    let (status, body) = Bench::new().call(
        "POST /associations/",
        with(definition(), "locationId", json!("elsewhere")),
    );
    assert_eq!(status, 403);
    assert_eq!(
        body["message"],
        "The token does not have access to this location."
    );
}

#[test]
fn every_401_has_its_own_text() {
    for (version, token, text) in [
        (None, "twin-token", "version header was not found."),
        (
            Some("2019-01-01"),
            "twin-token",
            "version header is invalid",
        ),
        (
            Some("2021-07-28"),
            "stranger",
            "Invalid Private Integration token",
        ),
        (
            Some("2021-07-28"),
            "expired",
            "Invalid token: access token is invalid",
        ),
        (
            Some("2021-07-28"),
            "",
            "Invalid token: access token is invalid",
        ),
        (
            Some("v3"),
            "unscoped",
            "The token is not authorized for this scope.",
        ),
    ] {
        let mut bench = Bench::new();
        (bench.version, bench.token) = (version, token);
        let (status, body) = bench.call("POST /associations/", definition());
        assert_eq!((status, &body["message"]), (401, &json!(text)));
        assert!(bench.written().is_empty());
    }
}

#[test]
fn every_location_has_the_system_definitions() {
    let mut bench = Bench::new();
    let list = format!("GET /associations/?locationId={LOCATION}&skip=0&limit=100");
    let (status, body) = bench.call(&list, Value::Null);
    assert_eq!(
        (status, body["associations"].as_array().unwrap().len()),
        (200, 2)
    );
    assert_eq!(
        body["associations"][0]["id"],
        "OPPORTUNITIES_CONTACTS_ASSOCIATION"
    );
    assert_eq!(body["associations"][0]["associationType"], "SYSTEM_DEFINED");
    let none = format!("GET /associations/?locationId={LOCATION}");
    assert_eq!(
        bench.call(&none, Value::Null).0,
        422,
        "skip and limit are required"
    );
    let system = "DELETE /associations/BUSINESSES_CONTACTS_ASSOCIATION";
    assert_eq!(bench.call(system, Value::Null).0, 400);
}

fn relation(association: &str, first: &str, second: &str) -> Value {
    json!({ "locationId": LOCATION, "associationId": association, "firstRecordId": first, "secondRecordId": second })
}

#[test]
fn a_relation_is_made_once_and_in_the_right_order() {
    let mut bench = Bench::new();
    let line = "POST /associations/relations";
    let pair = relation("OPPORTUNITIES_CONTACTS_ASSOCIATION", OPPORTUNITY, CONTACT);
    let (status, made) = bench.call(line, pair.clone());
    assert_eq!(
        (status, &made["firstObjectKey"]),
        (201, &json!("opportunity"))
    );
    let (status, refused) = bench.call(line, pair);
    assert_eq!(status, 400);
    let message = refused["message"].as_str().unwrap();
    assert!(message.starts_with(
        "Could not create relation: duplicate relation of object Ids for given association"
    ));
    let swapped = relation("OPPORTUNITIES_CONTACTS_ASSOCIATION", CONTACT, OPPORTUNITY);
    assert_eq!(bench.call(line, swapped).0, 400);
    let stranger = relation("NO_SUCH_ASSOCIATION", OPPORTUNITY, CONTACT);
    assert_eq!(bench.call(line, stranger).0, 400);
    assert_eq!(
        bench.written(),
        [format!(
            "relation.create: opportunity {OPPORTUNITY} > contact {CONTACT}"
        )]
    );

    for (record, filter, expected) in [
        (OPPORTUNITY, "", 1),
        (
            CONTACT,
            "&associationIds[]=OPPORTUNITIES_CONTACTS_ASSOCIATION",
            1,
        ),
        (
            CONTACT,
            "&associationIds[]=BUSINESSES_CONTACTS_ASSOCIATION",
            0,
        ),
        ("sx6wyHhbFdRXh302Lunr", "", 0),
    ] {
        let line = format!(
            "GET /associations/relations/{record}?locationId={LOCATION}&skip=0&limit=10{filter}"
        );
        let (_, body) = bench.call(&line, Value::Null);
        assert_eq!(
            body["relations"].as_array().unwrap().len(),
            expected,
            "{line}"
        );
    }
    let id = made["id"].as_str().unwrap();
    let remove = format!("DELETE /associations/relations/{id}?locationId={LOCATION}");
    assert_eq!(bench.call(&remove, Value::Null).0, 200);
    assert_eq!(bench.call(&remove, Value::Null).0, 400);
}

#[test]
fn a_definition_takes_its_relations_with_it() {
    let mut bench = Bench::new();
    let (_, made) = bench.call("POST /associations/", definition());
    let id = made["id"].as_str().unwrap();
    let child = "66c4b8f0a1116f0e21de8e01";
    assert_eq!(
        bench
            .call("POST /associations/relations", relation(id, child, CONTACT))
            .0,
        201
    );
    bench.call(&format!("DELETE /associations/{id}"), Value::Null);
    let line = format!("GET /associations/relations/{child}?locationId={LOCATION}&skip=0&limit=10");
    assert_eq!(bench.call(&line, Value::Null).1["relations"], json!([]));
}

#[test]
fn a_contact_has_one_business() {
    let mut bench = Bench::new();
    bench.call(
        "POST /_twin/records",
        json!({ "vendor": "leadconnector", "type": "business", "id": "second" }),
    );
    let line = "POST /associations/relations";
    let key = "BUSINESSES_CONTACTS_ASSOCIATION";
    assert_eq!(
        bench
            .call(line, relation(key, "63771dcac1116f0e21de8e12", CONTACT))
            .0,
        201
    );
    assert_eq!(bench.call(line, relation(key, "second", CONTACT)).0, 400);
}

fn upsert() -> Value {
    json!({ "locationId": LOCATION, "pipelineId": PIPELINE, "name": "Roof" })
}

#[test]
fn an_upsert_creates_with_201_and_updates_with_200() {
    let mut bench = Bench::new();
    let line = "POST /opportunities/upsert";
    let (status, body) = bench.call(line, with(upsert(), "contactId", json!(CONTACT)));
    assert_eq!((status, &body["new"]), (201, &json!(true)));
    let made = body["opportunity"]["id"].clone();
    // The contact's opportunity in this pipeline is the one that is meant.
    let again = with(
        with(upsert(), "contactId", json!(CONTACT)),
        "monetaryValue",
        json!(220),
    );
    let (status, body) = bench.call(line, again);
    assert_eq!((status, &body["new"]), (200, &json!(false)));
    assert_eq!(
        (
            &body["opportunity"]["id"],
            &body["opportunity"]["monetaryValue"]
        ),
        (&made, &json!(220))
    );
    let (status, body) = bench.call(line, with(upsert(), "id", json!(OPPORTUNITY)));
    assert_eq!(
        (status, &body["opportunity"]["id"]),
        (200, &json!(OPPORTUNITY))
    );
    let (_, read) = bench.call(&format!("GET /opportunities/{OPPORTUNITY}"), Value::Null);
    assert_eq!(read["opportunity"]["name"], "Roof");
    assert_eq!(bench.written().len(), 3);
    // The same again changes nothing.
    bench.call(line, with(upsert(), "id", json!(OPPORTUNITY)));
    assert_eq!(bench.written().len(), 3);
}

#[test]
fn the_founding_example_with_a_list_of_followers_passes() {
    let mut bench = Bench::new();
    let body = json!({
        "id": OPPORTUNITY, "pipelineId": PIPELINE, "locationId": LOCATION,
        "followers": ["LiKJ2vnRg5ETM8Z19K7"], "isRemoveAllFollowers": false, "followersActionType": "add",
        "name": "opportunity name", "status": "open", "pipelineStageId": "7915dedc-8f18-44d5-8bc3-77c04e994a10",
        "monetaryValue": 220, "assignedTo": "082goXVW3lIExEQPOnd3", "lostReasonId": LOCATION,
    });
    let (status, answer) = bench.call("POST /opportunities/upsert", body.clone());
    assert_eq!(status, 200, "{answer}");
    assert_eq!(
        answer["opportunity"]["followers"],
        json!(["LiKJ2vnRg5ETM8Z19K7"])
    );
    let (_, answer) = bench.call(
        "POST /opportunities/upsert",
        with(body, "isRemoveAllFollowers", json!(true)),
    );
    assert_eq!(
        answer["opportunity"]["followers"],
        json!([]),
        "the flag wipes"
    );
}

#[test]
fn an_upsert_is_validated() {
    for (name, value, status) in [
        ("followers", json!("LiKJ2vnRg5ETM8Z19K7"), 422),
        ("followers", json!(vec!["a"; 11]), 422),
        ("isRemoveAllFollowers", json!("True"), 422),
        ("followersActionType", json!("replace"), 422),
        ("status", json!("lovely"), 422),
        ("status", json!("all"), 400),
        ("monetaryValue", json!("220"), 422),
        ("customFields", json!([]), 422),
        ("forecastProbability", json!(0.5), 422),
        ("pipelineId", json!("other"), 400),
        ("pipelineStageId", json!("other"), 400),
        ("contactId", json!("other"), 400),
        ("id", json!("other"), 400),
        ("locationId", json!("other"), 403),
    ] {
        let mut bench = Bench::new();
        let (answered, body) =
            bench.call("POST /opportunities/upsert", with(upsert(), name, value));
        assert_eq!(answered, status, "{name}: {body}");
        assert!(bench.written().is_empty(), "{name}");
    }
    let mut bench = Bench::new();
    bench.version = Some("v3");
    let v3 = with(upsert(), "forecastProbability", json!(0.5));
    assert_eq!(
        bench.call("POST /opportunities/upsert", v3).0,
        201,
        "v3 has the field"
    );
}

#[test]
fn a_duplicate_create_names_the_one_that_is_there() {
    let mut bench = Bench::new();
    let body = with(
        with(upsert(), "contactId", json!(CONTACT)),
        "status",
        json!("open"),
    );
    let (status, made) = bench.call("POST /opportunities/", body.clone());
    assert_eq!(status, 201, "{made}");
    let (status, refused) = bench.call("POST /opportunities/", body);
    assert_eq!(
        (status, &refused["code"]),
        (400, &json!("OPPORTUNITY_NO_DUPLICATE"))
    );
    assert_eq!(refused["meta"]["existingId"], made["opportunity"]["id"]);
}

#[test]
fn contacts_are_matched_by_email_and_employed_in_bulk() {
    let mut bench = Bench::new();
    let body = json!({ "locationId": LOCATION, "email": "a@example.test", "firstName": "A" });
    assert_eq!(bench.call("POST /contacts/upsert", body.clone()).0, 201);
    let (status, body) = bench.call("POST /contacts/upsert", body);
    assert_eq!((status, &body["new"]), (200, &json!(false)));
    assert_eq!(bench.written().len(), 1);
    let employ = |business: Value| json!({ "locationId": LOCATION, "ids": [CONTACT], "businessId": business });
    let line = "POST /contacts/bulk/business";
    assert_eq!(
        bench
            .call(line, employ(json!("63771dcac1116f0e21de8e12")))
            .0,
        200
    );
    assert_eq!(bench.call(line, employ(Value::Null)).0, 200, "null unlinks");
    assert_eq!(bench.call(line, employ(json!("nowhere"))).0, 400);
    assert_eq!(bench.written().len(), 3);
}

#[test]
fn an_unknown_path_is_what_the_framework_says() {
    let (status, body) = Bench::new().call("GET /opportunities/x/y/z", Value::Null);
    assert_eq!(
        (status, &body["message"]),
        (404, &json!("Cannot GET /opportunities/x/y/z"))
    );
}

#[test]
fn a_business_is_made_read_and_changed() {
    let mut bench = Bench::new();
    let body = json!({ "locationId": LOCATION, "name": "Acme" });
    let (status, made) = bench.call("POST /businesses/", body.clone());
    assert_eq!((status, &made["success"]), (201, &json!(true)));
    let id = made["buiseness"]["id"].as_str().unwrap();
    assert_eq!(
        bench.call(&format!("PUT /businesses/{id}"), body).0,
        422,
        "the location stays"
    );
    assert_eq!(
        bench
            .call(
                &format!("PUT /businesses/{id}"),
                json!({ "name": "Acme Ltd" })
            )
            .0,
        200
    );
    let (_, list) = bench.call(
        &format!("GET /businesses/?locationId={LOCATION}"),
        Value::Null,
    );
    assert_eq!(list["businesses"].as_array().unwrap().len(), 4);
    let (_, read) = bench.call(&format!("GET /businesses/{id}"), Value::Null);
    assert_eq!(read["business"]["name"], "Acme Ltd");
    assert_eq!(
        bench
            .call(&format!("DELETE /businesses/{id}"), Value::Null)
            .0,
        200
    );
    assert_eq!(
        bench.call(&format!("GET /businesses/{id}"), Value::Null).0,
        400
    );
    assert_eq!(bench.written().len(), 3);
}

#[test]
fn an_opportunity_has_twenty_five_contacts() {
    let mut bench = Bench::new();
    for n in 0..26 {
        let id = format!("contact{n}");
        bench.call(
            "POST /_twin/records",
            json!({ "vendor": "leadconnector", "type": "contact", "id": id }),
        );
        let body = relation("OPPORTUNITIES_CONTACTS_ASSOCIATION", OPPORTUNITY, &id);
        let (status, _) = bench.call("POST /associations/relations", body);
        assert_eq!(status, if n < 25 { 201 } else { 400 }, "{n}");
    }
}

#[test]
fn a_contact_is_looked_up_by_address_or_number() {
    let mut bench = Bench::new();
    let person =
        json!({ "locationId": LOCATION, "email": "ann+1@example.com", "phone": "+15550100" });
    let (status, made) = bench.call("POST /contacts/upsert", person);
    assert_eq!((status, &made["new"]), (201, &json!(true)));
    let look = |bench: &mut Bench, query: &str| {
        let line = format!("GET /contacts/search/duplicate?locationId={LOCATION}&{query}");
        let (status, body) = bench.call(&line, Value::Null);
        assert_eq!(status, 200, "{body}");
        body["contact"]["id"].clone()
    };
    let id = made["contact"]["id"].clone();
    assert_eq!(look(&mut bench, "email=ann%2B1%40example.com"), id);
    assert_eq!(look(&mut bench, "number=%2B15550100"), id);
    // A plus that is not encoded is a space.
    assert_eq!(look(&mut bench, "number=+15550100"), Value::Null);
    assert_eq!(look(&mut bench, "email=bob@example.com"), Value::Null);
}

#[test]
fn an_upsert_drops_what_it_cannot_write_and_erases_the_other_addresses() {
    let mut bench = Bench::new();
    let upsert = |bench: &mut Bench, fields: Value| {
        bench.call(
            "POST /contacts/upsert",
            with(fields, "locationId", json!(LOCATION)),
        )
    };
    let (_, ann) = upsert(
        &mut bench,
        json!({ "email": "ann@example.com", "gender": "female" }),
    );
    let (_, bob) = upsert(&mut bench, json!({ "phone": "+15550101" }));
    assert_ne!(ann["contact"]["id"], bob["contact"]["id"]);
    let (status, both) = upsert(
        &mut bench,
        json!({ "email": "ann@example.com", "phone": "+15550101", "gender": "male" }),
    );
    assert_eq!((status, &both["new"]), (200, &json!(false)));
    assert_eq!(both["contact"]["id"], ann["contact"]["id"]);
    assert_eq!(both["contact"]["phone"], Value::Null);
    assert_eq!(both["contact"]["gender"], "female");

    let cleo = json!({
        "vendor": "leadconnector", "type": "contact", "id": "cleo",
        "properties": { "email": "john@example.com", "additionalEmails": [{ "email": "jane@example.com" }] },
    });
    bench.call("POST /_twin/records", cleo);
    let (_, erased) = upsert(&mut bench, json!({ "email": "jane@example.com" }));
    assert_eq!(erased["contact"]["id"], "cleo");
    assert_eq!(erased["contact"]["email"], "jane@example.com");
    assert_eq!(erased["contact"]["additionalEmails"], Value::Null);
}

#[test]
fn an_update_of_a_contact_takes_fewer_fields() {
    let mut bench = Bench::new();
    let line = format!("PUT /contacts/{CONTACT}");
    let (status, body) = bench.call(&line, json!({ "firstName": "Ann" }));
    assert_eq!(
        (status, &body["contact"]["firstName"]),
        (200, &json!("Ann"))
    );
    for field in ["gender", "companyName", "locationId"] {
        let (status, body) = bench.call(&line, json!({ field: "x" }));
        assert_eq!(
            (status, &body["message"][0]),
            (422, &json!(format!("property {field} should not exist")))
        );
    }
    assert_eq!(bench.call("PUT /contacts/none", json!({})).0, 400);
}

#[test]
fn contacts_of_a_business_come_in_pages() {
    let mut bench = Bench::new();
    let business = "63771dcac1116f0e21de8e12";
    let ids = json!([CONTACT, "sx6wyHhbFdRXh302Lunr"]);
    let body = json!({ "locationId": LOCATION, "ids": ids, "businessId": business });
    assert_eq!(bench.call("POST /contacts/bulk/business", body).0, 200);
    let line = format!("GET /contacts/business/{business}?locationId={LOCATION}&limit=1&skip=1");
    let (status, page) = bench.call(&line, Value::Null);
    assert_eq!((status, &page["count"]), (200, &json!(2)));
    assert_eq!(page["contacts"].as_array().map(Vec::len), Some(1));
}

#[test]
fn opportunities_are_found_by_contact_and_pipeline() {
    let mut bench = Bench::new();
    let body = json!({
        "locationId": LOCATION, "pipelineId": PIPELINE, "contactId": CONTACT, "name": "A deal", "status": "won",
    });
    let (_, made) = bench.call("POST /opportunities/", body);
    let search = |bench: &mut Bench, query: &str| {
        let (status, body) = bench.call(&format!("GET /opportunities/search?{query}"), Value::Null);
        let ids = body["opportunities"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        (
            status,
            ids.iter()
                .map(|found| found["id"].clone())
                .collect::<Vec<_>>(),
        )
    };
    let id = made["opportunity"]["id"].clone();
    let mine = format!("location_id={LOCATION}&contact_id={CONTACT}");
    assert_eq!(search(&mut bench, &mine), (200, vec![id.clone()]));
    assert_eq!(
        search(&mut bench, &format!("{mine}&status=open")),
        (200, vec![])
    );
    assert_eq!(
        search(&mut bench, &format!("{mine}&status=all")),
        (200, vec![id])
    );
    let all = format!("location_id={LOCATION}&limit=2");
    assert_eq!(search(&mut bench, &all).1.len(), 2);
    assert_eq!(search(&mut bench, &format!("{all}&page=2")).1.len(), 2);
    assert_eq!(search(&mut bench, &format!("{all}&page=3")).1.len(), 0);
    assert_eq!(
        search(&mut bench, &format!("{all}01")).0,
        422,
        "at most 100"
    );
    assert_eq!(
        search(&mut bench, &format!("locationId={LOCATION}")).0,
        422,
        "underscores"
    );
    bench.version = Some("v3");
    assert_eq!(
        search(&mut bench, &format!("locationId={LOCATION}")).0,
        200,
        "camel case"
    );
}

#[test]
fn pipelines_and_lost_reasons_have_names() {
    let mut bench = Bench::new();
    let (_, body) = bench.call(
        &format!("GET /opportunities/pipelines?locationId={LOCATION}"),
        Value::Null,
    );
    assert_eq!(body["pipelines"][0]["id"], PIPELINE);
    assert_eq!(body["pipelines"][0]["stages"][1]["name"], "Negotiation");
    let (_, body) = bench.call(
        &format!("GET /opportunities/lost-reason?locationId={LOCATION}"),
        Value::Null,
    );
    assert_eq!(body["lostReasons"][0]["name"], "Too expensive");
}
