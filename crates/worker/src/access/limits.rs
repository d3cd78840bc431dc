//! What a browser token lets an operation do: pure, and asked before anything is sent.
//!
//! What a token does not name is refused, and so is an input that does not say what it is about.

use crmlink::error::{Code, Refusal};
use crmlink::json;
use crmlink::unified::entity::Entity;
use crmlink::unified::input::Input;
use crmlink::unified::operation::{Operation, TypeVerb, Verb};
use crmlink::unified::query::{Format, Query};
use serde_json::Value;

use super::token::Claims;

/// Whether a browser token may name an operation at all. Definitions are the whole account's: one that is found by its id
/// is of any kinds, and one that is deleted takes all links of its kind with it.
pub(super) fn is_lent(operation: Operation) -> bool {
    use TypeVerb::{Create, Delete, Get, List, Update};
    match operation {
        Operation::Associations(_) | Operation::Upsert(_) => true,
        Operation::AssociationTypes(verb) => match verb {
            Create | List => true,
            Get | Update | Delete => false,
        },
    }
}

impl Claims {
    /// Whether the operation may be carried out with this input; how many records and links it would write.
    pub(crate) fn allow(&self, operation: Operation, input: &str) -> Result<u64, Refusal> {
        if !self.has(operation) {
            let message = format!(
                "this token does not name the operation {}; it names {}",
                operation.as_str(),
                self.operations.join(", ")
            );
            return Err(forbidden("operation", message));
        }
        match Input::read(operation, input)? {
            Input::Links(verb, links) => {
                self.entity("entity", links.kind.as_str())?;
                for group in &links.associations.0 {
                    self.entity("associations", group.kind.as_str())?;
                }
                let create = Operation::AssociationTypes(TypeVerb::Create);
                if !links.association_types.is_empty() && !self.has(create) {
                    let message = "this token does not name association_types.create";
                    return Err(forbidden("association_types", message));
                }
                self.remote("remote_data", links.remote_data.is_some())?;
                self.remote("remote_query", links.remote_query.is_some())?;
                let targets = links.associations.0.iter();
                let targets: usize = targets.map(|group| group.targets.len()).sum();
                debug_assert!(verb != Verb::List);
                Ok(written(targets))
            }
            Input::List(listing) => {
                self.entity("entity", listing.kind.as_str())?;
                if listing.to.is_empty() {
                    let message = format!(
                        "name the kinds to list: this token is for {}",
                        self.entities.join(", ")
                    );
                    return Err(forbidden("to", message));
                }
                for kind in &listing.to {
                    self.entity("to", kind.as_str())?;
                }
                self.remote("remote_query", listing.remote_query.is_some())?;
                Ok(0)
            }
            Input::Types(verb, types) => {
                for (path, kind) in [("from", &types.from), ("to", &types.to)] {
                    let name = kind.as_ref().map(|kind| kind.as_str());
                    self.entity(path, name.unwrap_or_default())?;
                }
                self.remote("remote_data", types.remote_data.is_some())?;
                self.remote("remote_query", types.remote_query.is_some())?;
                Ok(u64::from(verb != TypeVerb::List))
            }
            Input::Upsert(entity, text) => self.records(entity, &text),
        }
    }

    /// How the answer is to look, where the vendor's own fields are not to come out.
    pub(crate) fn show(&self, query: &mut Query) -> Result<(), Refusal> {
        self.remote("remote_query", !query.remote_query.is_empty())?;
        self.remote("truto_response_format", query.format == Some(Format::Raw))?;
        if !self.remote {
            query.ignore_remote_data = Some(true);
        }
        Ok(())
    }

    /// An answer's text without what this token must not see: the vendor's own bodies, and of a record the fields that it
    /// does not name.
    pub(crate) fn narrow(&self, text: &str) -> String {
        json::without(text, &|within, name| match within {
            _ if !self.remote && REMOTE.contains(&name) => true,
            "record" => name != "id" && !self.may_give(name),
            _ => false,
        })
    }

