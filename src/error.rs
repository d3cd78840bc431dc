//! Errors in two directions: a [`Refusal`] is what could not be built, a [`Failure`] is what came back.
//!
//! Nothing was sent for a `Refusal`, by construction. A `Failure` says whether a request may have reached the vendor.

use std::fmt;

use serde::Serialize;

/// What went wrong, as a word that stays the same. The set is closed in one version.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The input does not have the documented shape.
    InvalidInput,
    /// An id that would be unsafe or meaningless on the wire.
    InvalidId,
    /// The vendor cannot do this; `reason` says why.
    Unsupported,
    /// A record that does not exist, or that this token may not see.
    NotFound,
    /// What was to be created is there already.
    AlreadyExists,
    /// The vendor's state contradicts the request.
    Conflict,
    /// Several records match where one was meant.
    AmbiguousMatch,
    /// Too many requests for now: try again later.
    RateLimited,
    /// The day's (or the plan's) allowance is used up.
    QuotaExhausted,
    /// The token is missing, wrong or expired.
    Unauthenticated,
    /// The token is good but may not do this.
    Forbidden,
    /// The vendor refused the content of the request.
    VendorValidation,
    /// The vendor is down or overloaded.
    VendorUnavailable,
    /// An answer that is no proof of anything: an HTML page, a truncated body, a success without a result.
    UnexpectedResponse,
    /// A body or a batch above the limit.
    TooLarge,
    /// No answer in time.
    Timeout,
    /// The caller cancelled.
    Aborted,
    /// It cannot be told whether the write happened.
    UnknownOutcome,
    /// A fault of crmlink itself.
    Internal,
}

impl Code {
    /// The code as it is written in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidInput => "invalid_input",
            Self::InvalidId => "invalid_id",
            Self::Unsupported => "unsupported",
            Self::NotFound => "not_found",
            Self::AlreadyExists => "already_exists",
            Self::Conflict => "conflict",
            Self::AmbiguousMatch => "ambiguous_match",
            Self::RateLimited => "rate_limited",
            Self::QuotaExhausted => "quota_exhausted",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::VendorValidation => "vendor_validation",
            Self::VendorUnavailable => "vendor_unavailable",
            Self::UnexpectedResponse => "unexpected_response",
            Self::TooLarge => "too_large",
            Self::Timeout => "timeout",
            Self::Aborted => "aborted",
            Self::UnknownOutcome => "unknown_outcome",
            Self::Internal => "internal",
        }
    }
}

/// What a [`Code`] means more precisely: why something is `unsupported`, or that an `invalid_input` is an unknown field.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The vendor has no such link.
    AssociationUnsupported,
    /// The link comes only with a conversion, which cannot be undone.
    RequiresConversion,
    /// The vendor holds one where several were asked for.
    Cardinality,
    /// Not in this version of the vendor's API.
    ApiVersion,
    /// The vendor has it, but it is switched off in this account.
    FeatureOff,
    /// The account has no such object, or this token may not know of it.
    ObjectUnavailable,
    /// The vendor does not open this route to apps.
    NotPublic,
    /// A field that is not known there.
    UnknownField,
    /// The grant is gone: a person has to connect the account again.
    Reauthenticate,
}

/// Whether a request reached the vendor.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Sent {
    /// Nothing was sent.
    No,
    /// It was handed to the network and nothing certain came back.
    Maybe,
    /// The vendor answered.
    Yes,
}

/// How to find out what became of a write whose answer is unclear.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Reconcile {
    /// Make the same call again: it looks first, or what it repeats changes nothing.
    RunAgain,
    /// Look at the vendor's before anything is sent again: the same call may write it a second time.
    LookFirst,
}

/// How to find out about a write that is in doubt, and the same in words, as the end of a sentence.
#[derive(Clone, Copy, Debug)]
pub struct Doubt {
    reconcile: Reconcile,
    words: &'static str,
}

