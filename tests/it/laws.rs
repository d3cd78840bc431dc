//! The laws of links, at every vendor and for every pair that its table lists: what was created is listed, what was set is
//! set, what was removed is gone, what can be undone is undone, and a receipt never says more than a list would.

use std::collections::BTreeSet;

use crmlink::endpoint::Options;
use crmlink::flow::{Flow, Loss, Millis};
use crmlink::http::{Headers, Method, Request, Response};
use crmlink::twin::Twins;
use crmlink::unified::capability::Pair;
use crmlink::unified::entity::Entity;
use crmlink::unified::operation::{TypeVerb, Verb};
use crmlink::unified::receipt::{Outcome, Receipt};
use crmlink::vendors::Vendor;
use serde_json::{Value, json};

use crate::support::{drive, options};

#[test]
fn what_is_created_is_listed_and_created_once() {
    for_each_pair(&[Verb::Create, Verb::List], |case| {
        let mut twins = case.twins();
        let created = case.run(&mut twins, Verb::Create, &case.both());
        case.all(&created, &[Outcome::Linked, Outcome::AlreadyLinked]);
        assert_eq!(case.listed(&twins), case.ids(&case.both()), "{case}");
        let commits = twins.commits().len();
        let again = case.run(&mut twins, Verb::Create, &case.both());
        case.all(&again, &[Outcome::Linked, Outcome::AlreadyLinked]);
        assert_eq!(twins.commits().len(), commits, "{case} wrote again");
        assert_eq!(case.listed(&twins), case.ids(&case.both()), "{case}");
    });
}

#[test]
fn what_is_removed_is_gone_and_removed_once() {
    for_each_pair(&[Verb::Create, Verb::Remove, Verb::List], |case| {
        let mut twins = case.twins();
        case.run(&mut twins, Verb::Create, &case.both());
        let removed = case.run(&mut twins, Verb::Remove, &case.one());
        case.all(&removed, &[Outcome::Removed]);
        let left: BTreeSet<_> = case.ids(&case.both());
        let left: BTreeSet<_> = left.difference(&case.ids(&case.one())).cloned().collect();
        assert_eq!(case.listed(&twins), left, "{case}");
        let commits = twins.commits().len();
        let again = case.run(&mut twins, Verb::Remove, &case.one());
        case.all(&again, &[Outcome::AlreadyRemoved]);
        assert_eq!(twins.commits().len(), commits, "{case} wrote again");
    });
}

#[test]
fn what_is_set_is_so_and_a_second_run_only_reads() {
    for_each_pair(&[Verb::Create, Verb::Set, Verb::List], |case| {
        let mut twins = case.twins();
        case.run(&mut twins, Verb::Create, &case.one());
        for wanted in [case.other(), case.both(), json!([]), case.one()] {
            let set = case.run(&mut twins, Verb::Set, &wanted);
            let good = |outcome: Outcome| outcome.is_good();
            assert!(
                set.links().iter().all(|link| good(link.outcome)),
                "{case}: {set:?}"
            );
            assert_eq!(case.listed(&twins), case.ids(&wanted), "{case}");
            let commits = twins.commits().len();
            let again = case.run(&mut twins, Verb::Set, &wanted);
            case.all(&again, &[Outcome::AlreadyLinked]);
            assert_eq!(twins.commits().len(), commits, "{case} wrote again");
        }
    });
}

