//! What is true, told by the simulators alone, and whether a receipt said so.

use std::collections::{BTreeMap, BTreeSet};

use crmlink::twin::{Commit, Twins};
use crmlink::unified::receipt::{Outcome as Link, Receipt};

use crate::chance::Chance;
use crate::schedule::{Outcome, Run, Weather, carry_out};
use crate::world::Ask;

/// What was so before the operation.
pub(crate) struct State {
    commits: usize,
    there: BTreeSet<String>,
}

impl State {
    pub(crate) fn of(twins: &Twins, ask: &Ask) -> Result<Self, String> {
        Ok(Self {
            commits: twins.commits().len(),
            there: listed(twins, ask)?,
        })
    }
}

/// How much of what was asked is so, by the receipt's own words.
pub(crate) fn outcome(receipt: &Receipt) -> Outcome {
    let links = receipt.links();
    let good = links.iter().filter(|link| link.outcome.is_good()).count();
    if links.iter().any(|link| link.outcome == Link::Unknown) {
        Outcome::Unknown
    } else if good == links.len() {
        Outcome::Whole
    } else if good == 0 {
        Outcome::None
    } else {
        Outcome::Part
    }
}

/// Holds a receipt to what is true.
pub(crate) fn judge(
    state: &State,
    twins: &Twins,
    ask: &Ask,
    receipt: &Receipt,
) -> Result<(), String> {
    written_once(state, twins)?;
    let there = listed(twins, ask)?;
    for link in receipt.links() {
        let is_there = there.contains(same(&link.to.id));
        let holds = match link.outcome {
            Link::Linked | Link::AlreadyLinked => is_there,
            Link::Removed | Link::AlreadyRemoved => !is_there,
            // One that was there before, in another role for instance, may be there still.
            Link::NotLinked => !is_there || state.there.contains(same(&link.to.id)),
            // One that was not removed need not have been there: it may not even have been looked for.
            Link::NotRemoved | Link::Unknown => true,
        };
        if !holds {
            return Err(format!("{link:?}, but there are {there:?}"));
        }
    }
    Ok(())
}

/// The ids that the record is linked with now.
fn listed(twins: &Twins, ask: &Ask) -> Result<BTreeSet<String>, String> {
    let listing = ask.listing().ok_or("an input without kinds")?;
    let mut run = Run {
        fault: None,
        requests: 0,
        faults: 0,
        outcome: Outcome::None,
    };
    let mut twins = twins.clone();
    let quiet = &mut Weather::clear();
    let listed = carry_out(
        &mut twins,
        &listing,
        &mut Chance::new(0),
        quiet,
        &mut run,
        false,
    )?;
    match listed {
        Some(receipt @ Receipt::Listed(_)) if receipt.stands() => {
            let shown = serde_json::to_value(&receipt).unwrap_or_default();
            let kinds = shown["associations"]
                .as_object()
                .cloned()
                .unwrap_or_default();
            let targets = kinds
                .values()
                .filter_map(|targets| targets.as_array())
                .flatten();
            let ids = targets.filter_map(|target| target["id"].as_str());
            Ok(ids.map(|id| same(id).to_owned()).collect())
        }
        other => Err(format!("the links could not be listed: {other:?}")),
    }
}

/// Nothing that exists by a create was created twice: what was removed in between may come again.
fn written_once(state: &State, twins: &Twins) -> Result<(), String> {
    let mut standing: BTreeMap<(String, String, String), i32> = BTreeMap::new();
    for Commit { kind, from, to, .. } in twins.commits().iter().skip(state.commits) {
        let Some((thing, deed)) = kind.split_once('.') else {
            continue;
        };
        let change = match deed {
            "create" => 1,
            "remove" | "delete" => -1,
            _ => continue,
        };
        // The rows of a role hold the fields too: which records they link is what counts.
        let key = |text: &str| {
            let words = text
                .split([' ', '=', ','])
                .filter(|word| word.len() >= 15 || word.parse::<u64>().is_ok());
            let mut words: Vec<_> = words.map(same).collect();
            words.sort_unstable();
            words.join(" ")
        };
        let mut ends = [key(from), key(to)];
        ends.sort_unstable();
        let [first, second] = ends;
        let count = standing
            .entry((thing.to_owned(), first, second))
            .or_default();
        *count += change;
        if *count > 1 {
            return Err(format!(
                "written twice: {kind} {from} {to}: {:?}",
                twins.commits()
            ));
        }
    }
    Ok(())
}

/// What Salesforce compares of an id; no other vendor's id is longer and begins alike.
fn same(id: &str) -> &str {
    id.get(..15).unwrap_or(id)
}
