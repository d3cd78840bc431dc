//! The vendors' token endpoints, and which access tokens are alive.
//!
//! One app is registered with each vendor: `twin-app`, whose secret is `twin-secret`. Of each vendor there is one grant, whose
//! first refresh token is `twin-refresh`. Tokens are counted through: `twin-hubspot-1`.
//!
//! No signature and no hash is verified: an assertion's claims are, and that a verifier comes where a challenge came before.

mod ask;
mod control;

use serde_json::json;

use self::ask::Ask;
use super::answer;
use super::call::{Call, Token};
use crate::http::{Method, Response};

/// The token endpoints of three vendors, and their ledger.
#[derive(Clone, Debug)]
pub(super) struct Oauth {
    hubspot: Grants,
    leadconnector: Grants,
    salesforce: Grants,
    ledger: Vec<Entry>,
}

/// One call of a token endpoint.
#[derive(Clone, Debug)]
struct Entry {
    vendor: &'static str,
    /// What was asked for, as in `refresh_token`.
    asked: String,
    /// `minted`, or why not.
    outcome: &'static str,
    at: u64,
}

/// One vendor's grant, and how it treats it.
#[derive(Clone, Debug)]
struct Grants {
    vendor: &'static str,
    /// How long an access token lives, in seconds.
    expires_in: u64,
    /// Whether a refresh token is good once.
    rotate: bool,
    /// Whether using one twice revokes all.
    family: bool,
    /// How long a refresh is under way, in milliseconds; a second one with the same token is refused meanwhile.
    processing: u64,
    /// Refresh tokens, live and used, with the time of their last use.
    refresh: Vec<(String, bool, Option<u64>)>,
    /// Access tokens with the time of their end.
    access: Vec<(String, u64)>,
    /// Codes that wait for their exchange, and whether they came with a challenge.
    codes: Vec<(String, bool)>,
    serial: u64,
}

impl Oauth {
    pub(super) fn new() -> Self {
        let grants = |vendor, expires_in, rotate, family| Grants {
            vendor,
            expires_in,
            rotate,
            family,
            processing: 0,
            refresh: vec![("twin-refresh".to_owned(), true, None)],
            access: Vec::new(),
            codes: vec![("twin-code".to_owned(), false)],
            serial: 0,
        };
        Self {
            // Not known: whether the refresh token rotates.
            hubspot: grants("hubspot", 1_800, false, false),
            // Not known: what a second use does; here it is refused, and no more.
            leadconnector: grants("leadconnector", 86_399, true, false),
            // How long a session lives is the org's setting. Refresh Token Rotation is on.
            salesforce: grants("salesforce", 7_200, true, true),
            ledger: Vec::new(),
        }
    }

