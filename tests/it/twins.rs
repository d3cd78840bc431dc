//! The core against the simulators, whose ledger tells what was really written: a receipt never says more, and nothing is
//! written twice, whatever breaks on the way.

use std::collections::{BTreeMap, BTreeSet};

use crmlink::endpoint::Options;
use crmlink::flow::{Flow, Loss, Millis, NothingDone};
use crmlink::http::{Method, Request, Response};
use crmlink::twin::Twins;
use crmlink::unified::receipt::{LinkReceipt, Outcome, Receipt};
use crmlink::vendors::Vendor;
use serde_json::{Value, json};

use crate::support::{drive, options};

const TRUTO_ACCOUNT: &str = "62f44730-dd91-461e-bd6a-aedd9e0ad79d";
const OPPORTUNITY: &str = "yWQobCRIhRguQtD2llvk";
const CONTACTS: [&str; 2] = ["sx6wyHhbFdRXh302Lunr", "byMEV0NQinDhq8ZfiOi2"];

/// What is asked of each vendor: links that are not there yet.
fn asks() -> Vec<(Vendor, Value)> {
    let bert = full("0035e00000BertB");
    let cleo = full("0035e00000CleoC");
    let deal = full("0065e00000DealB");
    let beta = full("0015e00000BetaB");
    let ask = |entity: &str, id: &str, associations: Value| json!({ "entity": entity, "entity_id": id, "associations": associations });
    vec![
        (
            Vendor::Hubspot,
            ask(
                "opportunities",
                "301",
                json!({ "contacts": [{ "id": "101" }, { "id": "102" }], "accounts": [{ "id": "201" }] }),
            ),
        ),
        (
            Vendor::Leadconnector,
            ask(
                "opportunities",
                OPPORTUNITY,
                json!({ "contacts": [{ "id": CONTACTS[0] }, { "id": CONTACTS[1] }] }),
            ),
        ),
        (
            Vendor::Leadconnector,
            ask(
                "contacts",
                CONTACTS[0],
                json!({ "opportunities": [{ "id": OPPORTUNITY }], "accounts": [{ "id": "63771dcac1116f0e21de8e12" }] }),
            ),
        ),
        (
            Vendor::Salesforce,
            ask(
                "opportunities",
                &deal,
                json!({ "contacts": [{ "id": bert, "role": "Decision Maker" }, { "id": cleo }], "accounts": [{ "id": beta }] }),
            ),
        ),
        (
            Vendor::Salesforce,
            ask(
                "opportunities",
                &deal,
                json!({ "contacts": [{ "id": bert, "primary": true }] }),
            ),
        ),
        (
            Vendor::Salesforce,
            // Setting a contact's own account makes a relation row besides: the two are asked of different contacts.
            ask(
                "accounts",
                &beta,
                json!({ "contacts": [{ "id": bert, "role": "Evaluator" }], "opportunities": [{ "id": deal }] }),
            ),
        ),
        (
            Vendor::Truto,
            ask(
                "opportunities",
                "006A",
                json!({ "contacts": [{ "id": "003A" }, { "id": "003B" }], "accounts": [{ "id": "001A" }] }),
            ),
        ),
    ]
}

#[test]
fn a_link_is_made_once_and_found_the_second_time() {
    for (vendor, ask) in asks() {
        let mut twins = Twins::new();
        let first = link(&mut twins, vendor, &ask, |_, _| {}).expect("links");
        assert!(
            first
                .links()
                .iter()
                .all(|link| link.outcome == Outcome::Linked),
            "{first:?}"
        );
        let commits = twins.commits().to_vec();
        assert_eq!(commits.len(), first.links().len(), "{commits:?}");
        witness(&twins, &first, "at first");

        let second = link(&mut twins, vendor, &ask, |_, _| {}).expect("links");
        assert!(
            second.links().iter().all(|link| link.outcome.is_there()),
            "{second:?}"
        );
        assert_eq!(twins.commits(), commits, "{vendor:?} wrote again");
        // Neither HubSpot nor Truto tells an old link from a new one.
        if matches!(vendor, Vendor::Leadconnector | Vendor::Salesforce) {
            let known = |link: &LinkReceipt| link.outcome == Outcome::AlreadyLinked;
            assert!(second.links().iter().all(known), "{second:?}");
        }
    }
}

