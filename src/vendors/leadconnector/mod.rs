//! LeadConnector (HighLevel, and every white label of it): what is known of it.
//!
//! A white label is a brand and an origin, both values: no second folder.
//! Sources: the founding pages, and HighLevel's published OpenAPI files.

pub mod associate;
mod association_types;
pub mod associations;
pub mod atlas;
pub mod businesses;
pub mod capability;
pub mod contacts;
pub mod deleted;
mod error;
pub mod fields;
mod kinds;
mod list;
mod look;
pub mod oauth;
pub mod opportunities;
mod reads;
pub mod relations;
mod seen;
pub mod upsert;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::answer::{in_list, lenient};
use crate::endpoint::{ANY_VERSION, Entry, Facts, Options, Version, entry, header_value, json};
use crate::error::Refusal;
use crate::http::{Request, Response};
use crate::id::{self, Id};
use crate::path;
use crate::script::Script;
use crate::unified::input::Input;

/// The vendor's name.
pub const NAME: &str = "leadconnector";

/// Where it is served.
pub const ORIGIN: &str = "https://services.leadconnectorhq.com";

/// What the `Version` header says by default. It is required on every call, and its absence answers 401.
pub const DEFAULT_VERSION: &str = "2021-07-28";

/// The endpoints that callers can name.
pub const ENDPOINTS: &[Entry] = &[
    entry!(associations::create::Create),
    // Before `get`: the path of a list is that of a definition whose id is empty.
    entry!(associations::list::List),
    entry!(associations::by_key::ByKey),
    entry!(associations::by_object::ByObject),
    entry!(associations::get::Get),
    entry!(associations::update::Update),
    entry!(associations::delete::Delete),
    entry!(relations::create::Create),
    entry!(relations::list::List),
    entry!(relations::delete::Delete),
    entry!(opportunities::upsert::Upsert),
];

/// The location that the options name.
fn location(options: &Options) -> Result<Id<'static>, Refusal> {
    let Some(location) = options.location_id.clone() else {
        return Err(Refusal::input(
            "options.locationId",
            "expected the id of a location (sub-account): LeadConnector asks for it on every call",
        ));
    };
    let location = Id::new(location);
    match location.fault() {
        Some(fault) => Err(Refusal::id("options.locationId", fault)),
        None => Ok(location),
    }
}

/// One path under every version: the published ones, and any other that a header can carry.
const fn versions(path: &'static str) -> [Version; 5] {
    const fn version(name: &'static str, path: &'static str) -> Version {
        Version {
            name,
            path,
            ends: None,
        }
    }
    [
        version(DEFAULT_VERSION, path),
        version("2021-04-15", path),
        version("2023-02-21", path),
        version("v3", path),
        version(ANY_VERSION, path),
    ]
}

/// Adds what every request carries: the `Version` header.
fn versioned(mut request: Request, options: &Options) -> Result<Request, Refusal> {
    let version = options.api_version.as_deref().unwrap_or(DEFAULT_VERSION);
    let version = header_value("options.apiVersion", version)?;
    request.headers.set("version", version);
    Ok(request)
}

/// Builds a call without a body. What stands in the query is checked as an id is.
fn bare(
    facts: &Facts,
    options: &Options,
    parameters: &[(&str, &str)],
    query: &[(&str, &str)],
) -> Result<Request, Refusal> {
    let mut request = facts.request(options, parameters)?;
    for (name, value) in query {
        if let Some(fault) = id::fault(value) {
            return Err(Refusal::id(*name, fault));
        }
        path::push_query(&mut request.url, name, value);
    }
    versioned(request, options)
}

/// Builds a call with a body.
fn send(
    facts: &Facts,
    options: &Options,
    parameters: &[(&str, &str)],
    body: &impl Serialize,
) -> Result<Request, Refusal> {
    versioned(facts.request_with(options, parameters, body)?, options)
}

/// Builds a POST whose body is `body` and `extra`.
fn post<B: Serialize>(
    facts: &Facts,
    options: &Options,
    body: &B,
    known: &[&str],
    extra: Option<&Map<String, Value>>,
) -> Result<Request, Refusal> {
    let request = match extra {
        None => return send(facts, options, &[], body),
        Some(extra) => {
            if let Some(twice) = extra.keys().find(|key| known.contains(&key.as_str())) {
                return Err(Refusal::input(
                    format!("extra.{twice}"),
                    "expected only fields that the endpoint does not know: give this one by its own name",
                ));
            }
            let mut request = facts.request_with(options, &[], body)?;
            request.body = request.body.map(|body| joined(body, &json(extra)));
            request
        }
    };
    versioned(request, options)
}

/// One JSON object with the fields of two, none of which is empty.
fn joined(mut first: String, second: &str) -> String {
    if let Some(fields) = second.strip_prefix('{').filter(|fields| *fields != "}") {
        first.pop();
        first.push(',');
        first.push_str(fields);
    }
    first
}

/// How many records to skip, and how many to answer, as text.
///
/// The published page calls both required and gives no default: these are none skipped, and the 100 of its example.
fn window(skip: Option<u64>, limit: Option<u64>) -> (String, String) {
    let text = |number: Option<u64>, default: u64| number.unwrap_or(default).to_string();
    (text(skip, 0), text(limit, 100))
}

/// The text of a list answer with the list under `name`, however it came.
fn show_list(response: &Response, name: &str) -> String {
    match lenient(response) {
        Value::Object(fields) if fields.contains_key(name) => response.body.clone(),
        body => json(&Map::from_iter([(name.to_owned(), in_list(body, name))])),
    }
}

/// Refuses the first of the given ids that must not go on the wire.
fn check_ids(ids: &[(&str, Option<&Id<'_>>)]) -> Result<(), Refusal> {
    for (path, id) in ids {
        if let Some(fault) = id.and_then(|id| id::fault(id.as_str())) {
            return Err(Refusal::id(*path, fault));
        }
    }
    Ok(())
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
        Input::List(listing) => Ok(Box::new(list::List::new(&listing, options)?)),
        Input::Types(verb, types) => Ok(Box::new(association_types::AssociationTypes::new(
            verb, types, options,
        )?)),
        Input::Upsert(entity, text) => Ok(Box::new(upsert::script(entity, &text, options)?)),
    }
}
