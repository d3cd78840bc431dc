//! The asked links of one operation: which may be tried, and what became of each.

use std::borrow::Cow;

use super::association::{Association, Target};
use super::capability::{Cardinality, Pair};
use super::entity::{Entity, Kind};
use super::ledger::{FieldEntry, Ledger, Treatment};
use super::operation::Verb;
use super::places::Places;
use super::receipt::{End, LinkReceipt, Linked, Linking, Outcome, Receipt, Undo};
use crate::error::{Doubt, Failure, Reason, Refusal, Report};
use crate::id::Id;
use crate::json::Raw;

/// What a vendor holds, and how it tells ids apart.
#[derive(Debug)]
pub struct Rules {
    /// The vendor's name.
    pub vendor: &'static str,
    /// What it can link.
    pub pairs: &'static [Pair],
    /// What is wrong with an id; `None` for a good one.
    pub fault: fn(&str) -> Option<&'static str>,
    /// The part of an id on which the vendor compares.
    pub same: fn(&str) -> &str,
    /// What is wrong with the key of a custom object; `None` for a good one.
    pub key: fn(&str) -> Option<&'static str>,
}

/// The bytes above which an answer is told once and not for each of its links.
const LONG: usize = 1024;

/// The asked links, in the caller's order, and those that a `set` is to take away.
#[derive(Debug)]
pub struct Links<'a> {
    /// What is to be done.
    pub verb: Verb,
    /// What the record is.
    pub kind: Kind<'a>,
    /// Its id.
    pub entity_id: Id<'a>,
    rules: &'static Rules,
    kinds: Vec<Kind<'a>>,
    links: Vec<Link<'a>>,
    /// The input's other fields, and how often each stands there.
    others: Vec<(&'static str, usize)>,
    /// Links that were settled since somebody last asked.
    fresh: Vec<usize>,
    /// Why it is not known what a `set` is to take away.
    failed: Vec<Report>,
    /// Links that stand earlier in the list too, and were not told yet: they settle with those.
    repeated: Vec<(usize, usize)>,
    /// The long answer that a reason told last.
    told: Option<String>,
}

/// One link.
#[derive(Debug)]
pub struct Link<'a> {
    /// What the target is.
    pub to: Entity,
    /// The target.
    pub target: Target<'a>,
    /// Its kind's place among the kinds of the input.
    kind: usize,
    /// Its place in the caller's list; `None` for one that nobody asked for, which a `set` takes away.
    place: Option<usize>,
    state: State,
    undo: Option<Inverse>,
}

#[derive(Debug)]
enum State {
    Asked,
    /// The same link stands earlier in the list.
    Repeated(usize),
    Refused(Box<Refusal>),
    Settled(Outcome, Option<Box<Report>>),
}

/// How what was done to a link is taken back.
#[derive(Debug)]
pub enum Inverse {
    /// Nobody knows how.
    None,
    /// The link is removed, as it was asked for.
    Remove,
    /// Other steps.
    Steps(Vec<Step>),
}

