//! The calls that write records, and their bodies.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;

use super::Upsert;
use super::admit::goes_by_upsert;
use crate::error::Refusal;
use crate::http::Request;
use crate::id::Id;
use crate::json::{Raw, value as parse};
use crate::unified::entity::Entity;
use crate::unified::record::mapping::Property;
use crate::upsert::{Item, Write};
use crate::vendors::leadconnector::{businesses, contacts, opportunities, send};

impl Upsert {
    pub(super) fn request(&self, write: Write, item: &Item) -> Result<Request, Refusal> {
        let options = &self.options;
        let id = item.id().unwrap_or_default();
        match (self.entity, write) {
            (Entity::Contacts, Write::Update) => {
                contacts::update::build(id, options, &self.body(item, false))
            }
            (Entity::Contacts, _) => contacts::upsert::build(options, &self.body(item, true)),
            (Entity::Opportunities, Write::Update) if !goes_by_upsert(item) => {
                opportunities::update::build(id, options, &self.body(item, false))
            }
            (Entity::Opportunities, _) => {
                let body = Body {
                    id: item.id(),
                    ..self.body(item, true)
                };
                send(&opportunities::upsert::FACTS, options, &[], &body)
            }
            (_, Write::Update) => businesses::update::build(id, options, &self.body(item, false)),
            _ => {
                if item.mapped.property("name").is_none() {
                    let message = "expected a name: LeadConnector makes no business without one";
                    return Err(Refusal::input(item.full("name"), message));
                }
                businesses::create::build(options, &self.body(item, true))
            }
        }
    }

    /// The record's fields with what every body has.
    fn body<'i>(&'i self, item: &'i Item, located: bool) -> Body<'i> {
        let v3 = self.options.api_version.as_deref() == Some("v3");
        Body {
            location: located.then_some(&self.location),
            id: None,
            item,
            // The spelling of contacts in v3 is not among the published files.
            value: match v3 && self.entity == Entity::Opportunities {
                true => "fieldValue",
                false => "field_value",
            },
        }
    }
}

/// A body: the fields as JSON text, so that numbers keep their digits.
struct Body<'i> {
    location: Option<&'i Id<'static>>,
    id: Option<&'i str>,
    item: &'i Item,
    /// How the value of a custom field is called.
    value: &'static str,
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(id) = self.id {
            map.serialize_entry("id", id)?;
        }
        if let Some(location) = self.location {
            map.serialize_entry("locationId", location)?;
        }
        let properties = &self.item.mapped.properties;
        for property in properties.iter().filter(|one| !is_custom(one)) {
            map.serialize_entry(&property.name, &Text(&property.json))?;
        }
        if properties.iter().any(is_custom) {
            map.serialize_entry("customFields", &Custom(properties, self.value))?;
        }
        if let Some(ids) = self.item.aside("followers.ids") {
            map.serialize_entry("followers", &followers(&ids.json))?;
            // Never true here: it would take all followers away.
            map.serialize_entry("isRemoveAllFollowers", &false)?;
            let action = self.item.aside("followers.action");
            let action = action.map_or(Cow::Borrowed("add"), |action| action.text());
            map.serialize_entry("followersActionType", &action)?;
        }
        map.end()
    }
}

struct Custom<'i>(&'i [Property], &'static str);

impl Serialize for Custom<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for property in self.0.iter().filter(|one| is_custom(one)) {
            list.serialize_element(&Field(property, self.1))?;
        }
        list.end()
    }
}

struct Field<'i>(&'i Property, &'static str);

impl Serialize for Field<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("id", &self.0.name)?;
        map.serialize_entry(self.1, &Text(&self.0.json))?;
        map.end()
    }
}

/// JSON text as it stands.
struct Text<'i>(&'i str);

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // It was parsed when it was read.
        Raw::new(self.0.to_owned()).serialize(serializer)
    }
}

pub(super) fn is_custom(property: &Property) -> bool {
    property.custom && property.path.starts_with("custom_fields.")
}

/// The ids of followers, given as a list or as one.
pub(super) fn followers(json: &str) -> Vec<Value> {
    match parse(json).unwrap_or_default() {
        Value::Array(ids) => ids,
        one => vec![one],
    }
}
