//! How Salesforce holds a link: which rows show it, and which write makes it.

use serde_json::{Map, Value, json};

use super::id::same;
use super::soql::{self, Soql};
use crate::error::{Code, Failure, Refusal, Report, Sent};
use crate::unified::association::Target;
use crate::unified::entity::Entity::{self, Accounts, Contacts, Opportunities};

/// A way of holding a link.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Kind {
    /// A row of `OpportunityContactRole`.
    ContactRole,
    /// A row of `AccountContactRelation`.
    ContactRelation,
    /// `Contact.AccountId`.
    ContactAccount,
    /// `Opportunity.AccountId` of the target.
    OpportunityAccount,
    /// `Opportunity.AccountId` of the record itself.
    OwnAccount,
    /// `Account.ParentId` of the target.
    Child,
    /// `Account.ParentId` of the record itself.
    Parent,
}

/// A write that makes a link.
#[derive(Clone, Debug)]
pub(super) struct Write {
    /// The object's API name.
    pub(super) sobject: &'static str,
    /// The row to update; `None` to create one.
    pub(super) id: Option<String>,
    /// The fields to write.
    pub(super) fields: Map<String, Value>,
}

/// What is to be done about a link, now that its rows are known.
pub(super) enum Verdict {
    /// Nothing: it is there.
    Linked,
    /// This write.
    Write(Write),
    /// Nothing, for this reason.
    Refused(Report),
}

impl Kind {
    /// How the link from `from` to a target is held.
    pub(super) fn of(from: Entity, to: Entity, target: &Target<'_>) -> Option<Self> {
        match (from, to) {
            (Opportunities, Contacts) => Some(Self::ContactRole),
            (Opportunities, Accounts) => Some(Self::OwnAccount),
            (Accounts, Contacts) if target.primary == Some(true) => Some(Self::ContactAccount),
            (Accounts, Contacts) => Some(Self::ContactRelation),
            (Accounts, Opportunities) => Some(Self::OpportunityAccount),
            (Accounts, Accounts) if target.roles().next() == Some("parent") => Some(Self::Parent),
            (Accounts, Accounts) => Some(Self::Child),
            _ => None,
        }
    }

    /// The query that finds the rows of a record's links with some targets.
    pub(super) fn query(self, record: &str, targets: &[&str]) -> Soql {
        let record = [record];
        let (fields, object, held_by, ids): (&[&str], _, _, _) = match self {
            Self::ContactRole => (
                &["Id", "ContactId", "Role", "IsPrimary"],
                "OpportunityContactRole",
                Some("OpportunityId"),
                targets,
            ),
            Self::ContactRelation => (
                &["Id", "ContactId", "Roles", "IsActive"],
                "AccountContactRelation",
                Some("AccountId"),
                targets,
            ),
            Self::ContactAccount => (&["Id", "AccountId"], "Contact", None, targets),
            Self::OpportunityAccount => (&["Id", "AccountId"], "Opportunity", None, targets),
            Self::OwnAccount => (&["Id", "AccountId"], "Opportunity", None, &record[..]),
            Self::Child => (&["Id", "ParentId"], "Account", None, targets),
            Self::Parent => (&["Id", "ParentId"], "Account", None, &record[..]),
        };
        let query = Soql::select(fields, object);
        match held_by {
            Some(field) => query
                .is(field, soql::Value::Text(record[0]))
                .among("ContactId", ids),
            None => query.among("Id", ids),
        }
    }

    /// What is to be done about a link, given the rows that its query found.
    pub(super) fn verdict(self, record: &str, target: &Target<'_>, rows: &[Value]) -> Verdict {
        let id = target.id.as_str();
        match self {
            Self::ContactRole => contact_role(record, target, &rows_of(rows, "ContactId", id)),
            Self::ContactRelation => {
                contact_relation(record, target, &rows_of(rows, "ContactId", id))
            }
            Self::ContactAccount => lookup("Contact", "AccountId", id, record, target, rows),
            Self::OpportunityAccount => {
                lookup("Opportunity", "AccountId", id, record, target, rows)
            }
            Self::OwnAccount => lookup("Opportunity", "AccountId", record, id, target, rows),
            Self::Child => lookup("Account", "ParentId", id, record, target, rows),
            Self::Parent => lookup("Account", "ParentId", record, id, target, rows),
        }
    }

