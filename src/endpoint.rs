//! An endpoint: its facts as a constant, and how it is built and read.

use std::borrow::Cow;

use serde::Serialize;

use crate::auth;
use crate::error::{Code, Error, Failure, Reason, Refusal, Sent};
use crate::http::{Headers, Method, Request, Response};
use crate::id;
use crate::path;
use crate::read::{self, Fields, FromFields};
use crate::secret::Secret;

/// What is known of an endpoint before a request is built.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Facts {
    /// The endpoint's name, as in `hubspot.associations.createDefault`.
    pub name: &'static str,
    /// The vendor's name.
    pub vendor: &'static str,
    /// Where the vendor serves it, unless the caller says otherwise.
    pub origin: &'static str,
    /// The verb.
    pub method: Method,
    /// The versions in which it exists, the default first.
    pub versions: &'static [Version],
    /// The statuses that the documentation names as success; every 2xx is read.
    pub success: &'static [u16],
    /// What sending it twice does.
    pub repeat: Repeat,
    /// How many inputs one request may carry, where it takes several.
    pub batch: Option<usize>,
    /// The scopes that the vendor's documentation names.
    pub scopes: &'static [&'static str],
    /// The page that these facts come from.
    pub docs: &'static str,
}

/// One version of an endpoint.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Version {
    /// The version as the vendor spells it.
    pub name: &'static str,
    /// The path, with `{name}` where a parameter goes.
    pub path: &'static str,
    /// The day (or the month) after which the vendor no longer supports it, where one is announced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends: Option<&'static str>,
}

/// The name of a [`Version`] that stands for every other one, where a vendor tells versions apart by a header.
pub const ANY_VERSION: &str = "*";

/// What sending a request twice does.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Repeat {
    /// The same as sending it once: it may be repeated after an unclear answer.
    Safe,
    /// It may write a second record: after an unclear answer, look before sending again.
    Look,
}

/// What a caller may choose for a request. Every field has a default.
#[derive(Clone, Default)]
pub struct Options {
    /// The vendor's token. Without one the request carries no authorization header.
    pub token: Option<Secret>,
    /// Where to send it instead of the vendor's own origin, as in `https://gateway.example`.
    pub origin: Option<String>,
    /// The version of the vendor's API; each endpoint names those that it exists in.
    pub api_version: Option<String>,
    /// Sends also what only the published page calls required (LeadConnector's follower fields).
    pub strict_spec: bool,
    /// The `accept` header; `application/json` by default.
    pub accept: Option<String>,
    /// LeadConnector's sub-account, for the unified operations.
    pub location_id: Option<String>,
    /// Truto's account, for the unified operations.
    pub integrated_account_id: Option<String>,
    /// Whether receipts do without the vendor's answers (`remote_data`), which are then not held either.
    pub ignore_remote_data: bool,
}

impl Options {
    /// Reads options from JSON text; an empty text stands for none.
    ///
    /// # Errors
    /// `invalid_input` with the option's path, as in `options.origin`.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        read::read_as("options", text)
    }
}

impl<'a> FromFields<'a> for Options {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        let token = fields
            .text("token")?
            .map(|token| Secret::new(token.into_owned()));
        let mut text = |name| Ok(fields.text(name)?.map(Cow::into_owned));
        let origin = text("origin")?;
        origin.as_deref().map(check_origin).transpose()?;
        Ok(Self {
            token: token.transpose().map_err(|refusal| Refusal {
                path: "options.token".to_owned(),
                ..refusal
            })?,
            origin,
            api_version: text("apiVersion")?,
            accept: text("accept")?,
            location_id: text("locationId")?,
            integrated_account_id: text("integratedAccountId")?,
            strict_spec: fields.flag("strictSpec")?.unwrap_or_default(),
            ignore_remote_data: fields.flag("ignoreRemoteData")?.unwrap_or_default(),
        })
    }
}

/// A typed request of one endpoint, and how its answer is read.
pub trait Endpoint<'a>: FromFields<'a> {
    /// What is known before a request is built.
    const FACTS: &'static Facts;

