//! `/associations/`: definitions of what may be linked.

use serde_json::{Value, json};

use super::super::answer;
use super::super::call::Call;
use super::super::ledger::Ledger;
use super::refusal::Refusal;
use super::shape::{self, Is, optional, required, word};
use super::{
    LOCATION, LeadConnector, Outcome, body_of, located, located_by_query, no_route, window,
};
use crate::http::Method;

/// One definition.
#[derive(Clone, Debug)]
pub(super) struct Association {
    pub(super) id: String,
    pub(super) key: String,
    pub(super) first: (String, String),
    pub(super) second: (String, String),
    pub(super) system: bool,
}

impl Association {
    fn shown(&self) -> Value {
        json!({
            "locationId": LOCATION,
            "id": self.id,
            "key": self.key,
            "firstObjectLabel": self.first.0,
            "firstObjectKey": self.first.1,
            "secondObjectLabel": self.second.0,
            "secondObjectKey": self.second.1,
            "associationType": if self.system { "SYSTEM_DEFINED" } else { "USER_DEFINED" },
        })
    }
}

/// The definitions that every location has. Not known: their labels.
pub(super) fn system_defined() -> Vec<Association> {
    let system = |key: &str, label: &str, object: &str| Association {
        id: key.to_owned(),
        key: key.to_owned(),
        first: (label.to_owned(), object.to_owned()),
        second: ("Contact".to_owned(), "contact".to_owned()),
        system: true,
    };
    vec![
        system(OPPORTUNITIES_CONTACTS, "Opportunity", "opportunity"),
        system(BUSINESSES_CONTACTS, "Business", "business"),
    ]
}

impl LeadConnector {
    pub(super) fn associations(
        &mut self,
        call: &Call,
        rest: &[&str],
        ledger: &mut Ledger<'_>,
    ) -> Outcome {
        match (call.method, rest) {
            (Method::Post, []) => self.define(call, ledger),
            (Method::Get, []) => {
                located_by_query(call)?;
                let (skip, limit) = window(call)?;
                let all: Vec<_> = self.associations.iter().map(Association::shown).collect();
                let shown: Vec<_> = all.iter().skip(skip).take(limit).collect();
                // Not known: the wrapper of a list; the published answer is one association, which it is not.
                Ok(answer::json(
                    200,
                    &json!({ "associations": shown, "total": all.len() }),
                ))
            }
            (Method::Get, ["key", key]) => {
                located_by_query(call)?;
                let found = self.associations.iter().find(|known| known.key == *key);
                let found = found.ok_or_else(|| unknown(key))?;
                Ok(answer::json(200, &found.shown()))
            }
            (Method::Get, ["objectKey", key]) => {
                if call.asked("locationId").is_some() {
                    located_by_query(call)?;
                }
                let of_key = |known: &&Association| known.first.1 == *key || known.second.1 == *key;
                let shown: Vec<_> = self
                    .associations
                    .iter()
                    .filter(of_key)
                    .map(Association::shown)
                    .collect();
                Ok(answer::json(200, &json!({ "associations": shown })))
            }
            (Method::Get, [id]) => Ok(answer::json(200, &self.association(id)?.shown())),
            (Method::Put, [id]) => self.relabel(call, id, ledger),
            (Method::Delete, [id]) => self.undefine(id, ledger),
            _ => Err(no_route(call)),
        }
    }

    pub(super) fn association(&self, id: &str) -> Result<&Association, Refusal> {
        self.associations
            .iter()
            .find(|known| known.id == id)
            .ok_or_else(|| unknown(id))
    }

    fn define(&mut self, call: &Call, ledger: &mut Ledger<'_>) -> Outcome {
        let body = shape::read(
            body_of(call)?,
            &[
                required("locationId", Is::Text),
                required("key", Is::Text),
                required("firstObjectLabel", Is::Text),
                required("firstObjectKey", Is::Text),
                required("secondObjectLabel", Is::Text),
                required("secondObjectKey", Is::Text),
                // Unpublished, but sent by live callers.
                optional("firstObjectToSecondObjectCardinality", Is::Text),
                optional("secondObjectToFirstObjectCardinality", Is::Text),
                optional("firstObjectToSecondObjectMaxLimit", Is::Number),
                optional("secondObjectToFirstObjectMaxLimit", Is::Number),
            ],
        )?;
        located(word(&body, "locationId"))?;
        let key = word(&body, "key").to_owned();
        if self.associations.iter().any(|known| known.key == key) {
            // Not known: the wording; that it is a 400 is.
            return Err(Refusal::bad(format!(
                "Could not create association: key {key} already exists"
            )));
        }
        self.serial += 1;
        let own = |name: &str| word(&body, name).to_owned();
        let made = Association {
            id: format!("6d6f6e676f5f65{:010x}", self.serial),
            key,
            first: (own("firstObjectLabel"), own("firstObjectKey")),
            second: (own("secondObjectLabel"), own("secondObjectKey")),
            system: false,
        };
        ledger.commit(
            "association.create",
            format!("association {}", made.key),
            format!("{} to {}", made.first.1, made.second.1),
        );
        let shown = made.shown();
        self.associations.push(made);
        Ok(answer::json(201, &shown))
    }

    /// Labels only.
    fn relabel(&mut self, call: &Call, id: &str, ledger: &mut Ledger<'_>) -> Outcome {
        let body = shape::read(
            body_of(call)?,
            &[
                required("firstObjectLabel", Is::Text),
                required("secondObjectLabel", Is::Text),
            ],
        )?;
        let known = self
            .associations
            .iter_mut()
            .find(|known| known.id == id)
            .ok_or_else(|| unknown(id))?;
        let labels = [
            word(&body, "firstObjectLabel").to_owned(),
            word(&body, "secondObjectLabel").to_owned(),
        ];
        if [&known.first.0, &known.second.0] != [&labels[0], &labels[1]] {
            ledger.commit(
                "association.update",
                format!("association {}", known.key),
                labels.join(", "),
            );
        }
        let [first, second] = labels;
        known.first.0 = first;
        known.second.0 = second;
        Ok(answer::json(200, &known.shown()))
    }

    /// A definition takes its relations with it; the vendor's own definitions stay.
    fn undefine(&mut self, id: &str, ledger: &mut Ledger<'_>) -> Outcome {
        let known = self.association(id)?.clone();
        if known.system {
            // Not known: the wording.
            return Err(Refusal::bad(
                "System defined associations can not be deleted",
            ));
        }
        self.associations.retain(|other| other.id != id);
        self.relations.retain(|relation| relation.association != id);
        ledger.commit(
            "association.remove",
            format!("association {}", known.key),
            format!("{} to {}", known.first.1, known.second.1),
        );
        Ok(answer::json(
            200,
            &json!({
                "deleted": true,
                "id": id,
                "message": "Association deleted successfully",
            }),
        ))
    }
}

/// Not known: status and wording; the published statuses are 400, 401 and 422.
fn unknown(id: &str) -> Refusal {
    Refusal::bad(format!("Association not found: {id}"))
}

pub(super) const OPPORTUNITIES_CONTACTS: &str = "OPPORTUNITIES_CONTACTS_ASSOCIATION";
pub(super) const BUSINESSES_CONTACTS: &str = "BUSINESSES_CONTACTS_ASSOCIATION";
