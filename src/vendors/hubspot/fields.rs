//! HubSpot's properties for the unified records.
//!
//! Sources: HubSpot's guides to contacts, companies, deals and leads
//! (`https://developers.hubspot.com/docs/api-reference/2026-03/crm/objects/deals/guide` and its neighbours) and its lists of
//! default properties (`https://knowledge.hubspot.com/properties/hubspots-default-contact-properties` and its neighbours).

use crate::unified::entity::Entity;
use crate::unified::record::mapping::{How, Row, SET_BY_VENDOR, Style, Table, ignored, row, text};

/// The table of a kind of record.
#[must_use]
pub const fn table(entity: Entity) -> &'static Table {
    match entity {
        Entity::Contacts => &CONTACTS,
        Entity::Leads => &LEADS,
        Entity::Opportunities => &DEALS,
        _ => &COMPANIES,
    }
}

/// All values are text; an empty one clears, and the values of a list stand in one text.
const STYLE: Style = Style {
    all_text: true,
    joint: ";",
    clear: "\"\"",
};

/// What HubSpot answers of its own.
const OWN: &[&str] = &["hs_", "createdate", "lastmodifieddate"];

const fn table_of(rows: &'static [Row]) -> Table {
    Table {
        rows,
        style: STYLE,
        own: OWN,
    }
}

const CONTACTS: Table = table_of(&[
    text("first_name", "firstname"),
    text("last_name", "lastname"),
    ignored("name", FULL_NAME),
    text("title", "jobtitle"),
    ignored(
        "description",
        "HubSpot's contacts have none: name a property of yours under custom_fields",
    ),
    text("email_addresses[0].email", "email"),
    ignored("email_addresses[].email", SECOND_EMAIL),
    text("phone_numbers[0].number", "phone"),
    text("phone_numbers[mobile].number", "mobilephone"),
    text("phone_numbers[fax].number", "fax"),
    text("addresses[0].street_1", "address"),
    text("addresses[0].city", "city"),
    text("addresses[0].state", "state"),
    text("addresses[0].postal_code", "zip"),
    text("addresses[0].country", "country"),
    ignored("addresses[].street_2", STREET_2),
    text("website", "website"),
    ignored("urls[].url", URLS),
    row("account.id", "associations", How::Aside),
    text("account.name", "company"),
    text("owner.id", "hubspot_owner_id"),
    row("owner.email", "hubspot_owner_id", How::Sought),
    row("owner.name", "hubspot_owner_id", How::Sought),
    ignored("tags[].name", TAGS),
    row("custom_fields.*", "", How::Custom),
    row("remote_data.*", "", How::Untouched),
    row("remote_query.*", "query", How::Aside),
    ignored("created_at", SET_BY_VENDOR),
    ignored("updated_at", SET_BY_VENDOR),
    ignored("last_activity_at", SET_BY_VENDOR),
    ignored("etag", ETAG),
]);

const COMPANIES: Table = table_of(&[
    text("name", "name"),
    text("description", "description"),
    text("industry", "industry"),
    row("website", "domain", How::Host),
    row("number_of_employees", "numberofemployees", How::Number),
    text("phone_numbers[0].number", "phone"),
    text("addresses[0].street_1", "address"),
    text("addresses[0].street_2", "address2"),
    text("addresses[0].city", "city"),
    text("addresses[0].state", "state"),
    text("addresses[0].postal_code", "zip"),
    text("addresses[0].country", "country"),
    ignored("urls[].url", URLS),
    text("owner.id", "hubspot_owner_id"),
    row("owner.email", "hubspot_owner_id", How::Sought),
    row("owner.name", "hubspot_owner_id", How::Sought),
    ignored("tags[].name", TAGS),
    row("custom_fields.*", "", How::Custom),
    row("remote_data.*", "", How::Untouched),
    row("remote_query.*", "query", How::Aside),
    ignored("created_at", SET_BY_VENDOR),
    ignored("updated_at", SET_BY_VENDOR),
    ignored("last_activity_at", SET_BY_VENDOR),
    ignored("etag", ETAG),
]);

