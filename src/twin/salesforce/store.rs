//! The rows of the org, and the rules that hold when they are written.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::super::answer;
use super::super::ledger::Ledger;
use super::fault::Fault;
use super::id;
use super::schema::{Column, Holds, Object};

/// One record.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) object: &'static Object,
    values: BTreeMap<String, Value>,
    created: u64,
    updated: u64,
}

impl Row {
    /// The custom fields that have a value.
    pub(super) fn custom(&self) -> impl Iterator<Item = String> {
        self.values
            .keys()
            .filter(|name| name.ends_with("__c"))
            .cloned()
    }
}

/// All rows by the 15 characters of their ids.
#[derive(Clone, Debug, Default)]
pub(super) struct Store {
    rows: BTreeMap<String, Row>,
    deleted: BTreeSet<String>,
    serial: u64,
}

impl Store {
    pub(super) fn rows_of(&self, object: &Object) -> impl Iterator<Item = (&String, &Row)> {
        let name = object.name;
        self.rows
            .iter()
            .filter(move |(_, row)| row.object.name == name)
    }

    pub(super) fn row(&self, short: &str) -> Option<&Row> {
        self.rows.get(short)
    }

    /// A field as it is read; links come back with 18 characters.
    pub(super) fn value(&self, short: &str, field: &str) -> Value {
        let Some(row) = self.rows.get(short) else {
            return Value::Null;
        };
        let stored = |name: &str| row.values.get(name).cloned().unwrap_or_default();
        match (row.object.name, field) {
            (_, "Id") => id::full(short).into(),
            (_, "CreatedDate") => answer::time(row.created).into(),
            (_, "LastModifiedDate") => answer::time(row.updated).into(),
            ("Contact" | "Lead" | "User", "Name") => {
                let words = [stored("FirstName"), stored("LastName")];
                let words: Vec<_> = words.iter().filter_map(Value::as_str).collect();
                words.join(" ").into()
            }
            ("Opportunity", "ContactId") => self
                .primary_role(short)
                .map_or(Value::Null, |role| self.value(&role, "ContactId")),
            ("AccountContactRelation", "IsDirect") => {
                let contact = stored("ContactId");
                let contact = contact.as_str().and_then(id::short).unwrap_or_default();
                let account = self.value(contact, "AccountId");
                (!account.is_null() && account == stored("AccountId")).into()
            }
            (_, field) => match (row.object.column(field).map(|c| c.holds), stored(field)) {
                (Some(Holds::Flag), Value::Null) => false.into(),
                (_, value) => value,
            },
        }
    }

    /// Makes a record and gives its 18-character id.
    pub(super) fn insert(
        &mut self,
        object: &'static Object,
        fields: &Map<String, Value>,
        now: u64,
        ledger: &mut Ledger<'_>,
    ) -> Result<String, Fault> {
        if !object.create {
            // Not known: the code for a row that only Salesforce makes.
            return Err(Fault::bad(
                "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
                format!("entity type cannot be inserted: {}", object.name),
            ));
        }
        let mut values = self.checked(object, fields, |column| column.create)?;
        let missing: Vec<_> = object
            .columns
            .iter()
            .filter(|column| column.required)
            .map(|column| column.name)
            .filter(|name| values.get(*name).is_none_or(blank))
            .collect();
        if !missing.is_empty() {
            return Err(Fault::bad(
                "REQUIRED_FIELD_MISSING",
                format!("Required fields are missing: [{}]", missing.join(", ")),
            )
            .on(missing));
        }
        self.before_insert(object, &values)?;
        let contact = match object.name {
            // Kept as a contact role, not on the row.
            "Opportunity" => values.remove("ContactId").filter(|value| !value.is_null()),
            _ => None,
        };
        let short = self.next_id(object);
        let (from, to) = described(object, &short, &values);
        ledger.commit(format!("{}.create", object.name), from, to);
        self.put(&short, object, values, now);
        self.after_write(&short, None, now, ledger);
        if let (Some(contact), Some(role)) = (contact, Object::named("OpportunityContactRole")) {
            let fields = Map::from_iter([
                ("OpportunityId".to_owned(), id::full(&short).into()),
                ("ContactId".to_owned(), contact),
                ("IsPrimary".to_owned(), true.into()),
            ]);
            self.insert(role, &fields, now, ledger)?;
        }
        Ok(id::full(&short))
    }

