//! Which reads an operation needs, and what they say about its links.

use super::{Associate, Job, Way, way};
use crate::unified::entity::Entity;
use crate::unified::links::Link;
use crate::unified::operation::Verb;
use crate::vendors::leadconnector::kinds::{is_business, object_key};
use crate::vendors::leadconnector::look::Read;
use crate::vendors::leadconnector::seen::Seen;

impl Associate<'_> {
    /// What is read first. It depends on the input alone.
    pub(super) fn first_reads(&self) -> Vec<Read> {
        let mut reads: Vec<Read> = Vec::new();
        let once = |reads: &mut Vec<Read>, read: Read| {
            if !reads.contains(&read) {
                reads.push(read);
            }
        };
        let set = self.links.verb == Verb::Set;
        if set {
            once(&mut reads, Read::Definitions(0));
            once(&mut reads, Read::Relations(0));
        }
        for (_, link) in self.links.open() {
            match (way(&self.links, link), self.links.verb) {
                (_, Verb::Set) => {}
                (Way::Business, _) if link.to == Entity::Accounts => {
                    once(&mut reads, Read::Contact(self.links.entity_id.to_string()));
                }
                // Each contact once: a link that repeats another is none of the open ones.
                (Way::Business, _) => reads.push(Read::Contact(link.target.id.to_string())),
                (Way::Definition(key), Verb::Create) => once(&mut reads, Read::Key(key.to_owned())),
                (Way::Definition(_) | Way::Any, _) => {
                    once(&mut reads, Read::Definitions(0));
                    once(&mut reads, Read::Relations(0));
                }
            }
        }
        let from = self.links.kind.entity;
        if set
            && self
                .links
                .kinds()
                .any(|kind| is_business(from, kind.entity))
        {
            once(
                &mut reads,
                match from {
                    Entity::Contacts => Read::Contact(self.links.entity_id.to_string()),
                    _ => Read::Employees(0),
                },
            );
        }
        reads
    }

    /// Reads what the first reads left open: a definition that is not in the list, the business of a contact that is to
    /// change it.
    pub(super) fn resolve(&mut self) {
        if self.links.verb == Verb::Create || self.unread.is_some() {
            return;
        }
        let mut reads = self.look.unknown();
        for (_, link) in self.links.open().filter(|_| self.links.verb == Verb::Set) {
            let read = match way(&self.links, link) {
                Way::Definition(key) if self.look.by_key(key).is_none() => {
                    Read::Key(key.to_owned())
                }
                Way::Business => {
                    let (contact, _) = self.employment(link);
                    let known = self.look.employees.iter().any(|known| known == contact);
                    if known || self.looked(contact).is_some() {
                        continue;
                    }
                    Read::Contact(contact.to_owned())
                }
                _ => continue,
            };
            if !reads.contains(&read) {
                reads.push(read);
            }
        }
        reads
            .into_iter()
            .map(Job::Read)
            .for_each(|job| self.jobs.push(job));
    }

    /// The business of a contact, where it was read.
    pub(super) fn looked(&self, contact: &str) -> Option<Option<&str>> {
        let found = self
            .look
            .contacts
            .iter()
            .find(|(known, _)| known == contact);
        found.map(|(_, business)| business.as_deref())
    }

    /// The relations that are there between a link's records.
    pub(super) fn found(&self, link: &Link<'_>, way: Way<'_>) -> Vec<Seen> {
        let target = link.target.id.as_str();
        let object = object_key(self.links.to(link));
        let fits = |seen: &&Seen| {
            let of = match (way, self.look.by_id(&seen.definition)) {
                (Way::Definition(key), Some(known)) => known.key == key,
                (Way::Any, _) => self.look.object(seen).is_none_or(|known| known == object),
                _ => false,
            };
            of && self.look.other(seen).0 == target
        };
        self.look.relations.iter().filter(fits).cloned().collect()
    }
}