/// One step that takes something back.
#[derive(Debug)]
pub struct Step {
    /// What is to be done.
    pub verb: Verb,
    /// The record; `None` stands for that of the operation.
    pub record: Option<(Kind<'static>, String)>,
    /// The target's kind; `None` stands for that of the link.
    pub to: Option<Kind<'static>>,
    /// The target.
    pub target: Target<'static>,
}

impl<'a> Links<'a> {
    /// Takes the links of an association and settles at once those that the vendor cannot hold.
    ///
    /// # Errors
    /// The first refusal, when not one link is left to try.
    pub fn new(
        association: Association<'a>,
        verb: Verb,
        rules: &'static Rules,
    ) -> Result<Self, Refusal> {
        if let Some(fault) = (rules.fault)(association.entity_id.as_str()) {
            return Err(Refusal::id("entity_id", fault));
        }
        check_kind("entity", &association.kind, rules)?;
        let data =
            |map: &Option<serde_json::Map<_, _>>| map.as_ref().map_or(0, serde_json::Map::len);
        let mut links = Self {
            verb,
            others: vec![
                ("association_types", association.association_types.len()),
                ("reversible", usize::from(association.reversible)),
                ("all_or_none", usize::from(association.all_or_none)),
                ("remote_data", data(&association.remote_data)),
                ("remote_query", data(&association.remote_query)),
            ],
            kind: association.kind,
            entity_id: association.entity_id,
            rules,
            kinds: Vec::new(),
            links: Vec::new(),
            fresh: Vec::new(),
            failed: Vec::new(),
            repeated: Vec::new(),
            told: None,
        };
        for group in association.associations.0 {
            let path = format!("associations.{}", group.kind.name);
            check_kind(&path, &group.kind, rules)?;
            let kind = links.kinds.len();
            links.links.reserve(group.targets.len());
            for (place, target) in group.targets.into_iter().enumerate() {
                links.links.push(Link {
                    to: group.kind.entity,
                    target,
                    kind,
                    place: Some(place),
                    state: State::Asked,
                    undo: None,
                });
            }
            links.kinds.push(group.kind);
        }
        // A `set` to nothing takes all links of the kind away: the kind has to be named.
        if links.kinds.is_empty() || (verb != Verb::Set && links.links.is_empty()) {
            let message = "expected at least one record to link with, got none";
            return Err(Refusal::input("associations", message));
        }
        if verb == Verb::Set {
            links.check_kinds()?;
        }
        links.refuse();
        links.find_repeated();
        if !links.links.is_empty() && links.open().next().is_none() {
            return Err(links.first_refusal());
        }
        Ok(links)
    }

    /// The links that are still to be dealt with: places and links.
    pub fn open(&self) -> impl Iterator<Item = (usize, &Link<'a>)> {
        self.links
            .iter()
            .enumerate()
            .filter(|(_, link)| matches!(link.state, State::Asked))
    }

    /// The kinds of targets, each once, whatever its spellings: for a `set`, those whose links are to be as asked.
    pub fn kinds(&self) -> impl Iterator<Item = &Kind<'a>> {
        self.kinds.iter().enumerate().filter_map(|(place, kind)| {
            let mut before = self.kinds.iter().take(place);
            (!before.any(|known| known.is(kind))).then_some(kind)
        })
    }

