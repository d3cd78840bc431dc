//! HubSpot's OAuth.
//!
//! - A refresh token that rotates is not documented, nor that it does not: what comes back is kept, the old one where none
//!   does, and after a lost answer the old one is sent again.
//! - The token endpoint has a `code_verifier`; that the authorize page takes a `code_challenge` is not documented.
//! - Version 1 of these endpoints ends on 2027-02-16.

use super::ORIGIN;
use crate::vendors::oauth::{AfterLoss, OAuth, Revoke, Rotation, Words};

/// What is known of it.
pub const OAUTH: OAuth = OAuth {
    origin: ORIGIN,
    own_host: false,
    token: "/oauth/2026-03/token",
    form: &[],
    authorize: "https://app.hubspot.com/oauth/authorize",
    query: &[],
    pkce: false,
    rotation: Rotation::Unknown,
    after_loss: AfterLoss::Resend,
    assertion: None,
    location: None,
    revoke: Some(Revoke {
        path: "/oauth/2026-03/token/revoke",
        with_client: true,
        form: &[("token_type_hint", "refresh_token")],
    }),
    words: Words {
        busy: &[],
        dead: &["bad_refresh_token"],
    },
    docs: &[
        "https://developers.hubspot.com/docs/api-reference/latest/authentication/manage-oauth-tokens",
        "https://developers.hubspot.com/docs/api-reference/auth-oauth-v3/guide",
    ],
};
