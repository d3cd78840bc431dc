//! Salesforce: records, queries, composite requests and collections of one org.

mod collections;
mod composite;
mod fault;
mod id;
mod pages;
mod query;
mod schema;
mod soql;
mod store;

use serde_json::{Map, Value, json};

use super::answer;
use super::call::{Call, Token};
use super::ledger::Ledger;
use super::window::Budget;
use crate::http::{Method, Response};
use fault::Fault;
use pages::Pages;
use schema::Object;
use store::Store;

/// One org. "Contacts to Multiple Accounts" is switched on.
#[derive(Clone, Debug)]
pub(super) struct Salesforce {
    store: Store,
    pages: Pages,
    /// Calls a day; a composite request is one call.
    pub(super) budget: Budget,
}

impl Salesforce {
    /// An org with the sample records.
    pub(super) fn new() -> Self {
        let mut org = Self {
            store: Store::default(),
            pages: Pages::new(),
            budget: Budget::new(86_400_000, 100_000, 100_000),
        };
        for (object, short, fields) in SAMPLES {
            let fields = fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
                .collect();
            // That each of them is accepted is a test's business.
            let _ = org.add(object, Some(short), &fields);
        }
        org
    }

    /// Adds a record without a trace in the ledger, and gives its 18-character id, or why not.
    pub(super) fn add(
        &mut self,
        object: &str,
        id: Option<&str>,
        fields: &Map<String, Value>,
    ) -> Result<String, String> {
        let object = Object::named(object).ok_or_else(|| format!("no object {object}"))?;
        let short = match id {
            Some(given) => Some(id::short(given).ok_or_else(|| format!("malformed id {given}"))?),
            None => None,
        };
        self.store
            .seed(object, short, fields, answer::LONG_AGO)
            .map_err(|fault| fault.list().to_string())
    }

    /// Sets how many rows a page of a query has.
    pub(super) fn page(&mut self, size: u64) {
        self.pages.size = usize::try_from(size).unwrap_or(2_000).clamp(1, 2_000);
    }

    pub(super) fn answer(&mut self, call: &Call, ledger: &mut Ledger<'_>) -> Response {
        self.budget.spend(call.now);
        let outcome = if self.budget.exceeded() {
            Err(Fault::new(
                403,
                "REQUEST_LIMIT_EXCEEDED",
                "TotalRequests Limit exceeded.",
            ))
        } else {
            admit(call).and_then(|()| self.dispatch(call, ledger))
        };
        let mut response = outcome.unwrap_or_else(|fault| fault.answer());
        let usage = format!(
            "api-usage={}/{}",
            self.budget.used_today(),
            self.budget.daily
        );
        response.headers.set("sforce-limit-info", usage);
        response
    }

    fn dispatch(&mut self, call: &Call, ledger: &mut Ledger<'_>) -> Result<Response, Fault> {
        let parts = call.parts();
        let ["services", "data", version, rest @ ..] = parts.as_slice() else {
            return Err(Fault::not_found());
        };
        if !is_version(version) {
            return Err(Fault::not_found());
        }
        match (call.method, rest) {
            (Method::Get, ["query"]) => {
                let text = call.asked("q").unwrap_or_default();
                let rows = query::run(&self.store, version, text)?;
                Ok(self.pages.first(call, version, rows))
            }
            (Method::Get, ["query", locator]) => self.pages.more(call, version, locator),
            (Method::Post, ["composite"]) => self.composite(call, ledger),
            (_, ["composite", "sobjects", rest @ ..]) => self.collection(call, rest, ledger),
            (_, ["sobjects", object, rest @ ..]) => {
                let object = Object::named(object).ok_or_else(Fault::not_found)?;
                self.single(call, version, object, rest, ledger)
            }
            _ => Err(Fault::not_found()),
        }
    }

