//! Truto: `POST /unified/crm/associations`.
//!
//! Which writes an association causes at the vendor behind Truto is published nowhere, so the simulator keeps the links
//! itself and leaves the simulated Salesforce alone.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::answer;
use super::call::{Call, Token, list, text};
use super::ledger::Ledger;
use super::window::Budget;
use crate::http::{Method, Response};

/// One Truto environment with one integrated account.
#[derive(Clone, Debug)]
pub(super) struct Truto {
    /// Answers by account, path and idempotency key.
    replies: BTreeMap<[String; 3], Response>,
    /// Links made, so that a repeated one leaves no commit.
    links: Vec<[String; 4]>,
    pub(super) budget: Budget,
}

impl Truto {
    pub(super) fn new() -> Self {
        Self {
            replies: BTreeMap::new(),
            links: Vec::new(),
            budget: Budget::new(10_000, 50, u64::MAX),
        }
    }

    pub(super) fn answer(&mut self, call: &Call, ledger: &mut Ledger<'_>) -> Response {
        self.budget.spend(call.now);
        let left = (self.budget.interval - call.now % self.budget.interval).div_ceil(1_000);
        let mut response = if self.budget.exceeded() {
            let mut response = refusal(429, "Too Many Requests", "Rate limit exceeded", None);
            response.headers.set("retry-after", "10");
            response
        } else {
            self.route(call, ledger).unwrap_or_else(|refused| refused)
        };
        let headers = &mut response.headers;
        headers.set("ratelimit-limit", self.budget.max.to_string());
        headers.set("ratelimit-remaining", self.budget.remaining().to_string());
        headers.set("ratelimit-reset", left.to_string());
        response
    }

    fn route(&mut self, call: &Call, ledger: &mut Ledger<'_>) -> Result<Response, Response> {
        // Not known: the wordings below; the three keys of each error are.
        match call.token() {
            Token::Valid => {}
            Token::Unscoped => return Err(refusal(403, "Forbidden", "Forbidden", None)),
            _ => return Err(refusal(401, "Unauthorized", "Unauthorized", None)),
        }
        if call.parts() != ["unified", "crm", "associations"] {
            return Err(refusal(404, "Not Found", "Not Found", None));
        }
        // No method but create is published.
        if call.method != Method::Post {
            return Err(refusal(404, "Not Found", "Method not supported", None));
        }
        let account = account(call)?;
        let key = call
            .header("idempotency-key")
            .map(|key| [account.to_owned(), call.path.clone(), key.to_owned()]);
        if let Some(reply) = key.as_ref().and_then(|key| self.replies.get(key)) {
            return Ok(reply.clone());
        }
        let response = self.associate(call, ledger)?;
        if let Some(key) = key {
            self.replies.insert(key, response.clone());
        }
        Ok(response)
    }

    fn associate(&mut self, call: &Call, ledger: &mut Ledger<'_>) -> Result<Response, Response> {
        let body = match call.json() {
            Ok(Some(Value::Object(body))) => Value::Object(body),
            Ok(_) => return Err(refusal(400, "Bad Request", "A body is required", None)),
            Err(error) => {
                return Err(refusal(400, "Bad Request", &error.to_string(), None));
            }
        };
        let missing: Vec<_> = ["entity_id", "entity"]
            .into_iter()
            .filter(|name| text(&body, &format!("/{name}")).is_none())
            .collect();
        if !missing.is_empty() {
            return Err(refusal(
                400,
                "Bad Request",
                &format!("Missing required fields: {}", missing.join(", ")),
                Some(("missing_required_body_fields", json!(missing))),
            ));
        }
        let format = call.asked("truto_response_format").unwrap_or("unified");
        if !["unified", "raw", "normalized", "stream"].contains(&format) {
            return Err(refusal(
                400,
                "Bad Request",
                "truto_response_format must be one of unified, raw, normalized, stream",
                None,
            ));
        }
        let entity = text(&body, "/entity").unwrap_or_default();
        let entity_id = text(&body, "/entity_id").unwrap_or_default();
        // The schema is for the pages only and not used in validation: unknown entities and keys pass.
        let mut associations = Map::new();
        let mut raw = Vec::new();
        let given = body.get("associations").and_then(Value::as_object);
        for (kind, _) in given.into_iter().flatten() {
            let targets = list(&body, &format!("/associations/{kind}"));
            let mut shown = Vec::new();
            for id in targets.iter().filter_map(|target| text(target, "/id")) {
                self.link([&entity, &entity_id, kind, &id], ledger);
                raw.push(json!({ "id": id, "success": true, "errors": [] }));
                shown.push(json!({ "id": id }));
            }
            associations.insert(kind.clone(), Value::Array(shown));
        }
        spell_both(&mut associations);
        Ok(shown(call, format, entity_id, entity, associations, raw))
    }

