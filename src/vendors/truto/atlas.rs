//! What Truto says when it refuses, and what it passes on of a provider's refusal.

use crate::atlas::{Atlas, Row};
use crate::error::Code;

/// All that is known of Truto's errors.
pub const ATLAS: Atlas = Atlas {
    rows: ROWS,
    sources: &["https://truto.one/docs/api-reference/overview/errors"],
    path: "nowhere: what Truto knows of the fields is in `raw`",
    scopes: "`truto_error_insight.forbidden_error.value.missing_scopes`",
    existing: "nowhere",
};

/// What stands at the place for codes when the provider refused, not Truto.
pub(super) const REMOTE: &str = "truto_is_remote_error";

const AGAIN: &str = "have the account connected anew at Truto: it answers 401 until then";
const PROVIDER: &str = "the provider behind Truto failed: look before you send it again";

pub(super) static ROWS: &[Row] = &[
    Row::code(REMOTE)
        .at(401)
        .means(Code::Unauthenticated, AGAIN, 0),
    Row::status(401).means(
        Code::Unauthenticated,
        "pass a token of Truto's that is valid now",
        0,
    ),
    Row::code("forbidden_error").at(403).means(
        Code::Forbidden,
        "give the provider's app these scopes, then have the account connected anew at Truto",
        0,
    ),
    Row::status(405).means(
        Code::Forbidden,
        "Truto's sandbox accounts take no writes: use a real account",
        0,
    ),
    Row::status(409).means(
        Code::AlreadyExists,
        "a value that must be unique is taken",
        0,
    ),
    Row::status(429).means(Code::RateLimited, "", 0),
    Row::code(REMOTE)
        .at(500)
        .means(Code::VendorUnavailable, PROVIDER, 0)
        .retryable(false),
    Row::code(REMOTE)
        .at(503)
        .means(Code::VendorUnavailable, PROVIDER, 0)
        .retryable(false),
    Row::status(503).means(
        Code::VendorUnavailable,
        "Truto blocks the account for now: try again later, or look at the account there",
        0,
    ),
    Row::code("missing_required_body_fields missing_required_query_parameters").means(
        Code::VendorValidation,
        "the provider requires more fields: `raw` names them",
        0,
    ),
];
