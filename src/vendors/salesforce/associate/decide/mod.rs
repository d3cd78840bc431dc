//! What is to be done about each link, now that the rows are seen: nothing, a write, or a refusal.
//!
//! How one link is made or taken away depends on what holds it: a file for each.

mod case;
mod lookup;
mod relation;
mod roles;

pub(super) use self::case::Change;
use self::case::{Case, Verdict};
use super::found::found;
use super::look::Look;
use super::queries::Query;
use super::rows::Rows;
use super::settle::report;
use super::write::{Write, jobs};
use super::{Associate, MOST_AT_ONCE, MOST_WRITES};
use crate::error::{Code, Failure, Report, Sent};
use crate::sorted::{SortedMap, SortedSet};
use crate::unified::association::Target;
use crate::unified::entity::Entity;
use crate::unified::operation::Verb;
use crate::unified::receipt::Outcome;
use crate::vendors::salesforce::NAME;
use crate::vendors::salesforce::id::same;
use crate::vendors::salesforce::ways::Way;

impl<'a> Associate<'a> {
    /// A look is over: each of its links is as asked, is to be written, or cannot be.
    pub(super) fn seen(&mut self, look: Look) {
        let Look {
            rows,
            failed,
            mut places,
            ..
        } = look;
        let mut unseen: SortedSet<usize> = SortedSet::new();
        for (query, failure) in &failed {
            if self.whole && query.places.is_empty() {
                // Nobody waits for these rows but the `set` itself.
                self.links.fail(failure);
                self.barred = true;
            }
            for place in &query.places {
                if unseen.add(*place) {
                    self.unseen(*place, failure);
                }
            }
        }
        if std::mem::take(&mut self.whole) {
            places.extend(self.find_extra(&rows, &failed));
        }
        for place in places {
            if !unseen.contains(&place) {
                self.decide(place, &rows);
            }
        }
        if self.all_or_none {
            self.all_or_none();
        }
    }

    /// The links that are there and were not asked for: a `set` takes them away.
    fn find_extra(&mut self, rows: &Rows, failed: &[(Query, Failure)]) -> Vec<usize> {
        let from = self.links.kind.entity;
        let kinds: Vec<_> = self
            .links
            .kinds()
            .map(|kind| kind.clone().into_owned())
            .collect();
        let mut asked: SortedMap<String, Vec<usize>> = SortedMap::new();
        for place in 0..self.links.len() {
            if let Some(link) = self.links.link(place) {
                let id = same(link.target.id.as_str()).to_owned();
                asked.update(id, |places| places.push(place));
            }
        }
        let mut extra = Vec::new();
        for kind in kinds {
            let ways = Way::all(from, kind.entity);
            let blind = |way: &Way| {
                failed
                    .iter()
                    .any(|(query, _)| query.sobject == way.sobject())
            };
            if ways.iter().any(blind) {
                continue;
            }
            for target in found(from, kind.entity, self.links.entity_id.as_str(), rows) {
                let way = Way::of(&self.links.kind, &kind, &target).ok();
                let places = asked.get(same(target.id.as_str()));
                let asked = places.into_iter().flatten().any(|place| {
                    let link = self.links.link(*place);
                    link.is_some_and(|link| self.links.to(link).is(&kind))
                        && self.way(*place) == way
                });
                if !asked {
                    let target = match way {
                        // Which roles they have is no matter: all go.
                        Some(Way::Lookup(_)) => target,
                        _ => Target::plain(target.id),
                    };
                    extra.push(self.links.take_away(&kind, target));
                }
            }
        }
        extra
    }

