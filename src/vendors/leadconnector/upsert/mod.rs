//! The upserts at LeadConnector.
//!
//! Contacts: the vendor's own upsert follows a setting of the location, drops the number of another contact without a word,
//! and makes a further address the only one. So both are looked up first, and what is there is updated by its id.
//! Businesses have neither a search nor an upsert: they are listed, then written. Opportunities have an upsert.

mod admit;
mod write;

use serde_json::{Map, Value};

use self::admit::lookups;
use crate::answer;
use crate::endpoint::{Options, Repeat, json, unexpected};
use crate::error::{Code, Doubt, Error, Failure, Refusal, Report};
use crate::http::{Request, Response};
use crate::id::Id;
use crate::json::{Raw, value as parse};
use crate::path;
use crate::script::Script;
use crate::unified::association::Association;
use crate::unified::capability::Upserts;
use crate::unified::entity::Entity;
use crate::unified::operation::{Operation, Verb};
use crate::upsert::{Adapter, After, Candidate, Facts, Item, Upserting, Write, Wrote};
use crate::vendors::leadconnector::associate::Associate;
use crate::vendors::leadconnector::capability::CAPABILITY;
use crate::vendors::leadconnector::contacts::duplicate::{self, By};
use crate::vendors::leadconnector::reads::{Read, Reads, candidate, contact};
use crate::vendors::leadconnector::{NAME, error, fields, location};

/// Reads an upsert's input.
///
/// # Errors
/// A refusal when no record can be tried, or when the options do not fit.
pub fn script(entity: Entity, input: &str, options: &Options) -> Result<Upserting, Refusal> {
    let upserts = Upserts::of(entity, CAPABILITY.upserts)
        .ok_or_else(|| Refusal::input("operation", "LeadConnector upserts no such kind"))?;
    let adapter = Upsert {
        entity,
        location: location(options)?,
        options: Options {
            token: None,
            ..options.clone()
        },
        upserts,
        reads: Reads::default(),
        warnings: Vec::new(),
    };
    Upserting::new(Box::new(adapter), input, options.ignore_remote_data)
}

struct Upsert {
    entity: Entity,
    location: Id<'static>,
    options: Options,
    upserts: &'static Upserts,
    reads: Reads,
    warnings: Vec<&'static str>,
}

