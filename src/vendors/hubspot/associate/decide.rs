//! What is to be done to each link of a group, now that all is known.

use super::deed::{Deed, deed};
use super::undo::inverse;
use super::{Associate, Group, Job, Write, chunks};
use crate::error::{Refusal, Report};
use crate::sorted::SortedSet;
use crate::unified::links::{Inverse, Link};
use crate::unified::operation::Verb;
use crate::unified::receipt::Outcome;
use crate::vendors::hubspot::type_ids;
use crate::vendors::hubspot::wording::Unknown;

impl Associate<'_> {
    /// Decides what is to be done to each link of a group, now that all is known, and puts what makes links in the queue.
    pub(super) fn decide(&mut self, number: usize) {
        let Some(group) = self.groups.get(number) else {
            return;
        };
        let (verb, ends) = (self.links.verb, group.ends);
        let open: SortedSet<_> = self.links.open().map(|(place, _)| place).collect();
        let mut settled = Vec::new();
        let mut refused = Vec::new();
        let (mut plain, mut labelled) = (Vec::new(), Vec::new());
        let mut there = group.there.iter();
        let crowned = there.find(|(_, types)| {
            let mut types = types.iter();
            types.any(|known| ends.is(known, type_ids::Kind::Primary))
        });
        let crowned = crowned.map(|(id, _)| id.as_str());
        for place in group.places.iter().filter(|place| open.contains(place)) {
            let Some(link) = self.links.link(*place) else {
                continue;
            };
            let id = link.target.id.as_str();
            let labels = group.labels.as_deref().unwrap_or_default();
            let meant = match ends.meant(&link.target, verb.makes(), &self.news, Some(labels)) {
                Ok(meant) => meant,
                Err(unknown) => {
                    refused.push((*place, self.refusal(group, link, unknown)));
                    continue;
                }
            };
            let there = group.there.get(id).map(Vec::as_slice);
            let done = deed(verb, ends, &link.target, meant.labels.as_deref(), there);
            let displaced = crowned.filter(|primary| *primary != id);
            let undo = match group.looks {
                true => inverse(&done, ends, id, there, displaced),
                false => Inverse::None,
            };
            let (send, drop) = match done {
                Deed::Nothing => {
                    settled.push(*place);
                    continue;
                }
                Deed::Link => {
                    plain.push(*place);
                    (Vec::new(), Vec::new())
                }
                Deed::Archive => (Vec::new(), Vec::new()),
                Deed::Label { send, drop } => {
                    if !send.is_empty() {
                        labelled.push(*place);
                    }
                    (send, drop)
                }
            };
            // Of what is merely linked there is nothing to remember.
            if !send.is_empty() || !drop.is_empty() || !matches!(undo, Inverse::None) {
                self.writes.insert(*place, Write { send, drop, undo });
            }
        }
        let outcome = match verb {
            Verb::Remove => Outcome::AlreadyRemoved,
            _ => Outcome::AlreadyLinked,
        };
        for place in settled {
            self.links.settle(place, outcome, None);
        }
        for (place, refusal) in refused {
            match refusal {
                Ok(refusal) => self.links.settle_refused(place, refusal),
                Err(report) => {
                    let outcome = self.links.not_done(place);
                    self.links.settle(place, outcome, Some(*report));
                }
            }
        }
        for places in chunks(plain) {
            self.push(number, Job::Link(number, places));
        }
        for places in chunks(labelled) {
            self.push(number, Job::Label(number, places));
        }
        if verb == Verb::Set {
            self.find_excess(number);
        }
    }

    /// Why a link cannot have the labels that it asks for: a definition that failed says most.
    fn refusal(
        &self,
        group: &Group<'_>,
        link: &Link<'_>,
        unknown: Unknown,
    ) -> Result<Refusal, Box<Report>> {
        match &group.undefined {
            Some(report) => Err(report.clone()),
            None => Ok(unknown.refusal(|field| self.links.path(link, field))),
        }
    }

    /// Adds the links that are there and that a `set` does not name.
    fn find_excess(&mut self, number: usize) {
        let Some(group) = self.groups.get_mut(number) else {
            return;
        };
        let mut asked = SortedSet::new();
        for place in 0..self.links.len() {
            // A link that was refused was named all the same.
            let link = self.links.link(place);
            if let Some(link) = link.filter(|link| self.links.to(link).is(&group.kind)) {
                asked.add(link.target.id.to_string());
            }
        }
        for (id, types) in group.there.iter() {
            if asked.contains(id) {
                continue;
            }
            let target = group.ends.target(id, types);
            let place = self.links.take_away(&group.kind, target);
            let undo = inverse(&Deed::Archive, group.ends, id, Some(types), None);
            let (send, drop) = (Vec::new(), Vec::new());
            self.writes.insert(place, Write { send, drop, undo });
            group.places.push(place);
        }
    }

    /// Puts what takes links and labels away in the queue, now that what was to be made is made.
    pub(super) fn take_away(&mut self, number: usize) {
        let Some(group) = self.groups.get(number) else {
            return;
        };
        let (mut unlabelled, mut archived) = (Vec::new(), Vec::new());
        let open: SortedSet<_> = self.links.open().map(|(place, _)| place).collect();
        for place in group.places.iter().filter(|place| open.contains(place)) {
            match self.writes.get(place) {
                Some(write) if !write.drop.is_empty() => unlabelled.push(*place),
                Some(_) if self.links.goes(*place) => archived.push(*place),
                _ => {}
            }
        }
        for places in chunks(unlabelled) {
            self.push(number, Job::Unlabel(number, places));
        }
        for places in chunks(archived) {
            self.push(number, Job::Archive(number, places));
        }
    }
}
