//! How Salesforce holds a link: in a row of its own, or in a field of one of the two records.

use std::borrow::Cow;

use super::soql::is_name;
use crate::error::{Reason, Refusal};
use crate::unified::association::Target;
use crate::unified::entity::Entity::{self, Accounts, Contacts, Leads, Opportunities};
use crate::unified::entity::Kind;

/// A way of holding a link.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Way {
    /// Rows of `OpportunityContactRole`, one for each role.
    Roles,
    /// A row of `AccountContactRelation`, which follows `Contact.AccountId` where that is the contact's own account.
    Relation,
    /// A field of one of the two records.
    Lookup(Lookup),
}

/// A field that names the other record.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Lookup {
    /// The object that has the field.
    pub(super) sobject: Cow<'static, str>,
    /// The field.
    pub(super) field: Cow<'static, str>,
    /// Whether the record of the operation has it; else each target has.
    pub(super) on_record: bool,
}

/// The object whose rows hold who plays which part in an opportunity.
pub(super) const ROLES: &str = "OpportunityContactRole";
/// The object whose rows hold which accounts a contact has.
pub(super) const RELATION: &str = "AccountContactRelation";
/// The object whose own account is a link too.
pub(super) const CONTACT: &str = "Contact";
/// The field that names it.
pub(super) const ACCOUNT_ID: &str = "AccountId";

impl Lookup {
    const fn of(sobject: &'static str, field: &'static str, on_record: bool) -> Way {
        Way::Lookup(Self {
            sobject: Cow::Borrowed(sobject),
            field: Cow::Borrowed(field),
            on_record,
        })
    }
}

impl Way {
    /// How the links between two kinds are held, whatever the target says.
    pub(super) fn all(from: Entity, to: Entity) -> Vec<Self> {
        match (from, to) {
            (Opportunities, Contacts) | (Contacts, Opportunities) => vec![Self::Roles],
            (Accounts, Contacts) | (Contacts, Accounts) => vec![Self::Relation],
            (Accounts, Opportunities) => vec![Lookup::of("Opportunity", ACCOUNT_ID, false)],
            (Opportunities, Accounts) => vec![Lookup::of("Opportunity", ACCOUNT_ID, true)],
            (Accounts, Accounts) => vec![
                Lookup::of("Account", "ParentId", false),
                Lookup::of("Account", "ParentId", true),
            ],
            _ => Vec::new(),
        }
    }

    /// How the link with a target is held.
    ///
    /// # Errors
    /// The field of the target that does not say it, and why.
    pub(super) fn of(
        from: &Kind<'_>,
        to: &Kind<'_>,
        target: &Target<'_>,
    ) -> Result<Self, (&'static str, Refusal)> {
        let mut standard = Self::all(from.entity, to.entity);
        match (standard.pop(), standard.pop()) {
            (Some(way), None) => Ok(way),
            (Some(parent), Some(child)) => {
                let mut roles = target.roles();
                match (roles.next(), roles.next()) {
                    (Some("parent"), None) => Ok(parent),
                    (Some("child"), None) => Ok(child),
                    _ => Err(refuse(
                        "role",
                        "expected `parent` or `child`: what the listed account is to the record",
                    )),
                }
            }
            (None, _) => named(from, to, target).map_err(|message| {
                let reason = Reason::AssociationUnsupported;
                let field = "association_type";
                (field, Refusal::unsupported(reason, field, message))
            }),
        }
    }

    /// The object whose rows or records hold the links.
    pub(super) fn sobject(&self) -> &str {
        match self {
            Self::Roles => ROLES,
            Self::Relation => RELATION,
            Self::Lookup(lookup) => &lookup.sobject,
        }
    }

    /// The columns of a row that name the record and the target.
    pub(super) const fn columns(&self, from: Entity) -> (&'static str, &'static str) {
        let other = match self {
            Self::Roles => "OpportunityId",
            _ => ACCOUNT_ID,
        };
        match from {
            Contacts => ("ContactId", other),
            _ => (other, "ContactId"),
        }
    }
}

