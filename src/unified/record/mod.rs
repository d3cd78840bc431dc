//! The unified records: their fields as data, and the reader that cuts a caller's record into leaves.
//!
//! Nothing is parsed further than a leaf: a number keeps its digits, a text its escapes, and what passes through is the
//! text that it was.

pub mod mapping;
pub mod schema;
mod unify;

use std::borrow::Cow;

use crate::decimal::Decimal;
use crate::error::Refusal;
use crate::read;
use crate::unified::entity::Entity;

/// A field of a unified record.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Where it stands: `email_addresses[].email` in each item of a list, `custom_fields.*` under whatever name.
    pub path: &'static str,
    /// What it holds.
    pub shape: Shape,
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A text.
    Text,
    /// An id: a string, or a whole number that JavaScript holds exactly.
    Id,
    /// A number, or a number as text; all its digits are kept.
    Number,
    /// True or false.
    Flag,
    /// A day (`2026-12-31`) or a time (RFC 3339).
    Time,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of ids, or one.
    Ids,
    /// A text, a number, true or false, or a list of them.
    Any,
    /// Any JSON, unread.
    Json,
}

/// One value of a caller's record. `null` is a value: it clears the field.
#[derive(Clone, Debug)]
pub struct Leaf<'a> {
    /// Where it stands, as in `email_addresses[1].email`, in the caller's own spelling.
    pub path: String,
    /// The same without numbers, as in `email_addresses[].email`; a shorter one where a whole object or list is `null`.
    pub field: Cow<'static, str>,
    /// Its place in the list that holds it.
    pub at: Option<usize>,
    /// Its JSON text.
    pub json: Cow<'a, str>,
}

impl<'a> Leaf<'a> {
    /// Whether the caller clears the field.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.json == "null"
    }

    /// The last part of its path: a custom field's own name.
    #[must_use]
    pub fn name(&self) -> &str {
        let container = self.field.strip_suffix('*').unwrap_or_default();
        self.path.get(container.len()..).unwrap_or_default()
    }

    /// What it says: a string's text, anything else as it is written. It was checked when it was read.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self.json.starts_with('"') {
            true => read::string(&self.path, &self.json).unwrap_or_default(),
            false => Cow::Borrowed(&self.json),
        }
    }

    /// The same leaf, owning its text.
    #[must_use]
    pub fn into_owned(self) -> Leaf<'static> {
        Leaf {
            json: Cow::Owned(self.json.into_owned()),
            path: self.path,
            field: self.field,
            at: self.at,
        }
    }
}

/// Cuts the record into its leaves, in the caller's order. `path` is where the record stands: empty, or `[3]` in a list.
///
/// # Errors
/// `invalid_input` with the path of an unknown field or of a value of another shape.
pub fn leaves<'a>(entity: Entity, path: &str, json: &'a str) -> Result<Vec<Leaf<'a>>, Refusal> {
    let mut reader = Reader {
        schema: schema::schema(entity),
        path,
        leaves: Vec::new(),
    };
    reader.object("", "", None, json)?;
    Ok(reader.leaves)
}

struct Reader<'p, 'a> {
    schema: &'static [&'static [Field]],
    path: &'p str,
    leaves: Vec<Leaf<'a>>,
}

