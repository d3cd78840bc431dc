//! The request as it came: its address, its headers, and its body within the limit.

use crmlink::error::Code;
use worker::{Request, web_sys};

use crate::bounded::{self, Cut};
use crate::fault::Fault;
use crate::json::{self, Shape};

/// The largest body that is read, in bytes.
pub(crate) const LARGEST: usize = 1 << 20;

/// A request that came in.
pub(crate) struct Incoming {
    request: Request,
    method: String,
    url: String,
    /// The body, where it was read ahead.
    ahead: Option<Vec<u8>>,
}

impl Incoming {
    /// Takes a request.
    pub(crate) fn new(request: Request) -> Self {
        let inner = request.inner();
        let (method, url) = (inner.method(), inner.url());
        Self {
            request,
            method,
            url,
            ahead: None,
        }
    }

    /// The request itself, to be handed on; its body is read no more.
    pub(crate) fn inner(&self) -> &web_sys::Request {
        self.request.inner()
    }

    /// The verb.
    pub(crate) fn method(&self) -> &str {
        &self.method
    }

    /// The address as it came.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The path, percent-encoded. The runtime has resolved dot segments, in whatever encoding.
    pub(crate) fn path(&self) -> &str {
        self.address().0
    }

    /// The query without its `?`.
    pub(crate) fn query(&self) -> &str {
        self.address().1
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.request.headers().get(name).ok().flatten()
    }

    /// The token behind `Bearer`.
    pub(crate) fn bearer(&self) -> Option<String> {
        let value = self.header("authorization")?;
        let (scheme, token) = value.split_once(' ')?;
        let token = token.trim();
        (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| token.to_owned())
    }

    /// Refuses a body that says it is too large: 413.
    pub(crate) fn check_size(&self) -> Result<(), Fault> {
        match self.declared_size() {
            Some(size) if size > LARGEST => Err(too_large()),
            _ => Ok(()),
        }
    }

    /// Refuses a body where the input stands in the query: 400.
    pub(crate) async fn no_body(&mut self) -> Result<(), Fault> {
        if self.read().await?.is_empty() {
            return Ok(());
        }
        let message = "expected no body: the input of this route stands in the query";
        Err(Fault::http(400, Code::InvalidInput, message))
    }

    /// The body as text of a JSON object; where `name` is given, it may also be a list, which becomes the only field of an
    /// object.
    pub(crate) async fn json_under(&mut self, name: Option<&str>) -> Result<String, Fault> {
        let Some(name) = name else {
            return self.json(Shape::Object).await;
        };
        let text = self.json(Shape::ObjectOrList).await?;
        Ok(match text.trim_start().starts_with('[') {
            true => format!("{{\"{name}\":{text}}}"),
            false => text,
        })
    }

    /// The body as text of JSON: 415, 413 or 400 where it is none. An absent body is an empty text.
    pub(crate) async fn json(&mut self, shape: Shape) -> Result<String, Fault> {
        let bytes = self.read().await?;
        if bytes.is_empty() {
            return Ok(String::new());
        }
        let media_type = self.header("content-type").unwrap_or_default();
        if !is_json(&media_type) {
            let message = format!(
                "expected a body of type application/json, got {}",
                match media_type.as_str() {
                    "" => "one without a content-type",
                    other => other,
                }
            );
            return Err(unsupported("accept", "application/json", &message));
        }
        // A small body may be a large one in disguise, and no client of a CRM's compresses what it asks.
        let encoding = self.header("content-encoding").unwrap_or_default();
        if !matches!(encoding.as_str(), "" | "identity") {
            let message = format!("expected a body as it is, got one in the encoding {encoding}");
            return Err(unsupported("accept-encoding", "identity", &message));
        }
        let text = String::from_utf8(bytes)
            .map_err(|_| Fault::http(400, Code::InvalidInput, "expected a body in UTF-8"))?;
        json::check(&text, shape)?;
        Ok(text)
    }

    /// The body as it came, which can be read again.
    pub(crate) async fn body(&mut self) -> Result<&[u8], Fault> {
        let body = self.read().await?;
        Ok(self.ahead.insert(body))
    }

    async fn read(&mut self) -> Result<Vec<u8>, Fault> {
        if let Some(body) = self.ahead.take() {
            return Ok(body);
        }
        if self.declared_size().is_some() {
            return self.request.bytes().await.map_err(|_| broken());
        }
        // Without a length it may be endless: no more is read than a body may have.
        let Ok(stream) = self.request.stream() else {
            return Ok(Vec::new());
        };
        let bytes = bounded::read(stream, LARGEST).await;
        bytes.map_err(|cut| match cut {
            Cut::TooLarge => too_large(),
            Cut::Broken => broken(),
        })
    }

    fn declared_size(&self) -> Option<usize> {
        // A length beyond all numbers is one beyond the limit.
        self.header("content-length")
            .map(|size| size.parse().unwrap_or(usize::MAX))
    }

    fn address(&self) -> (&str, &str) {
        let local = self.url.split_once("://").map_or("", |(_, rest)| rest);
        let local = local.split('#').next().unwrap_or_default();
        let start = local.find(['/', '?']).unwrap_or(local.len());
        let local = local.get(start..).unwrap_or_default();
        local.split_once('?').unwrap_or((local, ""))
    }
}

fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let essence = essence.to_ascii_lowercase();
    essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn unsupported(header: &'static str, accepted: &str, message: &str) -> Fault {
    Fault {
        headers: vec![(header, accepted.to_owned())],
        ..Fault::http(415, Code::InvalidInput, message)
    }
}

fn too_large() -> Fault {
    let message = "expected a body of at most 1 MiB: send the links in several calls";
    Fault::http(413, Code::TooLarge, message)
}

fn broken() -> Fault {
    Fault::http(400, Code::InvalidInput, "the body broke off before its end")
}
