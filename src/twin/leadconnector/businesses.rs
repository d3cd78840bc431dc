//! `/businesses`: create, read, list, update, delete.

use serde_json::{Map, Value, json};

use super::super::answer;
use super::super::call::Call;
use super::super::ledger::Ledger;
use super::refusal::Refusal;
use super::shape::{self, Field, Is, optional, required, word};
use super::{LeadConnector, Outcome, body_of, located, located_by_query, no_route};
use crate::http::Method;

impl LeadConnector {
    pub(super) fn businesses(
        &mut self,
        call: &Call,
        rest: &[&str],
        ledger: &mut Ledger<'_>,
    ) -> Outcome {
        match (call.method, rest) {
            (Method::Post, []) => {
                let mut fields = vec![required("name", Is::Text), required("locationId", Is::Text)];
                fields.extend(COMMON);
                let body = shape::read(body_of(call)?, &fields)?;
                located(word(&body, "locationId"))?;
                let id = self.new_id();
                self.add("business", &id, Map::new());
                self.write_business(&id, &body, true, call.now, ledger);
                Ok(answer::json(201, &self.written_business(&id)))
            }
            (Method::Get, []) => {
                located_by_query(call)?;
                let number = |name: &str| call.asked(name).and_then(|value| value.parse().ok());
                // Not known: how many come when no limit is given.
                let (skip, limit) = (number("skip").unwrap_or(0), number("limit").unwrap_or(100));
                let shown: Vec<_> = self.businesses.values().skip(skip).take(limit).collect();
                Ok(answer::json(200, &json!({ "businesses": shown })))
            }
            (Method::Get, [id]) => {
                let found = self.businesses.get(*id).ok_or_else(|| unknown(id))?;
                Ok(answer::json(200, &json!({ "business": found })))
            }
            (Method::Put, [id]) => {
                let mut fields = vec![optional("name", Is::Text)];
                fields.extend(COMMON);
                let body = shape::read(body_of(call)?, &fields)?;
                self.businesses.get(*id).ok_or_else(|| unknown(id))?;
                self.write_business(id, &body, false, call.now, ledger);
                Ok(answer::json(200, &self.written_business(id)))
            }
            (Method::Delete, [id]) => {
                self.businesses.remove(*id).ok_or_else(|| unknown(id))?;
                ledger.commit("business.remove", format!("business {id}"), "");
                Ok(answer::json(200, &json!({ "success": true })))
            }
            _ => Err(no_route(call)),
        }
    }

    /// The spelling is the published one. Not known: whether the live answer has it too, so both are there.
    fn written_business(&self, id: &str) -> Value {
        let business = self.businesses.get(id);
        json!({ "success": true, "buiseness": business, "business": business })
    }

    fn write_business(
        &mut self,
        id: &str,
        body: &Map<String, Value>,
        new: bool,
        now: u64,
        ledger: &mut Ledger<'_>,
    ) {
        let Some(record) = self.businesses.get_mut(id) else {
            return;
        };
        let mut changes = Vec::new();
        for (name, value) in body {
            if record.get(name) != Some(value) {
                changes.push(format!("{name}={value}"));
                record.insert(name.clone(), value.clone());
            }
        }
        if new || !changes.is_empty() {
            record.insert("updatedAt".to_owned(), answer::time(now).into());
            let kind = if new {
                "business.create"
            } else {
                "business.update"
            };
            ledger.commit(kind, format!("business {id}"), changes.join(", "));
        }
    }
}

/// Not known: status and wording.
fn unknown(id: &str) -> Refusal {
    Refusal::bad(format!("Business not found: {id}"))
}

const COMMON: [Field; 9] = [
    optional("phone", Is::Text),
    optional("email", Is::Text),
    optional("website", Is::Text),
    optional("address", Is::Text),
    optional("city", Is::Text),
    optional("postalCode", Is::Text),
    optional("state", Is::Text),
    optional("country", Is::Text),
    optional("description", Is::Text),
];
