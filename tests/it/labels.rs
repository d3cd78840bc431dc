//! HubSpot's labels against the simulator: what is written is listed in the words that `set` takes, a second run writes
//! nothing, and what is undone is as before. The laws of plain links stand in [`crate::laws`].

use crmlink::endpoint::Options;
use crmlink::flow::{Flow, Loss, Millis};
use crmlink::http::{Request, Response};
use crmlink::twin::Twins;
use crmlink::vendors::Vendor;
use serde_json::{Value, json};

use crate::support::{drive, options};

#[test]
fn a_label_comes_is_kept_is_replaced_and_goes() {
    for version in ["v4", "2026-03", "2026-09"] {
        let mut bench = Bench::new(version);
        let champion = bench.define("champion", "Champion");
        bench.define("decision_maker", "Decision Maker");
        assert_eq!(champion["outcome"], "created", "{champion}");
        assert_eq!(
            bench.define("champion", "champion")["outcome"],
            "already_there"
        );

        let made = bench.run(
            "create",
            json!([{ "id": "101", "role": "champion" }, { "id": "102" }]),
        );
        assert_eq!(outcomes(&made), ["linked", "linked"], "{made}");
        let labelled = json!([{ "id": "101", "role": "Champion" }, { "id": "102" }]);
        assert_eq!(bench.listed(), labelled);

        // Another label is added; the first one is not lost, whatever the write replaces.
        bench.run("create", json!([{ "id": "101", "role": "Decision Maker" }]));
        assert_eq!(
            bench.listed()[0]["role"],
            json!(["Champion", "Decision Maker"])
        );
        // A set without a role keeps them, with one replaces them, and says what it takes away.
        let kept = bench.run("set", json!([{ "id": "101" }, { "id": "102" }]));
        assert_eq!(outcomes(&kept), ["already_linked", "already_linked"]);
        let before = bench.listed();
        let wanted =
            json!([{ "id": "101", "role": "Decision Maker" }, { "id": "103", "role": "Champion" }]);
        let set = bench.run("set", wanted.clone());
        assert_eq!(outcomes(&set), ["linked", "linked", "removed"], "{set}");
        assert_eq!(bench.listed(), wanted);
        let commits = bench.twins.commits().len();
        let listed = bench.listed();
        let again = bench.run("set", listed);
        assert_eq!(outcomes(&again), ["already_linked", "already_linked"]);
        assert_eq!(bench.twins.commits().len(), commits, "a second run wrote");

        bench.undo(&set);
        assert_eq!(bench.listed(), before);

        // One label goes, then the pair.
        let removed = bench.run("remove", json!([{ "id": "101", "role": "Champion" }]));
        assert_eq!(outcomes(&removed), ["removed"]);
        assert_eq!(
            bench.listed()[0],
            json!({ "id": "101", "role": "Decision Maker" })
        );
        bench.undo(&removed);
        assert_eq!(bench.listed(), before);
        // With roles only they go: the two stay associated. A pair without goes whole.
        let removed = bench.run("remove", before);
        assert_eq!(outcomes(&removed), ["removed", "removed"], "{removed}");
        assert_eq!(bench.listed(), json!([{ "id": "101" }]));
    }
}

#[test]
fn a_definition_is_made_where_a_link_needs_it_and_goes_with_its_links() {
    let mut bench = Bench::new("2026-03");
    let input = json!({
        "entity": "opportunities", "entity_id": "301",
        "associations": { "contacts": [{ "id": "101", "association_type": "boss" }] },
        "association_types": [{ "key": "boss", "label": "Boss", "inverse_label": "Boss of" }],
    });
    let made = bench.send("associations.create", &input);
    assert_eq!(outcomes(&made), ["linked"], "{made}");
    assert_eq!(bench.listed(), json!([{ "id": "101", "role": "Boss" }]));
    let types = json!({ "from": "opportunities", "to": "contacts" });
    let listed = bench.send("association_types.list", &types);
    let own = listed["result"].as_array().expect("a list").iter();
    let own: Vec<_> = own.filter(|known| known["category"] == "user").collect();
    assert_eq!(own.len(), 1, "{listed}");
    let one =
        json!({ "from": "opportunities", "to": "contacts", "id": own[0]["id"], "label": "Chief" });
    assert_eq!(
        bench.send("association_types.update", &one)["outcome"],
        "updated"
    );
    assert_eq!(bench.listed(), json!([{ "id": "101", "role": "Chief" }]));
    let one = json!({ "from": "opportunities", "to": "contacts", "id": own[0]["id"] });
    assert_eq!(bench.send("association_types.get", &one)["label"], "Chief");
    assert_eq!(
        bench.send("association_types.delete", &one)["outcome"],
        "deleted"
    );
}