#[test]
fn what_can_be_undone_is_undone() {
    for_each_pair(&[Verb::Create, Verb::Remove, Verb::List], |case| {
        for (before, verb, asked) in [
            (json!([]), Verb::Create, case.both()),
            (case.one(), Verb::Create, case.both()),
            (case.both(), Verb::Remove, case.one()),
            (case.one(), Verb::Set, case.other()),
        ] {
            // Where a record holds one link, asking for all is asking for what is there.
            if case.pair.does(verb).is_none() || before == asked {
                continue;
            }
            let mut twins = case.twins();
            if before != json!([]) {
                case.run(&mut twins, Verb::Create, &before);
            }
            let state = case.listing(&twins);
            let done = case.run_with(&mut twins, verb, &asked, &json!({ "reversible": true }));
            let written = done.links().iter().filter(|link| link.reversible.is_some());
            for link in written {
                assert_eq!(link.reversible, Some(true), "{case} {verb:?}: {link:?}");
            }
            let receipt = serde_json::to_value(&done).expect("JSON");
            let steps = receipt["undo"].as_array().cloned().unwrap_or_default();
            assert!(!steps.is_empty(), "{case} {verb:?}: {receipt}");
            for step in steps.iter().rev() {
                let operation = step["operation"].as_str().expect("an operation");
                let undone = send_all(&mut twins, case.vendor, operation, &step["input"]);
                let good = |outcome: Outcome| outcome.is_good();
                assert!(
                    undone.links().iter().all(|link| good(link.outcome)),
                    "{case} {verb:?}: {undone:?}"
                );
            }
            assert_eq!(
                case.listing(&twins),
                state,
                "{case} {verb:?} was not undone"
            );
        }
    });
}

/// Each fault, at each request of each verb: afterwards the vendor is asked what is true, and the receipt did not say more.
#[test]
fn no_fault_makes_a_false_receipt() {
    let faults = [
        json!({ "status": 500, "body": "", "commit": true }),
        json!({ "status": 503, "body": "<html>busy</html>" }),
        json!({ "status": 200, "body": "<html>welcome</html>" }),
        json!({ "status": 200, "body": "", "commit": true }),
        json!({ "status": 200, "body": "{\"results\":[", "commit": true }),
        json!({ "status": 204, "body": "" }),
        json!({ "status": 0, "commit": true }),
        json!({ "status": 429, "body": "" }),
        json!({ "status": 401, "body": "" }),
    ];
    let mut driven = 0;
    for_each_pair(&[Verb::Create, Verb::List], |case| {
        for (before, verb, asked) in [
            (json!([]), Verb::Create, case.both()),
            (case.both(), Verb::Remove, case.both()),
            (case.one(), Verb::Set, case.other()),
        ] {
            if case.pair.does(verb).is_none() {
                continue;
            }
            let mut ready = case.twins();
            if before != json!([]) {
                case.run(&mut ready, Verb::Create, &before);
            }
            for fault in &faults {
                // All that Salesforce says of an update is a 204: one that lies cannot be told from one that does not.
                if is_success(case.vendor, fault) {
                    continue;
                }
                for (at, times) in [(0, 1), (1, 1), (2, 1), (0, 9), (1, 9)] {
                    let mut twins = ready.clone();
                    let mut fault = fault.clone();
                    fault["vendor"] = json!(case.vendor.as_str());
                    fault["times"] = json!(times);
                    let input = case.input(&asked, &json!({}));
                    let receipt = send_with(
                        &mut twins,
                        case.vendor,
                        verb.operation(),
                        &input,
                        |twins, number| {
                            if number == at {
                                control(twins, "fault", &fault);
                            }
                        },
                    );
                    driven += 1;
                    control(
                        &mut twins,
                        "fault",
                        &json!({ "vendor": case.vendor.as_str(), "clear": true }),
                    );
                    let there = case.listed(&twins);
                    for link in receipt.links() {
                        let is_there = there.contains(&case.same(&link.to.id));
                        let holds = match link.outcome {
                            Outcome::Linked | Outcome::AlreadyLinked => is_there,
                            Outcome::NotLinked | Outcome::Removed | Outcome::AlreadyRemoved => {
                                !is_there
                            }
                            Outcome::NotRemoved | Outcome::Unknown => true,
                        };
                        assert!(
                            holds,
                            "{case} {verb:?}: {fault} at request {at}: {link:?}, there are {there:?}"
                        );
                    }
                }
            }
        }
    });
    assert!(driven >= FEWEST * 45, "only {driven} faults were tried");
}

fn is_success(vendor: Vendor, fault: &Value) -> bool {
    vendor == Vendor::Salesforce && fault["status"] == 204
}