    /// What a success says.
    type Answer: Serialize;

    /// The parameter that is the whole body, where the vendor's body is a bare list.
    const BARE_BODY: Option<&'static str> = None;

    /// Builds the request.
    ///
    /// # Errors
    /// A [`Refusal`] that names the parameter.
    fn build(&self, options: &Options) -> Result<Request, Refusal>;

    /// Reads an answer. One that says failure is a failure whatever its status.
    ///
    /// # Errors
    /// A [`Failure`] with the vendor's own words.
    fn read(response: &Response) -> Result<Self::Answer, Failure>;

    /// A success as JSON text: the vendor's own, unless the answer promises more than the vendor keeps.
    #[must_use]
    fn show(response: &Response) -> String {
        response.body.clone()
    }
}

impl Facts {
    /// Starts a request: verb, URL with its path, and the headers that all endpoints share.
    ///
    /// # Errors
    /// `unsupported` (`api_version`), `invalid_id` for a path parameter, `invalid_input` for the options.
    pub fn request(
        &self,
        options: &Options,
        parameters: &[(&str, &str)],
    ) -> Result<Request, Refusal> {
        let version = self.version(options)?;
        let mut url = String::with_capacity(192);
        url.push_str(origin(options, self.origin)?);
        path::push(&mut url, version.path, parameters)?;
        let mut headers = Headers::new();
        match &options.accept {
            Some(accept) => headers.set("accept", header_value("options.accept", accept)?),
            None => headers.set("accept", "application/json"),
        }
        let mut request = Request {
            method: self.method,
            url,
            headers,
            body: None,
        };
        auth::bearer(&mut request, options.token.as_ref());
        Ok(request)
    }

    /// The same with a JSON body.
    ///
    /// # Errors
    /// As [`Facts::request`].
    pub fn request_with(
        &self,
        options: &Options,
        parameters: &[(&str, &str)],
        body: &impl Serialize,
    ) -> Result<Request, Refusal> {
        let mut request = self.request(options, parameters)?;
        request.headers.set("content-type", "application/json");
        request.body = Some(json(body));
        Ok(request)
    }

    /// The version that the options name, or the default.
    ///
    /// # Errors
    /// `unsupported` (`api_version`) with the versions that there are.
    pub fn version(&self, options: &Options) -> Result<&'static Version, Refusal> {
        let wanted = options.api_version.as_deref();
        let found = match wanted {
            None => self.versions.first(),
            Some(wanted) => self
                .versions
                .iter()
                .find(|known| known.name == wanted || known.name == ANY_VERSION),
        };
        found.ok_or_else(|| {
            let known: Vec<_> = self.versions.iter().map(|known| known.name).collect();
            Refusal::unsupported(
                Reason::ApiVersion,
                "options.apiVersion",
                format!(
                    "{} exists in {}, not in `{}`",
                    self.name,
                    known.join(", "),
                    wanted.unwrap_or_default()
                ),
            )
        })
    }
}

/// Writes a value of ours as JSON. Their keys are strings, so it cannot fail.
#[must_use]
pub fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The failure of an answer that proves nothing.
#[must_use]
pub fn unexpected(vendor: &'static str, response: &Response, what: &str) -> Failure {
    Failure {
        status: Some(response.status),
        sent: Sent::Yes,
        raw: Some(response.body.clone()),
        ..Failure::unanswered(
            vendor,
            Code::UnexpectedResponse,
            Sent::Yes,
            format!("{vendor} {what}"),
        )
    }
}

/// The origin that the options name, without a slash at its end.
fn origin<'a>(options: &'a Options, default: &'a str) -> Result<&'a str, Refusal> {
    let Some(origin) = options.origin.as_deref() else {
        if default.is_empty() {
            let message = "expected your org's own origin, as in `https://acme.my.salesforce.com`: it has no default";
            return Err(Refusal::input("options.origin", message));
        }
        return Ok(default);
    };
    check_origin(origin)
}