/// The object of a kind of record.
pub(super) fn sobject(kind: &Kind<'_>) -> Cow<'static, str> {
    match kind.entity {
        Accounts => "Account".into(),
        Contacts => CONTACT.into(),
        Leads => "Lead".into(),
        Opportunities => "Opportunity".into(),
        Entity::Organizations | Entity::Custom => Cow::Owned(kind.as_str().to_owned()),
    }
}

/// A lookup that the target names: `Account__c` is a field of the target, `Invoice__c.Account__c` one of that object.
fn named(from: &Kind<'_>, to: &Kind<'_>, target: &Target<'_>) -> Result<Way, &'static str> {
    let mut types = target.types();
    let (Some(name), None) = (types.next(), types.next()) else {
        return Err(
            "expected the name of one lookup field, as in `Account__c` or `Invoice__c.Account__c`",
        );
    };
    let (holder, field) = match name.split_once('.') {
        Some((holder, field)) => (Some(holder), field),
        None => (None, name),
    };
    let is = |holder: &str, kind| sobject(kind).eq_ignore_ascii_case(holder);
    let on_record = match holder {
        None => false,
        Some(holder) if is(holder, to) => false,
        Some(holder) if is(holder, from) => true,
        Some(_) => return Err("expected a field of one of the two objects that are to be linked"),
    };
    // An id in a field that holds anything else would be written over what stands there.
    let lower = field.to_ascii_lowercase();
    let is_lookup = lower.ends_with("__c") || (field.ends_with("Id") && lower != "id");
    if !is_name(field) || !is_lookup || lower == "ownerid" {
        return Err("expected a lookup field, whose name ends with `__c` or `Id`");
    }
    Ok(Way::Lookup(Lookup {
        sobject: sobject(if on_record { from } else { to }),
        field: Cow::Owned(field.to_owned()),
        on_record,
    }))
}

/// What is wrong with the fields of a target, and which field it is.
pub(super) fn check(
    way: &Way,
    target: &Target<'_>,
    makes: bool,
) -> Option<(&'static str, Refusal)> {
    if !makes && target.replace.is_some() {
        return Some(refuse(
            "replace",
            "expected no `replace` where nothing is made",
        ));
    }
    match way {
        Way::Relation if makes && target.primary == Some(false) => Some(refuse(
            "primary",
            "expected true, or the field left out: a primary account is replaced, not unset",
        )),
        Way::Relation if target.roles().any(|role| role.contains(';')) => Some(refuse(
            "role",
            "expected several roles as a list, not with `;` between them",
        )),
        Way::Roles if !makes && target.primary.is_some() => Some(refuse(
            "primary",
            "expected no `primary`: the roles say which rows go",
        )),
        Way::Roles | Way::Relation if target.roles().any(str::is_empty) => {
            Some(refuse("role", "expected a role, got an empty text"))
        }
        _ => None,
    }
}

/// The field by which a target asks for a place that the record has once, and what is said to the second.
pub(super) fn only(
    way: &Way,
    from: Entity,
    target: &Target<'_>,
) -> Option<(&'static str, &'static str)> {
    match (way, from) {
        (Way::Roles, Opportunities) if target.primary == Some(true) => Some((
            "primary",
            "an opportunity has one primary contact: this is the second",
        )),
        (Way::Relation, Contacts) if target.primary == Some(true) => Some((
            "primary",
            "a contact has one primary account: this is the second",
        )),
        (Way::Lookup(lookup), Accounts) if lookup.on_record && lookup.field == "ParentId" => {
            Some(("role", "an account has one parent: this is the second"))
        }
        (Way::Lookup(lookup), _) if lookup.on_record => Some((
            "id",
            "the record's field names one other record: this is the second",
        )),
        _ => None,
    }
}

fn refuse(field: &'static str, message: &str) -> (&'static str, Refusal) {
    (field, Refusal::input(field, message))
}
