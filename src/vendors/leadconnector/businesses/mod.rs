//! Businesses. The mappers' own: callers have no name for these.

pub mod create;
pub mod get;
pub mod list;
pub mod update;
