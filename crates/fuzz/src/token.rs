//! Browser tokens, and what they let through.

use crmlink::unified::operation::Operation;
use crmlink_worker::doors::{BrowserToken, browser_token};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::drive::operation;
use crate::text::{first_line, json, text};

/// A token, then the name of an operation, then its input (or an answer).
///
/// Of a token, what is signed is all of it but the signature, and what is said in it comes back as it was. What a token lets
/// through is about nothing that it does not name; what it lets out has none of the vendor's own bodies.
///
/// # Panics
/// When that is not so.
pub fn token(data: &[u8]) {
    let text = text(data);
    let (token, rest) = first_line(&text);
    if let Some((signed, signature, claims)) = browser_token(token) {
        let (before, _) = token.rsplit_once('.').expect("a signature");
        assert_eq!(signed, before, "a part of the token is not signed");
        assert!(token.len() <= 8_192);
        if let Some(claims) = claims {
            let again = claims.with(&signature);
            let (_, same_signature, same) = browser_token(&again).expect("a token");
            assert_eq!((same_signature, same), (signature, Some(claims)));
        }
    }
    let (name, body) = first_line(rest);
    let operation = operation(name);
    for claims in [NARROW, OF_FIELDS, REMOTE] {
        let token = BrowserToken::of(claims).expect("claims");
        if let Ok(writes) = token.allow(operation, body) {
            let input = json(body).expect("JSON");
            let claims = json(claims).expect("JSON");
            check(operation, &input, &claims, writes);
        }
        let out = token.narrow(body);
        // A number may be larger than any of Rust's: it passes as it came.
        let is_json = serde_json::from_str::<&RawValue>(&out).is_ok();
        assert!(out.is_empty() || is_json, "{out}");
        if claims != REMOTE {
            let out = json(&out).unwrap_or_default();
            assert!(!shows_remote(&out), "{out}");
        }
    }
}

/// An input that a token lets through.
fn check(operation: Operation, input: &Value, claims: &Value, writes: u64) {
    let listed = |list: &str, name: &str| {
        let mut known = claims[list].as_array().into_iter().flatten();
        known.any(|known| known == name)
    };
    let remote = claims["remote"] == true;
    assert!(listed("operations", operation.as_str()));
    let kind = |name: &str| match name {
        "acocunts" | "organizations" => "accounts".to_owned(),
        name => name.to_owned(),
    };
    if let Operation::Upsert(entity) = operation {
        assert!(listed("entities", entity.as_str()));
        let records = match input {
            Value::Array(records) => records.iter().collect(),
            one => vec![one],
        };
        assert!(writes >= records.len() as u64);
        for name in records
            .iter()
            .filter_map(|record| record.as_object())
            .flat_map(serde_json::Map::keys)
        {
            let any = |names: &[&str]| names.contains(&name.as_str());
            assert!(remote || !any(&["remote_data", "remote_query"]), "{name}");
            let control = any(&["id", "match_by", "on_ambiguous", "etag"]);
            let all = claims["fields"].is_null() || remote;
            assert!(control || all || listed("fields", name) || name == "contact");
            assert!(name != "account" || listed("entities", "accounts"));
            assert!(!any(&["contact", "contacts"]) || listed("entities", "contacts"));
        }
        return;
    }
    for name in ["entity", "from", "to"] {
        let names = match &input[name] {
            Value::String(name) => name.split(',').collect(),
            Value::Array(names) => names
                .iter()
                .filter_map(Value::as_str)
                .flat_map(|name| name.split(','))
                .collect(),
            _ => Vec::new(),
        };
        assert!(
            names.iter().all(|name| listed("entities", &kind(name))),
            "{names:?}"
        );
    }
    let groups = input["associations"].as_object().into_iter().flatten();
    let mut targets = 0;
    for (name, list) in groups.filter(|(_, list)| !list.is_null()) {
        assert!(listed("entities", &kind(name)), "{name}");
        targets += list.as_array().map_or(1, Vec::len);
    }
    if operation.as_str() == "associations.create" {
        assert!(writes >= targets as u64, "{writes} for {targets}");
    }
    assert!(
        remote
            || ["remote_data", "remote_query"]
                .iter()
                .all(|name| input[*name].is_null())
    );
}

fn shows_remote(value: &Value) -> bool {
    const NAMES: [&str; 4] = ["remote_data", "raw", "raw_response", "remote_error"];
    match value {
        Value::Object(fields) => fields
            .iter()
            .any(|(name, value)| NAMES.contains(&name.as_str()) || shows_remote(value)),
        Value::Array(items) => items.iter().any(shows_remote),
        _ => false,
    }
}

const NARROW: &str = r#"{"tenant":"t","account":"a","operations":["associations.create","associations.list","contacts.upsert","association_types.list"],"entities":["contacts"],"origin":"https://a.example","iat":1,"exp":2,"jti":"j"}"#;
const OF_FIELDS: &str = r#"{"tenant":"t","account":"a","operations":["contacts.upsert","accounts.upsert","associations.set"],"entities":["contacts","accounts"],"fields":["first_name","email_addresses"],"origin":"https://a.example","iat":1,"exp":2,"jti":"j","writes":3}"#;
const REMOTE: &str = r#"{"tenant":"t","account":"a","operations":["opportunities.upsert","associations.create"],"entities":["opportunities","accounts"],"origin":"https://a.example","iat":1,"exp":2,"jti":"j","remote":true}"#;