/// The origin without a slash at its end, if a token may go there.
pub(crate) fn check_origin(origin: &str) -> Result<&str, Refusal> {
    let refuse = |message: &str| Err(Refusal::input("options.origin", message));
    let origin = origin.strip_suffix('/').unwrap_or(origin);
    let Some((scheme, rest)) = origin.split_once("://") else {
        return refuse("expected an origin such as `https://gateway.example`");
    };
    let authority = rest.split('/').next().unwrap_or_default();
    // The host, and the path of a gateway: none of its parts may be empty or climb.
    if !is_authority(authority)
        || rest.contains(['?', '#', '@', '\\'])
        || !rest.bytes().all(|byte| byte.is_ascii_graphic())
        || rest.split('/').any(|part| id::fault(part).is_some())
    {
        return refuse(
            "expected scheme, host and port, without a user, a query, a fragment or a path that climbs",
        );
    }
    match scheme {
        "https" => Ok(origin),
        "http" if is_loopback(authority) => Ok(origin),
        "http" => {
            refuse("expected https: a token never travels in clear text but to this machine itself")
        }
        _ => refuse("expected https"),
    }
}

/// A host that every parser takes for the same one, and its port. Nothing is decoded, and no label is empty.
fn is_authority(authority: &str) -> bool {
    let host = host(authority);
    let port = authority.strip_prefix(host).unwrap_or_default();
    let is_port = match port.strip_prefix(':') {
        Some(digits) => {
            digits.starts_with(|first: char| first.is_ascii_digit())
                && digits.parse::<u16>().is_ok()
        }
        None => port.is_empty(),
    };
    let within = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    let is_host = match within {
        Some(address) => {
            let part = |byte: u8| byte.is_ascii_hexdigit() || byte == b':' || byte == b'.';
            !address.is_empty() && address.bytes().all(part)
        }
        None => host.split('.').all(|label| {
            !label.is_empty()
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        }),
    };
    is_port && is_host
}

fn is_loopback(authority: &str) -> bool {
    matches!(host(authority), "localhost" | "127.0.0.1" | "[::1]")
}

/// The part before the port.
fn host(authority: &str) -> &str {
    let end = match authority.find(']') {
        Some(end) => end + 1,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    authority.get(..end).unwrap_or_default()
}

/// A caller's text that becomes a header's value.
pub(crate) fn header_value(path: &str, value: &str) -> Result<String, Refusal> {
    if !value.is_empty()
        && value
            .bytes()
            .all(|byte| byte == b' ' || byte.is_ascii_graphic())
    {
        Ok(value.to_owned())
    } else {
        Err(Refusal::input(
            path,
            "expected visible ASCII characters and spaces",
        ))
    }
}

/// An endpoint whose type is not known, for the faces: text in, text out.
pub struct Entry {
    /// What is known before a request is built.
    pub facts: &'static Facts,
    /// The parameter that is the whole body, where the vendor's body is a bare list.
    pub bare_body: Option<&'static str>,
    /// Builds the request from the parameters as JSON text.
    pub build: fn(&str, &Options) -> Result<Request, Error>,
    /// Reads an answer into JSON text.
    pub read: fn(&Response) -> Result<String, Error>,
}

/// Makes the entry of a typed endpoint: `entry!(create_default::CreateDefault)`.
macro_rules! entry {
    ($($endpoint:ident)::+) => {
        $crate::endpoint::Entry {
            facts: <$($endpoint)::+ as $crate::endpoint::Endpoint<'static>>::FACTS,
            bare_body: <$($endpoint)::+ as $crate::endpoint::Endpoint<'static>>::BARE_BODY,
            build: |params, options| $crate::endpoint::build_text::<$($endpoint)::+>(params, options),
            read: |response| $crate::endpoint::read_text::<$($endpoint)::+>(response),
        }
    };
}
pub(crate) use entry;

pub(crate) fn build_text<'a, E: Endpoint<'a>>(
    params: &'a str,
    options: &Options,
) -> Result<Request, Error> {
    Ok(read::read::<E>(params)?.build(options)?)
}

pub(crate) fn read_text<'a, E: Endpoint<'a>>(response: &Response) -> Result<String, Error> {
    E::read(response)?;
    Ok(E::show(response))
}
