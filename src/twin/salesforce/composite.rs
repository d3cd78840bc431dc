//! `POST /composite`: up to 25 requests in one call, which always answers 200.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::answer;
use super::super::call::{Call, list, text};
use super::super::ledger::Ledger;
use super::fault::Fault;
use super::{Salesforce, body_of};
use crate::http::{Method, Response};

/// One subrequest as it was given.
struct Sub {
    method: Method,
    url: String,
    reference: String,
    body: Option<Value>,
}

/// What became of it.
struct Done {
    reference: String,
    status: u16,
    body: Value,
    kind: Kind,
    failed: bool,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Kind {
    Single,
    Query,
    Collection,
}

impl Salesforce {
    /// Runs the subrequests in order. `collateSubrequests` is read and changes nothing: the vendor may then reorder
    /// requests that do not depend on each other, which no caller can rely on.
    pub(super) fn composite(
        &mut self,
        call: &Call,
        ledger: &mut Ledger<'_>,
    ) -> Result<Response, Fault> {
        let body = body_of(call)?;
        let all_or_none = body.get("allOrNone") == Some(&Value::Bool(true));
        let body = Value::Object(body);
        let subs = list(&body, "/compositeRequest")
            .iter()
            .map(read)
            .collect::<Result<Vec<_>, _>>()?;
        limits(&subs)?;
        let before = self.store.clone();
        let mark = ledger.mark();
        let mut done: Vec<Done> = Vec::new();
        let mut answers = BTreeMap::new();
        for sub in subs {
            let halted = all_or_none && done.iter().any(|done| done.failed);
            let kind = kind_of(&sub.url);
            let response = if halted {
                Fault::halted(ROLLED_BACK).answer()
            } else {
                self.run(call, &sub, &answers, ledger)
            };
            let body: Value = serde_json::from_str(&response.body).unwrap_or_default();
            let partly = kind == Kind::Collection
                && list(&body, "")
                    .iter()
                    .any(|item| item.get("success") == Some(&Value::Bool(false)));
            let failed = !halted && (response.status >= 400 || (all_or_none && partly));
            if response.status < 400 {
                answers.insert(sub.reference.clone(), body.clone());
            }
            done.push(Done {
                reference: sub.reference,
                status: response.status,
                body,
                kind,
                failed,
            });
        }
        if all_or_none && done.iter().any(|done| done.failed) {
            self.store = before;
            ledger.roll_back(mark);
            // The trap: a collection that ran keeps its "success": true, though nothing of it is left.
            for done in &mut done {
                if !done.failed && done.kind != Kind::Collection {
                    done.status = 400;
                    done.body = Fault::halted(ROLLED_BACK).list();
                }
            }
        }
        let results: Vec<_> = done
            .into_iter()
            .map(|done| {
                json!({
                    "body": done.body,
                    "httpHeaders": {},
                    "httpStatusCode": done.status,
                    "referenceId": done.reference,
                })
            })
            .collect();
        Ok(answer::json(200, &json!({ "compositeResponse": results })))
    }

