//! What the operation would send, and what it costs.

use super::{Associate, Way, way};
use crate::http::Request;
use crate::unified::entity::Entity;
use crate::unified::ledger::Treatment;
use crate::unified::operation::Verb;
use crate::unified::plan::{Calls, Plan, Step};
use crate::vendors::leadconnector::NAME;
use crate::vendors::leadconnector::look::Read;

/// How many links beyond those asked for are in the price of a `set`.
const MOST_OTHERS: usize = 100;

impl Associate<'_> {
    pub(super) fn planned(&self) -> Plan {
        let reads = self.first_reads();
        let requests = |reads: &mut dyn Iterator<Item = &Read>| -> Vec<Request> {
            reads
                .filter_map(|read| Some(self.look.build(read).ok()?.0))
                .collect()
        };
        let is_contact = |read: &&Read| matches!(read, Read::Contact(_) | Read::Employees(_));
        let is_state = |read: &&Read| matches!(read, Read::Definitions(_) | Read::Relations(_));
        let mut steps = Vec::new();
        let mut push = |purpose, requests: Vec<Request>, depends_on| {
            if !requests.is_empty() {
                steps.push(Step {
                    purpose,
                    requests,
                    depends_on,
                });
            }
        };
        let finds = requests(&mut reads.iter().filter(|read| matches!(read, Read::Key(_))));
        let state = requests(&mut reads.iter().filter(is_state));
        let businesses = requests(&mut reads.iter().filter(is_contact));
        let verb = self.links.verb;
        let mut defined = Vec::new();
        let mut related = Vec::new();
        let mut employed = Vec::new();
        let mut deleted = Vec::new();
        let mut looks = 0;
        for (_, link) in self.links.open() {
            match way(&self.links, link) {
                Way::Business => {
                    let (contact, business) = self.employment(link);
                    let business = (verb != Verb::Remove).then_some(business);
                    employed.extend(self.employ(contact, business));
                    looks += usize::from(verb == Verb::Set && link.to == Entity::Contacts);
                }
                _ if verb == Verb::Remove => deleted.extend(self.delete("{relationId}")),
                way => {
                    if let Way::Definition(key) = way {
                        let request = self.define(key).ok();
                        defined.extend(request.filter(|request| !defined.contains(request)));
                    }
                    related.extend(self.relate(link, "{associationId}", false));
                }
            }
        }
        let set = verb == Verb::Set;
        if set {
            deleted.extend(self.delete("{relationId}"));
        }
        let first = finds.len() + state.len() + businesses.len();
        let writes = defined.len() + related.len() + employed.len() + deleted.len();
        // A definition that is not in the list is read by itself.
        let apart = usize::from(!state.is_empty()) * (1 + related.len());
        let others = if set { MOST_OTHERS } else { 0 };
        push("find the definition of each kind of link", finds, None);
        push(
            "read the definitions and the record's relations",
            state,
            None,
        );
        push("read the business of each contact", businesses, None);
        push(
            "create the definitions that are missing",
            defined,
            Some("which of them were not found"),
        );
        push(
            "create one relation for each link",
            related,
            Some("the definition's id, and which of its objects comes first"),
        );
        push(
            "put each contact into its business, or out of it",
            employed,
            Some("which business each contact is in"),
        );
        push(
            "delete the relations that are to go",
            deleted,
            Some("which relations there are"),
        );
        Plan {
            operation: verb.operation(),
            vendor: NAME,
            calls: Calls {
                min: first,
                max: first + apart + looks + writes + others,
            },
            steps,
            fields: self.links.ledger(treatment),
            strategies: Vec::new(),
            refused: self.links.refused(),
            warnings: self.warnings(),
        }
    }

    fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.links.verb != Verb::Create {
            warnings.push(
                "the price is that of at most 100 relations and definitions: each further hundred costs a call to read"
                    .to_owned(),
            );
        }
        if self.links.verb == Verb::Set {
            warnings.push(
                "relations of the kinds that are named and not asked for are deleted, one call each: 100 of them are in the price"
                    .to_owned(),
            );
        }
        warnings
    }
}

fn treatment(field: &str) -> Treatment {
    match field {
        "entity" => Treatment::Coerced("the order of the two records"),
        "entity_id" | "id" => Treatment::Renamed("firstRecordId or secondRecordId"),
        "association_type" => Treatment::Coerced("associationId"),
        "association_types" => Treatment::Coerced("a definition, where it is missing"),
        "replace" => Treatment::Coerced("whether a contact may leave its business"),
        "reversible" => Treatment::Ignored("what is done here can be taken back anyway"),
        "remote_data" => Treatment::PassedThrough("body"),
        "remote_query" => Treatment::PassedThrough("query"),
        _ => Treatment::Ignored("it says what is so anyway"),
    }
}
