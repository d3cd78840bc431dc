//! The asked links of one operation: which may be tried, and what became of each.

use serde_json::value::RawValue;

use super::association::{Association, Target};
use super::capability::{Cardinality, Pair};
use super::entity::Entity;
use super::ledger::{FieldEntry, Ledger, Treatment};
use super::places::Places;
use super::receipt::{End, LinkReceipt, Linked, Outcome, Receipt};
use crate::error::{Failure, Reason, Refusal, Report};
use crate::id::Id;

/// The asked links, in the caller's order.
#[derive(Debug)]
pub struct Links<'a> {
    /// What the record is.
    pub entity: Entity,
    /// Its id.
    pub entity_id: Id<'a>,
    links: Vec<Link<'a>>,
    remote_data: usize,
    remote_query: usize,
}

/// One asked link.
#[derive(Debug)]
pub struct Link<'a> {
    /// What the target is.
    pub to: Entity,
    /// The target.
    pub target: Target<'a>,
    key: &'static str,
    place: usize,
    state: State,
}

#[derive(Debug)]
enum State {
    Asked,
    /// The same link stands earlier in the list.
    Repeated(usize),
    Refused(Box<Refusal>),
    Settled(Outcome, Option<Box<Report>>),
}

impl<'a> Links<'a> {
    /// Takes the links of an association and settles at once those that the vendor cannot hold.
    ///
    /// `same` gives the part of an id on which the vendor compares, `fault` what is wrong with an id at this vendor.
    ///
    /// # Errors
    /// The first refusal, when not one link is left to try.
    pub fn new(
        association: Association<'a>,
        pairs: &'static [Pair],
        vendor: &str,
        fault: fn(&str) -> Option<&'static str>,
        same: fn(&str) -> &str,
    ) -> Result<Self, Refusal> {
        if let Some(fault) = fault(association.entity_id.as_str()) {
            return Err(Refusal::id("entity_id", fault));
        }
        let mut links = Self {
            entity: association.entity,
            entity_id: association.entity_id,
            links: Vec::new(),
            remote_data: association.remote_data.map_or(0, |data| data.len()),
            remote_query: association.remote_query.map_or(0, |query| query.len()),
        };
        for group in association.associations.0 {
            links.links.reserve(group.targets.len());
            for (place, target) in group.targets.into_iter().enumerate() {
                links.links.push(Link {
                    to: group.entity,
                    target,
                    key: group.key,
                    place,
                    state: State::Asked,
                });
            }
        }
        if links.links.is_empty() {
            return Err(Refusal::input(
                "associations",
                "expected at least one record to link with, got none",
            ));
        }
        links.refuse(pairs, vendor, fault, same);
        links.find_repeated(same);
        if links.open().next().is_none() {
            return Err(links.first_refusal());
        }
        Ok(links)
    }

    /// The links that are still to be made: places and links.
    pub fn open(&self) -> impl Iterator<Item = (usize, &Link<'a>)> {
        self.links
            .iter()
            .enumerate()
            .filter(|(_, link)| matches!(link.state, State::Asked))
    }

    /// The link at a place.
    #[must_use]
    pub fn link(&self, place: usize) -> Option<&Link<'a>> {
        self.links.get(place)
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
    pub fn settle(&mut self, place: usize, outcome: Outcome, reason: Option<Report>) {
        if let Some(link) = self.links.get_mut(place) {
            link.state = State::Settled(outcome, reason.map(Box::new));
        }
    }

    /// Notes that the call for a link failed. Where it cannot be told whether the link was made, `how` says how to find out.
    pub fn settle_failed(&mut self, place: usize, failure: &Failure, how: &str) {
        let mut reason = Report::from(failure);
        if failure.is_unclear() {
            reason.message.push_str(how);
            self.settle(place, Outcome::Unknown, Some(reason));
        } else {
            self.settle(place, Outcome::NotLinked, Some(reason));
        }
    }

