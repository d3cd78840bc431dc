//! Errors as the unified routes answer them: RFC 9457 problem details with the fields of Truto's error envelope.

use serde::Serialize;

use super::receipt::LinkReceipt;
use crate::error::{Code, Reconcile, Report, Sent};

/// The media type of a [`Problem`].
pub const MEDIA_TYPE: &str = "application/problem+json";

/// An error as an HTTP body.
#[derive(Debug, Serialize)]
pub struct Problem<'a> {
    /// The error's code as a relative reference.
    pub r#type: String,
    /// The status in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What happened and what to do.
    pub detail: &'a str,
    /// The HTTP status, under Truto's name.
    #[serde(rename = "statusCode")]
    pub status_code: u16,
    /// The status in words, under Truto's name.
    pub error: &'static str,
    /// What happened, under Truto's name.
    pub message: &'a str,
    /// The error's code.
    pub code: Code,
    /// The same more precisely, where there is more to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<crate::error::Reason>,
    /// The field at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<&'a str>,
    /// The id of the record that is there already, where the vendor names it.
    #[serde(rename = "existingId", skip_serializing_if = "Option::is_none")]
    pub existing_id: Option<&'a str>,
    /// The vendor that answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vendor: Option<&'static str>,
    /// The vendor's HTTP status.
    #[serde(rename = "vendorStatus", skip_serializing_if = "Option::is_none")]
    pub vendor_status: Option<u16>,
    /// When to try again, in milliseconds.
    #[serde(rename = "retryAfter", skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// The scopes that the token lacks.
    #[serde(rename = "missingScopes", skip_serializing_if = "<[_]>::is_empty")]
    pub missing_scopes: &'a [String],
    /// Whether a request reached the vendor.
    pub sent: Sent,
    /// How to find out, where it cannot be told whether a write happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reconcile: Option<Reconcile>,
    /// Whether the same call may succeed later.
    pub retryable: bool,
    /// Whether the vendor said so, under Truto's name.
    pub truto_is_remote_error: bool,
    /// What can be done, under Truto's name.
    pub truto_error_insight: Insight<'a>,
    /// The vendor's answer, untouched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw_response: Option<&'a str>,
    /// What became of each asked link.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub links: &'a [LinkReceipt],
}

/// Truto's hints: each says what a value is, and the value.
#[derive(Debug, Default, Serialize)]
pub struct Insight<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    rate_limit_error: Option<Hint<Option<u64>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    forbidden_error: Option<Hint<MissingScopes<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remote_error: Option<Hint<&'a str>>,
}

#[derive(Debug, Serialize)]
struct Hint<V> {
    description: &'static str,
    value: V,
}

#[derive(Debug, Serialize)]
struct MissingScopes<'a> {
    missing_scopes: &'a [String],
}

impl<'a> Problem<'a> {
    /// The problem of an error; `links` says what became of each link, where some were tried.
    #[must_use]
    pub fn new(report: &'a Report, links: &'a [LinkReceipt]) -> Self {
        let status = status_for(report);
        let title = title(status);
        let remote = report.sent == Sent::Yes;
        Self {
            r#type: format!("#{}", report.code.as_str()),
            title,
            status,
            detail: &report.message,
            status_code: status,
            error: title,
            message: &report.message,
            code: report.code,
            reason: report.reason,
            path: report.path.as_deref(),
            existing_id: report.existing_id.as_deref(),
            vendor: report.vendor,
            vendor_status: report.status,
            retry_after: report.retry_after,
            missing_scopes: &report.missing_scopes,
            sent: report.sent,
            reconcile: report.reconcile,
            retryable: report.retryable,
            truto_is_remote_error: remote,
            truto_error_insight: Insight {
                rate_limit_error: (report.code == Code::RateLimited).then_some(Hint {
                    description: "Milliseconds until the vendor takes requests again.",
                    value: report.retry_after,
                }),
                forbidden_error: (!report.missing_scopes.is_empty()).then_some(Hint {
                    description: "Scopes that the token lacks.",
                    value: MissingScopes {
                        missing_scopes: &report.missing_scopes,
                    },
                }),
                remote_error: remote.then_some(Hint {
                    description: "What the vendor said.",
                    value: &report.message,
                }),
            },
            raw_response: report.raw.as_deref(),
            links,
        }
    }

    /// The same under another HTTP status, where the error is one of HTTP itself.
    #[must_use]
    pub const fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self.status_code = status;
        self.title = title(status);
        self.error = self.title;
        self
    }
}

/// The HTTP status with which an error is answered: its code's, but for an answer of the vendor's that was too large, which is
/// not the caller's to mend.
#[must_use]
pub fn status_for(report: &Report) -> u16 {
    match report.code {
        Code::TooLarge if report.sent == Sent::Yes && report.status.is_none() => 502,
        code => status_of(code),
    }
}

/// The HTTP status of a code.
#[must_use]
pub const fn status_of(code: Code) -> u16 {
    match code {
        Code::InvalidInput | Code::InvalidId | Code::Unsupported | Code::VendorValidation => 422,
        Code::NotFound => 404,
        Code::AlreadyExists | Code::Conflict | Code::AmbiguousMatch => 409,
        Code::RateLimited | Code::QuotaExhausted => 429,
        Code::Unauthenticated => 401,
        Code::Forbidden => 403,
        Code::TooLarge => 413,
        Code::VendorUnavailable
        | Code::UnexpectedResponse
        | Code::UnknownOutcome
        | Code::Aborted => 502,
        Code::Timeout => 504,
        Code::Internal => 500,
    }
}

/// The words of a status.
#[must_use]
pub const fn title(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Internal Server Error",
    }
}