    pub(super) fn update(
        &mut self,
        object: &'static Object,
        given: &str,
        fields: &Map<String, Value>,
        now: u64,
        ledger: &mut Ledger<'_>,
    ) -> Result<(), Fault> {
        let short = self.find(object, given)?;
        let values = self.checked(object, fields, |column| column.update)?;
        for (name, value) in &values {
            let required = object.column(name).is_some_and(|column| column.required);
            if required && blank(value) {
                return Err(Fault::bad(
                    "REQUIRED_FIELD_MISSING",
                    format!("Required fields are missing: [{name}]"),
                )
                .on([name.clone()]));
            }
        }
        if let Some(parent) = values.get("ParentId").and_then(Value::as_str) {
            self.acyclic(&short, parent)?;
        }
        let changed: BTreeMap<_, _> = values
            .into_iter()
            .filter(|(name, value)| self.value(&short, name) != *value)
            .collect();
        if changed.is_empty() {
            return Ok(());
        }
        ledger.commit(
            format!("{}.update", object.name),
            format!("{} {}", object.name, id::full(&short)),
            words(&changed),
        );
        let before = self.rows.get(&short).cloned();
        if let Some(row) = self.rows.get_mut(&short) {
            row.values.extend(changed);
            row.updated = now;
        }
        self.after_write(&short, before.as_ref(), now, ledger);
        Ok(())
    }

    pub(super) fn delete(
        &mut self,
        object: &'static Object,
        given: &str,
        ledger: &mut Ledger<'_>,
    ) -> Result<(), Fault> {
        let short = self.find(object, given)?;
        if self.value(&short, "IsDirect") == true {
            // Not known: the code and wording; that the contact's account holds a direct relation is.
            return Err(Fault::bad(
                "DELETE_FAILED",
                "a direct relationship goes when the contact's account does",
            ));
        }
        let Some(row) = self.rows.remove(&short) else {
            return Ok(());
        };
        let (from, to) = described(object, &short, &row.values);
        ledger.commit(format!("{}.delete", object.name), from, to);
        // Links of the record go with it. Not known in detail: what becomes of plain lookups; here they stay.
        let full = id::full(&short);
        let gone: Vec<_> = self
            .rows
            .iter()
            .filter(|(_, row)| row.object.link.is_some() || !row.object.create)
            .filter(|(_, row)| row.values.values().any(|value| *value == full))
            .map(|(short, _)| short.clone())
            .collect();
        for link in gone {
            self.rows.remove(&link);
            self.deleted.insert(link);
        }
        self.deleted.insert(short);
        Ok(())
    }

    /// Rows of an object whose field has this text.
    pub(super) fn matching(&self, object: &Object, field: &str, value: &str) -> Vec<String> {
        self.rows_of(object)
            .map(|(short, _)| short.clone())
            .filter(|short| match self.value(short, field) {
                Value::String(text) => text.eq_ignore_ascii_case(value),
                Value::Number(number) => number.to_string() == value,
                _ => false,
            })
            .collect()
    }

    /// The row that an id in a path or a collection names.
    pub(super) fn find(&self, object: &Object, given: &str) -> Result<String, Fault> {
        let Some(short) = id::short(given) else {
            return Err(Fault::bad("MALFORMED_ID", format!("malformed id {given}")));
        };
        if self.deleted.contains(short) {
            return Err(Fault::new(404, "ENTITY_IS_DELETED", "entity is deleted"));
        }
        match self.rows.get(short) {
            Some(row) if row.object.name == object.name => Ok(short.to_owned()),
            // Not known for paths: a 404 may as well be a NOT_FOUND.
            _ => Err(Fault::new(
                404,
                "INVALID_CROSS_REFERENCE_KEY",
                "invalid cross reference id",
            )),
        }
    }

    /// Adds a row without a trace in the ledger and without a rule.
    pub(super) fn put(
        &mut self,
        short: &str,
        object: &'static Object,
        values: BTreeMap<String, Value>,
        now: u64,
    ) {
        let row = Row {
            object,
            values,
            created: now,
            updated: now,
        };
        self.rows.insert(short.to_owned(), row);
    }

    /// Adds a record with checked fields, its direct relation included, without a trace in the ledger.
    pub(super) fn seed(
        &mut self,
        object: &'static Object,
        short: Option<&str>,
        fields: &Map<String, Value>,
        now: u64,
    ) -> Result<String, Fault> {
        let values = self.checked(object, fields, |_| true)?;
        let short = match short {
            Some(short) => short.to_owned(),
            None => self.next_id(object),
        };
        self.put(&short, object, values, now);
        self.after_write(&short, None, now, &mut Ledger::new("", &mut Vec::new()));
        Ok(id::full(&short))
    }

