//! Upserts: what holds for every kind of record at every vendor that upserts it.

use std::collections::BTreeMap;

use crmlink::flow::{Flow, Loss, Millis};
use crmlink::http::{Method, Request, Response};
use crmlink::twin::Twins;
use crmlink::unified::entity::Entity;
use crmlink::unified::ledger::Ledger;
use crmlink::unified::receipt::Receipt;
use crmlink::unified::record::mapping::{How, Row, Table, deunify};
use crmlink::unified::record::schema::schema;
use crmlink::unified::record::{self, Shape};
use crmlink::unified::upsert::{Upsert, Upserted, Written};
use crmlink::vendors::{Vendor, hubspot, leadconnector};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::support::{cases, drive, options};

/// The tables of fields that there are.
fn tables() -> Vec<(Vendor, Entity, &'static Table)> {
    let hubspot = KINDS.map(|kind| (Vendor::Hubspot, kind, hubspot::fields::table(kind)));
    let leadconnector = [Entity::Accounts, Entity::Contacts, Entity::Opportunities].map(|kind| {
        (
            Vendor::Leadconnector,
            kind,
            leadconnector::fields::table(kind),
        )
    });
    hubspot.into_iter().chain(leadconnector).collect()
}

const KINDS: [Entity; 4] = [
    Entity::Accounts,
    Entity::Contacts,
    Entity::Leads,
    Entity::Opportunities,
];

#[test]
fn every_row_is_about_a_field_and_every_field_has_a_row() {
    for (vendor, kind, table) in tables() {
        let plain = |from: &str| match from.split_once('[') {
            Some((list, rest)) => format!("{list}[]{}", rest.split_once(']').expect("a bracket").1),
            None => from.to_owned(),
        };
        let fields: Vec<_> = schema(kind)
            .iter()
            .copied()
            .flatten()
            .map(|field| field.path)
            .collect();
        for row in table.rows {
            assert!(
                fields.contains(&plain(row.from).as_str()),
                "{vendor:?} {kind:?}: {} is no field",
                row.from
            );
        }
        // What is said of a whole list stands in its rows: ids and types of items need none of their own.
        let minor = |field: &str| {
            ["id", "match_by", "on_ambiguous"].contains(&field)
                || ["[].id", "[].type", "[].extension"]
                    .iter()
                    .any(|end| field.ends_with(end))
        };
        for field in fields.into_iter().filter(|field| !minor(field)) {
            assert!(
                table.rows.iter().any(|row| plain(row.from) == field),
                "{vendor:?} {kind:?}: no row says what becomes of {field}"
            );
        }
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn the_ledger_adds_up_to_the_records((vendor, kind, input) in inputs()) {
        let text = input.to_string();
        let given = chosen(vendor);
        let operation = format!("{}.upsert", kind.as_str());
        let Ok(flow) = Flow::start(vendor, &operation, &text, &given, 0) else {
            return Ok(());
        };
        let plan = flow.plan();
        let counted: usize = plan.fields.iter().map(|entry| entry.count).sum();
        prop_assert_eq!(counted, leaves(&input), "{} {:?}", text, plan.fields);
        prop_assert!(plan.calls.min <= plan.calls.max);
        let asked = input.as_array().map_or(1, Vec::len);
        let found: usize = plan.strategies.iter().map(|strategy| strategy.count).sum();
        prop_assert_eq!(found + plan.refused.len(), asked);
        for entry in &plan.fields {
            let is_told = entry.reason.is_some() || entry.to.is_some() || json!(entry.fate) == json!("applied");
            prop_assert!(is_told, "{:?}", entry);
        }
    }

    #[test]
    fn a_record_comes_back_from_the_vendor_s_terms((vendor, kind, table, x) in mapped_records()) {
        let text = x.to_string();
        let leaves = record::leaves(kind, "", &text).expect("a record");
        let mut ledger = Ledger::default();
        let mapped = deunify(table, "", leaves, "", &mut ledger).expect("fields");
        let theirs: Vec<_> = mapped
            .properties
            .iter()
            .map(|property| format!("{}:{}", json!(property.name), property.json))
            .collect();
        let back = table.unify(&format!("{{{}}}", theirs.join(",")), &[]).expect("a record");
        let back: Value = serde_json::from_str(back.get()).expect("JSON");
        prop_assert_eq!(back, x, "{:?} {:?}", vendor, theirs);
    }

    #[test]
    fn every_record_has_its_answer_in_order(
        (vendor, kind, input) in inputs(), answers in vec(answer(), 0..12), entropy in any::<u64>(),
    ) {
        let text = input.to_string();
        let operation = format!("{}.upsert", kind.as_str());
        let Ok(mut flow) = Flow::start(vendor, &operation, &text, &chosen(vendor), entropy) else {
            return Ok(());
        };
        let mut answers = answers.into_iter();
        let outcome = drive(&mut flow, |_, _| answers.next().unwrap_or(Err(Loss::Broken)));
        let receipt = outcome.unwrap_or_else(|nothing| nothing.receipt);
        let records = upserted(&receipt);
        prop_assert_eq!(records.len(), input.as_array().map_or(1, Vec::len));
        for record in records {
            prop_assert!(record.outcome.is_true() || record.reason.is_some(), "{record:?}");
            prop_assert!(!record.outcome.is_true() || record.id.is_some(), "{record:?}");
        }
        prop_assert!((200..600).contains(&receipt.status()));
        drop(receipt.respond(&crmlink::unified::query::Query::default()));
    }
}

/// Properties of inputs that are all refused would hold of anything.
#[test]
fn the_records_are_good_ones_often_enough() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let mut tried = BTreeMap::new();
    for _ in 0..1_000 {
        let (vendor, kind, input) = inputs().new_tree(&mut runner).expect("an input").current();
        let operation = format!("{}.upsert", kind.as_str());
        let text = input.to_string();
        let started = Flow::start(vendor, &operation, &text, &chosen(vendor), 0);
        let (all, good) = tried.entry((vendor, kind)).or_insert((0, 0));
        *all += 1;
        *good += u32::from(started.is_ok());
    }
    for (what, (all, good)) in tried {
        assert!(good * 4 > all, "{what:?}: {good} of {all} inputs are good");
    }
}