/// Each fault, at each request of the operation, for one, two or four requests in a row.
#[test]
fn no_fault_makes_a_false_success_or_a_second_write() {
    let faults = [
        json!({ "status": 500, "body": "" }),
        json!({ "status": 500, "body": "", "commit": true }),
        json!({ "status": 503, "body": "<html>busy</html>", "commit": true }),
        json!({ "status": 200, "body": "{\"id\":\"00K", "commit": true }),
        json!({ "status": 200, "body": "{\"compositeResponse\":[", "commit": false }),
        json!({ "status": 200, "body": "<html>welcome</html>" }),
        json!({ "status": 200, "body": "", "commit": true }),
        json!({ "status": 201, "body": "{}", "commit": true }),
        json!({ "status": 200, "body": "[]" }),
        json!({ "status": 0 }),
        json!({ "status": 0, "commit": true }),
        json!({ "status": 429, "body": "" }),
        json!({ "status": 401, "body": "" }),
        json!({ "status": 403, "body": "" }),
    ];
    let fresh = Twins::new();
    let mut driven = 0;
    for (vendor, ask) in asks() {
        for fault in &faults {
            for at in 0..5 {
                for times in [1, 2, 4] {
                    let mut twins = fresh.clone();
                    let mut fault = fault.clone();
                    fault["vendor"] = json!(vendor.as_str());
                    fault["times"] = json!(times);
                    let outcome = link(&mut twins, vendor, &ask, |twins, number| {
                        if number == at {
                            control(twins, "fault", &fault);
                        }
                    });
                    driven += 1;
                    let receipt = outcome.unwrap_or_else(|nothing| nothing.receipt);
                    witness(
                        &twins,
                        &receipt,
                        &format!("{vendor:?}: {fault} at request {at}"),
                    );
                    // The same again, without a fault, makes what is missing and nothing twice.
                    if waiting(&mut twins) == 0 {
                        let again = link(&mut twins, vendor, &ask, |_, _| {}).expect("links");
                        assert!(
                            again.links().iter().all(|link| link.outcome.is_there()),
                            "{again:?}"
                        );
                        witness(
                            &twins,
                            &again,
                            &format!("{vendor:?}: again after {fault} at request {at}"),
                        );
                    }
                }
            }
        }
    }
    assert!(driven > 1_000, "drove only {driven} operations");
}

#[test]
fn two_thousand_five_hundred_contacts_go_to_hubspot_in_two_batches() {
    let mut twins = Twins::new();
    let ids: Vec<_> = (1_000_000..1_002_500).map(|id| id.to_string()).collect();
    let targets: Vec<_> = ids.iter().map(|id| json!({ "id": id })).collect();
    let ask = json!({ "entity": "opportunities", "entity_id": "301", "associations": { "contacts": targets } });
    let mut requests = 0;
    let receipt = link(&mut twins, Vendor::Hubspot, &ask, |_, _| requests += 1).expect("links");
    assert_eq!(requests, 2);
    assert_eq!(receipt.links().len(), 2_500);
    assert!(
        receipt
            .links()
            .iter()
            .all(|link| link.outcome == Outcome::Linked)
    );
    assert_eq!(twins.commits().len(), 2_500);
    witness(&twins, &receipt, "2,500 contacts");
}

#[test]
fn two_thousand_targets_are_one_batch_and_one_more_is_a_call_of_its_own() {
    for (count, bodies) in [
        (1, vec![None]),
        (2, vec![Some(2)]),
        (2_000, vec![Some(2_000)]),
        (2_001, vec![Some(2_000), None]),
    ] {
        let targets: Vec<_> = (0..count)
            .map(|id| json!({ "id": id.to_string() }))
            .collect();
        let ask = json!({ "entity": "contacts", "entity_id": "x", "associations": { "accounts": targets } });
        let text = ask.to_string();
        let flow = Flow::start(
            Vendor::Hubspot,
            "associations.create",
            &text,
            &Options::default(),
            0,
        )
        .unwrap_or_else(|error| panic!("{error}"));
        let plan = flow.plan();
        let found: Vec<_> = plan.steps[0]
            .requests
            .iter()
            .map(|request| {
                let body: Value = serde_json::from_str(request.body.as_deref()?).ok()?;
                body["inputs"].as_array().map(Vec::len)
            })
            .collect();
        assert_eq!(found, bodies, "{count} targets");
        assert_eq!(
            (plan.calls.min, plan.calls.max),
            (bodies.len(), bodies.len())
        );
    }
}

