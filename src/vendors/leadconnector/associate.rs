//! `associations.create` at LeadConnector: the definition of the pair is looked up, then one relation is created a link.

use std::collections::VecDeque;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::associations::Association as Definition;
use super::associations::by_key::{self, ByKey};
use super::capability::RULES;
use super::relations::create as relation;
use super::{NAME, error};
use crate::answer;
use crate::endpoint::{Endpoint, Options, unexpected};
use crate::error::{Code, Failure, Refusal, Report};
use crate::http::{Request, Response};
use crate::id::Id;
use crate::path;
use crate::script::{Call, Script};
use crate::unified::association::Association;
use crate::unified::entity::Entity::{self, Accounts, Contacts, Leads, Opportunities};
use crate::unified::entity::Kind;
use crate::unified::ledger::Treatment;
use crate::unified::links::{Link, Links};
use crate::unified::operation::Verb;
use crate::unified::plan::{Calls, Plan, Step};
use crate::unified::receipt::{Outcome, Receipt};

/// The key of the definition between opportunities and contacts that every location has: seen in public code.
const OPPORTUNITIES_CONTACTS: &str = "OPPORTUNITIES_CONTACTS_ASSOCIATION";
/// The same between businesses and contacts.
const BUSINESSES_CONTACTS: &str = "BUSINESSES_CONTACTS_ASSOCIATION";

/// LeadConnector's key of a kind of record.
fn object_key<'k>(kind: &'k Kind<'_>) -> &'k str {
    match kind.entity {
        Accounts | Entity::Organizations => "business",
        Contacts => "contact",
        Leads | Opportunities => "opportunity",
        Entity::Custom => &kind.name,
    }
}

/// How to find out about a link that is in doubt.
const LOOK_AGAIN: &str =
    "; run the same call again: a link that is there is answered as already linked";

/// The operation, with what is left to send.
pub struct Associate<'a> {
    links: Links<'a>,
    options: Options,
    location_id: Id<'static>,
    extra: Option<Map<String, Value>>,
    query: Map<String, Value>,
    keys: Vec<Key>,
    calls: VecDeque<Todo>,
    answers: Vec<Box<RawValue>>,
}

/// A definition to look up, and the links that wait for it.
struct Key {
    name: String,
    places: Vec<usize>,
}

/// What is ready to be sent.
enum Todo {
    Find(usize),
    Relate(usize, Request),
}

impl<'a> Associate<'a> {
    /// Reads the input.
    ///
    /// # Errors
    /// A refusal when no link of it can be tried, or when the location is not named.
    pub fn new(mut association: Association<'a>, options: &Options) -> Result<Self, Refusal> {
        let Some(location) = options.location_id.clone() else {
            return Err(Refusal::input(
                "options.locationId",
                "expected the id of a location (sub-account): LeadConnector asks for it on every call",
            ));
        };
        let location_id = Id::new(location);
        if let Some(fault) = location_id.fault() {
            return Err(Refusal::id("options.locationId", fault));
        }
        let extra = association
            .remote_data
            .clone()
            .filter(|data| !data.is_empty());
        association.remote_data = extra.clone();
        let query = association.remote_query.clone().unwrap_or_default();
        let links = Links::new(association, Verb::Create, &RULES)?;
        let keys = keys(&links);
        let script = Self {
            links,
            options: Options {
                token: None,
                ..options.clone()
            },
            location_id,
            extra,
            query,
            calls: (0..keys.len()).map(Todo::Find).collect(),
            keys,
            answers: Vec::new(),
        };
        // What else could be refused depends on the options alone: these requests show it.
        for key in &script.keys {
            script.find(key)?;
        }
        if let Some((_, link)) = script.links.open().next() {
            script
                .relate(link, "{associationId}", false)
                .map_err(|refusal| Refusal {
                    path: refusal.path.replacen("extra.", "remote_data.", 1),
                    ..refusal
                })?;
        }
        Ok(script)
    }

    fn find(&self, key: &Key) -> Result<Request, Refusal> {
        let mut request = ByKey {
            key_name: Id::new(key.name.as_str()),
            location_id: self.location_id.clone(),
        }
        .build(&self.options)?;
        path::push_query_values(&mut request.url, "", &self.query);
        Ok(request)
    }

    /// A relation's records stand in the order of the definition's objects.
    fn relate(&self, link: &Link<'_>, definition: &str, swapped: bool) -> Result<Request, Refusal> {
        let record = Id::new(self.links.entity_id.as_str());
        let target = Id::new(link.target.id.as_str());
        let (first, second) = if swapped {
            (target, record)
        } else {
            (record, target)
        };
        let mut request = relation::Create {
            location_id: self.location_id.clone(),
            association_id: Id::new(definition),
            first_record_id: first,
            second_record_id: second,
            extra: self.extra.clone(),
        }
        .build(&self.options)?;
        path::push_query_values(&mut request.url, "", &self.query);
        Ok(request)
    }

