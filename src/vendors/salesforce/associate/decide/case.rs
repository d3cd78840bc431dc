//! What is to be done about a link, given the rows that are there, and how that is taken back.

use serde_json::{Value, json};

use super::super::found::plain;
use super::super::rows::{Row, Rows};
use super::super::settle::report;
use super::super::write::{Act, Write};
use crate::error::{Code, Report};
use crate::unified::association::Target;
use crate::unified::entity::Kind;
use crate::unified::links::{Inverse, Step};
use crate::unified::operation::Verb;
use crate::vendors::salesforce::ways::{CONTACT, RELATION, ROLES, Way};

/// One link that is to be made or taken away.
pub(super) struct Case<'c> {
    /// How it is held.
    pub(super) way: &'c Way,
    /// The record's kind.
    pub(super) from: &'c Kind<'c>,
    /// The record.
    pub(super) record: &'c str,
    /// The target.
    pub(super) target: &'c Target<'c>,
    /// Whether the links are to be just as asked: what stands in the way on the record's own side goes.
    pub(super) exact: bool,
    /// The rows that are there.
    pub(super) rows: &'c Rows,
}

/// What is to be done about a link.
pub(super) enum Verdict {
    /// Nothing: all is as asked.
    Done,
    /// These writes.
    Write(Change),
    /// Nothing, for this reason.
    Refused(Report),
}

/// Writes, and how they are taken back.
pub(in super::super) struct Change {
    pub(in super::super) writes: Vec<Write>,
    pub(in super::super) undo: Inverse,
    /// Whether more is to be written once these are there.
    pub(in super::super) again: bool,
}

impl Change {
    /// Whether a record is made.
    pub(in super::super) fn creates(&self) -> bool {
        self.writes
            .iter()
            .any(|write| matches!(write.act, Act::Create))
    }
}

impl Case<'_> {
    /// What makes the link.
    pub(super) fn make(&self) -> Verdict {
        match self.way {
            Way::Roles => self.make_roles(),
            Way::Relation => self.make_relation(),
            Way::Lookup(lookup) => self.make_lookup(lookup),
        }
    }

    /// What takes the link away.
    pub(super) fn take(&self) -> Verdict {
        match self.way {
            Way::Roles => self.take_roles(),
            Way::Relation => self.take_relation(),
            Way::Lookup(lookup) => self.take_lookup(lookup),
        }
    }

    pub(super) fn id(&self) -> &str {
        self.target.id.as_str()
    }

    /// The record in the column of its own, the target in the other.
    pub(super) fn ends(&self) -> Row {
        let (own, other) = self.way.columns(self.from.entity);
        // The account or the opportunity first, whoever asks.
        let mut fields = Row::new();
        let (own, other) = ((own, self.record), (other, self.id()));
        let (first, second) = if own.0 == "ContactId" {
            (other, own)
        } else {
            (own, other)
        };
        fields.insert(first.0.to_owned(), first.1.into());
        fields.insert(second.0.to_owned(), second.1.into());
        fields
    }

    /// A step that takes something back, on the same record and target, without roles.
    pub(super) fn step(&self, verb: Verb) -> Step {
        Step {
            verb,
            record: None,
            to: None,
            target: plain(self.id()),
        }
    }

    /// The rows of the dearest case: nothing is in the way of a link that is made, and one that goes is there.
    pub(super) fn dearest(&self, makes: bool) -> Rows {
        let mut rows = Rows::default();
        let mut add = |sobject: &str, key: &str, row: Value| {
            if let Value::Object(row) = row {
                rows.add(sobject, key, row);
            }
        };
        let (_, other) = self.way.columns(self.from.entity);
        let (account, contact) = self.account_and_contact();
        match self.way {
            Way::Lookup(lookup) => {
                let (holder, value) = self.holder_and_value(lookup);
                let held = (!makes).then_some(value);
                let field = lookup.field.as_ref();
                add(&lookup.sobject, "Id", json!({ "Id": holder, field: held }));
            }
            Way::Roles if makes => {}
            Way::Roles => {
                let asked: Vec<_> = self.target.roles().collect();
                let role = asked.first();
                add(
                    ROLES,
                    other,
                    json!({ "Id": UNKNOWN, other: self.id(), "Role": role }),
                );
            }
            Way::Relation if makes => add(CONTACT, "Id", json!({ "Id": contact })),
            Way::Relation => {
                let held = joined(self.target.roles());
                add(
                    CONTACT,
                    "Id",
                    json!({ "Id": contact, "AccountId": account }),
                );
                add(
                    RELATION,
                    other,
                    json!({ "Id": UNKNOWN, other: self.id(), "Roles": held, "IsActive": true }),
                );
            }
        }
        rows
    }
}

/// Stands in a plan for the id of a row that is not known before it is looked for.
pub(super) const UNKNOWN: &str = "000000000000000";

/// Steps in the order in which they are to be taken: a receipt lists the last one first.
pub(super) fn back_again(mut steps: Vec<Step>) -> Inverse {
    steps.reverse();
    Inverse::Steps(steps)
}

pub(super) fn joined<'r>(roles: impl IntoIterator<Item = &'r str>) -> String {
    let roles: Vec<_> = roles.into_iter().collect();
    roles.join(";")
}

pub(super) fn named(field: &str, value: &str) -> Row {
    let mut fields = Row::new();
    fields.insert(field.to_owned(), value.into());
    fields
}

pub(super) fn create(sobject: &'static str, fields: Row) -> Write {
    Write {
        sobject: sobject.into(),
        act: Act::Create,
        fields,
    }
}

pub(super) fn update(sobject: &'static str, id: &str, fields: Row) -> Write {
    Write {
        sobject: sobject.into(),
        act: Act::Update(id.to_owned()),
        fields,
    }
}

pub(super) fn delete(sobject: &'static str, id: &str) -> Write {
    Write {
        sobject: sobject.into(),
        act: Act::Delete(id.to_owned()),
        fields: Row::new(),
    }
}

pub(super) fn unseen(sobject: &str, id: &str) -> Verdict {
    let message = format!(
        "Salesforce shows no {sobject} {id}: it does not exist, or this token may not see it"
    );
    Verdict::Refused(report(Code::NotFound, message))
}

pub(super) fn conflict(message: String) -> Report {
    report(Code::Conflict, message)
}
