//! `associations.list` at Salesforce: one composite call for all kinds, and the further pages.

use super::associate::{Calls, Look, MOST_PAGES, Query, Rows, found, report};
use super::capability::RULES;
use super::ways::Way;
use super::{NAME, error};
use crate::endpoint::{Options, Repeat};
use crate::error::{Code, Failure, Refusal, Report};
use crate::http::Response;
use crate::script::{Call, Script};
use crate::unified::answers::Answers;
use crate::unified::association::Listing;
use crate::unified::entity::Kind;
use crate::unified::ledger::{Ledger, Treatment};
use crate::unified::listing::{Found, Listed, NotListed, kinds};
use crate::unified::operation::Verb;
use crate::unified::plan::{self, Plan, Step};
use crate::unified::receipt::Receipt;

/// The operation, with what is left to read.
pub(super) struct List<'a> {
    listing: Listing<'a>,
    kinds: Vec<Kind<'static>>,
    calls: Calls,
    look: Look,
    /// Why a kind could not be read.
    failed: Vec<(usize, Failure)>,
    answers: Answers,
}

impl<'a> List<'a> {
    /// Reads the input.
    ///
    /// # Errors
    /// A refusal of the input or the options.
    pub(super) fn new(listing: Listing<'a>, options: &Options) -> Result<Self, Refusal> {
        let kinds = kinds(&listing, &RULES)?;
        let query = listing.remote_query.clone().unwrap_or_default();
        let from = listing.kind.entity;
        let record = listing.entity_id.as_str();
        let queries = kinds.iter().enumerate().flat_map(|(place, kind)| {
            let ways = Way::all(from, kind.entity).into_iter();
            ways.map(move |way| Query::of_all(&way, from, record).waited_for_by([place]))
        });
        let look = Look::new(queries.collect(), Vec::new(), true);
        let calls = Calls::new(options, serde_json::Map::new(), query, false)?;
        look.requests(&calls)?;
        Ok(Self {
            listing,
            kinds,
            calls,
            look,
            failed: Vec::new(),
            answers: Answers::new(options),
        })
    }

    /// Notes what could not be seen. An org without relations still has each contact's own account.
    fn sort_out(&mut self) {
        let from = self.listing.kind.entity;
        let record = self.listing.entity_id.as_str();
        for (query, failure) in std::mem::take(&mut self.look.failed) {
            if failure.code == Code::Unsupported && query.is_of_relations() {
                let own = Query::of_own_account(from, record);
                self.look.ask(own.waited_for_by(query.places));
            } else {
                let places = query.places.into_iter();
                self.failed
                    .extend(places.map(|place| (place, failure.clone())));
            }
        }
    }
}

impl Script for List<'_> {
    fn plan(&self) -> Plan {
        let requests = self.look.requests(&self.calls).unwrap_or_default();
        let calls = requests.len();
        let mut ledger = Ledger::default();
        ledger.note("entity", 1, Treatment::Coerced("the objects to look at"));
        ledger.note("entity_id", 1, Treatment::Applied);
        if !self.listing.to.is_empty() {
            let treatment = Treatment::Coerced("the objects to look at");
            ledger.note("to", self.listing.to.len(), treatment);
        }
        if let Some(query) = &self.listing.remote_query {
            ledger.note(
                "remote_query",
                query.len(),
                Treatment::PassedThrough("query"),
            );
        }
        Plan {
            operation: Verb::List.operation(),
            vendor: NAME,
            steps: vec![
                Step {
                    purpose: "read the rows that hold the links",
                    requests,
                    depends_on: None,
                },
                Step {
                    purpose: "read the further pages",
                    requests: Vec::new(),
                    depends_on: Some(
                        "whether the first pages are all, and whether the org has relations",
                    ),
                },
            ],
            calls: plan::Calls {
                min: calls,
                max: calls + 1 + self.kinds.len() * 2 * MOST_PAGES,
            },
            fields: ledger.into_entries(),
            strategies: Vec::new(),
            refused: Vec::new(),
            warnings: Vec::new(),
        }
    }

    fn next(&mut self) -> Option<Call> {
        if self.look.is_busy() {
            return None;
        }
        loop {
            if let Some(request) = self.look.next(&self.calls) {
                return Some(Call {
                    tag: 0,
                    request,
                    repeat: Repeat::Safe,
                    check: |response| error::success(response).map(|_| ()),
                });
            }
            self.sort_out();
            if self.look.is_done() {
                return None;
            }
        }
    }

    fn answered(&mut self, _tag: usize, answer: Result<&Response, Failure>) -> Result<(), Failure> {
        let response = answer.as_ref().ok().copied();
        self.look.answered(&self.calls, answer)?;
        if let Some(response) = response {
            self.answers.keep(response);
        }
        Ok(())
    }

    fn receipt(&mut self) -> Receipt {
        let from = self.listing.kind.entity;
        let record = self.listing.entity_id.as_str();
        let mut associations = Found::default();
        let mut failed = Vec::new();
        for (place, kind) in self.kinds.iter().enumerate() {
            let own = self.failed.iter().find(|(known, _)| *known == place);
            let missing = || absent(&self.listing.kind, kind, record, &self.look.rows);
            match own
                .map(|(_, failure)| Report::from(failure))
                .or_else(missing)
            {
                Some(reason) => failed.push(NotListed {
                    entity: kind.as_str().to_owned().into(),
                    reason,
                }),
                None => associations.add(kind, found(from, kind.entity, record, &self.look.rows)),
            }
        }
        Receipt::Listed(Listed {
            entity: self.listing.kind.as_str().to_owned().into(),
            entity_id: record.to_owned(),
            associations,
            failed,
            remote_data: self.answers.take(),
        })
    }
}

/// Why nothing is said of a link that the record itself holds: Salesforce does not show the record.
fn absent(from: &Kind<'_>, to: &Kind<'_>, record: &str, rows: &Rows) -> Option<Report> {
    let ways = Way::all(from.entity, to.entity);
    let unseen = ways.iter().any(|way| match way {
        Way::Lookup(lookup) if lookup.on_record => rows.of(&lookup.sobject, record).is_empty(),
        _ => false,
    });
    unseen.then(|| {
        report(
            Code::NotFound,
            format!("Salesforce shows no record {record}: it does not exist, or this token may not see it"),
        )
    })
}
