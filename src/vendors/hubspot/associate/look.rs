//! What is there: the record's links, page by page, and the labels of the pair of kinds.

use super::{Associate, Job, Stage, names, same_text};
use crate::endpoint::Endpoint;
use crate::error::{Code, Failure, Report, Sent};
use crate::http::Response;
use crate::sorted::SortedSet;
use crate::unified::operation::Verb;
use crate::vendors::hubspot::NAME;
use crate::vendors::hubspot::associations::LabelledType;
use crate::vendors::hubspot::associations::list::List;

/// How many pages of a record's links are followed: 50,000 links of one kind.
pub(in crate::vendors::hubspot) const MOST_PAGES: usize = 100;

impl Associate<'_> {
    /// The new labels that links of a group need and the account has not.
    pub(super) fn missing(&self, number: usize) -> SortedSet<usize> {
        let mut missing = SortedSet::new();
        let Some(group) = self.groups.get(number).filter(|_| !self.news.is_empty()) else {
            return missing;
        };
        let Some(labels) = &group.labels else {
            return missing;
        };
        for place in &group.places {
            let Some(link) = self.links.link(*place) else {
                continue;
            };
            let words = link.target.roles().chain(link.target.types());
            for word in words {
                let new = self.news.iter().position(|new| names(new, word));
                let known = |label: &LabelledType| {
                    let text = label.label.as_deref();
                    new.and_then(|new| self.news.get(new))
                        .is_some_and(|new| text.is_some_and(|text| same_text(text, &new.label)))
                };
                if let Some(new) = new.filter(|_| !labels.iter().any(known)) {
                    missing.add(new);
                }
            }
        }
        missing
    }

    /// Takes a page of what is there. The next one is asked for before all else.
    ///
    /// # Errors
    /// A page that cannot be read: nothing of it was noted.
    pub(super) fn take_page(&mut self, number: usize, response: &Response) -> Result<(), Failure> {
        let page = List::read(response)?;
        let next = page.next().map(str::to_owned);
        let Some(group) = self.groups.get_mut(number) else {
            return Ok(());
        };
        group.pages += 1;
        for record in page.results {
            let more = record.association_types;
            group
                .there
                .update(record.to_object_id, |types| types.extend(more));
        }
        let full = group.pages == MOST_PAGES;
        match next {
            Some(_) if full => self.fail_group(number, &too_many(response.status)),
            Some(next) => {
                group.waits += 1;
                self.jobs.push_first(Job::List(number, Some(next)));
            }
            None => {}
        }
        Ok(())
    }

    /// Nothing is known of what is there, so nothing is written.
    pub(super) fn fail_group(&mut self, number: usize, failure: &Failure) {
        let Some(group) = self.groups.get_mut(number) else {
            return;
        };
        group.stage = Stage::Take;
        if self.links.verb == Verb::Set {
            // What was not named and may be there is in doubt too, and has no link in the receipt.
            self.links.fail(failure);
        }
        let places = group.places.clone();
        let open: SortedSet<_> = self.links.open().map(|(place, _)| place).collect();
        for place in places.into_iter().filter(|place| open.contains(place)) {
            let outcome = self.links.not_done(place);
            self.links
                .settle(place, outcome, Some(Report::from(failure)));
        }
    }
}

pub(in crate::vendors::hubspot) fn too_many(status: u16) -> Failure {
    Failure {
        code: Code::TooLarge,
        status: Some(status),
        ..Failure::unanswered(
            NAME,
            Code::TooLarge,
            Sent::Yes,
            "the record has more than 50,000 links of this kind, which crmlink does not follow",
        )
    }
}
