//! Records: read, create, update, batch upsert and a plain search, enough for what an upsert sends.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::super::answer;
use super::super::call::{Call, list, text};
use super::super::ledger::Ledger;
use super::associations::name;
use super::batch::finished;
use super::kinds::{Kind, Spec};
use super::links::Node;
use super::refusal::Refusal;
use super::{HubSpot, Outcome, Record, body_of, kind_of, no_route};
use crate::http::Method;

impl HubSpot {
    pub(super) fn records_of(
        &mut self,
        call: &Call,
        kind: &str,
        rest: &[&str],
        ledger: &mut Ledger<'_>,
    ) -> Outcome {
        let kind = kind_of(kind)?;
        let partner = !kind.tabulated() && !kind.type_id.starts_with("2-");
        match (call.method, rest) {
            (Method::Get, [id]) => {
                let node = match call.asked("idProperty") {
                    Some(key) => self.by_property(&kind, key, id)?,
                    None => self.node(&kind, id)?,
                };
                Ok(answer::json(200, &self.shown(&node)))
            }
            (Method::Patch, [id]) => {
                let node = match call.asked("idProperty") {
                    Some(key) => self.by_property(&kind, key, id)?,
                    None => self.node(&kind, id)?,
                };
                let body = body_of(call)?.unwrap_or_default();
                let properties = properties(&body)?;
                // Not known: that an update is refused in the same words as a create.
                self.unclashed(&kind, &properties, Some(&node.1))?;
                self.write(&node, properties, call.now, ledger);
                Ok(answer::json(200, &self.shown(&node)))
            }
            // The partner objects can be read and updated only.
            (Method::Post, _) if partner => Err(no_route(call)),
            (Method::Post, []) => {
                let body = body_of(call)?.unwrap_or_default();
                let properties = properties(&body)?;
                self.unclashed(&kind, &properties, None)?;
                let targets = self.targets(&kind, list(&body, "/associations"))?;
                let node = self.make(&kind, properties, call.now, ledger);
                for (to, specs) in targets {
                    for spec in specs {
                        self.links.label_link(&node, &to, spec);
                    }
                    ledger.commit("association.create", name(&node), name(&to));
                }
                Ok(answer::json(201, &self.shown(&node)))
            }
            (Method::Post, ["batch", "upsert"]) => self.upsert(call, &kind, ledger),
            (Method::Post, ["search"]) => self.search(call, &kind),
            _ => Err(no_route(call)),
        }
    }

    pub(super) fn shown(&self, node: &Node) -> Value {
        let Some(record) = self.records.get(&node.0).and_then(|all| all.get(&node.1)) else {
            return Value::Null;
        };
        let mut properties = record.properties.clone();
        properties.insert("hs_object_id".to_owned(), node.1.clone().into());
        properties.insert(
            "hs_lastmodifieddate".to_owned(),
            answer::time(record.updated).into(),
        );
        // Values are null as well as text, whatever the published type says.
        properties
            .entry("hs_merged_object_ids")
            .or_insert(Value::Null);
        json!({
            "id": node.1,
            "properties": properties,
            "createdAt": answer::time(record.created),
            "updatedAt": answer::time(record.updated),
            "archived": false,
        })
    }

    fn upsert(&mut self, call: &Call, kind: &Kind, ledger: &mut Ledger<'_>) -> Outcome {
        let body = body_of(call)?.unwrap_or_default();
        let inputs = list(&body, "/inputs");
        if inputs.len() > 100 {
            return Err(Refusal::invalid("100 inputs are allowed"));
        }
        let mut seen = Vec::new();
        for input in inputs {
            let id = text(input, "/id").unwrap_or_default();
            if seen.contains(&id) {
                // Not known: the wording; that the whole batch is refused is reported.
                return Err(Refusal::invalid(format!(
                    "Duplicate ids in the batch: {id}"
                )));
            }
            seen.push(id);
            if let Some(key) = text(input, "/idProperty") {
                unique(kind, &key)?;
            }
        }
        let mut results = Vec::new();
        let mut errors = Vec::new();
        for input in inputs {
            match self.upsert_one(kind, input, call.now, ledger) {
                Ok(result) => results.push(result),
                Err(refusal) => {
                    let trace = text(input, "/objectWriteTraceId").unwrap_or_default();
                    errors.push(refusal.with("objectWriteTraceId", trace));
                }
            }
        }
        Ok(finished(200, 207, call.now, results, &errors))
    }

