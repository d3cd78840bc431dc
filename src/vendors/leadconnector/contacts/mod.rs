//! Contacts, and the business that each may be in. The mappers' own: callers have no name for these.

pub mod duplicate;
pub mod get;
pub mod of_business;
pub mod set_business;
pub mod update;
pub mod upsert;
