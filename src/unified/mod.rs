//! What callers say and hear, whatever the vendor: entities, links, plans, receipts, capabilities.

pub mod answers;
pub mod association;
pub mod association_type;
pub mod capability;
pub mod entity;
pub mod input;
pub mod ledger;
pub mod links;
pub mod listing;
pub mod operation;
pub(crate) mod places;
pub mod plan;
pub mod problem;
pub mod query;
pub mod receipt;
pub mod record;
pub mod upsert;