    /// The write that a link takes when its query finds nothing that is in the way: the dearest case.
    pub(super) fn dearest(self, record: &str, target: &Target<'_>) -> Option<Write> {
        let id = target.id.as_str();
        let rows = match self {
            Self::ContactRole | Self::ContactRelation => Vec::new(),
            Self::OwnAccount | Self::Parent => vec![json!({ "Id": record })],
            Self::ContactAccount | Self::OpportunityAccount | Self::Child => {
                vec![json!({ "Id": id })]
            }
        };
        match self.verdict(record, target, &rows) {
            Verdict::Write(write) => Some(write),
            Verdict::Linked | Verdict::Refused(_) => None,
        }
    }
}

/// An opportunity may hold the same contact in several rows, so a row is looked for first.
fn contact_role(record: &str, target: &Target<'_>, rows: &[&Value]) -> Verdict {
    let role = target.roles().next();
    let primary = target.primary;
    let fits = |row: &&&Value| {
        role.is_none_or(|role| row.get("Role").and_then(Value::as_str) == Some(role))
            && primary.is_none_or(|primary| {
                row.get("IsPrimary").and_then(Value::as_bool) == Some(primary)
            })
    };
    if rows.iter().any(|row| fits(&row)) {
        return Verdict::Linked;
    }
    let mut fields = Map::new();
    if let Some(role) = role {
        fields.insert("Role".to_owned(), role.into());
    }
    if let Some(primary) = primary {
        fields.insert("IsPrimary".to_owned(), primary.into());
    }
    let Some(row) = rows.first() else {
        let mut created = Map::new();
        created.insert("OpportunityId".to_owned(), record.into());
        created.insert("ContactId".to_owned(), target.id.as_str().into());
        created.extend(fields);
        return Verdict::Write(Write {
            sobject: "OpportunityContactRole",
            id: None,
            fields: created,
        });
    };
    let held = row.get("Role").and_then(Value::as_str);
    match (role, held) {
        (Some(role), Some(held)) if role != held && target.replace != Some(true) => {
            Verdict::Refused(conflict(format!(
                "linked already, in the role `{held}`: say `replace: true` to change it to `{role}`"
            )))
        }
        _ => change("OpportunityContactRole", row, fields),
    }
}

/// One row for each account and contact; it may hold several roles. One that is no longer active links nothing.
fn contact_relation(record: &str, target: &Target<'_>, rows: &[&Value]) -> Verdict {
    let role = target.roles().next();
    let Some(row) = rows.first() else {
        let mut fields = Map::new();
        fields.insert("AccountId".to_owned(), record.into());
        fields.insert("ContactId".to_owned(), target.id.as_str().into());
        if let Some(role) = role {
            fields.insert("Roles".to_owned(), role.into());
        }
        // Said, since the sources do not agree on its default.
        fields.insert("IsActive".to_owned(), true.into());
        return Verdict::Write(Write {
            sobject: "AccountContactRelation",
            id: None,
            fields,
        });
    };
    let mut fields = Map::new();
    let held = row.get("Roles").and_then(Value::as_str).unwrap_or_default();
    if let Some(role) = role
        && !held.split(';').any(|held| held == role)
    {
        let roles = if held.is_empty() {
            role.to_owned()
        } else {
            format!("{held};{role}")
        };
        fields.insert("Roles".to_owned(), roles.into());
    }
    if row.get("IsActive") == Some(&Value::Bool(false)) {
        if target.replace != Some(true) {
            return Verdict::Refused(conflict(
                "linked once, and no longer active: say `replace: true` to make the relation active again"
                    .to_owned(),
            ));
        }
        fields.insert("IsActive".to_owned(), true.into());
    }
    if fields.is_empty() {
        Verdict::Linked
    } else {
        change("AccountContactRelation", row, fields)
    }
}

