//! Salesforce's OAuth.
//!
//! - An answer tells no expiry: a token is good until a call says 401.
//! - With Refresh Token Rotation each refresh token is good once, and any second use revokes the whole family.
//! - Of two refreshes at once one is refused with `invalid_grant`, "token request is already being processed", which used
//!   to read "expired authorization code": neither says that the grant is dead.
//! - JWT Bearer and Client Credentials have no refresh token. Client Credentials are served by the org's own host alone.

use crate::vendors::oauth::{AfterLoss, OAuth, Revoke, Rotation, Words};

/// What is known of it.
pub const OAUTH: OAuth = OAuth {
    // Where people log in to a production org; a sandbox has `https://test.salesforce.com`, or the org its own host.
    origin: "https://login.salesforce.com",
    own_host: true,
    token: "/services/oauth2/token",
    form: &[],
    authorize: "/services/oauth2/authorize",
    query: &[("response_type", "code")],
    pkce: true,
    rotation: Rotation::PerApp,
    after_loss: AfterLoss::OnlyIfTold,
    // What Salesforce's own named credentials take. How long one may live at most is not known.
    assertion: Some(120),
    location: None,
    revoke: Some(Revoke {
        path: "/services/oauth2/revoke",
        with_client: false,
        form: &[],
    }),
    words: Words {
        busy: &[
            "token request is already being processed",
            "expired authorization code",
        ],
        dead: &[],
    },
    docs: &[
        "https://help.salesforce.com/s/articleView?id=005316711&type=1",
        "https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_web_server_flow.htm&type=5",
        "https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_pkce.htm&type=5",
        "https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_jwt_flow.htm&type=5",
        "https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_revoke_token.htm&type=5",
    ],
};
