//! Opportunities.

pub mod upsert;
