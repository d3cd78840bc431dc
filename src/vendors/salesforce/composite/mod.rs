//! Several calls in one.

pub mod send;