/// Ten thousand links cost the fewest calls that the vendor allows.
#[test]
fn ten_thousand_links_cost_the_fewest_calls() {
    let salesforce = |number: usize| format!("003000000{number:06}");
    let plain = |number: usize| (2_000_000 + number).to_string();
    type Name = fn(usize) -> String;
    let cases: [(Vendor, &str, Name, u64, u64); 3] = [
        (Vendor::Hubspot, "301", plain, 5, 5),
        (Vendor::Salesforce, "006000000000001", salesforce, 10, 20),
        (Vendor::Leadconnector, "o1", plain, 1, 10_001),
    ];
    for (vendor, record, name, least, most) in cases {
        let ids: Vec<_> = (0..10_000).map(name).collect();
        let input = json!({ "entity": "opportunities", "entity_id": record, "associations": { "contacts": ids.join(",") } })
            .to_string();
        let flow = Flow::start(vendor, "associations.create", &input, &chosen(vendor), 0)
            .unwrap_or_else(|error| panic!("{error}"));
        let plan = serde_json::to_value(flow.plan()).expect("JSON");
        assert_eq!(
            plan["calls"],
            json!({ "min": least, "max": most }),
            "{vendor:?}"
        );
    }
}

/// A pair of kinds at a vendor, with sample records.
struct Case {
    vendor: Vendor,
    pair: &'static Pair,
    record: String,
    targets: [Value; 2],
}

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} {} to {}",
            self.vendor.as_str(),
            self.pair.from.as_str(),
            self.pair.to.as_str()
        )
    }
}

/// How many pairs there are at the least: a table that loses its pairs would pass every law.
const FEWEST: usize = 40;

fn for_each_pair(verbs: &[Verb], mut law: impl FnMut(&Case)) {
    let mut cases = 0;
    for vendor in Vendor::ALL {
        let pairs = vendor.capability().expect("a table").pairs;
        for pair in pairs {
            if !verbs.iter().all(|verb| pair.does(*verb).is_some()) {
                continue;
            }
            let Some(case) = case(vendor, pair) else {
                continue;
            };
            cases += 1;
            law(&case);
        }
    }
    assert!(cases >= FEWEST, "the laws were tried on {cases} pairs only");
}

/// The sample records of a pair; `None` where the simulator has none of the kind.
fn case(vendor: Vendor, pair: &'static Pair) -> Option<Case> {
    let from = samples(vendor, pair.from);
    let record = (*from.first()?).to_owned();
    let targets: Vec<_> = samples(vendor, pair.to)
        .iter()
        .filter(|id| **id != record)
        .map(|id| {
            let mut target = json!({ "id": id });
            for field in pair.required {
                target[*field] = match *field {
                    "role" => json!("child"),
                    "association_type" => json!(KEY),
                    other => panic!("{other}: say what it is in these tests"),
                };
            }
            target
        })
        .collect();
    let [first, second, ..] = targets.as_slice() else {
        return None;
    };
    Some(Case {
        vendor,
        pair,
        record,
        targets: [first.clone(), second.clone()],
    })
}

/// The key of a definition that these tests make where a pair needs one.
const KEY: &str = "law_of_links";

impl Case {
    /// Fresh simulators, with a definition where the pair needs one.
    fn twins(&self) -> Twins {
        let mut twins = Twins::new();
        if self.pair.required.contains(&"association_type") {
            let verb = TypeVerb::Create.operation();
            let [from, to] = [self.pair.from, self.pair.to].map(|entity| name(self.vendor, entity));
            let input = json!({ "from": from, "to": to, "key": KEY, "label": "Law", "inverse_label": "Order" });
            send_all(&mut twins, self.vendor, verb, &input);
        }
        // A deal of another account would have to be moved: it is freed first.
        if self.vendor == Vendor::Salesforce {
            let mut request = Request {
                method: Method::Patch,
                url: "https://twin.example/services/data/v66.0/sobjects/Opportunity/0065e00000DealAAAR".to_owned(),
                headers: Headers::new(),
                body: Some(json!({ "AccountId": null }).to_string()),
            };
            request.headers.set("authorization", "Bearer twin-token");
            assert_eq!(twins.answer(&request, 0).status, 204);
        }
        // Whatever the samples are linked with is taken away first.
        if self.pair.does(Verb::Remove).is_some() && self.pair.does(Verb::List).is_some() {
            let there = self.listing(&twins);
            if there.as_array().is_some_and(|list| !list.is_empty()) {
                self.run(&mut twins, Verb::Remove, &there);
            }
        }
        twins
    }

