//! Our LeadConnector requests against HighLevel's published OpenAPI files, where `CRMLINK_SPECS` names the folder that
//! holds them as `highlevel/associations.json` and so on. They are not part of this repository.

use std::fs;
use std::path::PathBuf;

use crmlink::endpoint::Facts;
use crmlink::error::Refusal;
use crmlink::http::Request;
use crmlink::unified::entity::Entity;
use crmlink::unified::record::mapping::How;
use crmlink::vendors::hubspot::type_ids::{self, Kind, Object};
use crmlink::vendors::leadconnector::contacts::duplicate::By;
use crmlink::vendors::leadconnector::{self, businesses, contacts, opportunities};
use crmlink::vendors::{self, Vendor};
use serde_json::{Value, json};

use crate::encoding::samples;
use crate::support::options;

/// What we send and the files do not have, with the reason.
const BEYOND: &[(&str, &str, &str)] = &[(
    "leadconnector.opportunities.upsert",
    "contactId",
    "left the published file on 2026-05-01, and most callers still send it",
)];

/// Types in which the files contradict their own examples: name, published type, what the examples have and we send.
const MISTYPED: &[(&str, &str, &str)] = &[
    ("firstObjectLabel", "object", "string"),
    ("firstObjectKey", "object", "string"),
    ("secondObjectLabel", "object", "string"),
    ("secondObjectKey", "object", "string"),
    ("monetaryValue", "object", "number"),
];

#[test]
fn leadconnector_requests_are_those_of_the_published_files() {
    let Some(folder) = std::env::var_os("CRMLINK_SPECS").map(PathBuf::from) else {
        println!("skipped: CRMLINK_SPECS names no folder with HighLevel's OpenAPI files");
        return;
    };
    let files: Vec<Value> = ["associations", "opportunities", "contacts", "businesses"]
        .iter()
        .map(|name| {
            let file = folder.join("highlevel").join(name).with_extension("json");
            let text = fs::read_to_string(&file)
                .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            serde_json::from_str(&text).expect("an OpenAPI file")
        })
        .collect();
    for entry in Vendor::Leadconnector.endpoints() {
        let facts = entry.facts;
        let mut params = samples()[facts.name].clone();
        if facts.name.ends_with("upsert") {
            params = full_upsert();
        }
        let given = options(Some(&json!({ "strictSpec": true })));
        let request = (entry.build)(&Value::Object(params).to_string(), &given)
            .unwrap_or_else(|error| panic!("{}: {error}", facts.name));
        if let Some(schema) = conforms(&files, facts, &request) {
            every_field(facts.name, schema, &body(&request));
        }
    }
    for (facts, request) in of_the_mappers() {
        if let Some(schema) = conforms(&files, facts, &request) {
            required_fields(facts.name, schema, &body(&request));
        }
    }
}

/// Path, verb, success, scopes and parameters are the published ones. What is left to compare is the body's schema.
fn conforms<'f>(files: &'f [Value], facts: &Facts, request: &Request) -> Option<&'f Value> {
    let path = facts.versions[0].path;
    let method = facts.method.as_str().to_ascii_lowercase();
    let (file, operation) = files
        .iter()
        .find_map(|file| Some((file, file["paths"].get(path)?.get(&method)?)))
        .unwrap_or_else(|| panic!("{method} {path} is not published"));
    assert_eq!(file["servers"][0]["url"], facts.origin, "{path}");
    assert!(
        facts
            .success
            .iter()
            .any(|status| operation["responses"].get(status.to_string()).is_some()),
        "{path}: no success of ours is published"
    );
    let scopes = operation["security"][0]["bearer"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    if !scopes.is_empty() {
        assert_eq!(json!(facts.scopes), Value::Array(scopes), "{path}");
    }
    let parameters = operation["parameters"].as_array();
    let query: Vec<_> = url::Url::parse(&request.url)
        .expect("a URL")
        .query_pairs()
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    for (name, _) in &query {
        let named = |parameter: &Value| {
            parameter["in"] == "query"
                && parameter["name"].as_str() == Some(name.trim_end_matches("[]"))
        };
        assert!(
            parameters.is_some_and(|all| all.iter().any(named)),
            "{path}: {name} is not published"
        );
    }
    for parameter in parameters.into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap_or_default();
        let sent = match parameter["in"].as_str() {
            Some("header") => request.headers.get(name).map(str::to_owned),
            Some("query") => query
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.clone()),
            _ => continue,
        };
        assert!(
            sent.is_some() || parameter["required"] != true,
            "{path}: {name} is missing"
        );
        if let (Some(sent), Some(words)) = (sent, parameter["schema"]["enum"].as_array()) {
            assert!(words.contains(&json!(sent)), "{path}: {name} is {sent}");
        }
    }
    let Some(schema) =
        operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str()
    else {
        assert!(request.body.is_none(), "{path} takes no body");
        return None;
    };
    let schema = file.pointer(schema.trim_start_matches('#'));
    Some(schema.unwrap_or_else(|| panic!("{path}: the file lacks its schema")))
}

