//! An answer as a plain value, and the headers that all of them carry.

use std::borrow::Cow;

use crmlink::error::Code;
use futures_util::StreamExt;
use futures_util::stream::LocalBoxStream;
use serde::Serialize;
use worker::web_sys::ReadableStream;
use worker::{Headers, Response, ResponseBuilder};

use crate::access::Claims;

/// What the caller gets.
pub(crate) struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The headers, names in lower case.
    pub(crate) headers: Vec<(Cow<'static, str>, Cow<'static, str>)>,
    /// The body.
    pub(crate) body: Body,
    /// What went wrong, where something did.
    pub(crate) code: Option<Code>,
    /// Whether operators have been told of it.
    pub(crate) told: bool,
}

/// The body of an [`Answer`].
pub(crate) enum Body {
    /// None.
    Empty,
    /// A text of ours.
    Text(String),
    /// Bytes that were kept.
    Bytes(Vec<u8>),
    /// A vendor's body, which passes through unread.
    Passing(ReadableStream),
    /// Lines of ours, each sent as it comes.
    Lines(LocalBoxStream<'static, String>),
}

impl Answer {
    /// An answer without a body.
    pub(crate) const fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Body::Empty,
            code: None,
            told: false,
        }
    }

    /// A text that is JSON.
    pub(crate) fn text(status: u16, media_type: &'static str, json: String) -> Self {
        let mut answer = Self::empty(status).with("content-type", media_type);
        answer.body = Body::Text(json);
        answer
    }

    /// Lines of JSON, each sent as it comes.
    pub(crate) fn lines(lines: LocalBoxStream<'static, String>) -> Self {
        let mut answer = Self::empty(200).with("content-type", LINES);
        answer.body = Body::Lines(lines);
        answer
    }

    /// A value as JSON.
    pub(crate) fn json(status: u16, value: &impl Serialize) -> Self {
        Self::text(status, JSON, crmlink::endpoint::json(value))
    }

    /// The same with another header.
    pub(crate) fn with(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The same without what the holder of a browser token must not see.
    pub(crate) fn narrowed(mut self, claims: &Claims) -> Self {
        self.body = match self.body {
            Body::Text(text) => Body::Text(claims.narrow(&text)),
            Body::Lines(lines) => {
                let claims = claims.clone();
                let narrow = move |line: String| claims.narrow(&line) + "\n";
                Body::Lines(lines.map(narrow).boxed_local())
            }
            body => body,
        };
        self
    }

    /// Whether it has a header.
    pub(crate) fn has(&self, header: &str) -> bool {
        self.headers.iter().any(|(name, _)| name == header)
    }

    /// The runtime's response. What callers are told is theirs alone and never another page's script or markup.
    pub(crate) fn into_response(self) -> worker::Result<Response> {
        let headers = Headers::new();
        for (name, value) in EVERY {
            headers.set(name, value)?;
        }
        for (name, value) in &self.headers {
            headers.set(name, value)?;
        }
        let builder = ResponseBuilder::new()
            .with_status(self.status)
            .with_headers(headers);
        Ok(match self.body {
            Body::Empty => builder.empty(),
            Body::Text(text) => builder.fixed(text.into_bytes()),
            Body::Bytes(bytes) => builder.fixed(bytes),
            Body::Passing(stream) => builder.stream(stream),
            Body::Lines(lines) => builder.from_stream(lines.map(Ok::<_, worker::Error>))?,
        })
    }
}

/// The media type of JSON.
pub(crate) const JSON: &str = "application/json";

/// The media type of newline-delimited JSON.
pub(crate) const LINES: &str = "application/x-ndjson";

/// The last one counts where the answer came by https: from then on nothing else is tried.
const EVERY: [(&str, &str); 3] = [
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
    ("strict-transport-security", "max-age=31536000"),
];
