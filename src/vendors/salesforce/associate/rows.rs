//! The rows that a look has seen.

use serde_json::{Map, Value};

use crate::sorted::SortedMap;
use crate::vendors::salesforce::id::same;

/// The rows that were seen, by object, and by what their key column holds.
#[derive(Debug, Default)]
pub(in crate::vendors::salesforce) struct Rows(Vec<(String, Table)>);

type Table = SortedMap<String, Vec<Row>>;

/// One row.
pub(super) type Row = Map<String, Value>;

impl Rows {
    /// The rows of an object that belong to an id.
    pub(in crate::vendors::salesforce) fn of(&self, sobject: &str, id: &str) -> &[Row] {
        let table = self.0.iter().find(|(known, _)| known == sobject);
        let rows = table.and_then(|(_, rows)| rows.get(same(id)));
        rows.map_or(&[], Vec::as_slice)
    }

    /// All rows of an object.
    pub(in crate::vendors::salesforce) fn all(&self, sobject: &str) -> impl Iterator<Item = &Row> {
        let tables = self.0.iter().filter(move |(known, _)| known == sobject);
        tables.flat_map(|(_, rows)| rows.values()).flatten()
    }

    /// Adds a row; one that is there gets the fields that it lacks.
    pub(super) fn add(&mut self, sobject: &str, key: &str, row: Row) {
        let place = self.0.iter().position(|(known, _)| known == sobject);
        let place = place.unwrap_or_else(|| {
            self.0.push((sobject.to_owned(), Table::new()));
            self.0.len() - 1
        });
        let Some((_, table)) = self.0.get_mut(place) else {
            return;
        };
        table.update(same(text(&row, key)).to_owned(), |rows| {
            let mut known = rows.iter_mut();
            match known.find(|known| known.get("Id") == row.get("Id")) {
                Some(known) => known.extend(row),
                None => rows.push(row),
            }
        });
    }
}

/// A text in a row, empty where there is none.
pub(super) fn text<'r>(row: &'r Row, field: &str) -> &'r str {
    row.get(field).and_then(Value::as_str).unwrap_or_default()
}

pub(super) fn is(row: &Row, field: &str) -> bool {
    row.get(field) == Some(&Value::Bool(true))
}

pub(super) fn held_roles(row: &Row) -> impl Iterator<Item = &str> {
    text(row, "Roles")
        .split(';')
        .filter(|role| !role.is_empty())
}
