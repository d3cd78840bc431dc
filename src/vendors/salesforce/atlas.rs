//! What Salesforce says when it refuses: of its hundreds of codes those that links and upserts meet.

use crate::atlas::{Atlas, NEXT_LOOK, Row};
use crate::error::{Code, Reason};

/// All that is known of Salesforce's errors.
pub const ATLAS: Atlas = Atlas {
    rows: ROWS,
    sources: SOURCES,
    path: "the first of the error's `fields`",
    scopes: "nowhere: the vendor does not name them",
    existing: "the id after `record with id:` in the message of DUPLICATE_VALUE (a user who may not see that record reads \
               `<unknown>`); the record of DUPLICATES_DETECTED where its rules match exactly one",
};

const STATUS: u8 = 0;
const CODES: u8 = 1;
const ALL_OR_NONE: u8 = 2;
const MEMBER: u8 = 3;
const OAUTH: u8 = 4;
const SEEN: u8 = 5;
const NAME: u8 = 6;

const SOURCES: &[&str] = &[
    "https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm",
    "https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_concepts_core_data_objects.htm",
    "https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_composite_post.htm",
    "https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_campaignmember.htm",
    "https://www.rfc-editor.org/rfc/rfc6749#section-5.2",
    "seen in public code",
    "the name of the code in the vendor's WSDL",
];

const SPLIT: &str = "send less at once";
const SHARE: &str = "the user behind the token lacks the right: give it the object's permission, or share the record with it";
const ELSEWHERE: &str = "another record of the same call failed: correct that one";

