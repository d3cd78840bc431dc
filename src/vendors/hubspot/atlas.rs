//! What HubSpot says when it refuses.

use crate::atlas::{Atlas, NEXT_LOOK, Row};
use crate::error::{Code, Reason};

/// All that is known of HubSpot's errors.
pub const ATLAS: Atlas = Atlas {
    rows: ROWS,
    sources: SOURCES,
    path: "`errors[].in`, else `context.propertyName`",
    scopes: "`context.requiredGranularScopes` or `context.missingScopes`, of the answer or of one of its `errors`",
    existing: "the number after `Existing ID:` in the message",
};

const ERRORS: u8 = 0;
const LIMITS: u8 = 1;
const SECONDLY: u8 = 2;
const EXPIRED: u8 = 3;
const RULES: u8 = 4;
const OAUTH: u8 = 5;
const CONFLICT: u8 = 6;
const UNIQUE: u8 = 7;
const VERSIONS: u8 = 8;
const SEEN: u8 = 9;
const NONE: u8 = 10;

const SOURCES: &[&str] = &[
    "https://developers.hubspot.com/docs/api-reference/error-handling",
    "https://github.com/HubSpot/hubspot-api-python/issues/117",
    "https://github.com/HGData/mk-node-hubspot/issues/89",
    "https://github.com/airbytehq/airbyte/issues/74726",
    "https://developers.hubspot.com/changelog/crm-api-write-validation-enforcement",
    "https://developers.hubspot.com/changelog/new-oauth-v3-api-endpoints-and-standardized-error-responses",
    "https://github.com/HubSpot/hubspot-api-python/issues/51",
    "https://github.com/HubSpot/hubspot-api-nodejs/issues/548",
    "https://github.com/HubSpot/hubspot-api-ruby/issues/187",
    "seen in public code",
    "not known: no answer of this kind was found",
];

/// What no token of its own, but the clock, puts right.
const DAY: &str = "the account's calls of this day are used up: wait for its midnight";
const RULE: &str = "an admin of the account requires this property: set it";
const NEWER: &str = "HubSpot expects the labelled form at this path: send `[{associationCategory, associationTypeId}]`, or choose a dated apiVersion";

pub(super) static ROWS: &[Row] = &[
    // Policy, category and words are each missing at times.
    Row::code("DAILY").wait(NEXT_LOOK).means(Code::QuotaExhausted, DAY, ERRORS),
    Row::words("daily limit").at(429).wait(NEXT_LOOK).means(Code::QuotaExhausted, DAY, ERRORS),
    Row::spent("x-hubspot-ratelimit-daily-remaining")
        .at(429)
        .wait(NEXT_LOOK)
        .means(Code::QuotaExhausted, DAY, ERRORS),
    Row::code("TEN_SECONDLY_ROLLING RATE_LIMITS RATE_LIMIT").means(Code::RateLimited, "", LIMITS),
    Row::code("SECONDLY").means(Code::RateLimited, "", SECONDLY),
    Row::words("ten_secondly_rolling limit|secondly limit").means(Code::RateLimited, "", SECONDLY),
    Row::status(429).means(Code::RateLimited, "", ERRORS),
    Row::status(423).wait(2_000).means(
        Code::VendorUnavailable,
        "something that it needs is locked: wait two seconds, then try again",
        ERRORS,
    ),
    Row::status(477).means(
        Code::VendorUnavailable,
        "the account moves to another region: try again when `retry-after` has passed, which may take a day",
        ERRORS,
    ),
    Row::code("EXPIRED_AUTHENTICATION").renews().means(
        Code::Unauthenticated,
        "the token's half hour is over: refresh it, then try again",
        EXPIRED,
    ),
    Row::code("INVALID_AUTHENTICATION").renews().means(
        Code::Unauthenticated,
        "HubSpot does not know this token: a refresh helps only if it was one of OAuth",
        SEEN,
    ),
    Row::code("BAD_REFRESH_TOKEN invalid_grant").means(
        Code::Unauthenticated,
        "the refresh token is no longer good: have the account connected anew",
        OAUTH,
    ),
    Row::code("MISSING_SCOPES").means(
        Code::Forbidden,
        "add the scopes to the app, then have the account connected anew",
        SEEN,
    ),
    Row::code("crm.associations.NO_ASSOCIATIONS_FOUND").means(
        Code::NotFound,
        "nothing is linked there: that is an answer, not a fault",
        SEEN,
    ),
    Row::code("OBJECT_NOT_FOUND").means(
        Code::NotFound,
        "the record does not exist, or this token may not see it",
        SEEN,
    ),
    Row::code("crm.associations.INVALID_ASSOCIATION_TYPE").means(
        Code::VendorValidation,
        "this pair of types has no such association: its labels list those that it has",
        SEEN,
    ),
    Row::words("is not a valid association type").means(
        Code::VendorValidation,
        "this pair of types has no such association: its labels list those that it has",
        SEEN,
    ),
    Row::code("crm.associations.INVALID_IDENTIFIER").means(
        Code::InvalidId,
        "pass the record's id, a number",
        SEEN,
    ),
    Row::code("MISSING_REQUIRED_PROPERTY MISSING_CONDITIONAL_REQUIRED_PROPERTY").means(
        Code::VendorValidation,
        RULE,
        RULES,
    ),
    Row::code("PROPERTY_DOESNT_EXIST")
        .because(Reason::UnknownField)
        .means(
            Code::VendorValidation,
            "the account has no such property: create it, or leave the field out",
            SEEN,
        ),
    Row::words("by non-unique").means(
        Code::VendorValidation,
        "name a property with unique values as `idProperty`; for record ids leave it out",
        UNIQUE,
    ),
    Row::words("a request body was expected|cannot deserialize").means(
        Code::VendorValidation,
        NEWER,
        VERSIONS,
    ),
    // Not known: HubSpot's own words and category for a pair or a record that has as many associations as it may.
    Row::words("limit reached|limit of associations").means(
        Code::VendorValidation,
        "the record has as many associations of this kind as it may: remove one, or raise the limit",
        NONE,
    ),
    Row::words("already exists").means(Code::AlreadyExists, "", CONFLICT),
    Row::code("CONFLICT").means(Code::Conflict, "", CONFLICT),
];
