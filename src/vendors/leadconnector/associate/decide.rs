//! What is to be done to each link, now that all is known: nothing, a write, or a refusal.

use super::{Associate, Away, Employ, End, Job, Way, way};
use crate::error::{Code, Failure, Reason, Refusal};
use crate::id::Id;
use crate::unified::association::Target;
use crate::unified::entity::{Entity, Kind};
use crate::unified::links::Step as Inversion;
use crate::unified::operation::Verb;
use crate::unified::receipt::Outcome;
use crate::vendors::leadconnector::kinds::{
    BUSINESSES_CONTACTS, default_key, is_business, object_key,
};
use crate::vendors::leadconnector::seen::Seen;

impl Associate<'_> {
    /// Whether a definition that was not found is to be created: only where the vendor said that it is not there.
    pub(super) fn may_define(&self, key: &str) -> bool {
        let asked = self.new_types.iter().any(|new| new.key.as_str() == key);
        let absent = |failure: &Failure| {
            matches!(failure.code, Code::NotFound | Code::VendorValidation) && !failure.is_unclear()
        };
        let failure = self.missing.iter().find(|(known, _)| known == key);
        asked && failure.is_some_and(|(_, failure)| absent(failure))
    }

    /// Everything is known that can be: each link is settled, or becomes a job.
    pub(super) fn decide(&mut self) {
        let open: Vec<_> = self.links.open().map(|(place, _)| place).collect();
        // Links that were refused keep what is there: it was asked for, in words that the vendor cannot hold.
        let refused: Vec<_> = (0..self.links.len())
            .filter(|place| !open.contains(place))
            .collect();
        for place in &open {
            self.decide_link(*place);
        }
        if self.links.verb == Verb::Set {
            match self.unread.clone() {
                Some(failure) => self.links.fail(&failure),
                None => self.decide_others(&open, &refused),
            }
        }
    }

    fn decide_link(&mut self, place: usize) {
        let Some(link) = self.links.link(place) else {
            return;
        };
        match way(&self.links, link) {
            Way::Business => self.decide_business(place),
            way if self.links.verb == Verb::Create => {
                let Way::Definition(key) = way else { return };
                let key = key.to_owned();
                self.decide_relation(place, &key);
            }
            way => {
                if let Some(failure) = self.unread.clone() {
                    self.not_tried(place, &failure);
                    return;
                }
                let found = self.found(link, way);
                match (self.links.verb, way) {
                    (Verb::Remove, _) if found.is_empty() => {
                        self.links.settle(place, Outcome::AlreadyRemoved, None);
                    }
                    (Verb::Remove, _) => {
                        let target = link.target.id.to_string();
                        let kind = self.links.to(link).clone().into_owned();
                        for seen in found {
                            self.take_away(place, &kind, &target, &seen);
                        }
                    }
                    (_, Way::Definition(_)) if !found.is_empty() => {
                        self.links.settle(place, Outcome::AlreadyLinked, None);
                    }
                    (_, Way::Definition(key)) => {
                        let key = key.to_owned();
                        self.decide_relation(place, &key);
                    }
                    _ => {}
                }
            }
        }
    }

    /// Makes a relation under the definition of a key, the right way round.
    fn decide_relation(&mut self, place: usize, key: &str) {
        let Some(link) = self.links.link(place) else {
            return;
        };
        let Some(definition) = self.look.by_key(key) else {
            let missing = self.missing.iter().find(|(known, _)| known == key);
            if let Some((_, failure)) = missing {
                let failure = not_found(failure.clone(), key);
                self.not_tried(place, &failure);
            }
            return;
        };
        let (from, to) = (
            object_key(&self.links.kind),
            object_key(self.links.to(link)),
        );
        let objects = (definition.first.as_deref(), definition.second.as_deref());
        let swapped = match objects {
            (Some(first), Some(second)) if (first, second) == (from, to) => false,
            (Some(first), Some(second)) if (first, second) == (to, from) => true,
            (first, second) => {
                let message = format!(
                    "expected a definition between {from} and {to}, this one is between {} and {}",
                    first.unwrap_or("an unnamed object"),
                    second.unwrap_or("an unnamed object")
                );
                let path = self.links.path(link, "association_type");
                self.links
                    .settle_refused(place, Refusal::input(path, message));
                return;
            }
        };
        let definition = definition.id.clone();
        self.jobs.push(Job::Relate {
            place,
            definition,
            swapped,
        });
    }

    /// Puts a contact into a business, or out of it. Out of another one only where that is asked for.
    fn decide_business(&mut self, place: usize) {
        let Some(link) = self.links.link(place) else {
            return;
        };
        let (contact, business) = self.employment(link);
        let set = self.links.verb == Verb::Set;
        let before = if set && self.look.employees.iter().any(|known| known == contact) {
            Some(business.to_owned())
        } else if let Some(known) = self.looked(contact) {
            known.map(str::to_owned)
        } else {
            let missing = self.missing.iter().find(|(known, _)| known == contact);
            if let Some(failure) = missing.map(|(_, failure)| failure).or(self.unread.as_ref()) {
                let failure = failure.clone();
                self.not_tried(place, &failure);
            }
            return;
        };
        let is_in = before.as_deref() == Some(business);
        if self.links.verb == Verb::Remove {
            if is_in {
                self.push_employ(place, None, before);
            } else {
                self.links.settle(place, Outcome::AlreadyRemoved, None);
            }
            return;
        }
        let moves = set && link.to == Entity::Accounts || link.target.replace == Some(true);
        match &before {
            _ if is_in => self.links.settle(place, Outcome::AlreadyLinked, None),
            Some(other) if !moves => {
                let message = format!(
                    "the contact is in the business {other}: with `replace` it is moved to this one"
                );
                let path = self.links.path(link, "id");
                let refusal = Refusal::unsupported(Reason::Cardinality, path, message);
                self.links.settle_refused(place, refusal);
            }
            _ => self.push_employ(place, Some(business.to_owned()), before),
        }
    }

    fn push_employ(&mut self, place: usize, business: Option<String>, before: Option<String>) {
        if let Some(link) = self.links.link(place) {
            let contact = self.employment(link).0.to_owned();
            self.jobs.push(Job::Employ(self.employs.len()));
            self.employs.push(Employ {
                place,
                contact,
                business,
                before,
                leaves: None,
            });
        }
    }

    /// What a `set` takes away: links of its kinds that are there and were not asked for.
    fn decide_others(&mut self, open: &[usize], refused: &[usize]) {
        let kinds: Vec<_> = self.links.kinds().cloned().map(Kind::into_owned).collect();
        let from = self.links.kind.entity;
        let mut others = Vec::new();
        for seen in &self.look.relations {
            let key = self
                .look
                .by_id(&seen.definition)
                .map(|known| known.key.as_str());
            let object = self.look.object(seen);
            let kind = kinds.iter().find(|kind| Some(object_key(kind)) == object);
            // That of the businesses says what the contact says: it goes with its business.
            let (Some(kind), Some(key)) = (kind, key.filter(|key| *key != BUSINESSES_CONTACTS))
            else {
                continue;
            };
            let (id, _) = self.look.other(seen);
            let same = |place: &usize, way_too: bool| {
                self.links.link(*place).is_some_and(|link| {
                    link.target.id.as_str() == id
                        && self.links.to(link).is(kind)
                        && (!way_too || way(&self.links, link) == Way::Definition(key))
                })
            };
            if !open.iter().any(|place| same(place, true))
                && !refused.iter().any(|place| same(place, false))
            {
                others.push((kind.clone(), id.to_owned(), key.to_owned(), seen.clone()));
            }
        }
        for (kind, id, key, seen) in others {
            let target = named(&id, &key, from, kind.entity);
            let place = self.links.take_away(&kind, target);
            self.take_away(place, &kind, &id, &seen);
        }
        let business = kinds.iter().find(|kind| is_business(from, kind.entity));
        if let Some(kind) = business {
            self.decide_other_businesses(kind, open, refused);
        }
    }

    fn decide_other_businesses(&mut self, kind: &Kind<'static>, open: &[usize], refused: &[usize]) {
        let asked = |script: &Self, id: &str| {
            let same = |place: &usize| {
                script.links.link(*place).is_some_and(|link| {
                    link.target.id.as_str() == id
                        && script.links.to(link).is(kind)
                        && (way(&script.links, link) == Way::Business || refused.contains(place))
                })
            };
            open.iter().chain(refused).any(same)
        };
        if kind.entity == Entity::Contacts {
            let record = self.links.entity_id.to_string();
            for contact in self.look.employees.clone() {
                if !asked(self, &contact) {
                    let target = Target::plain(Id::new(contact));
                    let place = self.links.take_away(kind, target);
                    self.push_employ(place, None, Some(record.clone()));
                }
            }
            return;
        }
        let contact = self.links.entity_id.to_string();
        let missing = self.missing.iter().find(|(known, _)| *known == contact);
        if let Some(failure) = missing.map(|(_, failure)| failure.clone()) {
            self.links.fail(&failure);
            return;
        }
        let before = self.looked(&contact).flatten().map(str::to_owned);
        let Some(before) = before.filter(|business| !asked(self, business)) else {
            return;
        };
        let target = Target::plain(Id::new(before.clone()));
        let place = self.links.take_away(kind, target);
        // Whoever goes into another business leaves this one by that.
        let mut employs = self.employs.iter_mut();
        let moved = employs.find(|employ| employ.business.is_some());
        match moved {
            Some(employ) => employ.leaves = Some(place),
            None if refused.is_empty() => self.push_employ(place, None, Some(before)),
            None => {
                let message = "kept, since a business that was asked for is refused";
                self.links
                    .settle_refused(place, Refusal::input("associations", message));
            }
        }
    }

    /// Notes that a relation is to be deleted for the link at a place, and how that is taken back.
    fn take_away(&mut self, place: usize, kind: &Kind<'static>, target: &str, seen: &Seen) {
        let (from, to) = (&self.links.kind, kind);
        let key = self
            .look
            .by_id(&seen.definition)
            .map_or("", |known| &known.key);
        // Only where both ends are of one kind does the definition leave open which comes first.
        let turned = from.is(to) && self.look.other(seen).1;
        let undo = if turned {
            Inversion {
                verb: Verb::Create,
                record: Some((kind.clone(), target.to_owned())),
                to: Some(from.clone().into_owned()),
                target: named(self.links.entity_id.as_str(), key, from.entity, to.entity),
            }
        } else {
            Inversion {
                verb: Verb::Create,
                record: None,
                to: None,
                target: named(target, key, from.entity, to.entity),
            }
        };
        self.away.push(Away {
            place,
            relation: seen.id.clone(),
            undo,
            end: End::Open,
        });
    }
}

/// A target under the definition of a key, in the words that a caller would use.
pub(super) fn named(id: &str, key: &str, from: Entity, to: Entity) -> Target<'static> {
    let own = default_key(from, to) != Some(key);
    Target {
        association_type: own.then(|| vec![Id::new(key.to_owned())]),
        ..Target::plain(Id::new(id.to_owned()))
    }
}

/// Says how a definition that is missing is made.
fn not_found(mut failure: Failure, key: &str) -> Failure {
    if matches!(failure.code, Code::NotFound | Code::VendorValidation) {
        failure.message = format!(
            "{} (looking for the definition `{key}`; name it in `association_types`, and it is created: so does leadconnector.associations.create)",
            failure.message
        );
    }
    failure
}