    /// The link at a place.
    #[must_use]
    pub fn link(&self, place: usize) -> Option<&Link<'a>> {
        self.links.get(place)
    }

    /// The kind of a link's target.
    #[must_use]
    pub fn to(&self, link: &Link<'_>) -> &Kind<'a> {
        self.kinds.get(link.kind).unwrap_or(&self.kind)
    }

    /// The pair of kinds that a link is of.
    #[must_use]
    pub fn pair(&self, link: &Link<'_>) -> Option<&'static Pair> {
        pair(self.rules, self.kind.entity, link.to)
    }

    /// Adds a link that is there and was not asked for, to be taken away. Its place is answered.
    pub fn take_away(&mut self, kind: &Kind<'_>, target: Target<'static>) -> usize {
        let known = self.kinds.iter().position(|known| known.is(kind));
        self.links.push(Link {
            to: kind.entity,
            target,
            kind: known.unwrap_or_default(),
            place: None,
            state: State::Asked,
            undo: None,
        });
        self.links.len() - 1
    }

    /// Whether the link at a place is to be taken away.
    #[must_use]
    pub fn goes(&self, place: usize) -> bool {
        let extra = self.link(place).is_some_and(|link| link.place.is_none());
        self.verb == Verb::Remove || extra
    }

    /// The number of links.
    #[must_use]
    pub fn len(&self) -> usize {
        self.links.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.links.is_empty()
    }

    /// Notes what became of a link.
    pub fn settle(&mut self, place: usize, outcome: Outcome, mut reason: Option<Report>) {
        if let Some(reason) = &mut reason {
            self.tell_once(reason);
        }
        if let Some(link) = self.links.get_mut(place) {
            link.state = State::Settled(outcome, reason.map(Box::new));
            self.fresh.push(place);
        }
    }

    /// A long answer that many links are about stands in the reason of the first: two thousand copies of two thousand
    /// results fill a memory.
    fn tell_once(&mut self, reason: &mut Report) {
        if reason.raw.as_ref().is_none_or(|raw| raw.len() <= LONG) {
            return;
        }
        if reason.raw == self.told {
            reason.raw = None;
        } else {
            self.told.clone_from(&reason.raw);
        }
    }

    /// Notes that a link was written, and how that is taken back.
    pub fn settle_done(&mut self, place: usize, outcome: Outcome, undo: Inverse) {
        self.settle(place, outcome, None);
        if let Some(link) = self.links.get_mut(place) {
            link.undo = Some(undo);
        }
    }

    /// Notes that the call for a link failed. Where it cannot be told whether it took effect, `doubt` says how to find out.
    pub fn settle_failed(&mut self, place: usize, failure: &Failure, doubt: Doubt) {
        let reason = Report::from(failure);
        if failure.is_unclear() {
            self.settle_unknown(place, reason, doubt);
        } else {
            self.settle(place, self.not_done(place), Some(reason));
        }
    }

    /// Notes that it cannot be told what became of a link, and how to find out.
    pub fn settle_unknown(&mut self, place: usize, reason: Report, doubt: Doubt) {
        self.settle(place, Outcome::Unknown, Some(reason.in_doubt(doubt)));
    }

    /// The outcome of a link of which nothing was written.
    #[must_use]
    pub fn not_done(&self, place: usize) -> Outcome {
        match self.goes(place) {
            true => Outcome::NotRemoved,
            false => Outcome::NotLinked,
        }
    }

    /// Notes that a `set` could not see all links of a kind, so that those that it is to take away are not known.
    pub fn fail(&mut self, failure: &Failure) {
        self.failed.push(failure.into());
    }

    /// Refuses a link that was found impossible later than its input was read.
    pub fn settle_refused(&mut self, place: usize, refusal: Refusal) {
        if let Some(link) = self.links.get_mut(place) {
            link.state = State::Refused(Box::new(refusal));
            self.fresh.push(place);
        }
    }

    /// The refusals, in order.
    #[must_use]
    pub fn refused(&self) -> Vec<Report> {
        self.links
            .iter()
            .filter_map(|link| match &link.state {
                State::Refused(refusal) => Some(refusal.as_ref().into()),
                _ => None,
            })
            .collect()
    }

    /// What becomes of each field of the input, as `treatment` says for a vendor.
    #[must_use]
    pub fn ledger(&self, treatment: fn(&str) -> Treatment) -> Vec<FieldEntry> {
        let mut ledger = Ledger::default();
        ledger.note("entity", 1, treatment("entity"));
        ledger.note("entity_id", 1, treatment("entity_id"));
        // Neighbours mostly say the same: they are counted before they are noted.
        let mut run: Option<(&Link<'_>, usize)> = None;
        for link in self.links.iter().filter(|link| link.place.is_some()) {
            match &mut run {
                Some((first, count)) if first.reads_like(link) => *count += 1,
                _ => {
                    if let Some((first, count)) = run.replace((link, 1)) {
                        self.note(first, &mut ledger, count, treatment);
                    }
                }
            }
        }
        if let Some((first, count)) = run {
            self.note(first, &mut ledger, count, treatment);
        }
        for (path, count) in &self.others {
            if *count > 0 {
                ledger.note(path, *count, treatment(path));
            }
        }
        ledger.into_entries()
    }

    /// What is now true. A link that nobody settled is unknown.
    #[must_use]
    pub fn receipt(&self, remote_data: Option<Raw>) -> Receipt {
        let links = self.link_receipts(0..self.links.len());
        let mut linked: Vec<(Cow<'static, str>, Vec<String>)> = Vec::new();
        for kind in &self.kinds {
            let name = owned(kind.as_str());
            if !linked.iter().any(|(known, _)| *known == name) {
                linked.push((name, Vec::new()));
            }
        }
        let mut undo = Vec::new();
        let record = (&owned(self.kind.as_str()), self.entity_id.as_str());
        for (link, receipt) in self.links.iter().zip(&links) {
            if matches!(link.state, State::Repeated(_)) {
                continue;
            }
            let kind = linked
                .iter_mut()
                .find(|(kind, _)| *kind == receipt.to.entity);
            if let Some((_, ids)) = kind.filter(|_| receipt.outcome.is_there()) {
                ids.push(receipt.to.id.clone());
            }
            link.push_undo(&mut undo, record, receipt.to.entity.clone());
        }
        Receipt::Links(Linking {
            entity: owned(self.kind.as_str()),
            entity_id: self.entity_id.to_string(),
            associations: Linked(linked),
            links,
            failed: self.failed.clone(),
            undo,
            remote_data,
        })
    }

    /// What became of the links that were settled since this was last asked.
    pub fn settled(&mut self) -> Vec<LinkReceipt> {
        let mut fresh = std::mem::take(&mut self.fresh);
        if !fresh.is_empty() {
            let links = &self.links;
            self.repeated.retain(|(place, first)| {
                let open = matches!(
                    links.get(*first),
                    Some(Link {
                        state: State::Asked,
                        ..
                    })
                );
                if !open {
                    fresh.push(*place);
                }
                open
            });
        }
        self.link_receipts(fresh)
    }

    fn link_receipts(&self, places: impl IntoIterator<Item = usize>) -> Vec<LinkReceipt> {
        let from = owned(self.kind.as_str());
        let kinds: Vec<_> = self.kinds.iter().map(|kind| owned(kind.as_str())).collect();
        let receipt = |place: usize| {
            let link = self.links.get(place)?;
            let to = kinds.get(link.kind).cloned().unwrap_or_default();
            Some(self.link_receipt(place, link, from.clone(), to))
        };
        places.into_iter().filter_map(receipt).collect()
    }

    fn link_receipt(
        &self,
        place: usize,
        link: &Link<'a>,
        from: Cow<'static, str>,
        to: Cow<'static, str>,
    ) -> LinkReceipt {
        let first = match &link.state {
            State::Repeated(first) => self.links.get(*first).unwrap_or(link),
            _ => link,
        };
        let (outcome, reason) = match &first.state {
            State::Settled(outcome, reason) => (*outcome, reason.clone()),
            State::Refused(refusal) => (
                match self.verb {
                    Verb::Remove => Outcome::NotRemoved,
                    _ => Outcome::NotLinked,
                },
                Some(Box::new(Report::from(refusal.as_ref()))),
            ),
            State::Asked | State::Repeated(_) => (Outcome::Unknown, None),
        };
        LinkReceipt {
            from: End {
                entity: from,
                id: self.entity_id.to_string(),
            },
            to: End {
                entity: to,
                id: link.target.id.to_string(),
            },
            outcome,
            reason,
            reversible: first
                .undo
                .as_ref()
                .map(|undo| !matches!(undo, Inverse::None)),
            place,
        }
    }

    /// A `set` takes away what it does not name, so each of its kinds has to be one that can be set, even where it is empty.
    fn check_kinds(&self) -> Result<(), Refusal> {
        for kind in &self.kinds {
            let empty = !self.links.iter().any(|link| self.to(link).is(kind));
            if !empty {
                continue;
            }
            let path = format!("associations.{}", kind.name);
            let pair = pair(self.rules, self.kind.entity, kind.entity);
            if let Some(refusal) =
                impossible(self.rules.vendor, &self.kind, kind, pair, self.verb, path)
            {
                return Err(refusal);
            }
        }
        Ok(())
    }

    fn refuse(&mut self) {
        let same = self.rules.same;
        let own = same(self.entity_id.as_str());
        let mut taken: Vec<(Entity, &str)> = Vec::new();
        let mut refusals = Vec::new();
        for (place, link) in self.links.iter().enumerate() {
            let pair = self.pair(link);
            let id = same(link.target.id.as_str());
            let refusal = self.refusal(link, pair).or_else(|| {
                let itself = self.to(link).is(&self.kind) && id == own;
                itself.then(|| {
                    let message = "expected another record, got the record itself";
                    Refusal::input(self.path(link, "id"), message)
                })
            });
            let refusal = refusal.or_else(|| {
                if !self.verb.makes() || pair?.cardinality == Cardinality::Many {
                    return None;
                }
                match taken.iter().find(|(to, _)| *to == link.to) {
                    Some((_, first)) if *first != id => {
                        let message = format!(
                            "{} holds one {} for each of the {}: ask for one",
                            self.rules.vendor,
                            pair?.link,
                            self.kind.as_str()
                        );
                        Some(Refusal::unsupported(
                            Reason::Cardinality,
                            self.path(link, "id"),
                            message,
                        ))
                    }
                    Some(_) => None,
                    None => {
                        taken.push((link.to, id));
                        None
                    }
                }
            });
            refusals.extend(refusal.map(|refusal| (place, refusal)));
        }
        for (place, refusal) in refusals {
            self.settle_refused(place, refusal);
        }
    }

    fn refusal(&self, link: &Link<'_>, pair: Option<&'static Pair>) -> Option<Refusal> {
        let vendor = self.rules.vendor;
        let kind = self.to(link);
        let path = |field: &str| self.path(link, field);
        // What is possible is asked first: the path of a link is that of its id.
        if pair.and_then(|pair| pair.does(self.verb)).is_none() {
            return impossible(vendor, &self.kind, kind, pair, self.verb, path("id"));
        }
        let pair = pair?;
        if let Some(fault) = (self.rules.fault)(link.target.id.as_str()) {
            return Some(Refusal::id(path("id"), fault));
        }
        let types = link.target.association_type.iter().flatten();
        if let Some(fault) = types.clone().find_map(Id::fault) {
            return Some(Refusal::id(path("association_type"), fault));
        }
        let given = |name: &&str| link.target.fields().any(|field| field == *name);
        let missing = pair.required.iter().find(|name| !given(name));
        // Refused but for those who name what the vendor itself does not have.
        if let (Some(refused), Some(_)) = (&pair.refused, missing) {
            return Some(Refusal::unsupported(
                refused.reason,
                path("id"),
                refused.message,
            ));
        }
        if let Some(missing) = missing.filter(|_| self.verb.makes()) {
            let message = format!(
                "expected this field, which {vendor} needs for this link. {}",
                pair.note
            );
            return Some(Refusal::input(path(missing), message.trim_end()));
        }
        let excess = link.target.fields().find(|field| {
            *field != "id" && !pair.fields.contains(field) && !pair.required.contains(field)
        });
        excess.map(|field| {
            let message = format!("{vendor}'s {} holds no {field}: leave it out", pair.link);
            Refusal::unsupported(Reason::AssociationUnsupported, path(field), message)
        })
    }

    fn find_repeated(&mut self) {
        let same = self.rules.same;
        let mut seen: Places<'_> = Places::default();
        seen.reserve(self.links.len());
        let mut repeated = Vec::new();
        for (place, link) in self.links.iter().enumerate() {
            if !matches!(link.state, State::Asked) {
                continue;
            }
            // Two custom kinds are told apart by their names, which the key of a place cannot hold: those are rare.
            let kind = link.target.types().next();
            let first = *seen
                .entry((link.to, same(link.target.id.as_str()), kind))
                .or_insert(place);
            let alike = |first: &Link<'_>| self.to(first).is(self.to(link));
            if first != place && self.links.get(first).is_some_and(alike) {
                repeated.push((place, first));
            }
        }
        for (place, first) in repeated {
            let asked = |place: usize| self.links.get(place).map(|link| link.target.asked());
            if asked(place) != asked(first) {
                let path = self.link(place).map(|link| self.path(link, "id"));
                let message = "expected a record once: it stands earlier in the input with other fields, ask in two calls";
                self.settle_refused(place, Refusal::input(path.unwrap_or_default(), message));
            } else if let Some(link) = self.links.get_mut(place) {
                link.state = State::Repeated(first);
                self.repeated.push((place, first));
            }
        }
    }

    /// The first refusal.
    #[must_use]
    pub fn first_refusal(&self) -> Refusal {
        let first = self.links.iter().find_map(|link| match &link.state {
            State::Refused(refusal) => Some(refusal.as_ref().clone()),
            _ => None,
        });
        first.unwrap_or_else(|| Refusal::input("associations", "expected a record to link with"))
    }

    fn note(
        &self,
        link: &Link<'_>,
        ledger: &mut Ledger,
        count: usize,
        treatment: fn(&str) -> Treatment,
    ) {
        for field in link.target.fields() {
            let path = format!("associations.{}[].{field}", self.to(link).name);
            match &link.state {
                State::Refused(refusal) => ledger.refuse(&path, count, &refusal.message),
                State::Repeated(_) => {
                    let reason = "the same link stands earlier in the input";
                    ledger.note(&path, count, Treatment::Ignored(reason));
                }
                State::Asked | State::Settled(..) => ledger.note(&path, count, treatment(field)),
            }
        }
    }

    /// The path of one of a target's fields in the caller's input.
    #[must_use]
    pub fn path(&self, link: &Link<'_>, field: &str) -> String {
        let name = &self.to(link).name;
        match link.place {
            Some(place) => format!("associations.{name}[{place}].{field}"),
            None => format!("associations.{name}"),
        }
    }
}

impl Link<'_> {
    /// Whether the ledger says the same of both.
    fn reads_like(&self, other: &Self) -> bool {
        let alike = match (&self.state, &other.state) {
            (State::Refused(_), _) | (_, State::Refused(_)) => false,
            (State::Repeated(_), State::Repeated(_)) => true,
            (State::Repeated(_), _) | (_, State::Repeated(_)) => false,
            _ => true,
        };
        alike && self.kind == other.kind && self.target.given() == other.target.given()
    }

    fn push_undo(
        &self,
        undo: &mut Vec<Undo>,
        record: (&Cow<'static, str>, &str),
        to: Cow<'static, str>,
    ) {
        match &self.undo {
            None | Some(Inverse::None) => {}
            Some(Inverse::Remove) => {
                let target = Target {
                    primary: None,
                    replace: None,
                    ..self.target.clone().into_owned()
                };
                Undo::push(undo, Verb::Remove, record, to, target);
            }
            Some(Inverse::Steps(steps)) => {
                for step in steps {
                    let other = step
                        .record
                        .as_ref()
                        .map(|(kind, id)| (owned(kind.as_str()), id));
                    let record = match &other {
                        Some((kind, id)) => (kind, id.as_str()),
                        None => record,
                    };
                    let to = match &step.to {
                        Some(kind) => owned(kind.as_str()),
                        None => to.clone(),
                    };
                    Undo::push(undo, step.verb, record, to, step.target.clone());
                }
            }
        }
    }
}

impl Target<'_> {
    /// What is asked of the link besides that it exists.
    fn asked(&self) -> (Vec<&str>, Option<bool>, Option<bool>) {
        (self.roles().collect(), self.primary, self.replace)
    }

    /// Which of the optional fields it has.
    const fn given(&self) -> [bool; 4] {
        [
            self.role.is_some(),
            self.primary.is_some(),
            self.association_type.is_some(),
            self.replace.is_some(),
        ]
    }

    /// The names of the fields that it has.
    fn fields(&self) -> impl Iterator<Item = &'static str> {
        let optional = ["role", "primary", "association_type", "replace"];
        let given = optional.into_iter().zip(self.given());
        ["id"]
            .into_iter()
            .chain(given.filter_map(|(name, given)| given.then_some(name)))
    }
}

pub(super) fn pair(rules: &Rules, from: Entity, to: Entity) -> Option<&'static Pair> {
    let mut pairs = rules.pairs.iter();
    pairs.find(|pair| pair.from == from && pair.to == to)
}

