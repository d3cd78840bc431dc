//! `associations.create` at HubSpot: the default association, one call for one target, a batch for several of a kind.

use std::collections::VecDeque;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::associations::batch_create_default::{self, BatchCreateDefault, LARGEST};
use super::associations::create_default::{self, CreateDefault};
use super::associations::{DefaultAssociations, Pair as Input, Record};
use super::capability::RULES;
use super::{DEFAULT_VERSION, NAME, error, object_type};
use crate::endpoint::{Endpoint, Options, Repeat, unexpected};
use crate::error::{Failure, Refusal, Report};
use crate::http::{Request, Response};
use crate::id::Id;
use crate::path;
use crate::script::{Call, Script};
use crate::unified::association::Association;
use crate::unified::entity::Entity;
use crate::unified::ledger::Treatment;
use crate::unified::links::Links;
use crate::unified::operation::Verb;
use crate::unified::places::Places;
use crate::unified::plan::{Calls, Plan, Step};
use crate::unified::receipt::{Outcome, Receipt};

/// How to find out about a link that is in doubt.
const LOOK_AGAIN: &str =
    "; run the same call again: it makes what is missing and changes nothing that is there";

/// The operation, with what is left to send.
pub struct Associate<'a> {
    links: Links<'a>,
    options: Options,
    query: Map<String, Value>,
    batches: Vec<Batch>,
    next: VecDeque<usize>,
    answers: Vec<Box<RawValue>>,
}

/// The places of the links that one call makes; all their targets are of one kind.
struct Batch {
    to: Entity,
    places: Vec<usize>,
}

impl<'a> Associate<'a> {
    /// Reads the input.
    ///
    /// # Errors
    /// A refusal when no link of it can be tried, or when the options do not fit.
    pub fn new(mut association: Association<'a>, options: &Options) -> Result<Self, Refusal> {
        let query = association.remote_query.clone().unwrap_or_default();
        association.remote_data = association.remote_data.filter(|data| !data.is_empty());
        let links = Links::new(association, Verb::Create, &RULES)?;
        let mut options = options.clone();
        options.token = None;
        options
            .api_version
            .get_or_insert_with(|| DEFAULT_VERSION.to_owned());
        create_default::FACTS.version(&options)?;
        let batches = batches(&links);
        let script = Self {
            next: (0..batches.len()).collect(),
            links,
            options,
            query,
            batches,
            answers: Vec::new(),
        };
        // What else could be refused depends on the options alone: one request shows it.
        if let Some((place, link)) = script.links.open().next() {
            script.request(&Batch {
                to: link.to,
                places: vec![place],
            })?;
        }
        Ok(script)
    }

    fn request(&self, batch: &Batch) -> Result<Request, Refusal> {
        let from = self.links.entity_id.as_str();
        let from_object_type = Id::new(object_type(&self.links.kind));
        let first = batch
            .places
            .first()
            .and_then(|place| self.links.link(*place));
        let to = first.map_or(&self.links.kind, |link| self.links.to(link));
        let to_object_type = Id::new(object_type(to));
        let mut targets = batch
            .places
            .iter()
            .filter_map(|place| self.links.link(*place))
            .map(|link| Id::new(link.target.id.as_str()));
        let mut request = match targets.next() {
            Some(only) if batch.places.len() == 1 => CreateDefault {
                from_object_type,
                from_object_id: Id::new(from),
                to_object_type,
                to_object_id: only,
            }
            .build(&self.options)?,
            first => BatchCreateDefault {
                from_object_type,
                to_object_type,
                inputs: first
                    .into_iter()
                    .chain(targets)
                    .map(|id| Input {
                        from: Record { id: Id::new(from) },
                        to: Record { id },
                    })
                    .collect(),
            }
            .build(&self.options)?,
        };
        path::push_query_values(&mut request.url, "", &self.query);
        Ok(request)
    }

