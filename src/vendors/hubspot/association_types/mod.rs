//! `association_types.*` at HubSpot: the kinds of association between two types of records, and the account's labels.

mod plan;

use serde_json::{Map, Value};

use crate::endpoint::{Endpoint, Options, Repeat};
use crate::error::{Code, Doubt, Failure, Reason, Refusal, Report, Sent};
use crate::http::{Request, Response};
use crate::id::Id;
use crate::path;
use crate::script::{Call, Jobs, Script};
use crate::unified::answers::Answers;
use crate::unified::association_type::{
    AssociationType, FailedType, OneType, SeveralTypes, TypeInput, TypeOutcome, Types,
};
use crate::unified::entity::{Entity, Kind};
use crate::unified::operation::TypeVerb;
use crate::unified::plan::Plan;
use crate::unified::receipt::Receipt;
use crate::vendors::hubspot::associate::same_text;
use crate::vendors::hubspot::association_labels::create::{self, Create};
use crate::vendors::hubspot::association_labels::delete::Delete;
use crate::vendors::hubspot::association_labels::list::List;
use crate::vendors::hubspot::association_labels::update::Update;
use crate::vendors::hubspot::associations::LabelledType;
use crate::vendors::hubspot::capability::RULES;
use crate::vendors::hubspot::{DEFAULT_VERSION, NAME, error, object_type};

/// The operation, with what is left to send.
pub(super) struct AssociationTypes<'a> {
    verb: TypeVerb,
    asked: TypeInput<'a>,
    from: Kind<'a>,
    to: Kind<'a>,
    number: u32,
    options: Options,
    query: Map<String, Value>,
    jobs: Jobs<Job>,
    /// Why a write is in doubt: a list decides.
    doubt: Option<Report>,
    result: Option<Types>,
    answers: Answers,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Job {
    List,
    Write,
}

/// How to find out about a label that may have been made: how soon the list shows it is not published.
const LOOK_FIRST: Doubt = Doubt::look_first(
    "; list the labels before the call is made again: a second label of one text would be another one",
);

/// The same of one that may have been changed or deleted.
const RUN_AGAIN: Doubt =
    Doubt::run_again("; run the same call again: it leaves the label as it was asked");

impl<'a> AssociationTypes<'a> {
    /// Reads the input.
    ///
    /// # Errors
    /// A refusal of a field, or when the options do not fit.
    pub(super) fn new(
        verb: TypeVerb,
        asked: TypeInput<'a>,
        options: &Options,
    ) -> Result<Self, Refusal> {
        let (needs, takes): (&[&str], &[&str]) = match verb {
            TypeVerb::List => (&["from", "to"], &[]),
            TypeVerb::Get | TypeVerb::Delete => (&["from", "to", "id"], &[]),
            TypeVerb::Create => (&["from", "to", "key", "label"], &["inverse_label"]),
            TypeVerb::Update => (&["from", "to", "id", "label"], &["inverse_label"]),
        };
        asked.check(verb, needs, takes)?;
        let (Some(from), Some(to)) = (asked.from.clone(), asked.to.clone()) else {
            return Err(Refusal::input("from", "expected two kinds of records"));
        };
        for (name, kind) in [("from", &from), ("to", &to)] {
            let fault = (RULES.key)(&kind.name).filter(|_| kind.entity == Entity::Custom);
            if let Some(fault) = fault {
                return Err(Refusal::input(name, fault));
            }
            if kind.entity == Entity::Organizations {
                let message = "HubSpot's companies are accounts";
                let reason = Reason::AssociationUnsupported;
                return Err(Refusal::unsupported(reason, name, message));
            }
        }
        if let Some(fault) = asked
            .key
            .as_ref()
            .and_then(|key| create::name_fault(key.as_str()))
        {
            return Err(Refusal::input("key", fault));
        }
        let number = match &asked.id {
            Some(id) => numbered(id.as_str())?,
            None => 0,
        };
        let mut options = options.clone();
        options.token = None;
        options
            .api_version
            .get_or_insert_with(|| DEFAULT_VERSION.to_owned());
        let mut script = Self {
            answers: Answers::new(&options),
            verb,
            query: asked.remote_query.clone().unwrap_or_default(),
            asked,
            from,
            to,
            number,
            options,
            jobs: Jobs::default(),
            doubt: None,
            result: None,
        };
        script.request(Job::List)?;
        let first = match verb {
            // A second label of one text would be another one.
            TypeVerb::List | TypeVerb::Get | TypeVerb::Create => Job::List,
            TypeVerb::Update | TypeVerb::Delete => Job::Write,
        };
        script.jobs.push(first);
        Ok(script)
    }

