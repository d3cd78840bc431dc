//! How a token is shown to a vendor. Applied to a built request, last.

use std::borrow::Cow;

use crate::http::{Request, Response};
use crate::secret::Secret;

/// Adds `authorization: Bearer …`, the one scheme of the four vendors. Without a token nothing is added.
pub(crate) fn bearer(request: &mut Request, token: Option<&Secret>) {
    if let Some(token) = token {
        request
            .headers
            .set("authorization", ["Bearer ", token.expose()].concat());
    }
}

/// The answer without the tokens, for a vendor may repeat what it was sent: nothing behind this sees it. Nearly always the
/// answer as it is.
pub(crate) fn without<'r>(tokens: &[&Secret], answer: &'r Response) -> Cow<'r, Response> {
    let is_clean = |text: &str| {
        let mut tokens = tokens.iter();
        tokens.all(|token| matches!(token.hidden_in(text), Cow::Borrowed(_)))
    };
    if is_clean(&answer.body) && answer.headers.iter().all(|(_, value)| is_clean(value)) {
        return Cow::Borrowed(answer);
    }
    let hidden = |text: &str| {
        let hide = |text: String, token: &&Secret| token.hidden_in(&text).into_owned();
        tokens.iter().fold(text.to_owned(), hide)
    };
    Cow::Owned(Response {
        status: answer.status,
        headers: answer
            .headers
            .iter()
            .map(|(name, value)| (name.to_owned(), hidden(value)))
            .collect(),
        body: hidden(&answer.body),
    })
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

    #[test]
    fn an_answer_that_repeats_a_token_is_without_it_wherever_that_stands() {
        let tokens = ["canary-token-one", "canary-token-two"].map(|token| Secret::new(token).ok());
        let tokens: Vec<_> = tokens.iter().flatten().collect();
        let answer = |header: &'static str, body: &str| Response {
            status: 403,
            headers: [("x-said", header)].into_iter().collect(),
            body: body.to_owned(),
        };
        for (header, body, hidden) in [
            ("a", "b", ["a", "b"]),
            ("canary-token-one", "b", ["[hidden]", "b"]),
            ("a", "b canary-token-two", ["a", "b [hidden]"]),
            (
                "canary-token-two",
                "canary-token-one, canary-token-two",
                ["[hidden]", "[hidden], [hidden]"],
            ),
        ] {
            let answer = answer(header, body);
            let found = without(&tokens, &answer);
            let said = found.headers.get("x-said").unwrap_or_default();
            assert_eq!([said, &found.body], hidden);
            assert_eq!(found.status, 403);
            assert_eq!(matches!(found, Cow::Borrowed(_)), hidden == [header, body]);
        }
    }
}
