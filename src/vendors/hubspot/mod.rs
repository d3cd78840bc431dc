//! HubSpot: what is known of it. How it behaves stands in the other files.
//!
//! Sources: the founding pages, and HubSpot's public descriptions as the fact sheets of this project quote them.

pub mod associate;
pub mod associations;
mod error;
pub mod partner_clients;

use crate::endpoint::{Entry, entry};

/// The vendor's name.
pub const NAME: &str = "hubspot";

/// Where HubSpot serves all versions of its API.
pub const ORIGIN: &str = "https://api.hubapi.com";

/// The version that the mappers choose: dated versions are supported for 18 months, and this one is published whole.
pub const DEFAULT_VERSION: &str = "2026-03";

/// The announced end of the v4 paths.
pub const V4_ENDS: Option<&str> = Some("2027-03-30");

/// The announced end of the v1 to v3 paths, a month without a day.
pub const V3_ENDS: Option<&str> = Some("2027-09");

/// The endpoints that callers can name.
pub const ENDPOINTS: &[Entry] = &[
    entry!(associations::create_default::CreateDefault),
    entry!(associations::batch_create_default::BatchCreateDefault),
    entry!(partner_clients::associate::Associate),
];
