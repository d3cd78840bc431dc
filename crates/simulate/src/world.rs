//! The simulators with their sample records, and what can be asked of them.

use crmlink::endpoint::Options;
use crmlink::twin::Twins;
use crmlink::unified::entity::Entity;
use crmlink::unified::operation::Verb;
use crmlink::vendors::Vendor;
use serde_json::{Value, json};

use crate::chance::Chance;

/// Fresh simulators, and the options for each vendor.
pub(crate) struct World {
    pub(crate) twins: Twins,
}

/// One operation.
#[derive(Clone)]
pub(crate) struct Ask {
    pub(crate) vendor: Vendor,
    pub(crate) operation: &'static str,
    pub(crate) input: Value,
}

/// The vendors whose links can be listed, so that it can be told what is true.
const VENDORS: [Vendor; 3] = [Vendor::Hubspot, Vendor::Leadconnector, Vendor::Salesforce];

impl World {
    pub(crate) fn new() -> Self {
        Self {
            twins: Twins::few(),
        }
    }

    /// An operation, and one that may have run before it.
    pub(crate) fn ask(&self, chance: &mut Chance) -> Option<(Option<Ask>, Ask)> {
        match chance.below(10) {
            0..3 => upserts(chance),
            3 => types(chance),
            _ => links(chance),
        }
    }
}

/// Records of a kind by a mark that none of the samples has: alone, and several at once.
fn upserts(chance: &mut Chance) -> Option<(Option<Ask>, Ask)> {
    let vendor = *chance.pick(&VENDORS)?;
    let operations = [
        "contacts.upsert",
        "contacts.upsert",
        "accounts.upsert",
        "leads.upsert",
        "opportunities.upsert",
    ];
    // LeadConnector has no leads.
    let operations = match vendor {
        Vendor::Leadconnector => &operations[..3],
        _ => &operations[..],
    };
    let operation = *chance.pick(operations)?;
    let record = |number: u64, name: &str| {
        let email = json!([{ "email": format!("{number}{MARK}@x.example") }]);
        match (operation, vendor) {
            ("contacts.upsert", _) => json!({ "email_addresses": email, "last_name": name }),
            ("accounts.upsert", _) => {
                json!({ "website": format!("{number}{MARK}.example"), "name": name })
            }
            ("leads.upsert", Vendor::Hubspot) => json!({
                "match_by": "name", "name": format!("{number}{MARK}"), "status": if name == "After" { "HOT" } else { "WARM" },
                "contacts": [{ "id": "101" }],
            }),
            ("leads.upsert", _) => json!({
                "email_addresses": email, "last_name": name, "account": { "name": "Lind Ltd" },
            }),
            (_, Vendor::Salesforce) => json!({
                "match_by": "name", "name": format!("{number}{MARK}"), "stage": { "name": "Prospecting" },
                "close_date": "2026-12-31", "description": name,
            }),
            _ => {
                json!({ "match_by": "name", "name": format!("{number}{MARK}"), "description": name })
            }
        }
    };
    let ask = |records: Vec<Value>| Ask {
        vendor,
        operation,
        input: match records.as_slice() {
            [only] => only.clone(),
            _ => Value::Array(records),
        },
    };
    let before = chance.percent(40).then(|| ask(vec![record(0, "Before")]));
    let records = (0..1 + chance.below(3)).map(|number| record(number, "After"));
    Some((before, ask(records.collect())))
}

/// What no sample record holds.
pub(crate) const MARK: &str = "-simulated";

/// A definition that is made, looked at, changed or deleted, where the vendor has definitions.
fn types(chance: &mut Chance) -> Option<(Option<Ask>, Ask)> {
    let vendor = *chance.pick(&[Vendor::Hubspot, Vendor::Leadconnector])?;
    let ask = |operation: &'static str, more: &[(&str, &str)]| {
        let mut input = json!({});
        let makes = operation == "association_types.create";
        // HubSpot counts the definitions of a portal, and names them by their numbers.
        if vendor == Vendor::Hubspot && !makes {
            input["id"] = "1".into();
        } else {
            input["key"] = "simulated".into();
        }
        if vendor == Vendor::Hubspot || makes {
            let from = match vendor {
                Vendor::Hubspot => "opportunities",
                _ => "custom_objects.children",
            };
            input["from"] = from.into();
            input["to"] = "contacts".into();
        }
        for (name, value) in more {
            input[*name] = (*value).into();
        }
        Ask {
            vendor,
            operation,
            input,
        }
    };
    let make = |label: &str| {
        ask(
            "association_types.create",
            &[("label", label), ("inverse_label", "of")],
        )
    };
    let before = chance.percent(60).then(|| make("Simulated"));
    let asked = match chance.below(5) {
        0 | 1 => make("Simulated"),
        2 => ask("association_types.get", &[]),
        3 => ask(
            "association_types.update",
            &[("label", "Otherwise"), ("inverse_label", "of")],
        ),
        _ => ask("association_types.delete", &[]),
    };
    Some((before, asked))
}

