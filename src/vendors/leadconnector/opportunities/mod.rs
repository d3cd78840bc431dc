//! Opportunities. All but the upsert are the mappers' own: callers have no name for them.

pub mod create;
pub mod get;
pub mod lost_reasons;
pub mod pipelines;
pub mod search;
pub mod update;
pub mod upsert;
