//! crmlink links and upserts CRM records: one vocabulary in, the vendor's HTTP requests and a receipt out.
//!
//! # What it is
//! - [`vendors`]: HubSpot, LeadConnector, Salesforce and Truto (a Cargo feature each, all by default), each endpoint with
//!   its facts, its typed request and its answer's reader.
//! - [`unified`]: what callers say and hear, whatever the vendor.
//! - [`flow`]: the state machine that carries an operation out, whoever sends.
//! - [`grant`]: an account's credentials, and the state machine that renews its token.
//! - [`twin`] (feature `twin`): simulators of the vendors.
//!
//! # What it is not
//! It sends nothing. It has no clock, no randomness, no network, no environment, no async, no `unsafe`, and it does not
//! panic: time, entropy and answers are arguments. Whoever has a connection sends, and hands the answer back.
//!
//! # One endpoint
//! ```
//! use crmlink::endpoint::{Endpoint, Options};
//! use crmlink::vendors::hubspot::associations::create_default::CreateDefault;
//!
//! let request = CreateDefault {
//!     from_object_type: "contacts".into(),
//!     from_object_id: "101".into(),
//!     to_object_type: "companies".into(),
//!     to_object_id: "201".into(),
//! }
//! .build(&Options::default())?;
//! assert_eq!(request.method.as_str(), "PUT");
//! assert_eq!(
//!     request.url,
//!     "https://api.hubapi.com/crm/v4/objects/contacts/101/associations/default/companies/201"
//! );
//! # Ok::<(), crmlink::error::Refusal>(())
//! ```

#![forbid(unsafe_code)]
#![cfg_attr(
    not(all(
        feature = "hubspot",
        feature = "leadconnector",
        feature = "salesforce",
        feature = "truto"
    )),
    allow(
        unused,
        reason = "a build with some of the vendors has what the others need"
    )
)]

pub mod allowance;
mod answer;
pub mod atlas;
mod auth;
pub mod base64;
mod date;
pub mod decimal;
pub mod endpoint;
pub mod error;
pub mod flow;
pub mod grant;
pub mod http;
pub mod id;
pub mod json;
pub mod pace;
pub mod path;
pub mod read;
pub mod retry;
pub mod script;
pub mod secret;
mod sorted;
#[cfg(feature = "twin")]
pub mod twin;
#[cfg(feature = "types")]
pub mod types;
pub mod unified;
pub mod upsert;
pub mod vendors;

/// The README's Rust, which `cargo test` runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
