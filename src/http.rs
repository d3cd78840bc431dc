//! Requests and responses as plain values; nothing here sends anything.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The verbs that CRM vendors use.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
}

impl Method {
    /// The verb as it is written on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// The method of a verb, if it is one that CRM vendors use.
    #[must_use]
    pub fn parse(verb: &str) -> Option<Self> {
        [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete]
            .into_iter()
            .find(|method| method.as_str() == verb)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Headers in the order in which they were added, their names in lower case.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct Headers(Vec<(Cow<'static, str>, Cow<'static, str>)>);

impl Headers {
    /// No headers.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a header, or replaces the value of the one that is there. `name` is written in lower case.
    pub fn set(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Cow<'static, str>>) {
        let name = lower(name.into());
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value.into(),
            None => self.0.push((name, value.into())),
        }
    }

    /// The value of a header, whatever the case of `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_ref())
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_ref(), value.as_ref()))
    }
}

impl<N, V> FromIterator<(N, V)> for Headers
where
    N: Into<Cow<'static, str>>,
    V: Into<Cow<'static, str>>,
{
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut headers = Self::new();
        for (name, value) in pairs {
            headers.set(name, value);
        }
        headers
    }
}

impl Serialize for Headers {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Headers {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let pairs = serde_json::Map::deserialize(deserializer)?;
        let text = |value| match value {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        Ok(pairs
            .into_iter()
            .map(|(name, value)| (name, text(value)))
            .collect())
    }
}

/// Shows every header but never the value of one that carries a credential.
impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |(name, value)| match name {
            "authorization" | "cookie" | "set-cookie" | "proxy-authorization" => (name, "[hidden]"),
            _ => (name, value),
        };
        f.debug_map().entries(self.iter().map(shown)).finish()
    }
}

/// A request that is ready to be sent, by whoever sends.
///
/// Its `Debug` hides what a form says: forms go to token endpoints alone.
#[derive(Clone, Eq, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The verb.
    pub method: Method,
    /// The absolute URL, percent-encoded.
    pub url: String,
    /// The headers, names in lower case.
    #[serde(default)]
    pub headers: Headers,
    /// The body, absent (and not `{}`) where the endpoint takes none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

/// What came back. Its `Debug` hides a body that tells tokens.
#[derive(Clone, Eq, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The headers, names in lower case.
    #[serde(default)]
    pub headers: Headers,
    /// The body as text; bytes that are no UTF-8 arrive as replacement characters.
    #[serde(default)]
    pub body: String,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_form = self.headers.get("content-type") == Some(FORM);
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("url", &self.url)
            .field("headers", &self.headers)
            .field("body", &hidden_if(is_form, self.body.as_deref()))
            .finish()
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tells = [
            "access_token",
            "refresh_token",
            "accessToken",
            "refreshToken",
        ]
        .iter()
        .any(|name| self.body.contains(name));
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("body", &hidden_if(tells, Some(&self.body)))
            .finish()
    }
}

fn hidden_if(secret: bool, body: Option<&str>) -> Option<&str> {
    body.map(|body| if secret { "[hidden]" } else { body })
}

/// The `content-type` of a form.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

fn lower(name: Cow<'static, str>) -> Cow<'static, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        name
    }
}
