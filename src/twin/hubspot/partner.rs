//! `/crm/v3/objects/{partner_clients|partner_services}/{id}/associations/…`

use serde_json::{Map, Value, json};

use super::super::answer;
use super::super::call::Call;
use super::super::ledger::Ledger;
use super::associations::name;
use super::kinds::Kind;
use super::links::Node;
use super::refusal::Refusal;
use super::{HubSpot, Outcome, kind_of, no_route};
use crate::http::Method;

impl HubSpot {
    pub(super) fn partner(
        &mut self,
        call: &Call,
        partner: &str,
        id: &str,
        rest: &[&str],
        ledger: &mut Ledger<'_>,
    ) -> Outcome {
        let from = self.node(&kind_of(partner)?, id)?;
        match (call.method, rest) {
            (Method::Get, [to]) => {
                let results = self.plain_links(&from, &kind_of(to)?);
                Ok(answer::json(200, &json!({ "results": results })))
            }
            (Method::Put, [to, to_id, word]) => {
                let to = self.node(&kind_of(to)?, to_id)?;
                association_type(word, &from.0, &to.0)?;
                if self.links.link(&from, &to) {
                    ledger.commit("association.create", name(&from), name(&to));
                }
                Ok(answer::json(200, &self.whole(&from)))
            }
            (Method::Delete, [to, to_id, word]) => {
                let to = self.node(&kind_of(to)?, to_id)?;
                association_type(word, &from.0, &to.0)?;
                if self.links.unlink(&from, &to) {
                    ledger.commit("association.remove", name(&from), name(&to));
                }
                Ok(answer::empty(204))
            }
            _ => Err(no_route(call)),
        }
    }

    /// A record with all its associations.
    fn whole(&self, node: &Node) -> Value {
        let mut record = self.shown(node);
        let mut associations = Map::new();
        for ((kind, _), _) in self.links.all(node) {
            associations
                .entry(kind.plural().to_owned())
                .or_insert_with(|| json!({ "results": self.plain_links(node, kind) }));
        }
        if let Some(record) = record.as_object_mut() {
            record.insert("associations".to_owned(), Value::Object(associations));
        }
        record
    }

    fn plain_links(&self, from: &Node, to: &Kind) -> Vec<Value> {
        self.links
            .linked(from, to)
            .into_iter()
            .map(|(id, _)| json!({ "id": id, "type": format!("{}_to_{to}", from.0) }))
            .collect()
    }
}

/// Not known: which association types the partner objects have. Any word serves, but for the one that HubSpot is
/// recorded to refuse between other objects: `test`.
fn association_type(word: &str, from: &Kind, to: &Kind) -> Result<(), Refusal> {
    let plausible = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if word == "test" || !word.bytes().all(plausible) {
        return Err(Refusal::association_type(word, from, to));
    }
    Ok(())
}
