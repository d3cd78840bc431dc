//! Salesforce's fields for the unified records.
//!
//! Source: the object reference
//! (`https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_contact.htm`
//! and its neighbours).

use crate::unified::entity::Entity;
use crate::unified::record::mapping::{How, Row, SET_BY_VENDOR, Style, Table, ignored, row, text};

/// The table of a kind of record.
#[must_use]
pub const fn table(entity: Entity) -> &'static Table {
    match entity {
        Entity::Contacts => &CONTACTS,
        Entity::Leads => &LEADS,
        Entity::Opportunities => &OPPORTUNITIES,
        _ => &ACCOUNTS,
    }
}

/// Values have their own types; the values of a list stand in one text, as in a multi-select picklist.
const STYLE: Style = Style {
    all_text: false,
    joint: ";",
    clear: "null",
};

const fn table_of(rows: &'static [Row]) -> Table {
    Table {
        rows,
        style: STYLE,
        own: &["attributes", "success", "errors", "created"],
    }
}

/// Both lines of a street stand in one text, with a line end between them as JSON writes it.
const STREET: How = How::Joined("\\n");

const CONTACTS: Table = table_of(&[
    text("first_name", "FirstName"),
    text("last_name", "LastName"),
    ignored("name", FULL_NAME),
    text("title", "Title"),
    text("description", "Description"),
    text("email_addresses[0].email", "Email"),
    ignored("email_addresses[].email", SECOND_EMAIL),
    text("phone_numbers[0].number", "Phone"),
    text("phone_numbers[mobile].number", "MobilePhone"),
    text("phone_numbers[home].number", "HomePhone"),
    text("phone_numbers[other].number", "OtherPhone"),
    text("phone_numbers[fax].number", "Fax"),
    row("addresses[0].street_1", "MailingStreet", STREET),
    row("addresses[0].street_2", "MailingStreet", STREET),
    text("addresses[0].city", "MailingCity"),
    text("addresses[0].state", "MailingState"),
    text("addresses[0].postal_code", "MailingPostalCode"),
    text("addresses[0].country", "MailingCountry"),
    ignored("website", NO_WEBSITE),
    ignored("urls[].url", NO_WEBSITE),
    text("account.id", "AccountId"),
    ignored("account.name", ACCOUNT_NAME),
    text("owner.id", "OwnerId"),
    row("owner.email", "OwnerId", How::Sought),
    row("owner.name", "OwnerId", How::Sought),
    ignored("tags[].name", TAGS),
    row("custom_fields.*", "", How::Custom),
    row("remote_data.*", "", How::Untouched),
    row("remote_query.*", "query", How::Aside),
    ignored("created_at", SET_BY_VENDOR),
    ignored("updated_at", SET_BY_VENDOR),
    ignored("last_activity_at", SET_BY_VENDOR),
    ignored("etag", ETAG),
]);

const ACCOUNTS: Table = table_of(&[
    text("name", "Name"),
    text("description", "Description"),
    text("industry", "Industry"),
    text("website", "Website"),
    ignored("urls[].url", URLS),
    row("number_of_employees", "NumberOfEmployees", How::Number),
    text("phone_numbers[0].number", "Phone"),
    text("phone_numbers[fax].number", "Fax"),
    row("addresses[0].street_1", "BillingStreet", STREET),
    row("addresses[0].street_2", "BillingStreet", STREET),
    text("addresses[0].city", "BillingCity"),
    text("addresses[0].state", "BillingState"),
    text("addresses[0].postal_code", "BillingPostalCode"),
    text("addresses[0].country", "BillingCountry"),
    row("addresses[shipping].street_1", "ShippingStreet", STREET),
    row("addresses[shipping].street_2", "ShippingStreet", STREET),
    text("addresses[shipping].city", "ShippingCity"),
    text("addresses[shipping].state", "ShippingState"),
    text("addresses[shipping].postal_code", "ShippingPostalCode"),
    text("addresses[shipping].country", "ShippingCountry"),
    text("owner.id", "OwnerId"),
    row("owner.email", "OwnerId", How::Sought),
    row("owner.name", "OwnerId", How::Sought),
    ignored("tags[].name", TAGS),
    row("custom_fields.*", "", How::Custom),
    row("remote_data.*", "", How::Untouched),
    row("remote_query.*", "query", How::Aside),
    ignored("created_at", SET_BY_VENDOR),
    ignored("updated_at", SET_BY_VENDOR),
    ignored("last_activity_at", SET_BY_VENDOR),
    ignored("etag", ETAG),
]);

