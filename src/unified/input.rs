//! The input of an operation, read.

use std::borrow::Cow;

use super::association::{Association, Listing};
use super::association_type::TypeInput;
use super::capability::{Capability, Refused, Upserts};
use super::entity::Entity;
use super::operation::{Operation, TypeVerb, Verb};
use crate::error::{Reason, Refusal};
use crate::read;

/// The input of an operation.
#[derive(Clone, Debug)]
pub enum Input<'a> {
    /// Of `associations.create`, `remove` and `set`.
    Links(Verb, Association<'a>),
    /// Of `associations.list`.
    List(Listing<'a>),
    /// Of the `association_types` operations.
    Types(TypeVerb, TypeInput<'a>),
    /// Of the upserts; their records are read by whoever knows their fields.
    Upsert(Entity, Cow<'a, str>),
}

impl<'a> Input<'a> {
    /// Reads the input of an operation from JSON text.
    ///
    /// # Errors
    /// `invalid_input` with the field's path.
    pub fn read(operation: Operation, text: &'a str) -> Result<Self, Refusal> {
        Ok(match operation {
            Operation::Associations(Verb::List) => Self::List(read::read(text)?),
            Operation::Associations(verb) => Self::Links(verb, read::read(text)?),
            Operation::AssociationTypes(verb) => Self::Types(verb, read::read(text)?),
            Operation::Upsert(entity) => Self::Upsert(entity, text.into()),
        })
    }

    /// The same input, owning its text.
    #[must_use]
    pub fn into_owned(self) -> Input<'static> {
        match self {
            Self::Links(verb, association) => Input::Links(verb, association.into_owned()),
            Self::List(listing) => Input::List(listing.into_owned()),
            Self::Types(verb, types) => Input::Types(verb, types.into_owned()),
            Self::Upsert(entity, text) => Input::Upsert(entity, Cow::Owned(text.into_owned())),
        }
    }

    /// The operation.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        match self {
            Self::Links(verb, _) => Operation::Associations(*verb),
            Self::List(_) => Operation::Associations(Verb::List),
            Self::Types(verb, _) => Operation::AssociationTypes(*verb),
            Self::Upsert(entity, _) => Operation::Upsert(*entity),
        }
    }

    /// Refuses an upsert that the vendor's table refuses.
    ///
    /// # Errors
    /// `unsupported` with the table's reason.
    pub fn check(&self, capability: &'static Capability) -> Result<(), Refusal> {
        let Self::Upsert(entity, _) = self else {
            return Ok(());
        };
        match Upserts::of(*entity, capability.upserts).map(|row| row.refused) {
            Some(None) => Ok(()),
            Some(Some(Refused { reason, message })) => {
                Err(Refusal::unsupported(reason, "operation", message))
            }
            None => Err(self.unsupported(capability.vendor)),
        }
    }

    /// The refusal of an operation that a vendor has not.
    #[must_use]
    pub fn unsupported(&self, vendor: &str) -> Refusal {
        let operation = self.operation();
        let message = format!("{vendor} has no `{}`", operation.as_str());
        let refusal = Refusal::unsupported(Reason::AssociationUnsupported, "operation", message);
        match operation {
            Operation::Upsert(_) => Refusal {
                reason: None,
                ..refusal
            },
            _ => refusal,
        }
    }
}