    fn upsert_one(
        &mut self,
        kind: &Kind,
        input: &Value,
        now: u64,
        ledger: &mut Ledger<'_>,
    ) -> Result<Value, Refusal> {
        let id = text(input, "/id").unwrap_or_default();
        let mut properties = properties(input)?;
        let (node, new) = match text(input, "/idProperty") {
            // Without a key the id is the record's own.
            None => (self.node(kind, &id)?, false),
            Some(key) => match self.find(kind, &key, &id) {
                Some(node) => (node, false),
                None => {
                    properties.insert(key, id.into());
                    let node = self.make(kind, properties.clone(), now, ledger);
                    (node, true)
                }
            },
        };
        if !new {
            self.write(&node, properties, now, ledger);
        }
        let mut result = self.shown(&node);
        if let Some(result) = result.as_object_mut() {
            result.insert("new".to_owned(), new.into());
            if let Some(trace) = text(input, "/objectWriteTraceId") {
                result.insert("objectWriteTraceId".to_owned(), trace.into());
            }
        }
        Ok(result)
    }

    /// Filters of one group must all hold, one group must. Only EQ and IN; the real index lags, this one does not.
    fn search(&self, call: &Call, kind: &Kind) -> Outcome {
        let body = body_of(call)?.unwrap_or_default();
        let groups = list(&body, "/filterGroups");
        let mut results = Vec::new();
        for (id, record) in self.records.get(kind).into_iter().flatten() {
            let mut matches = groups.is_empty();
            for group in groups {
                let mut all = true;
                for filter in list(group, "/filters") {
                    all &= holds(record, id, filter)?;
                }
                matches |= all;
            }
            if matches {
                results.push(self.shown(&(kind.clone(), id.clone())));
            }
        }
        let total = results.len();
        let limit = body
            .pointer("/limit")
            .and_then(Value::as_u64)
            .and_then(|limit| usize::try_from(limit).ok())
            .unwrap_or(10);
        if limit > 200 {
            return Err(Refusal::invalid("limit must not exceed 200"));
        }
        results.truncate(limit);
        Ok(answer::json(
            200,
            &json!({ "total": total, "results": results }),
        ))
    }

    fn by_property(&self, kind: &Kind, key: &str, value: &str) -> Result<Node, Refusal> {
        unique(kind, key)?;
        self.find(kind, key, value)
            .ok_or_else(|| Refusal::no_record(kind, value))
    }

    fn find(&self, kind: &Kind, key: &str, value: &str) -> Option<Node> {
        let same = |record: &Record| {
            let known = record.properties.get(key).and_then(Value::as_str);
            known.is_some_and(|known| known.eq_ignore_ascii_case(value))
        };
        self.records
            .get(kind)?
            .iter()
            .find(|(_, record)| same(record))
            .map(|(id, _)| (kind.clone(), id.clone()))
    }

    /// Recorded: the id of the record that is in the way stands in the message, and nowhere else.
    fn unclashed(
        &self,
        kind: &Kind,
        properties: &Map<String, Value>,
        own: Option<&str>,
    ) -> Result<(), Refusal> {
        let email = properties.get("email").and_then(Value::as_str);
        match email.and_then(|email| self.find(kind, "email", email)) {
            Some((_, id)) if kind.singular() == "contact" && own != Some(&id) => Err(Refusal::new(
                409,
                "CONFLICT",
                format!("Contact already exists. Existing ID: {id}"),
            )),
            _ => Ok(()),
        }
    }