const OPPORTUNITIES: Table = table_of(&[
    text("name", "Name"),
    text("description", "Description"),
    row("amount", "Amount", How::Number),
    text("currency", "CurrencyIsoCode"),
    row("close_date", "CloseDate", How::Day),
    text("stage.name", "StageName"),
    ignored(
        "stage.id",
        "Salesforce's stages are known by their names: give stage.name",
    ),
    ignored("pipeline.id", PIPELINE),
    ignored("pipeline.name", PIPELINE),
    ignored(
        "status",
        "at Salesforce an opportunity is won or lost by its stage: give stage.name",
    ),
    ignored("lost_reason.id", LOST_REASON),
    ignored("lost_reason.name", LOST_REASON),
    text("account.id", "AccountId"),
    ignored("account.name", ACCOUNT_NAME),
    row("contacts[].id", "OpportunityContactRole", How::Aside),
    row("contacts[].role", "OpportunityContactRole", How::Aside),
    row("contacts[].primary", "OpportunityContactRole", How::Aside),
    ignored("followers.ids", FOLLOWERS),
    ignored("followers.action", FOLLOWERS),
    text("owner.id", "OwnerId"),
    row("owner.email", "OwnerId", How::Sought),
    row("owner.name", "OwnerId", How::Sought),
    ignored("tags[].name", TAGS),
    row("custom_fields.*", "", How::Custom),
    row("remote_data.*", "", How::Untouched),
    row("remote_query.*", "query", How::Aside),
    ignored("created_at", SET_BY_VENDOR),
    ignored("updated_at", SET_BY_VENDOR),
    ignored("last_activity_at", SET_BY_VENDOR),
    ignored("etag", ETAG),
]);

const LEADS: Table = table_of(&[
    text("first_name", "FirstName"),
    text("last_name", "LastName"),
    ignored("name", FULL_NAME),
    text("title", "Title"),
    text("description", "Description"),
    text("account.name", "Company"),
    row("account.id", "", How::Refused(NO_LINKS)),
    row("contacts[].id", "", How::Refused(NO_LINKS)),
    text("email_addresses[0].email", "Email"),
    ignored("email_addresses[].email", SECOND_EMAIL),
    text("phone_numbers[0].number", "Phone"),
    text("phone_numbers[mobile].number", "MobilePhone"),
    text("phone_numbers[fax].number", "Fax"),
    row("addresses[0].street_1", "Street", STREET),
    row("addresses[0].street_2", "Street", STREET),
    text("addresses[0].city", "City"),
    text("addresses[0].state", "State"),
    text("addresses[0].postal_code", "PostalCode"),
    text("addresses[0].country", "Country"),
    text("website", "Website"),
    ignored("urls[].url", URLS),
    text("lead_source", "LeadSource"),
    ignored(
        "lead_type",
        "Salesforce's leads have none: name a field of yours under custom_fields",
    ),
    text("status", "Status"),
    ignored("pipeline.id", PIPELINE),
    ignored("pipeline.name", PIPELINE),
    ignored("stage.id", LEAD_STATUS),
    ignored("stage.name", LEAD_STATUS),
    ignored("amount", LEAD_AMOUNT),
    ignored("currency", LEAD_AMOUNT),
    text("owner.id", "OwnerId"),
    row("owner.email", "OwnerId", How::Sought),
    row("owner.name", "OwnerId", How::Sought),
    ignored("tags[].name", TAGS),
    row("custom_fields.*", "", How::Custom),
    row("remote_data.*", "", How::Untouched),
    row("remote_query.*", "query", How::Aside),
    ignored("created_at", SET_BY_VENDOR),
    ignored("updated_at", SET_BY_VENDOR),
    ignored("last_activity_at", SET_BY_VENDOR),
    ignored("etag", ETAG),
]);

const FULL_NAME: &str = "Salesforce puts the name together itself: give first_name and last_name";
const SECOND_EMAIL: &str = "Salesforce has one email address here: name a field of yours under custom_fields for further ones";
const NO_WEBSITE: &str =
    "Salesforce's contacts have none: name a field of yours under custom_fields";
const URLS: &str =
    "Salesforce has one web address here: give website, and others under custom_fields";
const ACCOUNT_NAME: &str =
    "Salesforce links by the account's id: upsert the account first, and give account.id";
const TAGS: &str = "Salesforce's tags are no fields: name a field of yours under custom_fields";
const ETAG: &str = "Salesforce compares times of change, not etags";
const PIPELINE: &str =
    "Salesforce has no pipelines: give the record type as RecordTypeId under remote_data";
const LOST_REASON: &str =
    "Salesforce has none of its own: name a field of yours under custom_fields";
const FOLLOWERS: &str = "at Salesforce followers are subscriptions of users, and no fields";
const NO_LINKS: &str = "expected no link: a Salesforce lead has none before it is converted, and a conversion cannot be undone";
const LEAD_STATUS: &str = "Salesforce's leads have a status: give status";
const LEAD_AMOUNT: &str = "Salesforce's leads have no amount: an opportunity has";
