//! `/contacts`: upsert, read, and the link to a business.

use serde_json::{Map, Value, json};

use super::super::answer;
use super::super::call::Call;
use super::super::ledger::Ledger;
use super::refusal::Refusal;
use super::shape::{self, Field, Is, optional, required, word};
use super::{LeadConnector, Outcome, body_of, located, no_route};
use crate::http::Method;

impl LeadConnector {
    pub(super) fn contacts(
        &mut self,
        call: &Call,
        rest: &[&str],
        ledger: &mut Ledger<'_>,
    ) -> Outcome {
        match (call.method, rest) {
            (Method::Post, ["upsert"]) => self.upsert_contact(call, ledger),
            (Method::Post, ["bulk", "business"]) => self.employ(call, ledger),
            (Method::Get, [id]) => {
                let found = self.contacts.get(*id).ok_or_else(|| unknown(id))?;
                Ok(answer::json(200, &json!({ "contact": found })))
            }
            _ => Err(no_route(call)),
        }
    }

    /// Matched by e-mail, then by phone: the order that a location can set, here fixed.
    fn upsert_contact(&mut self, call: &Call, ledger: &mut Ledger<'_>) -> Outcome {
        let body = shape::read(body_of(call)?, CONTACT)?;
        located(word(&body, "locationId"))?;
        let by = |name: &str| {
            let wanted = Some(word(&body, name)).filter(|wanted| !wanted.is_empty())?;
            let mut all = self.contacts.iter();
            let found = all.find(|(_, known)| word(known, name).eq_ignore_ascii_case(wanted));
            found.map(|(id, _)| id.clone())
        };
        let known = by("email").or_else(|| by("phone"));
        let new = known.is_none();
        let id = known.unwrap_or_else(|| self.new_id());
        if new {
            self.add("contact", &id, Map::new());
        }
        let mut changes = Vec::new();
        if let Some(record) = self.contacts.get_mut(&id) {
            for (name, value) in &body {
                if name != "createNewIfDuplicateAllowed" && record.get(name) != Some(value) {
                    changes.push(format!("{name}={value}"));
                    record.insert(name.clone(), value.clone());
                }
            }
            if new || !changes.is_empty() {
                record.insert("updatedAt".to_owned(), answer::time(call.now).into());
            }
        }
        if new || !changes.is_empty() {
            let kind = if new {
                "contact.create"
            } else {
                "contact.update"
            };
            ledger.commit(kind, format!("contact {id}"), changes.join(", "));
        }
        let contact = self.contacts.get(&id);
        Ok(answer::json(
            if new { 201 } else { 200 },
            &json!({ "new": new, "contact": contact }),
        ))
    }

    /// Sets, or with null takes away, the business of contacts.
    fn employ(&mut self, call: &Call, ledger: &mut Ledger<'_>) -> Outcome {
        let body = shape::read(
            body_of(call)?,
            &[
                required("locationId", Is::Text),
                required("ids", Is::Texts { max: usize::MAX }),
                required("businessId", Is::Any),
            ],
        )?;
        located(word(&body, "locationId"))?;
        let business = body.get("businessId").cloned().unwrap_or(Value::Null);
        let target = business.as_str().unwrap_or("null");
        if !business.is_null() && !self.exists("business", target) {
            return Err(Refusal::bad(format!("Business not found: {target}")));
        }
        let ids: Vec<_> = body
            .get("ids")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        // Not known: whether one unknown contact refuses the others.
        if let Some(stranger) = ids.iter().find(|id| !self.contacts.contains_key(**id)) {
            return Err(unknown(stranger));
        }
        for id in &ids {
            let Some(contact) = self.contacts.get_mut(*id) else {
                continue;
            };
            if contact.get("businessId").unwrap_or(&Value::Null) != &business {
                contact.insert("businessId".to_owned(), business.clone());
                ledger.commit(
                    "contact.business",
                    format!("contact {id}"),
                    format!("business {target}"),
                );
            }
        }
        Ok(answer::json(200, &json!({ "success": true, "ids": ids })))
    }
}

/// Not known: status and wording.
fn unknown(id: &str) -> Refusal {
    Refusal::bad(format!("Contact not found: {id}"))
}

/// The published fields of an upsert.
const CONTACT: &[Field] = &[
    required("locationId", Is::Text),
    optional("firstName", Is::Text),
    optional("lastName", Is::Text),
    optional("name", Is::Text),
    optional("email", Is::Text),
    optional("gender", Is::Text),
    optional("phone", Is::Text),
    optional("address1", Is::Text),
    optional("city", Is::Text),
    optional("state", Is::Text),
    optional("postalCode", Is::Text),
    optional("website", Is::Text),
    optional("timezone", Is::Text),
    optional("dnd", Is::Flag),
    optional("dndSettings", Is::Any),
    optional("inboundDndSettings", Is::Any),
    optional("tags", Is::Texts { max: usize::MAX }),
    optional("customFields", Is::Any),
    optional("source", Is::Text),
    optional("dateOfBirth", Is::Any),
    optional("country", Is::Text),
    optional("companyName", Is::Text),
    optional("assignedTo", Is::Text),
    optional("createNewIfDuplicateAllowed", Is::Flag),
];
