//! Labels: `/crm/v4/associations/{from}/{to}/labels`, and the same under a date.

use serde_json::{Value, json};

use super::super::answer;
use super::super::call::{Call, text};
use super::kinds::{self, Kind, Spec};
use super::links::Label;
use super::refusal::Refusal;
use super::{HubSpot, Outcome, body_of, no_route};
use crate::http::Method;

impl HubSpot {
    pub(super) fn labels(&mut self, call: &Call, from: &Kind, to: &Kind, rest: &[&str]) -> Outcome {
        match (call.method, rest) {
            (Method::Get, []) => {
                let results = self.types_of(from, to);
                Ok(answer::json(200, &json!({ "results": results })))
            }
            (Method::Post, []) => self.create_label(call, from, to),
            (Method::Put, []) => {
                let body = body_of(call)?.unwrap_or_default();
                let id = text(&body, "/associationTypeId").unwrap_or_default();
                let label =
                    text(&body, "/label").ok_or_else(|| Refusal::invalid("label is required"))?;
                let inverse = text(&body, "/inverseLabel");
                self.rename_label(from, to, &id, &label, inverse)?;
                Ok(answer::empty(204))
            }
            (Method::Delete, [id]) => {
                // Not known: what becomes of records that carry the label; here they keep the bare type.
                let (id, inverse) = self.find_label(from, to, id)?;
                self.links
                    .labels
                    .retain(|label| label.id != id && label.id != inverse);
                Ok(answer::empty(204))
            }
            _ => Err(no_route(call)),
        }
    }

    /// `GET /crm/v3/associations/{from}/{to}/types`. Not known: the names; the one of the unlabelled type follows the
    /// pattern that v3 callers use.
    pub(super) fn named_types(&mut self, from: &Kind, to: &Kind) -> Outcome {
        let results: Vec<_> = self
            .links
            .unlabelled(from, to)
            .into_iter()
            .map(|spec| json!({ "id": spec.id.to_string(), "name": format!("{from}_to_{to}") }))
            .collect();
        Ok(answer::json(200, &json!({ "results": results })))
    }

    fn types_of(&mut self, from: &Kind, to: &Kind) -> Vec<Value> {
        let mut specs: Vec<_> = kinds::defined(from, to)
            .map(|row| Spec::hubspot(row.id))
            .collect();
        if specs.is_empty() {
            specs.extend(self.links.unlabelled(from, to));
        }
        let own = self
            .links
            .labels
            .iter()
            .filter(|label| label.from == *from && label.to == *to)
            .map(|label| Spec::user(label.id));
        specs.extend(own);
        specs
            .into_iter()
            .map(|spec| self.spec_with_label(from, to, spec))
            .collect()
    }

    /// Ids of labels start at 1, where HubSpot's own types start too: only the category tells them apart.
    fn create_label(&mut self, call: &Call, from: &Kind, to: &Kind) -> Outcome {
        let body = body_of(call)?.unwrap_or_default();
        let (Some(label), Some(name)) = (text(&body, "/label"), text(&body, "/name")) else {
            return Err(Refusal::invalid("label and name are required"));
        };
        if name.contains('-') || name.starts_with(|first: char| first.is_ascii_digit()) {
            return Err(Refusal::invalid(format!("{name} is not a valid name")));
        }
        let inverse = text(&body, "/inverseLabel");
        // Not known: when one type comes back and when two. Here one serves both ways only within one object type.
        let paired = inverse.is_some() || from != to;
        let last = self.links.labels.iter().map(|label| label.id).max();
        let id = last.unwrap_or_default() + 1;
        let back = if paired { id + 1 } else { id };
        self.links.labels.push(Label {
            from: from.clone(),
            to: to.clone(),
            id,
            inverse: back,
            label: label.clone(),
        });
        let mut results = vec![self.spec_with_label(from, to, Spec::user(id))];
        if paired {
            self.links.labels.push(Label {
                from: to.clone(),
                to: from.clone(),
                id: back,
                inverse: id,
                label: inverse.unwrap_or(label),
            });
            results.push(self.spec_with_label(to, from, Spec::user(back)));
        }
        Ok(answer::json(200, &json!({ "results": results })))
    }

    fn rename_label(
        &mut self,
        from: &Kind,
        to: &Kind,
        id: &str,
        label: &str,
        inverse_label: Option<String>,
    ) -> Result<(), Refusal> {
        let (id, inverse) = self.find_label(from, to, id)?;
        for known in &mut self.links.labels {
            if known.id == id {
                label.clone_into(&mut known.label);
            } else if let (true, Some(text)) = (known.id == inverse, &inverse_label) {
                known.label.clone_from(text);
            }
        }
        Ok(())
    }

    fn find_label(&self, from: &Kind, to: &Kind, id: &str) -> Result<(u32, u32), Refusal> {
        self.links
            .labels
            .iter()
            .find(|label| label.id.to_string() == id && label.from == *from && label.to == *to)
            .map(|label| (label.id, label.inverse))
            .ok_or_else(|| Refusal::association_type(id, from, to))
    }
}
