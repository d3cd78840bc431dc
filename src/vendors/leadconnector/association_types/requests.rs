//! The requests of the operation, and what they carry.

use serde_json::Value;

use super::{AssociationTypes, Job, PAGE};
use crate::endpoint::{Endpoint, Repeat};
use crate::error::Refusal;
use crate::http::Request;
use crate::id::Id;
use crate::path;
use crate::vendors::leadconnector::associations::{by_key, create, delete, get, list, update};
use crate::vendors::leadconnector::kinds::object_key;

const NO_NAME: &str = "expected the definition's `id` or its `key`";

impl AssociationTypes<'_> {
    pub(super) fn build(&self, job: Job) -> Result<(Request, Repeat), Refusal> {
        let (input, options, location) = (&self.input, &self.options, &self.location);
        let text = |text: &Option<_>| text.clone().unwrap_or_default();
        let known = self.read.first();
        let id = known.map_or("{associationId}", |known| known.id.as_str());
        let by_id = |id: &str| {
            get::Get {
                association_id: Id::new(id.to_owned()),
            }
            .build(options)
        };
        let by_key = |key: &Id<'_>| {
            by_key::ByKey {
                key_name: key.clone(),
                location_id: location.clone(),
            }
            .build(options)
        };
        let request = match job {
            Job::Page(skip) => list::List {
                location_id: location.clone(),
                skip: Some(skip),
                limit: Some(PAGE),
            }
            .build(options),
            Job::Read | Job::ReadAgain => match (&input.id, &input.key) {
                (Some(id), _) => by_id(id.as_str()),
                (None, Some(key)) => by_key(key),
                (None, None) => Err(Refusal::input("id", NO_NAME)),
            },
            Job::LookAgain => by_id(id),
            Job::Create => {
                let [from, to] = [&input.from, &input.to]
                    .map(|kind| kind.as_ref().map_or("", object_key).to_owned());
                create::Create {
                    location_id: location.clone(),
                    key: input.key.clone().unwrap_or_else(|| Id::new("")),
                    first_object_label: text(&input.label),
                    first_object_key: Id::new(from),
                    second_object_label: text(match input.inverse_label.is_some() {
                        true => &input.inverse_label,
                        false => &input.label,
                    }),
                    second_object_key: Id::new(to),
                    extra: input.remote_data.clone(),
                }
                .build(options)
            }
            Job::Update => {
                let [first, second] = self.labels();
                update::Update {
                    association_id: Id::new(id.to_owned()),
                    first_object_label: first.into(),
                    second_object_label: second.into(),
                }
                .build(options)
            }
            Job::Delete => delete::Delete {
                association_id: Id::new(id.to_owned()),
            }
            .build(options),
        };
        let mut request = request.map_err(|refusal| Refusal {
            path: theirs(&refusal.path),
            ..refusal
        })?;
        if let Some(query) = &input.remote_query {
            path::push_query_values(&mut request.url, "", query);
        }
        // Keys are unique, and an update or a delete says what is to be.
        Ok((request, Repeat::Safe))
    }

    /// The labels that are to be: one that is not given stays as it is.
    pub(super) fn labels(&self) -> [String; 2] {
        let known = self.read.first();
        let label = |given: &Option<std::borrow::Cow<'_, str>>, value: Option<&Value>| match given {
            Some(given) => given.to_string(),
            None => value
                .and_then(Value::as_str)
                .unwrap_or("{label}")
                .to_owned(),
        };
        let first = known.and_then(|known| known.first_object_label.as_ref());
        let second = known.and_then(|known| known.second_object_label.as_ref());
        [
            label(&self.input.label, first),
            label(&self.input.inverse_label, second),
        ]
    }
}

/// The caller's name of a field.
fn theirs(path: &str) -> String {
    match path {
        "firstObjectLabel" => "label".to_owned(),
        "secondObjectLabel" => "inverse_label".to_owned(),
        "firstObjectKey" => "from".to_owned(),
        "secondObjectKey" => "to".to_owned(),
        "key_name" => "key".to_owned(),
        "associationId" => "id".to_owned(),
        "locationId" => "options.locationId".to_owned(),
        other => other.replacen("extra.", "remote_data.", 1),
    }
}
