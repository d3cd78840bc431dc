//! The vendor's answers in a receipt: who does without them gets the same receipt, and none of them.

use std::collections::BTreeSet;

use crmlink::flow::{Flow, Loss};
use crmlink::vendors::Vendor;
use serde_json::{Value, json};

use crate::golden::{cases, input};
use crate::support::{drive, options};

#[test]
fn who_does_without_the_vendor_s_answers_has_the_same_receipt_and_none_of_them() {
    let mut shown = BTreeSet::new();
    for (name, case) in cases() {
        if case.get("operation").is_none() || case.get("refused").is_some() {
            continue;
        }
        let (mut with, requests) = carried_out(&case, false);
        let (without, same_requests) = carried_out(&case, true);
        assert_eq!(requests, same_requests, "{name}");
        assert_eq!(remote_data(&mut without.clone()), 0, "{name}: {without}");
        if remote_data(&mut with) > 0 {
            let operation = case["operation"].as_str().unwrap_or_default();
            let area = operation.split_once('.').map_or("", |(area, _)| area);
            let listed = operation.ends_with("list");
            shown.insert((case["vendor"].to_string(), area.to_owned(), listed));
        }
        assert_eq!(with, without, "{name}");
    }
    // Links, lists, definitions and upserts, wherever the vendor has them, have answers to do without.
    for vendor in Vendor::ALL {
        let areas = match vendor {
            Vendor::Truto => &[("associations", false)][..],
            Vendor::Salesforce => &[
                ("associations", false),
                ("associations", true),
                ("contacts", false),
            ],
            Vendor::Hubspot | Vendor::Leadconnector => &[
                ("associations", false),
                ("associations", true),
                ("association_types", false),
                ("contacts", false),
            ],
        };
        for (area, listed) in areas {
            let vendor = json!(vendor.as_str()).to_string();
            let case = (vendor, (*area).to_owned(), *listed);
            assert!(shown.contains(&case), "no case shows {case:?}");
        }
    }
}

/// What passes through cannot say anew what a field of ours has said: Salesforce takes names in any case.
#[test]
fn what_passes_through_says_nothing_that_was_said() {
    for (vendor, chosen, names) in [
        (Vendor::Hubspot, json!({}), ["firstname", "FirstName"]),
        (
            Vendor::Leadconnector,
            json!({ "locationId": "CLu7BaljjqrEjBGKTNNe" }),
            ["firstName", "firstname"],
        ),
        (
            Vendor::Salesforce,
            json!({ "origin": "https://acme.my.salesforce.com" }),
            ["FirstName", "FIRSTNAME"],
        ),
    ] {
        let chosen = options(Some(&chosen));
        for place in ["remote_data", "custom_fields"] {
            for name in names {
                let record = json!({
                    "id": "0035e00000AnnaAAAR",
                    "first_name": "Anna",
                    "last_name": "Example",
                    place: { name: "Bert" },
                })
                .to_string();
                let started = Flow::start(vendor, "contacts.upsert", &record, &chosen, 0);
                let Err(crmlink::error::Error::Refused(refusal)) = started.map(drop) else {
                    panic!("{vendor:?} takes {name} under {place}");
                };
                assert_eq!(refusal.path, format!("{place}.{name}"), "{vendor:?}");
            }
        }
    }
}

/// The receipt of a case as JSON, and what was sent.
fn carried_out(case: &Value, ignore: bool) -> (Value, Vec<String>) {
    let vendor = Vendor::parse(case["vendor"].as_str().unwrap_or_default()).expect("a vendor");
    let mut chosen = options(case.get("options"));
    chosen.ignore_remote_data = ignore;
    let text = input(case, "input", "inputText");
    let operation = case["operation"].as_str().unwrap_or_default();
    let mut flow = Flow::start(vendor, operation, &text, &chosen, 0).expect("a good input");
    let mut steps = case["exchange"].as_array().into_iter().flatten();
    let mut sent = Vec::new();
    let outcome = drive(&mut flow, |request, _| {
        sent.push(format!("{request:?}"));
        let response = steps.next().map(|step| step["response"].clone());
        serde_json::from_value(response.unwrap_or_default()).map_err(|_| Loss::Broken)
    });
    let receipt = outcome.unwrap_or_else(|nothing| nothing.receipt);
    (serde_json::to_value(&receipt).expect("JSON"), sent)
}

/// Takes the vendor's answers out of a receipt, or out of each of a list, and counts them. What is to be undone is an input.
fn remote_data(value: &mut Value) -> usize {
    match value {
        Value::Object(fields) => {
            let own = usize::from(fields.remove("remote_data").is_some());
            let fields = fields.iter_mut().filter(|(name, _)| *name != "undo");
            own + fields.map(|(_, inner)| remote_data(inner)).sum::<usize>()
        }
        Value::Array(items) => items.iter_mut().map(remote_data).sum(),
        _ => 0,
    }
}