    fn one(&self) -> Value {
        json!([self.targets[0]])
    }

    fn other(&self) -> Value {
        json!([self.targets[1]])
    }

    /// Both targets, or the one that the pair can hold.
    fn both(&self) -> Value {
        match self.pair.cardinality {
            crmlink::unified::capability::Cardinality::One => self.one(),
            crmlink::unified::capability::Cardinality::Many => json!(self.targets),
        }
    }

    fn input(&self, targets: &Value, more: &Value) -> Value {
        let [from, to] = [self.pair.from, self.pair.to].map(|entity| name(self.vendor, entity));
        let mut input =
            json!({ "entity": from, "entity_id": self.record, "associations": { to: targets } });
        for (key, value) in more.as_object().expect("an object") {
            input[key] = value.clone();
        }
        input
    }

    fn run(&self, twins: &mut Twins, verb: Verb, targets: &Value) -> Receipt {
        self.run_with(twins, verb, targets, &json!({}))
    }

    fn run_with(&self, twins: &mut Twins, verb: Verb, targets: &Value, more: &Value) -> Receipt {
        let input = self.input(targets, more);
        send_all(twins, self.vendor, verb.operation(), &input)
    }

    fn all(&self, receipt: &Receipt, outcomes: &[Outcome]) {
        for link in receipt.links() {
            assert!(outcomes.contains(&link.outcome), "{self}: {link:?}");
        }
    }

    /// What is linked now, as `set` takes it, in the order of the ids.
    fn listing(&self, twins: &Twins) -> Value {
        let [from, to] = [self.pair.from, self.pair.to].map(|entity| name(self.vendor, entity));
        let input = json!({ "entity": from, "entity_id": self.record, "to": to });
        let listed = send_all(
            &mut twins.clone(),
            self.vendor,
            Verb::List.operation(),
            &input,
        );
        let listed = serde_json::to_value(&listed).expect("JSON");
        let mut targets = listed["associations"][to]
            .as_array()
            .cloned()
            .unwrap_or_else(|| panic!("{self}: {listed}"));
        // Other definitions of the simulator's are not these tests'.
        if self.pair.required.contains(&"association_type") {
            targets.retain(|target| target["association_type"] == json!(KEY));
        }
        targets.sort_by_key(ToString::to_string);
        Value::Array(targets)
    }

    fn listed(&self, twins: &Twins) -> BTreeSet<String> {
        self.ids(&self.listing(twins))
    }

    fn ids(&self, targets: &Value) -> BTreeSet<String> {
        let targets = targets.as_array().expect("a list");
        let ids = targets.iter().filter_map(|target| target["id"].as_str());
        ids.map(|id| self.same(id)).collect()
    }

    /// The part of an id on which the vendor compares.
    fn same(&self, id: &str) -> String {
        match self.vendor {
            Vendor::Salesforce => id.get(..15).unwrap_or(id).to_owned(),
            _ => id.to_owned(),
        }
    }
}

/// The word of a kind, or the vendor's key of a custom one.
fn name(vendor: Vendor, entity: Entity) -> &'static str {
    match (vendor, entity) {
        (Vendor::Leadconnector, Entity::Custom) => "custom_objects.children",
        (Vendor::Hubspot, Entity::Custom) => "2-3465404",
        (_, entity) => entity.as_str(),
    }
}

