//! Truto: what is known of it. Its unified CRM endpoint is the one that crmlink's own unified routes speak like.
//!
//! Sources: the founding page, and Truto's documentation as the fact sheets of this project quote it.

pub mod associate;
pub mod associations;
mod error;

use crate::endpoint::{Entry, entry};

/// The vendor's name.
pub const NAME: &str = "truto";

/// Where it is served.
pub const ORIGIN: &str = "https://api.truto.one";

/// The endpoints that callers can name.
pub const ENDPOINTS: &[Entry] = &[entry!(associations::create::Create)];
