//! What a token endpoint's answer means.

use serde_json::Value;

use crate::answer::{lenient, word};
use crate::flow::Millis;
use crate::http::Response;
use crate::retry;
use crate::secret::Secret;
use crate::vendors::oauth::OAuth;

/// New tokens.
#[derive(Clone)]
pub(super) struct Tokens {
    pub(super) access: Secret,
    pub(super) refresh: Option<Secret>,
    /// In seconds.
    pub(super) expires_in: Option<u64>,
    pub(super) scope: Option<String>,
    /// The account's own host, as the answer has it: to be checked.
    pub(super) origin: Option<String>,
    pub(super) location_id: Option<String>,
    pub(super) company_id: Option<String>,
}

/// What an answer means.
pub(super) enum Answer {
    Tokens(Box<Tokens>),
    /// Another refresh with the same token is under way; this one was not carried out.
    Busy,
    /// `invalid_grant`: not carried out, and it would not be another time.
    Dead,
    /// Not carried out: too many calls, or the vendor is away and says when it is back.
    Later(Option<Millis>),
    /// Not carried out: the app or the request is wrong.
    Wrong,
    /// Refused, and it cannot be read why.
    Refused,
    /// It cannot be told whether it was carried out.
    Unclear,
}

/// Reads the answer of a token endpoint. A page, a body that breaks off and a server's error are unclear whatever their
/// status: the tokens may have been made.
pub(super) fn read(facts: &OAuth, response: &Response) -> Answer {
    let body = lenient(response);
    match response.status {
        200..300 => match tokens(&body) {
            Some(tokens) => Answer::Tokens(Box::new(tokens)),
            None if is(&body, "error") => refusal(facts, &body),
            None => Answer::Unclear,
        },
        429 => Answer::Later(retry::retry_after(response)),
        503 if retry::retry_after(response).is_some() => {
            Answer::Later(retry::retry_after(response))
        }
        400 | 401 | 403 | 422 => refusal(facts, &body),
        // Not found, not allowed, moved elsewhere: nobody worked on it.
        300..500 if response.status != 408 => Answer::Wrong,
        _ => Answer::Unclear,
    }
}

fn refusal(facts: &OAuth, body: &Value) -> Answer {
    let mut words = String::new();
    for name in ["error", "error_description", "status", "message"] {
        words.push_str(&word(body, name).to_ascii_lowercase());
        words.push('\n');
    }
    // A page, or a body that breaks off.
    if !body.is_object() {
        return Answer::Refused;
    }
    let says = |list: &[&str]| list.iter().any(|phrase| words.contains(phrase));
    if says(facts.words.busy) {
        Answer::Busy
    } else if word(body, "error") == "invalid_grant" || says(facts.words.dead) {
        Answer::Dead
    } else {
        Answer::Wrong
    }
}

fn tokens(body: &Value) -> Option<Tokens> {
    let secret = |name: &str| match body.get(name) {
        None | Some(Value::Null) => Some(None),
        Some(value) => Some(Some(Secret::new(value.as_str()?).ok()?)),
    };
    let text = |name: &str| Some(word(body, name).to_owned()).filter(|text| !text.is_empty());
    // A token of another type would be used wrongly.
    let is_bearer = text("token_type").is_none_or(|kind| kind.eq_ignore_ascii_case("bearer"));
    let seconds = |value: &Value| {
        let digits = value.as_str().map(str::parse);
        value.as_u64().or_else(|| digits?.ok())
    };
    is_bearer.then_some(())?;
    Some(Tokens {
        access: secret("access_token")??,
        refresh: secret("refresh_token")?,
        expires_in: body.get("expires_in").and_then(seconds),
        scope: text("scope"),
        origin: text("instance_url"),
        location_id: text("locationId"),
        company_id: text("companyId"),
    })
}

fn is(body: &Value, name: &str) -> bool {
    !word(body, name).is_empty()
}
