//! What is too regular for golden cases: every required field left out, every field of a wrong type, every capability.

use crmlink::error::{Code, Error};
use crmlink::flow::Flow;
use crmlink::unified::entity::Entity;
use crmlink::unified::operation::Verb;
use crmlink::vendors::Vendor;
use serde_json::{Map, Value, json};

use crate::encoding::{entries, samples};
use crate::support::options;

/// The required fields of each endpoint, from the vendors' pages.
const REQUIRED: &[(&str, &[&str])] = &[
    (
        "hubspot.associations.createDefault",
        &[
            "fromObjectType",
            "fromObjectId",
            "toObjectType",
            "toObjectId",
        ],
    ),
    (
        "hubspot.associations.batchCreateDefault",
        &["fromObjectType", "toObjectType", "inputs"],
    ),
    (
        "hubspot.associations.label",
        &[
            "objectType",
            "objectId",
            "toObjectType",
            "toObjectId",
            "types",
        ],
    ),
    (
        "hubspot.associations.list",
        &["objectType", "objectId", "toObjectType"],
    ),
    (
        "hubspot.associations.remove",
        &["objectType", "objectId", "toObjectType", "toObjectId"],
    ),
    (
        "hubspot.associations.batchCreate",
        &["fromObjectType", "toObjectType", "inputs"],
    ),
    (
        "hubspot.associations.batchRead",
        &["fromObjectType", "toObjectType", "inputs"],
    ),
    (
        "hubspot.associations.batchArchive",
        &["fromObjectType", "toObjectType", "inputs"],
    ),
    (
        "hubspot.associations.batchArchiveLabels",
        &["fromObjectType", "toObjectType", "inputs"],
    ),
    (
        "hubspot.associationLabels.list",
        &["fromObjectType", "toObjectType"],
    ),
    (
        "hubspot.associationLabels.create",
        &["fromObjectType", "toObjectType", "label", "name"],
    ),
    (
        "hubspot.associationLabels.update",
        &[
            "fromObjectType",
            "toObjectType",
            "associationTypeId",
            "label",
        ],
    ),
    (
        "hubspot.associationLabels.delete",
        &["fromObjectType", "toObjectType", "associationTypeId"],
    ),
    ("hubspot.associationLimits.listAll", &[]),
    (
        "hubspot.associationLimits.list",
        &["fromObjectType", "toObjectType"],
    ),
    (
        "hubspot.associationLimits.create",
        &["fromObjectType", "toObjectType", "inputs"],
    ),
    (
        "hubspot.associationLimits.update",
        &["fromObjectType", "toObjectType", "inputs"],
    ),
    (
        "hubspot.associationLimits.delete",
        &["fromObjectType", "toObjectType", "inputs"],
    ),
    (
        "hubspot.partnerClients.disassociate",
        &[
            "partnerClientId",
            "toObjectType",
            "toObjectId",
            "associationType",
        ],
    ),
    (
        "hubspot.partnerServices.associate",
        &[
            "partnerServiceId",
            "toObjectType",
            "toObjectId",
            "associationType",
        ],
    ),
    (
        "hubspot.partnerServices.disassociate",
        &[
            "partnerServiceId",
            "toObjectType",
            "toObjectId",
            "associationType",
        ],
    ),
    (
        "hubspot.partnerClients.associate",
        &[
            "partnerClientId",
            "toObjectType",
            "toObjectId",
            "associationType",
        ],
    ),
    (
        "leadconnector.associations.create",
        &[
            "locationId",
            "key",
            "firstObjectLabel",
            "firstObjectKey",
            "secondObjectLabel",
            "secondObjectKey",
        ],
    ),
    (
        "leadconnector.associations.byKey",
        &["key_name", "locationId"],
    ),
    ("leadconnector.associations.list", &["locationId"]),
    ("leadconnector.associations.byObject", &["objectKey"]),
    ("leadconnector.associations.get", &["associationId"]),
    (
        "leadconnector.associations.update",
        &["associationId", "firstObjectLabel", "secondObjectLabel"],
    ),
    ("leadconnector.associations.delete", &["associationId"]),
    ("leadconnector.relations.list", &["recordId", "locationId"]),
    (
        "leadconnector.relations.delete",
        &["relationId", "locationId"],
    ),
    (
        "leadconnector.relations.create",
        &[
            "locationId",
            "associationId",
            "firstRecordId",
            "secondRecordId",
        ],
    ),
    (
        "leadconnector.opportunities.upsert",
        &["pipelineId", "locationId"],
    ),
    ("salesforce.sobjects.create", &["sobject", "record"]),
    ("salesforce.sobjects.update", &["sobject", "id", "record"]),
    ("salesforce.collections.create", &["records"]),
    ("salesforce.collections.update", &["records"]),
    ("salesforce.composite.send", &["compositeRequest"]),
    (
        "truto.associations.create",
        &[
            "integrated_account_id",
            "entity",
            "entity_id",
            "associations",
        ],
    ),
];

