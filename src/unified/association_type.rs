//! The definitions of links: what `association_types.*` says and hears.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Map, Value};

use super::association::named;
use super::entity::Kind;
use super::operation::TypeVerb;
use super::problem::status_for;
use super::receipt::Part;
use crate::error::{Refusal, Report};
use crate::id::Id;
use crate::json::Raw;
use crate::read::{Fields, FromFields};

/// What is asked about definitions. Which fields are needed depends on the verb, and on the vendor.
#[derive(Clone, Debug)]
pub struct TypeInput<'a> {
    /// The kind of record at the first end.
    pub from: Option<Kind<'a>>,
    /// The kind of record at the other end.
    pub to: Option<Kind<'a>>,
    /// The definition's id.
    pub id: Option<Id<'a>>,
    /// The definition's key, which its maker chose.
    pub key: Option<Id<'a>>,
    /// What it is called from the first record's side.
    pub label: Option<Cow<'a, str>>,
    /// What it is called from the other side.
    pub inverse_label: Option<Cow<'a, str>>,
    /// Further fields for the vendor's body, passed on untouched.
    pub remote_data: Option<Map<String, Value>>,
    /// Further parameters for the vendor's query, passed on untouched.
    pub remote_query: Option<Map<String, Value>>,
}

/// A definition of links.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
pub struct AssociationType {
    /// The vendor's id of it; at HubSpot that of the direction from `from` to `to`.
    pub id: String,
    /// The key that its maker chose, under which `association_type` names it, where the vendor has keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What it is called from the first record's side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What it is called from the other side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inverse_label: Option<String>,
    /// The kind of record at the first end.
    pub from: String,
    /// The kind of record at the other end.
    pub to: String,
    /// Whose it is: `system` for the vendor's own, `user` for the account's, else the vendor's word.
    pub category: String,
}

/// What became of an `association_types` operation.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Types {
    /// One definition, and what became of it.
    One(OneType),
    /// Several definitions.
    Several(SeveralTypes),
    /// It failed.
    Failed(FailedType),
}

/// One definition, and what became of it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
pub struct OneType {
    /// What became of it.
    pub outcome: TypeOutcome,
    /// The definition. Of one that was deleted, what was known of it.
    #[serde(flatten)]
    pub association_type: AssociationType,
    /// The vendor's answers, untouched: one as it came, several as a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "unknown", optional))]
    pub remote_data: Option<Raw>,
}

/// Several definitions.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
pub struct SeveralTypes {
    /// The definitions, in the vendor's order.
    pub result: Vec<AssociationType>,
    /// The vendor's answers, untouched: one as it came, several as a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "unknown", optional))]
    pub remote_data: Option<Raw>,
}

/// An operation on a definition that failed, or of which it cannot be told.
#[derive(Debug, Serialize)]
pub struct FailedType {
    /// Why; `sent` and `code` say whether it may have happened.
    pub reason: Report,
    /// The vendor's answers, untouched: one as it came, several as a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote_data: Option<Raw>,
}

/// What became of a definition.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TypeOutcome {
    /// It was made.
    Created,
    /// It was there before, with this key.
    AlreadyThere,
    /// It is so: nothing was written.
    Found,
    /// Its labels were changed.
    Updated,
    /// It is gone, and with it the links of its kind.
    Deleted,
}

impl<'a> FromFields<'a> for TypeInput<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        let mut kind = |name| match fields.has(name) {
            true => named(fields, name).map(Some),
            false => Ok(None),
        };
        Ok(Self {
            from: kind("from")?,
            to: kind("to")?,
            id: fields.id_or_number("id")?,
            key: fields.id("key")?,
            label: fields.text("label")?,
            inverse_label: fields.text("inverse_label")?,
            remote_data: fields.map("remote_data")?,
            remote_query: fields.map("remote_query")?,
        })
    }
}

impl<'a> TypeInput<'a> {
    /// The same input, owning its text.
    #[must_use]
    pub fn into_owned(self) -> TypeInput<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        TypeInput {
            from: self.from.map(Kind::into_owned),
            to: self.to.map(Kind::into_owned),
            id: self.id.map(Id::into_owned),
            key: self.key.map(Id::into_owned),
            label: self.label.map(owned),
            inverse_label: self.inverse_label.map(owned),
            remote_data: self.remote_data,
            remote_query: self.remote_query,
        }
    }

    /// Refuses a field that the verb does not take, and the absence of one that it needs at this vendor.
    ///
    /// # Errors
    /// `invalid_input` with the field's name.
    pub fn check(&self, verb: TypeVerb, needs: &[&str], takes: &[&str]) -> Result<(), Refusal> {
        let given = [
            ("from", self.from.is_some()),
            ("to", self.to.is_some()),
            ("id", self.id.is_some()),
            ("key", self.key.is_some()),
            ("label", self.label.is_some()),
            ("inverse_label", self.inverse_label.is_some()),
            ("remote_data", self.remote_data.is_some()),
        ];
        for (name, given) in given {
            if given && !needs.contains(&name) && !takes.contains(&name) {
                let message = format!(
                    "expected this field to be left out of `{}`",
                    verb.operation()
                );
                return Err(Refusal::input(name, message));
            }
            if !given && needs.contains(&name) {
                let message = format!(
                    "expected this field, which `{}` needs here",
                    verb.operation()
                );
                return Err(Refusal::input(name, message));
            }
        }
        Ok(())
    }
}

impl Types {
    /// 201 for one that was made, 200 for a success, else the reason's own.
    pub(super) fn status(&self) -> u16 {
        match self {
            Self::One(one) if one.outcome == TypeOutcome::Created => 201,
            Self::One(_) | Self::Several(_) => 200,
            Self::Failed(failed) => status_for(&failed.reason),
        }
    }

    /// Why it failed.
    pub(super) const fn reason(&self) -> Option<&Report> {
        match self {
            Self::Failed(failed) => Some(&failed.reason),
            Self::One(_) | Self::Several(_) => None,
        }
    }

    pub(super) fn parts(&self) -> Vec<Part<'_>> {
        let (mut parts, remote) = match self {
            Self::Several(several) => (
                vec![Part::new("result", &several.result)],
                &several.remote_data,
            ),
            Self::Failed(failed) => (
                vec![Part::new("reason", &failed.reason)],
                &failed.remote_data,
            ),
            Self::One(one) => {
                let known = &one.association_type;
                let mut parts = vec![
                    Part::new("outcome", &one.outcome),
                    Part::new("id", &known.id),
                ];
                for (name, value) in [
                    ("key", &known.key),
                    ("label", &known.label),
                    ("inverse_label", &known.inverse_label),
                ] {
                    parts.extend(value.as_ref().map(|value| Part::new(name, value)));
                }
                parts.push(Part::new("from", &known.from));
                parts.push(Part::new("to", &known.to));
                parts.push(Part::new("category", &known.category));
                (parts, &one.remote_data)
            }
        };
        parts.extend(Part::remote(remote.as_ref()));
        parts
    }
}
