//! LeadConnector's fields for the unified records.
//!
//! Source: HighLevel's published descriptions of contacts, businesses and opportunities
//! (`https://github.com/GoHighLevel/highlevel-api-docs`).

use crate::unified::entity::Entity;
use crate::unified::record::mapping::{How, Row, SET_BY_VENDOR, Style, Table, ignored, row, text};

/// The table of a kind of record.
#[must_use]
pub const fn table(entity: Entity) -> &'static Table {
    match entity {
        Entity::Contacts => &CONTACTS,
        Entity::Opportunities => &OPPORTUNITIES,
        _ => &BUSINESSES,
    }
}

/// No source says what clears a field: null is sent as it is.
const STYLE: Style = Style {
    all_text: false,
    joint: "",
    clear: "null",
};

const fn table_of(rows: &'static [Row]) -> Table {
    Table {
        rows,
        style: STYLE,
        own: &[],
    }
}

const CONTACTS: Table = table_of(&[
    text("first_name", "firstName"),
    text("last_name", "lastName"),
    text("name", "name"),
    ignored("title", CUSTOM),
    ignored("description", CUSTOM),
    text("email_addresses[0].email", "email"),
    ignored(
        "email_addresses[].email",
        "LeadConnector shows further addresses and refuses to be given any",
    ),
    text("phone_numbers[0].number", "phone"),
    ignored(
        "phone_numbers[].number",
        "LeadConnector takes one number of a contact",
    ),
    text("addresses[0].street_1", "address1"),
    text("addresses[0].city", "city"),
    text("addresses[0].state", "state"),
    text("addresses[0].postal_code", "postalCode"),
    text("addresses[0].country", "country"),
    ignored("addresses[].street_2", STREET_2),
    text("website", "website"),
    ignored("urls[].url", URLS),
    row("account.id", "businessId", How::Aside),
    ignored(
        "account.name",
        "LeadConnector takes a company's name only when a contact is made: give account.id",
    ),
    text("owner.id", "assignedTo"),
    ignored("owner.email", OWNERS),
    ignored("owner.name", OWNERS),
    row("tags[].name", "tags", How::Each),
    row("custom_fields.*", "customFields", How::Custom),
    row("remote_data.*", "", How::Untouched),
    row("remote_query.*", "query", How::Aside),
    ignored("created_at", SET_BY_VENDOR),
    ignored("updated_at", SET_BY_VENDOR),
    ignored("last_activity_at", SET_BY_VENDOR),
    ignored("etag", ETAG),
]);

const BUSINESSES: Table = table_of(&[
    text("name", "name"),
    text("description", "description"),
    text("website", "website"),
    text("phone_numbers[0].number", "phone"),
    text("addresses[0].street_1", "address"),
    text("addresses[0].city", "city"),
    text("addresses[0].state", "state"),
    text("addresses[0].postal_code", "postalCode"),
    text("addresses[0].country", "country"),
    ignored("addresses[].street_2", STREET_2),
    ignored("urls[].url", URLS),
    ignored("industry", NO_FIELD),
    ignored("number_of_employees", NO_FIELD),
    ignored("owner.id", NO_FIELD),
    ignored("owner.email", NO_FIELD),
    ignored("owner.name", NO_FIELD),
    ignored("tags[].name", NO_FIELD),
    ignored("custom_fields.*", NO_FIELD),
    row("remote_data.*", "", How::Untouched),
    row("remote_query.*", "query", How::Aside),
    ignored("created_at", SET_BY_VENDOR),
    ignored("updated_at", SET_BY_VENDOR),
    ignored("last_activity_at", SET_BY_VENDOR),
    ignored("etag", ETAG),
]);

const OPPORTUNITIES: Table = table_of(&[
    text("name", "name"),
    ignored("description", CUSTOM),
    row("amount", "monetaryValue", How::Number),
    row(
        "currency",
        "",
        How::Refused(
            "expected no currency: LeadConnector's opportunities are in that of their location",
        ),
    ),
    row(
        "status",
        "status",
        How::Words(&[
            ("open", "open"),
            ("won", "won"),
            ("lost", "lost"),
            ("abandoned", "abandoned"),
        ]),
    ),
    ignored(
        "close_date",
        "LeadConnector publishes a forecast's date in its version v3 alone: give it under remote_data there",
    ),
    text("pipeline.id", "pipelineId"),
    row("pipeline.name", "pipelineId", How::Sought),
    text("stage.id", "pipelineStageId"),
    row("stage.name", "pipelineStageId", How::Sought),
    text("lost_reason.id", "lostReasonId"),
    row("lost_reason.name", "lostReasonId", How::Sought),
    ignored(
        "account.id",
        "LeadConnector links an opportunity with a business under a definition of yours: associations.create with an association_type does it",
    ),
    ignored("account.name", "an opportunity has no text for its company"),
    text("contacts[0].id", "contactId"),
    row("contacts[].id", "relations", How::Aside),
    ignored(
        "contacts[].role",
        "LeadConnector's relations hold no role: associations.create with an association_type of yours does",
    ),
    ignored(
        "contacts[].primary",
        "the first contact is the opportunity's own: put it first",
    ),
    row("followers.ids", "followers", How::Aside),
    row("followers.action", "followersActionType", How::Aside),
    text("owner.id", "assignedTo"),
    ignored("owner.email", OWNERS),
    ignored("owner.name", OWNERS),
    ignored("tags[].name", CUSTOM),
    row("custom_fields.*", "customFields", How::Custom),
    row("remote_data.*", "", How::Untouched),
    row("remote_query.*", "query", How::Aside),
    ignored("created_at", SET_BY_VENDOR),
    ignored("updated_at", SET_BY_VENDOR),
    ignored("last_activity_at", SET_BY_VENDOR),
    ignored("etag", ETAG),
]);

const CUSTOM: &str =
    "LeadConnector has no such field: give one of yours under custom_fields, by its id";
const NO_FIELD: &str = "LeadConnector's published description of businesses has no such field";
const STREET_2: &str = "LeadConnector has one street: put both lines into street_1";
const URLS: &str = "LeadConnector has one web address: give website";
const OWNERS: &str =
    "no published description says how a user is found by an address or a name: give owner.id";
const ETAG: &str = "LeadConnector compares no versions of a record";
