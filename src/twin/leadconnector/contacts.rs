//! `/contacts`: upsert, duplicates, read, update, and the link to a business.

use serde_json::{Map, Value, json};

use super::super::answer;
use super::super::call::Call;
use super::super::ledger::Ledger;
use super::refusal::Refusal;
use super::shape::{self, Field, Is, optional, required, word};
use super::{LeadConnector, Outcome, body_of, located, located_by_query, no_route};
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
            (Method::Get, ["search", "duplicate"]) => {
                located_by_query(call)?;
                // Asked with both, the address comes first. Not known: what neither of them answers.
                let email = call.asked("email").and_then(|email| self.of_email(email));
                let found = email.or_else(|| call.asked("number").and_then(|it| self.of_phone(it)));
                let contact = found.and_then(|id| self.contacts.get(&id));
                // The answer is not published: callers read `contact`, which is null where there is none.
                Ok(answer::json(200, &json!({ "contact": contact })))
            }
            (Method::Get, ["business", business]) => {
                located_by_query(call)?;
                let number = |name: &str| call.asked(name).and_then(|value| value.parse().ok());
                let (skip, limit) = (number("skip").unwrap_or(0), number("limit").unwrap_or(25));
                let of = |contact: &&Map<String, Value>| word(contact, "businessId") == *business;
                let all: Vec<_> = self.contacts.values().filter(of).collect();
                let shown: Vec<_> = all.iter().skip(skip).take(limit).collect();
                Ok(answer::json(
                    200,
                    &json!({ "contacts": shown, "count": all.len() }),
                ))
            }
            (Method::Put, [id]) => self.update_contact(call, id, ledger),
            (Method::Get, [id]) => {
                let found = self.contacts.get(*id).ok_or_else(|| unknown(id))?;
                Ok(answer::json(200, &json!({ "contact": found })))
            }
            _ => Err(no_route(call)),
        }
    }

    /// Matched by e-mail, then by phone: the order that a location can set, here fixed.
    fn upsert_contact(&mut self, call: &Call, ledger: &mut Ledger<'_>) -> Outcome {
        let mut body = shape::read(body_of(call)?, CONTACT)?;
        located(word(&body, "locationId"))?;
        body.shift_remove("createNewIfDuplicateAllowed");
        let by_email = self.of_email(word(&body, "email"));
        let by_phone = self.of_phone(word(&body, "phone"));
        let known = by_email.clone().or_else(|| by_phone.clone());
        let new = known.is_none();
        let id = known.unwrap_or_else(|| self.new_id());
        if new {
            self.add("contact", &id, Map::new());
        } else {
            // Recorded: both are dropped without a word, the number of another contact and a known contact's gender.
            if by_phone.is_some_and(|other| other != id) {
                body.shift_remove("phone");
            }
            body.shift_remove("gender");
        }
        self.write_contact(&id, body, new, call.now, ledger);
        let contact = self.contacts.get(&id);
        Ok(answer::json(
            if new { 201 } else { 200 },
            &json!({ "new": new, "contact": contact }),
        ))
    }

    /// The published fields of an upsert without three: recorded for `gender`, published for the others.
    fn update_contact(&mut self, call: &Call, id: &str, ledger: &mut Ledger<'_>) -> Outcome {
        let fields: Vec<_> = CONTACT
            .iter()
            .filter(|field| !ONLY_UPSERTED.contains(&field.name))
            .copied()
            .collect();
        let body = shape::read(body_of(call)?, &fields)?;
        if !self.contacts.contains_key(id) {
            return Err(unknown(id));
        }
        // Not known: whether an address that another contact has is refused.
        self.write_contact(id, body, false, call.now, ledger);
        let contact = self.contacts.get(id);
        // The published spelling of the flag.
        Ok(answer::json(
            200,
            &json!({ "succeded": true, "contact": contact }),
        ))
    }

    fn write_contact(
        &mut self,
        id: &str,
        body: Map<String, Value>,
        new: bool,
        now: u64,
        ledger: &mut Ledger<'_>,
    ) {
        let Some(record) = self.contacts.get_mut(id) else {
            return;
        };
        let mut changes = Vec::new();
        // Recorded: an additional address that is written becomes the only one.
        let written = word(&body, "email");
        if listed(record, "additionalEmails").any(|known| known.eq_ignore_ascii_case(written)) {
            record.shift_remove("additionalEmails");
            changes.push("additionalEmails=null".to_owned());
        }
        for (name, value) in body {
            if record.get(&name) != Some(&value) {
                changes.push(format!("{name}={value}"));
                record.insert(name, value);
            }
        }
        if new || !changes.is_empty() {
            record.insert("updatedAt".to_owned(), answer::time(now).into());
            let kind = if new {
                "contact.create"
            } else {
                "contact.update"
            };
            ledger.commit(kind, format!("contact {id}"), changes.join(", "));
        }
    }

    /// The contact that has an address, as its first or as an additional one.
    fn of_email(&self, email: &str) -> Option<String> {
        let has = |contact: &Map<String, Value>| {
            word(contact, "email").eq_ignore_ascii_case(email)
                || listed(contact, "additionalEmails").any(|it| it.eq_ignore_ascii_case(email))
        };
        let found = self.contacts.iter().find(|(_, contact)| has(contact));
        found
            .filter(|_| !email.is_empty())
            .map(|(id, _)| id.clone())
    }

    /// Not known: in which spellings a number is recognised. Here in the one that was written.
    fn of_phone(&self, phone: &str) -> Option<String> {
        let mut all = self.contacts.iter();
        let found = all.find(|(_, contact)| word(contact, "phone") == phone);
        found
            .filter(|_| !phone.is_empty())
            .map(|(id, _)| id.clone())
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

/// The texts of a list, bare or under `email` as answers have additional addresses.
fn listed<'c>(contact: &'c Map<String, Value>, name: &str) -> impl Iterator<Item = &'c str> {
    let items = contact.get(name).and_then(Value::as_array);
    items
        .into_iter()
        .flatten()
        .filter_map(|item| item.as_str().or_else(|| item.get("email")?.as_str()))
}

/// Not known: status and wording.
fn unknown(id: &str) -> Refusal {
    Refusal::bad(format!("Contact not found: {id}"))
}

/// Fields of an upsert that an update does not take.
const ONLY_UPSERTED: [&str; 4] = [
    "locationId",
    "gender",
    "companyName",
    "createNewIfDuplicateAllowed",
];

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
