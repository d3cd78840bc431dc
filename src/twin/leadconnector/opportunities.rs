//! `/opportunities`: upsert, create, search, read, update, delete; pipelines and lost reasons.

use serde_json::{Map, Value, json};

use super::super::answer;
use super::super::call::Call;
use super::super::ledger::Ledger;
use super::refusal::Refusal;
use super::shape::{self, Field, Is, optional, required, word};
use super::{
    LOCATION, LeadConnector, OTHER_STAGE, Outcome, PIPELINE, STAGE, USER, body_of, located,
    located_by_query, no_route,
};
use crate::http::Method;

impl LeadConnector {
    pub(super) fn opportunities(
        &mut self,
        call: &Call,
        rest: &[&str],
        ledger: &mut Ledger<'_>,
    ) -> Outcome {
        match (call.method, rest) {
            (Method::Post, ["upsert"]) => self.upsert(call, ledger),
            (Method::Post, []) => self.create(call, ledger),
            (Method::Get, ["search"]) => self.search(call),
            (Method::Get, ["pipelines"]) => {
                located_by_query(call)?;
                Ok(answer::json(200, &json!({ "pipelines": pipelines() })))
            }
            (Method::Get, ["lost-reason"]) => {
                located_by_query(call)?;
                let reason = json!({
                    "id": LOST_REASON, "name": "Too expensive", "locationId": LOCATION,
                });
                Ok(answer::json(
                    200,
                    &json!({ "lostReasons": [reason], "total": 1 }),
                ))
            }
            (Method::Get, [id]) => {
                let found = self.opportunity(id)?;
                Ok(answer::json(200, &json!({ "opportunity": found })))
            }
            (Method::Put, [id]) => self.update(call, id, ledger),
            (Method::Delete, [id]) => {
                self.opportunity(id)?;
                self.opportunities.remove(*id);
                ledger.commit("opportunity.remove", format!("opportunity {id}"), "");
                // The spelling is the vendor's.
                Ok(answer::json(200, &json!({ "succeded": true })))
            }
            _ => Err(no_route(call)),
        }
    }

    fn upsert(&mut self, call: &Call, ledger: &mut Ledger<'_>) -> Outcome {
        let mut fields = vec![
            required("locationId", Is::Text),
            required("pipelineId", Is::Text),
            optional("id", Is::Text),
            // Gone from the published page in 2026, still sent by most live callers.
            optional("contactId", Is::Text),
            // Published as required; most live callers leave them out. Not known: what those calls answered.
            optional("followers", Is::Texts { max: 10 }),
            optional("isRemoveAllFollowers", Is::Flag),
            optional("followersActionType", Is::OneOf(&["add", "remove"])),
            optional("lostReasonId", Is::Text),
        ];
        fields.extend(COMMON);
        if call.header("version") == Some("v3") {
            fields.push(optional("forecastExpectedCloseDate", Is::Text));
            fields.push(optional("forecastProbability", Is::Number));
        }
        let body = shape::read(body_of(call)?, &fields)?;
        located(word(&body, "locationId"))?;
        self.sensible(&body)?;
        let known = match word(&body, "id") {
            "" => self.of_contact(word(&body, "pipelineId"), word(&body, "contactId")),
            // Not known: what an id that is not there answers; it is not taken as the id of a new record here.
            id => Some(self.opportunity(id).map(|_| id.to_owned())?),
        };
        let new = known.is_none();
        let id = match known {
            Some(id) => id,
            // Not known: whether a record can be made without a contact. The published page asks for none.
            None => self.make(call.now),
        };
        self.write(&id, &body, new, call.now, ledger);
        let opportunity = self.opportunity(&id)?;
        // 201 is observed on create, though 200 is all that is published.
        Ok(answer::json(
            if new { 201 } else { 200 },
            &json!({ "opportunity": opportunity, "new": new }),
        ))
    }

