//! `/_twin/…`: what a test asks of the simulators themselves. No token is needed.

use serde_json::{Map, Value, json};

use super::answer;
use super::call::{Call, text};
use super::fault::Fault;
use super::{Twins, hubspot, leadconnector, salesforce, truto};
use crate::http::{Method, Response};

impl Twins {
    pub(super) fn control(&mut self, call: &Call) -> Response {
        let parts = call.parts();
        let outcome = match (call.method, parts.get(1..).unwrap_or_default()) {
            (Method::Get, ["commits"]) => Ok(json!({ "commits": self.commits })),
            (Method::Get, ["records"]) => Ok(records()),
            (Method::Post, ["reset"]) => {
                self.reset();
                Ok(json!({ "reset": true }))
            }
            (Method::Get, ["oauth"]) => Ok(self.oauth.shown(call.now)),
            (Method::Post, ["oauth"]) => body(call).and_then(|body| self.oauth.set(&body)),
            (Method::Post, ["fault"]) => self.add_fault(call),
            (Method::Post, ["records"]) => self.add_record(call),
            (Method::Post, ["limits"]) => self.enforce(call),
            _ => return answer::json(404, &json!({ "error": "no such control route" })),
        };
        match outcome {
            Ok(body) => answer::json(200, &body),
            Err(why) => answer::json(400, &json!({ "error": why })),
        }
    }

    fn add_fault(&mut self, call: &Call) -> Result<Value, String> {
        let body = body(call)?;
        let fault =
            Fault::read(&body).ok_or_else(|| "a fault needs one of the four vendors".to_owned())?;
        if body.get("clear") == Some(&Value::Bool(true)) {
            self.faults
                .clear(&text(&body, "/vendor").unwrap_or_default());
        } else {
            self.faults.add(fault);
        }
        Ok(json!({ "waiting": self.faults.waiting() }))
    }

    /// `{vendor, type, id?, properties?}`; Salesforce makes its own id where none is given.
    fn add_record(&mut self, call: &Call) -> Result<Value, String> {
        let body = body(call)?;
        let vendor = text(&body, "/vendor").unwrap_or_default();
        let kind = text(&body, "/type").ok_or("a record needs a type")?;
        let id = text(&body, "/id");
        let properties = body
            .get("properties")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        let id = match (vendor.as_str(), id) {
            ("salesforce", id) => self.salesforce.add(&kind, id.as_deref(), &properties)?,
            ("hubspot", Some(id)) => {
                if !self.hubspot.add(&kind, &id, properties) {
                    return Err(format!("no object type {kind}"));
                }
                id
            }
            ("leadconnector", Some(id)) => {
                self.leadconnector.add(&kind, &id, properties);
                id
            }
            _ => return Err("a record needs a vendor that keeps records, and an id".to_owned()),
        };
        Ok(json!({ "vendor": vendor, "type": kind, "id": id }))
    }

    /// `{vendor, enforce: bool, max?, daily?, page?}`: makes the rate limits bite, which they do not by default.
    fn enforce(&mut self, call: &Call) -> Result<Value, String> {
        let body = body(call)?;
        let vendor = text(&body, "/vendor").unwrap_or_default();
        if let ("salesforce", Some(rows)) = (vendor.as_str(), body.get("page")) {
            self.salesforce.page(rows.as_u64().unwrap_or(2_000));
        }
        let budget = match vendor.as_str() {
            "hubspot" => &mut self.hubspot.budget,
            "leadconnector" => &mut self.leadconnector.budget,
            "salesforce" => &mut self.salesforce.budget,
            "truto" => &mut self.truto.budget,
            _ => return Err(format!("no vendor {vendor}")),
        };
        budget.enforced = body.get("enforce") != Some(&Value::Bool(false));
        let number = |name: &str| body.get(name).and_then(Value::as_u64);
        budget.max = number("max").unwrap_or(budget.max);
        budget.daily = number("daily").unwrap_or(budget.daily);
        Ok(
            json!({ "vendor": vendor, "enforced": budget.enforced, "max": budget.max, "daily": budget.daily }),
        )
    }
}

fn body(call: &Call) -> Result<Value, String> {
    match call.json() {
        Ok(body) => Ok(body.unwrap_or_default()),
        Err(error) => Err(error.to_string()),
    }
}

/// The sample records. Those that requests made since are in the ledger.
fn records() -> Value {
    let table = |samples: &[(&str, &[&str])]| -> Map<String, Value> {
        samples
            .iter()
            .map(|(kind, ids)| ((*kind).to_owned(), json!(ids)))
            .collect()
    };
    let mut hubspot_records = table(hubspot::SAMPLES);
    let generated = [hubspot::GENERATED.start(), hubspot::GENERATED.end()];
    hubspot_records.insert(
        "generated_contacts".to_owned(),
        json!({ "first": generated[0].to_string(), "last": generated[1].to_string() }),
    );
    let mut org: Map<String, Value> = Map::new();
    for (object, id) in salesforce::samples() {
        let ids = org.entry(object).or_insert_with(|| json!([]));
        if let Some(ids) = ids.as_array_mut() {
            ids.push(id.into());
        }
    }
    let mut location = table(leadconnector::SAMPLES);
    for (kind, id) in [
        ("location", leadconnector::LOCATION),
        ("pipeline", leadconnector::PIPELINE),
        ("user", leadconnector::USER),
    ] {
        location.insert(kind.to_owned(), json!([id]));
    }
    location.insert(
        "stage".to_owned(),
        json!([leadconnector::STAGE, leadconnector::OTHER_STAGE]),
    );
    json!({
        "token": "twin-token",
        "hubspot": hubspot_records,
        "leadconnector": location,
        "salesforce": org,
        "truto": { "integrated_account": [truto::ACCOUNT] },
    })
}
