//! What is true, told by the simulators alone, and whether a receipt said so.

use std::collections::{BTreeMap, BTreeSet};

use crmlink::error::{Code, Report, Sent};
use crmlink::twin::{Commit, Twins};
use crmlink::unified::association_type::{AssociationType, TypeOutcome, Types};
use crmlink::unified::receipt::{Outcome as Link, Receipt};
use crmlink::unified::upsert::{Upsert, Written};

use crate::chance::Chance;
use crate::schedule::{Outcome, Run, START, carry_out};
use crate::weather::Weather;
use crate::world::{Ask, MARK};

/// What was so before the operation.
pub(crate) struct State {
    commits: usize,
    there: BTreeSet<String>,
}

impl State {
    pub(crate) fn of(twins: &mut Twins, ask: &Ask) -> Result<Self, String> {
        Ok(Self {
            commits: twins.commits().len(),
            there: there(twins, ask)?,
        })
    }

    /// The same with what is so now; what was written since it was taken is still counted.
    pub(crate) fn now(self, twins: &mut Twins, ask: &Ask) -> Result<Self, String> {
        let there = there(twins, ask)?;
        Ok(Self { there, ..self })
    }
}

/// The links, the marks of the records or the keys of the definitions that are there.
fn there(twins: &mut Twins, ask: &Ask) -> Result<BTreeSet<String>, String> {
    if let Some(listing) = ask.types() {
        keys(twins, &listing)
    } else if ask.marks().is_empty() {
        listed(twins, ask)
    } else {
        Ok(made(twins, ask))
    }
}

/// How much of what was asked is so, by the receipt's own words.
pub(crate) fn outcome(receipt: &Receipt) -> Outcome {
    if let Receipt::Upsert(upsert) = receipt {
        let records = || upsert.records().iter().map(|record| record.outcome);
        return if records().any(|outcome| outcome == Written::Unknown) {
            Outcome::Unknown
        } else if records().all(|outcome| outcome != Written::Failed) {
            Outcome::Whole
        } else if records().all(|outcome| outcome == Written::Failed) {
            Outcome::None
        } else {
            Outcome::Part
        };
    }
    if let Receipt::Types(types) = receipt {
        return match types {
            Types::Failed(failed) if failed.reason.reconcile.is_some() => Outcome::Unknown,
            Types::Failed(_) => Outcome::None,
            _ => Outcome::Whole,
        };
    }
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

/// Holds a receipt to this, that it tells of everything what became of it.
pub(crate) fn known(receipt: &Receipt) -> Result<(), String> {
    match outcome(receipt) {
        Outcome::Unknown => Err(format!("unknown without a fault: {receipt:?}")),
        _ => Ok(()),
    }
}

/// Holds a receipt to what is true.
pub(crate) fn judge(
    state: &State,
    twins: &mut Twins,
    ask: &Ask,
    receipt: &Receipt,
) -> Result<(), String> {
    written_once(state, twins)?;
    match receipt {
        Receipt::Upsert(upsert) => return upserted(state, twins, ask, upsert),
        Receipt::Types(types) => return defined(state, twins, ask, types),
        _ => {}
    }
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
        told(link.outcome == Link::Unknown, link.reason.as_deref())?;
    }
    Ok(())
}

/// What cannot be told was sent, and says how to find out; nothing else does.
fn told(unknown: bool, reason: Option<&Report>) -> Result<(), String> {
    match reason {
        Some(reason) if unknown && reason.sent == Sent::No => {
            Err(format!("unknown, and not sent: {reason:?}"))
        }
        Some(reason) if unknown && reason.reconcile.is_none() => Err(format!(
            "unknown, and nothing says how to find out: {reason:?}"
        )),
        Some(reason) if !unknown && reason.reconcile.is_some() => {
            Err(format!("known, and says how to find out: {reason:?}"))
        }
        None if unknown => Err("unknown, without a reason".to_owned()),
        _ => Ok(()),
    }
}

