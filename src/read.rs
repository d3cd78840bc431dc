//! Reads a caller's JSON into a typed value, and says exactly which field is wrong.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Error;

use crate::error::Refusal;

/// Reads `text`.
///
/// # Errors
/// `invalid_input` with the field's path and what was expected there.
pub fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Refusal> {
    match serde_json::from_str(text) {
        Ok(Object(value)) => Ok(value),
        Err(error) => Err(explain(text, &error)),
    }
}

/// A struct read from an object alone: left to itself, serde reads one from a list of its fields' values too.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MapOnly<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for MapOnly<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map))
            }
        }

        deserializer.deserialize_map(MapOnly(PhantomData)).map(Self)
    }
}

/// One such struct, for `deserialize_with`.
pub(crate) fn object<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Object::deserialize(deserializer).map(|Object(value)| value)
}

/// A list of such structs, for `deserialize_with`.
pub(crate) fn objects<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let objects = Vec::<Object<T>>::deserialize(deserializer)?;
    Ok(objects.into_iter().map(|Object(value)| value).collect())
}

/// The parser tells line and column: the path is found by walking the text to there. Only bad input pays for it, and no
/// code is made for each type.
fn explain(text: &str, error: &Error) -> Refusal {
    let sentence = without_position(&error.to_string());
    let path = path_of(
        text.as_bytes(),
        offset(text, error.line(), error.column()),
        &sentence,
    );
    if error.is_syntax() || error.is_eof() {
        return Refusal::input(path, format!("expected well-formed JSON: {error}"));
    }
    // serde names a missing or unknown field in its sentence; here it becomes the end of the path.
    let quoted = |prefix: &str| sentence.strip_prefix(prefix)?.split_once('`');
    if let Some((name, _)) = quoted("missing field `") {
        return Refusal::input(join(&path, name), "expected this required field, got none");
    }
    if let Some((name, rest)) = quoted("unknown field `") {
        let known = rest.trim_start_matches(", expected ");
        return Refusal::input(
            ending(path, name),
            format!("unknown field; expected {known}"),
        );
    }
    if let Some((name, _)) = quoted("duplicate field `") {
        return Refusal::input(ending(path, name), "expected this field once, got it twice");
    }
    Refusal::input(path, sentence)
}

/// How many bytes the parser had taken when it stopped.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    before + column
}

/// The path of the value that a sentence is about, given where the parser stopped.
fn path_of(text: &[u8], offset: usize, sentence: &str) -> String {
    let before = offset.saturating_sub(1);
    // A list where none was expected is at fault itself, not its first item.
    if sentence.starts_with("invalid type: sequence")
        && text.get(before) == Some(&b'[')
        && text.get(offset) != Some(&b'[')
    {
        return path_at(text, before);
    }
    let path = path_at(text, offset);
    // A check that follows the reading of a value is placed at the end of the whole object where its field is the last.
    if path.is_empty() && text.get(before) == Some(&b'}') && !sentence.starts_with("missing field")
    {
        return path_at(text, before);
    }
    path
}

/// The path of the value that stands at (or ends just before) an offset, as in `associations.contacts[3].id`.
fn path_at(text: &[u8], offset: usize) -> String {
    let mut holders: Vec<Holder> = Vec::new();
    let mut bytes = text.iter().take(offset).copied().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'{' => holders.push(Holder::Object(String::new())),
            b'[' => holders.push(Holder::List(0)),
            b'}' | b']' => {
                holders.pop();
            }
            b',' => match holders.last_mut() {
                Some(Holder::List(place)) => *place += 1,
                Some(Holder::Object(key)) => key.clear(),
                None => {}
            },
            b'"' => {
                let mut end = at + 1;
                while let Some((next, byte)) = bytes.next() {
                    end = next;
                    match byte {
                        b'\\' => drop(bytes.next()),
                        b'"' => break,
                        _ => {}
                    }
                }
                // The first text after `{` or `,` is a key; one that follows it is its value.
                if let Some(Holder::Object(key)) = holders.last_mut()
                    && key.is_empty()
                {
                    let name = text.get(at + 1..end).unwrap_or_default();
                    *key = String::from_utf8_lossy(name).into_owned();
                }
            }
            _ => {}
        }
    }
    let mut path = String::new();
    for holder in holders {
        match holder {
            Holder::Object(key) if key.is_empty() => {}
            Holder::Object(key) => path = join(&path, &key),
            Holder::List(place) => path.push_str(&format!("[{place}]")),
        }
    }
    path
}

