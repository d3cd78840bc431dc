//! Connecting an account: the page that a person is sent to, and what the code is worth with which they come back.

use super::answer::{self, Answer};
use super::call::{self, post};
use super::credentials::{Credentials, Kind};
use super::record::{Kept, Why};
use super::{Record, corrected};
use crate::error::{Refusal, Report};
use crate::flow::Millis;
use crate::http::{Request, Response};
use crate::path;
use crate::read::{self, Fields, FromFields};
use crate::secret::Secret;
use crate::vendors::Vendor;
use crate::vendors::oauth::OAuth;

/// An app as it is registered with a vendor.
#[derive(Clone)]
pub struct App {
    client_id: String,
    client_secret: Secret,
    redirect_uri: String,
    scopes: Vec<String>,
    login: Option<String>,
    authorize: Option<String>,
}

impl App {
    /// Reads `{client_id, client_secret, redirect_uri, scopes?, login?, authorize?}`. `login` is where people log in where that
    /// is not the vendor's own (`https://test.salesforce.com`, an org's own host), `authorize` another authorize page of the
    /// vendor (a white label's).
    ///
    /// # Errors
    /// `invalid_input` with the field's path; a value is never repeated.
    pub fn read(vendor: Vendor, text: &str, configured: Option<&str>) -> Result<Self, Refusal> {
        let mut app: Self = read::read_as("app", text)?;
        facts_of(vendor)?;
        if let Some(login) = &app.login {
            let checked = vendor.account_origin(login, configured);
            app.login = Some(checked.map_err(|fault| Refusal::input("app.login", fault))?);
        }
        Ok(app)
    }

    /// Where people are sent back to.
    #[must_use]
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }
}

impl<'a> FromFields<'a> for App {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        let secret = fields.required_text("client_secret")?.into_owned();
        let owned = |text: std::borrow::Cow<'_, str>| text.into_owned();
        Ok(Self {
            client_id: fields.required_text("client_id")?.into_owned(),
            client_secret: Secret::new(secret)
                .map_err(|refusal| fields.refuse("client_secret", &refusal.message))?,
            redirect_uri: fields.required_text("redirect_uri")?.into_owned(),
            scopes: match fields.texts("scopes")? {
                Some(scopes) => scopes.into_iter().map(owned).collect(),
                None => Vec::new(),
            },
            login: fields.text("login")?.map(owned),
            authorize: match fields.text("authorize")?.map(owned) {
                Some(page) if !page.starts_with("https://") => {
                    return Err(fields.refuse("authorize", "expected an https URL"));
                }
                page => page,
            },
        })
    }
}

/// Whether the vendor documents PKCE: then [`authorize`] takes a challenge, and [`exchange`] its verifier.
#[must_use]
pub fn wants_pkce(vendor: Vendor) -> bool {
    vendor.oauth().is_some_and(|facts| facts.pkce)
}

/// The URL of the page that asks a person to connect their account. `challenge` is the base64url of the SHA-256 of the
/// verifier.
///
/// # Errors
/// A vendor without OAuth.
pub fn authorize(
    vendor: Vendor,
    app: &App,
    configured: Option<&str>,
    state: &str,
    challenge: Option<&str>,
) -> Result<String, Refusal> {
    let facts = facts_of(vendor)?;
    let mut url = match &app.authorize {
        Some(page) => page.clone(),
        None if facts.authorize.starts_with("https://") => facts.authorize.to_owned(),
        None => [login(facts, app, configured), facts.authorize].concat(),
    };
    for (name, value) in facts.query {
        path::push_query(&mut url, name, value);
    }
    path::push_query(&mut url, "client_id", &app.client_id);
    path::push_query(&mut url, "redirect_uri", &app.redirect_uri);
    if !app.scopes.is_empty() {
        path::push_query(&mut url, "scope", &app.scopes.join(" "));
    }
    path::push_query(&mut url, "state", state);
    if let Some(challenge) = challenge.filter(|_| facts.pkce) {
        path::push_query(&mut url, "code_challenge", challenge);
        path::push_query(&mut url, "code_challenge_method", "S256");
    }
    Ok(url)
}

