//! Counts what an answer shows against what was asked: a status alone proves nothing, and no order is promised.

use serde_json::Value;

use crate::error::Failure;
use crate::http::Response;
use crate::unified::entity::Entity;
use crate::unified::places::Places;
use crate::vendors::hubspot::associations::ItemError;
use crate::vendors::hubspot::error;

/// What an answer says of records, by their ids. All of them were asked to be linked with one other record.
pub(super) struct Results<'r> {
    response: &'r Response,
    shown: Places<'r>,
    named: Places<'r>,
    errors: &'r [ItemError],
    nameless: Option<&'r ItemError>,
}

impl<'r> Results<'r> {
    /// Reads an answer about the records `asked`, linked with `own`; `shown` are the ends of the links that it lists.
    pub(super) fn new(
        response: &'r Response,
        own: &str,
        asked: &[&str],
        shown: impl Iterator<Item = (&'r str, &'r str)>,
        errors: &'r [ItemError],
    ) -> Self {
        let mut results = Self {
            response,
            shown: Places::default(),
            named: Places::default(),
            errors,
            nameless: None,
        };
        for (place, ends) in shown.enumerate() {
            // HubSpot lists one direction or both.
            match ends {
                (from, to) if from == own => results.shown.insert(key(to), place),
                (from, to) if to == own => results.shown.insert(key(from), place),
                _ => None,
            };
        }
        for (place, error) in errors.iter().enumerate() {
            for id in ids(error) {
                results.named.entry(key(id)).or_insert(place);
            }
        }
        // An error that names none of them is about all that are missing, if it is the only one.
        let named = |id: &&str| results.named.contains_key(&key(id));
        results.nameless = match errors {
            [only] if !asked.iter().any(named) => Some(only),
            _ => None,
        };
        results
    }

    /// Whether the answer lists a link with this record.
    pub(super) fn shows(&self, id: &str) -> bool {
        self.shown.contains_key(&key(id))
    }

    /// What the answer says against a record.
    pub(super) fn error(&self, id: &str) -> Option<Failure> {
        let error = match self.named.get(&key(id)) {
            Some(place) => self.errors.get(*place),
            None => self.nameless,
        };
        error.map(|error| error::item(self.response, error))
    }
}

fn key(id: &str) -> (Entity, &str, Option<&str>) {
    (Entity::Custom, id, None)
}

/// The ids that an error's context names: HubSpot calls them `toObjectId`, `objectId` and the like.
fn ids(error: &ItemError) -> impl Iterator<Item = &str> {
    let named = error.context.iter();
    let lists = named.filter(|(name, _)| name.ends_with("id") || name.ends_with("Id"));
    let values = lists.filter_map(|(_, value)| value.as_array()).flatten();
    values.filter_map(Value::as_str)
}
