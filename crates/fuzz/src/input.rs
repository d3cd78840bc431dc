//! The inputs of the unified operations.

use crmlink::error::Error;
use crmlink::flow::Flow;
use crmlink::unified::plan::Plan;
use crmlink::vendors::Vendor;
use serde_json::Value;
use url::Url;

use crate::drive::{TOKEN, operation, options};
use crate::text::{choose, first_line, json, text};

/// A vendor and an operation, then the input. It is refused by the path of a field (or as a whole), or its plan accounts
/// for every field of it, asks a host of the vendor's alone, and shows no token.
///
/// # Panics
/// When that is not so.
pub fn input(data: &[u8]) {
    let text = text(data);
    let (first, body) = first_line(&text);
    let (vendor, name) = first.split_once(' ').unwrap_or((first, ""));
    let vendor = *choose(&Vendor::ALL, vendor, |vendor| vendor.as_str());
    let operation = operation(name);
    match Flow::start(vendor, operation.as_str(), body, &options(vendor), 0) {
        Ok(flow) => {
            let plan = flow.plan();
            check(&plan, body);
            assert!(json(body).is_some(), "what is accepted is JSON: {body}");
            // A record with half of a pair of surrogates is refused whole, and counts as one.
            if let Ok(value) = serde_json::from_str(body) {
                let counted: usize = plan.fields.iter().map(|entry| entry.count).sum();
                let leaves = leaves(operation.as_str(), &value);
                assert_eq!(counted, leaves, "{first}: {body}\n{:?}", plan.fields);
            }
        }
        Err(Error::Refused(refusal)) => {
            assert!(!refusal.message.is_empty());
            // Of what is no object, or of no such operation, there is no field to name.
            let whole = serde_json::from_str::<Value>(body).is_err()
                || refusal.path == "operation"
                || !body.trim_start().starts_with('{')
                // The path of a field without a name.
                || body.contains("\"\"");
            assert!(
                !refusal.path.is_empty() || whole,
                "{first}: {body}\n{refusal}"
            );
        }
        Err(Error::Failed(failure)) => panic!("nothing was sent: {failure}"),
    }
}

fn check(plan: &Plan, input: &str) {
    assert!(plan.calls.min <= plan.calls.max, "{:?}", plan.calls);
    for request in plan.steps.iter().flat_map(|step| &step.requests) {
        let url = Url::parse(&request.url).expect("a URL");
        assert!(
            url.host_str().is_some_and(|host| HOSTS.contains(&host)),
            "{url}"
        );
        assert!(url.username().is_empty() && url.fragment().is_none());
        if let Some(body) = &request.body {
            assert!(crate::answer::is_json(body), "{body}");
        }
    }
    let told = serde_json::to_string(plan).expect("JSON");
    assert!(
        input.contains(TOKEN) || !told.contains(TOKEN),
        "a plan shows the token"
    );
}

const HOSTS: &[&str] = &[
    "api.hubapi.com",
    "services.leadconnectorhq.com",
    "api.truto.one",
    "vendor.example",
];

/// How many fields of an input the ledger has to account for.
fn leaves(operation: &str, input: &Value) -> usize {
    let upsert = operation.ends_with(".upsert");
    match input {
        Value::Array(records) => records.iter().map(|record| leaves(operation, record)).sum(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| match (name.as_str(), value) {
                ("remote_data" | "remote_query", Value::Object(fields)) => fields.len(),
                ("custom_fields", Value::Object(fields)) if upsert => fields.len(),
                // What is as it is by default says nothing.
                (_, Value::Null) if !upsert => 0,
                ("reversible" | "all_or_none", Value::Bool(false)) if !upsert => 0,
                ("association_types", Value::Array(types)) if !upsert => types.len(),
                ("to", to) if operation == "associations.list" => names(to),
                ("associations", Value::Object(kinds)) if !upsert => kinds
                    .values()
                    .map(|targets| match targets {
                        Value::String(_) => names(targets),
                        _ => inner(targets, upsert),
                    })
                    .sum(),
                _ => inner(value, upsert),
            })
            .sum(),
        _ => 1,
    }
}

fn inner(value: &Value, upsert: bool) -> usize {
    match value {
        Value::Object(fields) => {
            let fields = fields.values().filter(|value| upsert || !value.is_null());
            fields.map(|value| inner(value, upsert)).sum()
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            items.iter().map(|item| inner(item, upsert)).sum()
        }
        // A `set` to nothing names a kind and no link.
        Value::Array(items) if items.is_empty() && !upsert => 0,
        _ => 1,
    }
}

fn names(to: &Value) -> usize {
    match to {
        Value::Array(items) => items.iter().map(names).sum(),
        Value::String(text) => text.split(',').count(),
        _ => 0,
    }
}