/// Why a verb cannot be done to a pair of kinds; `None` where it can.
pub(super) fn impossible(
    vendor: &str,
    from: &Kind<'_>,
    to: &Kind<'_>,
    pair: Option<&Pair>,
    verb: Verb,
    path: String,
) -> Option<Refusal> {
    let (from, to) = (from.as_str(), to.as_str());
    let reason = Reason::AssociationUnsupported;
    let Some(pair) = pair else {
        let message = format!("{vendor} has no link from {from} to {to}");
        return Some(Refusal::unsupported(reason, path, message));
    };
    if let Some(refused) = &pair.refused {
        return Some(Refusal::unsupported(refused.reason, path, refused.message));
    }
    if pair.does(verb).is_some() {
        return None;
    }
    let message = format!(
        "crmlink cannot {} the links from {from} to {to} at {vendor}",
        verb.word()
    );
    Some(Refusal::unsupported(reason, path, message))
}

pub(super) fn check_kind(path: &str, kind: &Kind<'_>, rules: &Rules) -> Result<(), Refusal> {
    let fault = match kind.entity {
        Entity::Custom => (rules.key)(&kind.name),
        _ => None,
    };
    match fault {
        Some(fault) => Err(Refusal::input(path, fault)),
        None => Ok(()),
    }
}

/// A name that a receipt can keep: those of the vocabulary cost nothing.
fn owned(name: &str) -> Cow<'static, str> {
    let known = Entity::ALL
        .into_iter()
        .find(|entity| entity.as_str() == name);
    known.map_or_else(
        || Cow::Owned(name.to_owned()),
        |entity| Cow::Borrowed(entity.as_str()),
    )
}