    /// Refuses a link that was found impossible later than its input was read.
    pub fn settle_refused(&mut self, place: usize, refusal: Refusal) {
        if let Some(link) = self.links.get_mut(place) {
            link.state = State::Refused(Box::new(refusal));
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
        for link in &self.links {
            match &mut run {
                Some((first, count)) if first.reads_like(link) => *count += 1,
                _ => {
                    if let Some((first, count)) = run.replace((link, 1)) {
                        first.note(&mut ledger, count, treatment);
                    }
                }
            }
        }
        if let Some((first, count)) = run {
            first.note(&mut ledger, count, treatment);
        }
        for (path, count) in [
            ("remote_data", self.remote_data),
            ("remote_query", self.remote_query),
        ] {
            if count > 0 {
                ledger.note(path, count, treatment(path));
            }
        }
        ledger.into_entries()
    }

    /// What is now true. A link that nobody settled is unknown.
    #[must_use]
    pub fn receipt(&self, answers: Vec<Box<RawValue>>) -> Receipt {
        let links: Vec<_> = self
            .links
            .iter()
            .map(|link| self.link_receipt(link))
            .collect();
        let mut linked: Vec<(Entity, Vec<String>)> = Vec::new();
        for (link, receipt) in self.links.iter().zip(&links) {
            if matches!(link.state, State::Repeated(_)) {
                continue;
            }
            let slot = linked.iter().position(|(entity, _)| *entity == link.to);
            let slot = slot.unwrap_or_else(|| {
                linked.push((link.to, Vec::new()));
                linked.len() - 1
            });
            if receipt.outcome.is_true()
                && let Some((_, ids)) = linked.get_mut(slot)
            {
                ids.push(receipt.to.id.clone());
            }
        }
        Receipt {
            entity: self.entity,
            entity_id: self.entity_id.to_string(),
            associations: Linked(linked),
            links,
            remote_data: one_or_list(answers),
        }
    }

    fn link_receipt(&self, link: &Link<'a>) -> LinkReceipt {
        let state = match &link.state {
            State::Repeated(first) => self
                .links
                .get(*first)
                .map_or(&link.state, |first| &first.state),
            state => state,
        };
        let (outcome, reason) = match state {
            State::Settled(outcome, reason) => (*outcome, reason.clone()),
            State::Refused(refusal) => (
                Outcome::NotLinked,
                Some(Box::new(Report::from(refusal.as_ref()))),
            ),
            State::Asked | State::Repeated(_) => (Outcome::Unknown, None),
        };
        LinkReceipt {
            from: End {
                entity: self.entity,
                id: self.entity_id.to_string(),
            },
            to: End {
                entity: link.to,
                id: link.target.id.to_string(),
            },
            outcome,
            reason,
            reversible: None,
        }
    }

    fn refuse(
        &mut self,
        pairs: &'static [Pair],
        vendor: &str,
        fault: fn(&str) -> Option<&'static str>,
        same: fn(&str) -> &str,
    ) {
        let own = same(self.entity_id.as_str());
        let mut taken: Vec<(Entity, &str)> = Vec::new();
        let mut refusals = Vec::new();
        for (place, link) in self.links.iter().enumerate() {
            let pair = pairs
                .iter()
                .find(|pair| pair.from == self.entity && pair.to == link.to);
            let id = same(link.target.id.as_str());
            let refusal = refusal(link, pair, self.entity, vendor, fault).or_else(|| {
                let itself = link.to == self.entity && id == own;
                itself.then(|| {
                    let message = "expected another record, got the record itself";
                    Refusal::input(link.path("id"), message)
                })
            });
            let refusal = refusal.or_else(|| {
                if pair?.cardinality == Cardinality::Many {
                    return None;
                }
                match taken.iter().find(|(to, _)| *to == link.to) {
                    Some((_, first)) if *first != id => {
                        let message = format!(
                            "{vendor} holds one {} for each of the {}: ask for one",
                            pair?.link,
                            self.entity.as_str()
                        );
                        Some(Refusal::unsupported(
                            Reason::Cardinality,
                            link.path("id"),
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

    fn find_repeated(&mut self, same: fn(&str) -> &str) {
        let mut seen: Places<'_> = Places::default();
        seen.reserve(self.links.len());
        let mut repeated = Vec::new();
        for (place, link) in self.links.iter().enumerate() {
            if !matches!(link.state, State::Asked) {
                continue;
            }
            let kind = link.target.association_type.as_ref().map(Id::as_str);
            let first = *seen
                .entry((link.to, same(link.target.id.as_str()), kind))
                .or_insert(place);
            if first != place {
                repeated.push((place, first));
            }
        }
        for (place, first) in repeated {
            let asked = |place: usize| self.links.get(place).map(|link| link.target.asked());
            let same = asked(place) == asked(first);
            if let Some(link) = self.links.get_mut(place) {
                link.state = if same {
                    State::Repeated(first)
                } else {
                    State::Refused(Box::new(Refusal::input(
                        link.path("id"),
                        "expected a record once: it stands earlier in the input with other fields, ask in two calls",
                    )))
                };
            }
        }
    }

    fn first_refusal(&self) -> Refusal {
        let first = self.links.iter().find_map(|link| match &link.state {
            State::Refused(refusal) => Some(refusal.as_ref().clone()),
            _ => None,
        });
        first.unwrap_or_else(|| Refusal::input("associations", "expected a record to link with"))
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
        alike && self.key == other.key && self.target.given() == other.target.given()
    }

    fn note(&self, ledger: &mut Ledger, count: usize, treatment: fn(&str) -> Treatment) {
        for field in self.target.fields() {
            let path = format!("associations.{}[].{field}", self.key);
            match &self.state {
                State::Refused(refusal) => ledger.refuse(&path, count, &refusal.message),
                State::Repeated(_) => {
                    let reason = "the same link stands earlier in the input";
                    ledger.note(&path, count, Treatment::Ignored(reason));
                }
                State::Asked | State::Settled(..) => ledger.note(&path, count, treatment(field)),
            }
        }
    }

    /// The path of one of the target's fields in the caller's input.
    #[must_use]
    pub fn path(&self, field: &str) -> String {
        format!("associations.{}[{}].{field}", self.key, self.place)
    }
}

impl Target<'_> {
    /// What is asked of the link besides that it exists.
    fn asked(&self) -> (Option<&str>, Option<bool>, Option<bool>) {
        (self.role.as_deref(), self.primary, self.replace)
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

fn refusal(
    link: &Link<'_>,
    pair: Option<&Pair>,
    from: Entity,
    vendor: &str,
    fault: fn(&str) -> Option<&'static str>,
) -> Option<Refusal> {
    let Some(pair) = pair else {
        let message = format!(
            "{vendor} has no link from {} to {}",
            from.as_str(),
            link.to.as_str()
        );
        return Some(Refusal::unsupported(
            Reason::AssociationUnsupported,
            link.path("id"),
            message,
        ));
    };
    if let Some(refused) = &pair.refused {
        return Some(Refusal::unsupported(
            refused.reason,
            link.path("id"),
            refused.message,
        ));
    }
    if let Some(fault) = fault(link.target.id.as_str()) {
        return Some(Refusal::id(link.path("id"), fault));
    }
    if let Some(fault) = link.target.association_type.as_ref().and_then(Id::fault) {
        return Some(Refusal::id(link.path("association_type"), fault));
    }
    let given = |name: &&str| link.target.fields().any(|field| field == *name);
    if let Some(missing) = pair.required.iter().find(|name| !given(name)) {
        let message = format!(
            "expected this field, which {vendor} needs for this link. {}",
            pair.note
        );
        return Some(Refusal::input(link.path(missing), message.trim_end()));
    }
    let excess = link.target.fields().find(|field| {
        *field != "id" && !pair.fields.contains(field) && !pair.required.contains(field)
    });
    excess.map(|field| {
        let message = format!("{vendor}'s {} holds no {field}: leave it out", pair.link);
        Refusal::unsupported(Reason::AssociationUnsupported, link.path(field), message)
    })
}

fn one_or_list(mut answers: Vec<Box<RawValue>>) -> Option<Box<RawValue>> {
    if answers.len() > 1 {
        serde_json::value::to_raw_value(&answers).ok()
    } else {
        answers.pop()
    }
}
