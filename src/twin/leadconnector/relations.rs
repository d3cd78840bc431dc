//! `/associations/relations`: links between two records.

use serde_json::{Value, json};

use super::super::answer;
use super::super::call::Call;
use super::super::ledger::Ledger;
use super::associations::{Association, BUSINESSES_CONTACTS, OPPORTUNITIES_CONTACTS};
use super::refusal::Refusal;
use super::shape::{self, Is, optional, required, word};
use super::{
    LOCATION, LeadConnector, Outcome, body_of, located, located_by_query, no_route, window,
};
use crate::http::Method;

/// One link, under one definition.
#[derive(Clone, Debug)]
pub(super) struct Relation {
    id: String,
    pub(super) association: String,
    first: (String, String),
    second: (String, String),
}

impl Relation {
    fn shown(&self) -> Value {
        json!({
            "id": self.id,
            "firstObjectKey": self.first.0,
            "firstRecordId": self.first.1,
            "secondObjectKey": self.second.0,
            "secondRecordId": self.second.1,
            "associationId": self.association,
            "locationId": LOCATION,
        })
    }

    fn ends(&self) -> (String, String) {
        (
            format!("{} {}", self.first.0, self.first.1),
            format!("{} {}", self.second.0, self.second.1),
        )
    }
}

impl LeadConnector {
    pub(super) fn relations(
        &mut self,
        call: &Call,
        rest: &[&str],
        ledger: &mut Ledger<'_>,
    ) -> Outcome {
        match (call.method, rest) {
            (Method::Post, []) => self.relate(call, ledger),
            (Method::Get, [record]) => {
                located_by_query(call)?;
                let (skip, limit) = window(call)?;
                let wanted = call.listed("associationIds");
                let all: Vec<_> = self
                    .relations
                    .iter()
                    .filter(|known| known.first.1 == *record || known.second.1 == *record)
                    .filter(|known| {
                        wanted.is_empty() || wanted.contains(&known.association.as_str())
                    })
                    .map(Relation::shown)
                    .collect();
                let shown: Vec<_> = all.iter().skip(skip).take(limit).collect();
                Ok(answer::json(
                    200,
                    &json!({ "relations": shown, "total": all.len() }),
                ))
            }
            (Method::Delete, [id]) => {
                located_by_query(call)?;
                let found = self.relations.iter().position(|known| known.id == *id);
                // Not known: what a relation that is not there answers.
                let found = found.ok_or_else(|| Refusal::bad("Relation not found"))?;
                let (from, to) = self.relations.remove(found).ends();
                ledger.commit("relation.remove", from, to);
                // Not known: the answer; the published one is an association, which it is not.
                Ok(answer::json(
                    200,
                    &json!({
                        "deleted": true,
                        "id": id,
                        "message": "Relation deleted successfully",
                    }),
                ))
            }
            _ => Err(no_route(call)),
        }
    }

    fn relate(&mut self, call: &Call, ledger: &mut Ledger<'_>) -> Outcome {
        let body = shape::read(
            body_of(call)?,
            &[
                required("locationId", Is::Text),
                required("associationId", Is::Text),
                required("firstRecordId", Is::Text),
                required("secondRecordId", Is::Text),
                // Unpublished, but sent by a live caller.
                optional("pipelineId", Is::Text),
            ],
        )?;
        located(word(&body, "locationId"))?;
        let association = self.association(word(&body, "associationId"))?.clone();
        let own = |name: &str| word(&body, name).to_owned();
        let first = (association.first.1.clone(), own("firstRecordId"));
        let second = (association.second.1.clone(), own("secondRecordId"));
        for (key, id) in [&first, &second] {
            if !self.exists(key, id) {
                // Not known: the wording. A pair given the wrong way round ends here.
                return Err(Refusal::bad(format!(
                    "Could not create relation: {id} is not a record of {key}"
                )));
            }
        }
        let same = |known: &&Relation| {
            known.association == association.id && known.first == first && known.second == second
        };
        if self.relations.iter().any(|known| same(&known)) {
            // Recorded up to the word "association"; not known: how it goes on.
            return Err(Refusal::bad(format!(
                "Could not create relation: duplicate relation of object Ids for given association {}",
                association.id
            )));
        }
        self.within_limits(&association, &first.1, &second.1)?;
        self.serial += 1;
        let made = Relation {
            id: format!("66f0c0ffee0000{:010x}", self.serial),
            association: association.id,
            first,
            second,
        };
        let (from, to) = made.ends();
        ledger.commit("relation.create", from, to);
        let shown = made.shown();
        self.relations.push(made);
        Ok(answer::json(201, &shown))
    }

    /// The limits are seen in live accounts; what a link beyond them answers is not known.
    fn within_limits(
        &self,
        association: &Association,
        first: &str,
        second: &str,
    ) -> Result<(), Refusal> {
        let count = |of: &dyn Fn(&Relation) -> bool| {
            self.relations
                .iter()
                .filter(|known| known.association == association.id && of(known))
                .count()
        };
        let of_first = count(&|known| known.first.1 == first);
        let of_second = count(&|known| known.second.1 == second);
        let (per_first, per_second) = match association.key.as_str() {
            OPPORTUNITIES_CONTACTS => (25, 1_000),
            BUSINESSES_CONTACTS => (10_000, 1),
            _ => return Ok(()),
        };
        if of_first < per_first && of_second < per_second {
            Ok(())
        } else {
            Err(Refusal::bad(format!(
                "Could not create relation: the limit of {} is reached",
                association.key
            )))
        }
    }
}
