//! What the operation would send, and what it costs.

use super::{AssociationTypes, Job};
use crate::unified::ledger::{Ledger, Treatment};
use crate::unified::operation::TypeVerb;
use crate::unified::plan::{Calls, Plan, Step};
use crate::vendors::hubspot::association_labels::list::{self};
use crate::vendors::hubspot::{NAME, V4_ENDS};

impl AssociationTypes<'_> {
    pub(super) fn planned(&self) -> Plan {
        let looks = !matches!(self.verb, TypeVerb::Update | TypeVerb::Delete);
        let writes = !matches!(self.verb, TypeVerb::List | TypeVerb::Get);
        let step = |job, purpose, depends_on| Step {
            purpose,
            requests: self.request(job).into_iter().collect(),
            depends_on,
        };
        let mut steps = Vec::new();
        if looks {
            steps.push(step(Job::List, "list the kinds of association", None));
        }
        if writes {
            let depends = looks.then_some("whether there is such a label");
            steps.push(step(Job::Write, "write the label", depends));
        }
        let mut ledger = Ledger::default();
        for (path, given, to) in [
            ("from", true, "fromObjectType"),
            ("to", true, "toObjectType"),
            ("id", self.asked.id.is_some(), "associationTypeId"),
            ("key", self.asked.key.is_some(), "name"),
            (
                "inverse_label",
                self.asked.inverse_label.is_some(),
                "inverseLabel",
            ),
        ] {
            if given {
                ledger.note(path, 1, Treatment::Renamed(to));
            }
        }
        if self.asked.label.is_some() {
            ledger.note("label", 1, Treatment::Applied);
        }
        if !self.query.is_empty() {
            let passed = Treatment::PassedThrough("query");
            ledger.note("remote_query", self.query.len(), passed);
        }
        let version = list::FACTS.version(&self.options).ok();
        let ends = version.and_then(|version| version.ends);
        Plan {
            operation: self.verb.operation(),
            vendor: NAME,
            calls: Calls {
                min: 1,
                // A label whose answer does not say which direction is which is looked up.
                max: if self.verb == TypeVerb::Create { 3 } else { 1 },
            },
            steps,
            fields: ledger.into_entries(),
            strategies: Vec::new(),
            refused: Vec::new(),
            warnings: ends
                .map(|_| {
                    let ends = V4_ENDS.unwrap_or_default();
                    format!("HubSpot ends its v4 paths on {ends}: choose a dated apiVersion")
                })
                .into_iter()
                .collect(),
        }
    }
}
