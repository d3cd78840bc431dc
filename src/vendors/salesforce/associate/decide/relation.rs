//! Links of an account and a contact: a relation, and the contact's own account.

use serde_json::Value;

use super::super::found::{plain, some_roles};
use super::super::rows::{Row, held_roles, is, text};
use super::super::settle::report;
use super::case::{
    Case, Change, Verdict, back_again, conflict, create, delete, joined, named, unseen, update,
};
use super::lookup::taken;
use crate::error::Code;
use crate::unified::entity::{Entity, Kind};
use crate::unified::links::Inverse;
use crate::unified::operation::Verb;
use crate::vendors::salesforce::id::same;
use crate::vendors::salesforce::ways::{ACCOUNT_ID, CONTACT, RELATION};

impl Case<'_> {
    /// The account and the contact of a relation.
    pub(super) fn account_and_contact(&self) -> (&str, &str) {
        match self.from.entity {
            Entity::Contacts => (self.id(), self.record),
            _ => (self.record, self.id()),
        }
    }

    /// One row for each account and contact; it may hold several roles. One that is no longer active links nothing.
    pub(super) fn make_relation(&self) -> Verdict {
        let row = self.rows.of(RELATION, self.id()).first();
        let mut asked = self.target.roles().peekable();
        if self.target.primary == Some(true) {
            let has_roles = asked.peek().is_some();
            match (self.make_primary(row, has_roles), row) {
                (Some(verdict), _) => return verdict,
                (None, _) if !has_roles => return Verdict::Done,
                (None, None) => {
                    return Verdict::Refused(report(
                        Code::Unsupported,
                        "Salesforce shows no relation that could hold a role: switch on contacts of several accounts in the org's account settings".to_owned(),
                    ));
                }
                (None, Some(_)) => {}
            }
        }
        let Some(row) = row else {
            let mut fields = self.ends();
            if asked.peek().is_some() {
                fields.insert("Roles".to_owned(), joined(asked).into());
            }
            // Said, since the sources do not agree on its default.
            fields.insert("IsActive".to_owned(), true.into());
            return Verdict::Write(Change {
                writes: vec![create(RELATION, fields)],
                undo: back_again(vec![self.step(Verb::Remove)]),
                again: false,
            });
        };
        let held: Vec<&str> = held_roles(row).collect();
        let asked: Vec<&str> = asked.collect();
        let added: Vec<&str> = asked
            .iter()
            .filter(|role| !held.contains(role))
            .copied()
            .collect();
        let gone: Vec<&str> = if self.exact && !asked.is_empty() {
            let gone = held.iter().filter(|role| !asked.contains(role));
            gone.copied().collect()
        } else {
            Vec::new()
        };
        let mut fields = Row::new();
        if !added.is_empty() || !gone.is_empty() {
            let kept = held.iter().filter(|role| !gone.contains(role));
            let roles = joined(kept.chain(&added).copied());
            fields.insert("Roles".to_owned(), roles.into());
        }
        let mut steps = Vec::new();
        if !added.is_empty() {
            let mut step = self.step(Verb::Remove);
            step.target.role = some_roles(added);
            steps.push(step);
        }
        if !gone.is_empty() {
            let mut step = self.step(Verb::Create);
            step.target.role = some_roles(gone);
            steps.push(step);
        }
        let mut undo = back_again(steps);
        if row.get("IsActive") == Some(&Value::Bool(false)) {
            if self.target.replace != Some(true) {
                return Verdict::Refused(conflict(
                    "linked once, and no longer active: say `replace: true` to make the relation active again"
                        .to_owned(),
                ));
            }
            fields.insert("IsActive".to_owned(), true.into());
            undo = Inverse::None;
        }
        if fields.is_empty() {
            return Verdict::Done;
        }
        Verdict::Write(Change {
            writes: vec![update(RELATION, text(row, "Id"), fields)],
            undo,
            again: false,
        })
    }

    /// The contact's own account; `None` where it is this one already.
    fn make_primary(&self, relation: Option<&Row>, has_roles: bool) -> Option<Verdict> {
        let (account, contact) = self.account_and_contact();
        let Some(row) = self.rows.of(CONTACT, contact).first() else {
            return Some(unseen(CONTACT, contact));
        };
        let held = text(row, ACCOUNT_ID);
        if same(held) == same(account) {
            return None;
        }
        let own = self.from.entity == Entity::Contacts;
        let replace = self.target.replace == Some(true) || (self.exact && own);
        if !held.is_empty() && !replace {
            return Some(Verdict::Refused(conflict(taken(
                CONTACT, contact, held, ACCOUNT_ID,
            ))));
        }
        let active = relation.filter(|row| is(row, "IsActive"));
        let mut steps = Vec::new();
        if held.is_empty() {
            let mut step = self.step(Verb::Remove);
            step.target.primary = Some(true);
            steps.push(step);
            // The relation that was there goes with the account, as far as is known.
            if let Some(row) = active {
                let mut step = self.step(Verb::Create);
                step.target.role = some_roles(held_roles(row));
                steps.push(step);
            }
        } else {
            let mut step = self.step(Verb::Create);
            if own {
                step.target = plain(held);
            } else {
                step.record = Some((Kind::of(Entity::Accounts), held.to_owned()));
            }
            step.target.primary = Some(true);
            step.target.replace = Some(true);
            steps.push(step);
            // An org may keep the relation with the account before, and would then keep this one too.
            if active.is_none() {
                steps.push(self.step(Verb::Remove));
            }
        }
        Some(Verdict::Write(Change {
            writes: vec![update(CONTACT, contact, named(ACCOUNT_ID, account))],
            undo: back_again(steps),
            again: has_roles,
        }))
    }

    pub(super) fn take_relation(&self) -> Verdict {
        let (account, contact) = self.account_and_contact();
        let row = self.rows.of(RELATION, self.id()).first();
        let row = row.filter(|row| row.get("IsActive") != Some(&Value::Bool(false)));
        let held: Vec<&str> = row.into_iter().flat_map(held_roles).collect();
        let mut back = self.step(Verb::Create);
        back.target.role = some_roles(held.iter().copied());
        let asked: Vec<&str> = self.target.roles().collect();
        let own = self.target.primary == Some(true);
        if !asked.is_empty() {
            let (gone, kept): (Vec<&str>, Vec<&str>) =
                held.iter().partition(|role| asked.contains(role));
            let Some(row) = row.filter(|_| !gone.is_empty()) else {
                return Verdict::Done;
            };
            back.target.role = some_roles(gone);
            let roles = match kept.is_empty() {
                true => Value::Null,
                false => joined(kept).into(),
            };
            let mut fields = Row::new();
            fields.insert("Roles".to_owned(), roles);
            return Verdict::Write(Change {
                writes: vec![update(RELATION, text(row, "Id"), fields)],
                undo: back_again(vec![back]),
                again: false,
            });
        }
        let direct = if own {
            match self.rows.of(CONTACT, contact).first() {
                None => return unseen(CONTACT, contact),
                Some(row) => same(text(row, ACCOUNT_ID)) == same(account),
            }
        } else {
            row.is_some_and(|row| is(row, "IsDirect"))
        };
        let write = match row {
            _ if direct => {
                back.target.primary = Some(true);
                let mut fields = Row::new();
                fields.insert(ACCOUNT_ID.to_owned(), Value::Null);
                update(CONTACT, contact, fields)
            }
            Some(row) if !own => delete(RELATION, text(row, "Id")),
            _ => return Verdict::Done,
        };
        Verdict::Write(Change {
            writes: vec![write],
            undo: back_again(vec![back]),
            again: false,
        })
    }
}
