//! What an account is accessed with, in the four shapes that there are.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::base64;
use crate::endpoint::json;
use crate::error::Refusal;
use crate::flow::Millis;
use crate::read::{self, Fields, FromFields};
use crate::secret::Secret;
use crate::vendors::Vendor;

/// An account's credentials. They have no `Debug`, `Display` or `Serialize`: [`Credentials::sealable`] is the one way out.
#[derive(Clone)]
pub struct Credentials {
    pub(super) kind: Kind,
    /// The token of each call, the static one too.
    pub(super) access: Option<Secret>,
    pub(super) refresh: Option<Secret>,
    /// When the access token ends by the vendor's clock, in milliseconds since 1970, where the vendor tells.
    pub(super) expires_at: Option<Millis>,
    pub(super) scope: Option<String>,
    /// The account's own host, where it has one.
    pub(super) origin: Option<String>,
    /// Where its token endpoint is, where that is neither the account's own host nor the vendor's.
    pub(super) login: Option<String>,
    pub(super) client_id: String,
    pub(super) client_secret: Option<Secret>,
    pub(super) location_id: Option<String>,
    pub(super) company_id: Option<String>,
    pub(super) agency: Option<Secret>,
    pub(super) username: String,
    pub(super) audience: String,
    /// PKCS #8, in base64.
    pub(super) key: Option<Secret>,
    /// Whether one more try is allowed when the answer of a refresh was lost, where the vendor's default is not to be.
    pub(super) resend: Option<bool>,
}

/// How a token is had.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// It was given, and there is no other.
    Token,
    /// By a refresh token.
    OAuth,
    /// By an assertion that is signed with a key.
    JwtBearer,
    /// By the app's own name and secret.
    ClientCredentials,
}

impl Kind {
    const ALL: [Self; 4] = [
        Self::Token,
        Self::OAuth,
        Self::JwtBearer,
        Self::ClientCredentials,
    ];

    /// The kind as it is written in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::OAuth => "oauth",
            Self::JwtBearer => "jwt_bearer",
            Self::ClientCredentials => "client_credentials",
        }
    }
}

impl Credentials {
    /// Reads credentials from JSON text. `configured` is where the account's traffic is sent instead, if anywhere.
    ///
    /// # Errors
    /// `invalid_input` with the field's path, as in `credentials.refresh_token`; a value is never repeated.
    pub fn read(vendor: Vendor, text: &str, configured: Option<&str>) -> Result<Self, Refusal> {
        let mut credentials: Self = read::read_as(NAME, text)?;
        credentials.check(vendor, configured)?;
        Ok(credentials)
    }

    pub(super) const fn new(kind: Kind) -> Self {
        Self {
            kind,
            access: None,
            refresh: None,
            expires_at: None,
            scope: None,
            origin: None,
            login: None,
            client_id: String::new(),
            client_secret: None,
            location_id: None,
            company_id: None,
            agency: None,
            username: String::new(),
            audience: String::new(),
            key: None,
            resend: None,
        }
    }

    /// How a token is had.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The credentials as JSON text, secrets and all: to be sealed, and for nothing else.
    #[must_use]
    pub fn sealable(&self) -> String {
        json(&self.value())
    }

    pub(super) fn value(&self) -> Value {
        let mut fields = Map::new();
        let mut put = |name: &str, value: Option<&str>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                fields.insert(name.to_owned(), value.into());
            }
        };
        let secret = |secret: &'_ Option<Secret>| secret.as_ref().map(|it| it.expose().to_owned());
        let access = match self.kind {
            Kind::Token => "token",
            _ => "access_token",
        };
        put("kind", Some(self.kind.as_str()));
        put("client_id", Some(&self.client_id));
        put("client_secret", secret(&self.client_secret).as_deref());
        put("refresh_token", secret(&self.refresh).as_deref());
        put(access, secret(&self.access).as_deref());
        put("scope", self.scope.as_deref());
        put("origin", self.origin.as_deref());
        put("login", self.login.as_deref());
        put("location_id", self.location_id.as_deref());
        put("company_id", self.company_id.as_deref());
        put("agency_token", secret(&self.agency).as_deref());
        put("username", Some(&self.username));
        put("audience", Some(&self.audience));
        put("private_key", secret(&self.key).as_deref());
        if let Some(at) = self.expires_at {
            fields.insert("expires_at".to_owned(), at.into());
        }
        if let Some(resend) = self.resend {
            fields.insert("resend_after_loss".to_owned(), resend.into());
        }
        Value::Object(fields)
    }

    fn check(&mut self, vendor: Vendor, configured: Option<&str>) -> Result<(), Refusal> {
        let facts = vendor.oauth();
        let refuse = |name: &str, message: &str| Err(Refusal::input(at(name), message));
        let own_host = facts.is_some_and(|facts| facts.own_host);
        match (self.kind, facts) {
            (Kind::Token, _) => {}
            (_, None) => return refuse("kind", "expected `token`: this vendor has no OAuth here"),
            (Kind::OAuth, _) => {}
            (_, Some(facts)) if facts.assertion.is_none() => {
                return refuse(
                    "kind",
                    "expected `oauth` or `token`: this vendor has no way without a person",
                );
            }
            (Kind::ClientCredentials, _) if self.origin.is_none() => {
                return refuse(
                    "origin",
                    "expected the org's own host: no other serves Client Credentials",
                );
            }
            _ => {}
        }
        for (name, value) in [("origin", &mut self.origin), ("login", &mut self.login)] {
            let Some(given) = value else { continue };
            if !own_host {
                return refuse(
                    name,
                    "expected no origin: the accounts of this vendor have no host of their own",
                );
            }
            match vendor.account_origin(given, configured) {
                Ok(origin) => *given = origin,
                Err(fault) => return refuse(name, fault),
            }
        }
        Ok(())
    }

    /// Whether a token of the location can be asked for with that of its agency.
    pub(super) const fn can_mint(&self) -> bool {
        self.agency.is_some() && self.location_id.is_some() && self.company_id.is_some()
    }

    /// The key of an assertion, as PKCS #8.
    pub(super) fn pkcs8(&self) -> Option<Vec<u8>> {
        base64::decode(self.key.as_ref()?.expose())
    }
}