/// 1,200 contacts: six queries, so two reads; and for each a composite of collections of 200.
#[test]
fn one_thousand_two_hundred_contacts_go_to_salesforce_in_four_calls() {
    let mut twins = Twins::new();
    let targets: Vec<_> = (0..1_200)
        .map(|number| {
            let record = json!({ "vendor": "salesforce", "type": "Contact", "properties": { "LastName": format!("L{number}") } });
            json!({ "id": control(&mut twins, "records", &record)["id"] })
        })
        .collect();
    let ask = json!({ "entity": "accounts", "entity_id": full("0015e00000BetaB"), "associations": { "contacts": targets } });
    let before = twins.commits().len();
    let mut requests = 0;
    let receipt = link(&mut twins, Vendor::Salesforce, &ask, |_, _| requests += 1).expect("links");
    let wrong = receipt
        .links()
        .iter()
        .find(|link| link.outcome != Outcome::Linked);
    assert!(wrong.is_none(), "{wrong:?}");
    assert_eq!(twins.commits().len() - before, 1_200);
    assert_eq!(requests, 4);
    witness(&twins, &receipt, "1,200 contacts");

    let mut requests = 0;
    let again = link(&mut twins, Vendor::Salesforce, &ask, |_, _| requests += 1).expect("links");
    assert!(
        again
            .links()
            .iter()
            .all(|link| link.outcome == Outcome::AlreadyLinked)
    );
    assert_eq!((requests, twins.commits().len() - before), (2, 1_200));
}

/// What is not asked for is not done: roles, owners and accounts of others stay as they are.
#[test]
fn nothing_is_moved_unless_asked() {
    let mut twins = Twins::new();
    let anna = full("0035e00000AnnaA");
    let beta = full("0015e00000BetaB");
    let acme_deal = full("0065e00000DealA");
    let moves = json!({ "entity": "accounts", "entity_id": beta, "associations": {
        "contacts": [{ "id": anna, "primary": true }], "opportunities": [{ "id": acme_deal }] } });
    let refused = link(&mut twins, Vendor::Salesforce, &moves, |_, _| {}).expect_err("no links");
    assert_eq!(twins.commits(), []);
    assert!(
        refused
            .receipt
            .links()
            .iter()
            .all(|link| link.outcome == Outcome::NotLinked),
        "{refused:?}"
    );

    let asked = json!({ "entity": "accounts", "entity_id": beta, "associations": {
        "contacts": [{ "id": anna, "primary": true, "replace": true }], "opportunities": [{ "id": acme_deal, "replace": true }] } });
    let moved = link(&mut twins, Vendor::Salesforce, &asked, |_, _| {}).expect("links");
    assert!(
        moved
            .links()
            .iter()
            .all(|link| link.outcome == Outcome::Linked),
        "{moved:?}"
    );
    assert!(!twins.commits().is_empty());
}

/// Two contacts whose ids differ in one letter's case are two contacts.
#[test]
fn ids_that_differ_in_case_are_two_records() {
    let mut twins = Twins::new();
    let deal = full("0065e00000DealB");
    for short in ["0035e00000BertB", "0035e00000bertB"] {
        let ask = json!({ "entity": "opportunities", "entity_id": deal, "associations": { "contacts": [{ "id": short }] } });
        let receipt = link(&mut twins, Vendor::Salesforce, &ask, |_, _| {}).expect("links");
        assert_eq!(receipt.links()[0].outcome, Outcome::Linked);
    }
    assert_eq!(twins.commits().len(), 2);
}

