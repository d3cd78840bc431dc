//! What is kept of a grant, so that whoever comes after a crash knows what may have happened.

use serde_json::{Map, Value};

use super::answer::Tokens;
use super::credentials::{Credentials, Kind};
use crate::endpoint::json;
use crate::error::{Code, Reason, Refusal, Report, Sent};
use crate::flow::Millis;
use crate::json as text;
use crate::read::{self, Fields, FromFields};
use crate::secret::Secret;
use crate::vendors::Vendor;

/// A text to make durable: credentials, version and intent. It is secret, and has no `Debug`.
pub struct Record {
    /// It goes in the place of exactly the version before; that of a new account is 0, and nothing is stored before it.
    pub version: u64,
    text: String,
}

impl Record {
    /// The text, secrets and all: to be sealed, and for nothing else.
    #[must_use]
    pub fn sealable(&self) -> &str {
        &self.text
    }
}

/// All that is kept.
#[derive(Clone)]
pub(super) struct Kept {
    pub(super) version: u64,
    pub(super) credentials: Credentials,
    pub(super) intent: Option<Intent>,
    pub(super) rest: Option<Rest>,
    /// When the access token was had, by the vendor's clock.
    pub(super) minted: Option<Millis>,
    /// When it is time for a new one, by the vendor's clock.
    pub(super) fresh_until: Option<Millis>,
    /// How far the vendor's clock is ahead of ours.
    pub(super) ahead: i64,
}

/// That a token call was about to be sent. It stands in the store before the call leaves, and until its outcome is known.
#[derive(Clone, Copy)]
pub(super) struct Intent {
    pub(super) call: Call,
    /// When it was written, by the vendor's clock.
    pub(super) at: Millis,
    /// How many calls with this refresh token may have been carried out.
    pub(super) sends: u64,
    /// Whose it is.
    pub(super) by: u64,
}

/// A call for tokens.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Call {
    /// By what the credentials are for.
    Renew,
    /// By the token of the agency.
    Location,
}

/// That no token call is to be made for now.
#[derive(Clone, Copy)]
pub(super) struct Rest {
    pub(super) why: Why,
    /// By the vendor's clock; never again with these credentials where there is none.
    pub(super) until: Option<Millis>,
}

/// Why no token call is made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Why {
    /// The vendor no longer takes the refresh token, or the assertion.
    Dead,
    /// An answer was lost that may have held the only good refresh token.
    Uncertain,
    /// The vendor does not take the app's own name and secret, or its request.
    App,
    /// The answer named a host that is not the vendor's.
    Host,
    /// No answer in time.
    Silence,
    /// Another refresh with the same token is under way.
    Busy,
    /// Too many calls.
    Limited,
}

const WHYS: [(Why, &str); 7] = [
    (Why::Dead, "dead"),
    (Why::Uncertain, "uncertain"),
    (Why::App, "app"),
    (Why::Host, "host"),
    (Why::Silence, "silence"),
    (Why::Busy, "busy"),
    (Why::Limited, "limited"),
];

impl Why {
    /// The same error for all who ask while it lasts.
    pub(super) fn report(self, vendor: Vendor, wait: Option<Millis>) -> Report {
        let (code, reason, message) = match self {
            Self::Dead => (
                Code::Unauthenticated,
                Some(Reason::Reauthenticate),
                "the vendor no longer takes this account's grant: connect the account again",
            ),
            Self::Uncertain => (
                Code::Unauthenticated,
                Some(Reason::Reauthenticate),
                "the answer to a token refresh was lost, and the vendor may have changed the refresh token in it: connect the account again",
            ),
            Self::App => (
                Code::Unauthenticated,
                None,
                "the vendor's token endpoint refuses the app: check its client id, its secret and how it is set up",
            ),
            Self::Host => (
                Code::UnexpectedResponse,
                None,
                "the vendor's token endpoint named a host that is not the vendor's: no token is sent there",
            ),
            Self::Silence => (
                Code::VendorUnavailable,
                None,
                "the vendor's token endpoint gave no clear answer: try again later",
            ),
            Self::Busy => (
                Code::VendorUnavailable,
                None,
                "another refresh of this account's token is under way: try again later",
            ),
            Self::Limited => (
                Code::RateLimited,
                None,
                "the vendor's token endpoint asks to be left alone for now: try again later",
            ),
        };
        let retryable = matches!(self, Self::Silence | Self::Busy | Self::Limited);
        Report {
            code,
            reason,
            message: [vendor.as_str(), ": ", message].concat(),
            path: None,
            vendor: Some(vendor.as_str()),
            status: None,
            retryable,
            retry_after: wait.filter(|_| retryable),
            // Of the operation that needs the token nothing was.
            sent: Sent::No,
            reconcile: None,
            existing_id: None,
            missing_scopes: Vec::new(),
            raw: None,
        }
    }
}

