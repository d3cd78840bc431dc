//! How a token is shown to a vendor. Applied to a built request, last.

use crate::http::Request;
use crate::secret::Secret;

/// Adds `authorization: Bearer …`, the one scheme of the four vendors. Without a token nothing is added.
pub(crate) fn bearer(request: &mut Request, token: Option<&Secret>) {
    if let Some(token) = token {
        request
            .headers
            .set("authorization", ["Bearer ", token.expose()].concat());
    }
}