    /// Counts the results against what was asked: a status alone proves nothing.
    fn settle(&mut self, tag: usize, answer: &DefaultAssociations, response: &Response) {
        let Some(batch) = self.batches.get(tag) else {
            return;
        };
        let own = self.links.entity_id.as_str();
        // HubSpot lists both directions, in no promised order.
        let mut shown = Places::default();
        for (place, result) in answer.results.iter().enumerate() {
            match (result.from.id.as_str(), result.to.id.as_str()) {
                (from, to) if from == own => shown.insert((batch.to, to, None), place),
                (from, to) if to == own => shown.insert((batch.to, from, None), place),
                _ => None,
            };
        }
        let mut named = Places::default();
        for (place, error) in answer.errors.iter().enumerate() {
            let ids = error.context.values().filter_map(Value::as_array).flatten();
            for id in ids.filter_map(Value::as_str) {
                named.entry((batch.to, id, None)).or_insert(place);
            }
        }
        // An error that names none of the links is about all that are missing, if it is the only one.
        let names = |place: &usize| {
            let link = self.links.link(*place);
            link.is_some_and(|link| named.contains_key(&(batch.to, link.target.id.as_str(), None)))
        };
        let nameless = match answer.errors.as_slice() {
            [only] if !batch.places.iter().any(names) => Some(only),
            _ => None,
        };
        let mut settled = Vec::with_capacity(batch.places.len());
        for place in &batch.places {
            let Some(link) = self.links.link(*place) else {
                continue;
            };
            let id = link.target.id.as_str();
            if shown.contains_key(&(batch.to, id, None)) {
                settled.push((*place, Outcome::Linked, None));
                continue;
            }
            let error = match named.get(&(batch.to, id, None)) {
                Some(place) => answer.errors.get(*place),
                None => nameless,
            };
            let failure = match error {
                Some(error) => error::item(response, error),
                None => unexpected(
                    NAME,
                    response,
                    &format!("answered {} but does not list this link", response.status),
                ),
            };
            settled.push((*place, Outcome::NotLinked, Some(Report::from(&failure))));
        }
        for (place, outcome, reason) in settled {
            self.links.settle(place, outcome, reason);
        }
    }

    fn fail(&mut self, tag: usize, failure: &Failure) {
        let places = self.batches.get(tag).map(|batch| batch.places.clone());
        for place in places.unwrap_or_default() {
            self.links.settle_failed(place, failure, LOOK_AGAIN);
        }
    }
}

impl Script for Associate<'_> {
    fn plan(&self) -> Plan {
        let requests: Vec<_> = self
            .batches
            .iter()
            .filter_map(|batch| self.request(batch).ok())
            .collect();
        let version = create_default::FACTS.version(&self.options).ok();
        let ends = version.and_then(|version| Some((version.name, version.ends?)));
        Plan {
            operation: self.links.verb.operation(),
            vendor: NAME,
            calls: Calls {
                min: requests.len(),
                max: requests.len(),
            },
            steps: vec![Step {
                purpose: "create the default association in both directions",
                requests,
                depends_on: None,
            }],
            fields: self.links.ledger(treatment),
            strategies: Vec::new(),
            refused: self.links.refused(),
            warnings: ends
                .map(|(name, ends)| {
                    format!("HubSpot ends its {name} paths on {ends}: choose a dated apiVersion")
                })
                .into_iter()
                .collect(),
        }
    }

    fn next(&mut self) -> Option<Call> {
        let tag = self.next.pop_front()?;
        let batch = self.batches.get(tag)?;
        match self.request(batch) {
            Ok(request) => Some(Call {
                tag,
                request,
                repeat: Repeat::Safe,
                check: |response| error::success(response).map(|_| ()),
            }),
            Err(refusal) => {
                for place in batch.places.clone() {
                    self.links.settle_refused(place, refusal.clone());
                }
                self.next()
            }
        }
    }

    fn answered(&mut self, tag: usize, answer: Result<&Response, Failure>) -> Result<(), Failure> {
        match answer {
            Ok(response) => {
                let answer = batch_create_default::read_partial(response)?;
                self.answers
                    .extend(RawValue::from_string(response.body.clone()).ok());
                self.settle(tag, &answer, response);
            }
            Err(failure) => self.fail(tag, &failure),
        }
        Ok(())
    }

    fn receipt(&mut self) -> Receipt {
        self.links.receipt(std::mem::take(&mut self.answers))
    }
}

/// Targets of one kind go together, in the order in which their kinds were first named.
fn batches(links: &Links<'_>) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    for (place, link) in links.open() {
        let room = |batch: &&mut Batch| batch.to == link.to && batch.places.len() < LARGEST;
        match batches.iter_mut().find(room) {
            Some(batch) => batch.places.push(place),
            None => batches.push(Batch {
                to: link.to,
                places: vec![place],
            }),
        }
    }
    batches
}

fn treatment(field: &str) -> Treatment {
    match field {
        "entity" => Treatment::Renamed("fromObjectType"),
        "entity_id" => Treatment::Renamed("from.id"),
        "id" => Treatment::Renamed("to.id"),
        "remote_query" => Treatment::PassedThrough("query"),
        "remote_data" => Treatment::Ignored("HubSpot's default association takes no further data"),
        _ => Treatment::Ignored("it says what is so anyway"),
    }
}
