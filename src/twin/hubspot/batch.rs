//! Many pairs at once: `/crm/v4/associations/{from}/{to}/batch/…`, and the same under a date.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::answer;
use super::super::call::{Call, list, text};
use super::super::ledger::Ledger;
use super::associations::{PAGE, complete, labelled, name};
use super::kinds::Kind;
use super::links::Node;
use super::refusal::Refusal;
use super::{Edition, HubSpot, Outcome, body_of, no_route};
use crate::http::{Method, Response};

impl HubSpot {
    pub(super) fn batch(
        &mut self,
        edition: Edition,
        call: &Call,
        kinds: (&Kind, &Kind),
        rest: &[&str],
        ledger: &mut Ledger<'_>,
    ) -> Outcome {
        if call.method != Method::Post {
            return Err(no_route(call));
        }
        let body = body_of(call)?.ok_or_else(|| Refusal::invalid("a request body was expected"))?;
        // A body of another shape is no error at HubSpot: it completes, with nothing linked.
        let inputs = list(&body, "/inputs");
        match rest {
            ["associate", "default"] => self.associate_default(call, kinds, inputs, ledger),
            ["create"] => self.create(edition, call, kinds, inputs, ledger),
            ["read"] => self.read_batch(edition, call, kinds, inputs),
            ["archive"] => self.archive(edition, call, kinds, inputs, ledger),
            ["labels", "archive"] => self.archive_labels(edition, call, kinds, inputs, ledger),
            _ => Err(no_route(call)),
        }
    }

    fn associate_default(
        &mut self,
        call: &Call,
        (from, to): (&Kind, &Kind),
        inputs: &[Value],
        ledger: &mut Ledger<'_>,
    ) -> Outcome {
        at_most(inputs.len(), 2_000)?;
        let mut results = Vec::new();
        let mut errors = Vec::new();
        for input in inputs {
            let linked = self
                .ends(from, to, input)
                .and_then(|(from, to)| self.link_default(&from, &to, ledger));
            match linked {
                Ok(both) => results.extend(both),
                Err(refusal) => errors.push(of_pair(refusal, input)),
            }
        }
        // The published answer is a 200 whose body may hold errors; no 207 is published for this one.
        Ok(finished(200, 200, call.now, results, &errors))
    }

    fn create(
        &mut self,
        edition: Edition,
        call: &Call,
        (from, to): (&Kind, &Kind),
        inputs: &[Value],
        ledger: &mut Ledger<'_>,
    ) -> Outcome {
        at_most(inputs.len(), 2_000)?;
        let mut results = Vec::new();
        let mut errors = Vec::new();
        for input in inputs {
            let types = list(input, "/types");
            // `types: []` links nothing, and nobody says so.
            if types.is_empty() {
                continue;
            }
            let ready = self
                .ends(from, to, input)
                .and_then(|ends| Ok((ends, self.specs(from, to, types)?)))
                .and_then(|(ends, specs)| {
                    self.room(&ends.0, &ends.1, &specs)?;
                    Ok((ends, specs))
                });
            match ready {
                Ok(((from, to), specs)) => {
                    let mut changed = false;
                    for spec in &specs {
                        changed |= self.links.label_link(&from, &to, *spec);
                    }
                    if changed {
                        ledger.commit("association.label", name(&from), labelled(&to, &specs));
                    }
                    results.push(self.between(edition, &from, &to, &specs));
                }
                Err(refusal) => errors.push(of_pair(refusal, input)),
            }
        }
        Ok(finished(201, 207, call.now, results, &errors))
    }

    fn read_batch(
        &self,
        edition: Edition,
        call: &Call,
        (from, to): (&Kind, &Kind),
        inputs: &[Value],
    ) -> Outcome {
        at_most(inputs.len(), 1_000)?;
        let mut results = Vec::new();
        let mut errors = Vec::new();
        for input in inputs {
            let id = text(input, "/id").unwrap_or_default();
            let node = match self.node(from, &id) {
                Ok(node) => node,
                Err(refusal) => {
                    errors.push(refusal.with("fromObjectId", id));
                    continue;
                }
            };
            let after = text(input, "/after");
            // Not known: how many are shown per record; taken to be the list's own page.
            let (linked, next) = self.page(edition, &node, to, after.as_deref(), PAGE);
            if linked.is_empty() {
                errors.push(none_found(from, to, &id));
                continue;
            }
            let mut result = json!({ "from": { "id": id }, "to": linked });
            if let (Some(next), Some(result)) = (next, result.as_object_mut()) {
                result.insert("paging".to_owned(), json!({ "next": { "after": next } }));
            }
            results.push(result);
        }
        Ok(finished(200, 207, call.now, results, &errors))
    }