    /// The fields of a body under their own spelling, each one allowed and each id looked up.
    fn checked(
        &self,
        object: &'static Object,
        fields: &Map<String, Value>,
        allowed: impl Fn(&Column) -> bool,
    ) -> Result<BTreeMap<String, Value>, Fault> {
        let mut values = BTreeMap::new();
        for (name, value) in fields {
            if name == "attributes" {
                continue;
            }
            let name = object.field(name)?;
            let column = object.column(&name);
            if column.is_some_and(|column| !allowed(column))
                || (column.is_none() && !name.to_ascii_lowercase().ends_with("__c"))
            {
                return Err(Fault::bad(
                    "INVALID_FIELD_FOR_INSERT_UPDATE",
                    format!("Unable to create/update fields: {name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set."),
                )
                .on([name]));
            }
            let value = match (column.map(|column| column.holds), value) {
                (Some(Holds::Ref(target)), value) if !value.is_null() => {
                    self.reference(&name, target, value)?
                }
                (Some(Holds::Flag), value) if !value.is_boolean() => {
                    return Err(Fault::bad(
                        "JSON_PARSER_ERROR",
                        format!("Cannot deserialize instance of boolean from {value}"),
                    ));
                }
                (_, value) => value.clone(),
            };
            values.insert(name, value);
        }
        Ok(values)
    }

    fn reference(&self, field: &str, target: &str, value: &Value) -> Result<Value, Fault> {
        let given = value.as_str().unwrap_or_default();
        let prefix = Object::named(target).map(|object| object.prefix);
        let short = id::short(given).filter(|short| short.get(..3) == prefix);
        let Some(short) = short else {
            return Err(Fault::bad(
                "MALFORMED_ID",
                format!("{field}: id value of incorrect type: {given}"),
            )
            .on([field]));
        };
        if self.deleted.contains(short) {
            return Err(Fault::bad("ENTITY_IS_DELETED", "entity is deleted").on([field]));
        }
        if !self.rows.contains_key(short) {
            return Err(
                Fault::bad("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id").on([field]),
            );
        }
        Ok(id::full(short).into())
    }

    fn before_insert(
        &self,
        object: &Object,
        values: &BTreeMap<String, Value>,
    ) -> Result<(), Fault> {
        let given = |name: &str| values.get(name).filter(|value| !value.is_null());
        match object.name {
            "AccountContactRelation" => {
                let (account, contact) = (given("AccountId"), given("ContactId"));
                let taken = self.rows_of(object).any(|(_, row)| {
                    row.values.get("AccountId") == account && row.values.get("ContactId") == contact
                });
                // The sentence is recorded; that its code is DUPLICATE_VALUE is an assumption.
                if taken {
                    return Err(Fault::bad(
                        "DUPLICATE_VALUE",
                        "This contact already has a relationship with this account.",
                    ));
                }
                Ok(())
            }
            "Partner" if given("OpportunityId").is_none() && given("AccountFromId").is_none() => {
                Err(Fault::bad(
                    "REQUIRED_FIELD_MISSING",
                    "Required fields are missing: [AccountFromId]",
                )
                .on(["AccountFromId"]))
            }
            _ => Ok(()),
        }
    }

    /// What a write brings about elsewhere.
    fn after_write(
        &mut self,
        short: &str,
        before: Option<&Row>,
        now: u64,
        ledger: &mut Ledger<'_>,
    ) {
        let Some(row) = self.rows.get(short).cloned() else {
            return;
        };
        match row.object.name {
            "OpportunityContactRole" if self.value(short, "IsPrimary") == true => {
                self.demote_others(short, &row, ledger);
            }
            "Contact" => {
                let old = before.and_then(|row| row.values.get("AccountId"));
                let new = row.values.get("AccountId");
                self.move_direct(short, old.cloned(), new.cloned(), now);
            }
            "Partner" if before.is_none() => self.mirror_partner(short, &row, now),
            _ => {}
        }
    }

    /// One primary contact per opportunity: the newest claim wins.
    fn demote_others(&mut self, short: &str, row: &Row, ledger: &mut Ledger<'_>) {
        let opportunity = row.values.get("OpportunityId");
        for (other, role) in &mut self.rows {
            let rival = other != short
                && role.object.name == row.object.name
                && role.values.get("OpportunityId") == opportunity
                && role.values.get("IsPrimary") == Some(&Value::Bool(true));
            if rival {
                role.values.insert("IsPrimary".to_owned(), false.into());
                let (from, to) = described(role.object, other, &role.values);
                ledger.commit("OpportunityContactRole.demote", from, to);
            }
        }
    }

