//! What an upsert would send.

use super::adapter::{Adapter, Write};
use super::item::{Item, Target};
use crate::error::Report;
use crate::http::Request;
use crate::sorted::SortedSet;
use crate::unified::ledger::FieldEntry;
use crate::unified::plan::{Calls, Plan, Step};
use crate::unified::record::mapping::{Aside, How, Property};
use crate::unified::upsert::{Race, Strategy, Way};

/// Stands in a planned request for an id that only an answer tells.
const UNKNOWN_ID: &str = "{id}";

const NAMES: &str = "the ids that the names stand for";
const FOUND: &str =
    "what the search finds: an update of the record that is there, or a create where there is none";
const WRITTEN: &str = "the ids of the written records";

pub(super) fn plan(adapter: &dyn Adapter, items: &[Item], fields: &[FieldEntry]) -> Plan {
    let facts = adapter.facts();
    let mut steps = Vec::new();
    let reads = adapter.reads();
    let purpose = match adapter.reads_find() {
        true => "look for the records",
        false => "find the ids of names",
    };
    add(&mut steps, purpose, reads, None);
    let reads = steps.first().map_or(0, |step: &Step| step.requests.len());

    let open = || items.iter().filter(|item| item.is_open());
    let searched = |item: &&Item| matches!(item.target, Target::Key(_, Way::SearchThenWrite));
    // A name that nobody has fails its record before anything is sent for it.
    let named = |item: &&Item| item.mapped.asides.iter().any(is_sought);
    let looks = |of: &dyn Fn(&&Item) -> bool| -> Vec<_> {
        let items = open().filter(searched).filter(of);
        let items: Vec<_> = items.filter(|_| !adapter.reads_find()).collect();
        let mut items = items.as_slice();
        let mut requests = Vec::new();
        while let Some((count, request)) = super::look_for(adapter, items) {
            requests.extend(request);
            items = items.get(count..).unwrap_or_default();
        }
        requests
    };
    let sure_looks = looks(&|item| !named(item)).len();
    add(&mut steps, "look for the records", looks(&|_| true), None);

    let supposed: Vec<_> = open().map(suppose).collect();
    let (later, now): (Vec<_>, Vec<_>) = supposed.iter().partition(searched);
    let sure: Vec<_> = now.iter().copied().filter(|item| !named(item)).collect();
    let sure_writes = writes(adapter, &sure).len();
    let depends_on = (sure.len() < now.len()).then_some(NAMES);
    add(
        &mut steps,
        "write the records",
        writes(adapter, &now),
        depends_on,
    );
    add(
        &mut steps,
        "write the records",
        writes(adapter, &later),
        Some(FOUND),
    );

    let mut calls = Calls {
        min: reads + sure_looks + sure_writes,
        max: steps.iter().map(|step| step.requests.len()).sum::<usize>() + adapter.more_reads(),
    };
    // What is searched for may have to be made and updated: those that are written together are so in two halves then.
    if adapter.together(Write::Create) > 1 {
        let mut keys = SortedSet::new();
        let names = later.iter().map(|item| item.key_name());
        let several: SortedSet<_> = names.filter(|name| !keys.add(*name)).collect();
        calls.max += several.len();
    }
    let mut links = Vec::new();
    let linked: Vec<_> = open()
        .filter_map(|item| {
            let id = item.id().unwrap_or(UNKNOWN_ID);
            Some((item, item.association(facts.upserts.entity, id)?))
        })
        .collect();
    let exact = linked.iter().all(|(item, _)| item.id().is_some());
    // One record of a batch may fail inside a success, and is not linked then.
    let alone = sure_writes == 1 && sure.len() == 1;
    let certain = alone
        && linked
            .iter()
            .all(|(item, _)| item.id().is_some() && !named(item));
    let associations = linked.into_iter().map(|(_, association)| association);
    for linker in adapter.links(associations.collect()) {
        if let Ok(script) = linker.script {
            let plan = script.plan();
            calls.min += if certain { plan.calls.min } else { 0 };
            calls.max += plan.calls.max;
            links.extend(plan.steps.into_iter().flat_map(|step| step.requests));
        }
    }
    let written = (!exact).then_some(WRITTEN);
    add(&mut steps, "link the records", links, written);
    Plan {
        operation: facts.operation,
        vendor: facts.vendor,
        steps,
        calls,
        fields: fields.to_vec(),
        strategies: strategies(items),
        refused: items
            .iter()
            .filter_map(Item::refusal)
            .map(Report::from)
            .collect(),
        warnings: adapter.warnings(),
    }
}

fn add(
    steps: &mut Vec<Step>,
    purpose: &'static str,
    requests: Vec<Request>,
    depends_on: Option<&'static str>,
) {
    if !requests.is_empty() {
        steps.push(Step {
            purpose,
            requests,
            depends_on,
        });
    }
}

/// The item as if every name had been found: the name in braces stands for its id.
fn suppose(item: &Item) -> Item {
    let mut item = item.clone();
    let sought: Vec<_> = item
        .mapped
        .asides
        .iter()
        .filter(|aside| is_sought(aside))
        .map(|aside| Property {
            name: aside.to.into(),
            json: ["\"{", aside.from, "}\""].concat(),
            custom: false,
            path: aside.leaf.path.clone(),
        })
        .collect();
    for property in sought {
        if item.mapped.property(&property.name).is_none() {
            item.mapped.properties.push(property);
        }
    }
    item
}

const fn is_sought(aside: &Aside) -> bool {
    matches!(aside.how, How::Sought)
}

/// The writes of items, put together as they will be.
fn writes(adapter: &dyn Adapter, items: &[&Item]) -> Vec<Request> {
    let mut groups: Vec<(Write, Vec<&Item>)> = Vec::new();
    for item in items {
        let write = match &item.target {
            Target::Id(_) => Write::Update,
            Target::Key(_, Way::SearchThenWrite) => Write::Create,
            Target::Key(..) => Write::Keyed,
            Target::None => continue,
        };
        let room = |group: &&mut (Write, Vec<&Item>)| {
            let same = group.1.first().map(|first| first.key_name()) == Some(item.key_name());
            group.0 == write && same && group.1.len() < adapter.together(write)
        };
        match groups.iter_mut().find(room) {
            Some((_, group)) => group.push(item),
            None => groups.push((write, vec![item])),
        }
    }
    let requests = groups.iter();
    requests
        .filter_map(|(write, group)| adapter.write(*write, group).ok())
        .collect()
}

fn strategies(items: &[Item]) -> Vec<Strategy> {
    let mut strategies: Vec<Strategy> = Vec::new();
    for item in items.iter().filter(|item| item.is_open()) {
        let (strategy, key, race, says) = match &item.target {
            Target::Id(_) => (
                Way::Id,
                "id",
                Race::None,
                "The record of this id is updated; none is made.",
            ),
            Target::Key(known, way) => (*way, known.field.as_ref(), known.key.race, known.key.says),
            Target::None => continue,
        };
        let same = |known: &&mut Strategy| known.strategy == strategy && known.key == key;
        match strategies.iter_mut().find(same) {
            Some(known) => known.count += 1,
            None => strategies.push(Strategy {
                strategy,
                key: key.to_owned(),
                race,
                says,
                count: 1,
            }),
        }
    }
    strategies
}
