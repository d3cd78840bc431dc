//! HubSpot: what is known of it. How it behaves stands in the other files.
//!
//! Sources: the founding pages, and HubSpot's public descriptions as the fact sheets of this project quote them.

pub mod associate;
pub mod associations;
pub mod atlas;
pub mod capability;
mod error;
pub mod partner_clients;

use crate::endpoint::{Entry, Options, entry};
use crate::error::Refusal;
use crate::script::Script;
use crate::unified::entity::{Entity, Kind};
use crate::unified::input::Input;
use crate::unified::operation::Verb;

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

/// HubSpot's name of a kind of record: the caller's own for a custom one.
fn object_type<'k>(kind: &'k Kind<'_>) -> &'k str {
    match kind.entity {
        Entity::Accounts | Entity::Organizations => "companies",
        Entity::Contacts => "contacts",
        Entity::Leads => "leads",
        Entity::Opportunities => "deals",
        Entity::Custom => &kind.name,
    }
}

/// What an operation does here.
///
/// # Errors
/// A refusal of the operation, the input or the options.
pub fn script<'a>(input: Input<'a>, options: &Options) -> Result<Box<dyn Script + 'a>, Refusal> {
    match input {
        Input::Links(Verb::Create, association) => {
            Ok(Box::new(associate::Associate::new(association, options)?))
        }
        other => Err(other.unsupported(NAME)),
    }
}
