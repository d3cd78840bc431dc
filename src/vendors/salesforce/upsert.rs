//! The upserts at Salesforce.
//!
//! A custom field that the org declares an external id is a key of Salesforce's own: up to 200 records a call are upserted
//! by it. By an email address, a web address or a name a query finds the record, many of them with one query; then it is
//! written.

use serde::Serialize;
use serde_json::Value;

use super::associate::Associate;
use super::capability::CAPABILITY;
use super::collections::{self, LARGEST, delete::LONGEST_URI};
use super::id::{fault, same};
use super::owners::Owners;
use super::query::{self, run};
use super::sobjects::{self, Record, SaveResult};
use super::soql::{Soql, is_name};
use super::{NAME, error, fields, version};
use crate::answer;
use crate::endpoint::{Options, json, unexpected};
use crate::error::{Code, Doubt, Error, Failure, Refusal, Report};
use crate::http::{Request, Response};
use crate::id::Id;
use crate::json::Raw;
use crate::path;
use crate::script::Script;
use crate::unified::association::Association;
use crate::unified::capability::Upserts;
use crate::unified::entity::Entity;
use crate::unified::operation::{Operation, Verb};
use crate::upsert::{Adapter, After, Candidate, Facts, Item, Upserting, Write, Wrote};

/// Reads an upsert's input.
///
/// # Errors
/// A refusal when no record can be tried, or when the options do not fit.
pub(super) fn script(entity: Entity, input: &str, options: &Options) -> Result<Upserting, Refusal> {
    let options = Options {
        token: None,
        ..options.clone()
    };
    let version = version(&options)?.to_owned();
    // An origin that is missing is missed now.
    run::FACTS.request(&options, &[("version", &version)])?;
    let upserts = Upserts::of(entity, CAPABILITY.upserts)
        .ok_or_else(|| Refusal::input("operation", "Salesforce upserts no such kind"))?;
    let ignores_remote_data = options.ignore_remote_data;
    let adapter = Upsert {
        entity,
        options,
        version,
        upserts,
        owners: Owners::default(),
    };
    Upserting::new(Box::new(adapter), input, ignores_remote_data)
}

struct Upsert {
    entity: Entity,
    options: Options,
    version: String,
    upserts: &'static Upserts,
    owners: Owners,
}

/// So many keys one query looks for: a longer URL might be refused.
const LOOKS: usize = 100;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Records<'a> {
    all_or_none: bool,
    records: &'a [Record<'a>],
}

impl Upsert {
    const fn sobject(&self) -> &'static str {
        match self.entity {
            Entity::Contacts => "Contact",
            Entity::Leads => "Lead",
            Entity::Opportunities => "Opportunity",
            _ => "Account",
        }
    }

    /// The account that a found record is held against, where it has one.
    const fn has_account(&self) -> bool {
        matches!(self.entity, Entity::Contacts | Entity::Opportunities)
    }

    /// One record of a collection, with what says which it is.
    fn record<'i>(&self, write: Write, item: &'i Item, together: bool) -> Record<'i> {
        let mut record = Record::default();
        if together {
            let attributes = ["{\"type\":", &json(&self.sobject()), "}"].concat();
            record.push("attributes", &attributes);
            match write {
                Write::Update => record.push("id", &json(&item.id())),
                Write::Keyed => record.push(item.key_name(), &json(&item.key_value())),
                Write::Create => {}
            }
        }
        for property in &item.mapped.properties {
            record.push(property.name.as_ref(), &property.json);
        }
        record
    }

    fn alone(&self, write: Write, item: &Item) -> Result<Request, Refusal> {
        let record = self.record(write, item, false);
        let id = item.id().unwrap_or_default();
        let sobject = self.sobject();
        let parameters = [
            ("version", self.version.as_str()),
            ("sobject", sobject),
            ("id", id),
        ];
        match write {
            Write::Create => {
                sobjects::create::FACTS.request_with(&self.options, &parameters, &record)
            }
            Write::Update => {
                sobjects::update::FACTS.request_with(&self.options, &parameters, &record)
            }
            Write::Keyed => sobjects::upsert::build(
                &sobjects::upsert::Upsert {
                    sobject,
                    field: item.key_name(),
                    value: item.key_value(),
                    record: &record,
                    update_only: false,
                },
                &self.options,
            ),
        }
    }

    fn together(&self, write: Write, items: &[&Item]) -> Result<Request, Refusal> {
        let records = items.iter().map(|item| self.record(write, item, true));
        let records: Vec<_> = records.collect();
        let parameters = [("version", self.version.as_str())];
        let body = Records {
            all_or_none: false,
            records: &records,
        };
        match (write, items.first()) {
            (Write::Keyed, Some(first)) => collections::upsert::build(
                self.sobject(),
                first.key_name(),
                &records,
                &self.options,
            ),
            (Write::Update, _) => {
                collections::update::FACTS.request_with(&self.options, &parameters, &body)
            }
            _ => collections::create::FACTS.request_with(&self.options, &parameters, &body),
        }
    }

    /// Whether one record goes by a collection all the same: its key would be read as the name of a file.
    fn is_alone(write: Write, items: &[&Item]) -> bool {
        match items {
            [item] => {
                write != Write::Keyed || !sobjects::upsert::may_read_as_a_file(item.key_value())
            }
            _ => false,
        }
    }

    fn refuse_names(item: &Item) -> Result<(), Refusal> {
        for property in item.mapped.properties.iter().filter(|known| known.custom) {
            let name = property.name.as_ref();
            let own = ["Id", "attributes"]
                .iter()
                .any(|own| own.eq_ignore_ascii_case(name));
            if own || !is_name(name) {
                return Err(Refusal::input(
                    item.full(&property.path),
                    "expected the API name of a field, as in `Number__c`, and not one that says which record is meant",
                ));
            }
        }
        Ok(())
    }
}

