//! The fields of the unified records, as data. The names are those of the founding page's product, with what it lacks.

use super::{Field, Shape};
use crate::unified::entity::Entity;

/// The fields of a kind of record; none for a kind that cannot be upserted.
#[must_use]
pub const fn schema(entity: Entity) -> &'static [&'static [Field]] {
    match entity {
        Entity::Accounts => &[CONTROL, COMMON, PLACES, ACCOUNTS],
        Entity::Contacts => &[CONTROL, COMMON, PLACES, EMAILS, CONTACTS],
        Entity::Leads => &[CONTROL, COMMON, PLACES, EMAILS, LEADS],
        Entity::Opportunities => &[CONTROL, COMMON, OPPORTUNITIES],
        Entity::Organizations | Entity::Custom => &[],
    }
}

/// Other spellings of a field, and its name here.
pub(super) const ALIASES: &[(&str, &str)] = &[("contact[]", "contacts[]")];

/// What says which record is meant.
const CONTROL: &[Field] = &[
    field("id", Shape::Id),
    field("match_by", Shape::Text),
    field(
        "on_ambiguous",
        Shape::Word(&["error", "first", "newest", "list"]),
    ),
];

const COMMON: &[Field] = &[
    field("name", Shape::Text),
    field("description", Shape::Text),
    field("owner.id", Shape::Id),
    field("owner.name", Shape::Text),
    field("owner.email", Shape::Text),
    field("tags[].id", Shape::Id),
    field("tags[].name", Shape::Text),
    field("custom_fields.*", Shape::Any),
    field("remote_data.*", Shape::Json),
    field("remote_query.*", Shape::Json),
    field("last_activity_at", Shape::Time),
    field("created_at", Shape::Time),
    field("updated_at", Shape::Time),
    field("etag", Shape::Text),
];

const PLACES: &[Field] = &[
    field("addresses[].id", Shape::Id),
    field("addresses[].street_1", Shape::Text),
    field("addresses[].street_2", Shape::Text),
    field("addresses[].city", Shape::Text),
    field("addresses[].state", Shape::Text),
    field("addresses[].postal_code", Shape::Text),
    field("addresses[].country", Shape::Text),
    field("addresses[].type", Shape::Text),
    field("phone_numbers[].id", Shape::Id),
    field("phone_numbers[].number", Shape::Text),
    field("phone_numbers[].extension", Shape::Text),
    field("phone_numbers[].type", Shape::Text),
    field("urls[].url", Shape::Text),
    field("urls[].type", Shape::Text),
    field("website", Shape::Text),
];

const EMAILS: &[Field] = &[
    field("email_addresses[].id", Shape::Id),
    field("email_addresses[].email", Shape::Text),
    field("email_addresses[].type", Shape::Text),
    field("first_name", Shape::Text),
    field("last_name", Shape::Text),
    field("title", Shape::Text),
    field("account.id", Shape::Id),
    field("account.name", Shape::Text),
];

const ACCOUNTS: &[Field] = &[
    field("industry", Shape::Text),
    field("number_of_employees", Shape::Number),
];

const CONTACTS: &[Field] = &[];

const LEADS: &[Field] = &[
    field("lead_source", Shape::Text),
    field("lead_type", Shape::Text),
    field("status", Shape::Text),
    field("contacts[].id", Shape::Id),
    field("pipeline.id", Shape::Id),
    field("pipeline.name", Shape::Text),
    field("stage.id", Shape::Id),
    field("stage.name", Shape::Text),
    field("currency", Shape::Text),
    field("amount", Shape::Number),
];

const OPPORTUNITIES: &[Field] = &[
    field("amount", Shape::Number),
    field("currency", Shape::Text),
    field("status", Shape::Text),
    field("close_date", Shape::Time),
    field("account.id", Shape::Id),
    field("account.name", Shape::Text),
    field("contacts[].id", Shape::Id),
    field("contacts[].role", Shape::Text),
    field("contacts[].primary", Shape::Flag),
    field("pipeline.id", Shape::Id),
    field("pipeline.name", Shape::Text),
    field("stage.id", Shape::Id),
    field("stage.name", Shape::Text),
    field("lost_reason.id", Shape::Id),
    field("lost_reason.name", Shape::Text),
    field("followers.ids", Shape::Ids),
    field(
        "followers.action",
        Shape::Word(&["add", "remove", "replace"]),
    ),
];

const fn field(path: &'static str, shape: Shape) -> Field {
    Field { path, shape }
}
