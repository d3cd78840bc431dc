//! What the answers say of each link, and what becomes of those whose call failed.

use super::results::Results;
use super::{Associate, Job};
use crate::endpoint::Endpoint;
use crate::endpoint::unexpected;
use crate::error::{Doubt, Failure, Report};
use crate::http::Response;
use crate::unified::links::Inverse;
use crate::unified::receipt::Outcome;
use crate::vendors::hubspot::association_labels::{self, create};
use crate::vendors::hubspot::associations::ItemError;
use crate::vendors::hubspot::associations::batch_archive::Archived;
use crate::vendors::hubspot::associations::{batch_create, batch_create_default};
use crate::vendors::hubspot::{NAME, error};

/// How to find out about a link that is in doubt.
const MAKE_AGAIN: Doubt = Doubt::run_again(
    "; run the same call again: it makes what is missing and changes nothing that is there",
);

/// The same of one that was to go.
const TAKE_AGAIN: Doubt = Doubt::run_again(
    "; run the same call again: it reads what is there and takes away what is left",
);

impl Associate<'_> {
    /// Takes a success.
    ///
    /// # Errors
    /// One that cannot be read: nothing of it was noted.
    pub(super) fn take(&mut self, job: &Job, response: &Response) -> Result<(), Failure> {
        match job {
            Job::List(number, _) => self.take_page(*number, response)?,
            Job::Labels(number) => {
                let labels = association_labels::list::List::read(response)?;
                if let Some(group) = self.groups.get_mut(*number) {
                    group.labels = Some(labels.results);
                }
            }
            Job::Define(number, _) => {
                create::Create::read(response)?;
                self.keep(response);
                if let Some(group) = self.groups.get_mut(*number) {
                    group.defined = true;
                }
            }
            Job::Link(_, places) => {
                let answer = batch_create_default::read_partial(response)?;
                let shown = answer.results.iter();
                let shown = shown.map(|result| (result.from.id.as_str(), result.to.id.as_str()));
                let said = self.results(places, response, shown, &answer.errors);
                self.settle_made(said, response);
                self.keep(response);
            }
            Job::Label(_, places) => {
                let answer = batch_create::read_partial(response)?;
                let shown = answer.results.iter();
                let shown =
                    shown.map(|pair| (pair.from_object_id.as_str(), pair.to_object_id.as_str()));
                let said = self.results(places, response, shown, &answer.errors);
                self.settle_made(said, response);
                self.keep(response);
            }
            Job::Unlabel(_, places) | Job::Archive(_, places) => {
                let answer = self.archived(response)?;
                let none = std::iter::empty();
                let said = self.results(places, response, none, &answer.errors);
                self.settle_taken(said);
                self.keep(response);
            }
        }
        Ok(())
    }

    /// What an answer says of each of the links: whether it lists it, and what it says against it.
    fn results<'r>(
        &self,
        places: &[usize],
        response: &'r Response,
        shown: impl Iterator<Item = (&'r str, &'r str)>,
        errors: &'r [ItemError],
    ) -> Vec<(usize, bool, Option<Failure>)> {
        let ids: Vec<_> = places
            .iter()
            .filter_map(|place| Some((*place, self.links.link(*place)?.target.id.as_str())))
            .collect();
        let asked: Vec<_> = ids.iter().map(|(_, id)| *id).collect();
        let own = self.links.entity_id.as_str();
        let results = Results::new(response, own, &asked, shown, errors);
        let said = ids.iter().map(|(place, id)| match results.shows(id) {
            true => (*place, true, None),
            false => (*place, false, results.error(id)),
        });
        said.collect()
    }

    fn settle_made(&mut self, said: Vec<(usize, bool, Option<Failure>)>, response: &Response) {
        for (place, shown, failure) in said {
            let more = self
                .writes
                .get(&place)
                .is_some_and(|write| !write.drop.is_empty());
            match (shown, failure) {
                // It still has labels that go.
                (true, _) if more => {}
                (true, _) => self.settle_done(place, Outcome::Linked),
                (false, failure) => {
                    let failure = failure.unwrap_or_else(|| {
                        let what =
                            format!("answered {} but does not list this link", response.status);
                        unexpected(NAME, response, &what)
                    });
                    self.links
                        .settle(place, Outcome::NotLinked, Some(Report::from(&failure)));
                }
            }
        }
    }

    fn settle_taken(&mut self, said: Vec<(usize, bool, Option<Failure>)>) {
        for (place, _, failure) in said {
            match failure {
                None if self.links.goes(place) => self.settle_done(place, Outcome::Removed),
                None => self.settle_done(place, Outcome::Linked),
                Some(failure) => {
                    let outcome = self.links.not_done(place);
                    self.links
                        .settle(place, outcome, Some(Report::from(&failure)));
                }
            }
        }
    }

    fn settle_done(&mut self, place: usize, outcome: Outcome) {
        let write = self.writes.remove(&place);
        let undo = write.map_or(Inverse::None, |write| write.undo);
        self.links.settle_done(place, outcome, undo);
    }

    /// Reads the answer to a removal. The dated versions answer a batch; nothing at all is what v4 answers.
    fn archived(&self, response: &Response) -> Result<Archived, Failure> {
        let answer = Archived::read_partial(response)?;
        let empty = answer.status.is_none();
        if empty && self.options.api_version.as_deref() != Some("v4") {
            let what = format!("answered {} without a body", response.status);
            return Err(unexpected(NAME, response, &what));
        }
        if answer.errors.is_empty() {
            let status = answer.status.as_deref().unwrap_or_default();
            error::clean(response, status, answer.num_errors, &[])?;
        }
        Ok(answer)
    }

    pub(super) fn fail(&mut self, job: &Job, failure: &Failure) {
        match job {
            Job::List(number, _) | Job::Labels(number) => self.fail_group(*number, failure),
            Job::Define(number, _) => {
                if let Some(group) = self.groups.get_mut(*number) {
                    // Whether it is there all the same, the list will show.
                    group.defined = failure.is_unclear();
                    group.undefined = Some(Box::new(Report::from(failure)));
                }
            }
            Job::Link(_, places)
            | Job::Label(_, places)
            | Job::Unlabel(_, places)
            | Job::Archive(_, places) => {
                for place in places {
                    let doubt = match self.links.goes(*place) {
                        true => TAKE_AGAIN,
                        false => MAKE_AGAIN,
                    };
                    self.links.settle_failed(*place, failure, doubt);
                }
            }
        }
    }

    fn keep(&mut self, response: &Response) {
        self.answers.keep(response);
    }
}
