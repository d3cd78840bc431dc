//! Who may call: with a key of ours or a browser token in the name of an account, or with a vendor token of one's own.
//!
//! Each handler asks for a [`Permit`], and only the checks of this module make one: a route that nobody checks cannot be
//! served. Its tenant is the key's or the token's, whatever else the request says.

pub(crate) mod browser;
#[cfg(feature = "fuzz")]
pub mod doors;
mod keys;
mod limits;
mod rate;
mod scope;
mod token;

use crmlink::error::{Code, Refusal};
use crmlink::secret::Secret;
use crmlink::vendors::Vendor;
use serde::{Deserialize, Serialize};
use worker::Env;

pub(crate) use self::browser::Wish;
pub(crate) use self::keys::{DEFAULT_TENANT, Key, Keys};
pub(crate) use self::scope::{Need, Scope};
pub(crate) use self::token::Claims;
use crate::account::{Call, Connecting};
use crate::config::Config;
use crate::drive;
use crate::fault::Fault;
use crate::incoming::Incoming;

/// That somebody may do what a route needs, and who it is.
#[derive(Deserialize, Serialize)]
pub(crate) struct Permit {
    need: Need,
    /// Whose accounts are the caller's.
    tenant: String,
    /// The caller's name, which no other caller of the tenant has.
    caller: String,
    /// What the caller's key is for.
    scopes: Vec<Scope>,
    /// What a browser token limits the call to, where the caller has shown one.
    claims: Option<Claims>,
}

/// What a caller may show where an account is named.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Shown {
    /// A key, or a browser token.
    KeyOrToken,
    /// A key alone: what is in a vendor's own body cannot be limited.
    Key,
}

/// Who calls, and whether that is somebody who has what the route needs: 401 for nobody, 403 for somebody else, and 429 for
/// who calls too often.
pub(crate) async fn admit(
    need: Need,
    shown: Shown,
    incoming: &Incoming,
    config: &Config,
    env: &Env,
) -> Result<Permit, Fault> {
    let permit = known(need, shown, incoming, config).await?;
    rate::check([&permit.tenant, "/", &permit.caller].concat(), env).await?;
    Ok(permit)
}

async fn known(
    need: Need,
    shown: Shown,
    incoming: &Incoming,
    config: &Config,
) -> Result<Permit, Fault> {
    let text = incoming.bearer().unwrap_or_default();
    let origin = incoming.header("origin");
    if token::is_one(&text) {
        let claims = browser::claims(&text, origin.as_deref(), config, drive::now()).await?;
        return holder(need, shown, claims);
    }
    let Some(key) = config.key(&text)? else {
        return Err(Fault::unauthenticated(
            "expected the crmlink key: send `authorization: Bearer <key>`",
        ));
    };
    if let Some(origin) = origin {
        // The development key opens nothing but simulators.
        if !(key.is_development() && is_loopback(&origin)) {
            return Err(forbidden(
                "this is a secret key, and a page has sent it: whoever loads the page can read it. Keep it on a server, \
                 and give pages a browser token, which POST /accounts/{id}/tokens makes",
            ));
        }
    }
    if !need.is_met(&key.scopes) {
        let message = format!("this route needs a key with the scope {}", need.words());
        return Err(forbidden(&message));
    }
    Ok(Permit {
        need,
        tenant: key.tenant.clone(),
        caller: format!("key/{}", key.name),
        scopes: key.scopes.clone(),
        claims: None,
    })
}

/// The permit of who holds a browser token. What it may do with its account is seen where the input is known.
fn holder(need: Need, shown: Shown, claims: Claims) -> Result<Permit, Fault> {
    match (need, shown) {
        (_, Shown::Key) => Err(forbidden(
            "browser tokens are for the unified routes: a vendor's own path needs a key",
        )),
        (Need::Scope(Scope::Read | Scope::Write), Shown::KeyOrToken) => Ok(Permit {
            need,
            tenant: claims.tenant.clone(),
            caller: match &claims.sub {
                Some(subject) => format!("page/{subject}"),
                None => format!("token/{}", claims.jti),
            },
            scopes: Vec::new(),
            claims: Some(claims),
        }),
        _ => Err(forbidden(
            "browser tokens are not for this route: it needs a key",
        )),
    }
}

/// The permit for a route that needs nothing: 401 for any other.
pub(crate) fn open(need: Need) -> Result<Permit, Fault> {
    match need {
        Need::Open => Ok(nobody(need)),
        Need::Scope(_) | Need::Lend => Err(Fault::unauthenticated("expected the crmlink key")),
    }
}

/// The permit of a person whom a vendor sends back with a state that this Worker has sealed for an account.
pub(crate) fn sent_back(need: Need, state: &Connecting) -> Permit {
    Permit {
        tenant: state.tenant.clone(),
        ..nobody(need)
    }
}

