//! LeadConnector (HighLevel): association definitions, relations, opportunities, and the contact and business routes that
//! links and upserts need.

mod associations;
mod businesses;
mod contacts;
mod opportunities;
mod refusal;
mod relations;
mod shape;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::answer;
use super::call::{Call, Token};
use super::ledger::Ledger;
use super::window::Budget;
use crate::http::Response;
use associations::Association;
use refusal::Refusal;
use relations::Relation;

/// One agency with one location.
#[derive(Clone, Debug)]
pub(super) struct LeadConnector {
    associations: Vec<Association>,
    relations: Vec<Relation>,
    opportunities: BTreeMap<String, Map<String, Value>>,
    contacts: BTreeMap<String, Map<String, Value>>,
    businesses: BTreeMap<String, Map<String, Value>>,
    /// Records of custom objects, by object key.
    others: BTreeSet<(String, String)>,
    serial: u64,
    pub(super) budget: Budget,
}

type Outcome = Result<Response, Refusal>;

impl LeadConnector {
    /// A location with the sample records.
    pub(super) fn new() -> Self {
        let mut location = Self {
            associations: associations::system_defined(),
            relations: Vec::new(),
            opportunities: BTreeMap::new(),
            contacts: BTreeMap::new(),
            businesses: BTreeMap::new(),
            others: BTreeSet::new(),
            serial: 0,
            budget: Budget::new(10_000, 100, 200_000),
        };
        for (kind, ids) in SAMPLES {
            for id in *ids {
                location.add(kind, id, Map::new());
            }
        }
        location
    }

    /// Adds a record without a trace in the ledger.
    pub(super) fn add(&mut self, kind: &str, id: &str, mut fields: Map<String, Value>) {
        for (name, value) in [
            ("id", id),
            ("locationId", LOCATION),
            ("createdAt", &answer::time(answer::LONG_AGO)),
            ("updatedAt", &answer::time(answer::LONG_AGO)),
        ] {
            fields.insert(name.to_owned(), value.into());
        }
        match kind {
            "contact" => {
                self.contacts.insert(id.to_owned(), fields);
            }
            "business" => {
                fields.entry("name").or_insert_with(|| id.into());
                self.businesses.insert(id.to_owned(), fields);
            }
            "opportunity" => {
                for (name, value) in [
                    ("pipelineId", PIPELINE),
                    ("pipelineStageId", STAGE),
                    ("status", "open"),
                ] {
                    fields.entry(name).or_insert_with(|| value.into());
                }
                self.opportunities.insert(id.to_owned(), fields);
            }
            _ => {
                self.others.insert((kind.to_owned(), id.to_owned()));
            }
        }
    }

    pub(super) fn answer(&mut self, call: &Call, ledger: &mut Ledger<'_>) -> Response {
        self.serial += 1;
        self.budget.spend(call.now);
        let outcome = admit(call).and_then(|()| self.route(call, ledger));
        let mut response = if self.budget.exceeded() {
            // Not known: the body of a 429.
            Refusal::new(429, "Too Many Requests").answer()
        } else {
            outcome.unwrap_or_else(Refusal::answer)
        };
        // Every answer carries a trace id; error bodies are recorded to hold it too.
        if let Ok(Value::Object(mut body)) = serde_json::from_str(&response.body) {
            body.insert("traceId".to_owned(), answer::uuid(self.serial).into());
            response.body = Value::Object(body).to_string();
        }
        let headers = &mut response.headers;
        headers.set("x-ratelimit-limit-daily", self.budget.daily.to_string());
        headers.set(
            "x-ratelimit-daily-remaining",
            self.budget.remaining_today().to_string(),
        );
        // Not known: the unit; taken to be milliseconds, as the interval is.
        headers.set(
            "x-ratelimit-daily-reset",
            Budget::daily_reset(call.now).to_string(),
        );
        headers.set(
            "x-ratelimit-interval-milliseconds",
            self.budget.interval.to_string(),
        );
        headers.set("x-ratelimit-max", self.budget.max.to_string());
        headers.set("x-ratelimit-remaining", self.budget.remaining().to_string());
        response
    }

    fn route(&mut self, call: &Call, ledger: &mut Ledger<'_>) -> Outcome {
        let parts = call.parts();
        // `/associations` and `/associations/` are one here. Not known: whether the vendor takes both.
        match parts.as_slice() {
            ["associations", "relations", rest @ ..] => self.relations(call, rest, ledger),
            ["associations", rest @ ..] => self.associations(call, rest, ledger),
            ["opportunities", rest @ ..] => self.opportunities(call, rest, ledger),
            ["businesses", rest @ ..] => self.businesses(call, rest, ledger),
            ["contacts", rest @ ..] => self.contacts(call, rest, ledger),
            _ => Err(no_route(call)),
        }
    }