    /// Whose token endpoint a path is part of.
    pub(super) fn vendor(parts: &[&str]) -> Option<&'static str> {
        match parts {
            ["oauth", "token" | "locationToken" | "chooselocation"]
            | ["v2", "oauth", "chooselocation"] => Some("leadconnector"),
            ["oauth", ..] => Some("hubspot"),
            ["services", "oauth2", ..] => Some("salesforce"),
            _ => None,
        }
    }

    /// What the bearer token of a call is worth; nothing where it was not minted here.
    pub(super) fn worth(&self, vendor: &str, call: &Call) -> Option<Token> {
        let token = call.header("authorization")?.split_once(' ')?.1;
        let mut access = self.of(vendor)?.access.iter();
        let (_, end) = access.find(|(known, _)| known == token)?;
        Some(match call.now < *end {
            true => Token::Valid,
            false => Token::Expired,
        })
    }

    pub(super) fn answer(&mut self, call: &Call) -> Response {
        let parts = call.parts();
        match (call.method, parts.as_slice()) {
            (Method::Get, [.., "authorize" | "chooselocation"]) => self.authorize(call),
            (Method::Post, [.., "locationToken"]) => self.location(call),
            (Method::Post, [.., "token"]) => self.token(call),
            (Method::Post, [.., "revoke"]) => self.revoke(call),
            _ => answer::json(404, &json!({ "message": "no such route" })),
        }
    }

    fn token(&mut self, call: &Call) -> Response {
        let ask = Ask::of(call);
        let vendor = Self::vendor(&call.parts()).unwrap_or_default();
        let Some(grants) = self.of_mut(vendor) else {
            return answer::empty(404);
        };
        let outcome = match ask.text("grant_type") {
            _ if call
                .header("content-type")
                .is_none_or(|kind| !kind.starts_with(FORM)) =>
            {
                Err("no form")
            }
            // Its secret is the signature.
            JWT_BEARER if vendor == "salesforce" => ask::assertion(&ask, call.now).map(|()| false),
            _ if !ask.is("client_id", CLIENT) || !ask.is("client_secret", SECRET) => {
                Err("wrong client")
            }
            "client_credentials" if vendor == "salesforce" => {
                // Served by an org's own host alone.
                match call.host.starts_with("login.") || call.host.starts_with("test.") {
                    true => Err("wrong host"),
                    false => Ok(false),
                }
            }
            "authorization_code" => grants.redeem(&ask).map(|()| true),
            "refresh_token" => grants.refreshed(ask.text("refresh_token"), call.now),
            _ => Err("unknown grant"),
        };
        let response = match outcome {
            Ok(new_refresh) => grants.mint(call, new_refresh),
            Err(why) => refusal(vendor, why),
        };
        self.note(vendor, ask.text("grant_type"), outcome.err(), call.now);
        response
    }

    /// LeadConnector: a location's token from that of its agency.
    fn location(&mut self, call: &Call) -> Response {
        let ask = Ask::of(call);
        let bearer = call.header("authorization");
        let outcome = if call.header("version").is_none() || bearer != Some("Bearer twin-agency") {
            Err("wrong client")
        } else if !ask.is("companyId", COMPANY)
            || !ask.is("locationId", super::leadconnector::LOCATION)
        {
            Err("unknown location")
        } else {
            Ok(())
        };
        let response = match outcome {
            // A refresh token is reported to be in the answer.
            Ok(()) => self.leadconnector.mint(call, true),
            Err(why) => refusal("leadconnector", why),
        };
        self.note("leadconnector", "locationToken", outcome.err(), call.now);
        response
    }

    /// The page says yes at once, and sends the person back with a code.
    fn authorize(&mut self, call: &Call) -> Response {
        let vendor = Self::vendor(&call.parts()).unwrap_or_default();
        let asked = |name| call.asked(name).unwrap_or_default();
        let (back, state) = (asked("redirect_uri"), asked("state"));
        if asked("client_id") != CLIENT || back.is_empty() {
            return answer::json(400, &json!({ "error": "invalid_client_id" }));
        }
        let challenged = call.asked("code_challenge").is_some();
        let Some(grants) = self.of_mut(vendor) else {
            return answer::empty(404);
        };
        grants.serial += 1;
        let code = format!("twin-code-{}", grants.serial);
        let joint = if back.contains('?') { '&' } else { '?' };
        let mut url = format!("{back}{joint}code={code}");
        if !state.is_empty() {
            url.push_str("&state=");
            url.push_str(&ask::encoded(state));
        }
        grants.codes.push((code, challenged));
        let mut response = answer::empty(302);
        response.headers.set("location", url);
        response
    }

    fn revoke(&mut self, call: &Call) -> Response {
        let ask = Ask::of(call);
        let vendor = Self::vendor(&call.parts()).unwrap_or_default();
        let Some(grants) = self.of_mut(vendor) else {
            return answer::empty(404);
        };
        let token = ask.text("token");
        let known = grants
            .refresh
            .iter()
            .any(|(known, live, _)| *live && known == token);
        if known {
            grants.end();
        }
        self.note(
            vendor,
            "revoke",
            (!known).then_some("unknown token"),
            call.now,
        );
        match (known, vendor) {
            (true, _) => answer::empty(200),
            (false, "salesforce") => answer::json(400, &json!({ "error": "invalid_token" })),
            // Not known: what a token that nobody knows answers.
            (false, _) => answer::json(400, &json!({ "error": "invalid_request" })),
        }
    }

    fn note(&mut self, vendor: &'static str, asked: &str, why: Option<&'static str>, at: u64) {
        self.ledger.push(Entry {
            vendor,
            asked: asked.to_owned(),
            outcome: why.unwrap_or("minted"),
            at,
        });
    }

    fn of(&self, vendor: &str) -> Option<&Grants> {
        match vendor {
            "hubspot" => Some(&self.hubspot),
            "leadconnector" => Some(&self.leadconnector),
            "salesforce" => Some(&self.salesforce),
            _ => None,
        }
    }

    fn of_mut(&mut self, vendor: &str) -> Option<&mut Grants> {
        match vendor {
            "hubspot" => Some(&mut self.hubspot),
            "leadconnector" => Some(&mut self.leadconnector),
            "salesforce" => Some(&mut self.salesforce),
            _ => None,
        }
    }
}

