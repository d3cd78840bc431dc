//! LeadConnector's OAuth.
//!
//! - A refresh token is valid for a year unless it is used, and a use answers a new one. Whether a used one is good for some
//!   seconds more is not known, nor what a second use does besides being refused.
//! - `POST /oauth/locationToken` makes a location's tokens from its agency's token, and may be repeated. That its answer has a
//!   `refresh_token` is not in the schema; it is reported to.
//! - The error body of a dead refresh token is not documented: RFC 6749's is read, and the words recorded.
//! - That the authorize page passes a `state` on is not on its page; RFC 6749 asks it to.

use super::{DEFAULT_VERSION, ORIGIN};
use crate::vendors::oauth::{AfterLoss, Location, OAuth, Rotation, Words};

/// What is known of it.
pub const OAUTH: OAuth = OAuth {
    origin: ORIGIN,
    own_host: false,
    // Without a `Version` header, as the older description has it; `v3` would ask for one, and for other field names.
    token: "/oauth/token",
    // All operations need a location's token.
    form: &[("user_type", "Location")],
    authorize: "https://marketplace.gohighlevel.com/v2/oauth/chooselocation",
    query: &[("response_type", "code")],
    pkce: false,
    rotation: Rotation::Always,
    after_loss: AfterLoss::Recover,
    assertion: None,
    location: Some(Location {
        path: "/oauth/locationToken",
        headers: &[("version", DEFAULT_VERSION)],
    }),
    revoke: None,
    words: Words {
        busy: &[],
        dead: &["refresh token", "location is not active"],
    },
    docs: &[
        "https://marketplace.gohighlevel.com/docs/oauth/Authorization",
        "https://github.com/GoHighLevel/highlevel-api-docs/blob/main/apps/oauth.json",
    ],
};

/// The authorize page without HighLevel's name, for white labels.
pub const WHITE_LABEL_AUTHORIZE: &str =
    "https://marketplace.leadconnectorhq.com/v2/oauth/chooselocation";
