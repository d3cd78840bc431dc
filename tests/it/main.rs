//! The integration tests: one binary, one module for each thing that must hold.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by a panic; clippy's allowances for tests do not reach their helpers"
)]

mod answers;
mod conformance;
mod contract;
mod encoding;
mod golden;
mod grants;
mod labels;
mod laws;
mod layers;
mod pace;
mod properties;
mod redaction;
mod remote_data;
mod support;
mod tables;
mod twins;
mod upserts;
