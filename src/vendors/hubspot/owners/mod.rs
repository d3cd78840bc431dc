//! Owners: the users whom records belong to.

pub mod list;
