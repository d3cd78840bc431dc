//! What the answers say of each link, and what becomes of those whose call failed.

use super::{Associate, End, Job};
use crate::answer;
use crate::endpoint::unexpected;
use crate::error::{Code, Doubt, Failure, Report};
use crate::http::Response;
use crate::id::Id;
use crate::unified::association::Target;
use crate::unified::entity::{Entity, Kind};
use crate::unified::links::{Inverse, Step as Inversion};
use crate::unified::operation::Verb;
use crate::unified::receipt::Outcome;
use crate::vendors::leadconnector::NAME;
use crate::vendors::leadconnector::associations::Association as Answered;
use crate::vendors::leadconnector::contacts::set_business;
use crate::vendors::leadconnector::deleted::Deleted;
use crate::vendors::leadconnector::look::{Look, Read};
use crate::vendors::leadconnector::relations::create as relation;
use crate::vendors::leadconnector::seen::Definition;

/// How to find out about a link that is in doubt.
const RUN_AGAIN: Doubt = Doubt::run_again(
    "; run the same call again: what is as it was asked is answered so, and not written again",
);

impl Associate<'_> {
    pub(super) fn succeeded(&mut self, job: &Job, response: &Response) -> Result<(), Failure> {
        match job {
            Job::Read(read) => {
                if let Some(next) = self.look.take(read, response)? {
                    self.jobs.push(Job::Read(next));
                }
            }
            Job::Define(key) => {
                let made = answer::object(NAME, response, Answered::read)?;
                self.missing.retain(|(missing, _)| missing != key);
                // The published page describes the key of the answer as a label: the one that was asked for is meant.
                self.look.know(Definition {
                    key: key.clone(),
                    ..made.into()
                });
                self.keep(response);
            }
            Job::Relate { place, .. } => self.related(*place, response)?,
            Job::Employ(place) => {
                let employ = self.employs.get(*place);
                let contact = employ.map_or("", |employ| employ.contact.as_str());
                set_business::read(contact, response)?;
                self.employed(*place);
                self.keep(response);
            }
            Job::Delete(place) => {
                Deleted::read(response)?;
                if let Some(away) = self.away.get_mut(*place) {
                    away.end = End::Gone;
                }
                self.keep(response);
            }
        }
        Ok(())
    }

    pub(super) fn failed(&mut self, job: &Job, failure: Failure) {
        match job {
            Job::Read(Read::Key(name) | Read::Contact(name)) => {
                self.missing.push((name.clone(), failure));
            }
            Job::Read(_) => self.unread = Some(failure),
            // Somebody else made it meanwhile, or an earlier try of ours did.
            Job::Define(key) if failure.is_already_there() => {
                self.missing.retain(|(missing, _)| missing != key);
                self.jobs.push(Job::Read(Read::Key(key.clone())));
            }
            Job::Define(key) => {
                self.missing.retain(|(missing, _)| missing != key);
                self.missing.push((key.clone(), failure));
            }
            Job::Relate { place, .. } if failure.is_already_there() => {
                self.links.settle(*place, Outcome::AlreadyLinked, None);
            }
            Job::Relate { place, .. } => self.links.settle_failed(*place, &failure, RUN_AGAIN),
            Job::Employ(place) => {
                let employ = self.employs.get(*place);
                let places = employ.map(|employ| [Some(employ.place), employ.leaves]);
                for place in places.into_iter().flatten().flatten() {
                    self.links.settle_failed(place, &failure, RUN_AGAIN);
                }
            }
            Job::Delete(place) => {
                if let Some(away) = self.away.get_mut(*place) {
                    // Whoever says that it is not there may be right: that is looked at again.
                    let doubt = failure.is_unclear() || failure.code == Code::NotFound;
                    away.end = match doubt {
                        true => End::InDoubt(failure),
                        false => End::Stays(failure),
                    };
                }
            }
        }
    }

    fn related(&mut self, place: usize, response: &Response) -> Result<(), Failure> {
        let answer = answer::object(NAME, response, relation::Relation::read)?;
        let id = |id: &str| {
            answer.first_record_id.as_deref() == Some(id)
                || answer.second_record_id.as_deref() == Some(id)
        };
        let told = answer.first_record_id.is_some() && answer.second_record_id.is_some();
        let right = self
            .links
            .link(place)
            .is_some_and(|link| id(link.target.id.as_str()) && id(self.links.entity_id.as_str()));
        if told && !right {
            let what = "answered with a relation of other records";
            let failure = unexpected(NAME, response, what);
            self.links.settle_failed(place, &failure, RUN_AGAIN);
        } else {
            self.links
                .settle_done(place, Outcome::Linked, Inverse::Remove);
        }
        self.keep(response);
        Ok(())
    }

    fn employed(&mut self, place: usize) {
        let Some(employ) = self.employs.get(place) else {
            return;
        };
        let back = employ.before.clone().filter(|_| employ.business.is_some());
        let restore = |business: String| Inversion {
            verb: Verb::Create,
            record: Some((Kind::of(Entity::Contacts), employ.contact.clone())),
            to: Some(Kind::of(Entity::Accounts)),
            target: Target {
                replace: Some(true),
                ..Target::plain(Id::new(business))
            },
        };
        let (outcome, undo) = match (&employ.business, back) {
            (Some(_), None) => (Outcome::Linked, Inverse::Remove),
            (Some(_), Some(back)) => (Outcome::Linked, Inverse::Steps(vec![restore(back)])),
            (None, _) => {
                let again = self.links.link(employ.place).map(|link| Inversion {
                    verb: Verb::Create,
                    record: None,
                    to: None,
                    target: Target::plain(Id::new(link.target.id.to_string())),
                });
                (
                    Outcome::Removed,
                    Inverse::Steps(again.into_iter().collect()),
                )
            }
        };
        let (place, leaves) = (employ.place, employ.leaves);
        self.links.settle_done(place, outcome, undo);
        if let Some(left) = leaves {
            // Going back to it is what takes the move back.
            let undo = Inverse::Steps(Vec::new());
            self.links.settle_done(left, Outcome::Removed, undo);
        }
    }

    /// A link may be several relations: it is gone when all are.
    pub(super) fn settle_away(&mut self) {
        let there =
            |relation: &str, look: &Look| look.relations.iter().any(|seen| seen.id == relation);
        for away in &mut self.away {
            if let End::InDoubt(failure) = &away.end
                && self.unread.is_none()
            {
                away.end = match there(&away.relation, &self.look) {
                    true => End::Stays(failure.clone()),
                    false => End::Gone,
                };
            }
        }
        let mut aways = std::mem::take(&mut self.away);
        while let Some(first) = aways.first() {
            let place = first.place;
            let (own, rest): (Vec<_>, Vec<_>) =
                aways.into_iter().partition(|away| away.place == place);
            aways = rest;
            let mut steps = Vec::new();
            let (mut stays, mut doubt) = (None, None);
            for away in own {
                match away.end {
                    End::Gone => steps.push(away.undo),
                    End::Stays(failure) => stays = Some(failure),
                    End::InDoubt(failure) => doubt = Some(failure),
                    End::Open => {}
                }
            }
            match (stays, doubt) {
                (None, None) => {
                    self.links
                        .settle_done(place, Outcome::Removed, Inverse::Steps(steps));
                }
                (Some(failure), None) => self.not_tried(place, &failure),
                (_, Some(failure)) => {
                    self.links
                        .settle_unknown(place, Report::from(&failure), RUN_AGAIN);
                }
            }
        }
    }

    /// Nothing was written for this link, for a reason that the vendor gave.
    pub(super) fn not_tried(&mut self, place: usize, failure: &Failure) {
        let outcome = self.links.not_done(place);
        self.links
            .settle(place, outcome, Some(Report::from(failure)));
    }

    fn keep(&mut self, response: &Response) {
        self.answers.keep(response);
    }
}