#[test]
fn each_required_field_is_missed_by_its_name() {
    for entry in entries() {
        let name = entry.facts.name;
        let (_, required) = REQUIRED
            .iter()
            .find(|(known, _)| *known == name)
            .unwrap_or_else(|| panic!("say what {name} requires"));
        let sample = samples()[name].clone();
        for field in *required {
            let mut params = sample.clone();
            params
                .shift_remove(*field)
                .unwrap_or_else(|| panic!("{name}: the sample has no {field}"));
            let (code, path) = refusal(entry, &params);
            assert_eq!(
                (code, path.as_str()),
                (Code::InvalidInput, *field),
                "{name}"
            );

            params.insert((*field).to_owned(), Value::Null);
            let (code, path) = refusal(entry, &params);
            assert_eq!(
                (code, path.as_str()),
                (Code::InvalidInput, *field),
                "{name}: null"
            );
        }
        // The required fields are enough.
        let mut params = sample.clone();
        params.retain(|field, _| required.contains(&field.as_str()));
        (entry.build)(&Value::Object(params).to_string(), &given())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn each_field_of_a_wrong_type_is_named() {
    for entry in entries() {
        let name = entry.facts.name;
        let sample = samples()[name].clone();
        for (field, good) in &sample {
            for bad in [
                json!(true),
                json!(1.5),
                json!([[]]),
                json!({ "x y": 1 }),
                json!("\u{0}"),
            ] {
                // Free text may hold anything, a free object any name.
                let same_type = std::mem::discriminant(&bad) == std::mem::discriminant(good);
                if same_type && !matches!(good, Value::Array(_)) {
                    continue;
                }
                let mut params = sample.clone();
                params.insert(field.clone(), bad.clone());
                if let Err(Error::Refused(refusal)) =
                    (entry.build)(&Value::Object(params).to_string(), &given())
                {
                    assert!(
                        refusal.path.starts_with(field.as_str()),
                        "{name}: {field} = {bad} is refused at `{}`",
                        refusal.path
                    );
                } else {
                    assert!(may_be(field, &bad), "{name}: {field} = {bad} is taken");
                }
            }
        }
    }
}

/// Types besides the sample's that a field is documented to take.
fn may_be(field: &str, value: &Value) -> bool {
    match field {
        "isRemoveAllFollowers"
        | "allOrNone"
        | "collateSubrequests"
        | "truto_ignore_remote_data" => value.is_boolean(),
        "monetaryValue" => value.is_number(),
        _ => false,
    }
}

#[test]
fn unknown_fields_are_refused_by_their_names() {
    for entry in entries() {
        let mut params = samples()[entry.facts.name].clone();
        params.insert("surprise".to_owned(), json!(1));
        let (code, path) = refusal(entry, &params);
        assert_eq!(
            (code, path.as_str()),
            (Code::InvalidInput, "surprise"),
            "{}",
            entry.facts.name
        );
    }
}

#[test]
fn what_is_no_object_is_no_input() {
    for entry in entries() {
        for text in [
            "",
            " ",
            "null",
            "[]",
            "\"x\"",
            "1",
            "true",
            "{",
            "{}x",
            "{\"a\":}",
            "\u{feff}{}",
        ] {
            let built = (entry.build)(text, &given());
            assert!(
                matches!(&built, Err(Error::Refused(refusal)) if refusal.code == Code::InvalidInput),
                "{}: {text:?} gives {built:?}",
                entry.facts.name
            );
        }
    }
}

#[test]
fn facts_are_complete_and_agree_with_their_names() {
    for vendor in Vendor::ALL {
        for entry in vendor.endpoints() {
            let facts = entry.facts;
            assert!(
                facts.name.starts_with(&format!("{}.", vendor.as_str())),
                "{}",
                facts.name
            );
            assert_eq!(facts.vendor, vendor.as_str());
            assert!(!facts.versions.is_empty() && !facts.success.is_empty());
            assert!(facts.docs.starts_with("https://"), "{}", facts.name);
            assert!(
                facts
                    .versions
                    .iter()
                    .all(|version| version.path.starts_with('/'))
            );
            let origin = facts.origin;
            assert!(origin.is_empty() || origin.starts_with("https://") && !origin.ends_with('/'));
        }
    }
    let names: std::collections::BTreeSet<_> = entries().map(|entry| entry.facts.name).collect();
    assert_eq!(
        names.len(),
        entries().count(),
        "two endpoints have one name"
    );
}

/// The table that is published is the one that is obeyed: every pair of kinds, at every vendor.
#[test]
fn the_capability_table_is_what_happens() {
    for vendor in Vendor::ALL {
        let capability = vendor.capability().expect("its table");
        for from in Entity::ALL {
            for to in Entity::ALL {
                let pairs: Vec<_> = capability
                    .pairs
                    .iter()
                    .filter(|pair| pair.from == from && pair.to == to)
                    .collect();
                assert!(pairs.len() < 2, "{vendor:?} lists {from:?} to {to:?} twice");
                let mut target = json!({ "id": id(vendor, to, 1) });
                for field in pairs.first().map_or(&[][..], |pair| pair.required) {
                    target[*field] = if *field == "role" {
                        json!("parent")
                    } else {
                        json!(OWN)
                    };
                }
                let [from_name, to_name] = [from, to].map(|entity| name(vendor, entity));
                let input = json!({
                    "entity": from_name, "entity_id": id(vendor, from, 0), "associations": { to_name: [target] },
                })
                .to_string();
                let started =
                    Flow::start(vendor, "associations.create", &input, &chosen(vendor), 0);
                match (pairs.first(), started) {
                    (Some(pair), Ok(flow)) => {
                        if let Some(refused) = &pair.refused {
                            let bare = json!({
                                "entity": from_name, "entity_id": id(vendor, from, 0),
                                "associations": { to_name: [{ "id": id(vendor, to, 1) }] },
                            })
                            .to_string();
                            match Flow::start(
                                vendor,
                                "associations.create",
                                &bare,
                                &chosen(vendor),
                                0,
                            ) {
                                Err(Error::Refused(refusal)) => {
                                    assert_eq!(refusal.reason, Some(refused.reason));
                                }
                                _ => panic!(
                                    "{vendor:?}: {from:?} to {to:?} is refused in the table alone"
                                ),
                            }
                        }
                        assert_eq!(
                            pair.does(Verb::Create)
                                .and_then(|does| does.reads)
                                .is_some(),
                            flow.plan().steps.len() > 1,
                            "{vendor:?}: {from:?} to {to:?}"
                        );
                    }
                    (pair, Err(Error::Refused(refusal))) => {
                        let wanted = pair.and_then(|pair| pair.refused.as_ref());
                        assert!(
                            pair.is_none() || wanted.is_some(),
                            "{vendor:?}: {from:?} to {to:?}: {refusal}"
                        );
                        if let Some(wanted) = wanted {
                            assert_eq!(refusal.reason, Some(wanted.reason));
                        }
                    }
                    (pair, started) => {
                        panic!(
                            "{vendor:?}: {from:?} to {to:?} is {pair:?} and {:?}",
                            started.err()
                        );
                    }
                }
            }
        }
    }
}

/// A pair refuses every field that it does not list, and takes those that it does.
#[test]
fn a_pair_takes_the_fields_that_it_lists() {
    for vendor in Vendor::ALL {
        for pair in vendor
            .capability()
            .expect("its table")
            .pairs
            .iter()
            .filter(|pair| pair.refused.is_none())
        {
            for (field, value) in [
                ("role", json!("parent")),
                ("primary", json!(true)),
                ("association_type", json!(OWN)),
                ("replace", json!(true)),
            ] {
                let mut target = json!({ "id": id(vendor, pair.to, 1), field: value });
                for required in pair.required {
                    target[*required] = if *required == "role" {
                        json!("parent")
                    } else {
                        json!(OWN)
                    };
                }
                let [from_name, to_name] = [pair.from, pair.to].map(|entity| name(vendor, entity));
                let input = json!({
                    "entity": from_name, "entity_id": id(vendor, pair.from, 0),
                    "associations": { to_name: [target] },
                })
                .to_string();
                let taken =
                    Flow::start(vendor, "associations.create", &input, &chosen(vendor), 0).is_ok();
                let listed = pair.fields.contains(&field) || pair.required.contains(&field);
                assert_eq!(
                    taken, listed,
                    "{vendor:?}: {:?} to {:?} with {field}",
                    pair.from, pair.to
                );
            }
        }
    }
}

fn refusal(entry: &crmlink::endpoint::Entry, params: &Map<String, Value>) -> (Code, String) {
    match (entry.build)(&Value::Object(params.clone()).to_string(), &given()) {
        Err(Error::Refused(refusal)) => (refusal.code, refusal.path),
        other => panic!("{}: {other:?}", entry.facts.name),
    }
}

fn given() -> crmlink::endpoint::Options {
    options(Some(&json!({ "origin": "https://vendor.example" })))
}

fn chosen(vendor: Vendor) -> crmlink::endpoint::Options {
    let mut given = json!({ "origin": "https://vendor.example" });
    match vendor {
        Vendor::Leadconnector => given["locationId"] = json!("l1"),
        Vendor::Truto => {
            given["integratedAccountId"] = json!("62f44730-dd91-461e-bd6a-aedd9e0ad79d")
        }
        Vendor::Hubspot | Vendor::Salesforce => {}
    }
    options(Some(&given))
}

/// The key of a kind of link, and the name of a lookup.
const OWN: &str = "Own__c";

/// The word of a kind, or the vendor's key of a custom one.
fn name(vendor: Vendor, entity: Entity) -> &'static str {
    match (vendor, entity) {
        (Vendor::Salesforce, Entity::Custom) => "Invoice__c",
        (Vendor::Leadconnector, Entity::Custom) => "custom_objects.children",
        (_, Entity::Custom) => "2-3465404",
        (_, entity) => entity.as_str(),
    }
}

/// An id that is good at the vendor, another one for each number.
fn id(vendor: Vendor, entity: Entity, number: usize) -> String {
    if vendor != Vendor::Salesforce {
        return format!("{number}");
    }
    let prefix = match entity {
        Entity::Accounts | Entity::Organizations => "001",
        Entity::Contacts => "003",
        Entity::Leads => "00Q",
        Entity::Opportunities => "006",
        Entity::Custom => "a01",
    };
    format!("{prefix}000000000{number:03}")
}
