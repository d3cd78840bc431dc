//! `/accounts`: which accounts there are. What is about one of them is done inside its object.

use std::borrow::Cow;

use crmlink::error::Refusal;
use crmlink::read::{self, Fields, FromFields};
use serde::Serialize;
use worker::Env;
use worker::url::form_urlencoded;

use crate::access::{self, DEFAULT_TENANT, Need, Permit};
use crate::account::{self, Call, Connecting};
use crate::answer::Answer;
use crate::config::Config;
use crate::crypto;
use crate::directory::{self, Ask, PAGE};
use crate::fault::Fault;
use crate::incoming::Incoming;
use crate::json::Shape;
use crate::route::TAKEN;

/// The id that a new account is to have.
struct Chosen<'a>(Option<Cow<'a, str>>);

/// An account in a list.
#[derive(Serialize)]
struct Listed {
    id: String,
    vendor: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<String>,
}

/// Has what makes an account done by its object, under the id that is given, or under a new one.
pub(super) async fn create(
    permit: Permit,
    incoming: &mut Incoming,
    env: &Env,
) -> Result<Answer, Fault> {
    let text = incoming.json(Shape::Object).await?;
    let Chosen(id) = read::read(&text)?;
    let account = match id {
        Some(id) => id.into_owned(),
        None => crypto::uuid()?,
    };
    let call = Call { account, permit };
    account::hand(&call, incoming, Some(&text), env).await
}

/// Has the person taken back by the object of the account that their state is for.
pub(super) async fn connected(
    need: Need,
    incoming: &Incoming,
    config: &Config,
    env: &Env,
) -> Result<Answer, Fault> {
    if incoming.method() != "GET" {
        // A look from afar (HEAD, of a scanner of links) uses nothing up.
        return Ok(Answer::empty(204));
    }
    let state = account::asked(incoming, "state").unwrap_or_default();
    let state = Connecting::open(&state, config).await?;
    let call = Call {
        permit: access::sent_back(need, &state),
        account: state.account,
    };
    account::hand(&call, incoming, None, env).await
}

/// The accounts of a tenant, ordered by their ids; those of the settings stand on the first page.
pub(super) async fn list(
    permit: &Permit,
    incoming: &Incoming,
    config: &Config,
    env: &Env,
) -> Result<Answer, Fault> {
    let tenant = permit.tenant();
    let mut after = String::new();
    for (name, value) in form_urlencoded::parse(incoming.query().as_bytes()) {
        if name != "after" {
            return Err(Refusal::input(name, "unknown parameter; expected after").into());
        }
        after = value.into_owned();
    }
    let mut accounts = Vec::new();
    if tenant == DEFAULT_TENANT && after.is_empty() {
        let fixed = config.accounts()?.iter();
        accounts.extend(fixed.map(|(id, account)| Listed {
            id: id.clone(),
            vendor: account.vendor.as_str().to_owned(),
            created_at: None,
        }));
    }
    let said = directory::ask(env, tenant, &Ask::List { after }).await?;
    let full = said.accounts.len() == PAGE;
    let next = said
        .accounts
        .last()
        .filter(|_| full)
        .map(|last| last.id.clone());
    accounts.extend(said.accounts.into_iter().map(|entry| Listed {
        id: entry.id,
        vendor: entry.vendor,
        created_at: Some(account::time(entry.created)),
    }));
    Ok(Answer::json(
        200,
        &serde_json::json!({ "accounts": accounts, "next": next }),
    ))
}

impl<'a> FromFields<'a> for Chosen<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        // The account's object reads the others.
        for name in [
            "vendor",
            "return_to",
            "credentials",
            "api_version",
            "location_id",
            "integrated_account_id",
        ] {
            if fields.has(name) {
                fields.required_json(name)?;
            }
        }
        let id = fields.text("id")?;
        match id {
            Some(id) if !is_id(&id) => Err(fields.refuse(
                "id",
                "expected at most 64 letters, digits, `-`, `_` and `.`, and a letter or digit first; or none, for a new one",
            )),
            id => Ok(Self(id)),
        }
    }
}

/// What can be an account's id, and stand in a path.
fn is_id(id: &str) -> bool {
    let taken = TAKEN.contains(&id);
    let first = id
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_alphanumeric());
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    first && !taken && id.len() <= 64 && id.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_can_stand_in_a_path() {
        for id in [
            "a",
            "62f44730-dd91-461e-bd6a-aedd9e0ad79d",
            "acme.prod_1",
            "0",
        ] {
            assert!(is_id(id), "{id}");
        }
        for id in [
            "",
            ".",
            "..",
            "a/b",
            "a b",
            "é",
            "-a",
            "connect",
            "connected",
            &"a".repeat(65),
        ] {
            assert!(!is_id(id), "{id}");
        }
    }
}
