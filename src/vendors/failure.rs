//! What every vendor's error answers have in common.

use crate::error::{Code, Failure, Sent};
use crate::http::Response;
use crate::retry;

/// The failure of an error answer, with the vendor's own words where it has some.
pub(super) fn failure(
    vendor: &'static str,
    response: &Response,
    code: Code,
    words: &str,
) -> Failure {
    let what = match words {
        "" => format!(
            "{vendor} answered {} without an explanation",
            response.status
        ),
        words => format!("{vendor} answered {}: {words}", response.status),
    };
    let message = match remedy(code) {
        "" => what,
        remedy => format!("{what} ({remedy})"),
    };
    Failure {
        status: Some(response.status),
        retryable: is_retryable(response.status, code),
        retry_after: retry::hint(&response.headers),
        raw: Some(response.body.clone()),
        ..Failure::unanswered(vendor, code, Sent::Yes, message)
    }
}

/// What a status means where the vendor says nothing more precise.
pub(super) const fn code_of(status: u16) -> Code {
    match status {
        401 => Code::Unauthenticated,
        403 => Code::Forbidden,
        404 | 410 => Code::NotFound,
        408 => Code::Timeout,
        409 | 412 => Code::Conflict,
        413 => Code::TooLarge,
        429 => Code::RateLimited,
        400..=499 => Code::VendorValidation,
        500..=599 => Code::VendorUnavailable,
        _ => Code::UnexpectedResponse,
    }
}

const fn is_retryable(status: u16, code: Code) -> bool {
    status == 408 || matches!(code, Code::RateLimited | Code::VendorUnavailable)
}

const fn remedy(code: Code) -> &'static str {
    match code {
        Code::Unauthenticated => "pass a token that is valid now",
        Code::Forbidden => "give the token the scopes or the access that the vendor asks for",
        Code::RateLimited => "wait, then try again",
        Code::QuotaExhausted => "wait until the vendor's allowance is renewed",
        Code::VendorUnavailable => "the vendor's side failed: try again later",
        _ => "",
    }
}
