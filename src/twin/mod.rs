//! Stateful simulators of the vendors, for tests and for local development.