enum Holder {
    Object(String),
    List(usize),
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// The path with `name` at its end, where the walk has not come upon it already.
fn ending(path: String, name: &str) -> String {
    match path.rsplit('.').next() {
        Some(last) if last == name => path,
        _ => join(&path, name),
    }
}

/// The path says where; line and column in a text that the caller may never have seen only confuse.
fn without_position(sentence: &str) -> String {
    match sentence.rsplit_once(" at line ") {
        Some((before, _)) => before.to_owned(),
        None => sentence.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unified::association::Association;
    use crate::vendors::leadconnector::opportunities::upsert::Upsert;

    #[test]
    fn the_path_leads_to_the_field_at_fault() {
        let cases = [
            (r#"{"entity":"deals"}"#, "entity"),
            (r#"{"entity":"contacts","entity_id":"1"}"#, "associations"),
            (
                r#"{"entity":"contacts","entity_id":true,"associations":{}}"#,
                "entity_id",
            ),
            (
                r#"{"entity":"contacts","entity_id":"1","associations":{"deals":[]}}"#,
                "associations.deals",
            ),
            (
                "{\"entity\":\"contacts\",\n\"entity_id\":\"1\",\n\"associations\":{\"leads\":[{\"id\":\"1\"},{}]}}",
                "associations.leads[1].id",
            ),
            (
                r#"{"entity":"contacts","entity_id":"1","associations":{"leads":[{"id":"a,]}\""},{"id":[]}]}}"#,
                "associations.leads[1].id",
            ),
            (
                r#"{"entity":"contacts","entity_id":"1","associations":{"leads":[{"id":"1","x":2}]}}"#,
                "associations.leads[0].x",
            ),
            (
                r#"{"entity":"contacts","entity_id":"1","associations":{"leads":[{"id":"\ud800"}]}}"#,
                "associations.leads[0].id",
            ),
            (r#"{"entity":"contacts","entity":"contacts"}"#, "entity"),
            (r#"["contacts","1",{}]"#, ""),
            (
                r#"{"entity":"contacts","associations":{},"entity_id":["1"]}"#,
                "entity_id",
            ),
            (
                r#"{"entity":"contacts","entity_id":"1","associations":{"leads":[["1"]]}}"#,
                "associations.leads[0]",
            ),
        ];
        for (text, path) in cases {
            let refusal = read::<Association<'_>>(text).unwrap_err();
            assert_eq!(refusal.path, path, "{text}: {refusal}");
        }
    }

    #[test]
    fn a_field_whose_check_follows_its_reading_is_named_wherever_it_stands() {
        for bad in [
            r#""NaN""#,
            "true",
            r#"{}"#,
            r#"{"amount":"x"}"#,
            r#"{"amount":"1","currency":"EUR"}"#,
        ] {
            for text in [
                format!(r#"{{"pipelineId":"p","locationId":"l","monetaryValue":{bad}}}"#),
                format!(r#"{{"pipelineId":"p","locationId":"l","monetaryValue":{bad} }}"#),
                format!(r#"{{"pipelineId":"p","monetaryValue":{bad},"locationId":"l"}}"#),
            ] {
                let refusal = read::<Upsert<'_>>(&text).unwrap_err();
                assert_eq!(refusal.path, "monetaryValue", "{text}: {refusal}");
            }
        }
    }
}
