//! `associations.list` at HubSpot: every page of a record's links, kind by kind, with labels and primary.

use serde_json::{Map, Value};

use super::associate::MOST_PAGES;
use super::associations::LabelledType;
use super::associations::list::{self, List};
use super::capability::RULES;
use super::wording::Ends;
use super::{DEFAULT_VERSION, NAME, V4_ENDS, error, object_type};
use crate::endpoint::{Endpoint, Options, Repeat};
use crate::error::{Failure, Refusal, Report};
use crate::http::{Request, Response};
use crate::id::Id;
use crate::path;
use crate::script::{Call, Jobs, Script};
use crate::unified::answers::Answers;
use crate::unified::association::{Listing, Target};
use crate::unified::entity::Kind;
use crate::unified::ledger::{Ledger, Treatment};
use crate::unified::listing::{self, Found, Listed, NotListed};
use crate::unified::operation::Verb;
use crate::unified::plan::{Calls, Plan, Step};
use crate::unified::receipt::Receipt;

/// The operation, with what is left to read.
pub(super) struct Lists<'a> {
    asked: Listing<'a>,
    kinds: Vec<Kind<'static>>,
    options: Options,
    query: Map<String, Value>,
    jobs: Jobs<Page>,
    seen: Vec<Vec<(String, Vec<LabelledType>)>>,
    failed: Vec<NotListed>,
    lost: Vec<usize>,
    answers: Answers,
}

/// A page of the links of the kind at this place.
#[derive(Debug)]
struct Page {
    kind: usize,
    after: Option<String>,
    number: usize,
}

impl<'a> Lists<'a> {
    /// Reads the input.
    ///
    /// # Errors
    /// A refusal of a kind that cannot be listed, or when the options do not fit.
    pub(super) fn new(asked: Listing<'a>, options: &Options) -> Result<Self, Refusal> {
        let kinds = listing::kinds(&asked, &RULES)?;
        let mut options = options.clone();
        options.token = None;
        options
            .api_version
            .get_or_insert_with(|| DEFAULT_VERSION.to_owned());
        let mut script = Self {
            answers: Answers::new(&options),
            query: asked.remote_query.clone().unwrap_or_default(),
            seen: kinds.iter().map(|_| Vec::new()).collect(),
            asked,
            kinds,
            options,
            jobs: Jobs::default(),
            failed: Vec::new(),
            lost: Vec::new(),
        };
        for kind in 0..script.kinds.len() {
            let page = Page {
                kind,
                after: None,
                number: 1,
            };
            script.request(&page)?;
            script.jobs.push(page);
        }
        Ok(script)
    }

    fn request(&self, page: &Page) -> Result<Request, Refusal> {
        let Some(kind) = self.kinds.get(page.kind) else {
            return Err(Refusal::input("to", "expected a kind of records"));
        };
        let mut request = List {
            object_type: Id::new(object_type(&self.asked.kind)),
            object_id: Id::new(self.asked.entity_id.as_str()),
            to_object_type: Id::new(object_type(kind)),
            after: page.after.as_deref().map(Id::new),
            limit: None,
        }
        .build(&self.options)?;
        path::push_query_values(&mut request.url, "", &self.query);
        Ok(request)
    }

    fn fail(&mut self, kind: usize, reason: Report) {
        self.lost.push(kind);
        if let Some(kind) = self.kinds.get(kind) {
            self.failed.push(NotListed {
                entity: kind.as_str().to_owned().into(),
                reason,
            });
        }
    }
}

impl Script for Lists<'_> {
    fn plan(&self) -> Plan {
        let first = |kind| Page {
            kind,
            after: None,
            number: 1,
        };
        let pages = (0..self.kinds.len()).map(first);
        let requests: Vec<_> = pages.filter_map(|page| self.request(&page).ok()).collect();
        let mut ledger = Ledger::default();
        ledger.note("entity", 1, Treatment::Renamed("objectType"));
        ledger.note("entity_id", 1, Treatment::Renamed("objectId"));
        if !self.asked.to.is_empty() {
            ledger.note(
                "to",
                self.asked.to.len(),
                Treatment::Renamed("toObjectType"),
            );
        }
        if !self.query.is_empty() {
            let passed = Treatment::PassedThrough("query");
            ledger.note("remote_query", self.query.len(), passed);
        }
        let mut warnings = vec![
            "each further 500 links that the record has of a kind cost one more read".to_owned(),
        ];
        let version = list::FACTS.version(&self.options).ok();
        if version.is_some_and(|version| version.ends.is_some()) {
            let ends = V4_ENDS.unwrap_or_default();
            warnings.insert(
                0,
                format!("HubSpot ends its v4 paths on {ends}: choose a dated apiVersion"),
            );
        }
        Plan {
            operation: Verb::List.operation(),
            vendor: NAME,
            calls: Calls {
                min: requests.len(),
                max: requests.len() * MOST_PAGES,
            },
            steps: vec![Step {
                purpose: "read what the record is associated with",
                requests,
                depends_on: None,
            }],
            fields: ledger.into_entries(),
            strategies: Vec::new(),
            refused: Vec::new(),
            warnings,
        }
    }

    fn next(&mut self) -> Option<Call> {
        loop {
            let mut jobs = std::mem::take(&mut self.jobs);
            let next = jobs.next(
                |page| Ok((self.request(page)?, Repeat::Safe)),
                |response| error::success(response).map(|_| ()),
            );
            self.jobs = jobs;
            match next? {
                Ok(call) => return Some(call),
                Err((page, refusal)) => self.fail(page.kind, Report::from(&refusal)),
            }
        }
    }

    fn answered(&mut self, tag: usize, answer: Result<&Response, Failure>) -> Result<(), Failure> {
        let Some(page) = self.jobs.take(tag) else {
            return Ok(());
        };
        let read = match answer {
            Ok(response) => match List::read(response) {
                Ok(read) => {
                    self.answers.keep(response);
                    read
                }
                Err(failure) => {
                    self.jobs.put_back(tag, page);
                    return Err(failure);
                }
            },
            Err(failure) => {
                self.fail(page.kind, Report::from(&failure));
                return Ok(());
            }
        };
        let next = read.next().map(str::to_owned);
        if let Some(seen) = self.seen.get_mut(page.kind) {
            let results = read.results.into_iter();
            seen.extend(results.map(|record| (record.to_object_id, record.association_types)));
        }
        match next {
            Some(_) if page.number == MOST_PAGES => {
                let failure = super::associate::too_many(200);
                self.fail(page.kind, Report::from(&failure));
            }
            Some(after) => self.jobs.push_first(Page {
                kind: page.kind,
                after: Some(after),
                number: page.number + 1,
            }),
            None => {}
        }
        Ok(())
    }

    fn receipt(&mut self) -> Receipt {
        let mut found = Found::default();
        for (number, (kind, seen)) in self.kinds.iter().zip(&self.seen).enumerate() {
            // Half a list would pass for a whole one.
            if self.lost.contains(&number) {
                continue;
            }
            let ends = Ends::new(&self.asked.kind, kind);
            let targets = seen.iter().map(|(id, types)| ends.target(id, types));
            found.add(kind, targets.collect::<Vec<Target<'static>>>());
        }
        Receipt::Listed(Listed {
            entity: self.asked.kind.as_str().to_owned().into(),
            entity_id: self.asked.entity_id.to_string(),
            associations: found,
            failed: std::mem::take(&mut self.failed),
            remote_data: self.answers.take(),
        })
    }
}
