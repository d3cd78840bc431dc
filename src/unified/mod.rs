//! What callers say and hear, whatever the vendor: entities, links, plans, receipts, capabilities.

pub mod association;
pub mod capability;
pub mod entity;
pub mod ledger;
pub mod links;
pub(crate) mod places;
pub mod plan;
pub mod problem;
pub mod query;
pub mod receipt;
