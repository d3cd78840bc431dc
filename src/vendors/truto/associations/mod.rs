//! Associations between unified CRM records.

pub mod create;
