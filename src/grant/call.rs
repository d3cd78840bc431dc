//! The requests that ask for tokens.

use super::credentials::{Credentials, Kind};
use crate::auth;
use crate::base64;
use crate::endpoint::json;
use crate::flow::Millis;
use crate::http::{FORM, Headers, Method, Request};
use crate::path;
use crate::secret::Secret;
use crate::vendors::oauth::OAuth;

/// Asks for tokens with the credentials; an assertion is that of [`assertion`], signed.
pub(super) fn renew(
    facts: &OAuth,
    credentials: &Credentials,
    configured: Option<&str>,
    assertion: &str,
) -> Request {
    let secret = |secret: &'_ Option<Secret>| {
        let secret = secret.as_ref().map(Secret::expose);
        secret.unwrap_or_default().to_owned()
    };
    let client_secret = secret(&credentials.client_secret);
    let refresh = secret(&credentials.refresh);
    let client = [
        ("client_id", credentials.client_id.as_str()),
        ("client_secret", &client_secret),
    ];
    let mut form = Vec::with_capacity(6);
    match credentials.kind {
        Kind::JwtBearer => form.extend([
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("assertion", assertion),
        ]),
        Kind::ClientCredentials => {
            form.push(("grant_type", "client_credentials"));
            form.extend(client);
        }
        Kind::OAuth | Kind::Token => {
            form.push(("grant_type", "refresh_token"));
            form.extend(client);
            form.push(("refresh_token", &refresh));
            form.extend_from_slice(facts.form);
        }
    }
    let origin = origin(facts, credentials, configured);
    post(&[&origin, facts.token], &form)
}

/// Asks for the tokens of a location with that of its agency; `None` where the credentials have none.
pub(super) fn location(
    facts: &OAuth,
    credentials: &Credentials,
    configured: Option<&str>,
) -> Option<Request> {
    let location = facts.location.as_ref()?;
    let form = [
        ("companyId", credentials.company_id.as_deref()?),
        ("locationId", credentials.location_id.as_deref()?),
    ];
    let origin = origin(facts, credentials, configured);
    let mut request = post(&[&origin, location.path], &form);
    for (name, value) in location.headers {
        request.headers.set(*name, *value);
    }
    auth::bearer(&mut request, Some(credentials.agency.as_ref()?));
    Some(request)
}

/// What an assertion says, in the form that is signed: who asks, for whom, of whom, and until when by the vendor's clock.
pub(super) fn assertion(facts: &OAuth, credentials: &Credentials, now: Millis) -> String {
    let lives = u64::from(facts.assertion.unwrap_or_default());
    let claims = serde_json::json!({
        "iss": credentials.client_id,
        "sub": credentials.username,
        "aud": credentials.audience,
        "exp": now / 1_000 + lives,
    });
    let part = |text: &str| base64::url_encode(text.as_bytes());
    [&part(r#"{"alg":"RS256"}"#), ".", &part(&json(&claims))].concat()
}

/// Where the token endpoint is: where all traffic is sent, else where the credentials say, else the account's own host if it
/// serves tokens, else the vendor's.
pub(super) fn origin(facts: &OAuth, credentials: &Credentials, configured: Option<&str>) -> String {
    let own = credentials.origin.as_deref().filter(|_| facts.own_host);
    // Whether a host that is not the org's own name serves tokens is not documented: those go to the login host.
    let named =
        |origin: &&str| credentials.kind == Kind::ClientCredentials || origin.contains(".my.");
    let given = configured.or(credentials.login.as_deref());
    let found = given.or_else(|| own.filter(named)).unwrap_or(facts.origin);
    found.strip_suffix('/').unwrap_or(found).to_owned()
}

pub(super) fn post(url: &[&str], form: &[(&str, &str)]) -> Request {
    Request {
        method: Method::Post,
        url: url.concat(),
        headers: Headers::from_iter([("accept", "application/json"), ("content-type", FORM)]),
        body: Some(path::form(form)),
    }
}
