//! What the operation would send, and what it costs.

use super::{AssociationTypes, Job};
use crate::unified::ledger::{Ledger, Treatment};
use crate::unified::operation::TypeVerb;
use crate::unified::plan::{Calls, Plan, Step};
use crate::vendors::leadconnector::NAME;

impl AssociationTypes<'_> {
    pub(super) fn planned(&self) -> Plan {
        let (first, purpose) = match self.verb {
            TypeVerb::List => (Job::Page(0), "read the location's definitions"),
            TypeVerb::Create => (Job::Create, "create the definition"),
            TypeVerb::Get | TypeVerb::Update | TypeVerb::Delete => {
                (Job::Read, "read the definition")
            }
        };
        let step = |job, purpose, depends_on| Step {
            purpose,
            requests: self
                .build(job)
                .ok()
                .map(|(request, _)| request)
                .into_iter()
                .collect(),
            depends_on,
        };
        let mut steps = vec![step(first, purpose, None)];
        steps.extend(
            self.then()
                .map(|(job, purpose, on)| step(job, purpose, Some(on))),
        );
        let warnings: &[&str] = match self.verb {
            TypeVerb::List => {
                &["the price is that of at most 100 definitions: each further hundred costs a call"]
            }
            TypeVerb::Delete => {
                &["all relations of the definition are deleted with it, and cannot be brought back"]
            }
            _ => &[],
        };
        Plan {
            operation: self.verb.operation(),
            vendor: NAME,
            calls: Calls {
                min: 1,
                max: steps.len(),
            },
            steps,
            fields: self.ledger(),
            strategies: Vec::new(),
            refused: Vec::new(),
            warnings: warnings.iter().map(|&warning| warning.to_owned()).collect(),
        }
    }

    /// The requests that follow the first one in the dearest case.
    pub(super) fn then(&self) -> Option<(Job, &'static str, &'static str)> {
        match self.verb {
            TypeVerb::Create => Some((
                Job::ReadAgain,
                "read the definition that has the key",
                "whether the key is taken",
            )),
            TypeVerb::Update => Some((
                Job::Update,
                "change the labels",
                "the definition's id, and the labels that it has",
            )),
            TypeVerb::Delete => Some((
                Job::Delete,
                "delete the definition, and all its relations with it",
                "the definition's id, and whose it is",
            )),
            TypeVerb::Get | TypeVerb::List => None,
        }
    }

    fn ledger(&self) -> Vec<crate::unified::ledger::FieldEntry> {
        let input = &self.input;
        let mut ledger = Ledger::default();
        let filter = self.verb == TypeVerb::List;
        let fields = [
            ("from", input.from.is_some(), "firstObjectKey"),
            ("to", input.to.is_some(), "secondObjectKey"),
            ("id", input.id.is_some(), "associationId"),
            (
                "key",
                input.key.is_some(),
                match self.verb {
                    TypeVerb::Create => "key",
                    _ => "key_name",
                },
            ),
            ("label", input.label.is_some(), "firstObjectLabel"),
            (
                "inverse_label",
                input.inverse_label.is_some(),
                "secondObjectLabel",
            ),
        ];
        for (path, _, to) in fields.iter().filter(|(_, given, _)| *given) {
            let treatment = match *path {
                "from" | "to" if filter => Treatment::Coerced("which of the definitions are shown"),
                same if same == *to => Treatment::Applied,
                _ => Treatment::Renamed(to),
            };
            ledger.note(path, 1, treatment);
        }
        let data = input.remote_data.as_ref().map_or(0, |data| data.len());
        let query = input.remote_query.as_ref().map_or(0, |query| query.len());
        for (path, count, to) in [
            ("remote_data", data, "body"),
            ("remote_query", query, "query"),
        ] {
            if count > 0 {
                ledger.note(path, count, Treatment::PassedThrough(to));
            }
        }
        ledger.into_entries()
    }
}