/// The requests that callers have no name for, with what is required of each.
fn of_the_mappers() -> Vec<(&'static Facts, Request)> {
    let none = options(None);
    let fields = |value: Value| value.as_object().cloned().expect("an object");
    let contact = fields(json!({ "locationId": "l", "email": "a@example.com" }));
    let business = fields(json!({ "locationId": "l", "name": "n" }));
    let opportunity = fields(json!({
        "locationId": "l", "pipelineId": "p", "contactId": "c", "name": "n", "status": "open",
    }));
    let renamed = fields(json!({ "name": "n" }));
    let built = [
        (
            &contacts::upsert::FACTS,
            contacts::upsert::build(&none, &contact),
        ),
        (
            &contacts::duplicate::FACTS,
            contacts::duplicate::build("l", By::Email, "a+b@example.com", &none),
        ),
        (
            &contacts::duplicate::FACTS,
            contacts::duplicate::build("l", By::Number, "+1555", &none),
        ),
        (&contacts::get::FACTS, contacts::get::build("c", &none)),
        (
            &contacts::update::FACTS,
            contacts::update::build("c", &none, &renamed),
        ),
        (
            &contacts::of_business::FACTS,
            contacts::of_business::build("l", "b", 0, 25, &none),
        ),
        (
            &contacts::set_business::FACTS,
            contacts::set_business::build("l", "c", None, None, &none),
        ),
        (
            &businesses::list::FACTS,
            businesses::list::build("l", 0, &none),
        ),
        (&businesses::get::FACTS, businesses::get::build("b", &none)),
        (
            &businesses::create::FACTS,
            businesses::create::build(&none, &business),
        ),
        (
            &businesses::update::FACTS,
            businesses::update::build("b", &none, &renamed),
        ),
        (
            &opportunities::search::FACTS,
            opportunities::search::build("l", Some("p"), Some("c"), 1, &none),
        ),
        (
            &opportunities::get::FACTS,
            opportunities::get::build("o", &none),
        ),
        (
            &opportunities::create::FACTS,
            opportunities::create::build(&none, &opportunity),
        ),
        (
            &opportunities::update::FACTS,
            opportunities::update::build("o", &none, &renamed),
        ),
        (
            &opportunities::pipelines::FACTS,
            opportunities::pipelines::build("l", &none),
        ),
        (
            &opportunities::lost_reasons::FACTS,
            opportunities::lost_reasons::build("l", 0, &none),
        ),
    ];
    let build = |(facts, request): (&'static Facts, Result<Request, Refusal>)| {
        let request = request.unwrap_or_else(|refusal| panic!("{}: {refusal}", facts.name));
        (facts, request)
    };
    built.into_iter().map(build).collect()
}

/// The fields of unified records go into fields that are published, for a create and for an update.
#[test]
fn leadconnector_fields_are_published_ones() {
    let Some(folder) = std::env::var_os("CRMLINK_SPECS").map(PathBuf::from) else {
        println!("skipped: CRMLINK_SPECS names no folder with HighLevel's OpenAPI files");
        return;
    };
    for (kind, file, schemas) in [
        (
            Entity::Contacts,
            "contacts",
            ["UpsertContactDto", "UpdateContactDto"],
        ),
        (
            Entity::Accounts,
            "businesses",
            ["CreateBusinessDto", "UpdateBusinessDto"],
        ),
        // What the update does not take goes through the upsert, which takes the id too.
        (
            Entity::Opportunities,
            "opportunities",
            ["UpsertOpportunityDto", "UpsertOpportunityDto"],
        ),
    ] {
        let file = folder.join("highlevel").join(file).with_extension("json");
        let text = fs::read_to_string(&file).expect("an OpenAPI file");
        let file: Value = serde_json::from_str(&text).expect("an OpenAPI file");
        for row in leadconnector::fields::table(kind).rows {
            let written = matches!(
                row.how,
                How::Text | How::Number | How::Words(_) | How::Each | How::Sought
            );
            for schema in schemas.iter().filter(|_| written && row.to != "contactId") {
                let published = &file["components"]["schemas"][schema]["properties"][row.to];
                assert!(
                    published.is_object(),
                    "{schema}: {} of {} is not published",
                    row.to,
                    row.from
                );
            }
        }
    }
}