/// An operation at a vendor, its input, and what it makes.
type Ask = (Vendor, &'static str, Value, &'static [&'static str]);

fn asks() -> Vec<Ask> {
    let at = |vendor| move |(operation, input, made)| (vendor, operation, input, made);
    let hubspot = of_hubspot().into_iter().map(at(Vendor::Hubspot));
    let leadconnector = of_leadconnector().into_iter();
    hubspot
        .chain(leadconnector.map(at(Vendor::Leadconnector)))
        .collect()
}

/// What is asked of LeadConnector: lookups, a link, a list, the native upsert with names.
fn of_leadconnector() -> Vec<(&'static str, Value, &'static [&'static str])> {
    vec![
        (
            "contacts.upsert",
            json!({ "first_name": "Ada", "email_addresses": [{ "email": "ada@example.test" }],
                "phone_numbers": [{ "number": "+15550100" }], "account": { "id": "63771dcac1116f0e21de8e12" } }),
            &["contact.create"],
        ),
        (
            "accounts.upsert",
            json!([{ "name": "Acme", "website": "https://www.acme.test" }, { "id": "63771dcac1116f0e21de8e12", "name": "M" }]),
            &["business.create"],
        ),
        (
            "opportunities.upsert",
            json!({ "name": "D", "amount": "10.50", "status": "open", "pipeline": { "name": "Sales" }, "stage": { "name": "New" },
                "contacts": [{ "id": "ocQHyuzHvysMo5N5VsXc" }, { "id": "sx6wyHhbFdRXh302Lunr" }] }),
            &["opportunity.create"],
        ),
    ]
}

/// What is asked of HubSpot: a batch with links, a search, names.
fn of_hubspot() -> Vec<(&'static str, Value, &'static [&'static str])> {
    let email = |address: &str| json!([{ "email": address }]);
    vec![
        (
            "contacts.upsert",
            json!({ "first_name": "Ada", "email_addresses": email("ada@example.test"), "account": { "id": "201" } }),
            &["contact.create"],
        ),
        (
            "contacts.upsert",
            json!([
                { "first_name": "A", "email_addresses": email("a@example.test"), "account": { "id": "201" } },
                { "first_name": "B", "email_addresses": email("b@example.test"), "account": { "id": "202" } },
                { "id": "101", "first_name": "C", "owner": { "email": "ada@crmlink.example" } },
            ]),
            &["contact.create", "contact.create"],
        ),
        (
            "contacts.upsert",
            json!({ "match_by": "phone", "phone_numbers": [{ "number": "+44" }], "email_addresses": email("p@example.test") }),
            &["contact.create"],
        ),
        (
            "opportunities.upsert",
            json!({ "match_by": "name", "name": "D", "amount": "10.50", "stage": { "name": "Closed Lost" },
                "account": { "id": "201" }, "contacts": [{ "id": "101" }, { "id": "102" }] }),
            &["deal.create"],
        ),
        (
            "leads.upsert",
            json!({ "match_by": "name", "name": "L", "contacts": [{ "id": "101" }] }),
            &["lead.create"],
        ),
        (
            "accounts.upsert",
            json!([{ "website": "a.example" }, { "website": "b.example", "name": "B" }]),
            &["company.create", "company.create"],
        ),
    ]
}

#[test]
fn a_record_is_made_once_and_updated_the_second_time() {
    for (vendor, operation, ask, made) in asks() {
        let mut twins = Twins::new();
        let first = run(&mut twins, vendor, operation, &ask, |_, _| None).expect("records");
        assert!(
            upserted(&first)
                .iter()
                .all(|record| record.outcome.is_true()),
            "{operation}: {first:?}"
        );
        assert_eq!(creates(&twins), made, "{operation}");
        let second = run(&mut twins, vendor, operation, &ask, |_, _| None).expect("records");
        assert!(
            upserted(&second)
                .iter()
                .all(|record| record.outcome == Written::Updated),
            "{operation}: {second:?}"
        );
        assert_eq!(creates(&twins), made, "{operation} made a second one");
        for (one, other) in upserted(&first).iter().zip(upserted(&second)) {
            assert_eq!(one.id, other.id, "{operation}");
        }
    }
}

/// Each fault at each request, once and for good: nothing is made twice, no receipt says more than is true, and the same
/// call again makes it so.
#[test]
fn no_fault_makes_a_record_twice_or_a_false_receipt() {
    let mut driven = 0;
    for (vendor, operation, ask, made) in asks() {
        for fault in Fault::ALL {
            for at in 0..6 {
                for times in [1, 5] {
                    let mut twins = Twins::new();
                    let outcome = run(&mut twins, vendor, operation, &ask, |_, number| {
                        (at..at + times).contains(&number).then_some(fault)
                    });
                    driven += 1;
                    let what = format!("{operation}: {fault:?} at request {at}, {times} times");
                    let receipt = outcome.unwrap_or_else(|nothing| *nothing);
                    assert!(
                        creates(&twins).len() <= made.len(),
                        "{what}: {:?}",
                        creates(&twins)
                    );
                    for record in upserted(&receipt) {
                        witness(&mut twins, vendor, operation, record, &what);
                    }
                    let nothing_written = upserted(&receipt)
                        .iter()
                        .all(|record| record.outcome == Written::Failed);
                    assert!(
                        !nothing_written || creates(&twins).is_empty(),
                        "{what}: {receipt:?}"
                    );
                    let again =
                        run(&mut twins, vendor, operation, &ask, |_, _| None).expect("records");
                    assert!(
                        upserted(&again)
                            .iter()
                            .all(|record| record.outcome.is_true()),
                        "{what}, again: {again:?}"
                    );
                    assert_eq!(creates(&twins), made, "{what}, again");
                }
            }
        }
    }
    assert!(driven > 300, "drove only {driven} operations");
}

#[test]
fn ten_thousand_contacts_are_a_hundred_calls_and_keep_their_order() {
    let records = |count: usize| -> Value {
        let records = (0..count).map(|number| {
            json!({ "first_name": format!("F{number}"), "email_addresses": [{ "email": format!("c{number}@example.test") }] })
        });
        records.collect()
    };
    let text = records(10_000).to_string();
    let flow = Flow::start(Vendor::Hubspot, "contacts.upsert", &text, &options(None), 0);
    let plan = flow.unwrap_or_else(|error| panic!("{error}")).plan();
    assert_eq!((plan.calls.min, plan.calls.max), (100, 100));

    let mut twins = Twins::new();
    let mut requests = 0;
    let receipt = run(
        &mut twins,
        Vendor::Hubspot,
        "contacts.upsert",
        &records(950),
        |_, _| {
            requests += 1;
            None
        },
    );
    let receipt = receipt.expect("records");
    assert_eq!(requests, 10);
    let Receipt::Upsert(Upsert::Many(batch)) = &receipt else {
        panic!("no batch");
    };
    assert_eq!((batch.created, batch.result.len()), (950, 950));
    for (number, record) in batch.result.iter().enumerate() {
        let record = record.record.as_ref().expect("a record").get();
        assert!(
            record.contains(&format!("\"first_name\":\"F{number}\"")),
            "{record}"
        );
    }
}

#[test]
fn a_hundred_contacts_and_their_companies_are_two_calls() {
    let mut twins = Twins::new();
    let records = (0..100).map(|number| {
        json!({ "email_addresses": [{ "email": format!("c{number}@example.test") }], "account": { "id": if number % 2 == 0 { "201" } else { "202" } } })
    });
    let mut requests = 0;
    let receipt = run(
        &mut twins,
        Vendor::Hubspot,
        "contacts.upsert",
        &records.collect(),
        |_, _| {
            requests += 1;
            None
        },
    );
    let receipt = receipt.expect("records");
    assert_eq!(requests, 2);
    for (number, record) in upserted(&receipt).iter().enumerate() {
        assert_eq!(record.links.len(), 1, "{record:?}");
        let link = &record.links[0];
        assert!(link.outcome.is_there(), "{link:?}");
        assert_eq!(Some(&link.from.id), record.id.as_ref());
        assert_eq!(link.to.id, if number % 2 == 0 { "201" } else { "202" });
    }
}

#[derive(Clone, Copy, Debug)]
enum Fault {
    /// It never arrives.
    Before,
    /// It is carried out, and the answer is lost.
    After,
    /// It is refused with a 500.
    Refused,
    /// It is carried out, and answered with a page.
    Page,
    /// It is carried out, and the answer breaks off.
    Cut,
    /// There were too many requests.
    TooMany,
}

impl Fault {
    const ALL: [Self; 6] = [
        Self::Before,
        Self::After,
        Self::Refused,
        Self::Page,
        Self::Cut,
        Self::TooMany,
    ];
}

fn run(
    twins: &mut Twins,
    vendor: Vendor,
    operation: &str,
    ask: &Value,
    mut fault: impl FnMut(&Request, usize) -> Option<Fault>,
) -> Result<Receipt, Box<Receipt>> {
    let text = ask.to_string();
    let given = json!({ "token": "twin-token", "locationId": "CLu7BaljjqrEjBGKTNNe" });
    let given = options(Some(&given));
    let mut flow = Flow::start(vendor, operation, &text, &given, 3)
        .unwrap_or_else(|error| panic!("{operation}: {error}"));
    let mut number = 0;
    let outcome = drive(&mut flow, |request, now| {
        let fault = fault(request, number);
        number += 1;
        answered(twins, request, now, fault)
    });
    outcome.map_err(|nothing| Box::new(nothing.receipt))
}

fn answered(
    twins: &mut Twins,
    request: &Request,
    now: Millis,
    fault: Option<Fault>,
) -> Result<Response, Loss> {
    let plain = |status, body: &str| Response {
        status,
        headers: [("content-type", "text/html")].into_iter().collect(),
        body: body.to_owned(),
    };
    match fault {
        None => Ok(twins.answer(request, now)),
        Some(Fault::Before) => Err(Loss::Broken),
        Some(Fault::Refused) => Ok(plain(500, "")),
        Some(Fault::TooMany) => Ok(plain(429, "")),
        Some(Fault::After) => {
            twins.answer(request, now);
            Err(Loss::Timeout)
        }
        Some(Fault::Page) => {
            twins.answer(request, now);
            Ok(plain(200, "<html>welcome</html>"))
        }
        Some(Fault::Cut) => {
            let mut response = twins.answer(request, now);
            let half = response.body.len() / 2;
            response.body.truncate(half);
            Ok(response)
        }
    }
}

/// What was made, in the words of the simulator's ledger.
fn creates(twins: &Twins) -> Vec<String> {
    let commits = twins.commits().iter();
    let kinds = commits.map(|commit| commit.kind.to_string());
    kinds
        .filter(|kind| kind.ends_with(".create") && !LINKS.contains(&kind.as_str()))
        .collect()
}

/// A record that a receipt calls written is there, and linked as it says.
fn witness(twins: &mut Twins, vendor: Vendor, operation: &str, record: &Upserted, what: &str) {
    if !record.outcome.is_true() {
        assert!(record.reason.is_some(), "{what}: {record:?}");
        return;
    }
    let id = record.id.as_deref().expect("an id");
    let kind = operation.split('.').next().unwrap_or_default();
    let url = match (vendor, kind) {
        (Vendor::Leadconnector, "accounts") => format!("/businesses/{id}"),
        (Vendor::Leadconnector, kind) => format!("/{kind}/{id}"),
        (_, "accounts") => format!("/crm/v3/objects/companies/{id}"),
        (_, "opportunities") => format!("/crm/v3/objects/deals/{id}"),
        (_, kind) => format!("/crm/v3/objects/{kind}/{id}"),
    };
    let request = Request {
        method: Method::Get,
        url: format!("https://vendor.example{url}"),
        headers: [
            ("authorization", "Bearer twin-token"),
            ("version", "2021-07-28"),
        ]
        .into_iter()
        .collect(),
        body: None,
    };
    let response = twins.answer(&request, 1_000_000);
    assert_eq!(response.status, 200, "{what}: {record:?}");
    let linked = record
        .links
        .iter()
        .filter(|link| link.outcome.is_there())
        .count();
    let links = twins.commits().iter();
    let made = links
        .filter(|commit| LINKS.contains(&commit.kind.to_string().as_str()))
        .count();
    assert!(linked <= made, "{what}: {record:?}");
}

/// What a link is in the simulators' ledgers.
const LINKS: [&str; 3] = ["association.create", "relation.create", "contact.business"];

fn upserted(receipt: &Receipt) -> &[Upserted] {
    match receipt {
        Receipt::Upsert(upsert) => upsert.records(),
        other => panic!("no upsert: {other:?}"),
    }
}

fn chosen(vendor: Vendor) -> crmlink::endpoint::Options {
    let mut given = json!({ "origin": "https://vendor.example" });
    if vendor == Vendor::Leadconnector {
        given["locationId"] = json!("l1");
    }
    options(Some(&given))
}

/// Kinds that a vendor upserts.
fn kinds() -> Vec<(Vendor, Entity)> {
    let mut kinds = Vec::new();
    for vendor in Vendor::ALL {
        let rows = vendor.capability().expect("its table").upserts.iter();
        let rows = rows.filter(|row| row.refused.is_none());
        kinds.extend(rows.map(|row| (vendor, row.entity)));
    }
    kinds
}

/// Records with any of their fields, alone or in a list; most of them can be found.
fn inputs() -> impl Strategy<Value = (Vendor, Entity, Value)> {
    select(kinds()).prop_flat_map(|(vendor, kind)| {
        let one = (any_record(kind), any::<bool>(), 0_u32..4);
        (vec(one, 1..4), any::<bool>()).prop_map(move |(records, alone)| {
            let mut records: Vec<_> = records
                .into_iter()
                .map(|(mut record, by_id, number)| {
                    record.remove("match_by");
                    if by_id {
                        record.insert("id".to_owned(), json!(format!("10{number}")));
                    } else {
                        record.remove("id");
                        record.insert(
                            "email_addresses".to_owned(),
                            json!([{ "email": format!("a{number}@b.example") }]),
                        );
                        if matches!(kind, Entity::Accounts | Entity::Opportunities) {
                            record.remove("email_addresses");
                            record.insert("name".to_owned(), json!(format!("N{number}")));
                            record.insert("match_by".to_owned(), json!("name"));
                        }
                    }
                    suit(vendor, kind, &mut record);
                    if vendor == Vendor::Leadconnector {
                        fit_leadconnector(&mut record, kind, by_id, number);
                    }
                    Value::Object(record)
                })
                .collect();
            match alone {
                true => (vendor, kind, records.swap_remove(0)),
                false => (vendor, kind, Value::from(records)),
            }
        })
    })
}

/// Salesforce tells ids from other words, and its leads have no account.
fn suit(vendor: Vendor, kind: Entity, record: &mut Map<String, Value>) {
    if vendor != Vendor::Salesforce {
        return;
    }
    if let Some(Value::String(id)) = record.get_mut("id") {
        *id = format!("003000000000{id:0>3}");
    }
    for (holder, id) in [("account", "001000000000001"), ("owner", "005000000000001")] {
        let Some(Value::Object(holder)) = record.get_mut(holder) else {
            continue;
        };
        if holder.contains_key("id") {
            holder.insert("id".to_owned(), json!(id));
        }
        if kind == Entity::Leads {
            holder.retain(|name, _| name != "id" || id.starts_with("005"));
        }
    }
}

/// What LeadConnector refuses is left out, and what it needs is put in.
fn fit_leadconnector(record: &mut Map<String, Value>, kind: Entity, by_id: bool, number: u32) {
    if kind != Entity::Opportunities {
        return;
    }
    for refused in [
        "currency",
        "custom_fields",
        "followers",
        "status",
        "match_by",
    ] {
        record.remove(refused);
    }
    record.insert("pipeline".to_owned(), json!({ "id": "p1" }));
    if !by_id {
        record.insert(
            "contacts".to_owned(),
            json!([{ "id": format!("c{number}") }]),
        );
    }
}

fn any_record(kind: Entity) -> impl Strategy<Value = Map<String, Value>> {
    let fields: Vec<_> = schema(kind).iter().copied().flatten().copied().collect();
    let values: Vec<_> = fields
        .iter()
        .map(|field| (any_value(field.shape), 0_u32..10, 0_usize..2))
        .collect();
    values.prop_map(move |values| {
        let mut record = Map::new();
        for (field, (value, chance, at)) in fields.iter().zip(values) {
            // `remote_query` is for records alone, and roles need an id beside them.
            let rare =
                field.path.starts_with("remote_query") || field.path.starts_with("contacts[].");
            if chance < 4 && !rare {
                put(&mut record, field.path, at, value);
            }
        }
        record
    })
}

fn any_value(shape: Shape) -> BoxedStrategy<Value> {
    let text = "[a-zA-Z0-9 ;\"\\\\é]{1,8}".prop_map(Value::from);
    match shape {
        Shape::Text => prop_oneof![6 => text, 1 => Just(Value::Null)].boxed(),
        Shape::Id => prop_oneof![
            "[a-z0-9]{1,8}".prop_map(Value::from),
            (0_u32..99).prop_map(Value::from)
        ]
        .boxed(),
        Shape::Number => prop_oneof![
            (0_u32..9_999).prop_map(Value::from),
            Just(json!("12.50")),
            Just(Value::Null)
        ]
        .boxed(),
        Shape::Flag => any::<bool>().prop_map(Value::from).boxed(),
        Shape::Time => select(vec!["2026-12-31", "2026-12-31T09:30:00Z"])
            .prop_map(Value::from)
            .boxed(),
        Shape::Word(words) => select(words.to_vec()).prop_map(Value::from).boxed(),
        Shape::Ids => Just(json!(["1", "2"])).boxed(),
        Shape::Any => prop_oneof![
            text,
            Just(json!(["a", "b;c"])),
            Just(json!(1.5)),
            Just(json!(true)),
            Just(Value::Null)
        ]
        .boxed(),
        Shape::Json => prop_oneof![text, Just(json!({ "a": [1, {}] }))].boxed(),
    }
}

/// Puts a value where a path of the schema says; lists get the item at `at`.
fn put(record: &mut Map<String, Value>, path: &str, at: usize, value: Value) {
    let (head, rest) = path.split_once('.').unwrap_or((path, ""));
    match (head.strip_suffix("[]"), rest) {
        (None, "") => drop(record.insert(head.to_owned(), value)),
        (None, rest) => {
            let rest = if rest == "*" { "x_1" } else { rest };
            let holder = record.entry(head).or_insert_with(|| json!({}));
            holder[rest] = value;
        }
        (Some(list), rest) => {
            let items = record.entry(list).or_insert_with(|| json!([]));
            let items = items.as_array_mut().expect("a list");
            while items.len() <= at {
                items.push(json!({}));
            }
            items[at][rest] = value;
        }
    }
}

/// How many values an input has.
fn leaves(value: &Value) -> usize {
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| match (name.as_str(), value) {
                ("remote_data" | "remote_query" | "custom_fields", Value::Object(fields)) => {
                    fields.len()
                }
                _ => leaves(value),
            })
            .sum(),
        Value::Array(items) if items.iter().any(Value::is_object) => items.iter().map(leaves).sum(),
        _ => 1,
    }
}

/// Records of fields that a vendor's table maps both ways, as they come back.
fn mapped_records() -> impl Strategy<Value = (Vendor, Entity, &'static Table, Value)> {
    select(tables()).prop_flat_map(|(vendor, kind, table)| {
        let rows: Vec<_> = table.rows.iter().filter(|row| is_two_way(row)).collect();
        let values: Vec<_> = rows
            .iter()
            .map(|row| (two_way_value(row), any::<bool>()))
            .collect();
        values.prop_map(move |values| {
            let mut record: Map<String, Value> = Map::new();
            let mut taken: Vec<&str> = Vec::new();
            for (row, (value, given)) in rows.iter().zip(values) {
                // Of several rows for one of the vendor's fields, the first speaks.
                if !given || taken.contains(&row.to) {
                    continue;
                }
                taken.push(row.to);
                place(&mut record, row, value);
            }
            (vendor, kind, table, Value::Object(record))
        })
    })
}

fn is_two_way(row: &Row) -> bool {
    !matches!(
        row.how,
        How::Custom | How::Untouched | How::Aside | How::Sought | How::Ignored(_) | How::Refused(_)
    )
}

fn two_way_value(row: &Row) -> BoxedStrategy<Value> {
    match row.how {
        How::Number => {
            prop_oneof![(0_u32..99_999).prop_map(Value::from), Just(json!(12.5))].boxed()
        }
        How::Flag => any::<bool>().prop_map(Value::from).boxed(),
        How::Day => Just(json!("2026-12-31")).boxed(),
        How::Time => Just(json!("2026-12-31T09:30:00Z")).boxed(),
        How::Host => "[a-v]{1,8}\\.example".prop_map(Value::from).boxed(),
        How::Words(words) => select(words.iter().map(|(ours, _)| *ours).collect::<Vec<_>>())
            .prop_map(Value::from)
            .boxed(),
        How::Joined(_) | How::Each => vec("[a-z]{1,5}", 1..4).prop_map(Value::from).boxed(),
        _ => "[a-zA-Z0-9 é\"\\\\]{1,9}".prop_map(Value::from).boxed(),
    }
}

fn place(record: &mut Map<String, Value>, row: &Row, value: Value) {
    let Some((list, rest)) = row.from.split_once('[') else {
        return put(record, row.from, 0, value);
    };
    let (word, rest) = rest.split_once("].").expect("an item's field");
    let items = record.entry(list).or_insert_with(|| json!([]));
    let items = items.as_array_mut().expect("a list");
    if let ("", Value::Array(values)) = (word, &value) {
        items.extend(values.iter().map(|value| json!({ rest: value })));
        return;
    }
    let typed = |item: &Value| match word {
        "0" => item.get("type").is_none(),
        word => item["type"] == word,
    };
    match items.iter().position(typed) {
        Some(at) => items[at][rest] = value,
        None if word == "0" => items.push(json!({ rest: value })),
        None => items.push(json!({ rest: value, "type": word })),
    }
}

/// Answers that prove something, and such that prove nothing.
fn answer() -> impl Strategy<Value = Result<Response, Loss>> {
    let bodies = select(vec![
        json!({ "status": "COMPLETE", "results": [{ "id": "1", "properties": { "name": "N0" }, "new": true, "objectWriteTraceId": "0" }] }),
        json!({ "status": "COMPLETE", "results": [], "numErrors": 1, "errors": [{ "category": "VALIDATION_ERROR", "message": "no", "context": { "objectWriteTraceId": ["0"] } }] }),
        json!({ "id": "7", "properties": {} }),
        json!({ "total": 0, "results": [] }),
        json!({ "totalSize": 0, "done": true, "records": [] }),
        json!([]),
        json!({ "new": true, "contact": { "id": "c" }, "opportunity": { "id": "o" } }),
        Value::Null,
    ]);
    let status = select(vec![
        200_u16, 200, 201, 204, 207, 400, 401, 404, 409, 429, 500,
    ]);
    prop_oneof![
        8 => (status, bodies).prop_map(|(status, body)| Ok(Response {
            status,
            headers: [("content-type", "application/json")].into_iter().collect(),
            body: body.to_string(),
        })),
        1 => Just(Err(Loss::Timeout)),
        1 => Just(Err(Loss::NotSent)),
    ]
}
