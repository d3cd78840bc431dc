//! Salesforce: what is known of it.
//!
//! Sources: Salesforce's REST and object references as the fact sheets of this project quote them.

pub mod associate;
pub mod atlas;
pub mod capability;
pub mod collections;
pub mod composite;
mod error;
pub mod fields;
pub mod host;
pub mod id;
mod list;
pub mod oauth;
mod owners;
pub mod query;
pub mod sobjects;
pub mod soql;
mod upsert;
mod ways;

use crate::endpoint::{ANY_VERSION, Entry, Options, Version, entry};
use crate::error::Refusal;
use crate::script::Script;
use crate::unified::input::Input;

/// The vendor's name.
pub const NAME: &str = "salesforce";

/// Every org has an origin of its own, the `instance_url` of its token response: there is no default.
pub const ORIGIN: &str = "";

/// The version that is chosen where the caller names none.
pub const DEFAULT_VERSION: &str = "v66.0";

/// The endpoints that callers can name.
pub const ENDPOINTS: &[Entry] = &[
    entry!(sobjects::create::Create),
    entry!(sobjects::update::Update),
    entry!(collections::create::Create),
    entry!(collections::update::Update),
    entry!(composite::send::Send),
];

/// One path under every version.
const fn versions(path: &'static str) -> [Version; 2] {
    const fn version(name: &'static str, path: &'static str) -> Version {
        Version {
            name,
            path,
            ends: None,
        }
    }
    [version(DEFAULT_VERSION, path), version(ANY_VERSION, path)]
}

/// The version as it stands in the path.
fn version(options: &Options) -> Result<&str, Refusal> {
    let version = options.api_version.as_deref().unwrap_or(DEFAULT_VERSION);
    let number = version
        .strip_prefix('v')
        .and_then(|number| number.split_once('.'));
    let digits = |part: &str| {
        (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    match number {
        Some((major, minor)) if digits(major) && digits(minor) => Ok(version),
        _ => Err(Refusal::input(
            "options.apiVersion",
            format!("expected a version such as {DEFAULT_VERSION}, got `{version}`"),
        )),
    }
}

/// What an operation does here.
///
/// # Errors
/// A refusal of the operation, the input or the options.
pub fn script<'a>(input: Input<'a>, options: &Options) -> Result<Box<dyn Script + 'a>, Refusal> {
    match input {
        Input::Links(verb, association) => Ok(Box::new(associate::Associate::new(
            association,
            verb,
            options,
        )?)),
        Input::Upsert(entity, text) => Ok(Box::new(upsert::script(entity, &text, options)?)),
        Input::List(listing) => Ok(Box::new(list::List::new(listing, options)?)),
        other => Err(other.unsupported(NAME)),
    }
}