impl Doubt {
    /// The same call may be made again.
    #[must_use]
    pub const fn run_again(words: &'static str) -> Self {
        Self {
            reconcile: Reconcile::RunAgain,
            words,
        }
    }

    /// The same call may write it twice.
    #[must_use]
    pub const fn look_first(words: &'static str) -> Self {
        Self {
            reconcile: Reconcile::LookFirst,
            words,
        }
    }
}

/// Could not be built: nothing was sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refusal {
    /// What kind of refusal.
    pub code: Code,
    /// The same more precisely, where there is more to say.
    pub reason: Option<Reason>,
    /// The field at fault, as in `associations.contacts[3].id`; empty for the whole input.
    pub path: String,
    /// What was expected and what to do.
    pub message: String,
}

impl Refusal {
    /// The input at `path` does not have the documented shape.
    pub fn input(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Code::InvalidInput, path, message)
    }

    /// The id at `path` must not go on the wire.
    pub fn id(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Code::InvalidId, path, message)
    }

    /// Nobody knows the field at `path`.
    pub fn unknown_field(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            reason: Some(Reason::UnknownField),
            ..Self::input(path, message)
        }
    }

    /// The vendor cannot do what the field at `path` asks for.
    pub fn unsupported(
        reason: Reason,
        path: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            reason: Some(reason),
            ..Self::new(Code::Unsupported, path, message)
        }
    }

    fn new(code: Code, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code,
            reason: None,
            path: path.into(),
            message: message.into(),
        }
    }
}

/// What came back instead of the wanted answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Failure {
    /// What kind of failure.
    pub code: Code,
    /// The same more precisely, where there is more to say.
    pub reason: Option<Reason>,
    /// What happened and what to do, with the vendor's own words.
    pub message: String,
    /// The vendor's name.
    pub vendor: &'static str,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// Whether the request reached the vendor.
    pub sent: Sent,
    /// Whether the same request may succeed later.
    pub retryable: bool,
    /// When to try again, in milliseconds, where the vendor said so.
    pub retry_after: Option<u64>,
    /// Whether it was the token alone, and a new one may do.
    pub renewable: bool,
    /// The vendor's field at fault, where it names one.
    pub path: Option<String>,
    /// The id of the record that is there already, where the vendor names it.
    pub existing: Option<String>,
    /// The scopes that the token lacks, where the vendor names them.
    pub missing_scopes: Vec<String>,
    /// The vendor's answer, untouched.
    pub raw: Option<String>,
}

impl Failure {
    /// A failure in which no answer arrived.
    pub fn unanswered(
        vendor: &'static str,
        code: Code,
        sent: Sent,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code,
            reason: None,
            message: message.into(),
            vendor,
            status: None,
            sent,
            retryable: matches!(code, Code::Timeout | Code::VendorUnavailable),
            retry_after: None,
            renewable: false,
            path: None,
            existing: None,
            missing_scopes: Vec::new(),
            raw: None,
        }
    }

    /// The token is missing, wrong or expired.
    #[must_use]
    pub fn is_unauthenticated(&self) -> bool {
        self.code == Code::Unauthenticated
    }

    /// What was to be created is there already.
    #[must_use]
    pub fn is_already_there(&self) -> bool {
        self.code == Code::AlreadyExists
    }

    /// It is certain that nothing was begun: the same request may be sent again, whatever it writes.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        match (self.sent, self.code) {
            (Sent::No, _) => true,
            (Sent::Maybe, _) => false,
            (Sent::Yes, Code::RateLimited) => true,
            // Another write holds the record.
            (Sent::Yes, Code::Conflict) => self.retryable,
            // The vendor says when to come back. A gateway that gave up waiting cannot know that.
            (Sent::Yes, Code::VendorUnavailable) => {
                self.retry_after.is_some() && matches!(self.status, Some(423 | 477 | 503))
            }
            (Sent::Yes, _) => false,
        }
    }

    /// It cannot be told from this answer whether the write happened.
    #[must_use]
    pub fn is_unclear(&self) -> bool {
        match self.sent {
            Sent::No => false,
            Sent::Maybe => true,
            Sent::Yes => match self.code {
                Code::VendorUnavailable => !self.is_untouched(),
                Code::UnexpectedResponse | Code::UnknownOutcome => true,
                // An answer that was not read to its end, and not one that refuses a large request.
                Code::TooLarge => self.status.is_none(),
                _ => false,
            },
        }
    }
}