const DEALS: Table = table_of(&[
    text("name", "dealname"),
    text("description", "description"),
    row("amount", "amount", How::Number),
    text("currency", "deal_currency_code"),
    row("close_date", "closedate", How::Time),
    text("pipeline.id", "pipeline"),
    row("pipeline.name", "pipeline", How::Sought),
    text("stage.id", "dealstage"),
    row("stage.name", "dealstage", How::Sought),
    ignored(
        "status",
        "at HubSpot a deal is won or lost by its stage: give stage",
    ),
    text("lost_reason.name", "closed_lost_reason"),
    ignored(
        "lost_reason.id",
        "HubSpot keeps the reason as a text: give lost_reason.name",
    ),
    row("account.id", "associations", How::Aside),
    ignored(
        "account.name",
        "a deal has no text for its company: give account.id",
    ),
    row("contacts[].id", "associations", How::Aside),
    row("contacts[].role", "associations", How::Aside),
    row("contacts[].primary", "associations", How::Aside),
    ignored("followers.ids", FOLLOWERS),
    ignored("followers.action", FOLLOWERS),
    text("owner.id", "hubspot_owner_id"),
    row("owner.email", "hubspot_owner_id", How::Sought),
    row("owner.name", "hubspot_owner_id", How::Sought),
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
    text("name", "hs_lead_name"),
    text("lead_type", "hs_lead_type"),
    text("status", "hs_lead_label"),
    text("pipeline.id", "hs_pipeline"),
    row("pipeline.name", "hs_pipeline", How::Sought),
    text("stage.id", "hs_pipeline_stage"),
    row("stage.name", "hs_pipeline_stage", How::Sought),
    row("contacts[].id", "associations", How::Aside),
    row("account.id", "associations", How::Aside),
    ignored("account.name", ON_THE_CONTACT),
    ignored("first_name", ON_THE_CONTACT),
    ignored("last_name", ON_THE_CONTACT),
    ignored("title", ON_THE_CONTACT),
    ignored("description", ON_THE_CONTACT),
    ignored("lead_source", ON_THE_CONTACT),
    ignored("website", ON_THE_CONTACT),
    ignored("email_addresses[].email", ON_THE_CONTACT),
    ignored("phone_numbers[].number", ON_THE_CONTACT),
    ignored("addresses[].street_1", ON_THE_CONTACT),
    ignored("addresses[].street_2", ON_THE_CONTACT),
    ignored("addresses[].city", ON_THE_CONTACT),
    ignored("addresses[].state", ON_THE_CONTACT),
    ignored("addresses[].postal_code", ON_THE_CONTACT),
    ignored("addresses[].country", ON_THE_CONTACT),
    ignored("urls[].url", ON_THE_CONTACT),
    ignored("amount", "HubSpot's leads have no amount: a deal has"),
    ignored("currency", "HubSpot's leads have no amount: a deal has"),
    text("owner.id", "hubspot_owner_id"),
    row("owner.email", "hubspot_owner_id", How::Sought),
    row("owner.name", "hubspot_owner_id", How::Sought),
    ignored("tags[].name", TAGS),
    row("custom_fields.*", "", How::Custom),
    row("remote_data.*", "", How::Untouched),
    row("remote_query.*", "query", How::Aside),
    ignored("created_at", SET_BY_VENDOR),
    ignored("updated_at", SET_BY_VENDOR),
    ignored("last_activity_at", SET_BY_VENDOR),
    ignored("etag", ETAG),
]);

const FULL_NAME: &str = "HubSpot keeps a first and a last name: give first_name and last_name";
const SECOND_EMAIL: &str = "HubSpot's property hs_additional_emails holds further addresses, and no source says that writing it keeps those that are there: only the first address is sent";
const STREET_2: &str = "HubSpot's contacts have one street: put both lines into street_1";
const URLS: &str = "HubSpot has one web address: give website, and others under custom_fields";
const TAGS: &str = "HubSpot's records have no tags: name a property of yours under custom_fields";
const ETAG: &str = "HubSpot compares no versions of a record";
const FOLLOWERS: &str =
    "no source says how a deal's followers are set: give the property of yours under custom_fields";
const ON_THE_CONTACT: &str =
    "HubSpot keeps it on the lead's contact: upsert the contact, and give its id in contacts";