/// The vendors' own rate limits, enforced: the operation waits in virtual time and ends well.
#[test]
fn a_rate_limit_is_waited_for() {
    let mut twins = Twins::new();
    control(
        &mut twins,
        "limits",
        &json!({ "vendor": "hubspot", "enforce": true, "max": 1 }),
    );
    let (vendor, ask) = asks().swap_remove(0);
    let receipt = link(&mut twins, vendor, &ask, |_, _| {}).expect("links");
    assert!(
        receipt
            .links()
            .iter()
            .all(|link| link.outcome == Outcome::Linked),
        "{receipt:?}"
    );
    witness(&twins, &receipt, "a limit of one request");
}

/// Holds a receipt against the ledger: what is true was written once or was there, what is not was never written.
fn witness(twins: &Twins, receipt: &Receipt, when: &str) {
    let commits = twins.commits();
    let mut ends: Vec<_> = commits
        .iter()
        .map(|commit| (&commit.kind, &commit.from, &commit.to))
        .collect();
    ends.sort();
    ends.dedup();
    assert_eq!(
        ends.len(),
        commits.len(),
        "{when}: written twice: {commits:?}"
    );
    // The commits that name an id, by its part that is compared.
    let mut naming: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (place, commit) in commits.iter().enumerate() {
        let words = [&commit.from, &commit.to].map(|text| text.split([' ', '=', ',']));
        for word in words.into_iter().flatten() {
            naming.entry(same(word)).or_default().insert(place);
        }
    }
    let written = |link: &LinkReceipt| {
        let [from, to] = [&link.from.id, &link.to.id].map(|id| naming.get(same(id)));
        from.zip(to)
            .map_or(0, |(from, to)| from.intersection(to).count())
    };
    for link in receipt.links() {
        let count = written(link);
        let holds = match link.outcome {
            Outcome::Linked | Outcome::AlreadyLinked => count == 1,
            Outcome::NotLinked => count == 0,
            Outcome::Unknown => count <= 1,
            other => panic!("{when}: {other:?} of a link that was to be made"),
        };
        assert!(
            holds,
            "{when}: {link:?} was written {count} times: {commits:?}"
        );
    }
}

/// What Salesforce compares of an id; no other vendor's id is longer and begins alike.
fn same(id: &str) -> &str {
    id.get(..15).unwrap_or(id)
}

/// How many faults still wait.
fn waiting(twins: &mut Twins) -> u64 {
    let none = json!({ "vendor": "hubspot", "times": 0 });
    control(twins, "fault", &none)["waiting"]
        .as_u64()
        .unwrap_or_default()
}

fn link(
    twins: &mut Twins,
    vendor: Vendor,
    ask: &Value,
    mut before: impl FnMut(&mut Twins, usize),
) -> Result<Receipt, Box<NothingDone>> {
    let text = ask.to_string();
    let mut flow = Flow::start(vendor, "associations.create", &text, &chosen(vendor), 5)
        .unwrap_or_else(|error| panic!("{ask}: {error}"));
    let mut number = 0;
    drive(&mut flow, |request, now| {
        before(twins, number);
        number += 1;
        send(twins, request, now)
    })
}

fn send(twins: &mut Twins, request: &Request, now: Millis) -> Result<Response, Loss> {
    let response = twins.answer(request, 1_795_348_800_000 + now);
    if response.status == 0 {
        return Err(Loss::Broken);
    }
    Ok(response)
}

fn chosen(vendor: Vendor) -> Options {
    let mut given = json!({ "token": "twin-token", "origin": "http://127.0.0.1:8790" });
    match vendor {
        Vendor::Leadconnector => given["locationId"] = json!("CLu7BaljjqrEjBGKTNNe"),
        Vendor::Truto => given["integratedAccountId"] = json!(TRUTO_ACCOUNT),
        Vendor::Hubspot | Vendor::Salesforce => {}
    }
    options(Some(&given))
}

/// The id with the three characters that say which of the others are capitals.
fn full(short: &str) -> String {
    let check = short.as_bytes().chunks(5).map(|five| {
        let place: usize = five
            .iter()
            .enumerate()
            .map(|(bit, byte)| usize::from(byte.is_ascii_uppercase()) << bit)
            .sum();
        char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[place])
    });
    short.chars().chain(check).collect()
}

