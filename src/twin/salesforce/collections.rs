//! `/composite/sobjects`: up to 200 records in one call, each with its own result.

use serde_json::{Map, Value, json};

use super::super::answer;
use super::super::call::{Call, list, text};
use super::super::ledger::Ledger;
use super::fault::Fault;
use super::schema::Object;
use super::{Salesforce, body_of};
use crate::http::{Method, Response};

impl Salesforce {
    pub(super) fn collection(
        &mut self,
        call: &Call,
        rest: &[&str],
        ledger: &mut Ledger<'_>,
    ) -> Result<Response, Fault> {
        let (all_or_none, writes) = match (call.method, rest) {
            (Method::Delete, []) => {
                let ids = call.listed("ids");
                let writes: Vec<_> = ids
                    .into_iter()
                    .map(|id| Write::Delete(id.to_owned()))
                    .collect();
                (call.asked("allOrNone") == Some("true"), writes)
            }
            (Method::Post, []) => given(call, Write::Create)?,
            (Method::Patch, []) => given(call, Write::Update)?,
            (Method::Patch, [object, field]) => {
                let object = Object::named(object).ok_or_else(Fault::not_found)?;
                let field = object.field(field)?;
                given(call, |record| Write::Upsert(object, field.clone(), record))?
            }
            _ => return Err(Fault::not_found()),
        };
        if writes.len() > 200 {
            // Not confirmed by a source at hand: the code and wording.
            return Err(Fault::bad(
                "EXCEEDED_ID_LIMIT",
                "record limit reached. cannot submit more than 200 records into this call",
            ));
        }
        if runs(&writes) > 10 {
            // Not known: the code and wording; that ten runs of types are allowed is.
            return Err(Fault::bad(
                "LIMIT_EXCEEDED",
                "Cannot have more than 10 chunks in a single operation",
            ));
        }
        let before = self.store.clone();
        let mark = ledger.mark();
        let mut results = Vec::new();
        for write in writes {
            results.push(self.one(call, write, ledger));
        }
        if all_or_none && results.iter().any(Result::is_err) {
            self.store = before;
            ledger.roll_back(mark);
            let rolled_back = Fault::bad(
                "ALL_OR_NONE_OPERATION_ROLLED_BACK",
                "Record rolled back because not all records were valid and the request was using AllOrNone header",
            );
            for result in results.iter_mut().filter(|result| result.is_ok()) {
                *result = Err(rolled_back.clone());
            }
        }
        let results: Vec<_> = results
            .into_iter()
            .map(|result| result.unwrap_or_else(|fault| fault.item()))
            .collect();
        Ok(answer::json(200, &Value::Array(results)))
    }

    fn one(&mut self, call: &Call, write: Write, ledger: &mut Ledger<'_>) -> Result<Value, Fault> {
        match write {
            Write::Create(record) => {
                let object = object_of(&record)?;
                let id = self.store.insert(object, &record, call.now, ledger)?;
                Ok(json!({ "id": id, "success": true, "errors": [] }))
            }
            Write::Update(mut record) => {
                let object = object_of(&record)?;
                let id = record.remove("id").or_else(|| record.remove("Id"));
                let id = id.as_ref().and_then(Value::as_str).ok_or_else(|| {
                    Fault::bad("MISSING_ARGUMENT", "Id not specified in an update call")
                })?;
                self.store.update(object, id, &record, call.now, ledger)?;
                let short = self.store.find(object, id)?;
                let id = self.store.value(&short, "Id");
                Ok(json!({ "id": id, "success": true, "errors": [] }))
            }
            Write::Upsert(object, field, mut record) => {
                if record.contains_key("id") || record.contains_key("Id") {
                    return Err(
                        Fault::bad("INVALID_FIELD", "no record ids in this call").on(["Id"])
                    );
                }
                let value = record.remove(&field).unwrap_or_default();
                let value = text(&value, "").ok_or_else(|| {
                    Fault::bad("MISSING_ARGUMENT", format!("{field} not specified"))
                })?;
                let (id, created) =
                    self.upsert(object, (&field, &value), false, &record, call.now, ledger)?;
                Ok(json!({ "id": id, "success": true, "errors": [], "created": created }))
            }
            Write::Delete(id) => {
                let short = super::id::short(&id);
                let row = short.and_then(|short| self.store.row(short));
                // An id of no row has no object; any will do to say so.
                let object = row
                    .map(|row| row.object)
                    .or_else(|| Object::named("Account"));
                let object = object.ok_or_else(Fault::not_found)?;
                self.store.delete(object, &id, ledger)?;
                Ok(json!({ "id": id, "success": true, "errors": [] }))
            }
        }
    }
}

enum Write {
    Create(Map<String, Value>),
    Update(Map<String, Value>),
    Upsert(&'static Object, String, Map<String, Value>),
    Delete(String),
}

fn given(
    call: &Call,
    write: impl Fn(Map<String, Value>) -> Write,
) -> Result<(bool, Vec<Write>), Fault> {
    let body = body_of(call)?;
    let all_or_none = body.get("allOrNone") == Some(&Value::Bool(true));
    let writes = list(&Value::Object(body), "/records")
        .iter()
        .map(|record| record.as_object().cloned().unwrap_or_default())
        .map(write)
        .collect();
    Ok((all_or_none, writes))
}

fn type_of(record: &Map<String, Value>) -> &str {
    record
        .get("attributes")
        .and_then(|attributes| attributes.get("type"))
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn object_of(record: &Map<String, Value>) -> Result<&'static Object, Fault> {
    let name = type_of(record);
    Object::named(name).ok_or_else(|| {
        Fault::bad(
            "INVALID_TYPE",
            format!("sObject type '{name}' is not supported."),
        )
    })
}

/// How often the type changes from one record to the next, plus one.
fn runs(writes: &[Write]) -> usize {
    let types: Vec<_> = writes
        .iter()
        .map(|write| match write {
            Write::Create(record) | Write::Update(record) => type_of(record),
            Write::Upsert(object, ..) => object.name,
            Write::Delete(id) => id.get(..3).unwrap_or_default(),
        })
        .collect();
    let changes = types.iter().zip(types.iter().skip(1));
    1 + changes.filter(|(one, next)| one != next).count()
}