    fn records(&self, entity: Entity, text: &str) -> Result<u64, Refusal> {
        self.entity("operation", entity.as_str())?;
        let input: Value = serde_json::from_str(text)
            .map_err(|_| Refusal::input("", "expected a record, or a list of records"))?;
        let records = match &input {
            Value::Array(records) => records.as_slice(),
            one => std::slice::from_ref(one),
        };
        let mut writes = 0;
        for (place, record) in records.iter().enumerate() {
            writes += 1;
            let Some(fields) = record.as_object() else {
                continue;
            };
            for (name, value) in fields {
                let path = match &input {
                    Value::Array(_) => format!("[{place}].{name}"),
                    _ => name.clone(),
                };
                self.field(&path, name)?;
                if name == "contacts" || name == "contact" {
                    writes += value.as_array().map_or(0, |links| written(links.len()));
                }
            }
        }
        Ok(writes)
    }

    fn field(&self, path: &str, name: &str) -> Result<(), Refusal> {
        if CONTROL.contains(&name) {
            return Ok(());
        }
        if REMOTE.contains(&name) || name == "remote_query" {
            return self.remote(path, true);
        }
        // What links the record with another is about that one too.
        match name {
            "account" => self.entity(path, "accounts")?,
            "contact" | "contacts" => self.entity(path, "contacts")?,
            _ => {}
        }
        if self.may_give(name) {
            return Ok(());
        }
        let message = match &self.fields {
            Some(fields) => format!("this token is for the fields {}", fields.join(", ")),
            None => format!("this token does not name {name}, under which stand the vendor's own"),
        };
        Err(forbidden(path, message))
    }

    /// Whether a record's field may be given and seen. The vendor's own stand under `custom_fields`: they are named.
    fn may_give(&self, name: &str) -> bool {
        match &self.fields {
            Some(fields) => {
                let is = |known: &String| known == name || known == "contacts" && name == "contact";
                fields.iter().any(is)
            }
            None => name != "custom_fields" || self.remote,
        }
    }

    fn entity(&self, path: &str, name: &str) -> Result<(), Refusal> {
        if self.entities.iter().any(|known| known == name) {
            return Ok(());
        }
        let said = match name {
            "" => "nothing".to_owned(),
            name => format!("`{name}`"),
        };
        let known = self.entities.join(", ");
        Err(forbidden(
            path,
            format!("this token is for {known}, got {said}"),
        ))
    }

    fn remote(&self, path: &str, is_used: bool) -> Result<(), Refusal> {
        if self.remote || !is_used {
            return Ok(());
        }
        let message = "this token is not for the vendor's own fields: it was made without `remote`";
        Err(forbidden(path, message))
    }
}

/// Whatever is done, is one write.
fn written(links: usize) -> u64 {
    u64::try_from(links.max(1)).unwrap_or(u64::MAX)
}

fn forbidden(path: &str, message: impl Into<String>) -> Refusal {
    Refusal {
        code: Code::Forbidden,
        ..Refusal::input(path, message)
    }
}

/// The fields of a record that say which one is meant, and are not set.
const CONTROL: [&str; 4] = ["id", "match_by", "on_ambiguous", "etag"];

/// Where the vendor's own bodies stand in inputs and answers.
const REMOTE: [&str; 4] = ["remote_data", "raw", "raw_response", "remote_error"];

#[cfg(test)]
mod tests {
    use super::super::token::tests::claims;
    use super::*;

    fn operation(name: &str) -> Operation {
        Operation::parse(name).unwrap()
    }

    /// Of a token that names everything but what the case is about.
    fn every() -> Claims {
        let lent = Operation::all().filter(|known| is_lent(*known));
        Claims {
            operations: lent.map(|known| known.as_str().to_owned()).collect(),
            ..claims()
        }
    }

    #[track_caller]
    fn refused(claims: &Claims, name: &str, input: &str, path: &str) {
        let refusal = claims.allow(operation(name), input).unwrap_err();
        assert_eq!(
            (refusal.code, refusal.path.as_str()),
            (Code::Forbidden, path),
            "{input}"
        );
    }

    #[test]
    fn an_operation_that_is_not_named_is_refused() {
        let claims = claims();
        let link =
            r#"{"entity":"contacts","entity_id":"1","associations":{"accounts":[{"id":"2"}]}}"#;
        assert_eq!(claims.allow(operation("associations.create"), link), Ok(1));
        for name in [
            "associations.remove",
            "associations.set",
            "associations.list",
        ] {
            refused(&claims, name, link, "operation");
        }
        refused(&claims, "accounts.upsert", "{}", "operation");
    }

