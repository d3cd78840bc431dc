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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Headers, Method};

    #[test]
    fn a_request_has_the_token_or_no_header_at_all() {
        let mut request = Request {
            method: Method::Get,
            url: "https://a.example".to_owned(),
            headers: Headers::new(),
            body: None,
        };
        bearer(&mut request, None);
        assert_eq!(request.headers.iter().count(), 0);
        bearer(&mut request, Secret::new("t1").ok().as_ref());
        bearer(&mut request, Secret::new("t2").ok().as_ref());
        let headers: Vec<_> = request.headers.iter().collect();
        assert_eq!(headers, [("authorization", "Bearer t2")]);
    }
}