/// Asks what a code is worth. A code is good once: when the answer is lost, the person starts again.
///
/// # Errors
/// A vendor without OAuth, a code that is empty.
pub fn exchange(
    vendor: Vendor,
    app: &App,
    configured: Option<&str>,
    code: &str,
    verifier: Option<&str>,
) -> Result<Request, Refusal> {
    let facts = facts_of(vendor)?;
    if code.is_empty() {
        return Err(Refusal::input(
            "code",
            "expected the code with which the vendor sent the person back",
        ));
    }
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("client_id", &app.client_id),
        ("client_secret", app.client_secret.expose()),
        ("redirect_uri", &app.redirect_uri),
        ("code", code),
    ];
    if let Some(verifier) = verifier.filter(|_| facts.pkce) {
        form.push(("code_verifier", verifier));
    }
    form.extend_from_slice(facts.form);
    Ok(post(&[login(facts, app, configured), facts.token], &form))
}

/// The account's first record, from the answer to [`exchange`].
///
/// # Errors
/// A report that says why the code brought nothing. It holds no word of the answer.
pub fn exchanged(
    vendor: Vendor,
    app: &App,
    configured: Option<&str>,
    response: &Response,
    now: Millis,
) -> Result<Record, Box<Report>> {
    let fail = |why: Why| Err(Box::new(why.report(vendor, None)));
    let Some(facts) = vendor.oauth() else {
        return fail(Why::App);
    };
    let mut tokens = match answer::read(facts, response) {
        Answer::Tokens(tokens) => tokens,
        Answer::Dead => return fail(Why::Dead),
        Answer::Wrong => return fail(Why::App),
        Answer::Later(wait) => return Err(Box::new(Why::Limited.report(vendor, wait))),
        Answer::Busy | Answer::Refused | Answer::Unclear => return fail(Why::Silence),
    };
    // Without a refresh token (Salesforce gives one for its scope alone) nothing could be renewed.
    if tokens.refresh.is_none() {
        return fail(Why::App);
    }
    let origin = tokens.origin.take().unwrap_or_default();
    if facts.own_host {
        match vendor.account_origin(&origin, configured) {
            Ok(origin) => tokens.origin = Some(origin),
            Err(_) => return fail(Why::Host),
        }
    }
    let credentials = Credentials {
        client_id: app.client_id.clone(),
        client_secret: Some(app.client_secret.clone()),
        login: app.login.clone(),
        location_id: tokens.location_id.clone(),
        company_id: tokens.company_id.clone(),
        ..Credentials::new(Kind::OAuth)
    };
    let mut kept = Kept::new(credentials);
    kept.ahead = corrected(response, now).unwrap_or_default();
    let now = now.saturating_add_signed(kept.ahead);
    let mut kept = kept.with(&tokens, now);
    kept.version = 0;
    Ok(kept.record())
}

/// Asks the vendor to forget an account's grant, where that is documented.
#[must_use]
pub fn revoke(
    vendor: Vendor,
    credentials: &Credentials,
    configured: Option<&str>,
) -> Option<Request> {
    let facts = vendor.oauth()?;
    let revoke = facts.revoke.as_ref()?;
    let token = credentials.refresh.as_ref()?;
    let mut form = vec![("token", token.expose())];
    if revoke.with_client {
        form.push(("client_id", &credentials.client_id));
        form.push((
            "client_secret",
            credentials.client_secret.as_ref()?.expose(),
        ));
    }
    form.extend_from_slice(revoke.form);
    let origin = call::origin(facts, credentials, configured);
    Some(post(&[&origin, revoke.path], &form))
}

fn login<'a>(facts: &'a OAuth, app: &'a App, configured: Option<&'a str>) -> &'a str {
    let origin = configured.or(app.login.as_deref()).unwrap_or(facts.origin);
    origin.strip_suffix('/').unwrap_or(origin)
}

fn facts_of(vendor: Vendor) -> Result<&'static OAuth, Refusal> {
    vendor.oauth().ok_or_else(|| {
        let message = [vendor.as_str(), " has no OAuth here: give its token"].concat();
        Refusal::input("vendor", message)
    })
}
