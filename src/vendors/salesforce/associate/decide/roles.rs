//! Links of an opportunity and a contact: rows of roles.

use serde_json::Value;

use super::super::found::{plain, some_roles};
use super::super::rows::{Row, is, text};
use super::super::write::{Act, Write};
use super::case::{Case, Change, Verdict, back_again, conflict, create, delete, update};
use crate::unified::entity::{Entity, Kind};
use crate::unified::links::{Inverse, Step};
use crate::unified::operation::Verb;
use crate::vendors::salesforce::id::same;
use crate::vendors::salesforce::ways::ROLES;

impl Case<'_> {
    /// Salesforce allows several rows for an opportunity and a contact, each with one role.
    pub(super) fn make_roles(&self) -> Verdict {
        let (own, _) = self.way.columns(self.from.entity);
        let all = self.rows.of(ROLES, self.id());
        let here = |row: &&Row| {
            row.get(own)
                .is_none_or(|_| same(text(row, own)) == same(self.record))
        };
        let mine: Vec<&Row> = all.iter().filter(here).collect();
        let asked: Vec<&str> = self.target.roles().collect();
        let primary = self.target.primary;
        let has = |role: &str| mine.iter().any(|row| text(row, "Role") == role);
        let replace = self.exact || self.target.replace == Some(true);
        let free = |row: &&&Row| {
            let role = text(row, "Role");
            let other = !role.is_empty() && !asked.contains(&role);
            role.is_empty() || (other && (self.exact || replace && asked.len() == 1))
        };
        if let ([role], Some(row)) = (asked.as_slice(), mine.first())
            && !has(role)
            && !mine.iter().any(|row| free(&row))
        {
            return Verdict::Refused(conflict(format!(
                "linked already, in the role `{}`: say `replace: true` to change it to `{role}`",
                text(row, "Role")
            )));
        }
        // Rows that may take another role: those without one first.
        let (without, others): (Vec<&&Row>, Vec<_>) = mine
            .iter()
            .filter(free)
            .partition(|row| text(row, "Role").is_empty());
        let mut free = without.into_iter().chain(others);
        let mut writes: Vec<Write> = Vec::new();
        for role in &asked {
            if has(role) {
                continue;
            }
            let mut fields = Row::new();
            fields.insert("Role".to_owned(), (*role).into());
            writes.push(match free.next() {
                Some(row) => update(ROLES, text(row, "Id"), fields),
                None => {
                    let mut all = self.ends();
                    all.extend(fields);
                    create(ROLES, all)
                }
            });
        }
        if mine.is_empty() && asked.is_empty() {
            writes.push(create(ROLES, self.ends()));
        }
        let extra: Vec<_> = if self.exact && !asked.is_empty() {
            free.map(|row| delete(ROLES, text(row, "Id"))).collect()
        } else {
            Vec::new()
        };
        // The rows that stay as they are.
        let stays = |row: &&&Row| asked.is_empty() || asked.contains(&text(row, "Role"));
        let kept: Vec<_> = mine.iter().filter(stays).collect();
        let mut changes_primary = false;
        if let Some(primary) = primary
            && !kept.iter().any(|row| is(row, "IsPrimary") == primary)
        {
            changes_primary = true;
            if let Some(first) = writes.first_mut() {
                first.fields.insert("IsPrimary".to_owned(), primary.into());
            } else {
                let row = kept.first();
                let mut fields = Row::new();
                if let Some(role) = asked.first() {
                    fields.insert("Role".to_owned(), (*role).into());
                }
                fields.insert("IsPrimary".to_owned(), primary.into());
                writes.extend(row.map(|row| update(ROLES, text(row, "Id"), fields)));
            }
        }
        writes.extend(extra);
        if writes.is_empty() {
            return Verdict::Done;
        }
        let mut undo = self.restored_roles(&mine, &asked, &writes, changes_primary);
        if let (Some(steps), Some(true)) = (&mut undo, primary) {
            steps.extend(self.restored_primary());
        }
        Verdict::Write(Change {
            writes,
            undo: undo.map_or(Inverse::None, back_again),
            again: false,
        })
    }

    pub(super) fn take_roles(&self) -> Verdict {
        let (own, _) = self.way.columns(self.from.entity);
        let all = self.rows.of(ROLES, self.id());
        let here = |row: &&Row| {
            row.get(own)
                .is_none_or(|_| same(text(row, own)) == same(self.record))
        };
        let mine: Vec<&Row> = all.iter().filter(here).collect();
        let asked: Vec<&str> = self.target.roles().collect();
        let goes = |row: &&&Row| asked.is_empty() || asked.contains(&text(row, "Role"));
        let writes: Vec<_> = mine
            .iter()
            .filter(goes)
            .map(|row| delete(ROLES, text(row, "Id")))
            .collect();
        if writes.is_empty() {
            return Verdict::Done;
        }
        let mut back = self.step(Verb::Create);
        let undo = match self.fill(&mut back, &mine) {
            Some(()) => back_again(vec![back]),
            None => Inverse::None,
        };
        Verdict::Write(Change {
            writes,
            undo,
            again: false,
        })
    }

    /// The steps that put the rows of a pair back as they were.
    fn restored_roles(
        &self,
        before: &[&Row],
        asked: &[&str],
        writes: &[Write],
        changes_primary: bool,
    ) -> Option<Vec<Step>> {
        let all_created = writes.iter().all(|write| matches!(write.act, Act::Create));
        if all_created {
            // What was there stays there: only the roles that are new go.
            let held = |role: &&&str| !before.iter().any(|row| text(row, "Role") == **role);
            let roles: Vec<_> = asked.iter().filter(held).collect();
            let mut step = self.step(Verb::Remove);
            step.target.role = some_roles(roles.into_iter().copied());
            return Some(vec![step]);
        }
        let mut back = self.step(Verb::Create);
        match before {
            [row] if !text(row, "Role").is_empty() => {
                back.target.role = some_roles([text(row, "Role")]);
                let role_changes = writes.iter().any(|write| {
                    let role = write.fields.get("Role").and_then(Value::as_str);
                    role.is_some_and(|role| role != text(row, "Role"))
                });
                back.target.replace = role_changes.then_some(true);
                back.target.primary = changes_primary.then(|| is(row, "IsPrimary"));
                let created = writes
                    .iter()
                    .filter(|write| matches!(write.act, Act::Create))
                    .filter_map(|write| write.fields.get("Role").and_then(Value::as_str));
                let created: Vec<_> = created.collect();
                let mut steps = Vec::new();
                if !created.is_empty() {
                    let mut step = self.step(Verb::Remove);
                    step.target.role = some_roles(created);
                    steps.push(step);
                }
                steps.push(back);
                Some(steps)
            }
            [row] if asked.is_empty() => {
                back.target.primary = Some(is(row, "IsPrimary"));
                Some(vec![back])
            }
            rows => {
                self.fill(&mut back, rows)?;
                Some(vec![self.step(Verb::Remove), back])
            }
        }
    }

    /// Gives a step what rows held, where one step can say it.
    fn fill(&self, step: &mut Step, rows: &[&Row]) -> Option<()> {
        // The primary row first: it is the first to be made, and becomes primary again.
        let (first, rest): (Vec<&Row>, Vec<_>) = rows.iter().partition(|row| is(row, "IsPrimary"));
        step.target.primary = (!first.is_empty()).then_some(true);
        let roles: Vec<_> = first
            .into_iter()
            .chain(rest)
            .map(|row| text(row, "Role"))
            .collect();
        let twice = |role: &&str| roles.iter().filter(|other| other == &role).count() > 1;
        if rows.len() > 1 && roles.iter().any(|role| role.is_empty() || twice(role)) {
            return None;
        }
        step.target.role = some_roles(roles.into_iter().filter(|role| !role.is_empty()));
        Some(())
    }

    /// The step that makes the contact primary again that was so before.
    fn restored_primary(&self) -> Option<Step> {
        let flipped = self.from.entity == Entity::Contacts;
        let rows: Vec<&Row> = if flipped {
            self.rows.of(ROLES, self.id()).iter().collect()
        } else {
            self.rows.all(ROLES).collect()
        };
        let before = rows.into_iter().find(|row| is(row, "IsPrimary"))?;
        let contact = text(before, "ContactId");
        let this = if flipped { self.record } else { self.id() };
        if contact.is_empty() || same(contact) == same(this) {
            return None;
        }
        let mut step = self.step(Verb::Create);
        if flipped {
            step.record = Some((Kind::of(Entity::Contacts), contact.to_owned()));
        } else {
            step.target = plain(contact);
        }
        step.target.role = some_roles(Some(text(before, "Role")).filter(|role| !role.is_empty()));
        step.target.primary = Some(true);
        Some(step)
    }
}