#[test]
fn a_plus_stays_a_plus_in_a_query() {
    let built = [(By::Email, "a+b@example.com"), (By::Number, "+1555")]
        .map(|(by, value)| contacts::duplicate::build("l", by, value, &options(None)));
    let urls = built.map(|request| request.expect("a request").url);
    assert!(urls[0].ends_with("/contacts/search/duplicate?locationId=l&email=a%2Bb%40example.com"));
    assert!(urls[1].ends_with("/contacts/search/duplicate?locationId=l&number=%2B1555"));
}

#[test]
fn a_contact_is_taken_out_of_a_business_with_null() {
    let request = contacts::set_business::build("l", "c1", None, None, &options(None));
    assert_eq!(
        request.expect("a request").body.as_deref(),
        Some(r#"{"locationId":"l","ids":["c1"],"businessId":null}"#)
    );
}

/// HubSpot's association types as the fact sheets beside that folder have them.
#[test]
fn hubspot_s_association_types_are_those_of_its_table() {
    let file = std::env::var_os("CRMLINK_SPECS")
        .map(|folder| PathBuf::from(folder).join("../facts/data/hubspot_association_types.json"));
    let Some(text) = file.and_then(|file| fs::read_to_string(file).ok()) else {
        println!("skipped: beside CRMLINK_SPECS is no table of HubSpot's association types");
        return;
    };
    let table: Value = serde_json::from_str(&text).expect("a table");
    let rows = table["types"]
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|row| {
            let object = |name: &str| Object::parse(row[name].as_str()?);
            let (from, to) = (object("from")?, object("to")?);
            let kind = match row["variant"].as_str()? {
                "unlabeled" => Kind::Plain,
                "child_to_parent" => Kind::Parent,
                "parent_to_child" => Kind::Child,
                variant if variant.starts_with("primary_") => Kind::Primary,
                variant if variant.starts_with("billing_") => Kind::Billing,
                other => panic!("{other} is no kind that we know"),
            };
            Some((from, to, kind, row["typeId"].as_u64()?))
        });
    let mut found = 0;
    for (from, to, kind, number) in rows {
        found += 1;
        let ours = type_ids::id(from, to, kind).map(u64::from);
        assert_eq!(ours, Some(number), "{from:?} to {to:?}, {kind:?}");
    }
    assert_eq!(found, type_ids::DEFINED.len());
}

#[test]
fn every_deviation_is_about_an_endpoint_that_exists() {
    for (endpoint, _, reason) in BEYOND {
        assert!(vendors::endpoint(endpoint).is_ok() && !reason.is_empty());
    }
}

fn body(request: &Request) -> Value {
    serde_json::from_str(request.body.as_deref().unwrap_or_default()).expect("a body")
}

fn required_fields(endpoint: &str, schema: &Value, body: &Value) {
    for required in schema["required"].as_array().into_iter().flatten() {
        let name = required.as_str().unwrap_or_default();
        assert!(body.get(name).is_some(), "{endpoint}: {name} is required");
    }
    for name in body.as_object().expect("an object").keys() {
        assert!(
            schema["properties"].get(name).is_some(),
            "{endpoint}: {name} is not published"
        );
    }
}

fn every_field(endpoint: &str, schema: &Value, body: &Value) {
    let published = schema["properties"].as_object().expect("properties");
    let body = body.as_object().expect("an object");
    for required in schema["required"].as_array().into_iter().flatten() {
        let name = required.as_str().unwrap_or_default();
        assert!(body.contains_key(name), "{endpoint}: {name} is required");
    }
    for (name, value) in body {
        let Some(property) = published.get(name) else {
            assert!(
                BEYOND
                    .iter()
                    .any(|(known, field, _)| *known == endpoint && field == name),
                "{endpoint}: {name} is not published"
            );
            continue;
        };
        let kind = match value {
            Value::String(_) => "string",
            Value::Number(_) => "number",
            Value::Bool(_) => "boolean",
            Value::Array(_) => "array",
            Value::Object(_) | Value::Null => "object",
        };
        let wanted = property["type"].as_str().unwrap_or_default();
        let mistyped = MISTYPED.contains(&(name.as_str(), wanted, kind));
        assert!(
            wanted == kind || mistyped,
            "{endpoint}: {name} is {kind}, published as {wanted}"
        );
        if let Some(words) = property["enum"].as_array() {
            assert!(words.contains(value), "{endpoint}: {name} is {value}");
        }
    }
    for name in published.keys() {
        assert!(
            body.contains_key(name),
            "{endpoint}: {name} is published and was not tried"
        );
    }
}

/// Every field of the upsert.
fn full_upsert() -> serde_json::Map<String, Value> {
    let params = json!({
        "id": "o1", "pipelineId": "p1", "locationId": "l1", "contactId": "c1", "followers": "u1", "name": "n", "status": "won",
        "pipelineStageId": "s1", "monetaryValue": "12.50", "assignedTo": "u2", "lostReasonId": "r1",
    });
    params.as_object().cloned().unwrap_or_default()
}
