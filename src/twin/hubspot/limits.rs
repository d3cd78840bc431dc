//! Limits that the portal's people set: `/crm/v4/associations/definitions/configurations/…`, and the same under a date.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::answer;
use super::super::call::{Call, list, text};
use super::batch::finished;
use super::kinds::{Kind, Spec};
use super::links::Node;
use super::refusal::Refusal;
use super::{Edition, HubSpot, Outcome, body_of, kind_of, no_route};
use crate::http::Method;

/// With how many records one may be associated, by one kind of association in one direction.
#[derive(Clone, Debug)]
pub(super) struct Limit {
    from: Kind,
    to: Kind,
    spec: Spec,
    most: u64,
}

impl HubSpot {
    pub(super) fn limits(&mut self, edition: Edition, call: &Call, rest: &[&str]) -> Outcome {
        match (call.method, rest) {
            (Method::Get, ["all"]) => {
                let all: Vec<_> = self
                    .limits
                    .iter()
                    .map(|limit| self.shown_limit(limit))
                    .collect();
                Ok(answer::json(200, &json!({ "results": all })))
            }
            (Method::Get, [from, to]) => {
                let (from, to) = (kind_of(from)?, kind_of(to)?);
                let own = self
                    .limits
                    .iter()
                    .filter(|limit| limit.from == from && limit.to == to);
                let own: Vec<_> = own.map(|limit| self.shown_limit(limit)).collect();
                Ok(answer::json(200, &json!({ "results": own })))
            }
            (Method::Post, [from, to, "batch", verb @ ("create" | "update" | "purge")]) => {
                let (from, to) = (kind_of(from)?, kind_of(to)?);
                let body = body_of(call)?
                    .ok_or_else(|| Refusal::invalid("a request body was expected"))?;
                let inputs = list(&body, "/inputs");
                if *verb == "purge" {
                    return self.purge(edition, call, &from, &to, inputs);
                }
                let (mut results, mut errors) = (Vec::new(), Vec::new());
                for input in inputs {
                    match self.set_limit(&from, &to, input) {
                        Ok(limit) => results.push(limit),
                        Err(refusal) => errors.push(refusal),
                    }
                }
                let clean = if *verb == "create" { 201 } else { 200 };
                Ok(finished(clean, 207, call.now, results, &errors))
            }
            _ => Err(no_route(call)),
        }
    }

    /// Sets a limit. Not known: what creating one that is there answers, or updating one that is not; here both set it.
    fn set_limit(&mut self, from: &Kind, to: &Kind, input: &Value) -> Result<Value, Refusal> {
        let spec = self.limited(from, to, input)?;
        let most = input.pointer("/maxToObjectIds").and_then(Value::as_u64);
        let Some(most) = most.filter(|most| *most > 0) else {
            return Err(Refusal::invalid("maxToObjectIds must be at least 1"));
        };
        // Published: a label's limit is at most that of the whole pair. Not known: the wording.
        let plain = self.links.unlabelled(from, to);
        let others = self
            .limits
            .iter()
            .filter(|limit| limit.from == *from && limit.to == *to);
        for other in others.filter(|other| other.spec != spec) {
            let wrong = if Some(other.spec) == plain {
                most > other.most
            } else {
                Some(spec) == plain && most < other.most
            };
            if wrong {
                let message = format!("the limit {most} does not go with the limit {}", other.most);
                return Err(Refusal::invalid(message).with("typeId", spec.id.to_string()));
            }
        }
        self.limits
            .retain(|limit| (&limit.from, &limit.to, limit.spec) != (from, to, spec));
        let limit = Limit {
            from: from.clone(),
            to: to.clone(),
            spec,
            most,
        };
        let shown = self.shown_limit(&limit);
        self.limits.push(limit);
        Ok(shown)
    }

    fn purge(
        &mut self,
        edition: Edition,
        call: &Call,
        from: &Kind,
        to: &Kind,
        inputs: &[Value],
    ) -> Outcome {
        let mut specs = Vec::new();
        for input in inputs {
            specs.push(self.limited(from, to, input)?);
        }
        self.limits
            .retain(|limit| (&limit.from, &limit.to) != (from, to) || !specs.contains(&limit.spec));
        Ok(super::batch::archived(edition, call.now))
    }

    fn limited(&mut self, from: &Kind, to: &Kind, input: &Value) -> Result<Spec, Refusal> {
        let spec = json!({
            "associationCategory": text(input, "/category"),
            "associationTypeId": text(input, "/typeId"),
        });
        let specs = self.specs(from, to, std::slice::from_ref(&spec))?;
        specs
            .first()
            .copied()
            .ok_or_else(|| Refusal::invalid("category and typeId are required"))
    }

    fn shown_limit(&self, limit: &Limit) -> Value {
        let mut shown = self.spec_with_label(&limit.from, &limit.to, limit.spec);
        if let Some(shown) = shown.as_object_mut() {
            shown.insert("userEnforcedMaxToObjectIds".to_owned(), limit.most.into());
        }
        shown
    }

    /// Whether a limit, in either direction, leaves room for a link by these types. Not known: the category and the wording.
    pub(super) fn room(
        &mut self,
        from: &Node,
        to: &Node,
        specs: &BTreeSet<Spec>,
    ) -> Result<(), Refusal> {
        for (from, to, specs) in [
            (from, to, specs.clone()),
            (to, from, self.links.inverses(&from.0, &to.0, specs)),
        ] {
            let plain = self.links.unlabelled(&from.0, &to.0);
            for limit in &self.limits {
                let concerned = (&limit.from, &limit.to) == (&from.0, &to.0)
                    && (specs.contains(&limit.spec) || Some(limit.spec) == plain);
                let taken = self.links.linked(from, &to.0);
                let taken = taken
                    .iter()
                    .filter(|(id, known)| *id != to.1 && known.contains(&limit.spec));
                if concerned && taken.count() as u64 >= limit.most {
                    return Err(Refusal::invalid(format!(
                        "{} {} has the {} associations to {} that its limit allows",
                        from.0,
                        from.1,
                        limit.most,
                        to.0.plural()
                    ))
                    .with("fromObjectId", from.1.clone())
                    .with("toObjectId", to.1.clone()));
                }
            }
        }
        Ok(())
    }
}
