//! HubSpot: associations (v4 and dated), labels, partner objects (v3), and the object routes that upserts need.

mod associations;
mod batch;
mod kinds;
mod labels;
mod limits;
mod links;
mod names;
mod objects;
mod partner;
mod refusal;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::answer::{self, LONG_AGO};
use super::call::{Call, Token};
use super::ledger::Ledger;
use super::window::Budget;
use crate::http::{Method, Response};
use kinds::Kind;
use links::{Links, Node};
use refusal::Refusal;

/// One HubSpot portal.
#[derive(Clone, Debug)]
pub(super) struct HubSpot {
    records: BTreeMap<Kind, BTreeMap<String, Record>>,
    links: Links,
    limits: Vec<limits::Limit>,
    serial: u64,
    /// The association endpoints' own burst, of a Professional portal.
    pub(super) budget: Budget,
}

/// One record of any type.
#[derive(Clone, Debug)]
struct Record {
    properties: Map<String, Value>,
    created: u64,
    updated: u64,
}

/// The style of a path: what it is called and how ids come back under it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Edition {
    V3,
    V4,
    Dated,
}

impl Edition {
    /// Ids drifted from numbers to strings over the versions; callers must read both, so both are answered.
    fn id(self, id: &str) -> Value {
        match (self, id.parse::<u64>()) {
            (Self::V4, Ok(number)) => number.into(),
            _ => id.into(),
        }
    }
}

type Outcome = Result<Response, Refusal>;

impl HubSpot {
    /// A portal with the sample records.
    pub(super) fn new() -> Self {
        let mut portal = Self {
            records: BTreeMap::new(),
            links: Links::default(),
            limits: Vec::new(),
            serial: 0,
            budget: Budget::new(10_000, 150, 500_000),
        };
        for (kind, ids) in SAMPLES {
            for id in *ids {
                portal.add(kind, id, Map::new());
            }
        }
        for id in GENERATED {
            portal.add("contacts", &id.to_string(), Map::new());
        }
        portal
    }

    /// Without the contacts that are there for batches.
    pub(super) fn forget_generated(&mut self) {
        for records in self.records.values_mut() {
            let is_generated = |id: &String| id.parse().is_ok_and(|id| GENERATED.contains(&id));
            records.retain(|id, _| !is_generated(id));
        }
    }

    /// Adds a record without a trace in the ledger. False if the type is unknown.
    pub(super) fn add(&mut self, kind: &str, id: &str, properties: Map<String, Value>) -> bool {
        let Some(kind) = Kind::parse(kind) else {
            return false;
        };
        let record = Record {
            properties,
            created: LONG_AGO,
            updated: LONG_AGO,
        };
        self.records
            .entry(kind)
            .or_default()
            .insert(id.to_owned(), record);
        true
    }

    pub(super) fn answer(&mut self, call: &Call, ledger: &mut Ledger<'_>) -> Response {
        self.serial += 1;
        self.budget.spend(call.now);
        let outcome = admit(call).and_then(|()| self.route(call, ledger));
        let mut response = match outcome {
            _ if self.budget.exceeded() => self.too_many(),
            Ok(response) => response,
            Err(refusal) => refusal.answer(self.serial),
        };
        let headers = &mut response.headers;
        headers.set("x-hubspot-correlation-id", answer::uuid(self.serial));
        headers.set("x-hubspot-ratelimit-max", self.budget.max.to_string());
        headers.set(
            "x-hubspot-ratelimit-remaining",
            self.budget.remaining().to_string(),
        );
        headers.set(
            "x-hubspot-ratelimit-interval-milliseconds",
            self.budget.interval.to_string(),
        );
        headers.set("x-hubspot-ratelimit-daily", self.budget.daily.to_string());
        headers.set(
            "x-hubspot-ratelimit-daily-remaining",
            self.budget.remaining_today().to_string(),
        );
        response
    }

    fn route(&mut self, call: &Call, ledger: &mut Ledger<'_>) -> Outcome {
        let parts = call.parts();
        match parts.as_slice() {
            ["crm", "v3", "objects", rest @ ..] => self.objects(Edition::V3, call, rest, ledger),
            ["crm", "v4", "objects", rest @ ..] => self.objects(Edition::V4, call, rest, ledger),
            ["crm", "objects", date, rest @ ..] if DATES.contains(date) => {
                self.objects(Edition::Dated, call, rest, ledger)
            }
            ["crm", "v4", "associations", rest @ ..] | ["crm", "associations", "v4", rest @ ..] => {
                self.associations(Edition::V4, call, rest, ledger)
            }
            ["crm", "v3", "associations", from, to, "types"] if call.method == Method::Get => {
                self.named_types(&kind_of(from)?, &kind_of(to)?)
            }
            ["crm", "associations", date, rest @ ..] if DATES.contains(date) => {
                self.associations(Edition::Dated, call, rest, ledger)
            }
            ["crm", "v3", "owners"] => names::owners(call),
            ["crm", "owners", date] if DATES.contains(date) => names::owners(call),
            ["crm", "v3", "pipelines", kind] => names::pipelines(call, kind),
            ["crm", "pipelines", date, kind] if DATES.contains(date) => {
                names::pipelines(call, kind)
            }
            _ => Err(no_route(call)),
        }
    }