    /// The definition is known: its links can be made, the right way round.
    fn found(&mut self, key: usize, response: &Response) -> Result<(), Failure> {
        let definition = answer::object(NAME, response, Definition::read)?;
        let object =
            |value: &Option<Value>| value.as_ref().and_then(Value::as_str).map(str::to_owned);
        let first = object(&definition.first_object_key);
        let second = object(&definition.second_object_key);
        let places = self.keys.get(key).map(|key| key.places.clone());
        for place in places.unwrap_or_default() {
            let Some(link) = self.links.link(place) else {
                continue;
            };
            let (from, to) = (
                object_key(&self.links.kind),
                object_key(self.links.to(link)),
            );
            let swapped = match (first.as_deref(), second.as_deref()) {
                (Some(first), Some(second)) if (first, second) == (from, to) => false,
                (Some(first), Some(second)) if (first, second) == (to, from) => true,
                (first, second) => {
                    let message = format!(
                        "expected a definition between {from} and {to}, this one is between {} and {}",
                        first.unwrap_or("an unnamed object"),
                        second.unwrap_or("an unnamed object")
                    );
                    let refusal =
                        Refusal::input(self.links.path(link, "association_type"), message);
                    self.links.settle_refused(place, refusal);
                    continue;
                }
            };
            match self.relate(link, &definition.id, swapped) {
                Ok(request) => self.calls.push_back(Todo::Relate(place, request)),
                Err(refusal) => self.links.settle_refused(place, refusal),
            }
        }
        Ok(())
    }

    fn related(&mut self, place: usize, response: &Response) -> Result<(), Failure> {
        let answer = answer::object(NAME, response, relation::Relation::read)?;
        let id = |id: &str| {
            answer.first_record_id.as_deref() == Some(id)
                || answer.second_record_id.as_deref() == Some(id)
        };
        let told = answer.first_record_id.is_some() && answer.second_record_id.is_some();
        let right = self
            .links
            .link(place)
            .is_some_and(|link| id(link.target.id.as_str()) && id(self.links.entity_id.as_str()));
        if told && !right {
            let what = "answered with a relation of other records";
            self.fail(place, &unexpected(NAME, response, what));
        } else {
            self.links.settle(place, Outcome::Linked, None);
        }
        Ok(())
    }

    fn fail(&mut self, place: usize, failure: &Failure) {
        if failure.is_already_there() {
            self.links.settle(place, Outcome::AlreadyLinked, None);
            return;
        }
        self.links.settle_failed(place, failure, LOOK_AGAIN);
    }

    /// Without its definition no link was tried.
    fn not_found(&mut self, key: usize, mut failure: Failure) {
        let Some(key) = self.keys.get(key) else {
            return;
        };
        if failure.code == Code::NotFound || failure.code == Code::VendorValidation {
            failure.message = format!(
                "{} (looking for the definition `{}`; leadconnector.associations.create makes one)",
                failure.message, key.name
            );
        }
        for place in key.places.clone() {
            self.links
                .settle(place, Outcome::NotLinked, Some(Report::from(&failure)));
        }
    }
}

/// Relations have tags behind those of the definitions.
impl Script for Associate<'_> {
    fn plan(&self) -> Plan {
        let finds: Vec<_> = self
            .keys
            .iter()
            .filter_map(|key| self.find(key).ok())
            .collect();
        let relations: Vec<_> = self
            .links
            .open()
            .filter_map(|(_, link)| self.relate(link, "{associationId}", false).ok())
            .collect();
        Plan {
            operation: self.links.verb.operation(),
            vendor: NAME,
            calls: Calls {
                min: finds.len(),
                max: finds.len() + relations.len(),
            },
            steps: vec![
                Step {
                    purpose: "find the definition of each kind of link",
                    requests: finds,
                    depends_on: None,
                },
                Step {
                    purpose: "create one relation for each link",
                    requests: relations,
                    depends_on: Some("the definition's id, and which of its objects comes first"),
                },
            ],
            fields: self.links.ledger(treatment),
            strategies: Vec::new(),
            refused: self.links.refused(),
            warnings: Vec::new(),
        }
    }

    fn next(&mut self) -> Option<Call> {
        let (tag, request, repeat) = match self.calls.pop_front()? {
            Todo::Find(key) => {
                let request = self.find(self.keys.get(key)?).ok()?;
                (key, request, by_key::FACTS.repeat)
            }
            Todo::Relate(place, request) => {
                (self.keys.len() + place, request, relation::FACTS.repeat)
            }
        };
        Some(Call {
            tag,
            request,
            repeat,
            check: |response| error::success(response).map(|_| ()),
        })
    }

    fn answered(&mut self, tag: usize, answer: Result<&Response, Failure>) -> Result<(), Failure> {
        match (tag.checked_sub(self.keys.len()), answer) {
            (None, Ok(response)) => self.found(tag, response)?,
            (None, Err(failure)) => self.not_found(tag, failure),
            (Some(place), Ok(response)) => {
                self.related(place, response)?;
                self.answers
                    .extend(RawValue::from_string(response.body.clone()).ok());
            }
            (Some(place), Err(failure)) => self.fail(place, &failure),
        }
        Ok(())
    }

    fn receipt(&mut self) -> Receipt {
        self.links.receipt(std::mem::take(&mut self.answers))
    }
}

fn keys(links: &Links<'_>) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    for (place, link) in links.open() {
        let name = match (link.target.types().next(), links.kind.entity, link.to) {
            (Some(key), _, _) => key,
            (None, Accounts, _) | (None, _, Accounts) => BUSINESSES_CONTACTS,
            (None, _, _) => OPPORTUNITIES_CONTACTS,
        };
        match keys.iter_mut().find(|key| key.name == name) {
            Some(key) => key.places.push(place),
            None => keys.push(Key {
                name: name.to_owned(),
                places: vec![place],
            }),
        }
    }
    keys
}

fn treatment(field: &str) -> Treatment {
    match field {
        "entity" => Treatment::Coerced("the order of the two records"),
        "entity_id" | "id" => Treatment::Renamed("firstRecordId or secondRecordId"),
        "association_type" => Treatment::Coerced("associationId"),
        "remote_data" => Treatment::PassedThrough("body"),
        "remote_query" => Treatment::PassedThrough("query"),
        _ => Treatment::Ignored("it says what is so anyway"),
    }
}