    fn request(&self, job: Job) -> Result<Request, Refusal> {
        let from_object_type = Id::new(object_type(&self.from));
        let to_object_type = Id::new(object_type(&self.to));
        let label = self.asked.label.clone().unwrap_or_default();
        let inverse_label = self.asked.inverse_label.clone();
        let options = &self.options;
        let mut request = match (job, self.verb) {
            (Job::List, _) | (Job::Write, TypeVerb::List | TypeVerb::Get) => List {
                from_object_type,
                to_object_type,
            }
            .build(options),
            (Job::Write, TypeVerb::Create) => Create {
                from_object_type,
                to_object_type,
                label,
                name: self.asked.key.as_ref().map_or("", Id::as_str).into(),
                inverse_label,
            }
            .build(options),
            (Job::Write, TypeVerb::Update) => Update {
                from_object_type,
                to_object_type,
                association_type_id: self.number,
                label,
                inverse_label,
            }
            .build(options),
            (Job::Write, TypeVerb::Delete) => Delete {
                from_object_type,
                to_object_type,
                association_type_id: Id::new(self.number.to_string()),
            }
            .build(options),
        }?;
        path::push_query_values(&mut request.url, "", &self.query);
        Ok(request)
    }

    /// Takes a success.
    fn take(&mut self, job: Job, response: &Response) -> Result<(), Failure> {
        match (job, self.verb) {
            (Job::List, _) => {
                let types = List::read(response)?.results;
                self.listed(types);
            }
            (Job::Write, TypeVerb::Create) => {
                let types = Create::read(response)?.results;
                // Which of two is this direction's: its text says so, if the other has another one.
                let wanted = self.asked.label.as_deref().unwrap_or_default();
                let mut same = types.iter().filter(|type_| is_called(type_, wanted));
                match (same.next(), same.next()) {
                    (Some(only), None) => {
                        let made = self.shown(only);
                        self.one(TypeOutcome::Created, made);
                    }
                    _ => {
                        self.doubt = Some(unfound());
                        self.jobs.push(Job::List);
                    }
                }
            }
            (Job::Write, _) => {
                error::done(response)?;
                let known = AssociationType {
                    id: self.number.to_string(),
                    key: None,
                    label: self.asked.label.as_deref().map(str::to_owned),
                    inverse_label: self.asked.inverse_label.as_deref().map(str::to_owned),
                    from: self.from.as_str().to_owned(),
                    to: self.to.as_str().to_owned(),
                    category: "user".to_owned(),
                };
                let outcome = match self.verb {
                    TypeVerb::Update => TypeOutcome::Updated,
                    _ => TypeOutcome::Deleted,
                };
                self.one(outcome, known);
            }
        }
        self.answers.keep(response);
        Ok(())
    }

    fn listed(&mut self, types: Vec<LabelledType>) {
        match self.verb {
            TypeVerb::Create => {
                let wanted = self.asked.label.as_deref().unwrap_or_default();
                let own =
                    |type_: &&LabelledType| type_.category == USER && is_called(type_, wanted);
                match (types.iter().find(own), self.doubt.take()) {
                    (Some(found), doubt) => {
                        let outcome = match doubt {
                            Some(_) => TypeOutcome::Created,
                            None => TypeOutcome::AlreadyThere,
                        };
                        let found = self.shown(found);
                        self.one(outcome, found);
                    }
                    (None, None) => self.jobs.push(Job::Write),
                    (None, Some(reason)) => self.failed(reason.in_doubt(LOOK_FIRST)),
                }
            }
            TypeVerb::Get => {
                let wanted = self.asked.id.as_ref().map_or("", Id::as_str);
                let category = wanted.split_once(':').map(|(category, _)| category);
                let same = |type_: &&LabelledType| {
                    let category = category.is_none_or(|category| category == type_.category);
                    type_.type_id == self.number && category
                };
                let mut found = types.iter().filter(same);
                match (found.next(), found.next()) {
                    (Some(only), None) => {
                        let only = self.shown(only);
                        self.one(TypeOutcome::Found, only);
                    }
                    (first, _) => {
                        let (code, message) = match first {
                            None => (
                                Code::NotFound,
                                format!(
                                    "HubSpot has no kind of association {wanted} from {} to {}",
                                    self.from.as_str(),
                                    self.to.as_str()
                                ),
                            ),
                            Some(_) => (
                                Code::AmbiguousMatch,
                                format!(
                                    "HubSpot has two kinds {wanted}: say `USER_DEFINED:{wanted}` or `HUBSPOT_DEFINED:{wanted}`"
                                ),
                            ),
                        };
                        let failure = Failure::unanswered(NAME, code, Sent::Yes, message);
                        self.failed(Report::from(&failure));
                    }
                }
            }
            _ => {
                let result = types.iter().map(|type_| self.shown(type_)).collect();
                self.result = Some(Types::Several(SeveralTypes {
                    result,
                    remote_data: None,
                }));
            }
        }
    }

