//! What is to be done about a link, given the rows that are there, and how that is taken back.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::NAME;
use super::calls::{Act, Write};
use super::id::same;
use super::look::{Row, Rows, text};
use super::ways::{ACCOUNT_ID, CONTACT, Lookup, RELATION, ROLES, Way};
use crate::error::{Code, Failure, Report, Sent};
use crate::id::Id;
use crate::unified::association::Target;
use crate::unified::entity::{Entity, Kind};
use crate::unified::links::{Inverse, Step};
use crate::unified::operation::Verb;

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
pub(super) struct Change {
    pub(super) writes: Vec<Write>,
    pub(super) undo: Inverse,
    /// Whether more is to be written once these are there.
    pub(super) again: bool,
}

impl Change {
    /// Whether a record is made.
    pub(super) fn creates(&self) -> bool {
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

    fn id(&self) -> &str {
        self.target.id.as_str()
    }

    /// The record in the column of its own, the target in the other.
    fn ends(&self) -> Row {
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
    fn step(&self, verb: Verb) -> Step {
        Step {
            verb,
            record: None,
            to: None,
            target: plain(self.id()),
        }
    }

    /// Salesforce allows several rows for an opportunity and a contact, each with one role.
    fn make_roles(&self) -> Verdict {
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

    fn take_roles(&self) -> Verdict {
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

    /// The account and the contact of a relation.
    fn account_and_contact(&self) -> (&str, &str) {
        match self.from.entity {
            Entity::Contacts => (self.id(), self.record),
            _ => (self.record, self.id()),
        }
    }

    /// One row for each account and contact; it may hold several roles. One that is no longer active links nothing.
    fn make_relation(&self) -> Verdict {
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

    fn take_relation(&self) -> Verdict {
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

    /// The record that has the field, and the one that it is to name.
    fn holder_and_value(&self, lookup: &Lookup) -> (&str, &str) {
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
    fn make_lookup(&self, lookup: &Lookup) -> Verdict {
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

    fn take_lookup(&self, lookup: &Lookup) -> Verdict {
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
const UNKNOWN: &str = "000000000000000";

/// Steps in the order in which they are to be taken: a receipt lists the last one first.
fn back_again(mut steps: Vec<Step>) -> Inverse {
    steps.reverse();
    Inverse::Steps(steps)
}

/// The links of a record that some rows show, as a caller writes them.
pub(super) fn found(from: Entity, to: Entity, record: &str, rows: &Rows) -> Vec<Target<'static>> {
    let mut found: Vec<Target<'static>> = Vec::new();
    for way in Way::all(from, to) {
        let (own, other) = way.columns(from);
        match &way {
            Way::Roles => {
                let here = |row: &&Row| {
                    row.get(own)
                        .is_none_or(|_| same(text(row, own)) == same(record))
                };
                for row in rows.all(ROLES).filter(here) {
                    // All rows of a target stand together.
                    let id = text(row, other);
                    if found
                        .last()
                        .is_none_or(|last| same(last.id.as_str()) != same(id))
                    {
                        found.push(plain(id));
                    }
                    let Some(last) = found.last_mut() else {
                        continue;
                    };
                    let role = text(row, "Role");
                    if !role.is_empty() && !last.roles().any(|known| known == role) {
                        let roles = last.role.get_or_insert_default();
                        roles.push(Cow::Owned(role.to_owned()));
                    }
                    if is(row, "IsPrimary") {
                        last.primary = Some(true);
                    }
                }
            }
            Way::Relation => {
                let active = rows.all(RELATION).filter(|row| is(row, "IsActive"));
                found.extend(active.map(|row| {
                    let mut target = plain(text(row, other));
                    target.role = some_roles(held_roles(row));
                    target.primary = is(row, "IsDirect").then_some(true);
                    target
                }));
                // In an org without relations the contacts' own accounts are all there is.
                if rows.all(RELATION).next().is_none() {
                    for row in rows.all(CONTACT) {
                        let (holder, account) = (text(row, "Id"), text(row, ACCOUNT_ID));
                        let id = match from {
                            Entity::Contacts if same(holder) == same(record) => account,
                            Entity::Accounts if same(account) == same(record) => holder,
                            _ => "",
                        };
                        if !id.is_empty() {
                            let mut target = plain(id);
                            target.primary = Some(true);
                            found.push(target);
                        }
                    }
                }
            }
            Way::Lookup(lookup) => {
                for row in rows.all(&lookup.sobject) {
                    let (holder, value) = (text(row, "Id"), text(row, &lookup.field));
                    let id = match lookup.on_record {
                        true if same(holder) == same(record) => value,
                        false if same(value) == same(record) => holder,
                        _ => "",
                    };
                    if id.is_empty() {
                        continue;
                    }
                    let mut target = plain(id);
                    if to == Entity::Accounts && from == to {
                        let role = if lookup.on_record { "parent" } else { "child" };
                        target.role = some_roles([role]);
                    }
                    found.push(target);
                }
            }
        }
    }
    found
}

fn plain(id: &str) -> Target<'static> {
    Target::plain(Id::new(id.to_owned()))
}

fn some_roles<'r>(roles: impl IntoIterator<Item = &'r str>) -> Option<Vec<Cow<'static, str>>> {
    let roles: Vec<_> = roles
        .into_iter()
        .map(|role| Cow::Owned(role.to_owned()))
        .collect();
    (!roles.is_empty()).then_some(roles)
}

fn held_roles(row: &Row) -> impl Iterator<Item = &str> {
    text(row, "Roles")
        .split(';')
        .filter(|role| !role.is_empty())
}

fn joined<'r>(roles: impl IntoIterator<Item = &'r str>) -> String {
    let roles: Vec<_> = roles.into_iter().collect();
    roles.join(";")
}

fn is(row: &Row, field: &str) -> bool {
    row.get(field) == Some(&Value::Bool(true))
}

fn named(field: &str, value: &str) -> Row {
    let mut fields = Row::new();
    fields.insert(field.to_owned(), value.into());
    fields
}

fn create(sobject: &'static str, fields: Row) -> Write {
    Write {
        sobject: sobject.into(),
        act: Act::Create,
        fields,
    }
}

fn update(sobject: &'static str, id: &str, fields: Row) -> Write {
    Write {
        sobject: sobject.into(),
        act: Act::Update(id.to_owned()),
        fields,
    }
}

fn delete(sobject: &'static str, id: &str) -> Write {
    Write {
        sobject: sobject.into(),
        act: Act::Delete(id.to_owned()),
        fields: Row::new(),
    }
}

fn unseen(sobject: &str, id: &str) -> Verdict {
    let message = format!(
        "Salesforce shows no {sobject} {id}: it does not exist, or this token may not see it"
    );
    Verdict::Refused(report(Code::NotFound, message))
}

fn taken(sobject: &str, holder: &str, held: &str, field: &str) -> String {
    format!("{sobject} {holder} has {held} as its {field}: say `replace: true` to move it")
}

fn conflict(message: String) -> Report {
    report(Code::Conflict, message)
}

/// A reason found before the link was written.
pub(super) fn report(code: Code, message: String) -> Report {
    Report::from(&Failure::unanswered(NAME, code, Sent::No, message))
}
