//! The links of a record that rows show, as a caller writes them.

use std::borrow::Cow;

use super::rows::{Row, Rows, held_roles, is, text};
use crate::id::Id;
use crate::unified::association::Target;
use crate::unified::entity::Entity;
use crate::vendors::salesforce::id::same;
use crate::vendors::salesforce::ways::{ACCOUNT_ID, CONTACT, RELATION, ROLES, Way};

/// The links of a record that some rows show, as a caller writes them.
pub(in crate::vendors::salesforce) fn found(
    from: Entity,
    to: Entity,
    record: &str,
    rows: &Rows,
) -> Vec<Target<'static>> {
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

pub(super) fn plain(id: &str) -> Target<'static> {
    Target::plain(Id::new(id.to_owned()))
}

pub(super) fn some_roles<'r>(
    roles: impl IntoIterator<Item = &'r str>,
) -> Option<Vec<Cow<'static, str>>> {
    let roles: Vec<_> = roles
        .into_iter()
        .map(|role| Cow::Owned(role.to_owned()))
        .collect();
    (!roles.is_empty()).then_some(roles)
}