    fn shown(&self, type_: &LabelledType) -> AssociationType {
        AssociationType {
            id: type_.type_id.to_string(),
            key: None,
            label: type_.label.clone(),
            inverse_label: None,
            from: self.from.as_str().to_owned(),
            to: self.to.as_str().to_owned(),
            category: match type_.category.as_str() {
                "HUBSPOT_DEFINED" => "system".to_owned(),
                USER => "user".to_owned(),
                other => other.to_owned(),
            },
        }
    }

    fn one(&mut self, outcome: TypeOutcome, association_type: AssociationType) {
        self.result = Some(Types::One(OneType {
            outcome,
            association_type,
            remote_data: None,
        }));
    }

    fn failed(&mut self, reason: Report) {
        self.result = Some(Types::Failed(FailedType {
            reason,
            remote_data: None,
        }));
    }
}

impl Script for AssociationTypes<'_> {
    fn plan(&self) -> Plan {
        self.planned()
    }

    fn next(&mut self) -> Option<Call> {
        let mut jobs = std::mem::take(&mut self.jobs);
        let repeat = |job: Job| match (job, self.verb) {
            (Job::Write, TypeVerb::Create) => Repeat::Look,
            _ => Repeat::Safe,
        };
        let next = jobs.next(
            |job| Ok((self.request(*job)?, repeat(*job))),
            |response| error::success(response).map(|_| ()),
        );
        self.jobs = jobs;
        match next? {
            Ok(call) => Some(call),
            Err((_, refusal)) => {
                self.failed(Report::from(&refusal));
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
                if let Err(failure) = self.take(job, response) {
                    self.jobs.put_back(tag, job);
                    return Err(failure);
                }
            }
            Err(failure) => {
                let look = job == Job::Write
                    && self.verb == TypeVerb::Create
                    && failure.is_unclear()
                    && failure.code != Code::Aborted;
                if look {
                    // Whether it was made all the same, the list will show.
                    self.doubt = Some(Report::from(&failure));
                    self.jobs.push(Job::List);
                } else if let Some(doubt) = self.doubt.take() {
                    self.failed(doubt.in_doubt(LOOK_FIRST));
                } else {
                    let reason = Report::from(&failure);
                    self.failed(match (job, self.verb) {
                        _ if !failure.is_unclear() => reason,
                        (Job::List, _) => reason,
                        (Job::Write, TypeVerb::Create) => reason.in_doubt(LOOK_FIRST),
                        (Job::Write, _) => reason.in_doubt(RUN_AGAIN),
                    });
                }
            }
        }
        Ok(())
    }

    fn receipt(&mut self) -> Receipt {
        let answers = self.answers.take();
        let mut result = self.result.take().unwrap_or_else(|| {
            Types::Failed(FailedType {
                reason: unfound().in_doubt(LOOK_FIRST),
                remote_data: None,
            })
        });
        match &mut result {
            Types::One(one) => one.remote_data = answers,
            Types::Several(several) => several.remote_data = answers,
            Types::Failed(failed) => failed.remote_data = answers,
        }
        Receipt::Types(result)
    }
}

/// `36`, or `USER_DEFINED:36` as links name it.
fn numbered(id: &str) -> Result<u32, Refusal> {
    let digits = id.split_once(':').map_or(id, |(_, digits)| digits);
    digits.parse().map_err(|_| {
        Refusal::id(
            "id",
            "expected the number of a kind of association, as in `36`",
        )
    })
}

fn is_called(type_: &LabelledType, text: &str) -> bool {
    let label = type_.label.as_deref();
    label.is_some_and(|label| same_text(label, text))
}

fn unfound() -> Report {
    let message = "HubSpot took the label and does not list it";
    let failure = Failure::unanswered(NAME, Code::UnknownOutcome, Sent::Yes, message);
    Report::from(&failure)
}

const USER: &str = "USER_DEFINED";
