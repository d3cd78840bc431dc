//! What is known of a vendor's OAuth before a token is asked for. The renewal itself is [`crate::grant`]'s.

use serde::Serialize;

/// A vendor's OAuth, as data.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OAuth {
    /// Where the vendor serves its token endpoint.
    pub origin: &'static str,
    /// Whether each account has a host of its own, which the answer names (`instance_url`) and which serves tokens too.
    pub own_host: bool,
    /// The path of the token endpoint. All its parameters stand in the body, as a form.
    pub token: &'static str,
    /// What its form says besides what RFC 6749 names.
    pub form: &'static [(&'static str, &'static str)],
    /// The page to which a person is sent to connect an account. Without a host where the account has one of its own.
    pub authorize: &'static str,
    /// What that page's query says besides `client_id`, `redirect_uri`, `scope` and `state`.
    pub query: &'static [(&'static str, &'static str)],
    /// Whether the vendor documents PKCE for its authorize page: then a code challenge is sent.
    pub pkce: bool,
    /// Whether a refresh token may be used once only.
    pub rotation: Rotation,
    /// What to do when a token call was sent and its answer never came.
    pub after_loss: AfterLoss,
    /// Where there is a way without a person (JWT Bearer, Client Credentials): how long an assertion lives, in seconds.
    pub assertion: Option<u32>,
    /// How a token of a location is had from that of its agency.
    pub location: Option<Location>,
    /// Where tokens are revoked, where that is documented.
    pub revoke: Option<Revoke>,
    /// The words that tell the refusals apart.
    pub words: Words,
    /// The pages that these facts come from.
    pub docs: &'static [&'static str],
}

/// What a refresh does to the refresh token.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Rotation {
    /// Not documented: what comes back is kept, and the old one where none does.
    Unknown,
    /// Each is good once.
    Always,
    /// Each is good once where the app says so, and a second use revokes all.
    PerApp,
}

/// What to do when a token call was sent and its answer never came, once the store shows that nobody else has it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum AfterLoss {
    /// Send the same refresh token again.
    Resend,
    /// Ask by another way (see [`OAuth::location`]), else send the same refresh token again, once.
    Recover,
    /// Send it again, once, and only where the credentials allow it.
    OnlyIfTold,
}

/// How a token of a location is had from that of its agency.
#[derive(Debug, Serialize)]
pub struct Location {
    /// The path.
    pub path: &'static str,
    /// Its headers.
    pub headers: &'static [(&'static str, &'static str)],
}

/// Where tokens are revoked.
#[derive(Debug, Serialize)]
pub struct Revoke {
    /// The path.
    pub path: &'static str,
    /// Whether the form names the app (`client_id`, `client_secret`).
    pub with_client: bool,
    /// What the form says besides the token.
    pub form: &'static [(&'static str, &'static str)],
}

/// The words, in lower case, by which an error answer of the token endpoint is told apart.
#[derive(Debug, Serialize)]
pub struct Words {
    /// Another refresh with the same token is under way: this one was not carried out.
    pub busy: &'static [&'static str],
    /// The refresh token (or the assertion) is no longer good, besides the error `invalid_grant`.
    pub dead: &'static [&'static str],
}