    /// Whether a record of an object key exists.
    fn exists(&self, key: &str, id: &str) -> bool {
        match key {
            "contact" => self.contacts.contains_key(id),
            "opportunity" => self.opportunities.contains_key(id),
            "business" => self.businesses.contains_key(id),
            _ => self.others.contains(&(key.to_owned(), id.to_owned())),
        }
    }

    /// An id of twenty letters and digits, as the vendor's records have.
    fn new_id(&mut self) -> String {
        self.serial += 1;
        format!("twin{:016}", self.serial)
    }
}

fn admit(call: &Call) -> Result<(), Refusal> {
    // Not known: which is looked at first, the version or the token.
    match call.header("version") {
        None => return Err(Refusal::new(401, "version header was not found.")),
        Some(version) if !VERSIONS.contains(&version) => {
            return Err(Refusal::new(401, "version header is invalid"));
        }
        Some(_) => {}
    }
    match call.token() {
        Token::Valid => Ok(()),
        // The one text that a refresh can cure. Not known: whether an expired token has a text of its own.
        Token::Expired | Token::Absent => {
            Err(Refusal::new(401, "Invalid token: access token is invalid"))
        }
        Token::Unknown => Err(Refusal::new(401, "Invalid Private Integration token")),
        Token::Unscoped => Err(Refusal::new(
            401,
            "The token is not authorized for this scope.",
        )),
    }
}

/// Only the sample location belongs to the token.
fn located(location: &str) -> Result<(), Refusal> {
    if location == LOCATION {
        Ok(())
    } else {
        Err(Refusal::new(
            403,
            "The token does not have access to this location.",
        ))
    }
}

/// The location of a GET or DELETE, which stands in the query.
fn located_by_query(call: &Call) -> Result<(), Refusal> {
    match call.asked("locationId") {
        Some(location) if !location.is_empty() => located(location),
        _ => Err(Refusal::unprocessable(vec![
            "locationId should not be empty".to_owned(),
            "locationId must be a string".to_owned(),
        ])),
    }
}

/// `skip` and `limit`, both required.
fn window(call: &Call) -> Result<(usize, usize), Refusal> {
    let read = |name: &str| call.asked(name).and_then(|value| value.parse().ok());
    match (read("skip"), read("limit")) {
        (Some(skip), Some(limit)) => Ok((skip, limit)),
        (skip, limit) => {
            let missing = [("skip", skip), ("limit", limit)];
            let faults = missing
                .iter()
                .filter(|(_, value)| value.is_none())
                .map(|(name, _)| {
                    format!("{name} must be a number conforming to the specified constraints")
                })
                .collect();
            Err(Refusal::unprocessable(faults))
        }
    }
}

fn body_of(call: &Call) -> Result<Value, Refusal> {
    match call.json() {
        Ok(body) => Ok(body.unwrap_or_else(|| json!({}))),
        Err(error) => Err(Refusal::bad(format!("Unexpected token in JSON: {error}"))),
    }
}

fn no_route(call: &Call) -> Refusal {
    Refusal::new(404, format!("Cannot {} {}", call.method, call.path))
}

/// The versions that are published, `legacy` left out: no source says how it is written in the header.
const VERSIONS: [&str; 4] = ["2021-04-15", "2021-07-28", "2023-02-21", "v3"];

pub(super) const LOCATION: &str = "CLu7BaljjqrEjBGKTNNe";
pub(super) const PIPELINE: &str = "bCkKGpDsyPP4peuKowkG";
pub(super) const STAGE: &str = "7915dedc-8f18-44d5-8bc3-77c04e994a10";
pub(super) const OTHER_STAGE: &str = "e93ba61a-53b3-45e7-985a-c7732dbcdb69";
pub(super) const USER: &str = "082goXVW3lIExEQPOnd3";

pub(super) const SAMPLES: &[(&str, &[&str])] = &[
    (
        "opportunity",
        &[
            "yWQobCRIhRguQtD2llvk",
            "VDm7RPYC2GLUvdpKmBfC",
            "UIaE1WjAwWKdlyD7osQI",
        ],
    ),
    (
        "contact",
        &[
            "ocQHyuzHvysMo5N5VsXc",
            "sx6wyHhbFdRXh302Lunr",
            "byMEV0NQinDhq8ZfiOi2",
        ],
    ),
    (
        "business",
        &[
            "63771dcac1116f0e21de8e12",
            "63771dcac1116f0e21de8e13",
            "63771dcac1116f0e21de8e14",
        ],
    ),
    (
        "custom_objects.children",
        &[
            "66c4b8f0a1116f0e21de8e01",
            "66c4b8f0a1116f0e21de8e02",
            "66c4b8f0a1116f0e21de8e03",
        ],
    ),
];