pub(super) static ROWS: &[Row] = &[
    // The code of this one is not documented; its words are seen in public code.
    Row::words("already has a relationship with this account").means(Code::AlreadyExists, "", SEEN),
    Row::words("already a campaign member").means(Code::AlreadyExists, "", MEMBER),
    Row::words("already being processed").means(
        Code::Conflict,
        "another refresh of the same token is under way: use what it brings, do not send this one again",
        SEEN,
    ),
    Row::code("INVALID_SESSION_ID").renews().means(
        Code::Unauthenticated,
        "the session is over: refresh the token, then try again",
        CODES,
    ),
    Row::code("INVALID_AUTH_HEADER").means(
        Code::Unauthenticated,
        "send `authorization: Bearer` and the token",
        CODES,
    ),
    Row::code("invalid_grant").means(
        Code::Unauthenticated,
        "the grant is no longer good: have the org connected anew",
        OAUTH,
    ),
    Row::code("INVALID_LOGIN LOGIN_DURING_RESTRICTED_DOMAIN LOGIN_DURING_RESTRICTED_TIME").means(
        Code::Unauthenticated,
        "the org refuses this login: look at its user's password, address and hours",
        CODES,
    ),
    Row::code("REQUEST_LIMIT_EXCEEDED").wait(NEXT_LOOK).means(
        Code::QuotaExhausted,
        "the org's calls of the last 24 hours are used up: wait, or buy more",
        STATUS,
    ),
    Row::code("EXCEEDED_QUOTA STORAGE_LIMIT_EXCEEDED").means(
        Code::QuotaExhausted,
        "the org's storage is full: free some, or buy more",
        CODES,
    ),
    Row::code("SERVER_UNAVAILABLE").means(Code::VendorUnavailable, "", STATUS),
    Row::code("API_CURRENTLY_DISABLED INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE ORG_IN_MAINTENANCE FUNCTIONALITY_TEMPORARILY_UNAVAILABLE").means(
        Code::VendorUnavailable,
        "Salesforce is being maintained: try again later",
        CODES,
    ),
    Row::code("REQUEST_RUNNING_TOO_LONG QUERY_TIMEOUT").means(Code::VendorUnavailable, SPLIT, CODES),
    Row::code("UNABLE_TO_LOCK_ROW")
        .means(
            Code::Conflict,
            "another write holds the record: try again",
            NAME,
        )
        .retryable(true),
    Row::code("DUPLICATE_VALUE").means(
        Code::AlreadyExists,
        "update the record that has this value",
        CODES,
    ),
    Row::code("DUPLICATES_DETECTED").means(
        Code::Conflict,
        "a duplicate rule of the org matched: update that record, or, if the rule only warns, send `Sforce-Duplicate-Rule-Header: allowSave=true`",
        CODES,
    ),
    Row::status(300).means(
        Code::AmbiguousMatch,
        "several records have this external id: name one by its id",
        STATUS,
    ),
    Row::code("DUPLICATE_EXTERNAL_ID MULTIPLE_RECORDS_FOUND").means(
        Code::AmbiguousMatch,
        "several records have this external id: name one by its id",
        CODES,
    ),
    Row::code("ALL_OR_NONE_OPERATION_ROLLED_BACK PROCESSING_HALTED").means(
        Code::Conflict,
        ELSEWHERE,
        ALL_OR_NONE,
    ),
    Row::code("CIRCULAR_DEPENDENCY").means(
        Code::Conflict,
        "the account would become its own parent: choose another",
        NAME,
    ),
    Row::code("CANNOT_UPDATE_CONVERTED_LEAD").means(
        Code::Conflict,
        "the lead was converted: update its contact",
        NAME,
    ),
    Row::code("ENTITY_IS_LOCKED INVALID_OPERATION").means(
        Code::Conflict,
        "an approval process holds the record: finish it first",
        CODES,
    ),
    Row::code("ENTITY_FAILED_IFLASTMODIFIED_ON_UPDATE").means(
        Code::Conflict,
        "somebody changed the record meanwhile: read it again",
        CODES,
    ),
    Row::code("INVALID_CROSS_REFERENCE_KEY").means(
        Code::NotFound,
        "the record that this field names does not exist, or the token may not see it",
        CODES,
    ),
    Row::code("ENTITY_IS_DELETED ENTITY_IS_ARCHIVED").means(
        Code::NotFound,
        "the record is in the bin or the archive",
        CODES,
    ),
    Row::code("NOT_FOUND").means(
        Code::NotFound,
        "look at the object's name and at the id; the token may not see it either",
        STATUS,
    ),
    Row::code("MALFORMED_ID INVALID_ID_FIELD").means(
        Code::InvalidId,
        "pass an id of this object, 15 or 18 letters and digits",
        CODES,
    ),
    Row::code("INVALID_TYPE INVALID_TYPE_FOR_OPERATION")
        .because(Reason::ObjectUnavailable)
        .means(
            Code::Unsupported,
            "the org has no such object, or its feature is switched off, or the token may not know of it",
            CODES,
        ),
    Row::code("FUNCTIONALITY_NOT_ENABLED REQUIRED_FEATURE_MISSING")
        .because(Reason::FeatureOff)
        .means(Code::Unsupported, "switch the feature on in the org", CODES),
    Row::code("API_DISABLED_FOR_ORG")
        .because(Reason::FeatureOff)
        .means(
            Code::Forbidden,
            "the org has no access to the API: have it switched on",
            CODES,
        ),
    Row::code("UNSUPPORTED_API_VERSION INVALID_VERSION GONE")
        .because(Reason::ApiVersion)
        .means(
            Code::Unsupported,
            "Salesforce no longer serves this version: choose a newer apiVersion",
            CODES,
        ),
    Row::status(410).because(Reason::ApiVersion).means(
        Code::Unsupported,
        "Salesforce no longer serves this: choose a newer apiVersion",
        STATUS,
    ),
    Row::code("INSUFFICIENT_ACCESS INSUFFICIENT_ACCESS_OR_READONLY INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY").means(
        Code::Forbidden,
        SHARE,
        CODES,
    ),
    Row::code("INVALID_FIELD_FOR_INSERT_UPDATE").means(
        Code::Forbidden,
        "the user behind the token may not write this field",
        SEEN,
    ),
    Row::code("EXCEEDED_ID_LIMIT EXCEEDED_MAX_SIZE_REQUEST OPERATION_TOO_LARGE EXCEEDED_LEAD_CONVERT_LIMIT").means(
        Code::TooLarge,
        SPLIT,
        CODES,
    ),
    Row::status(414).means(Code::TooLarge, SPLIT, STATUS),
    Row::status(431).means(Code::TooLarge, SPLIT, STATUS),
    Row::code("REQUIRED_FIELD_MISSING").means(
        Code::VendorValidation,
        "the org requires this field",
        NAME,
    ),
    Row::code("FIELD_CUSTOM_VALIDATION_EXCEPTION FIELD_FILTER_VALIDATION_EXCEPTION").means(
        Code::VendorValidation,
        "a validation rule of the org says so: its words tell which",
        SEEN,
    ),
    Row::code("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY CANNOT_EXECUTE_FLOW_TRIGGER").means(
        Code::VendorValidation,
        "a trigger or a flow of the org stopped the write: its words tell which",
        SEEN,
    ),
    Row::code("INVALID_FIELD").means(
        Code::VendorValidation,
        "the object has no such field, or the token may not see it",
        CODES,
    ),
    Row::code("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST").means(
        Code::VendorValidation,
        "pass one of the picklist's values",
        CODES,
    ),
    Row::code("INACTIVE_OWNER_OR_USER").means(
        Code::VendorValidation,
        "the owner is no longer active: name another",
        CODES,
    ),
    Row::code("FIELD_INTEGRITY_EXCEPTION STRING_TOO_LONG INVALID_EMAIL_ADDRESS NUMBER_OUTSIDE_VALID_RANGE").means(
        Code::VendorValidation,
        "correct the value of this field",
        CODES,
    ),
    // Not known: whether a 403 without a code comes about so. There is no 429 that would tell.
    Row::spent("sforce-limit-info").at(403).wait(NEXT_LOOK).means(
        Code::QuotaExhausted,
        "the org's calls of the last 24 hours are used up: wait, or buy more",
        STATUS,
    ),
];