    fn decide(&mut self, place: usize, rows: &Rows) {
        let goes = self.links.goes(place);
        let Some(verdict) = self.verdict(place, rows) else {
            return;
        };
        let (written, doubt) = match self.state(place) {
            Some(state) => (state.written, state.doubt.take()),
            None => return,
        };
        match verdict {
            Verdict::Done if written > 0 && doubt.is_none() => self.done(place),
            Verdict::Done => {
                let outcome = if goes {
                    Outcome::AlreadyRemoved
                } else {
                    Outcome::AlreadyLinked
                };
                self.links.settle(place, outcome, None);
                self.settled(place, true);
            }
            Verdict::Refused(report) => self.not_done(place, report),
            // Still to be created, or refused twice: the duplicate was of something else.
            Verdict::Write(change)
                if doubt.is_some() && (change.creates() || written >= MOST_WRITES) =>
            {
                if let Some(failure) = &doubt {
                    self.not_done(place, Report::from(failure));
                }
            }
            Verdict::Write(_) if written >= MOST_WRITES => {
                let mut failure = Failure::unanswered(
                    NAME,
                    Code::UnknownOutcome,
                    Sent::Maybe,
                    "sent twice without a clear answer, and not as asked when last looked for",
                );
                failure.retryable = true;
                self.unknown(place, Report::from(&failure));
            }
            Verdict::Write(change) => self.write(place, change),
        }
    }

    fn verdict(&self, place: usize, rows: &Rows) -> Option<Verdict> {
        let case = Case {
            way: &self.way(place)?,
            from: &self.links.kind,
            record: self.links.entity_id.as_str(),
            target: &self.links.link(place)?.target,
            exact: self.links.verb == Verb::Set,
            rows,
        };
        Some(if self.links.goes(place) {
            case.take()
        } else {
            case.make()
        })
    }

    /// The change of a link in the dearest case.
    pub(super) fn dearest(&self, place: usize) -> Option<Change> {
        let case = Case {
            way: &self.way(place)?,
            from: &self.links.kind,
            record: self.links.entity_id.as_str(),
            target: &self.links.link(place)?.target,
            exact: false,
            rows: &Rows::default(),
        };
        let rows = case.dearest(!self.links.goes(place));
        match self.verdict(place, &rows)? {
            Verdict::Write(change) => Some(change),
            Verdict::Done | Verdict::Refused(_) => None,
        }
    }

    /// Puts the writes of a link to those that wait, unless another link's write does the same.
    fn write(&mut self, place: usize, change: Change) {
        if self.links.verb == Verb::Set
            && self.links.goes(place)
            && let Some(other) = self.replaced_by(place, &change)
        {
            self.after.push((place, other));
            return;
        }
        let count = change.writes.len();
        if let Some(state) = self.state(place) {
            state.left = count;
            state.failed = None;
            state.again = change.again;
            state.undo.get_or_insert(change.undo);
        }
        self.to_write
            .extend(change.writes.into_iter().map(|write| (place, write)));
    }

    /// The asked link whose write puts another id where this link's would put nothing.
    fn replaced_by(&self, place: usize, change: &Change) -> Option<usize> {
        let own = match self.way(place)? {
            Way::Roles => false,
            Way::Relation => self.links.kind.entity == Entity::Contacts,
            Way::Lookup(lookup) => lookup.on_record,
        };
        let write = change.writes.first().filter(|_| own)?;
        let field = write.fields.keys().next()?;
        let same_field = |(other, known): &&(usize, Write)| {
            *other != place
                && known.sobject == write.sobject
                && known.fields.contains_key(field)
                && known.id().map(same) == write.id().map(same)
        };
        self.to_write
            .iter()
            .find(same_field)
            .map(|(other, _)| *other)
    }

    /// All or none: where one cannot be made, none is.
    fn all_or_none(&mut self) {
        let waiting: Vec<usize> = self.to_write.iter().map(|(place, _)| *place).collect();
        let jobs = jobs(self.to_write.clone());
        let too_many = jobs.len() > 1;
        if self.look.is_none() && (self.barred || too_many) {
            self.to_write.clear();
            let reason = if too_many && !self.barred {
                report(
                    Code::TooLarge,
                    format!(
                        "nothing was written: all or none is possible for {MOST_AT_ONCE} writes, and these are more"
                    ),
                )
            } else {
                report(
                    Code::Conflict,
                    "nothing was written, since another link of the call cannot be as asked, and all or none was asked for".to_owned(),
                )
            };
            for place in waiting {
                self.not_done(place, reason.clone());
            }
        }
    }
}