    fn create(&mut self, call: &Call, ledger: &mut Ledger<'_>) -> Outcome {
        let mut fields = vec![
            required("locationId", Is::Text),
            required("pipelineId", Is::Text),
            required("contactId", Is::Text),
            optional("customFields", Is::Any),
        ];
        fields.extend(COMMON.map(|field| Field {
            required: ["name", "status"].contains(&field.name),
            ..field
        }));
        let body = shape::read(body_of(call)?, &fields)?;
        located(word(&body, "locationId"))?;
        self.sensible(&body)?;
        let taken = self.of_contact(word(&body, "pipelineId"), word(&body, "contactId"));
        if let Some(existing) = taken {
            return Err(
                Refusal::bad("Can not create duplicate opportunity for the contact.").coded(
                    "OPPORTUNITY_NO_DUPLICATE",
                    json!({ "existingId": existing }),
                ),
            );
        }
        let id = self.make(call.now);
        self.write(&id, &body, true, call.now, ledger);
        let opportunity = self.opportunity(&id)?;
        Ok(answer::json(201, &json!({ "opportunity": opportunity })))
    }

    fn update(&mut self, call: &Call, id: &str, ledger: &mut Ledger<'_>) -> Outcome {
        self.opportunity(id)?;
        let mut fields = vec![
            optional("pipelineId", Is::Text),
            optional("customFields", Is::Any),
        ];
        fields.extend(COMMON);
        let body = shape::read(body_of(call)?, &fields)?;
        self.sensible(&body)?;
        self.write(id, &body, false, call.now, ledger);
        let opportunity = self.opportunity(id)?;
        Ok(answer::json(200, &json!({ "opportunity": opportunity })))
    }

    /// Not known: status and wording.
    fn opportunity(&self, id: &str) -> Result<&Map<String, Value>, Refusal> {
        self.opportunities
            .get(id)
            .ok_or_else(|| Refusal::bad(format!("Opportunity not found: {id}")))
    }

    /// The parameters have underscores, and camel case in `v3`. Twenty a page, unless the call says otherwise.
    fn search(&self, call: &Call) -> Outcome {
        let v3 = call.header("version") == Some("v3");
        let asked = |underscored: &str, camel: &str| {
            let value = call.asked(if v3 { camel } else { underscored });
            value.filter(|value| !value.is_empty())
        };
        match asked("location_id", "locationId") {
            Some(location) => located(location)?,
            None => {
                return Err(Refusal::unprocessable(vec![
                    "locationId should not be empty".to_owned(),
                ]));
            }
        }
        let wanted = [
            ("pipelineId", asked("pipeline_id", "pipelineId")),
            (
                "pipelineStageId",
                asked("pipeline_stage_id", "pipelineStageId"),
            ),
            ("contactId", asked("contact_id", "contactId")),
            ("assignedTo", asked("assigned_to", "assignedTo")),
            ("id", asked("id", "id")),
            (
                "status",
                asked("status", "status").filter(|status| *status != "all"),
            ),
        ];
        let fits = |found: &&Map<String, Value>| {
            let mut wanted = wanted.iter();
            wanted.all(|(name, wanted)| wanted.is_none_or(|wanted| word(found, name) == wanted))
        };
        let number = |name: &str| call.asked(name).and_then(|value| value.parse().ok());
        let limit: usize = number("limit").unwrap_or(20);
        if limit > 100 {
            // Published as the most; not known: the wording.
            return Err(Refusal::unprocessable(vec![
                "limit must not be greater than 100".to_owned(),
            ]));
        }
        let page = number("page").unwrap_or(1).max(1);
        let all: Vec<_> = self.opportunities.values().filter(fits).collect();
        let shown: Vec<_> = all.iter().skip((page - 1) * limit).take(limit).collect();
        let next = (all.len() > page * limit).then_some(page + 1);
        Ok(answer::json(
            200,
            &json!({
                "opportunities": shown,
                "meta": { "total": all.len(), "currentPage": page, "nextPage": next },
            }),
        ))
    }

    /// The opportunity that a contact has in a pipeline: there is one at most, unless the location allows more.
    fn of_contact(&self, pipeline: &str, contact: &str) -> Option<String> {
        let of = |found: &Map<String, Value>| {
            word(found, "pipelineId") == pipeline && word(found, "contactId") == contact
        };
        let found = self.opportunities.iter().find(|(_, found)| of(found));
        found
            .filter(|_| !contact.is_empty())
            .map(|(id, _)| id.clone())
    }

