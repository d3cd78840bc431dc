//! One pair: `/crm/v4/objects/{from}/{id}/associations/…`, and the same under a date.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::answer;
use super::super::call::{Call, text};
use super::super::ledger::Ledger;
use super::kinds::{Category, Kind, Spec};
use super::links::Node;
use super::refusal::Refusal;
use super::{Edition, HubSpot, Outcome, body_of, kind_of, no_route};
use crate::http::Method;

/// What a list of associations answers with at most.
pub(super) const PAGE: usize = 500;

impl HubSpot {
    pub(super) fn pair(
        &mut self,
        edition: Edition,
        call: &Call,
        rest: &[&str],
        ledger: &mut Ledger<'_>,
    ) -> Outcome {
        match (call.method, rest) {
            (Method::Put, [from, id, "associations", "default", to, to_id]) => {
                let from = self.node(&kind_of(from)?, id)?;
                let to = self.node(&kind_of(to)?, to_id)?;
                let results = self.link_default(&from, &to, ledger)?;
                Ok(answer::json(200, &complete(call.now, "results", results)))
            }
            (Method::Get, [from, id, "associations", to]) => {
                let from = self.node(&kind_of(from)?, id)?;
                let to = kind_of(to)?;
                self.listing(edition, call, &from, &to)
            }
            (Method::Put, [from, id, "associations", to, to_id]) => {
                let from = self.node(&kind_of(from)?, id)?;
                let to = self.node(&kind_of(to)?, to_id)?;
                self.relabel(edition, call, &from, &to, ledger)
            }
            (Method::Delete, [from, id, "associations", to, to_id]) => {
                let from = self.node(&kind_of(from)?, id)?;
                let to = self.node(&kind_of(to)?, to_id)?;
                if self.links.unlink(&from, &to) {
                    ledger.commit("association.remove", name(&from), name(&to));
                }
                // Not known: whether a pair that was never linked answers otherwise.
                Ok(answer::empty(204))
            }
            _ => Err(no_route(call)),
        }
    }

    /// Links a pair by its unlabelled types and tells both directions.
    pub(super) fn link_default(
        &mut self,
        from: &Node,
        to: &Node,
        ledger: &mut Ledger<'_>,
    ) -> Result<Vec<Value>, Refusal> {
        let forth = self.links.unlabelled(&from.0, &to.0);
        let back = self.links.unlabelled(&to.0, &from.0);
        let (Some(forth), Some(back)) = (forth, back) else {
            // Not known: the answer for a pair of types that cannot be linked at all.
            return Err(Refusal::association_type("default", &from.0, &to.0));
        };
        self.room(from, to, &BTreeSet::from([forth]))?;
        if self.links.link(from, to) {
            ledger.commit("association.create", name(from), name(to));
        }
        Ok(vec![directed(from, to, forth), directed(to, from, back)])
    }

    fn listing(&self, edition: Edition, call: &Call, from: &Node, to: &Kind) -> Outcome {
        let limit = match call.asked("limit") {
            None => PAGE,
            Some(limit) => limit
                .parse()
                .ok()
                .filter(|limit| (1..=PAGE).contains(limit))
                .ok_or_else(|| {
                    Refusal::invalid(format!("limit {limit} is not within 1 and 500"))
                })?,
        };
        let (results, next) = self.page(edition, from, to, call.asked("after"), limit);
        let mut body = json!({ "results": results });
        if let (Some(next), Some(body)) = (next, body.as_object_mut()) {
            let link = format!("https://api.hubapi.com{}?after={next}", call.path);
            body.insert(
                "paging".to_owned(),
                json!({ "next": { "after": next, "link": link } }),
            );
        }
        Ok(answer::json(200, &body))
    }

    /// One page of a record's associations, and the cursor of the next.
    pub(super) fn page(
        &self,
        edition: Edition,
        from: &Node,
        to: &Kind,
        after: Option<&str>,
        limit: usize,
    ) -> (Vec<Value>, Option<String>) {
        let linked = self.links.linked(from, to);
        // The cursor is opaque at HubSpot; here it is the id of the last record shown.
        let start = after.map_or(0, |after| {
            linked
                .iter()
                .take_while(|(id, _)| (id.len(), id.as_str()) <= (after.len(), after))
                .count()
        });
        let shown = linked.iter().skip(start).take(limit);
        let next = (linked.len() > start + limit)
            .then(|| shown.clone().next_back().map(|(id, _)| id.clone()))
            .flatten();
        let results = shown
            .map(|(id, specs)| {
                let types: Vec<_> = specs
                    .iter()
                    .map(|spec| self.spec_with_label(&from.0, to, *spec))
                    .collect();
                json!({ "toObjectId": edition.id(id), "associationTypes": types })
            })
            .collect();
        (results, next)
    }