fn control(twins: &mut Twins, path: &str, body: &Value) -> Value {
    let request = Request {
        method: Method::Post,
        url: format!("http://127.0.0.1:8790/_twin/{path}"),
        headers: crmlink::http::Headers::new(),
        body: Some(body.to_string()),
    };
    let response = twins.answer(&request, 0);
    assert_eq!(response.status, 200, "{}", response.body);
    serde_json::from_str(&response.body).expect("JSON")
}

/// Upserts at Salesforce, on the simulator: made once, found the second time, by a key, an external id and an owner's name.
#[test]
fn what_is_upserted_at_salesforce_is_there_once() {
    let mut twins = Twins::new();
    let user = control(
        &mut twins,
        "records",
        &json!({ "vendor": "salesforce", "type": "User", "properties": {
            "LastName": "Owner", "Email": "owner@example.test", "IsActive": true } }),
    )["id"]
        .clone();
    let account = full("0015e00000BetaB");
    let batch = json!([
        { "email_addresses": [{ "email": "new@example.test" }], "last_name": "O'Neil", "owner": { "email": "OWNER@example.test" }, "account": { "id": account } },
        { "email_addresses": [{ "email": "bert@example.test" }], "title": "CTO" },
        { "match_by": "custom_fields.Number__c", "custom_fields": { "Number__c": "a@b.inc" }, "last_name": "File" },
        { "email_addresses": [{ "email": "x' OR Name != '" }], "last_name": "Quote" },
    ]);
    let upsert = |twins: &mut Twins, input: &Value| {
        let text = input.to_string();
        let mut flow = Flow::start(
            Vendor::Salesforce,
            "contacts.upsert",
            &text,
            &chosen(Vendor::Salesforce),
            5,
        )
        .unwrap_or_else(|error| panic!("{error}"));
        let receipt = drive(&mut flow, |request, now| send(twins, request, now));
        serde_json::to_value(receipt.expect("records")).expect("JSON")
    };
    let first = upsert(&mut twins, &batch);
    assert_eq!(
        (&first["created"], &first["updated"]),
        (&json!(3), &json!(1)),
        "{first}"
    );
    let second = upsert(&mut twins, &batch);
    assert_eq!(
        (&second["created"], &second["updated"]),
        (&json!(0), &json!(4)),
        "{second}"
    );
    let ids = |batch: &Value| -> Vec<Value> {
        let results = batch["result"].as_array().expect("results");
        results.iter().map(|result| result["id"].clone()).collect()
    };
    assert_eq!(ids(&first), ids(&second));
    let creates = twins
        .commits()
        .iter()
        .filter(|commit| commit.kind == "Contact.create");
    let creates: Vec<_> = creates.map(|commit| commit.to.as_str()).collect();
    assert_eq!(creates.len(), 3, "{creates:?}");
    let owner = format!("OwnerId={}", user.as_str().expect("an id"));
    assert!(
        creates.iter().any(|made| made.contains(&owner)),
        "{creates:?}"
    );
    // A contact of another account is not moved by a key that happens to fit.
    let moved = json!([{ "email_addresses": [{ "email": "new@example.test" }], "account": { "id": full("0015e00000AcmeA") } },
        { "id": full("0035e00000AnnaA"), "title": "x" }]);
    let refused = upsert(&mut twins, &moved);
    assert_eq!(
        refused["result"][0]["reason"]["code"], "conflict",
        "{refused}"
    );
}

fn run(twins: &mut Twins, operation: &str, ask: &Value) -> Receipt {
    let text = ask.to_string();
    let mut flow = Flow::start(
        Vendor::Salesforce,
        operation,
        &text,
        &chosen(Vendor::Salesforce),
        5,
    )
    .unwrap_or_else(|error| panic!("{ask}: {error}"));
    let outcome = drive(&mut flow, |request, now| send(twins, request, now));
    outcome.unwrap_or_else(|nothing| nothing.receipt)
}