/// A field of `holder` that names one record: another one there is replaced only when asked.
fn lookup(
    sobject: &'static str,
    field: &'static str,
    holder: &str,
    value: &str,
    target: &Target<'_>,
    rows: &[Value],
) -> Verdict {
    let found = rows_of(rows, "Id", holder);
    let Some(row) = found.first() else {
        let message = format!(
            "Salesforce shows no {sobject} {holder}: it does not exist, or this token may not see it"
        );
        return Verdict::Refused(report(Code::NotFound, message));
    };
    match row.get(field).and_then(Value::as_str) {
        Some(held) if same(held) == same(value) => Verdict::Linked,
        Some(held) if target.replace != Some(true) => Verdict::Refused(conflict(format!(
            "{sobject} {holder} has {held} as its {field}: say `replace: true` to move it"
        ))),
        _ => {
            let mut fields = Map::new();
            fields.insert(field.to_owned(), value.into());
            Verdict::Write(Write {
                sobject,
                id: Some(holder.to_owned()),
                fields,
            })
        }
    }
}

fn change(sobject: &'static str, row: &Value, fields: Map<String, Value>) -> Verdict {
    match row.get("Id").and_then(Value::as_str) {
        Some(id) => Verdict::Write(Write {
            sobject,
            id: Some(id.to_owned()),
            fields,
        }),
        None => Verdict::Refused(report(
            Code::UnexpectedResponse,
            format!("Salesforce listed a row of {sobject} without its Id"),
        )),
    }
}

fn rows_of<'r>(rows: &'r [Value], column: &str, id: &str) -> Vec<&'r Value> {
    let fits = |row: &&Value| row.get(column).and_then(Value::as_str).map(same) == Some(same(id));
    rows.iter().filter(fits).collect()
}

fn conflict(message: String) -> Report {
    report(Code::Conflict, message)
}

/// A reason found before the link was written.
fn report(code: Code, message: String) -> Report {
    Report::from(&Failure::unanswered(super::NAME, code, Sent::No, message))
}

/// Refuses what a pair of fields cannot mean together.
pub(super) fn check(
    from: Entity,
    to: Entity,
    target: &Target<'_>,
) -> Option<(&'static str, Refusal)> {
    let refuse = |field, message: &str| Some((field, Refusal::input(field, message)));
    match (from, to) {
        (Accounts, Accounts) => match target.roles().next() {
            Some("parent" | "child") => None,
            _ => refuse(
                "role",
                "expected `parent` or `child`: what the listed account is to the record",
            ),
        },
        (Accounts, Contacts) if target.primary == Some(true) && target.role.is_some() => refuse(
            "role",
            "expected no role together with `primary`: Salesforce holds the two in different places, ask in two calls",
        ),
        (Accounts, Contacts) if target.primary == Some(false) => refuse(
            "primary",
            "expected true, or the field left out: a primary account is replaced, not unset",
        ),
        _ => None,
    }
}

/// The field by which a target asks for a place that the record has once, and what is said to the second.
pub(super) fn only(
    from: Entity,
    to: Entity,
    target: &Target<'_>,
) -> Option<(&'static str, &'static str)> {
    match (from, to) {
        (Opportunities, Contacts) if target.primary == Some(true) => Some((
            "primary",
            "an opportunity has one primary contact: this is the second",
        )),
        (Accounts, Accounts) if target.roles().next() == Some("parent") => {
            Some(("role", "an account has one parent: this is the second"))
        }
        _ => None,
    }
}

/// The fields that say which record is written, and which ones it links.
const OWN: &[&str] = &[
    "attributes",
    "Id",
    "AccountId",
    "ContactId",
    "OpportunityId",
    "ParentId",
];

/// Refuses further fields that would write another record or another link than the receipt tells of. Salesforce takes
/// field names in any case.
pub(super) fn check_remote_data(data: &Map<String, Value>) -> Result<(), Refusal> {
    let own = |name: &&String| OWN.iter().any(|own| own.eq_ignore_ascii_case(name));
    match data.keys().find(own) {
        Some(name) => Err(Refusal::input(
            format!("remote_data.{name}"),
            "expected only fields that do not say which records are linked",
        )),
        None => Ok(()),
    }
}