    pub(super) fn spec_with_label(&self, from: &Kind, to: &Kind, spec: Spec) -> Value {
        json!({
            "category": spec.category.as_str(),
            "typeId": spec.id,
            "label": self.links.label(from, to, spec),
        })
    }

    /// PUT with labels: the set given replaces the labels of the pair. The unlabelled type stays with them.
    fn relabel(
        &mut self,
        edition: Edition,
        call: &Call,
        from: &Node,
        to: &Node,
        ledger: &mut Ledger<'_>,
    ) -> Outcome {
        let body = body_of(call)?.ok_or_else(|| Refusal::invalid("a request body was expected"))?;
        let Some(specs) = body.as_array() else {
            return Err(Refusal::invalid(
                "Cannot deserialize HashSet<AssociationSpec>",
            ));
        };
        let wanted = self.specs(&from.0, &to.0, specs)?;
        self.room(from, to, &wanted)?;
        let mut changed = false;
        for spec in &wanted {
            changed |= self.links.label_link(from, to, *spec);
        }
        let unlabelled = self.links.unlabelled(&from.0, &to.0);
        for spec in self.links.types(from, to) {
            if !wanted.contains(&spec) && Some(spec) != unlabelled {
                changed |= self.links.unlabel(from, to, spec);
            }
        }
        if changed {
            ledger.commit("association.label", name(from), labelled(to, &wanted));
        }
        let mut response = answer::json(201, &self.between(edition, from, to, &wanted));
        // Not known: what the Location header points at.
        response.headers.set("location", call.path.clone());
        Ok(response)
    }

    /// Association types as they stand in a body, each one valid for the pair.
    pub(super) fn specs(
        &mut self,
        from: &Kind,
        to: &Kind,
        specs: &[Value],
    ) -> Result<BTreeSet<Spec>, Refusal> {
        let mut wanted = BTreeSet::new();
        for spec in specs {
            let word = text(spec, "/associationTypeId").unwrap_or_default();
            let refusal = || Refusal::association_type(&word, from, to);
            let id = word.parse().map_err(|_| refusal())?;
            let category = match text(spec, "/associationCategory").as_deref() {
                Some("HUBSPOT_DEFINED") => Category::HubSpotDefined,
                Some("USER_DEFINED") => Category::UserDefined,
                // INTEGRATOR_DEFINED and WORK exist; this portal has none of either.
                Some("INTEGRATOR_DEFINED" | "WORK") => return Err(refusal()),
                _ => {
                    return Err(Refusal::invalid(
                        "associationCategory is not one of the known",
                    ));
                }
            };
            let spec = Spec { category, id };
            if !self.links.has_type(from, to, spec) {
                return Err(refusal());
            }
            wanted.insert(spec);
        }
        Ok(wanted)
    }

    pub(super) fn between(
        &self,
        edition: Edition,
        from: &Node,
        to: &Node,
        specs: &BTreeSet<Spec>,
    ) -> Value {
        let labels: Vec<_> = specs
            .iter()
            .filter_map(|spec| self.links.label(&from.0, &to.0, *spec))
            .collect();
        json!({
            "fromObjectTypeId": from.0.type_id,
            "fromObjectId": edition.id(&from.1),
            "toObjectTypeId": to.0.type_id,
            "toObjectId": edition.id(&to.1),
            "labels": labels,
        })
    }
}

/// A finished batch. A clean one names no errors at all.
pub(super) fn complete(now: u64, key: &str, results: Vec<Value>) -> Value {
    json!({
        "status": "COMPLETE",
        key: results,
        "startedAt": answer::time(now),
        "completedAt": answer::time(now + 7),
    })
}

/// `deal 301`
pub(super) fn name(node: &Node) -> String {
    format!("{} {}", node.0, node.1)
}

/// `company 201 (USER_DEFINED 1)`
pub(super) fn labelled(node: &Node, specs: &BTreeSet<Spec>) -> String {
    let words: Vec<_> = specs
        .iter()
        .map(|spec| format!("{} {}", spec.category.as_str(), spec.id))
        .collect();
    format!("{} ({})", name(node), words.join(", "))
}

fn directed(from: &Node, to: &Node, spec: Spec) -> Value {
    json!({
        "from": { "id": from.1 },
        "to": { "id": to.1 },
        "associationSpec": {
            "associationCategory": spec.category.as_str(),
            "associationTypeId": spec.id,
        },
    })
}