/// Either direction.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Error {
    /// Could not be built.
    Refused(Box<Refusal>),
    /// What came back.
    Failed(Box<Failure>),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::Failed(Box::new(failure))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.path, self.message)
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(f),
            Self::Failed(failure) => failure.fmt(f),
        }
    }
}

impl std::error::Error for Refusal {}
impl std::error::Error for Failure {}
impl std::error::Error for Error {}

/// An error as callers read it: the fields of the npm package's `CrmlinkError`, and of a link's `reason`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// What went wrong, as a word that stays the same.
    pub code: Code,
    /// The same more precisely, where there is more to say: why something is `unsupported`, for instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// What happened and what to do.
    pub message: String,
    /// The field at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The vendor that answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "Vendor", optional))]
    pub vendor: Option<&'static str>,
    /// The vendor's HTTP status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Whether the same call may succeed later.
    pub retryable: bool,
    /// When to try again, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "number", optional))]
    pub retry_after: Option<u64>,
    /// Whether a request reached the vendor.
    pub sent: Sent,
    /// How to find out, where it cannot be told whether a write happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reconcile: Option<Reconcile>,
    /// The id of the record that is there already, where the vendor names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub existing_id: Option<String>,
    /// The scopes that the token lacks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "types", ts(optional, as = "Option<Vec<String>>"))]
    pub missing_scopes: Vec<String>,
    /// The vendor's answer, untouched. A long one that several links are about stands with the first of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
}

impl Report {
    /// Says how to find out what became of the write. It was sent, whatever became of a look at it afterwards.
    #[must_use]
    pub fn in_doubt(mut self, doubt: Doubt) -> Self {
        self.message.push_str(doubt.words);
        self.reconcile = Some(doubt.reconcile);
        if self.sent == Sent::No {
            self.sent = Sent::Maybe;
        }
        self
    }

    /// The field at `path` is one that nobody knows.
    #[must_use]
    pub fn is_unknown_field(&self) -> bool {
        self.reason == Some(Reason::UnknownField)
    }
}

impl From<&Refusal> for Report {
    fn from(refusal: &Refusal) -> Self {
        Self {
            code: refusal.code,
            reason: refusal.reason,
            message: refusal.to_string(),
            path: (!refusal.path.is_empty()).then(|| refusal.path.clone()),
            vendor: None,
            status: None,
            retryable: false,
            retry_after: None,
            sent: Sent::No,
            reconcile: None,
            existing_id: None,
            missing_scopes: Vec::new(),
            raw: None,
        }
    }
}

impl From<&Failure> for Report {
    fn from(failure: &Failure) -> Self {
        Self {
            code: failure.code,
            reason: failure.reason,
            message: failure.message.clone(),
            path: failure.path.clone(),
            vendor: Some(failure.vendor),
            status: failure.status,
            retryable: failure.retryable,
            retry_after: failure.retry_after,
            sent: failure.sent,
            reconcile: None,
            existing_id: failure.existing.clone(),
            missing_scopes: failure.missing_scopes.clone(),
            raw: failure.raw.clone(),
        }
    }
}

impl From<&Error> for Report {
    fn from(error: &Error) -> Self {
        match error {
            Error::Refused(refusal) => refusal.as_ref().into(),
            Error::Failed(failure) => failure.as_ref().into(),
        }
    }
}