    /// A direct relation follows the contact's account. That with the account before stays, no longer direct: an org's
    /// setting, as it is by default. Not known: that a contact without an account keeps none.
    fn move_direct(&mut self, contact: &str, old: Option<Value>, new: Option<Value>, now: u64) {
        let Some(relation) = Object::named("AccountContactRelation") else {
            return;
        };
        let contact = Value::from(id::full(contact));
        let between = |store: &Self, account: &Value| {
            let mut rows = store.rows_of(relation);
            let found = rows.find(|(_, row)| {
                row.values.get("ContactId") == Some(&contact)
                    && row.values.get("AccountId") == Some(account)
            });
            found.map(|(short, _)| short.clone())
        };
        let old = old.filter(|account| !account.is_null());
        let new = new.filter(|account| !account.is_null());
        if old == new {
            return;
        }
        let direct = old.and_then(|account| between(self, &account));
        let there = new.as_ref().and_then(|account| between(self, account));
        match (direct, new, there) {
            (Some(direct), None, _) => {
                self.rows.remove(&direct);
                self.deleted.insert(direct);
            }
            (_, Some(account), None) => {
                let short = self.next_id(relation);
                let values = BTreeMap::from_iter([
                    ("AccountId".to_owned(), account),
                    ("ContactId".to_owned(), contact),
                    ("IsActive".to_owned(), true.into()),
                ]);
                self.put(&short, relation, values, now);
            }
            (_, _, _) => {}
        }
    }

    /// A partner is shown as two rows. Not known: what the second row of an opportunity's partner holds.
    fn mirror_partner(&mut self, short: &str, row: &Row, now: u64) {
        let value = |name: &str| row.values.get(name).cloned().unwrap_or_default();
        let opportunity = value("OpportunityId");
        let of_opportunity = opportunity
            .as_str()
            .and_then(id::short)
            .map(|opportunity| self.value(opportunity, "AccountId"));
        let (name, from) = match of_opportunity {
            Some(account) => ("OpportunityPartner", account),
            None => ("AccountPartner", value("AccountFromId")),
        };
        let Some(object) = Object::named(name) else {
            return;
        };
        let to = value("AccountToId");
        for (from, to) in [(from.clone(), to.clone()), (to, from)] {
            let mirror = self.next_id(object);
            let values = BTreeMap::from_iter([
                ("OpportunityId".to_owned(), opportunity.clone()),
                ("AccountFromId".to_owned(), from),
                ("AccountToId".to_owned(), to),
                ("Role".to_owned(), value("Role")),
                ("IsPrimary".to_owned(), value("IsPrimary")),
                // Not a field: lets the row go when its partner goes.
                ("partner".to_owned(), id::full(short).into()),
            ]);
            self.put(&mirror, object, values, now);
        }
    }

    fn primary_role(&self, opportunity: &str) -> Option<String> {
        let opportunity = Value::from(id::full(opportunity));
        let role = Object::named("OpportunityContactRole")?;
        let mut rows = self.rows_of(role);
        let found = rows.find(|(_, row)| {
            row.values.get("OpportunityId") == Some(&opportunity)
                && row.values.get("IsPrimary") == Some(&Value::Bool(true))
        });
        found.map(|(short, _)| short.clone())
    }

    /// An account may not stand above itself. Not known: the message; the code is.
    fn acyclic(&self, short: &str, parent: &str) -> Result<(), Fault> {
        let mut above = id::short(parent).map(str::to_owned);
        for _ in 0..=self.rows.len() {
            match above {
                Some(account) if account == short => {
                    return Err(Fault::bad(
                        "CIRCULAR_DEPENDENCY",
                        "attempt to violate hierarchy constraints",
                    )
                    .on(["ParentId"]));
                }
                Some(account) => {
                    let next = self.value(&account, "ParentId");
                    above = next.as_str().and_then(id::short).map(str::to_owned);
                }
                None => break,
            }
        }
        Ok(())
    }

    fn next_id(&mut self, object: &Object) -> String {
        self.serial += 1;
        format!("{}5e0Twin{:05}", object.prefix, self.serial)
    }
}

fn blank(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(str::is_empty)
}

/// A link by its two ends, any other record by itself and its fields.
fn described(object: &Object, short: &str, values: &BTreeMap<String, Value>) -> (String, String) {
    let end = |name: &str| match object.column(name).map(|column| column.holds) {
        Some(Holds::Ref(target)) => {
            let id = values.get(name).and_then(Value::as_str)?;
            Some(format!("{target} {id}"))
        }
        _ => None,
    };
    match object.link {
        Some((from, to)) => (
            end(from)
                .or_else(|| end("OpportunityId"))
                .unwrap_or_default(),
            end(to).unwrap_or_default(),
        ),
        None => (
            format!("{} {}", object.name, id::full(short)),
            words(values),
        ),
    }
}

/// `A=1, B=2`
fn words(values: &BTreeMap<String, Value>) -> String {
    let words: Vec<_> = values
        .iter()
        .map(|(name, value)| match value {
            Value::String(text) => format!("{name}={text}"),
            other => format!("{name}={other}"),
        })
        .collect();
    words.join(", ")
}
