//! The plain links of several records at once: HubSpot's batch of default associations takes pairs of any records, so that a
//! batch of records and their companies are a few calls, and not one for each record.

use std::collections::VecDeque;

use super::associations::batch_create_default::{self, BatchCreateDefault, LARGEST};
use super::associations::{DefaultAssociations, Pair, Record};
use super::{NAME, error, object_type};
use crate::endpoint::{Endpoint, Options, Repeat, json, unexpected};
use crate::error::{Doubt, Failure, Refusal, Report};
use crate::http::{Request, Response};
use crate::id::Id;
use crate::script::{Call, Script};
use crate::sorted::SortedSet;
use crate::unified::association::Association;
use crate::unified::entity::Kind;
use crate::unified::links::{Inverse, Links};
use crate::unified::operation::Verb;
use crate::unified::plan::{Calls, Plan, Step};
use crate::unified::receipt::{Linked, Linking, Outcome, Receipt};

/// How to find out about a link that is in doubt.
const LINK_AGAIN: Doubt =
    Doubt::run_again("; link the record again: a link that is there stays as it is");

/// The links of several records.
pub(super) struct Pairs {
    records: Vec<Links<'static>>,
    options: Options,
    batches: Vec<Batch>,
    next: VecDeque<usize>,
}

/// Links that one call makes: each a record's place and a link's.
struct Batch {
    from: Kind<'static>,
    to: Kind<'static>,
    places: Vec<(usize, usize)>,
}

/// Whether all links of a record are plain: no labels, no main company.
pub(super) fn are_plain(association: &Association<'_>) -> bool {
    let mut targets = association
        .associations
        .0
        .iter()
        .flat_map(|group| &group.targets);
    targets.all(|target| {
        target.role.is_none()
            && target.association_type.is_none()
            && target.primary.is_none()
            && target.replace.is_none()
    })
}

impl Pairs {
    /// Takes the links of records of one kind.
    pub(super) fn new(records: Vec<Links<'static>>, options: Options) -> Self {
        let mut batches: Vec<Batch> = Vec::new();
        for (record, links) in records.iter().enumerate() {
            for (place, link) in links.open() {
                let to = links.to(link);
                let room = |batch: &&mut Batch| batch.to == *to && batch.places.len() < LARGEST;
                match batches.iter_mut().find(room) {
                    Some(batch) => batch.places.push((record, place)),
                    None => batches.push(Batch {
                        from: links.kind.clone(),
                        to: to.clone(),
                        places: vec![(record, place)],
                    }),
                }
            }
        }
        Self {
            next: (0..batches.len()).collect(),
            records,
            options,
            batches,
        }
    }

    /// A record's and a target's id.
    fn ids(&self, (record, place): (usize, usize)) -> Option<(&str, &str)> {
        let links = self.records.get(record)?;
        Some((
            links.entity_id.as_str(),
            links.link(place)?.target.id.as_str(),
        ))
    }

    fn request(&self, batch: &Batch) -> Result<Request, Refusal> {
        let record = |id: &str| Record {
            id: Id::new(id.to_owned()),
        };
        let pairs = batch.places.iter().filter_map(|at| self.ids(*at));
        BatchCreateDefault {
            from_object_type: Id::new(object_type(&batch.from)),
            to_object_type: Id::new(object_type(&batch.to)),
            inputs: pairs
                .map(|(from, to)| Pair {
                    from: record(from),
                    to: record(to),
                })
                .collect(),
        }
        .build(&self.options)
    }

    /// Counts the results against what was asked: a status alone proves nothing.
    fn settle(&mut self, tag: usize, answer: &DefaultAssociations, response: &Response) {
        let Some(batch) = self.batches.get(tag) else {
            return;
        };
        // HubSpot lists both directions, in no promised order.
        let mut shown = SortedSet::new();
        for result in &answer.results {
            shown.add((result.from.id.as_str(), result.to.id.as_str()));
            shown.add((result.to.id.as_str(), result.from.id.as_str()));
        }
        let contexts: Vec<_> = answer
            .errors
            .iter()
            .map(|error| json(&error.context))
            .collect();
        let names = |context: &String, (from, to): (&str, &str)| {
            context.contains(&json(&from)) && context.contains(&json(&to))
        };
        let mut settled = Vec::with_capacity(batch.places.len());
        for at in &batch.places {
            let Some(ids) = self.ids(*at) else {
                continue;
            };
            if shown.contains(&ids) {
                settled.push((*at, None));
                continue;
            }
            let named = contexts.iter().position(|context| names(context, ids));
            let only = (answer.errors.len() == 1).then_some(0);
            let error = named.or(only).and_then(|place| answer.errors.get(place));
            let failure = match error {
                Some(known) => error::item(response, known),
                None => unexpected(
                    NAME,
                    response,
                    &format!("answered {} but does not list this link", response.status),
                ),
            };
            settled.push((*at, Some(Report::from(&failure))));
        }
        for ((record, place), reason) in settled {
            let Some(links) = self.records.get_mut(record) else {
                continue;
            };
            match reason {
                // Nobody looked whether it was there before.
                None => links.settle_done(place, Outcome::Linked, Inverse::None),
                reason => links.settle(place, Outcome::NotLinked, reason),
            }
        }
    }
}

impl Script for Pairs {
    fn plan(&self) -> Plan {
        let batches = self.batches.iter();
        let requests: Vec<_> = batches
            .filter_map(|batch| self.request(batch).ok())
            .collect();
        Plan {
            operation: Verb::Create.operation(),
            vendor: NAME,
            calls: Calls {
                min: requests.len(),
                max: requests.len(),
            },
            steps: vec![Step {
                purpose: "create the default associations in both directions",
                requests,
                depends_on: None,
            }],
            fields: Vec::new(),
            strategies: Vec::new(),
            refused: self.records.iter().flat_map(Links::refused).collect(),
            warnings: Vec::new(),
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
                for (record, place) in batch.places.clone() {
                    if let Some(links) = self.records.get_mut(record) {
                        links.settle_refused(place, refusal.clone());
                    }
                }
                self.next()
            }
        }
    }

    fn answered(&mut self, tag: usize, answer: Result<&Response, Failure>) -> Result<(), Failure> {
        match answer {
            Ok(response) => {
                let answer = batch_create_default::read_partial(response)?;
                self.settle(tag, &answer, response);
            }
            Err(failure) => {
                let places = self.batches.get(tag).map(|batch| batch.places.clone());
                for (record, place) in places.unwrap_or_default() {
                    if let Some(links) = self.records.get_mut(record) {
                        links.settle_failed(place, &failure, LINK_AGAIN);
                    }
                }
            }
        }
        Ok(())
    }

    fn receipt(&mut self) -> Receipt {
        let receipts = self.records.iter().map(|links| links.receipt(None));
        let links = receipts
            .flat_map(|receipt| receipt.links().to_vec())
            .collect();
        Receipt::Links(Linking {
            entity: "".into(),
            entity_id: String::new(),
            associations: Linked(Vec::new()),
            links,
            failed: Vec::new(),
            undo: Vec::new(),
            remote_data: None,
        })
    }
}