impl<'a> Reader<'_, 'a> {
    fn fields(&self) -> impl Iterator<Item = &'static Field> + use<> {
        self.schema.iter().copied().flatten()
    }

    /// A path as the caller would write it.
    fn full(&self, path: &str) -> String {
        joined(self.path, path)
    }

    fn object(
        &mut self,
        field: &str,
        path: &str,
        at: Option<usize>,
        json: &'a str,
    ) -> Result<(), Refusal> {
        for (name, json) in read::parts(&self.full(path), json)? {
            self.value(field, path, at, &name, json)?;
        }
        Ok(())
    }

    fn value(
        &mut self,
        holder: &str,
        path: &str,
        at: Option<usize>,
        name: &str,
        json: &'a str,
    ) -> Result<(), Refusal> {
        let path = joined(path, name);
        // A caller's dot, bracket or star is no part of a path of ours.
        let field = match name.contains(['.', '[', '*']) {
            true => String::new(),
            false => joined(holder, name),
        };
        if let Some(known) = self.fields().find(|known| known.path == field) {
            check(known, &self.full(&path), json)?;
            self.push(path, Cow::Borrowed(known.path), at, json);
            return Ok(());
        }
        let begins = |known: &&Field, joint: &str| {
            let rest = known.path.strip_prefix(field.as_str());
            !field.is_empty() && rest.is_some_and(|rest| rest.starts_with(joint))
        };
        let alias = schema::ALIASES
            .iter()
            .find(|(alias, _)| alias.strip_suffix("[]") == Some(field.as_str()))
            .map(|(_, known)| *known)
            .filter(|known| self.fields().any(|field| field.path.starts_with(known)));
        let list = match alias {
            Some(known) => Some(known.to_owned()),
            None => self
                .fields()
                .any(|known| begins(&known, "["))
                .then(|| joined(&field, "[]")),
        };
        let wild = self.fields().find(|known| begins(known, ".*"));
        let nested = self.fields().any(|known| begins(&known, "."));
        if json == "null" && (list.is_some() || nested) {
            let field = list.map_or(field, |list| list.trim_end_matches("[]").to_owned());
            self.push(path, Cow::Owned(field), at, json);
        } else if let Some(list) = list {
            let items = read::items(&self.full(&path), json)?;
            for (number, item) in items.into_iter().enumerate() {
                self.object(&list, &format!("{path}[{number}]"), Some(number), item)?;
            }
        } else if let Some(wild) = wild {
            for (name, json) in read::parts(&self.full(&path), json)? {
                let path = joined(&path, &name);
                check(wild, &self.full(&path), json)?;
                self.push(path, Cow::Borrowed(wild.path), at, json);
            }
        } else if nested {
            self.object(&field, &path, at, json)?;
        } else {
            return Err(self.unknown(holder, &path));
        }
        Ok(())
    }

    fn push(&mut self, path: String, field: Cow<'static, str>, at: Option<usize>, json: &'a str) {
        self.leaves.push(Leaf {
            path,
            field,
            at,
            json: Cow::Borrowed(json),
        });
    }

    fn unknown(&self, holder: &str, path: &str) -> Refusal {
        let mut names: Vec<&str> = Vec::new();
        for known in self.fields() {
            let rest = match holder {
                "" => Some(known.path),
                holder => known
                    .path
                    .strip_prefix(holder)
                    .and_then(|rest| rest.strip_prefix('.')),
            };
            let name = rest.and_then(|rest| rest.split(['.', '[']).next());
            names.extend(name.filter(|name| !names.contains(name)));
        }
        let message = format!("unknown field; expected one of {}", read::quoted(&names));
        Refusal::input(self.full(path), message)
    }
}

/// `a.b`; `[0].b` and `a[]` take no dot.
pub(crate) fn joined(holder: &str, name: &str) -> String {
    let dot = if holder.is_empty() || name.is_empty() || name.starts_with('[') {
        ""
    } else {
        "."
    };
    [holder, dot, name].concat()
}