#[test]
fn the_main_company_changes_and_changes_back() {
    let mut bench = Bench::new("2026-03");
    let input = |targets: Value| json!({ "entity": "contacts", "entity_id": "101", "associations": { "accounts": targets } });
    let listed = |bench: &mut Bench| {
        let asked = json!({ "entity": "contacts", "entity_id": "101", "to": "accounts" });
        bench.send("associations.list", &asked)["associations"]["accounts"].clone()
    };
    bench.send(
        "associations.create",
        &input(json!([{ "id": "201" }, { "id": "202" }])),
    );
    let before = json!([{ "id": "201", "primary": true }, { "id": "202" }]);
    assert_eq!(listed(&mut bench), before);
    let changed = bench.send(
        "associations.create",
        &input(json!([{ "id": "202", "primary": true }])),
    );
    assert_eq!(outcomes(&changed), ["linked"], "{changed}");
    assert_eq!(
        listed(&mut bench),
        json!([{ "id": "201" }, { "id": "202", "primary": true }])
    );
    bench.undo(&changed);
    assert_eq!(listed(&mut bench), before);
}

#[test]
fn partner_objects_and_tickets_go_by_their_keys() {
    for (entity, id, to, target) in [
        ("partner_clients", "601", "contacts", "101"),
        ("contacts", "101", "partner_services", "701"),
        ("0-5", "401", "accounts", "201"),
        ("2-3465404", "901", "2-3465404", "902"),
    ] {
        let mut bench = Bench::new("2026-03");
        let input = json!({ "entity": entity, "entity_id": id, "associations": { to: [{ "id": target }] } });
        let made = bench.send("associations.create", &input);
        assert_eq!(outcomes(&made), ["linked"], "{made}");
        let asked = json!({ "entity": entity, "entity_id": id, "to": to });
        let listed = bench.send("associations.list", &asked)["associations"][to].clone();
        assert_eq!(listed[0]["id"], target, "{listed}");
        // What is listed is what `set` takes.
        let input = json!({ "entity": entity, "entity_id": id, "associations": { to: listed } });
        let set = bench.send("associations.set", &input);
        assert_eq!(outcomes(&set), ["already_linked"], "{set}");
        let removed = bench.send(
            "associations.remove",
            &json!({ "entity": entity, "entity_id": id, "associations": { to: target } }),
        );
        assert_eq!(outcomes(&removed), ["removed"], "{removed}");
    }
}

#[test]
fn two_thousand_and_one_roles_cost_two_writes() {
    let mut bench = Bench::new("2026-03");
    bench.define("champion", "Champion");
    let targets: Vec<_> = (1_000_000..1_002_001)
        .map(|id| json!({ "id": id.to_string(), "role": "Champion" }))
        .collect();
    bench.calls = 0;
    let made = bench.run("create", Value::Array(targets.clone()));
    assert!(outcomes(&made).iter().all(|outcome| outcome == "linked"));
    assert_eq!(bench.calls, 4, "one page, the labels, two batches");
    bench.calls = 0;
    let removed = bench.run("set", json!([]));
    assert_eq!(outcomes(&removed).len(), 2_001);
    assert_eq!(bench.calls, 7, "five pages, two batches");
    assert_eq!(bench.listed(), json!([]));
}

/// A deal and its contacts at one version of HubSpot's API.
struct Bench {
    twins: Twins,
    options: Options,
    calls: usize,
}

impl Bench {
    fn new(version: &str) -> Self {
        let given = json!({ "token": "twin-token", "origin": "http://127.0.0.1:8790", "apiVersion": version });
        Self {
            twins: Twins::new(),
            options: options(Some(&given)),
            calls: 0,
        }
    }

    fn define(&mut self, key: &str, label: &str) -> Value {
        let input =
            json!({ "from": "opportunities", "to": "contacts", "key": key, "label": label });
        self.send("association_types.create", &input)
    }

    fn run(&mut self, verb: &str, targets: Value) -> Value {
        let input = json!({ "entity": "opportunities", "entity_id": "301", "associations": { "contacts": targets } });
        self.send(&format!("associations.{verb}"), &input)
    }

    fn listed(&mut self) -> Value {
        let asked = json!({ "entity": "opportunities", "entity_id": "301", "to": "contacts" });
        self.send("associations.list", &asked)["associations"]["contacts"].clone()
    }

    fn undo(&mut self, receipt: &Value) {
        let steps = receipt["undo"].as_array().expect("steps");
        for step in steps.iter().rev() {
            self.send(step["operation"].as_str().expect("a name"), &step["input"]);
        }
    }

    fn send(&mut self, operation: &str, input: &Value) -> Value {
        let text = input.to_string();
        let mut flow = Flow::start(Vendor::Hubspot, operation, &text, &self.options, 5)
            .unwrap_or_else(|error| panic!("{operation} {input}: {error}"));
        let outcome = drive(&mut flow, |request, now| {
            self.calls += 1;
            answer(&mut self.twins, request, now)
        });
        let receipt = outcome.unwrap_or_else(|nothing| nothing.receipt);
        serde_json::to_value(&receipt).expect("JSON")
    }
}

fn answer(twins: &mut Twins, request: &Request, now: Millis) -> Result<Response, Loss> {
    let response = twins.answer(request, 1_795_348_800_000 + now);
    match response.status {
        0 => Err(Loss::Broken),
        _ => Ok(response),
    }
}

fn outcomes(receipt: &Value) -> Vec<String> {
    let links = receipt["links"].as_array().expect("links");
    links
        .iter()
        .map(|link| link["outcome"].as_str().unwrap_or_default().to_owned())
        .collect()
}