    fn single(
        &mut self,
        call: &Call,
        version: &str,
        object: &'static Object,
        rest: &[&str],
        ledger: &mut Ledger<'_>,
    ) -> Result<Response, Fault> {
        match (call.method, rest) {
            (Method::Post, []) => {
                let body = body_of(call)?;
                let id = self.store.insert(object, &body, call.now, ledger)?;
                Ok(created(&id, None))
            }
            (Method::Get, [id]) => {
                let short = self.store.find(object, id)?;
                Ok(answer::json(
                    200,
                    &self.shown(call, version, object, &short)?,
                ))
            }
            (Method::Get, [field, value]) => {
                let field = object.field(field)?;
                match self.store.matching(object, &field, value).as_slice() {
                    [] => Err(Fault::not_found()),
                    [one] => Ok(answer::json(200, &self.shown(call, version, object, one)?)),
                    many => Ok(ambiguous(version, object, many)),
                }
            }
            (Method::Patch, [id]) => {
                let body = body_of(call)?;
                self.store.update(object, id, &body, call.now, ledger)?;
                Ok(answer::empty(204))
            }
            (Method::Patch, [field, value]) => {
                let body = body_of(call)?;
                let field = object.field(field)?;
                let many = self.store.matching(object, &field, value);
                if many.len() > 1 {
                    return Ok(ambiguous(version, object, &many));
                }
                let update_only = call.asked("updateOnly") == Some("true");
                let (id, new) = self.upsert(
                    object,
                    (&field, value),
                    update_only,
                    &body,
                    call.now,
                    ledger,
                )?;
                Ok(created(&id, Some(new)))
            }
            (Method::Delete, [id]) => {
                self.store.delete(object, id, ledger)?;
                Ok(answer::empty(204))
            }
            (_, [] | [_] | [_, _]) => Err(Fault::new(
                405,
                "METHOD_NOT_ALLOWED",
                format!("HTTP Method '{}' not allowed.", call.method),
            )),
            _ => Err(Fault::not_found()),
        }
    }

    /// By an external id: one match is updated, none is created, several are refused.
    fn upsert(
        &mut self,
        object: &'static Object,
        (field, value): (&str, &str),
        update_only: bool,
        body: &Map<String, Value>,
        now: u64,
        ledger: &mut Ledger<'_>,
    ) -> Result<(String, bool), Fault> {
        // Custom fields, and those standard ones that may stand in; that they do so in REST is not verified.
        let key = field.ends_with("__c") || (field == "Email" && object.column("Email").is_some());
        if !key {
            return Err(Fault::new(
                404,
                "NOT_FOUND",
                format!("Provided external ID field does not exist or is not accessible: {field}"),
            ));
        }
        if let Some(named) = body
            .keys()
            .find(|name| name.eq_ignore_ascii_case("id") || name.eq_ignore_ascii_case(field))
        {
            return Err(Fault::bad(
                "INVALID_FIELD",
                format!("The {named} field should not be specified in the sobject data."),
            )
            .on([named.clone()]));
        }
        match self.store.matching(object, field, value).as_slice() {
            [] if update_only => Err(Fault::not_found()),
            [] => {
                let mut body = body.clone();
                body.insert(field.to_owned(), value.into());
                let id = self.store.insert(object, &body, now, ledger)?;
                Ok((id, true))
            }
            [one] => {
                let id = id::full(one);
                self.store.update(object, &id, body, now, ledger)?;
                Ok((id, false))
            }
            many => Err(Fault::new(
                300,
                "DUPLICATE_EXTERNAL_ID",
                format!("{} records have {field} {value}", many.len()),
            )),
        }
    }

    fn shown(
        &self,
        call: &Call,
        version: &str,
        object: &'static Object,
        short: &str,
    ) -> Result<Value, Fault> {
        let mut fields: Vec<String> = call
            .listed("fields")
            .into_iter()
            .map(|field| object.field(field))
            .collect::<Result<_, _>>()?;
        if fields.is_empty() {
            fields.push("Id".to_owned());
            fields.extend(object.columns.iter().map(|column| column.name.to_owned()));
            let row = self.store.row(short);
            fields.extend(row.into_iter().flat_map(store::Row::custom));
        }
        Ok(query::record(&self.store, version, object, short, &fields))
    }
}

