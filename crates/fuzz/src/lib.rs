//! What must hold of any bytes that arrive: one function for each door of crmlink that strangers' bytes come through.
//!
//! Each takes bytes and asserts: not only that nothing panics, but what is promised of what it accepts. The same functions
//! are driven by libFuzzer (`fuzz/`, see `docs/assurance.md`) and, on the kept corpus and on mutations of the golden cases,
//! by `cargo test`.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    reason = "a tool of the tests: what JSON lacks reads as null, and a broken promise ends it"
)]

mod answer;
mod drive;
mod grant;
mod ids;
mod input;
mod key;
mod operation;
mod pace;
mod query;
pub mod seeds;
mod text;
mod token;
mod wait;

pub use answer::answer;
pub use grant::grant;
pub use ids::id;
pub use input::input;
pub use key::key;
pub use operation::operation;
pub use pace::pace;
pub use query::query;
pub use token::token;
pub use wait::wait;

/// A target.
pub type Target = fn(&[u8]);

/// Every target with its name: that of its file in `fuzz/fuzz_targets` and of its folder in `fuzz/corpus`.
pub const TARGETS: &[(&str, Target)] = &[
    ("answer", answer),
    ("grant", grant),
    ("id", id),
    ("input", input),
    ("key", key),
    ("operation", operation),
    ("pace", pace),
    ("query", query),
    ("token", token),
    ("wait", wait),
];