/// One record that nobody has: of all the links none is made, and the receipt does not believe the successes beside it.
#[test]
fn all_or_none_is_none() {
    let deal = full("0065e00000DealB");
    let bert = full("0035e00000BertB");
    for lost in ["0035e00000Nobdy", "0035e00000Nobdz"] {
        let mut twins = Twins::new();
        let ask = json!({ "entity": "opportunities", "entity_id": deal, "all_or_none": true, "associations": {
            "contacts": [{ "id": bert }, { "id": lost }], "accounts": [{ "id": full("0015e00000BetaB") }] } });
        let receipt = run(&mut twins, "associations.create", &ask);
        let not = |link: &LinkReceipt| link.outcome == Outcome::NotLinked;
        assert!(receipt.links().iter().all(not), "{receipt:?}");
        assert_eq!(twins.commits(), []);
    }
}

/// A contact's accounts are set: it moves, and the relation that the org keeps with the account before goes.
#[test]
fn a_contact_s_accounts_are_set() {
    let mut twins = Twins::new();
    let anna = full("0035e00000AnnaA");
    let [beta, gama] = ["0015e00000BetaB", "0015e00000GamaC"].map(full);
    let ask = json!({ "entity": "contacts", "entity_id": anna, "associations": { "accounts": [
        { "id": beta, "primary": true, "role": ["Evaluator", "Other"] }, { "id": gama }] } });
    let listed = |twins: &mut Twins| {
        let ask = json!({ "entity": "contacts", "entity_id": anna, "to": "accounts" });
        let receipt = serde_json::to_value(run(twins, "associations.list", &ask)).expect("JSON");
        receipt["associations"]["accounts"].clone()
    };
    let before = listed(&mut twins);
    let receipt = run(&mut twins, "associations.set", &ask);
    assert!(
        receipt.links().iter().all(|link| link.outcome.is_good()),
        "{receipt:?}"
    );
    let mut now = listed(&mut twins).as_array().expect("a list").clone();
    now.sort_by_key(|target| target["id"].to_string());
    assert_eq!(
        now,
        [
            json!({ "id": beta, "role": ["Evaluator", "Other"], "primary": true }),
            json!({ "id": gama }),
        ]
    );
    let commits = twins.commits().len();
    let again = run(&mut twins, "associations.set", &ask);
    let as_it_is = |link: &LinkReceipt| link.outcome == Outcome::AlreadyLinked;
    assert!(again.links().iter().all(as_it_is), "{again:?}");
    assert_eq!(twins.commits().len(), commits);
    // And back, the last step first.
    let undo = serde_json::to_value(&receipt).expect("JSON")["undo"].clone();
    for step in undo.as_array().expect("steps").iter().rev() {
        let operation = step["operation"].as_str().expect("an operation");
        run(&mut twins, operation, &step["input"]);
    }
    assert_eq!(listed(&mut twins), before, "{undo}");
}

/// What a `set` takes away is found on every page.
#[test]
fn a_set_reads_all_pages() {
    let mut twins = Twins::new();
    let beta = full("0015e00000BetaB");
    let deals: Vec<_> = (0..7)
        .map(|number| {
            let record = json!({ "vendor": "salesforce", "type": "Opportunity", "properties": {
                "Name": format!("D{number}"), "StageName": "Prospecting", "CloseDate": "2026-12-31", "AccountId": beta } });
            control(&mut twins, "records", &record)["id"].clone()
        })
        .collect();
    control(
        &mut twins,
        "limits",
        &json!({ "vendor": "salesforce", "enforce": false, "page": 2 }),
    );
    let ask = json!({ "entity": "accounts", "entity_id": beta, "associations": { "opportunities": [{ "id": deals[3] }] } });
    let receipt = run(&mut twins, "associations.set", &ask);
    let removed = |link: &&LinkReceipt| link.outcome == Outcome::Removed;
    assert_eq!(
        receipt.links().iter().filter(removed).count(),
        6,
        "{receipt:?}"
    );
    let list = json!({ "entity": "accounts", "entity_id": beta, "to": "opportunities" });
    let listed = serde_json::to_value(run(&mut twins, "associations.list", &list)).expect("JSON");
    assert_eq!(
        listed["associations"]["opportunities"],
        json!([{ "id": deals[3] }])
    );
}
