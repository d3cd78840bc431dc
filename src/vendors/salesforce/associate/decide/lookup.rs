//! Links in a field of one of the two records.

use serde_json::Value;

use super::super::rows::{Row, text};
use super::super::write::{Act, Write};
use super::case::{Case, Change, Verdict, back_again, conflict, named, unseen};
use crate::id::Id;
use crate::unified::links::Step;
use crate::unified::operation::Verb;
use crate::vendors::salesforce::id::same;
use crate::vendors::salesforce::ways::Lookup;

impl Case<'_> {
    /// The record that has the field, and the one that it is to name.
    pub(super) fn holder_and_value(&self, lookup: &Lookup) -> (&str, &str) {
        if lookup.on_record {
            (self.record, self.id())
        } else {
            (self.id(), self.record)
        }
    }

    /// The step that takes a lookup back, with what says which field it is.
    fn lookup_step(&self, verb: Verb) -> Step {
        let mut step = self.step(verb);
        let target = self.target.clone().into_owned();
        step.target.role = target.role;
        step.target.association_type = target.association_type;
        step
    }

    /// A field of `holder` that names one record: another one there is replaced only when asked.
    pub(super) fn make_lookup(&self, lookup: &Lookup) -> Verdict {
        let (holder, value) = self.holder_and_value(lookup);
        let Some(row) = self.rows.of(&lookup.sobject, holder).first() else {
            return unseen(&lookup.sobject, holder);
        };
        let held = text(row, &lookup.field);
        if !held.is_empty() && same(held) == same(value) {
            return Verdict::Done;
        }
        let replace = self.target.replace == Some(true) || (self.exact && lookup.on_record);
        if !held.is_empty() && !replace {
            return Verdict::Refused(conflict(taken(
                &lookup.sobject,
                holder,
                held,
                &lookup.field,
            )));
        }
        let step = if held.is_empty() {
            self.lookup_step(Verb::Remove)
        } else {
            let mut step = self.lookup_step(Verb::Create);
            step.target.replace = Some(true);
            if lookup.on_record {
                step.target.id = Id::new(held.to_owned());
            } else {
                step.record = Some((self.from.clone().into_owned(), held.to_owned()));
            }
            step
        };
        Verdict::Write(Change {
            writes: vec![Write {
                sobject: lookup.sobject.clone(),
                act: Act::Update(holder.to_owned()),
                fields: named(&lookup.field, value),
            }],
            undo: back_again(vec![step]),
            again: false,
        })
    }

    pub(super) fn take_lookup(&self, lookup: &Lookup) -> Verdict {
        let (holder, value) = self.holder_and_value(lookup);
        let Some(row) = self.rows.of(&lookup.sobject, holder).first() else {
            return unseen(&lookup.sobject, holder);
        };
        if same(text(row, &lookup.field)) != same(value) {
            return Verdict::Done;
        }
        let mut fields = Row::new();
        fields.insert(lookup.field.clone().into_owned(), Value::Null);
        Verdict::Write(Change {
            writes: vec![Write {
                sobject: lookup.sobject.clone(),
                act: Act::Update(holder.to_owned()),
                fields,
            }],
            undo: back_again(vec![self.lookup_step(Verb::Create)]),
            again: false,
        })
    }
}

pub(super) fn taken(sobject: &str, holder: &str, held: &str, field: &str) -> String {
    format!("{sobject} {holder} has {held} as its {field}: say `replace: true` to move it")
}