impl Adapter for Upsert {
    fn facts(&self) -> Facts {
        Facts {
            operation: Operation::Upsert(self.entity).as_str(),
            vendor: NAME,
            table: fields::table(self.entity),
            upserts: self.upserts,
            check: |response| error::success(response).map(|_| ()),
            doubt: Doubt::run_again("; run the same call again: it looks for the record first"),
        }
    }

    fn admit(&mut self, item: &Item) -> Result<(), Refusal> {
        if let Some(fault) = item.id().and_then(fault) {
            return Err(Refusal::id(item.full("id"), fault));
        }
        for name in ["AccountId", "OwnerId"] {
            let property = item.mapped.property(name);
            let given = property.filter(|known| known.json != "null");
            if let Some(property) = given
                && let Some(fault) = fault(&property.text())
            {
                return Err(Refusal::id(item.full(&property.path), fault));
            }
        }
        if !item.key_name().is_empty() && !is_name(item.key_name()) {
            return Err(Refusal::input(
                item.full("match_by"),
                "expected the API name of an external id, as in `custom_fields.Number__c`",
            ));
        }
        Self::refuse_names(item)?;
        self.owners.need(item);
        Ok(())
    }

    fn next_read(&mut self) -> Option<(usize, Request)> {
        self.owners.next(&self.options)
    }

    fn reads(&self) -> Vec<Request> {
        self.owners.requests(&self.options)
    }

    fn read(&mut self, _: usize, answer: Result<&Response, Failure>) -> Result<(), Failure> {
        self.owners.read(answer, &self.options)
    }

    fn resolve(&self, item: &mut Item) -> Result<(), Error> {
        self.owners.resolve(item)
    }

    fn look(&self, item: &Item) -> Result<Request, Refusal> {
        self.look_for(&[item])
    }

    fn looks_together(&self) -> usize {
        LOOKS
    }

    fn look_for(&self, items: &[&Item]) -> Result<Request, Refusal> {
        let field = items
            .first()
            .map(|item| item.key_name())
            .unwrap_or_default();
        let keys: Vec<_> = items.iter().map(|item| item.key_value()).collect();
        let mut fields = vec!["Id", field, "CreatedDate"];
        if self.has_account() {
            fields.push("AccountId");
        }
        let query = Soql::select(&fields, self.sobject()).among(field, &keys);
        let mut request = run::build(query, &self.options)?;
        if let [item] = items {
            path::push_query_values(&mut request.url, "", &item.remote_query());
        }
        if request.url.len() >= LONGEST_URI {
            return Err(Refusal {
                code: Code::TooLarge,
                ..Refusal::input("", "expected keys that fit into one query")
            });
        }
        Ok(request)
    }

