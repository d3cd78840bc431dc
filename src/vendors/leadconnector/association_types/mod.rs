//! `association_types.*` at LeadConnector: the location's association definitions.

mod plan;
mod requests;

use serde_json::Value;

use crate::answer;
use crate::endpoint::{Options, json};
use crate::error::{Code, Doubt, Failure, Reason, Refusal, Report, Sent};
use crate::http::Response;
use crate::id::Id;
use crate::script::{Call, Jobs, Script};
use crate::unified::answers::Answers;
use crate::unified::association_type::{
    AssociationType, FailedType, OneType, SeveralTypes, TypeInput, TypeOutcome, Types,
};
use crate::unified::operation::TypeVerb;
use crate::unified::plan::Plan;
use crate::unified::receipt::Receipt;
use crate::vendors::leadconnector::associations::Association;
use crate::vendors::leadconnector::capability::RULES;
use crate::vendors::leadconnector::deleted::Deleted;
use crate::vendors::leadconnector::kinds::kind_of;
use crate::vendors::leadconnector::{NAME, error, location};

/// How to find out about a write that is in doubt: a key is taken once, and the rest leaves the same when it is repeated.
const RUN_AGAIN: Doubt =
    Doubt::run_again("; run the same call again: it leaves the definition as it was asked");

/// How many definitions are asked for at once: the published example.
const PAGE: u64 = 100;

/// The operation, with what is left to send.
pub(super) struct AssociationTypes<'a> {
    verb: TypeVerb,
    input: TypeInput<'a>,
    location: Id<'static>,
    options: Options,
    jobs: Jobs<Job>,
    /// The definitions that were read.
    read: Vec<Association>,
    outcome: Option<TypeOutcome>,
    failure: Option<Failure>,
    answers: Answers,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Job {
    /// The definitions behind so many.
    Page(u64),
    /// The one definition that is asked for.
    Read,
    Create,
    /// The one that was to be created and is there.
    ReadAgain,
    Update,
    Delete,
    /// Whether what may have been deleted is still there.
    LookAgain,
}

impl<'a> AssociationTypes<'a> {
    /// Reads the input.
    ///
    /// # Errors
    /// A refusal of a field that is missing, excessive or wrong, or of options without a location.
    pub(super) fn new(
        verb: TypeVerb,
        input: TypeInput<'a>,
        options: &Options,
    ) -> Result<Self, Refusal> {
        check(verb, &input)?;
        let mut script = Self {
            verb,
            input,
            location: location(options)?,
            options: Options {
                token: None,
                ..options.clone()
            },
            jobs: Jobs::default(),
            read: Vec::new(),
            outcome: None,
            failure: None,
            answers: Answers::new(options),
        };
        let first = match verb {
            TypeVerb::List => Job::Page(0),
            TypeVerb::Create => Job::Create,
            TypeVerb::Get | TypeVerb::Update | TypeVerb::Delete => Job::Read,
        };
        script.build(first)?;
        script.jobs.push(first);
        Ok(script)
    }

    /// What follows once the definition is known.
    fn go_on(&mut self) {
        let Some(known) = self.read.first() else {
            return;
        };
        let is = |value: &Option<Value>, text: &str| {
            value.as_ref().and_then(Value::as_str) == Some(text)
        };
        let system = is(&known.association_type, "SYSTEM_DEFINED");
        let [first, second] = self.labels();
        match self.verb {
            TypeVerb::Update
                if is(&known.first_object_label, &first)
                    && is(&known.second_object_label, &second) =>
            {
                self.outcome = Some(TypeOutcome::Found);
            }
            TypeVerb::Update => self.jobs.push(Job::Update),
            TypeVerb::Delete if system => {
                let message = "LeadConnector keeps the definitions that it made itself: only a location's own can be deleted";
                self.failure = Some(Failure::unanswered(
                    NAME,
                    Code::Unsupported,
                    Sent::No,
                    message,
                ));
            }
            TypeVerb::Delete => self.jobs.push(Job::Delete),
            _ => self.outcome = Some(TypeOutcome::Found),
        }
    }

