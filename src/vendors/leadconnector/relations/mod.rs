//! Relations: two records, linked under an association definition.

pub mod create;