/// Refuses a value of another shape; `null` has every shape.
fn check(field: &Field, path: &str, json: &str) -> Result<(), Refusal> {
    if json == "null" {
        return Ok(());
    }
    let expected = |what| Err(read::not(what, path, json));
    match field.shape {
        Shape::Text => read::string(path, json).map(drop),
        Shape::Id => id(path, json),
        Shape::Ids if json.starts_with('[') => {
            for (number, json) in read::items(path, json)?.into_iter().enumerate() {
                id(&format!("{path}[{number}]"), json)?;
            }
            Ok(())
        }
        Shape::Ids => id(path, json),
        Shape::Number => {
            let digits = match json.starts_with('"') {
                true => read::string(path, json)?,
                false => Cow::Borrowed(json),
            };
            match Decimal::parse(&digits) {
                Some(_) => Ok(()),
                None => expected("a number, or a decimal as text such as \"1250.50\""),
            }
        }
        Shape::Flag if matches!(json, "true" | "false") => Ok(()),
        Shape::Flag => expected("true or false"),
        Shape::Time => {
            let text = read::string(path, json)?;
            match is_time(&text) {
                true => Ok(()),
                false => Err(Refusal::input(
                    path,
                    format!(
                        "expected a day such as 2026-12-31, or a time with its zone such as 2026-12-31T09:30:00Z, got `{text}`"
                    ),
                )),
            }
        }
        Shape::Word(words) => {
            let text = read::string(path, json)?;
            match words.contains(&text.as_ref()) {
                true => Ok(()),
                false => Err(Refusal::input(
                    path,
                    format!("expected one of {}, got `{text}`", read::quoted(words)),
                )),
            }
        }
        Shape::Any if json.starts_with('[') => {
            for (number, json) in read::items(path, json)?.into_iter().enumerate() {
                scalar(&format!("{path}[{number}]"), json)?;
            }
            Ok(())
        }
        Shape::Any => scalar(path, json),
        Shape::Json => read::anything(path, json),
    }
}

fn scalar(path: &str, json: &str) -> Result<(), Refusal> {
    match json.as_bytes().first() {
        Some(b'"') => read::string(path, json).map(drop),
        Some(b'{' | b'[' | b'n') => Err(read::not(
            "a string, a number, true or false, or a list of them",
            path,
            json,
        )),
        _ => Ok(()),
    }
}

fn id(path: &str, json: &str) -> Result<(), Refusal> {
    if json.starts_with('"') {
        return read::string(path, json).map(drop);
    }
    match json.parse::<u64>() {
        Ok(number) if number < 1 << 53 => Ok(()),
        Ok(_) => Err(Refusal::input(
            path,
            "expected ids from 2^53 on as strings: as a number this one may have been rounded",
        )),
        Err(_) => Err(read::not(
            "an id: a string, or a whole number below 2^53",
            path,
            json,
        )),
    }
}