    fn run(
        &mut self,
        call: &Call,
        sub: &Sub,
        answers: &BTreeMap<String, Value>,
        ledger: &mut Ledger<'_>,
    ) -> Response {
        let resolved = resolve(&sub.url, answers).and_then(|url| {
            let body = sub.body.as_ref().map(|body| filled(body, answers));
            Ok((url, body.transpose()?))
        });
        let outcome = resolved.and_then(|(url, body)| {
            if !url.starts_with("/services/data/v") {
                // Not known: the code and wording.
                return Err(Fault::bad("INVALID_INPUT", format!("invalid url {url}")));
            }
            let body = body.filter(|body| !body.is_null());
            let inner = call.within(sub.method, &url, body.map(|body| body.to_string()));
            match inner.parts().as_slice() {
                [_, _, _, "composite"] => Err(Fault::bad(
                    "INVALID_INPUT",
                    "a composite request can not hold another",
                )),
                _ => self.dispatch(&inner, ledger),
            }
        });
        outcome.unwrap_or_else(|fault| fault.answer())
    }
}

fn read(sub: &Value) -> Result<Sub, Fault> {
    let word = |name: &str| text(sub, &format!("/{name}")).unwrap_or_default();
    let method = Method::parse(&word("method"))
        .ok_or_else(|| Fault::bad("INVALID_INPUT", "a subrequest needs a method"))?;
    let reference = word("referenceId");
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if reference.is_empty() || !reference.bytes().all(plain) {
        // Not known: the code and wording of this and of the faults below.
        return Err(Fault::bad(
            "INVALID_INPUT",
            format!("Provided referenceId ('{reference}') is not valid"),
        ));
    }
    let headers = sub.get("httpHeaders").and_then(Value::as_object);
    let own = ["accept", "authorization", "content-type"];
    if headers
        .into_iter()
        .flat_map(Map::keys)
        .any(|name| own.contains(&name.to_ascii_lowercase().as_str()))
    {
        return Err(Fault::bad(
            "INVALID_INPUT",
            "httpHeaders may not hold Accept, Authorization or Content-Type",
        ));
    }
    Ok(Sub {
        method,
        url: word("url"),
        reference,
        body: sub.get("body").cloned(),
    })
}

fn limits(subs: &[Sub]) -> Result<(), Fault> {
    if subs.is_empty() || subs.len() > 25 {
        return Err(Fault::bad(
            "LIMIT_EXCEEDED",
            format!("{} subrequests were given, 1 to 25 are allowed", subs.len()),
        ));
    }
    let heavy = subs.iter().filter(|sub| kind_of(&sub.url) != Kind::Single);
    if heavy.count() > 5 {
        return Err(Fault::bad(
            "LIMIT_EXCEEDED",
            "5 subrequests may be queries or collections",
        ));
    }
    let mut seen: Vec<&str> = Vec::new();
    for sub in subs {
        if seen.contains(&sub.reference.as_str()) {
            return Err(Fault::bad(
                "INVALID_INPUT",
                format!("the referenceId {} is not unique", sub.reference),
            ));
        }
        seen.push(&sub.reference);
    }
    Ok(())
}

fn kind_of(url: &str) -> Kind {
    let path = url.split('?').next().unwrap_or_default();
    let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [_, _, _, "query" | "queryAll", ..] => Kind::Query,
        [_, _, _, "composite", "sobjects", ..] => Kind::Collection,
        _ => Kind::Single,
    }
}

/// Replaces each `@{reference.path}` by the value that an earlier answer has there.
fn resolve(text: &str, answers: &BTreeMap<String, Value>) -> Result<String, Fault> {
    let mut resolved = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("@{") {
        let Some((path, tail)) = after.split_once('}') else {
            break;
        };
        resolved.push_str(before);
        resolved.push_str(&referred(path, answers)?);
        rest = tail;
    }
    resolved.push_str(rest);
    Ok(resolved)
}

/// `reference.records[0].Id`
fn referred(path: &str, answers: &BTreeMap<String, Value>) -> Result<String, Fault> {
    let (reference, path) = path.split_once(['.', '[']).unwrap_or((path, ""));
    let pointer: String = path
        .split(['.', '[', ']'])
        .filter(|step| !step.is_empty())
        .map(|step| format!("/{step}"))
        .collect();
    answers
        .get(reference)
        .and_then(|answer| text(answer, &pointer))
        .ok_or_else(|| {
            Fault::halted(&format!(
                "Invalid reference specified. No value for {reference}{pointer} found."
            ))
        })
}

fn filled(body: &Value, answers: &BTreeMap<String, Value>) -> Result<Value, Fault> {
    match body {
        Value::String(text) => resolve(text, answers).map(Value::String),
        Value::Array(items) => items.iter().map(|item| filled(item, answers)).collect(),
        Value::Object(fields) => {
            let filled: Result<Map<_, _>, Fault> = fields
                .iter()
                .map(|(name, value)| Ok((name.clone(), filled(value, answers)?)))
                .collect();
            filled.map(Value::Object)
        }
        other => Ok(other.clone()),
    }
}

const ROLLED_BACK: &str =
    "The transaction was rolled back since another operation in the same transaction failed.";