/// The ids that the record is linked with now.
fn listed(twins: &mut Twins, ask: &Ask) -> Result<BTreeSet<String>, String> {
    let listing = ask.listing().ok_or("an input without kinds")?;
    let mut run = Run::new();
    let quiet = &mut Weather::clear();
    let chance = &mut Chance::new(0);
    let listed = carry_out(
        twins,
        &listing,
        None,
        START,
        (chance, quiet),
        &mut run,
        false,
    )?;
    match listed.map(|(receipt, _)| receipt) {
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

/// A definition that was made or found is there, once; one that was deleted is not, and one that failed is as it was.
fn defined(state: &State, twins: &mut Twins, ask: &Ask, types: &Types) -> Result<(), String> {
    let listing = ask.types().ok_or("no definition was asked for")?;
    let there = keys(twins, &listing)?;
    let before = state.there.contains(OURS);
    let is_there = there.contains(OURS);
    let holds = match types {
        Types::One(one) => (one.outcome == TypeOutcome::Deleted) != is_there,
        Types::Several(_) => true,
        // It may have been done, and says how to find out.
        Types::Failed(failed) if failed.reason.reconcile.is_some() => {
            failed.reason.sent != Sent::No
        }
        // What is refused since it is not there may have been deleted by the same request, delivered twice.
        Types::Failed(failed) => {
            let refused = matches!(failed.reason.code, Code::NotFound | Code::VendorValidation);
            let taken = failed.reason.code == Code::AlreadyExists && is_there;
            is_there == before || (refused && !is_there) || taken
        }
    };
    match holds {
        true => Ok(()),
        false => Err(format!("{types:?}, but there are {there:?}")),
    }
}

/// The keys of the definitions that are there.
fn keys(twins: &mut Twins, listing: &Ask) -> Result<BTreeSet<String>, String> {
    let mut run = Run::new();
    let quiet = &mut Weather::clear();
    let chance = &mut Chance::new(0);
    let listed = carry_out(
        twins,
        listing,
        None,
        START,
        (chance, quiet),
        &mut run,
        false,
    )?;
    let Some((Receipt::Types(Types::Several(several)), _)) = listed else {
        return Err(format!("the definitions could not be listed: {listed:?}"));
    };
    // HubSpot shows no keys; the other label is what an update gives.
    let name = |one: &AssociationType| match (one.key.as_deref(), one.label.as_deref()) {
        (Some(key), _) => key.to_owned(),
        (None, Some("Simulated" | "Otherwise")) => OURS.to_owned(),
        (None, label) => label.unwrap_or_default().to_owned(),
    };
    let keys: Vec<_> = several.result.iter().map(name).collect();
    if keys.iter().filter(|key| *key == OURS).count() > 1 {
        return Err(format!("a definition was made twice: {:?}", several.result));
    }
    Ok(keys.into_iter().collect())
}

/// The key of the one definition that is asked for.
const OURS: &str = "simulated";

/// A record that was made is there once, and one that failed was not made.
fn upserted(state: &State, twins: &Twins, ask: &Ask, upsert: &Upsert) -> Result<(), String> {
    let made = made(twins, ask);
    for (record, address) in upsert.records().iter().zip(ask.marks()) {
        let is_there = made.contains(&address);
        let holds = match record.outcome {
            Written::Created | Written::Updated => is_there && record.id.is_some(),
            Written::Failed => !is_there || state.there.contains(&address),
            Written::Unknown => true,
        };
        if !holds {
            return Err(format!("{address}: {record:?}, but there are {made:?}"));
        }
        told(record.outcome == Written::Unknown, record.reason.as_deref())?;
    }
    Ok(())
}

/// The marks of the records that were made.
fn made(twins: &Twins, ask: &Ask) -> BTreeSet<String> {
    let made = |mark: &String| {
        let mut commits = twins.commits().iter();
        commits.any(|commit| commit.kind.ends_with(".create") && commit.to.contains(mark))
    };
    ask.marks().into_iter().filter(made).collect()
}

/// Nothing that exists by a create was created twice: what was removed in between may come again.
fn written_once(state: &State, twins: &Twins) -> Result<(), String> {
    let mut standing: BTreeMap<(String, String, String), i32> = BTreeMap::new();
    for Commit { kind, from, to, .. } in twins.commits().iter().skip(state.commits) {
        let Some((thing, deed)) = kind.split_once('.') else {
            continue;
        };
        if let Some(at) = to.find(MARK).filter(|_| deed == "create") {
            let start = to[..at].rfind(|sign: char| !sign.is_ascii_digit());
            let mark = &to[start.map_or(0, |start| start + 1)..at];
            let count = standing.entry((thing.to_owned(), mark.to_owned(), String::new()));
            let count = count.or_default();
            *count += 1;
            if *count > 1 {
                return Err(format!("made twice: {from} {to}: {:?}", twins.commits()));
            }
            continue;
        }
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