fn admit(call: &Call) -> Result<(), Fault> {
    match call.token() {
        Token::Valid => Ok(()),
        Token::Unscoped => Err(Fault::new(
            403,
            "INSUFFICIENT_ACCESS_OR_READONLY",
            "insufficient access rights on object",
        )),
        Token::Absent | Token::Unknown | Token::Expired => Err(Fault::new(
            401,
            "INVALID_SESSION_ID",
            "Session expired or invalid",
        )),
    }
}

fn body_of(call: &Call) -> Result<Map<String, Value>, Fault> {
    match call.json() {
        Ok(Some(Value::Object(body))) => Ok(body),
        Ok(_) => Err(Fault::bad("JSON_PARSER_ERROR", "an object was expected")),
        Err(error) => Err(Fault::bad("JSON_PARSER_ERROR", error.to_string())),
    }
}

/// 201 for a record that was made, 200 for one that was found by its external id.
fn created(id: &str, new: Option<bool>) -> Response {
    let mut body = json!({ "id": id, "success": true, "errors": [] });
    if let (Some(new), Some(body)) = (new, body.as_object_mut()) {
        body.insert("created".to_owned(), new.into());
    }
    answer::json(if new == Some(false) { 200 } else { 201 }, &body)
}

/// The records that an external id could mean; nothing is written.
fn ambiguous(version: &str, object: &Object, shorts: &[String]) -> Response {
    let urls: Vec<_> = shorts
        .iter()
        .map(|short| {
            format!(
                "/services/data/{version}/sobjects/{}/{}",
                object.name,
                id::full(short)
            )
        })
        .collect();
    answer::json(300, &json!(urls))
}

/// `v66.0`
fn is_version(word: &str) -> bool {
    let number = word
        .strip_prefix('v')
        .and_then(|rest| rest.strip_suffix(".0"));
    number
        .and_then(|number| number.parse::<u32>().ok())
        .is_some_and(|number| (20..=80).contains(&number))
}

type Sample = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// Fifteen characters each; two contacts differ in the case of one letter only.
const SAMPLES: &[Sample] = &[
    ("Account", "0015e00000AcmeA", &[("Name", "Acme")]),
    ("Account", "0015e00000BetaB", &[("Name", "Beta")]),
    ("Account", "0015e00000GamaC", &[("Name", "Gama")]),
    (
        "Contact",
        "0035e00000AnnaA",
        &[
            ("FirstName", "Anna"),
            ("LastName", "Arndt"),
            ("AccountId", "0015e00000AcmeA"),
        ],
    ),
    (
        "Contact",
        "0035e00000BertB",
        &[
            ("FirstName", "Bert"),
            ("LastName", "Brandt"),
            ("Email", "bert@example.test"),
        ],
    ),
    (
        "Contact",
        "0035e00000bertB",
        &[("FirstName", "Bertha"), ("LastName", "Brandt")],
    ),
    (
        "Contact",
        "0035e00000CleoC",
        &[("FirstName", "Cleo"), ("LastName", "O'Conor")],
    ),
    (
        "Opportunity",
        "0065e00000DealA",
        &[
            ("Name", "Acme renewal"),
            ("StageName", "Prospecting"),
            ("CloseDate", "2026-12-31"),
            ("AccountId", "0015e00000AcmeA"),
        ],
    ),
    (
        "Opportunity",
        "0065e00000DealB",
        &[
            ("Name", "New business"),
            ("StageName", "Prospecting"),
            ("CloseDate", "2026-12-31"),
        ],
    ),
    (
        "Lead",
        "00Q5e00000LeadA",
        &[("LastName", "Lind"), ("Company", "Lind Ltd")],
    ),
    (
        "Lead",
        "00Q5e00000LeadB",
        &[("LastName", "Lund"), ("Company", "Lund Ltd")],
    ),
];

/// The sample ids with their checksums, for those who ask which there are.
pub(super) fn samples() -> impl Iterator<Item = (&'static str, String)> {
    SAMPLES
        .iter()
        .map(|(object, short, _)| (*object, id::full(short)))
}
