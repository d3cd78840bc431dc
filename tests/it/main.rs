//! The integration tests: one binary, one module for each thing that must hold.

mod golden;
mod support;
