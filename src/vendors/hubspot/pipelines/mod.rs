//! Pipelines: the stages that deals, leads and others go through.

pub mod list;