    fn link(&mut self, link: [&str; 4], ledger: &mut Ledger<'_>) {
        let link = link.map(str::to_owned);
        if self.links.contains(&link) {
            return;
        }
        let [entity, entity_id, kind, id] = &link;
        ledger.commit(
            "association.create",
            format!("{entity} {entity_id}"),
            format!("{kind} {id}"),
        );
        self.links.push(link);
    }
}

/// The answer's schema has both spellings of accounts. Not known: whether both always come; here they do.
fn spell_both(associations: &mut Map<String, Value>) {
    let [right, wrong] = ["accounts", "acocunts"];
    let mut both = Vec::new();
    for name in [right, wrong] {
        for item in associations
            .get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            if !both.contains(item) {
                both.push(item.clone());
            }
        }
    }
    if !both.is_empty() {
        associations.insert(right.to_owned(), both.clone().into());
        associations.insert(wrong.to_owned(), both.into());
    }
}

/// Not known: how `normalized` differs from `unified`, and what the raw data are; here the results of the vendor behind.
fn shown(
    call: &Call,
    format: &str,
    entity_id: String,
    entity: String,
    associations: Map<String, Value>,
    raw: Vec<Value>,
) -> Response {
    if format == "raw" {
        return answer::json(200, &Value::Array(raw));
    }
    let mut body = Map::from_iter([
        ("entity_id".to_owned(), entity_id.into()),
        ("entity".to_owned(), entity.into()),
        ("associations".to_owned(), associations.into()),
        ("remote_data".to_owned(), raw.into()),
    ]);
    if call.asked("truto_ignore_remote_data") == Some("true") {
        body.remove("remote_data");
    }
    for field in call.listed("truto_exclude_fields") {
        body.remove(field);
    }
    answer::json(200, &Value::Object(body))
}

fn account(call: &Call) -> Result<&str, Response> {
    let name = "integrated_account_id";
    let given = call.asked(name).filter(|given| !given.is_empty());
    match given {
        None => Err(refusal(
            400,
            "Bad Request",
            "integrated_account_id is required",
            Some(("missing_required_query_parameters", json!([name]))),
        )),
        Some(ACCOUNT) => Ok(ACCOUNT),
        Some(given) if is_uuid(given) => Err(refusal(
            404,
            "Not Found",
            "Integrated account not found",
            None,
        )),
        Some(_) => Err(refusal(
            400,
            "Bad Request",
            "integrated_account_id must be a uuid",
            None,
        )),
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.char_indices().all(|(place, character)| match place {
            8 | 13 | 18 | 23 => character == '-',
            _ => character.is_ascii_hexdigit(),
        })
}

fn refusal(status: u16, error: &str, message: &str, insight: Option<(&str, Value)>) -> Response {
    let mut body = json!({ "statusCode": status, "error": error, "message": message });
    if let (Some((key, value)), Some(body)) = (insight, body.as_object_mut()) {
        body.insert(
            "truto_error_insight".to_owned(),
            json!({ key: { "description": message, "value": value } }),
        );
    }
    answer::json(status, &body)
}

/// The id of the founding page's example.
pub(super) const ACCOUNT: &str = "62f44730-dd91-461e-bd6a-aedd9e0ad79d";