impl Grants {
    /// Uses a refresh token: whether a new one comes with the access token.
    fn refreshed(&mut self, token: &str, now: u64) -> Result<bool, &'static str> {
        let (processing, rotate, family) = (self.processing, self.rotate, self.family);
        let known = self.refresh.iter_mut().find(|(known, _, _)| known == token);
        let Some((_, live, used)) = known else {
            return Err("unknown");
        };
        if used.is_some_and(|used| now < used.saturating_add(processing)) {
            return Err("busy");
        }
        if !*live {
            if family {
                self.end();
            }
            return Err("used before");
        }
        *used = Some(now);
        *live = !rotate;
        Ok(rotate)
    }

    fn redeem(&mut self, ask: &Ask) -> Result<(), &'static str> {
        let code = ask.text("code");
        let place = self.codes.iter().position(|(known, _)| known == code);
        let (_, challenged) = place
            .map(|place| self.codes.remove(place))
            .ok_or("unknown")?;
        match challenged && ask.text("code_verifier").is_empty() {
            true => Err("no verifier"),
            false => Ok(()),
        }
    }

    fn mint(&mut self, call: &Call, new_refresh: bool) -> Response {
        self.serial += 1;
        let access = format!("twin-{}-{}", self.vendor, self.serial);
        let end = call
            .now
            .saturating_add(self.expires_in.saturating_mul(1_000));
        self.access.push((access.clone(), end));
        if new_refresh {
            let refresh = format!("twin-refresh-{}-{}", self.vendor, self.serial);
            self.refresh.push((refresh, true, None));
        }
        let refresh = self.refresh.iter().rfind(|(_, live, _)| *live);
        let refresh = refresh.map(|(token, _, _)| token.as_str());
        let mut body = match self.vendor {
            "hubspot" => json!({
                "token_type": "bearer", "access_token": access, "expires_in": self.expires_in,
                "hub_id": 12_345_678, "user_id": 87_654_321, "scopes": ["crm.objects.contacts.write", "oauth"],
            }),
            "leadconnector" => json!({
                "token_type": "Bearer", "access_token": access, "expires_in": self.expires_in,
                "scope": "contacts.write opportunities.write", "userType": "Location", "companyId": COMPANY,
                "locationId": super::leadconnector::LOCATION, "userId": super::leadconnector::USER,
            }),
            _ => json!({
                "token_type": "Bearer", "access_token": access, "instance_url": instance(call),
                "id": "https://login.salesforce.com/id/00D5e0000000001EAA/0055e0000000001AAA",
                "issued_at": call.now.to_string(), "signature": "not-verified", "scope": "api refresh_token",
            }),
        };
        // HubSpot's answer names the one that stays; Salesforce's only a new one.
        let refresh = refresh.filter(|_| new_refresh || self.vendor == "hubspot");
        if let (Some(refresh), Some(body)) = (refresh, body.as_object_mut()) {
            body.insert("refresh_token".to_owned(), refresh.into());
        }
        answer::json(200, &body)
    }

    /// Revokes all.
    fn end(&mut self) {
        self.access.clear();
        for (_, live, _) in &mut self.refresh {
            *live = false;
        }
    }
}

/// Where the org is: where it was asked, unless that is the host where people log in.
fn instance(call: &Call) -> String {
    match (call.host.as_str(), call.header("host")) {
        // A server that gives paths alone, on this machine.
        ("", Some(host)) => format!("http://{host}"),
        ("" | "login.salesforce.com" | "test.salesforce.com", _) => {
            "https://twin.my.salesforce.com".to_owned()
        }
        (host, _) => format!("{}://{host}", call.scheme),
    }
}

/// How each vendor refuses a token. Not known but where it says so: the descriptions, and LeadConnector's bodies.
fn refusal(vendor: &str, why: &str) -> Response {
    let (status, error, words) = match (vendor, why) {
        // Recorded.
        ("salesforce", "busy") => (
            400,
            "invalid_grant",
            "token request is already being processed",
        ),
        ("salesforce", "unknown" | "used before") => {
            (400, "invalid_grant", "expired access/refresh token")
        }
        (_, "unknown" | "used before" | "busy") => {
            (400, "invalid_grant", "missing or invalid refresh token")
        }
        (_, "wrong client") => (401, "invalid_client", "invalid client credentials"),
        (_, "wrong host") => (400, "invalid_grant", "request not supported on this domain"),
        (_, "unknown grant" | "no form") => {
            (400, "unsupported_grant_type", "grant type not supported")
        }
        (_, "unknown location") => (400, "invalid_request", "Location not found"),
        (_, other) => (400, "invalid_grant", other),
    };
    let mut body = json!({ "error": error, "error_description": words });
    if let ("hubspot", Some(body)) = (vendor, body.as_object_mut()) {
        let code = match error {
            "invalid_grant" => "BAD_REFRESH_TOKEN",
            _ => "BAD_REQUEST",
        };
        body.insert("status".to_owned(), code.into());
        body.insert("message".to_owned(), words.into());
    }
    answer::json(status, &body)
}

const CLIENT: &str = "twin-app";
const SECRET: &str = "twin-secret";
const COMPANY: &str = "twin-company";
const FORM: &str = "application/x-www-form-urlencoded";
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