impl Kept {
    /// Reads what was stored, or credentials alone.
    pub(super) fn read(
        vendor: Vendor,
        text: &str,
        configured: Option<&str>,
    ) -> Result<Self, Refusal> {
        let is_record = text::fields(text)
            .ok()
            .flatten()
            .is_some_and(|fields| fields.iter().any(|(name, _)| name == "credentials"));
        if !is_record {
            return Ok(Self::new(Credentials::read(vendor, text, configured)?));
        }
        let stored: Stored = read::read_as("grant", text)?;
        Ok(Self {
            version: stored.version,
            credentials: Credentials::read(vendor, stored.credentials, configured)?,
            intent: stored.intent,
            rest: stored.rest,
            minted: stored.minted,
            fresh_until: stored.fresh_until,
            ahead: stored.ahead,
        })
    }

    pub(super) const fn new(credentials: Credentials) -> Self {
        Self {
            version: 0,
            credentials,
            intent: None,
            rest: None,
            minted: None,
            fresh_until: None,
            ahead: 0,
        }
    }

    pub(super) fn record(&self) -> Record {
        let mut fields = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                fields.insert(name.to_owned(), value);
            }
        };
        put("version", Some(self.version.into()));
        put("credentials", Some(self.credentials.value()));
        put("minted", self.minted.map(Value::from));
        put("fresh_until", self.fresh_until.map(Value::from));
        put(
            "ahead",
            (self.ahead != 0).then(|| self.ahead.to_string().into()),
        );
        if let Some(intent) = &self.intent {
            let call = match intent.call {
                Call::Renew => "renew",
                Call::Location => "location",
            };
            put("intent", Some(call.into()));
            put("at", Some(intent.at.into()));
            put("sends", Some(intent.sends.into()));
            put("by", Some(intent.by.to_string().into()));
        }
        if let Some(rest) = &self.rest {
            let mut words = WHYS.iter().filter(|(why, _)| *why == rest.why);
            put("rest", words.next().map(|(_, word)| (*word).into()));
            put("until", rest.until.map(Value::from));
        }
        Record {
            version: self.version,
            text: json(&fields),
        }
    }

    /// The same with these tokens, and with all that was in doubt settled. `now` is by the vendor's clock.
    pub(super) fn with(mut self, tokens: &Tokens, now: Millis) -> Self {
        let life = tokens
            .expires_in
            .map(|seconds| seconds.saturating_mul(1_000));
        let known = &mut self.credentials;
        known.access = Some(tokens.access.clone());
        // A way without a refresh token has no use for one that comes unasked.
        if known.kind == Kind::OAuth && tokens.refresh.is_some() {
            known.refresh.clone_from(&tokens.refresh);
        }
        known.expires_at = life.map(|life| now.saturating_add(life));
        known.scope = tokens.scope.clone().or_else(|| known.scope.take());
        known.origin = tokens.origin.clone().or_else(|| known.origin.take());
        self.minted = Some(now);
        self.fresh_until = life.map(|life| now.saturating_add(life - (life / 4).min(EARLY)));
        self.version += 1;
        self.intent = None;
        self.rest = None;
        self
    }

    /// Whether the tokens are the same as those of another.
    pub(super) fn same_tokens(&self, other: &Self) -> bool {
        let same = |one: &Option<_>, other: &Option<_>| match (one, other) {
            (Some(one), Some(other)) => Secret::is(one, other),
            (None, None) => true,
            _ => false,
        };
        let (ours, theirs) = (&self.credentials, &other.credentials);
        same(&ours.access, &theirs.access) && same(&ours.refresh, &theirs.refresh)
    }
}

/// A stored text, its credentials unread.
struct Stored<'a> {
    version: u64,
    credentials: &'a str,
    intent: Option<Intent>,
    rest: Option<Rest>,
    minted: Option<Millis>,
    fresh_until: Option<Millis>,
    ahead: i64,
}

impl<'a> FromFields<'a> for Stored<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        let version = fields.count("version")?.unwrap_or_default();
        let credentials = fields.required_json("credentials")?;
        let minted = fields.count("minted")?;
        let fresh_until = fields.count("fresh_until")?;
        let ahead = fields.text("ahead")?;
        let call = match fields.text("intent")?.as_deref() {
            None => None,
            Some("renew") => Some(Call::Renew),
            Some("location") => Some(Call::Location),
            Some(_) => return Err(fields.refuse("intent", "expected `renew` or `location`")),
        };
        let at = fields.count("at")?.unwrap_or_default();
        let sends = fields.count("sends")?.unwrap_or_default();
        let by = fields.count("by")?.unwrap_or_default();
        let word = fields.text("rest")?;
        let why = WHYS
            .iter()
            .find(|(_, known)| word.as_deref() == Some(known));
        if word.is_some() && why.is_none() {
            return Err(fields.refuse("rest", "expected a reason that is known"));
        }
        let until = fields.count("until")?;
        Ok(Self {
            version,
            credentials,
            intent: call.map(|call| Intent {
                call,
                at,
                sends,
                by,
            }),
            rest: why.map(|(why, _)| Rest { why: *why, until }),
            minted,
            fresh_until,
            ahead: ahead
                .and_then(|ahead| ahead.parse().ok())
                .unwrap_or_default(),
        })
    }
}

/// How long before its end a token is renewed, in milliseconds, unless it lives for less than four times that.
pub(super) const EARLY: Millis = 5 * 60_000;
