//! What a change would send, and what it costs.

use super::{Associate, Group, Job, MOST_PAGES, chunks};
use crate::http::Request;
use crate::id::Id;
use crate::unified::ledger::Treatment;
use crate::unified::operation::Verb;
use crate::unified::plan::{Calls, Plan, Step};
use crate::vendors::hubspot::V4_ENDS;
use crate::vendors::hubspot::associations::batch_create::LARGEST;
use crate::vendors::hubspot::associations::{Record, TypedPair};
use crate::vendors::hubspot::capability::RULES;
use crate::vendors::hubspot::type_ids::Kind;

/// Reads first, then what needs no read, then the dearest case of what does.
pub(super) fn plan(script: &Associate<'_>) -> Plan {
    let mut drafts = Drafts::default();
    for (number, group) in script.groups.iter().enumerate() {
        drafts.draft(script, number, group);
    }
    let depends = [
        None,
        None,
        Some("the labels that there are"),
        Some("what is there"),
        Some("what is there"),
    ];
    let purposes = [
        "read what the record is associated with, and the labels",
        "create the default association in both directions",
        "define the labels that are missing",
        "make what is missing",
        "take away what goes",
    ];
    let steps = drafts.steps.into_iter().zip(purposes).zip(depends);
    let steps = steps.filter(|((requests, _), _)| !requests.is_empty());
    let mut warnings = Vec::new();
    if script.options.api_version.as_deref() == Some("v4") {
        let ends = V4_ENDS.unwrap_or_default();
        warnings.push(format!(
            "HubSpot ends its v4 paths on {ends}: choose a dated apiVersion"
        ));
    }
    if script.groups.iter().any(|group| group.looks) {
        warnings.push(
            "each further 500 links that the record has of a kind cost one more read".to_owned(),
        );
    }
    Plan {
        operation: script.links.verb.operation(),
        vendor: RULES.vendor,
        calls: drafts.calls,
        steps: steps
            .map(|((requests, purpose), depends_on)| Step {
                purpose,
                requests,
                depends_on,
            })
            .collect(),
        fields: script.links.ledger(match script.links.verb {
            Verb::Remove => taken,
            _ => made,
        }),
        strategies: Vec::new(),
        refused: script.links.refused(),
        warnings,
    }
}

struct Drafts {
    /// What is read, what needs no read, what is defined, made and taken away.
    steps: [Vec<Request>; 5],
    calls: Calls,
}

impl Default for Drafts {
    fn default() -> Self {
        Self {
            steps: Default::default(),
            calls: Calls { min: 0, max: 0 },
        }
    }
}

impl Drafts {
    fn draft(&mut self, script: &Associate<'_>, number: usize, group: &Group<'_>) {
        let [reads, exact, defines, makes, takes] = &mut self.steps;
        let verb = script.links.verb;
        let add = |requests: &mut Vec<Request>, job: &Job| {
            requests.extend(script.request(job).ok());
        };
        if group.looks {
            add(reads, &Job::List(number, None));
            self.calls.min += 1;
            self.calls.max += MOST_PAGES;
        }
        if group.names {
            add(reads, &Job::Labels(number));
            self.calls.min += 1;
            self.calls.max += 1;
        }
        if group.names && !script.news.is_empty() {
            for new in 0..script.news.len() {
                add(defines, &Job::Define(number, new));
            }
            self.calls.max += script.news.len() + 1;
        }
        let (mut plain, mut labelled) = (Vec::new(), Vec::new());
        for place in &group.places {
            let Some(link) = script.links.link(*place) else {
                continue;
            };
            let target = &link.target;
            let named = target.role.is_some() || target.association_type.is_some();
            match named || (verb.makes() && target.primary.is_some()) {
                true => labelled.push(*place),
                false => plain.push(*place),
            }
        }
        if !group.looks && !group.names {
            for places in chunks(plain) {
                add(exact, &Job::Link(number, places));
                self.calls.min += 1;
                self.calls.max += 1;
            }
            return;
        }
        self.calls.max += plain.len().div_ceil(LARGEST) + labelled.len().div_ceil(LARGEST);
        for places in chunks(plain) {
            match verb {
                Verb::Remove => add(takes, &Job::Archive(number, places)),
                _ => add(makes, &Job::Link(number, places)),
            }
        }
        for places in chunks(labelled) {
            let pairs = pairs(script, group, &places);
            let request = script.labels(group, pairs, verb == Verb::Remove);
            match verb {
                Verb::Remove => takes.extend(request.ok()),
                _ => makes.extend(request.ok()),
            }
            // A label may turn out to be the plain kind: then the whole pair goes; a `set` may take others away.
            self.calls.max += 1;
        }
        if verb == Verb::Set {
            self.calls.max += (MOST_PAGES * 500).div_ceil(LARGEST);
        }
    }
}

/// The pairs with the numbers that are known before anything is read; the plain one stands for the others.
fn pairs<'c>(script: &'c Associate<'_>, group: &Group<'_>, places: &[usize]) -> Vec<TypedPair<'c>> {
    let record = |id: &'c str| Record { id: Id::new(id) };
    let mut pairs = Vec::new();
    for place in places {
        let Some(link) = script.links.link(*place) else {
            continue;
        };
        let makes = script.links.verb.makes();
        let meant = group.ends.meant(&link.target, makes, &script.news, None);
        let mut types = meant
            .ok()
            .and_then(|meant| meant.labels)
            .unwrap_or_default();
        if link.target.primary == Some(true) {
            types.extend(group.ends.own(Kind::Primary));
        }
        if types.is_empty() {
            types.extend(group.ends.own(Kind::Plain));
        }
        if !types.is_empty() {
            pairs.push(TypedPair {
                from: record(script.links.entity_id.as_str()),
                to: record(link.target.id.as_str()),
                types,
            });
        }
    }
    pairs
}

fn made(field: &str) -> Treatment {
    match field {
        "role" | "primary" | "association_type" => Treatment::Renamed("types"),
        "association_types" => Treatment::Renamed("label, name, inverseLabel"),
        _ => common(field),
    }
}

fn taken(field: &str) -> Treatment {
    match field {
        "role" | "association_type" => Treatment::Renamed("types"),
        "primary" => Treatment::Ignored("the whole pair goes, primary or not"),
        _ => common(field),
    }
}

fn common(field: &str) -> Treatment {
    match field {
        "entity" => Treatment::Renamed("fromObjectType"),
        "entity_id" => Treatment::Renamed("from.id"),
        "id" => Treatment::Renamed("to.id"),
        "remote_query" => Treatment::PassedThrough("query"),
        "remote_data" => Treatment::Ignored("HubSpot's associations take no further data"),
        "reversible" => Treatment::Ignored("not sent: what is there is read first"),
        _ => Treatment::Ignored("it says what is so anyway"),
    }
}
