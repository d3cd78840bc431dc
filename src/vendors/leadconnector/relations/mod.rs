//! Relations: two records, linked under an association definition.

pub mod create;
pub mod delete;
pub mod list;