/// `2026-12-31`, or with a time and its zone. Whether the month has so many days is the vendor's to say.
fn is_time(text: &str) -> bool {
    let like = |text: &str, pattern: &str| {
        text.len() == pattern.len()
            && text
                .bytes()
                .zip(pattern.bytes())
                .all(|(byte, expected)| match expected {
                    b'0' => byte.is_ascii_digit(),
                    expected => byte == expected,
                })
    };
    let (Some(day), Some(rest)) = (text.get(..10), text.get(10..)) else {
        return false;
    };
    if !like(day, "0000-00-00") || rest.is_empty() {
        return like(day, "0000-00-00") && rest.is_empty();
    }
    let (Some(clock), Some(rest)) = (rest.get(..9), rest.get(9..)) else {
        return false;
    };
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|digit: char| digit.is_ascii_digit());
            if zone.len() == fraction.len() {
                return false;
            }
            zone
        }
        None => rest,
    };
    like(clock, "T00:00:00") && (rest == "Z" || like(rest, "+00:00") || like(rest, "-00:00"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(entity: Entity, json: &str) -> (String, String) {
        let refusal = leaves(entity, "[3]", json).unwrap_err();
        (refusal.path, refusal.message)
    }

    #[test]
    fn a_record_is_cut_into_leaves_that_keep_their_digits() {
        let json = r#"{"name":"Big \u00e9","amount":12345678901234567.89,"contact":[{"id":7,"primary":true}],"owner":null,"custom_fields":{"a.b[0]":["x",1e3],"*":false},"close_date":"2026-12-31"}"#;
        let leaves = leaves(Entity::Opportunities, "", json).unwrap();
        let shown: Vec<_> = leaves
            .iter()
            .map(|leaf| (leaf.path.as_str(), leaf.field.as_ref(), leaf.json.as_ref()))
            .collect();
        assert_eq!(
            shown,
            [
                ("name", "name", r#""Big \u00e9""#),
                ("amount", "amount", "12345678901234567.89"),
                ("contact[0].id", "contacts[].id", "7"),
                ("contact[0].primary", "contacts[].primary", "true"),
                ("owner", "owner", "null"),
                ("custom_fields.a.b[0]", "custom_fields.*", r#"["x",1e3]"#),
                ("custom_fields.*", "custom_fields.*", "false"),
                ("close_date", "close_date", r#""2026-12-31""#),
            ]
        );
        assert_eq!(leaves[0].text(), "Big é");
        assert_eq!(leaves[5].name(), "a.b[0]");
    }

    #[test]
    fn a_refusal_names_the_field_and_those_that_there_are() {
        use Entity::{Accounts, Contacts, Opportunities};
        for (entity, json, path, words) in [
            (
                Contacts,
                r#"{"firstname":"A"}"#,
                "[3].firstname",
                "`first_name`",
            ),
            (
                Contacts,
                r#"{"email_addresses":[{"email":"a"},{"mail":"b"}]}"#,
                "[3].email_addresses[1].mail",
                "expected one of `id`, `email`, `type`",
            ),
            (
                Contacts,
                r#"{"email_addresses":"a"}"#,
                "[3].email_addresses",
                "a list, got a string",
            ),
            (
                Contacts,
                r#"{"first_name":7}"#,
                "[3].first_name",
                "a string, got a number",
            ),
            (
                Contacts,
                r#"{"contact":[{"id":"1"}]}"#,
                "[3].contact",
                "unknown",
            ),
            (Contacts, r#"{"owner.id":"1"}"#, "[3].owner.id", "unknown"),
            (
                Contacts,
                r#"{"on_ambiguous":"last"}"#,
                "[3].on_ambiguous",
                "`newest`",
            ),
            (
                Contacts,
                r#"{"custom_fields":{"a":{}}}"#,
                "[3].custom_fields.a",
                "got an object",
            ),
            (
                Accounts,
                r#"{"number_of_employees":"many"}"#,
                "[3].number_of_employees",
                "a number",
            ),
            (
                Opportunities,
                r#"{"amount":"1,5"}"#,
                "[3].amount",
                "a number",
            ),
            (
                Opportunities,
                r#"{"close_date":"31.12.2026"}"#,
                "[3].close_date",
                "2026-12-31",
            ),
            (
                Opportunities,
                r#"{"followers":{"ids":["1",true]}}"#,
                "[3].followers.ids[1]",
                "an id",
            ),
            (
                Opportunities,
                r#"{"contacts":[{"primary":1}]}"#,
                "[3].contacts[0].primary",
                "true or false",
            ),
            (
                Opportunities,
                r#"{"stage":{"id":9007199254740993}}"#,
                "[3].stage.id",
                "rounded",
            ),
            (
                Opportunities,
                r#"{"name":"a","name":"b"}"#,
                "[3].name",
                "twice",
            ),
        ] {
            let (found, message) = refused(entity, json);
            assert_eq!(found, path, "{json}: {message}");
            assert!(message.contains(words), "{json}: {message}");
        }
    }

    #[test]
    fn times_have_a_zone() {
        for good in [
            "2026-12-31",
            "2026-12-31T09:30:00Z",
            "2026-12-31T09:30:00.123+02:00",
        ] {
            assert!(is_time(good), "{good}");
        }
        for bad in [
            "2026-12-31T09:30:00",
            "2026-12-31T09:30Z",
            "2026-1-1",
            "",
            "2026-12-31T09:30:00.Z",
            "2026-12-31é",
        ] {
            assert!(!is_time(bad), "{bad}");
        }
    }
}