    fn make(
        &mut self,
        kind: &Kind,
        properties: Map<String, Value>,
        now: u64,
        ledger: &mut Ledger<'_>,
    ) -> Node {
        self.serial += 1;
        let node = (kind.clone(), (FIRST_NEW + self.serial).to_string());
        ledger.commit(format!("{kind}.create"), name(&node), fields(&properties));
        let record = Record {
            properties,
            created: now,
            updated: now,
        };
        self.records
            .entry(kind.clone())
            .or_default()
            .insert(node.1.clone(), record);
        node
    }

    fn write(
        &mut self,
        node: &Node,
        properties: Map<String, Value>,
        now: u64,
        ledger: &mut Ledger<'_>,
    ) {
        let Some(record) = self
            .records
            .get_mut(&node.0)
            .and_then(|all| all.get_mut(&node.1))
        else {
            return;
        };
        let changed: Map<String, Value> = properties
            .into_iter()
            .filter(|(key, value)| record.properties.get(key) != Some(value))
            .collect();
        if changed.is_empty() {
            return;
        }
        record.updated = now;
        ledger.commit(format!("{}.update", node.0), name(node), fields(&changed));
        record.properties.extend(changed);
    }

    /// `associations` of a create: `[{to: {id}, types: AssociationSpec[]}]`. The other object type follows from the types.
    fn targets(
        &mut self,
        from: &Kind,
        associations: &[Value],
    ) -> Result<Vec<(Node, BTreeSet<Spec>)>, Refusal> {
        let kinds: Vec<Kind> = self.records.keys().cloned().collect();
        let mut targets = Vec::new();
        for association in associations {
            let id = text(association, "/to/id").unwrap_or_default();
            let types = list(association, "/types");
            let found = kinds
                .iter()
                .find_map(|kind| Some((kind, self.specs(from, kind, types).ok()?)));
            let Some((kind, specs)) = found.filter(|(_, specs)| !specs.is_empty()) else {
                return Err(Refusal::invalid("the association types fit no object type"));
            };
            targets.push((self.node(kind, &id)?, specs));
        }
        Ok(targets)
    }
}

fn properties(body: &Value) -> Result<Map<String, Value>, Refusal> {
    body.pointer("/properties")
        .and_then(Value::as_object)
        .cloned()
        .ok_or_else(|| Refusal::invalid("properties are required"))
}

/// Recorded: keys that are no unique property are refused, a company's domain and the record id among them.
fn unique(kind: &Kind, key: &str) -> Result<(), Refusal> {
    let standard = [
        "domain",
        "dealname",
        "hs_object_id",
        "name",
        "firstname",
        "lastname",
    ];
    if standard.contains(&key) || (key == "email" && kind.singular() != "contact") {
        return Err(Refusal::invalid(format!(
            "Unable to perform update/upsert by non-unique {} property {key}",
            kind.type_id
        )));
    }
    Ok(())
}

fn holds(record: &Record, id: &str, filter: &Value) -> Result<bool, Refusal> {
    let key = text(filter, "/propertyName").unwrap_or_default();
    let known = if key == "hs_object_id" {
        Some(id.to_owned())
    } else {
        record.properties.get(&key).and_then(|value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        })
    };
    let same = |wanted: &Value| {
        known.as_deref().is_some_and(|known| {
            wanted
                .as_str()
                .is_some_and(|wanted| wanted.eq_ignore_ascii_case(known))
        })
    };
    match text(filter, "/operator").as_deref() {
        Some("EQ") => Ok(filter.pointer("/value").is_some_and(same)),
        Some("IN") => Ok(list(filter, "/values").iter().any(same)),
        _ => Err(Refusal::invalid(
            "the simulator knows the operators EQ and IN",
        )),
    }
}

/// `a=1, b=2`
fn fields(properties: &Map<String, Value>) -> String {
    let words: Vec<_> = properties
        .iter()
        .map(|(key, value)| match value {
            Value::String(text) => format!("{key}={text}"),
            other => format!("{key}={other}"),
        })
        .collect();
    words.join(", ")
}

/// Above every sample record.
const FIRST_NEW: u64 = 5_000_000;
