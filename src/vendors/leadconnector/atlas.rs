//! What LeadConnector says when it refuses. A 401 says many things here, and few are about the token's life.

use crate::atlas::{Atlas, NEXT_LOOK, Row};
use crate::error::{Code, Reason};

/// All that is known of LeadConnector's errors.
pub const ATLAS: Atlas = Atlas {
    rows: ROWS,
    sources: SOURCES,
    path: "the validator's sentences in `message`: they begin with the field, or with `property` and the field",
    scopes: "nowhere: the vendor does not name them",
    existing: "`meta.existingId` or `meta.contactId`",
};

const SPEC: u8 = 0;
const VERSIONS: u8 = 1;
const SCOPE: u8 = 2;
const ROUTE: u8 = 3;
const LOCATION: u8 = 4;
const INACTIVE: u8 = 5;
const RECONNECT: u8 = 6;
const RELATION: u8 = 7;
const FIELD: u8 = 8;
const HALF: u8 = 9;
const LIMITS: u8 = 10;
const SDK: u8 = 11;
const SEEN: u8 = 12;

const SOURCES: &[&str] = &[
    "https://github.com/GoHighLevel/highlevel-api-docs/tree/main/common",
    "https://marketplace.gohighlevel.com/docs/Versioning",
    "https://github.com/GoHighLevel/highlevel-api-docs/issues/217",
    "https://github.com/GoHighLevel/highlevel-api-docs/issues/74",
    "https://github.com/n8n-io/n8n/issues/11353",
    "https://github.com/GoHighLevel/highlevel-api-docs/issues/249",
    "https://github.com/GoHighLevel/highlevel-api-docs/issues/333",
    "https://github.com/GoHighLevel/highlevel-api-docs/issues/73",
    "https://github.com/GoHighLevel/highlevel-api-docs/issues/262",
    "https://github.com/GoHighLevel/highlevel-api-docs/issues/64",
    "https://github.com/GoHighLevel/highlevel-api-docs/blob/main/docs/oauth/Authorization.md",
    "the vendor's own client, @gohighlevel/api-client 3.1.0",
    "seen in public code",
];

pub(super) static ROWS: &[Row] = &[
    Row::words("version header").at(401).means(
        Code::VendorValidation,
        "send a `Version` that LeadConnector publishes: the token is not at fault",
        VERSIONS,
    ),
    Row::words("not authorized for this scope").at(401).means(
        Code::Forbidden,
        "give the app the scope of this call, then have the location connected anew: a refresh does not add it",
        SCOPE,
    ),
    Row::words("iam service")
        .at(401)
        .because(Reason::NotPublic)
        .means(
            Code::Unsupported,
            "LeadConnector does not open this route to apps: no token helps",
            ROUTE,
        ),
    Row::words("user type").at(401).means(
        Code::Forbidden,
        "use a token of the location: that of an agency, or of a user, is of another class",
        SEEN,
    ),
    Row::words("invalid private integration token").at(401).means(
        Code::Unauthenticated,
        "make a new private integration token in the location: this kind has no refresh",
        SEEN,
    ),
    Row::words("access token is invalid").at(401).renews().means(
        Code::Unauthenticated,
        "the token is over: refresh it, then try again",
        SPEC,
    ),
    Row::status(401).means(
        Code::Unauthenticated,
        "look at the token, its location and the `Version` first: a refresh uses up a refresh token",
        SDK,
    ),
    Row::words("does not have access to this location").at(403).means(
        Code::Forbidden,
        "use a token of this very location",
        LOCATION,
    ),
    Row::words("location is not active").means(
        Code::Forbidden,
        "the location is switched off: no token of it works until it is on again",
        INACTIVE,
    ),
    Row::words("api endpoint has been removed")
        .because(Reason::ApiVersion)
        .means(
            Code::Unsupported,
            "have the location connected anew: there is no other way left",
            RECONNECT,
        ),
    Row::code("OPPORTUNITY_NO_DUPLICATE").means(
        Code::AlreadyExists,
        "update that opportunity, or let the location allow several for a contact",
        SEEN,
    ),
    Row::code("meta.contactId").means(
        Code::AlreadyExists,
        "update that contact, or let the location allow duplicates",
        SEEN,
    ),
    Row::words("duplicate relation").at(400).means(
        Code::AlreadyExists,
        "the two are linked: nothing is left to do",
        RELATION,
    ),
    Row::words("duplicate|already exist").at(400).means(Code::AlreadyExists, "", SEEN),
    Row::words("should not exist").at(422).because(Reason::UnknownField).means(
        Code::VendorValidation,
        "LeadConnector refuses fields that it does not know: leave this one out",
        FIELD,
    ),
    Row::status(422).means(
        Code::VendorValidation,
        "correct what it names; a contact may have been written all the same, so look before you create it again",
        HALF,
    ),
    Row::words("cannot get |cannot post |cannot put |cannot patch |cannot delete ")
        .at(404)
        .because(Reason::ApiVersion)
        .means(
            Code::Unsupported,
            "this path does not exist under this `Version`: choose another apiVersion",
            VERSIONS,
        ),
    Row::spent("x-ratelimit-daily-remaining").at(429).wait(NEXT_LOOK).means(
        Code::QuotaExhausted,
        "the app's calls for this location are used up for the day: try again tomorrow",
        SDK,
    ),
    Row::status(429).means(Code::RateLimited, "", LIMITS),
];
