//! What the operation would send, and what it costs.

use super::look::MOST_PAGES;
use super::write::{Write, jobs};
use super::{Associate, MOST_AT_ONCE};
use crate::unified::ledger::Treatment;
use crate::unified::operation::Verb;
use crate::unified::plan::{self, Plan, Step};
use crate::vendors::salesforce::NAME;

impl Associate<'_> {
    pub(super) fn planned(&self) -> Plan {
        let look = self.look.as_ref();
        let reads = look.and_then(|look| look.requests(&self.calls).ok());
        let reads = reads.unwrap_or_default();
        let min = reads.len();
        let mut dearest: Vec<(usize, Write)> = Vec::new();
        let mut twice = 0;
        for (place, _) in self.links.open() {
            let Some(change) = self.dearest(place) else {
                continue;
            };
            twice += usize::from(change.again);
            dearest.extend(change.writes.into_iter().map(|write| (place, write)));
        }
        let jobs = jobs(dearest);
        let writes: Vec<_> = jobs
            .iter()
            .filter_map(|job| Some(self.calls.request(job).ok()?.0))
            .collect();
        let mut max = reads.len() + writes.len();
        if twice > 0 {
            max += 2 * twice.div_ceil(MOST_AT_ONCE) + reads.len();
        }
        let set = self.links.verb == Verb::Set;
        if set {
            // Further pages, and two composite calls for the rows of each of them, and of the first.
            let kinds = self.links.kinds().count() * 2;
            max += kinds * (MOST_PAGES + 2 * (MOST_PAGES + 1)) + 2;
        }
        let removes = self.links.verb == Verb::Remove;
        let mut steps = vec![
            Step {
                purpose: "read which of the links are there, and what is in their way",
                requests: reads,
                depends_on: None,
            },
            Step {
                purpose: if removes {
                    "take away those that are there"
                } else {
                    "write those that are missing"
                },
                requests: writes,
                depends_on: Some(if removes {
                    "the rows that the first step finds: where rows are deleted, zeros stand for their ids"
                } else {
                    "the rows that the first step finds: these requests are those of none found"
                }),
            },
        ];
        if set {
            steps.push(Step {
                purpose: "take away those that were not asked for, in the same calls where they fit",
                requests: Vec::new(),
                depends_on: Some("the rows that the first step finds"),
            });
        }
        Plan {
            operation: self.links.verb.operation(),
            vendor: NAME,
            calls: plan::Calls { min, max },
            steps,
            fields: self.links.ledger(treatment),
            strategies: Vec::new(),
            refused: self.links.refused(),
            warnings: Vec::new(),
        }
    }
}

fn treatment(field: &str) -> Treatment {
    match field {
        "entity" => Treatment::Coerced("the object that holds the link"),
        "entity_id" => Treatment::Renamed("OpportunityId, AccountId or ParentId"),
        "id" => Treatment::Renamed("ContactId, AccountId or ParentId"),
        "role" => Treatment::Renamed("Role, Roles or which account is the parent"),
        "primary" => Treatment::Renamed("IsPrimary or Contact.AccountId"),
        "association_type" => Treatment::Coerced("the lookup field that holds the link"),
        "replace" => Treatment::Coerced("whether another link is overwritten"),
        "all_or_none" => Treatment::Renamed("allOrNone"),
        "remote_data" => Treatment::PassedThrough("the fields of each written record"),
        "remote_query" => Treatment::PassedThrough("query"),
        _ => Treatment::Ignored("it says what is so anyway"),
    }
}