impl<'a> FromFields<'a> for Credentials {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        let kind = fields.required_text("kind")?;
        let Some(kind) = Kind::ALL.into_iter().find(|known| known.as_str() == kind) else {
            let known = Kind::ALL.map(Kind::as_str).join(", ");
            return Err(fields.refuse("kind", &format!("expected one of {known}")));
        };
        let access = match kind {
            Kind::Token => required(fields, "token")?,
            _ => secret(fields, "access_token")?,
        };
        let mut credentials = Self {
            access,
            origin: owned(fields, "origin")?,
            location_id: owned(fields, "location_id")?,
            ..Self::new(kind)
        };
        if kind == Kind::Token {
            return Ok(credentials);
        }
        credentials.client_id = required_text(fields, "client_id")?;
        credentials.expires_at = fields.count("expires_at")?;
        credentials.scope = owned(fields, "scope")?;
        credentials.login = owned(fields, "login")?;
        if kind == Kind::JwtBearer {
            credentials.username = required_text(fields, "username")?;
            credentials.audience = required_text(fields, "audience")?;
            credentials.key = Some(private_key(fields)?);
            return Ok(credentials);
        }
        credentials.client_secret = required(fields, "client_secret")?;
        if kind == Kind::OAuth {
            credentials.refresh = required(fields, "refresh_token")?;
            credentials.company_id = owned(fields, "company_id")?;
            credentials.agency = secret(fields, "agency_token")?;
            credentials.resend = fields.flag("resend_after_loss")?;
        }
        Ok(credentials)
    }
}

/// The key between the lines of its PEM text, or without those lines.
fn private_key(fields: &mut Fields<'_, '_>) -> Result<Secret, Refusal> {
    const FIRST: &str = "-----BEGIN PRIVATE KEY-----";
    const LAST: &str = "-----END PRIVATE KEY-----";
    let text = fields.required_text("private_key")?;
    let text = text.trim();
    let inside = text.strip_prefix(FIRST).unwrap_or(text);
    let inside = inside.strip_suffix(LAST).unwrap_or(inside);
    let key: String = inside.split_ascii_whitespace().collect();
    match base64::decode(&key) {
        // The first byte of every PKCS #8 structure.
        Some(bytes) if bytes.first() == Some(&0x30) => named(Secret::new(key), fields, "private_key"),
        _ => Err(fields.refuse(
            "private_key",
            "expected a PKCS #8 key in PEM, unencrypted: `-----BEGIN PRIVATE KEY-----` (`openssl pkcs8 -topk8 -nocrypt` makes one)",
        )),
    }
}

fn secret(fields: &mut Fields<'_, '_>, name: &'static str) -> Result<Option<Secret>, Refusal> {
    let text = fields.text(name)?;
    text.map(|text| named(Secret::new(text.into_owned()), fields, name))
        .transpose()
}

fn required(fields: &mut Fields<'_, '_>, name: &'static str) -> Result<Option<Secret>, Refusal> {
    let text = fields.required_text(name)?.into_owned();
    named(Secret::new(text), fields, name).map(Some)
}

fn named(
    secret: Result<Secret, Refusal>,
    fields: &Fields<'_, '_>,
    name: &str,
) -> Result<Secret, Refusal> {
    secret.map_err(|refusal| fields.refuse(name, &refusal.message))
}

fn owned(fields: &mut Fields<'_, '_>, name: &'static str) -> Result<Option<String>, Refusal> {
    Ok(fields.text(name)?.map(Cow::into_owned))
}

fn required_text(fields: &mut Fields<'_, '_>, name: &'static str) -> Result<String, Refusal> {
    let text = fields.required_text(name)?.into_owned();
    match text.is_empty() || text.contains(char::is_control) {
        true => Err(fields.refuse(name, "expected a text, without control characters")),
        false => Ok(text),
    }
}

fn at(name: &str) -> String {
    [NAME, ".", name].concat()
}

/// What stands in front of the path of a field that is refused.
const NAME: &str = "credentials";
