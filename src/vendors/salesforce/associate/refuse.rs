//! What is refused before anything is sent: what contradicts itself, and what cannot be made as a whole.

use serde_json::{Map, Value};

use super::MOST_AT_ONCE;
use crate::error::{Code, Reason, Refusal};
use crate::unified::entity::Entity;
use crate::unified::links::Links;
use crate::unified::operation::Verb;
use crate::vendors::salesforce::ways::{self, Way};

/// Refuses targets whose fields contradict each other, a second primary of one opportunity, and a second parent.
///
/// # Errors
/// The first refusal, when no link is left.
pub(super) fn refuse_contradictions(
    links: &mut Links<'_>,
    remote_data: &Map<String, Value>,
) -> Result<(), Refusal> {
    let mut refusals = Vec::new();
    let mut taken: Vec<Way> = Vec::new();
    let from = links.kind.entity;
    for (place, link) in links.open() {
        let way = match Way::of(&links.kind, links.to(link), &link.target) {
            Ok(way) => way,
            Err((field, refusal)) => {
                refusals.push((place, at(links.path(link, field), refusal)));
                continue;
            }
        };
        let makes = links.verb.makes();
        if let Some((field, refusal)) = ways::check(&way, &link.target, makes) {
            refusals.push((place, at(links.path(link, field), refusal)));
        } else if let Some(refusal) = named_twice(&way, remote_data) {
            refusals.push((place, refusal));
        } else if let Some((field, message)) =
            ways::only(&way, from, &link.target).filter(|_| makes)
        {
            if taken.contains(&way) {
                let path = links.path(link, field);
                let refusal = Refusal::unsupported(Reason::Cardinality, path, message);
                refusals.push((place, refusal));
            } else {
                taken.push(way);
            }
        }
    }
    for (place, refusal) in &refusals {
        links.settle_refused(*place, refusal.clone());
    }
    match (links.open().next(), refusals.into_iter().next()) {
        (None, Some((_, refusal))) => Err(refusal),
        _ => Ok(()),
    }
}

fn at(path: String, refusal: Refusal) -> Refusal {
    Refusal { path, ..refusal }
}

/// Refuses what cannot be made as a whole.
pub(super) fn check_all_or_none(links: &Links<'_>) -> Result<(), Refusal> {
    if links.open().count() < links.len() && !links.refused().is_empty() {
        return Err(links.first_refusal());
    }
    let own = |refused: Code, message: &str| Refusal {
        code: refused,
        ..Refusal::input("all_or_none", message)
    };
    if links.len() > MOST_AT_ONCE {
        return Err(own(
            Code::TooLarge,
            "expected at most 1,000 links where all or none are to be made: more do not fit into one call",
        ));
    }
    let from = links.kind.entity;
    let in_steps = links.open().any(|(_, link)| {
        let roles = link.target.roles().next().is_some();
        let moves = links.verb == Verb::Set && from == Entity::Contacts;
        let relation = Way::all(from, link.to).contains(&Way::Relation);
        relation && link.target.primary == Some(true) && (roles || moves)
    });
    match in_steps {
        false => Ok(()),
        true => Err(own(
            Code::InvalidInput,
            "a primary account and what comes after it take two calls: all or none is not possible",
        )),
    }
}

/// The fields that say which record is written, and which ones it links.
const OWN: &[&str] = &[
    "attributes",
    "Id",
    "AccountId",
    "ContactId",
    "OpportunityId",
    "ParentId",
];

/// Refuses further fields that would write another record or another link than the receipt tells of. Salesforce takes
/// field names in any case.
pub(super) fn check_remote_data(data: &Map<String, Value>) -> Result<(), Refusal> {
    let own = |name: &&String| OWN.iter().any(|own| own.eq_ignore_ascii_case(name));
    data.keys()
        .find(own)
        .map_or(Ok(()), |name| Err(names_the_link(name)))
}

fn named_twice(way: &Way, data: &Map<String, Value>) -> Option<Refusal> {
    let Way::Lookup(lookup) = way else {
        return None;
    };
    let own = |name: &&String| lookup.field.eq_ignore_ascii_case(name);
    data.keys().find(own).map(|name| names_the_link(name))
}

fn names_the_link(name: &str) -> Refusal {
    Refusal::input(
        format!("remote_data.{name}"),
        "expected only fields that do not say which records are linked",
    )
}