impl Upsert {
    fn warn(&mut self, warning: &'static str) {
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
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
            doubt: Doubt::look_first("; look the record up before the call is made again"),
        }
    }

    fn admit(&mut self, item: &Item) -> Result<(), Refusal> {
        match self.entity {
            Entity::Contacts => self.admit_contact(item),
            Entity::Opportunities => self.admit_opportunity(item)?,
            _ if item.id().is_none() => self.reads.need(Read::Businesses(0)),
            _ => {}
        }
        Ok(())
    }

    fn next_read(&mut self) -> Option<(usize, Request)> {
        self.reads.next(&self.location, &self.options)
    }

    fn reads(&self) -> Vec<Request> {
        self.reads.requests(&self.location, &self.options)
    }

    fn more_reads(&self) -> usize {
        self.reads.more()
    }

    fn read(&mut self, number: usize, answer: Result<&Response, Failure>) -> Result<(), Failure> {
        self.reads.read(number, answer)
    }

    fn reads_find(&self) -> bool {
        self.entity != Entity::Opportunities
    }

    fn known(&self, item: &Item) -> Vec<Candidate> {
        if self.entity == Entity::Contacts {
            return self.reads.contacts(&lookups(item));
        }
        let (name, value) = (
            item.key_name(),
            comparable(item.key_name(), item.key_value()),
        );
        let same = |record: &&Map<String, Value>| {
            let known = record.get(name).and_then(Value::as_str);
            known.is_some_and(|known| comparable(name, known) == value)
        };
        let found = self.reads.businesses.iter().filter(same);
        found.filter_map(candidate).collect()
    }

    fn warnings(&self) -> Vec<String> {
        self.warnings
            .iter()
            .map(|&warning| warning.to_owned())
            .collect()
    }

    fn resolve(&self, item: &mut Item) -> Result<(), Error> {
        let failure = match self.entity {
            _ if item.id().is_some() => None,
            Entity::Contacts => {
                let reads = lookups(item);
                reads.iter().find_map(|read| self.reads.failure(read))
            }
            Entity::Opportunities => None,
            _ => self.reads.failure(&Read::Businesses(0)),
        };
        match failure {
            Some(failure) => Err(failure.clone().into()),
            None => self.reads.resolve(item),
        }
    }

    /// After a create in doubt: of a contact alone, the others cannot be looked for one by one.
    fn look(&self, item: &Item) -> Result<Request, Refusal> {
        let by = match item.key_name() {
            "phone" => By::Number,
            _ => By::Email,
        };
        duplicate::build(self.location.as_str(), by, item.key_value(), &self.options)
    }

    fn found(&self, _: &Item, response: &Response) -> Result<Vec<Candidate>, Failure> {
        Ok(contact(response)?.iter().filter_map(candidate).collect())
    }

    fn may_update(&self, item: &Item, found: &Candidate) -> Result<(), Report> {
        let asked = item.mapped.property("email");
        let stored = map(&found.record);
        let (Some(asked), Entity::Contacts) = (asked, self.entity) else {
            return Ok(());
        };
        let email = stored
            .get("email")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if email.is_empty() || email.eq_ignore_ascii_case(&asked.text()) {
            return Ok(());
        }
        let message = match further(&stored, &asked.text()) {
            true => format!(
                "it is a further address of contact {}, and LeadConnector would make it the only one: give the contact's id, and leave the address out",
                found.id
            ),
            false => format!(
                "contact {} has another address, which this one would replace: give its id if that is meant, or leave the address out",
                found.id
            ),
        };
        Err(Report {
            code: Code::Conflict,
            ..Report::from(&Refusal::input(item.full(&asked.path), message))
        })
    }

    fn together(&self, _: Write) -> usize {
        1
    }

    fn write(&self, write: Write, items: &[&Item]) -> Result<Request, Refusal> {
        let [item] = items else {
            return Err(Refusal::input("", "expected one record a call"));
        };
        let mut request = self.request(write, item)?;
        path::push_query_values(&mut request.url, "", &item.remote_query());
        Ok(request)
    }

    fn repeat(&self, write: Write, _: &[&Item]) -> Repeat {
        match write {
            Write::Update => Repeat::Safe,
            // On what an opportunity is matched is not documented.
            Write::Keyed | Write::Create => Repeat::Look,
        }
    }

    fn wrote(
        &self,
        _: Write,
        items: &[&Item],
        response: &Response,
    ) -> Result<Vec<Result<Wrote, Failure>>, Failure> {
        let mut body = answer::value(NAME, response)?;
        // The spelling is the published one; what is meant is read too.
        let names: &[&str] = match self.entity {
            Entity::Contacts => &["contact"],
            Entity::Opportunities => &["opportunity"],
            _ => &["buiseness", "business"],
        };
        let record = names
            .iter()
            .find_map(|name| match body.get_mut(*name)?.take() {
                Value::Object(record) => Some(record),
                _ => None,
            });
        let id = record
            .as_ref()
            .and_then(|record| record.get("id")?.as_str());
        let (Some(record), Some(id)) = (&record, id) else {
            let what = "did not answer with the record: that proves nothing";
            return Err(unexpected(NAME, response, what));
        };
        if let Some(wanted) = items.first().and_then(|item| item.id())
            && wanted != id
        {
            let what = "answered with another record";
            return Err(unexpected(NAME, response, what));
        }
        Ok(vec![Ok(Wrote {
            id: id.to_owned(),
            new: body.get("new").and_then(Value::as_bool),
            record: json(record),
        })])
    }

    fn after_unclear(&self, _: &Item) -> After {
        match self.entity {
            Entity::Contacts => After::Look,
            _ => After::Tell,
        }
    }

    /// A contact was made although the answer was 422 (recorded).
    fn may_be_half_done(&self, failure: &Failure) -> bool {
        self.entity == Entity::Contacts && failure.status == Some(422)
    }

    fn unify(&self, _: &Item, wrote: &Wrote) -> Option<Raw> {
        let table = fields::table(self.entity);
        let record = map(&wrote.record);
        let mut more = vec![("id", json(&wrote.id))];
        for (name, theirs) in [
            ("created_at", ["dateAdded", "createdAt"]),
            ("updated_at", ["dateUpdated", "updatedAt"]),
        ] {
            let time = theirs.iter().find_map(|name| record.get(*name)?.as_str());
            more.extend(time.map(|time| (name, json(&time))));
        }
        let known = |name: &str| table.rows.iter().any(|row| row.to == name);
        let mut own: Map<String, Value> = Map::new();
        for (name, value) in &record {
            if known(name) && name != "customFields" {
                own.insert(name.clone(), value.clone());
            }
        }
        let custom = record.get("customFields").and_then(Value::as_array);
        for field in custom.into_iter().flatten() {
            let value = ["value", "fieldValue", "field_value"]
                .iter()
                .find_map(|name| field.get(*name));
            if let (Some(id), Some(value)) = (field.get("id").and_then(Value::as_str), value) {
                own.insert(id.to_owned(), value.clone());
            }
        }
        table.unify(&json(&own), &more)
    }

    fn link(&self, association: Association<'static>) -> Result<Box<dyn Script>, Refusal> {
        let script = Associate::new(Verb::Create, association, &self.options)?;
        Ok(Box::new(script))
    }
}

/// Whether a contact has an address besides its first one. It is shown as a text or as an object.
fn further(contact: &Map<String, Value>, email: &str) -> bool {
    let others = contact.get("additionalEmails").and_then(Value::as_array);
    others.into_iter().flatten().any(|other| {
        let text = other.as_str().or_else(|| other.get("email")?.as_str());
        text.is_some_and(|text| text.eq_ignore_ascii_case(email))
    })
}

/// A value as it is compared: web addresses by their hosts, names without their case.
fn comparable(name: &str, value: &str) -> String {
    let value = value.trim().to_lowercase();
    if name != "website" {
        return value;
    }
    let host = value
        .split_once("://")
        .map_or(value.as_str(), |(_, host)| host);
    let host = host.split(['/', '?', '#', ':']).next().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}

/// The fields of a record that was kept as text.
fn map(text: &str) -> Map<String, Value> {
    match parse(text) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}