    fn found(&self, item: &Item, response: &Response) -> Result<Vec<Candidate>, Failure> {
        let page = query::read(response, &self.options)?;
        if page.next.is_some() {
            return Err(unexpected(
                NAME,
                response,
                "answered more records than it shows at once",
            ));
        }
        let key = item.key_value().trim().to_lowercase();
        let rows = page.records.iter();
        let held = |row: &Value, name: &str| {
            let held = row.get(name).and_then(Value::as_str);
            held.unwrap_or_default().to_owned()
        };
        // One query looks for many: those of this item have its key.
        let own = rows.filter(|row| held(row, item.key_name()).trim().to_lowercase() == key);
        Ok(own
            .map(|row| Candidate {
                id: held(row, "Id"),
                created: held(row, "CreatedDate"),
                record: row.to_string(),
            })
            .collect())
    }

    fn may_update(&self, item: &Item, found: &Candidate) -> Result<(), Report> {
        let row: Value = crate::json::value(&found.record).unwrap_or_default();
        let held = row.get("AccountId").and_then(Value::as_str);
        let asked = item.mapped.property("AccountId");
        match (held, asked) {
            (Some(held), Some(asked)) if same(held) != same(&asked.text()) => {
                let message = format!(
                    "{} {} has {held} as its AccountId, which this one would replace: give its id if that is meant, or leave the account out",
                    self.sobject(),
                    found.id
                );
                Err(Report {
                    code: Code::Conflict,
                    ..Report::from(&Refusal::input(item.full(&asked.path), message))
                })
            }
            _ => Ok(()),
        }
    }

    fn together(&self, _: Write) -> usize {
        LARGEST
    }

    fn write(&self, write: Write, items: &[&Item]) -> Result<Request, Refusal> {
        let mut request = match items {
            [item] if Self::is_alone(write, items) => self.alone(write, item)?,
            _ => self.together(write, items)?,
        };
        if let [item] = items {
            path::push_query_values(&mut request.url, "", &item.remote_query());
        }
        Ok(request)
    }

    fn wrote(
        &self,
        write: Write,
        items: &[&Item],
        response: &Response,
    ) -> Result<Vec<Result<Wrote, Failure>>, Failure> {
        let saved = |result: &SaveResult, new: Option<bool>| -> Result<Wrote, Failure> {
            error::saved(response, result)?;
            Ok(Wrote {
                id: result.id.clone().unwrap_or_default(),
                new,
                record: json(result),
            })
        };
        if let [item] = items
            && Self::is_alone(write, items)
        {
            return Ok(vec![Ok(match write {
                Write::Create => saved(
                    &answer::object(NAME, response, SaveResult::read)?,
                    Some(true),
                )?,
                Write::Update => {
                    error::updated(response)?;
                    Wrote {
                        id: item.id().unwrap_or_default().to_owned(),
                        new: Some(false),
                        record: response.body.clone(),
                    }
                }
                Write::Keyed => {
                    let upserted = sobjects::upsert::read(response)?;
                    Wrote {
                        id: upserted.id.unwrap_or_default(),
                        new: Some(upserted.created),
                        record: response.body.clone(),
                    }
                }
            })]);
        }
        let results = answer::list(NAME, error::success(response)?, SaveResult::read)?;
        if results.len() != items.len() {
            let what = format!(
                "answered {} results for {} records",
                results.len(),
                items.len()
            );
            return Err(unexpected(NAME, response, &what));
        }
        let results = results.iter();
        Ok(results
            .map(|result| {
                let new = match write {
                    Write::Create => Some(true),
                    Write::Update => Some(false),
                    Write::Keyed => result.created(),
                };
                saved(result, new)
            })
            .collect())
    }

    /// A query shows at once what was written.
    fn after_unclear(&self, _: &Item) -> After {
        After::Look
    }

    fn unify(&self, _: &Item, wrote: &Wrote) -> Option<Raw> {
        // Salesforce answers no more of a record than its id.
        let id = (!wrote.id.is_empty()).then(|| ("id", json(&wrote.id)));
        let more: Vec<_> = id.into_iter().collect();
        fields::table(self.entity).unify("{}", &more)
    }

    fn link(&self, mut association: Association<'static>) -> Result<Box<dyn Script>, Refusal> {
        // A plan does not know the id yet.
        if association.entity_id.as_str() == "{id}" {
            association.entity_id = Id::new("000000000000000");
        }
        let script = Associate::new(association, Verb::Create, &self.options)?;
        Ok(Box::new(script))
    }
}