    fn archive(
        &mut self,
        edition: Edition,
        call: &Call,
        (from, to): (&Kind, &Kind),
        inputs: &[Value],
        ledger: &mut Ledger<'_>,
    ) -> Outcome {
        // 100 different records to start from: reported by one public client, not published.
        let first: BTreeSet<_> = inputs.iter().map(|input| text(input, "/from/id")).collect();
        at_most(first.len(), 100)?;
        let mut pairs = Vec::new();
        for input in inputs {
            let from_id = text(input, "/from/id").unwrap_or_default();
            // `to` is a list here, and only here.
            let Some(targets) = input.pointer("/to").and_then(Value::as_array) else {
                return Err(Refusal::invalid("to must be a list of objects"));
            };
            for target in targets {
                let to_id = text(target, "/id").unwrap_or_default();
                pairs.push(((from.clone(), from_id.clone()), (to.clone(), to_id)));
            }
        }
        for (from, to) in pairs {
            if self.links.unlink(&from, &to) {
                ledger.commit("association.remove", name(&from), name(&to));
            }
        }
        Ok(archived(edition, call.now))
    }

    fn archive_labels(
        &mut self,
        edition: Edition,
        call: &Call,
        (from, to): (&Kind, &Kind),
        inputs: &[Value],
        ledger: &mut Ledger<'_>,
    ) -> Outcome {
        at_most(inputs.len(), 2_000)?;
        for input in inputs {
            let (from, to) = self.ends(from, to, input)?;
            for spec in self.specs(&from.0, &to.0, list(input, "/types"))? {
                if self.links.unlabel(&from, &to, spec) {
                    let what = labelled(&to, &std::iter::once(spec).collect());
                    ledger.commit("association.unlabel", name(&from), what);
                }
            }
        }
        Ok(archived(edition, call.now))
    }

    fn ends(&self, from: &Kind, to: &Kind, input: &Value) -> Result<(Node, Node), Refusal> {
        let from_id = text(input, "/from/id").unwrap_or_default();
        let to_id = text(input, "/to/id").unwrap_or_default();
        Ok((self.node(from, &from_id)?, self.node(to, &to_id)?))
    }
}

/// Not known: the category and wording for too many inputs.
fn at_most(inputs: usize, limit: usize) -> Result<(), Refusal> {
    if inputs > limit {
        return Err(Refusal::invalid(format!(
            "{inputs} inputs were given, {limit} are allowed"
        )));
    }
    Ok(())
}

/// Not known: whether an item's error tells both ends; without them it could not be matched to its input.
fn of_pair(refusal: Refusal, input: &Value) -> Refusal {
    refusal
        .with("fromObjectId", text(input, "/from/id").unwrap_or_default())
        .with("toObjectId", text(input, "/to/id").unwrap_or_default())
}

/// Recorded: a record without associations counts as an error of a batch read.
fn none_found(from: &Kind, to: &Kind, id: &str) -> Refusal {
    Refusal::new(
        404,
        "OBJECT_NOT_FOUND",
        format!("No {to} is associated with {from} {id}."),
    )
    .sub("crm.associations.NO_ASSOCIATIONS_FOUND")
    .with("fromObjectId", id)
    .with("fromObjectType", from.singular())
    .with("toObjectType", to.singular())
}

pub(super) fn finished(
    clean: u16,
    partial: u16,
    now: u64,
    results: Vec<Value>,
    errors: &[Refusal],
) -> Response {
    let mut body = complete(now, "results", results);
    if errors.is_empty() {
        return answer::json(clean, &body);
    }
    if let Some(body) = body.as_object_mut() {
        body.insert("numErrors".to_owned(), errors.len().into());
        body.insert(
            "errors".to_owned(),
            errors.iter().map(Refusal::item).collect(),
        );
    }
    answer::json(partial, &body)
}

pub(super) fn archived(edition: Edition, now: u64) -> Response {
    match edition {
        Edition::Dated => answer::json(200, &complete(now, "results", Vec::new())),
        _ => answer::empty(204),
    }
}