/// The vendor token that the caller brings, with which it may do what the vendor lets it: 401, and 429 for who calls too
/// often. The keys are none, and never go to a vendor.
pub(crate) async fn own_token(
    need: Need,
    incoming: &Incoming,
    config: &Config,
    env: &Env,
) -> Result<(Permit, Secret), Fault> {
    // Nobody knows whose token it is: all that is known is where the call comes from.
    let from = incoming.header("cf-connecting-ip").unwrap_or_default();
    rate::check(["from/", &from].concat(), env).await?;
    let Some(token) = incoming.bearer() else {
        return Err(Fault::unauthenticated(
            "expected a token of the vendor's as `authorization: Bearer <token>`, or the crmlink key with the header \
             x-integrated-account-id",
        ));
    };
    if token::is_one(&token) {
        return Err(forbidden(
            "browser tokens are for the unified routes: this one needs a token of the vendor's",
        ));
    }
    if config.is_key(&token)? {
        return Err(Fault::unauthenticated(
            "this is the crmlink key: name the account to use with the header x-integrated-account-id, or send a token \
             of the vendor's",
        ));
    }
    let token = Secret::new(token).map_err(|refusal| Fault::unauthenticated(&refusal.message))?;
    Ok((nobody(need), token))
}

impl Permit {
    /// What it was given for.
    pub(crate) fn need(&self) -> Need {
        self.need
    }

    /// Whose accounts are the caller's.
    pub(crate) fn tenant(&self) -> &str {
        &self.tenant
    }

    /// The caller's name, which no other caller of the tenant has.
    pub(crate) fn caller(&self) -> &str {
        &self.caller
    }

    /// What the call is limited to, where the caller has shown a browser token.
    pub(crate) fn claims(&self) -> Option<&Claims> {
        self.claims.as_ref()
    }

    /// The call on an account that the caller names: in `account`, which the query has, or in the header. A browser token
    /// names its own, and knows of no other.
    pub(crate) fn call(self, incoming: &Incoming, account: Option<String>) -> Result<Call, Fault> {
        let named = named(incoming, account)?;
        let account = match &self.claims {
            None => named.ok_or_else(unnamed)?,
            Some(claims) if named.as_ref().is_none_or(|named| *named == claims.account) => {
                claims.account.clone()
            }
            Some(_) => return Err(unknown(None)),
        };
        Ok(Call {
            account,
            permit: self,
        })
    }
}

/// Nobody's: it opens no account.
fn nobody(need: Need) -> Permit {
    Permit {
        need,
        tenant: String::new(),
        caller: String::new(),
        scopes: Vec::new(),
        claims: None,
    }
}

/// The id of the account that the caller names, in the header or in the query.
pub(crate) fn named(
    incoming: &Incoming,
    in_query: Option<String>,
) -> Result<Option<String>, Fault> {
    let in_header = incoming.header(ACCOUNT_HEADER);
    match (in_header, in_query) {
        (Some(header), Some(query)) if header != query => Err(Refusal::input(
            ACCOUNT_PARAMETER,
            format!("the query and the header {ACCOUNT_HEADER} name two accounts: name one"),
        )
        .into()),
        (header, query) => Ok(header.or(query)),
    }
}

/// The caller names no account where one is needed.
fn unnamed() -> Fault {
    let message = "expected the id of an account, here or in the header x-integrated-account-id";
    Refusal::input(ACCOUNT_PARAMETER, message).into()
}

/// There is no such account of this vendor's (or of any, where none is asked for), or it is another tenant's: 404.
pub(crate) fn unknown(vendor: Option<Vendor>) -> Fault {
    let whose = vendor.map_or(String::new(), |vendor| format!(" of {}", vendor.as_str()));
    let message = format!("expected the id of an account{whose} that this Worker knows");
    Fault::http(404, Code::NotFound, message)
}

fn forbidden(message: &str) -> Fault {
    Fault::http(403, Code::Forbidden, message)
}

/// Whether a page stands on the caller's own machine.
fn is_loopback(origin: &str) -> bool {
    let rest = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"));
    let hosts = ["localhost", "127.0.0.1", "[::1]"];
    rest.is_some_and(|rest| {
        hosts.iter().any(|host| {
            let port = rest.strip_prefix(host).map(|port| port.strip_prefix(':'));
            match port {
                Some(Some(port)) => port.bytes().all(|byte| byte.is_ascii_digit()),
                Some(None) => rest.len() == host.len(),
                None => false,
            }
        })
    })
}

/// Where the query names the account.
pub(crate) const ACCOUNT_PARAMETER: &str = "integrated_account_id";
/// Where a header does.
pub(crate) const ACCOUNT_HEADER: &str = "x-integrated-account-id";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loopback() {
        for origin in [
            "http://localhost:8787",
            "http://localhost",
            "https://127.0.0.1:5173",
            "http://[::1]:1",
        ] {
            assert!(is_loopback(origin), "{origin}");
        }
        for origin in [
            "null",
            "",
            "http://localhost.evil.example",
            "http://localhost:1.evil.example",
            "http://127.0.0.1.evil.example:1",
            "http://127.0.0.2",
            "http://evil.example/localhost",
            "ftp://localhost",
            "HTTP://localhost",
            "http://user@localhost",
        ] {
            assert!(!is_loopback(origin), "{origin}");
        }
    }
}