/// An operation on the links of a pair that a vendor's table lists, and one that may have run before it.
fn links(chance: &mut Chance) -> Option<(Option<Ask>, Ask)> {
    let vendor = *chance.pick(&VENDORS)?;
    let pairs: Vec<_> = vendor
        .capability()?
        .pairs
        .iter()
        .filter(|pair| pair.does(Verb::List).is_some() && pair.required.is_empty())
        .filter(|pair| samples(vendor, pair.to).len() > 1 && !samples(vendor, pair.from).is_empty())
        .collect();
    let pair = *chance.pick(&pairs)?;
    let record = *chance.pick(samples(vendor, pair.from))?;
    let targets = |chance: &mut Chance, rich: bool| {
        let mut targets = Vec::new();
        for id in samples(vendor, pair.to) {
            if *id == record || chance.percent(40) {
                continue;
            }
            let mut target = json!({ "id": id });
            if rich && pair.fields.contains(&"primary") && chance.percent(15) {
                target["primary"] = json!(true);
            } else if rich && pair.fields.contains(&"role") && chance.percent(30) {
                let role = chance.pick(&["Decision Maker", "Evaluator"]);
                target["role"] = json!(role);
            }
            if rich && pair.fields.contains(&"replace") && chance.percent(30) {
                target["replace"] = json!(true);
            }
            targets.push(target);
        }
        Value::Array(targets)
    };
    let verbs = [Verb::Create, Verb::Create, Verb::Remove, Verb::Set];
    let verb = *chance.pick(&verbs)?;
    let verb = if pair.does(verb).is_some() {
        verb
    } else {
        Verb::Create
    };
    let rich = vendor == Vendor::Salesforce && verb != Verb::Remove;
    let (before, asked) = (targets(chance, false), targets(chance, rich));
    let ask = |verb: Verb, targets: Value, more: bool| {
        let mut input = json!({ "entity": pair.from.as_str(), "entity_id": record, "associations": { pair.to.as_str(): targets } });
        if more {
            input["reversible"] = json!(true);
        }
        Ask {
            vendor,
            operation: verb.operation(),
            input,
        }
    };
    let before = chance.percent(60).then(|| ask(Verb::Create, before, false));
    Some((before, ask(verb, asked, chance.percent(30))))
}

impl Ask {
    /// The marks of an upsert's records, in order.
    pub(crate) fn marks(&self) -> Vec<String> {
        if !self.operation.ends_with(".upsert") {
            return Vec::new();
        }
        let records = match &self.input {
            Value::Array(records) => records.len(),
            _ => 1,
        };
        (0..records)
            .map(|number| format!("{number}{MARK}"))
            .collect()
    }

    /// What shows the definitions among which its own is, or would be.
    pub(crate) fn types(&self) -> Option<Self> {
        let ours = self.operation.starts_with("association_types.");
        ours.then(|| Self {
            vendor: self.vendor,
            operation: "association_types.list",
            input: match self.vendor {
                Vendor::Hubspot => json!({ "from": "opportunities", "to": "contacts" }),
                _ => json!({}),
            },
        })
    }

    /// What shows the links that it is about.
    pub(crate) fn listing(&self) -> Option<Self> {
        let kinds = self.input["associations"].as_object()?;
        Some(Self {
            vendor: self.vendor,
            operation: Verb::List.operation(),
            input: json!({
                "entity": self.input["entity"], "entity_id": self.input["entity_id"], "to": kinds.keys().collect::<Vec<_>>(),
            }),
        })
    }

    pub(crate) fn options(&self) -> Options {
        let mut given = json!({ "token": "twin-token", "origin": "http://127.0.0.1:8790" });
        if self.vendor == Vendor::Leadconnector {
            given["locationId"] = json!("CLu7BaljjqrEjBGKTNNe");
        }
        Options::parse(&given.to_string()).unwrap_or_default()
    }
}

/// The ids of the simulators' sample records.
const fn samples(vendor: Vendor, entity: Entity) -> &'static [&'static str] {
    match (vendor, entity) {
        (Vendor::Hubspot, Entity::Contacts) => &["101", "102", "103"],
        (Vendor::Hubspot, Entity::Accounts) => &["201", "202"],
        (Vendor::Hubspot, Entity::Opportunities) => &["301", "302"],
        (Vendor::Leadconnector, Entity::Contacts) => &[
            "sx6wyHhbFdRXh302Lunr",
            "byMEV0NQinDhq8ZfiOi2",
            "ocQHyuzHvysMo5N5VsXc",
        ],
        (Vendor::Leadconnector, Entity::Opportunities) => {
            &["yWQobCRIhRguQtD2llvk", "VDm7RPYC2GLUvdpKmBfC"]
        }
        (Vendor::Leadconnector, Entity::Accounts) => &["63771dcac1116f0e21de8e12"],
        (Vendor::Salesforce, Entity::Accounts) => &[
            "0015e00000BetaBAAR",
            "0015e00000GamaCAAR",
            "0015e00000AcmeAAAR",
        ],
        (Vendor::Salesforce, Entity::Contacts) => &[
            "0035e00000BertBAAR",
            "0035e00000bertBAAQ",
            "0035e00000CleoCAAR",
            "0035e00000AnnaAAAR",
        ],
        (Vendor::Salesforce, Entity::Opportunities) => {
            &["0065e00000DealBAAR", "0065e00000DealAAAR"]
        }
        _ => &[],
    }
}