    fn succeeded(&mut self, job: Job, response: &Response) -> Result<(), Failure> {
        match job {
            Job::Page(skip) => {
                let page = answer::listed(NAME, response, "associations", Association::read)?;
                let count = u64::try_from(page.len()).unwrap_or_default();
                let before = self.read.len();
                for one in page {
                    if self.read.iter().all(|known| known.id != one.id) {
                        self.read.push(one);
                    }
                }
                if count >= PAGE && self.read.len() > before {
                    self.jobs.push(Job::Page(skip + count));
                }
                self.keep(response);
            }
            Job::Read => {
                self.read = vec![answer::object(NAME, response, Association::read)?];
                self.go_on();
                if self.verb == TypeVerb::Get {
                    self.keep(response);
                }
            }
            Job::LookAgain => {
                answer::object(NAME, response, Association::read)?;
            }
            Job::Create | Job::ReadAgain | Job::Update => {
                self.read = vec![answer::object(NAME, response, Association::read)?];
                self.outcome = Some(match job {
                    Job::Create => TypeOutcome::Created,
                    Job::Update => TypeOutcome::Updated,
                    _ => TypeOutcome::AlreadyThere,
                });
                self.failure = (job == Job::ReadAgain).then(|| self.of_others()).flatten();
                self.keep(response);
            }
            Job::Delete => {
                Deleted::read(response)?;
                self.outcome = Some(TypeOutcome::Deleted);
                self.keep(response);
            }
        }
        Ok(())
    }

    /// The failure of a key that is taken by a definition between other kinds.
    fn of_others(&self) -> Option<Failure> {
        let known = shown(self.read.first()?);
        let name = |kind: &Option<crate::unified::entity::Kind<'_>>| {
            kind.as_ref()
                .map(|kind| kind.as_str().to_owned())
                .unwrap_or_default()
        };
        let asked = (name(&self.input.from), name(&self.input.to));
        if asked == (known.from.clone(), known.to.clone()) {
            return None;
        }
        let message = format!(
            "the key is taken by a definition from {} to {}: choose another one",
            known.from, known.to
        );
        Some(Failure::unanswered(
            NAME,
            Code::Conflict,
            Sent::Yes,
            message,
        ))
    }

    fn failed(&mut self, job: Job, failure: Failure) {
        match job {
            Job::Create if failure.is_already_there() => {
                self.failure = Some(failure);
                self.jobs.push(Job::ReadAgain);
            }
            // That the key is taken is known, whatever keeps the definition from being seen.
            Job::ReadAgain => {}
            Job::Delete if failure.is_unclear() || failure.code == Code::NotFound => {
                self.failure = Some(failure);
                self.jobs.push(Job::LookAgain);
            }
            // Not known: whether an unknown definition answers 404 or 400; the answer is certain either way.
            Job::LookAgain
                if !failure.is_unclear()
                    && matches!(failure.code, Code::NotFound | Code::VendorValidation) =>
            {
                self.failure = None;
                self.outcome = Some(TypeOutcome::Deleted);
            }
            Job::LookAgain => {}
            _ => self.failure = Some(failure),
        }
    }

    /// Whether what failed was a write: an update and a delete read the definition first.
    const fn wrote(&self) -> bool {
        match self.verb {
            TypeVerb::Create => true,
            TypeVerb::Update | TypeVerb::Delete => !self.read.is_empty(),
            TypeVerb::List | TypeVerb::Get => false,
        }
    }

    fn keep(&mut self, response: &Response) {
        self.answers.keep(response);
    }

    /// Whether a definition is between the kinds that are asked for.
    fn fits(&self, shown: &AssociationType) -> bool {
        let asked = [&self.input.from, &self.input.to];
        let asked = asked.into_iter().flatten().map(|kind| kind.as_str());
        let mut ends = vec![shown.from.as_str(), shown.to.as_str()];
        for kind in asked {
            match ends.iter().position(|end| *end == kind) {
                Some(place) => {
                    ends.swap_remove(place);
                }
                None => return false,
            }
        }
        true
    }
}