/// The ids of the simulators' sample records.
fn samples(vendor: Vendor, entity: Entity) -> &'static [&'static str] {
    match (vendor, entity) {
        (Vendor::Hubspot, Entity::Contacts) => &["101", "102", "103"],
        (Vendor::Hubspot, Entity::Accounts) => &["201", "202"],
        (Vendor::Hubspot, Entity::Opportunities) => &["301", "302"],
        (Vendor::Hubspot, Entity::Leads) => &["501", "502"],
        (Vendor::Hubspot, Entity::Custom) => &["901", "902", "903"],
        (Vendor::Leadconnector, Entity::Contacts) => &[
            "sx6wyHhbFdRXh302Lunr",
            "byMEV0NQinDhq8ZfiOi2",
            "ocQHyuzHvysMo5N5VsXc",
        ],
        (Vendor::Leadconnector, Entity::Opportunities) => &[
            "yWQobCRIhRguQtD2llvk",
            "VDm7RPYC2GLUvdpKmBfC",
            "UIaE1WjAwWKdlyD7osQI",
        ],
        (Vendor::Leadconnector, Entity::Accounts) => &[
            "63771dcac1116f0e21de8e12",
            "63771dcac1116f0e21de8e13",
            "63771dcac1116f0e21de8e14",
        ],
        (Vendor::Leadconnector, Entity::Custom) => &[
            "66c4b8f0a1116f0e21de8e01",
            "66c4b8f0a1116f0e21de8e02",
            "66c4b8f0a1116f0e21de8e03",
        ],
        (Vendor::Salesforce, Entity::Accounts) => &[
            "0015e00000BetaBAAR",
            "0015e00000GamaCAAR",
            "0015e00000AcmeAAAR",
        ],
        (Vendor::Salesforce, Entity::Contacts) => &[
            "0035e00000BertBAAR",
            "0035e00000CleoCAAR",
            "0035e00000AnnaAAAR",
        ],
        (Vendor::Salesforce, Entity::Opportunities) => {
            &["0065e00000DealBAAR", "0065e00000DealAAAR"]
        }
        _ => &[],
    }
}

fn send_all(twins: &mut Twins, vendor: Vendor, operation: &str, input: &Value) -> Receipt {
    send_with(twins, vendor, operation, input, |_, _| {})
}

fn send_with(
    twins: &mut Twins,
    vendor: Vendor,
    operation: &str,
    input: &Value,
    mut before: impl FnMut(&mut Twins, usize),
) -> Receipt {
    let text = input.to_string();
    let mut flow = Flow::start(vendor, operation, &text, &chosen(vendor), 5)
        .unwrap_or_else(|error| panic!("{operation} {input}: {error}"));
    let mut number = 0;
    let outcome = drive(&mut flow, |request, now| {
        before(twins, number);
        number += 1;
        send(twins, request, now)
    });
    outcome.unwrap_or_else(|nothing| nothing.receipt)
}

fn send(twins: &mut Twins, request: &Request, now: Millis) -> Result<Response, Loss> {
    let response = twins.answer(request, 1_795_348_800_000 + now);
    if response.status == 0 {
        return Err(Loss::Broken);
    }
    Ok(response)
}

fn control(twins: &mut Twins, path: &str, body: &Value) {
    let request = Request {
        method: Method::Post,
        url: format!("http://127.0.0.1:8790/_twin/{path}"),
        headers: Headers::new(),
        body: Some(body.to_string()),
    };
    let response = twins.answer(&request, 0);
    assert_eq!(response.status, 200, "{}", response.body);
}

fn chosen(vendor: Vendor) -> Options {
    let mut given = json!({ "token": "twin-token", "origin": "http://127.0.0.1:8790" });
    match vendor {
        Vendor::Leadconnector => given["locationId"] = json!("CLu7BaljjqrEjBGKTNNe"),
        Vendor::Truto => {
            given["integratedAccountId"] = json!("62f44730-dd91-461e-bd6a-aedd9e0ad79d")
        }
        Vendor::Hubspot | Vendor::Salesforce => {}
    }
    options(Some(&given))
}