    #[test]
    fn both_ends_of_a_link_are_kinds_of_the_token_s() {
        let link = |entity: &str, to: &str| {
            format!(r#"{{"entity":"{entity}","entity_id":"1","associations":{{{to}}}}}"#)
        };
        for name in [
            "associations.create",
            "associations.remove",
            "associations.set",
        ] {
            for (entity, to, path) in [
                ("leads", r#""contacts":[]"#, "entity"),
                ("2-345", r#""contacts":[]"#, "entity"),
                ("contacts", r#""leads":[{"id":"1"}]"#, "associations"),
                (
                    "contacts",
                    r#""contacts":[{"id":"1"}],"Custom__c":"1""#,
                    "associations",
                ),
            ] {
                refused(&every(), name, &link(entity, to), path);
            }
            let links = link("contacts", r#""contacts":"1,2,3","acocunts":[{"id":"4"}]"#);
            assert_eq!(every().allow(operation(name), &links), Ok(4));
            assert_eq!(every().allow(operation(name), &link("contacts", "")), Ok(1));
        }
    }

    #[test]
    fn a_list_names_its_kinds() {
        let list = |to: &str| format!(r#"{{"entity":"contacts","entity_id":"1"{to}}}"#);
        for to in [
            "",
            r#","to":[]"#,
            r#","to":"leads""#,
            r#","to":"accounts,leads""#,
        ] {
            refused(&every(), "associations.list", &list(to), "to");
        }
        let name = operation("associations.list");
        assert_eq!(
            every().allow(name, &list(r#","to":"accounts,contacts""#)),
            Ok(0)
        );
    }

    #[test]
    fn a_definition_is_between_kinds_of_the_token_s_and_comes_with_a_link_only_where_it_is_named() {
        let types =
            |from: &str| format!(r#"{{"from":"{from}","to":"accounts","label":"x","key":"x"}}"#);
        let (create, list) = ("association_types.create", "association_types.list");
        refused(&every(), create, &types("leads"), "from");
        refused(&every(), list, r#"{"from":"contacts"}"#, "to");
        refused(&every(), list, "{}", "from");
        assert_eq!(every().allow(operation(create), &types("contacts")), Ok(1));
        let link = r#"{"entity":"contacts","entity_id":"1","associations":{},"association_types":[{"key":"k","label":"l"}]}"#;
        assert_eq!(every().allow(operation("associations.create"), link), Ok(1));
        refused(&claims(), "associations.create", link, "association_types");
        assert!(!is_lent(operation("association_types.delete")));
    }

    #[test]
    fn fields_that_are_not_named_are_refused_wherever_they_stand() {
        let limited = Claims {
            fields: Some(vec!["first_name".to_owned(), "email_addresses".to_owned()]),
            ..claims()
        };
        let upsert = "contacts.upsert";
        let good = r#"{"id":"1","match_by":"email","first_name":"A","email_addresses":[]}"#;
        assert_eq!(limited.allow(operation(upsert), good), Ok(1));
        let list = format!("[{good},{good}]");
        assert_eq!(limited.allow(operation(upsert), &list), Ok(2));
        for (record, path) in [
            (r#"{"last_name":"B"}"#, "last_name"),
            (r#"{"owner":{"id":"1"}}"#, "owner"),
            (r#"{"custom_fields":{"a":1}}"#, "custom_fields"),
            (r#"{"remote_data":{}}"#, "remote_data"),
            (r#"{"remote_query":{}}"#, "remote_query"),
            (r#"{"\u006fwner":{"id":"1"}}"#, "owner"),
            (r#"{"account":{"id":"1"}}"#, "account"),
            (r#"{"__proto__":{}}"#, "__proto__"),
        ] {
            refused(&limited, upsert, record, path);
            refused(
                &limited,
                upsert,
                &format!("[{good},{record}]"),
                &format!("[1].{path}"),
            );
        }
    }

    #[test]
    fn without_a_list_of_fields_all_but_the_vendor_s_own_may_be_given() {
        let upsert = operation("contacts.upsert");
        assert_eq!(
            claims().allow(upsert, r#"{"last_name":"B","owner":{"id":"1"}}"#),
            Ok(1)
        );
        refused(
            &claims(),
            "contacts.upsert",
            r#"{"custom_fields":{}}"#,
            "custom_fields",
        );
        let remote = Claims {
            remote: true,
            ..claims()
        };
        assert_eq!(
            remote.allow(upsert, r#"{"custom_fields":{},"remote_data":{}}"#),
            Ok(1)
        );
        // A record that names another is about that one too.
        let deals = Claims {
            entities: vec!["opportunities".to_owned()],
            ..every()
        };
        for field in ["account", "contacts", "contact"] {
            let record = format!(r#"{{"{field}":[]}}"#);
            refused(&deals, "opportunities.upsert", &record, field);
        }
        let links = r#"{"contacts":[{"id":"1"},{"id":"2"}]}"#;
        assert_eq!(
            every()
                .allow(operation("leads.upsert"), links)
                .unwrap_err()
                .path,
            "operation"
        );
    }

    #[test]
    fn the_vendor_s_own_fields_neither_go_in_nor_come_out() {
        let link = r#"{"entity":"contacts","entity_id":"1","associations":{},"remote_data":{}}"#;
        refused(&claims(), "associations.create", link, "remote_data");
        for text in ["truto_response_format=raw", "remote_query[a]=b"] {
            let mut query = Query::parse(text).unwrap();
            assert_eq!(claims().show(&mut query).unwrap_err().code, Code::Forbidden);
        }
        let mut query = Query::parse("truto_ignore_remote_data=false").unwrap();
        claims().show(&mut query).unwrap();
        assert_eq!(query.ignore_remote_data, Some(true));
        let answer = r#"{"links":[{"reason":{"code":"x","raw":"{}"}}],"remote_data":[1],"record":{"id":"1","name":"A","custom_fields":{"s":1}},"raw_response":"x"}"#;
        assert_eq!(
            claims().narrow(answer),
            r#"{"links":[{"reason":{"code":"x"}}],"record":{"id":"1","name":"A"}}"#
        );
        let limited = Claims {
            fields: Some(vec!["email_addresses".to_owned()]),
            remote: true,
            ..claims()
        };
        assert_eq!(
            limited.narrow(answer),
            answer.replace(r#","name":"A","custom_fields":{"s":1}"#, "")
        );
    }

    #[test]
    fn a_record_s_links_are_writes_too() {
        let allowed = |input: &str| every().allow(operation("accounts.upsert"), input);
        for (input, writes) in [
            (r#"{"name":"x"}"#, 1),
            (r#"{"contacts":[]}"#, 2),
            (r#"{"contacts":[{"id":"1"}]}"#, 2),
            (r#"{"contacts":[{"id":"1"},{"id":"2"}]}"#, 3),
            (r#"{"contact":["1","2","3"]}"#, 4),
            (r#"{"contact":{"id":"1"},"name":["a","b"]}"#, 1),
            (
                r#"[{"contacts":["1","2"]},{"name":"x"},{"contacts":["1"]}]"#,
                6,
            ),
        ] {
            assert_eq!(allowed(input), Ok(writes), "{input}");
        }
    }

    #[test]
    fn a_record_s_query_is_the_vendor_s_own() {
        let remote = Claims {
            remote: true,
            ..every()
        };
        for name in ["remote_query", "remote_data", "raw"] {
            let input = format!(r#"{{"name":"x","{name}":{{"a":1}}}}"#);
            refused(&every(), "accounts.upsert", &input, name);
            assert_eq!(remote.allow(operation("accounts.upsert"), &input), Ok(1));
        }
    }

    #[test]
    fn one_contact_is_among_the_contacts() {
        let of = |fields: &[&str]| Claims {
            fields: Some(fields.iter().map(|name| (*name).to_owned()).collect()),
            ..every()
        };
        let input = |name: &str| format!(r#"{{"{name}":["1"]}}"#);
        for (fields, name, good) in [
            (&["contacts"][..], "contacts", true),
            (&["contacts"], "contact", true),
            (&["contact"], "contact", true),
            (&["contact"], "contacts", false),
            (&["contacts"], "name", false),
            (&["name"], "contact", false),
            (&["name", "contacts"], "contact", true),
        ] {
            let claims = of(fields);
            match good {
                true => assert!(
                    claims
                        .allow(operation("accounts.upsert"), &input(name))
                        .is_ok()
                ),
                false => refused(&claims, "accounts.upsert", &input(name), name),
            }
        }
    }
}