impl Script for AssociationTypes<'_> {
    fn plan(&self) -> Plan {
        self.planned()
    }

    fn next(&mut self) -> Option<Call> {
        let mut jobs = std::mem::take(&mut self.jobs);
        let next = jobs.next(
            |job| self.build(*job),
            |response| error::success(response).map(|_| ()),
        );
        self.jobs = jobs;
        match next? {
            Ok(call) => Some(call),
            Err((_, refusal)) => {
                let message = refusal.to_string();
                self.failure = Some(Failure::unanswered(
                    NAME,
                    Code::UnexpectedResponse,
                    Sent::No,
                    message,
                ));
                None
            }
        }
    }

    fn answered(&mut self, tag: usize, answer: Result<&Response, Failure>) -> Result<(), Failure> {
        let Some(job) = self.jobs.take(tag) else {
            return Ok(());
        };
        match answer {
            Ok(response) => {
                let taken = self.succeeded(job, response);
                if taken.is_err() {
                    self.jobs.put_back(tag, job);
                }
                taken
            }
            Err(failure) => {
                self.failed(job, failure);
                Ok(())
            }
        }
    }

    fn receipt(&mut self) -> Receipt {
        let remote_data = self.answers.take();
        let one = self.read.first().map(shown).zip(self.outcome);
        Receipt::Types(match (&self.failure, one) {
            (Some(failure), _) => {
                let mut reason = Report::from(failure);
                if failure.is_unclear() && self.wrote() {
                    reason = reason.in_doubt(RUN_AGAIN);
                }
                if failure.code == Code::Unsupported && failure.status.is_none() {
                    reason.reason = Some(Reason::AssociationUnsupported);
                }
                Types::Failed(FailedType {
                    reason,
                    remote_data,
                })
            }
            (None, _) if self.verb == TypeVerb::List => Types::Several(SeveralTypes {
                result: self
                    .read
                    .iter()
                    .map(shown)
                    .filter(|one| self.fits(one))
                    .collect(),
                remote_data,
            }),
            (None, Some((association_type, outcome))) => Types::One(OneType {
                outcome,
                association_type,
                remote_data,
            }),
            (None, None) => Types::Failed(FailedType {
                reason: Report::from(&Failure::unanswered(
                    NAME,
                    Code::UnknownOutcome,
                    Sent::Maybe,
                    "the operation did not come to its end",
                ))
                .in_doubt(RUN_AGAIN),
                remote_data,
            }),
        })
    }
}

fn check(verb: TypeVerb, input: &TypeInput<'_>) -> Result<(), Refusal> {
    let (needs, takes): (&[&str], &[&str]) = match verb {
        TypeVerb::Create => (
            &["from", "to", "key", "label"],
            &["inverse_label", "remote_data"],
        ),
        TypeVerb::List => (&[], &["from", "to"]),
        TypeVerb::Get | TypeVerb::Delete => (&[], &["id", "key"]),
        TypeVerb::Update => (&[], &["id", "key", "label", "inverse_label"]),
    };
    input.check(verb, needs, takes)?;
    if !matches!(verb, TypeVerb::Create | TypeVerb::List)
        && input.id.is_some() == input.key.is_some()
    {
        return Err(Refusal::input(
            "id",
            "expected the definition's `id` or its `key`: one of the two",
        ));
    }
    if verb == TypeVerb::Update && input.label.is_none() && input.inverse_label.is_none() {
        return Err(Refusal::input("label", "expected a label to change"));
    }
    for (path, kind) in [("from", &input.from), ("to", &input.to)] {
        let Some(kind) = kind else { continue };
        match kind.entity {
            crate::unified::entity::Entity::Leads => {
                let message =
                    "LeadConnector has no lead records: its leads are contacts or opportunities";
                return Err(Refusal::unsupported(
                    Reason::AssociationUnsupported,
                    path,
                    message,
                ));
            }
            crate::unified::entity::Entity::Custom => {
                if let Some(fault) = (RULES.key)(&kind.name) {
                    return Err(Refusal::input(path, fault));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// A definition in the words of the vocabulary.
fn shown(known: &Association) -> AssociationType {
    // The published schema has objects where everything else has texts: those are shown as JSON.
    let text = |value: &Option<Value>| {
        value.as_ref().map(|value| match value.as_str() {
            Some(text) => text.to_owned(),
            None => json(value),
        })
    };
    let end = |value: &Option<Value>| {
        let object = text(value).unwrap_or_default();
        kind_of(&object).as_str().to_owned()
    };
    AssociationType {
        id: known.id.clone(),
        key: known.key.clone(),
        label: text(&known.first_object_label),
        inverse_label: text(&known.second_object_label),
        from: end(&known.first_object_key),
        to: end(&known.second_object_key),
        category: match text(&known.association_type).as_deref() {
            Some("SYSTEM_DEFINED") => "system".to_owned(),
            Some("USER_DEFINED") => "user".to_owned(),
            other => other.unwrap_or_default().to_owned(),
        },
    }
}