    /// Not known: whether and how the vendor refuses each of these.
    fn sensible(&self, body: &Map<String, Value>) -> Result<(), Refusal> {
        let given = |name| Some(word(body, name)).filter(|word| !word.is_empty());
        let unknown =
            |name: &str, id: &str| Err(Refusal::bad(format!("{name} {id} was not found")));
        match given("pipelineId") {
            Some(id) if id != PIPELINE => return unknown("pipelineId", id),
            _ => {}
        }
        match given("pipelineStageId") {
            Some(id) if ![STAGE, OTHER_STAGE].contains(&id) => {
                return unknown("pipelineStageId", id);
            }
            _ => {}
        }
        match given("assignedTo") {
            Some(id) if id != USER => return unknown("assignedTo", id),
            _ => {}
        }
        match given("contactId") {
            Some(id) if !self.contacts.contains_key(id) => return unknown("contactId", id),
            _ => {}
        }
        if given("status") == Some("all") {
            // Published among the values, but a search word.
            return Err(Refusal::bad("status all is for searches"));
        }
        Ok(())
    }

    fn make(&mut self, now: u64) -> String {
        let id = self.new_id();
        self.add("opportunity", &id, Map::new());
        if let Some(made) = self.opportunities.get_mut(&id) {
            made.insert("createdAt".to_owned(), answer::time(now).into());
            made.insert("followers".to_owned(), json!([]));
        }
        id
    }

    fn write(
        &mut self,
        id: &str,
        body: &Map<String, Value>,
        new: bool,
        now: u64,
        ledger: &mut Ledger<'_>,
    ) {
        let Some(record) = self.opportunities.get_mut(id) else {
            return;
        };
        let before = record.clone();
        for (name, value) in body {
            if !TRIO.contains(&name.as_str()) && !value.is_null() {
                record.insert(name.clone(), value.clone());
            }
        }
        let followers = followers(&before, body);
        record.insert("followers".to_owned(), followers);
        let changes: Vec<_> = record
            .iter()
            .filter(|(name, value)| before.get(*name) != Some(*value))
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if new || !changes.is_empty() {
            record.insert("updatedAt".to_owned(), answer::time(now).into());
            let kind = if new {
                "opportunity.create"
            } else {
                "opportunity.update"
            };
            ledger.commit(kind, format!("opportunity {id}"), changes.join(", "));
        }
    }
}

/// The list after a write.
///
/// Not known: what wiping and adding in one call do together. Here the wipe wins, the harsher of the two readings.
fn followers(before: &Map<String, Value>, body: &Map<String, Value>) -> Value {
    let list = |of: &Map<String, Value>| {
        of.get("followers")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    if body.get("isRemoveAllFollowers") == Some(&Value::Bool(true)) {
        return json!([]);
    }
    let mut followers = list(before);
    let given = list(body);
    if word(body, "followersActionType") == "remove" {
        followers.retain(|known| !given.contains(known));
    } else {
        for follower in given {
            if !followers.contains(&follower) {
                followers.push(follower);
            }
        }
    }
    Value::Array(followers)
}

/// The one pipeline. Not known: the shape of a stage, published as an array; callers read `id` and `name`.
fn pipelines() -> Value {
    json!([{
        "id": PIPELINE,
        "name": "Sales",
        "locationId": LOCATION,
        "stages": [{ "id": STAGE, "name": "New" }, { "id": OTHER_STAGE, "name": "Negotiation" }],
    }])
}

/// The one reason why opportunities are lost.
const LOST_REASON: &str = "63d772cac1116f0e21de8e44";

/// Fields that steer a write and are no fields of the record.
const TRIO: [&str; 3] = ["followers", "isRemoveAllFollowers", "followersActionType"];

const COMMON: [Field; 5] = [
    optional("name", Is::Text),
    optional(
        "status",
        Is::OneOf(&["open", "won", "lost", "abandoned", "all"]),
    ),
    optional("pipelineStageId", Is::Text),
    optional("monetaryValue", Is::Number),
    optional("assignedTo", Is::Text),
];