    fn objects(
        &mut self,
        edition: Edition,
        call: &Call,
        rest: &[&str],
        ledger: &mut Ledger<'_>,
    ) -> Outcome {
        match (edition, rest) {
            (Edition::V3, [partner, id, "associations", to @ ..])
                if partner.starts_with("partner_") =>
            {
                self.partner(call, partner, id, to, ledger)
            }
            (Edition::V4 | Edition::Dated, [_, _, "associations", ..]) => {
                self.pair(edition, call, rest, ledger)
            }
            (Edition::V3 | Edition::Dated, [kind, rest @ ..]) => {
                self.records_of(call, kind, rest, ledger)
            }
            _ => Err(no_route(call)),
        }
    }

    fn associations(
        &mut self,
        edition: Edition,
        call: &Call,
        rest: &[&str],
        ledger: &mut Ledger<'_>,
    ) -> Outcome {
        if let ["definitions", "configurations", rest @ ..] = rest {
            return self.limits(edition, call, rest);
        }
        let [from, to, rest @ ..] = rest else {
            return Err(no_route(call));
        };
        let (from, to) = (kind_of(from)?, kind_of(to)?);
        match rest {
            ["labels", rest @ ..] => self.labels(call, &from, &to, rest),
            ["batch", rest @ ..] => self.batch(edition, call, (&from, &to), rest, ledger),
            _ => Err(no_route(call)),
        }
    }

    /// A record that must be there.
    fn node(&self, kind: &Kind, id: &str) -> Result<Node, Refusal> {
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refusal::identifier(id));
        }
        let there = self
            .records
            .get(kind)
            .is_some_and(|records| records.contains_key(id));
        there
            .then(|| (kind.clone(), id.to_owned()))
            .ok_or_else(|| Refusal::no_record(kind, id))
    }

    fn too_many(&self) -> Response {
        let (limit, policy) = if self.budget.remaining_today() == 0 {
            ("daily", "DAILY")
        } else {
            ("ten_secondly_rolling", "TEN_SECONDLY_ROLLING")
        };
        answer::json(
            429,
            &json!({
                "status": "error",
                "message": format!("You have reached your {limit} limit."),
                "errorType": "RATE_LIMIT",
                "correlationId": answer::uuid(self.serial),
                "policyName": policy,
                "groupName": "publicapi:private-apps:api-calls-v2:1",
            }),
        )
    }
}

fn admit(call: &Call) -> Result<(), Refusal> {
    // Not known: the wordings; the categories are.
    match call.token() {
        Token::Valid => Ok(()),
        Token::Absent | Token::Unknown => Err(Refusal::new(
            401,
            "INVALID_AUTHENTICATION",
            "Authentication credentials not found or not valid",
        )),
        Token::Expired => Err(Refusal::new(
            401,
            "EXPIRED_AUTHENTICATION",
            "The OAuth token used to make this call expired",
        )
        .with("expire time", answer::time(call.now.saturating_sub(60_000)))),
        Token::Unscoped => Err(Refusal::new(
            403,
            "MISSING_SCOPES",
            "This app has not been granted the scopes that this call requires",
        )
        .with("requiredGranularScopes", "crm.objects.contacts.write")),
    }
}

fn kind_of(word: &str) -> Result<Kind, Refusal> {
    Kind::parse(word).ok_or_else(|| Refusal::object_type(word))
}

/// Not known: the body of a 404 outside the known routes.
fn no_route(call: &Call) -> Refusal {
    Refusal::new(
        404,
        "OBJECT_NOT_FOUND",
        format!("No route {} {}", call.method, call.path),
    )
}

/// The body, which must be JSON; `None` when there is none.
fn body_of(call: &Call) -> Result<Option<Value>, Refusal> {
    call.json()
        .map_err(|error| Refusal::invalid(format!("Invalid input JSON: {error}")))
}

/// The dated versions that exist.
const DATES: [&str; 3] = ["2025-09", "2026-03", "2026-09"];

pub(super) const SAMPLES: &[(&str, &[&str])] = &[
    ("contacts", &["101", "102", "103"]),
    ("companies", &["201", "202"]),
    ("deals", &["301", "302"]),
    ("tickets", &["401", "402"]),
    ("leads", &["501", "502"]),
    ("partner_clients", &["601"]),
    ("partner_services", &["701"]),
    ("2-3465404", &["901", "902", "903"]),
];

/// Contacts for batches larger than any limit.
pub(super) const GENERATED: std::ops::RangeInclusive<u32> = 1_000_000..=1_002_499;
