//! A request as a server sees it: segments, query and body taken apart.

use serde_json::Value;

use crate::http::{Method, Request};

/// What the bearer token of a request is worth.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Token {
    Absent,
    Unknown,
    Expired,
    /// A live token without the scope that the call asks for.
    Unscoped,
    Valid,
}

/// One call to a simulator.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) method: Method,
    /// The path as it was sent, for messages that repeat it.
    pub(super) path: String,
    /// The decoded segments. Dot segments are gone, as they are once an HTTP client has parsed the URL.
    pub(super) segments: Vec<String>,
    pub(super) query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    pub(super) body: Option<String>,
    /// Milliseconds since the epoch.
    pub(super) now: u64,
    /// Where it was sent, empty where only a path was given.
    pub(super) scheme: String,
    pub(super) host: String,
    /// What a minted token is worth, where it is one.
    worth: Option<Token>,
}

impl Call {
    pub(super) fn new(request: &Request, now: u64) -> Self {
        let headers = request
            .headers
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Self::parse(
            request.method,
            &request.url,
            headers,
            request.body.clone(),
            now,
        )
    }

    /// A call made inside another one (a subrequest), with the same headers and time.
    pub(super) fn within(&self, method: Method, url: &str, body: Option<String>) -> Self {
        let mut call = Self::parse(method, url, self.headers.clone(), body, self.now);
        call.worth = self.worth;
        call
    }

    /// Says what its token is worth, where it was minted by a token endpoint.
    pub(super) const fn judge(&mut self, worth: Option<Token>) {
        self.worth = worth;
    }

    fn parse(
        method: Method,
        url: &str,
        headers: Vec<(String, String)>,
        body: Option<String>,
        now: u64,
    ) -> Self {
        let url = url.split('#').next().unwrap_or_default();
        let local = match url.split_once("://") {
            Some((_, rest)) => rest
                .find(['/', '?'])
                .map_or("/", |start| rest.get(start..).unwrap_or("/")),
            None => url,
        };
        let (path, query) = local.split_once('?').unwrap_or((local, ""));
        let (scheme, rest) = url.split_once("://").unwrap_or_default();
        let host = rest.split(['/', '?']).next().unwrap_or_default();
        Self {
            scheme: scheme.to_owned(),
            host: host.to_owned(),
            worth: None,
            method,
            path: path.to_owned(),
            segments: segments(path),
            query: pairs(query),
            headers,
            body,
            now,
        }
    }

    pub(super) fn parts(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The first value of a query parameter.
    pub(super) fn asked(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// All values of a list parameter, whichever way it is spelled: `n=a,b`, `n=a&n=b`, `n[]=a`, `n[0]=a`.
    pub(super) fn listed(&self, name: &str) -> Vec<&str> {
        self.query
            .iter()
            .filter(|(known, _)| known.split('[').next() == Some(name))
            .flat_map(|(_, value)| value.split(','))
            .filter(|value| !value.is_empty())
            .collect()
    }

    pub(super) fn token(&self) -> Token {
        let Some((scheme, token)) = self
            .header("authorization")
            .and_then(|value| value.split_once(' '))
        else {
            return Token::Absent;
        };
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Token::Absent;
        }
        if let Some(worth) = self.worth {
            return worth;
        }
        match token.trim() {
            "twin-token" => Token::Valid,
            "expired" => Token::Expired,
            "unscoped" => Token::Unscoped,
            _ => Token::Unknown,
        }
    }

    /// The body as JSON; an absent or blank one is `None`.
    pub(super) fn json(&self) -> Result<Option<Value>, serde_json::Error> {
        match self.body.as_deref().map(str::trim) {
            None | Some("") => Ok(None),
            Some(text) => serde_json::from_str(text).map(Some),
        }
    }
}

/// The string at a JSON pointer; a number counts as its digits, for the vendors that take both.
pub(super) fn text(value: &Value, pointer: &str) -> Option<String> {
    match value.pointer(pointer)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The list at a JSON pointer, empty when there is none.
pub(super) fn list<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    value
        .pointer(pointer)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn segments(path: &str) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for raw in path.split('/').filter(|raw| !raw.is_empty()) {
        match raw.to_ascii_lowercase().replace("%2e", ".").as_str() {
            "." => {}
            ".." => {
                kept.pop();
            }
            _ => kept.push(decode(raw)),
        }
    }
    kept
}

pub(super) fn pairs(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (
                decode(&name.replace('+', " ")),
                decode(&value.replace('+', " ")),
            )
        })
        .collect()
}

/// Percent-decoding; what is no escape stays as it is.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = match tail {
            [high, low, ..] if first == b'%' => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match escaped {
            Some((high, low)) => {
                bytes.push(high * 16 + low);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(url: &str) -> Call {
        Call::parse(Method::Get, url, Vec::new(), None, 0)
    }

    #[test]
    fn a_url_comes_apart_whatever_its_host() {
        for url in [
            "https://api.example.test/a%20b/c?x=1+2&y%5B%5D=z",
            "/a%20b/c?x=1+2&y%5B%5D=z#part",
        ] {
            let call = call(url);
            assert_eq!(call.parts(), ["a b", "c"]);
            assert_eq!(call.asked("x"), Some("1 2"));
            assert_eq!(call.asked("y[]"), Some("z"));
        }
        assert_eq!(call("http://host?x=1").asked("x"), Some("1"));
    }

    #[test]
    fn dot_segments_climb_even_when_they_are_encoded() {
        assert_eq!(call("/a/b/%2E%2e/c/./d").parts(), ["a", "c", "d"]);
        assert_eq!(call("/a/b%2F..%2Fc").parts(), ["a", "b/../c"]);
    }

    #[test]
    fn a_list_has_three_spellings() {
        for url in ["/?f=a,b", "/?f[]=a&f[]=b", "/?f%5B0%5D=a&f%5B1%5D=b"] {
            assert_eq!(call(url).listed("f"), ["a", "b"], "{url}");
        }
    }

    #[test]
    fn what_is_no_escape_stays() {
        assert_eq!(decode("100%"), "100%");
        assert_eq!(decode("%zz%4"), "%zz%4");
        assert_eq!(decode("%C3%A9"), "é");
    }
}
