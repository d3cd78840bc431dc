//! The way back: a vendor's fields as a unified record.

use super::mapping::{How, Row, Table};
use crate::decimal::Decimal;
use crate::endpoint::json;
use crate::json::Raw;
use crate::read;

/// One of the record's own fields, while it is put together.
enum Part {
    Value(String),
    Object(Vec<(&'static str, String)>),
    /// The items, each with the row's brackets.
    List(Vec<(&'static str, Vec<(&'static str, String)>)>),
    Custom(Vec<(String, String)>),
}

impl Table {
    /// The unified record that a vendor's fields (JSON text of an object) stand for; `more` are fields that the vendor keeps
    /// elsewhere, name and JSON. What cannot be read is left out: the vendor's own answer stands beside it.
    #[must_use]
    pub fn unify(&self, fields: &str, more: &[(&'static str, String)]) -> Option<Raw> {
        let fields = read::parts("", fields).ok()?;
        let value = |name: &str| {
            let found = fields.iter().find(|(known, _)| known == name);
            found
                .map(|(_, json)| *json)
                .filter(|json| !matches!(*json, "null" | "\"\"") && *json != self.style.clear)
        };
        let mut parts: Vec<(&'static str, Part)> = Vec::new();
        for (name, json) in more {
            parts.push((name, Part::Value(json.clone())));
        }
        for row in self.rows.iter().filter(|row| row.is_two_way()) {
            if let Some(json) = value(row.to) {
                row.take(json, &mut parts);
            }
        }
        let is_mapped = |name: &str| {
            self.rows
                .iter()
                .any(|row| row.is_two_way() && row.to == name)
                || self.own.iter().any(|own| name.starts_with(own))
        };
        if self.rows.iter().any(|row| matches!(row.how, How::Custom)) {
            let custom: Vec<_> = fields
                .iter()
                .filter(|(name, json)| !is_mapped(name) && value(name) == Some(*json))
                .map(|(name, json)| (name.clone().into_owned(), (*json).to_owned()))
                .collect();
            if !custom.is_empty() {
                parts.push(("custom_fields", Part::Custom(custom)));
            }
        }
        Raw::new(write(&parts))
    }
}

impl Row {
    /// Whether the vendor's field says what the unified one says.
    const fn is_two_way(&self) -> bool {
        !matches!(
            self.how,
            How::Custom
                | How::Untouched
                | How::Aside
                | How::Sought
                | How::Ignored(_)
                | How::Refused(_)
        )
    }

    fn take(&self, theirs: &str, parts: &mut Vec<(&'static str, Part)>) {
        let Some(values) = self.back(theirs) else {
            return;
        };
        let (head, tail) = self.from.split_once('.').unwrap_or((self.from, ""));
        let (name, brackets) = match head.split_once('[') {
            Some((name, rest)) => (name, rest.strip_suffix(']')),
            None => (head, None),
        };
        let slot = parts.iter().position(|(known, _)| *known == name);
        let slot = slot.unwrap_or_else(|| {
            let part = match (brackets, tail) {
                (Some(_), _) => Part::List(Vec::new()),
                (None, "") => Part::Value(String::new()),
                (None, _) => Part::Object(Vec::new()),
            };
            parts.push((name, part));
            parts.len() - 1
        });
        let Some((_, part)) = parts.get_mut(slot) else {
            return;
        };
        for json in values {
            match (&mut *part, brackets) {
                (Part::Value(value), None) if value.is_empty() => *value = json,
                (Part::Object(fields), None) => add(fields, tail, json),
                (Part::List(items), Some("")) => items.push(("", vec![(tail, json)])),
                (Part::List(items), Some(word)) => {
                    match items.iter_mut().find(|(known, _)| *known == word) {
                        Some((_, fields)) => add(fields, tail, json),
                        None => {
                            let mut fields = vec![(tail, json)];
                            if word != "0" {
                                fields.push(("type", ["\"", word, "\""].concat()));
                            }
                            items.push((word, fields));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// The unified values of a vendor's value, as JSON.
    fn back(&self, theirs: &str) -> Option<Vec<String>> {
        let text = || match theirs.starts_with('"') {
            true => read::string("", theirs).ok(),
            false => Some(theirs.into()),
        };
        let one = match self.how {
            How::Number => Decimal::parse(&text()?)?.as_str().to_owned(),
            How::Flag => match text()?.as_ref() {
                "true" => "true".to_owned(),
                "false" => "false".to_owned(),
                _ => return None,
            },
            How::Words(words) => {
                let text = text()?;
                let ours = words.iter().find(|(_, known)| *known == text);
                json(&ours.map_or(text.as_ref(), |(ours, _)| ours))
            }
            How::Joined(joint) => {
                let text = text()?;
                return Some(text.split(joint).map(|text| json(&text)).collect());
            }
            How::Each => {
                let items = read::items("", theirs).ok()?;
                return Some(items.into_iter().map(str::to_owned).collect());
            }
            _ if theirs.starts_with(['{', '[']) => return None,
            _ if theirs.starts_with('"') => theirs.to_owned(),
            _ => ["\"", theirs, "\""].concat(),
        };
        Some(vec![one])
    }
}

/// Two of the vendor's fields may stand for one of ours: the first counts.
fn add(fields: &mut Vec<(&'static str, String)>, name: &'static str, json: String) {
    if !fields.iter().any(|(known, _)| *known == name) {
        fields.push((name, json));
    }
}

fn write(parts: &[(&'static str, Part)]) -> String {
    let mut text = String::from("{");
    for (number, (name, part)) in parts.iter().enumerate() {
        key(&mut text, number, name);
        match part {
            Part::Value(json) => text.push_str(json),
            Part::Object(fields) => object(&mut text, fields),
            Part::Custom(fields) => object(&mut text, fields),
            Part::List(items) => {
                for (number, (_, fields)) in items.iter().enumerate() {
                    text.push(if number == 0 { '[' } else { ',' });
                    object(&mut text, fields);
                }
                text.push(']');
            }
        }
    }
    text.push('}');
    text
}

fn object<N: AsRef<str>>(text: &mut String, fields: &[(N, String)]) {
    text.push('{');
    for (number, (name, json)) in fields.iter().enumerate() {
        key(text, number, name.as_ref());
        text.push_str(json);
    }
    text.push('}');
}

fn key(text: &mut String, number: usize, name: &str) {
    if number > 0 {
        text.push(',');
    }
    text.push_str(&json(&name));
    text.push(':');
}
