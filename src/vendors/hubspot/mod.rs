//! HubSpot: what is known of it. How it behaves stands in the other files.
//!
//! Sources: the founding pages, and HubSpot's public descriptions as the fact sheets of this project quote them.

pub mod associate;
pub mod association_labels;
pub mod association_limits;
mod association_types;
pub mod associations;
pub mod atlas;
pub mod capability;
mod error;
pub mod fields;
mod list;
mod names;
pub mod oauth;
pub mod objects;
pub mod owners;
mod pairs;
pub mod partner;
pub mod partner_clients;
pub mod partner_services;
pub mod pipelines;
pub mod type_ids;
pub mod upsert;
mod wording;

use serde::Serialize;

use crate::endpoint::{Entry, Options, entry};
use crate::error::Refusal;
use crate::script::Script;
use crate::unified::entity::{Entity, Kind};
use crate::unified::input::Input;

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

/// Where HubSpot's pages on linking records start.
const GUIDE: &str = "https://developers.hubspot.com/docs/api-reference/crm-associations-v4/guide";

/// Where HubSpot's pages on association types, labels and limits start.
const SCHEMA_GUIDE: &str = "https://developers.hubspot.com/docs/api-reference/latest/crm/associations/associations-schema/guide";

/// Nothing: a success says no more.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(type = "Record<string, never>")
)]
pub struct Done {}

/// The endpoints that callers can name.
pub const ENDPOINTS: &[Entry] = &[
    entry!(associations::create_default::CreateDefault),
    entry!(associations::label::Label),
    entry!(associations::list::List),
    entry!(associations::remove::Remove),
    entry!(associations::batch_create_default::BatchCreateDefault),
    entry!(associations::batch_create::BatchCreate),
    entry!(associations::batch_read::BatchRead),
    entry!(associations::batch_archive::BatchArchive),
    entry!(associations::batch_archive_labels::BatchArchiveLabels),
    entry!(association_labels::list::List),
    entry!(association_labels::create::Create),
    entry!(association_labels::update::Update),
    entry!(association_labels::delete::Delete),
    entry!(association_limits::list_all::ListAll),
    entry!(association_limits::list::List),
    entry!(association_limits::create::Create),
    entry!(association_limits::update::Update),
    entry!(association_limits::delete::Delete),
    entry!(partner_clients::associate::Associate),
    entry!(partner_clients::disassociate::Disassociate),
    entry!(partner_services::associate::Associate),
    entry!(partner_services::disassociate::Disassociate),
];

/// The versions of an endpoint that has one path under v4 and under each date: `versions!("objects", "/{objectType}/…")`.
macro_rules! versions {
    ($area:literal, $rest:literal) => {
        &[
            $crate::endpoint::Version {
                name: "v4",
                path: concat!("/crm/v4/", $area, $rest),
                ends: $crate::vendors::hubspot::V4_ENDS,
            },
            $crate::endpoint::Version {
                name: "2026-03",
                path: concat!("/crm/", $area, "/2026-03", $rest),
                ends: None,
            },
            $crate::endpoint::Version {
                name: "2026-09",
                path: concat!("/crm/", $area, "/2026-09", $rest),
                ends: None,
            },
        ]
    };
}
use versions;

/// What endpoints need that start from and lead to records of two types. The published lists name any CRM object scope;
/// what is needed in practice is write on both object types.
const WRITE_BOTH: &[&str] = &[
    "crm.objects.{fromObjectType}.write",
    "crm.objects.{toObjectType}.write",
];

/// The same for what only reads.
const READ_BOTH: &[&str] = &[
    "crm.objects.{fromObjectType}.read",
    "crm.objects.{toObjectType}.read",
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
        Input::Links(verb, association) => Ok(Box::new(associate::Associate::new(
            verb,
            association,
            options,
        )?)),
        Input::Upsert(entity, text) => Ok(Box::new(upsert::script(entity, &text, options)?)),
        Input::List(asked) => Ok(Box::new(list::Lists::new(asked, options)?)),
        Input::Types(verb, asked) => Ok(Box::new(association_types::AssociationTypes::new(
            verb, asked, options,
        )?)),
    }
}
