//! Reads JSON text by serde_json: into values, or cut into its parts with none of them parsed.
//!
//! The rest of the core reads JSON by these few functions alone, so that serde's machinery is compiled once and not for each
//! type that is read.

use std::borrow::Cow;
use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// One JSON value as its text, which is passed on as it is.
#[derive(Clone, Debug)]
pub struct Raw(Box<RawValue>);

impl Raw {
    /// The one value of a text, without the white space around it; `None` where that is not what it is.
    #[must_use]
    pub fn new(text: String) -> Option<Self> {
        RawValue::from_string(text).ok().map(Self)
    }

    /// A list of values.
    #[must_use]
    pub(crate) fn list(values: &[Self]) -> Option<Self> {
        serde_json::value::to_raw_value(values).ok().map(Self)
    }

    /// The text.
    #[must_use]
    pub fn get(&self) -> &str {
        self.0.get()
    }
}

impl Serialize for Raw {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// What is wrong with a text, and where.
#[derive(Debug)]
pub(crate) struct Fault(serde_json::Error);

impl Fault {
    /// Whether the text breaks off: with more of it, it may have been good.
    pub(crate) fn is_end(&self) -> bool {
        self.0.is_eof()
    }

    /// The fault alone, without its place.
    pub(crate) fn sentence(&self) -> String {
        let sentence = self.0.to_string();
        sentence
            .split(" at line ")
            .next()
            .unwrap_or_default()
            .to_owned()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Parses a text whole.
pub(crate) fn value(text: &str) -> Result<Value, Fault> {
    serde_json::from_str(text).map_err(Fault)
}

/// Whether a text says a name twice in one object, of which `value` kept the last. `value` is what the text was parsed into.
pub(crate) fn says_twice(text: &str, value: &Value) -> bool {
    let mut colons = 0;
    let mut quoted = false;
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => quoted = !quoted,
            b'\\' => drop(bytes.next()),
            b':' if !quoted => colons += 1,
            _ => {}
        }
    }
    colons != members(value)
}

/// How many members the objects in a value have.
fn members(value: &Value) -> usize {
    match value {
        Value::Object(fields) => fields.len() + fields.values().map(members).sum::<usize>(),
        Value::Array(items) => items.iter().map(members).sum(),
        _ => 0,
    }
}

/// A field: its name, and the text of its value.
pub(crate) type Field<'t> = (Cow<'t, str>, &'t str);

/// Cuts a text into the fields of an object, in order; `None` when it is well-formed and no object.
pub(crate) fn fields(text: &str) -> Result<Option<Vec<Field<'_>>>, Fault> {
    cut(serde_json::from_str(text).map(|Object(fields)| fields))
}

/// Cuts a text into the items of a list; `None` when it is well-formed and no list.
pub(crate) fn items(text: &str) -> Result<Option<Vec<&str>>, Fault> {
    cut(serde_json::from_str(text).map(|Items(items)| items))
}

/// The same JSON without the fields that `drops` names; it is asked with the name of the field in which the object
/// stands (empty for the outermost one), and with that of the field. Numbers keep their digits. What stands deeper than
/// anything of ours is `null`; a text that is no JSON is an empty one.
pub fn without(text: &str, drops: &dyn Fn(&str, &str) -> bool) -> String {
    let mut kept = String::with_capacity(text.len());
    match copy(text.trim(), ("", 0), drops, &mut kept) {
        Some(()) => kept,
        None => String::new(),
    }
}

fn copy(
    text: &str,
    (within, depth): (&str, usize),
    drops: &dyn Fn(&str, &str) -> bool,
    kept: &mut String,
) -> Option<()> {
    const DEEPEST: usize = 64;
    let start = kept.len();
    match text.as_bytes().first() {
        Some(b'{' | b'[') if depth == DEEPEST => kept.push_str("null"),
        Some(b'{') => {
            for (name, value) in fields(text).ok()?? {
                if drops(within, &name) {
                    continue;
                }
                kept.push(if kept.len() == start { '{' } else { ',' });
                kept.push_str(&serde_json::to_string(&name).ok()?);
                kept.push(':');
                copy(value, (&name, depth + 1), drops, kept)?;
            }
            kept.push_str(if kept.len() == start { "{}" } else { "}" });
        }
        Some(b'[') => {
            for item in items(text).ok()?? {
                kept.push(if kept.len() == start { '[' } else { ',' });
                copy(item, (within, depth + 1), drops, kept)?;
            }
            kept.push_str(if kept.len() == start { "[]" } else { "]" });
        }
        // What stands inside was read when it was cut.
        _ if depth > 0 || value(text).is_ok() => kept.push_str(text),
        _ => return None,
    }
    Some(())
}

/// The text that a JSON string stands for.
pub(crate) fn string(text: &str) -> Result<Cow<'_, str>, Fault> {
    // A text without a backslash is what stands between its quotes.
    match text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    {
        Some(plain) if !plain.contains(['\\', '"']) => Ok(Cow::Borrowed(plain)),
        _ => serde_json::from_str(text).map(Cow::Owned).map_err(Fault),
    }
}

fn cut<T>(parts: Result<T, serde_json::Error>) -> Result<Option<T>, Fault> {
    match parts {
        Ok(parts) => Ok(Some(parts)),
        // Well-formed as far as it was read, and of another type.
        Err(error) if error.is_data() => Ok(None),
        Err(error) => Err(Fault(error)),
    }
}

/// An object's fields, their values unparsed.
struct Object<'t>(Vec<Field<'t>>);

/// A list's items, unparsed.
struct Items<'t>(Vec<&'t str>);

/// Borrows a name where it has no escapes.
struct Name<'t>(Cow<'t, str>);

impl<'de: 't, 't> Deserialize<'de> for Object<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Map;

        impl<'de> Visitor<'de> for Map {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut fields = Vec::new();
                while let Some((Name(name), value)) = map.next_entry::<_, &RawValue>()? {
                    fields.push((name, value.get()));
                }
                Ok(Object(fields))
            }
        }

        deserializer.deserialize_map(Map)
    }
}

impl<'de: 't, 't> Deserialize<'de> for Items<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;

        impl<'de> Visitor<'de> for List {
            type Value = Items<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Items<'de>, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element::<&RawValue>()? {
                    items.push(item.get());
                }
                Ok(Items(items))
            }
        }

        deserializer.deserialize_seq(List)
    }
}

impl<'de: 't, 't> Deserialize<'de> for Name<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl<'de> Visitor<'de> for Text {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }

        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropped_fields_are_gone_and_the_rest_is_as_it_was() {
        let drops = |within: &str, name: &str| name == "raw" || (within, name) == ("record", "b");
        for (text, kept) in [
            (
                r#" {"a":1.50,"raw":{"x":[1]},"b":[ ]} "#,
                r#"{"a":1.50,"b":[]}"#,
            ),
            (r#"{"raw":1}"#, "{}"),
            (r#"{"r\u0061w":1,"é\n":"\u00e9"}"#, r#"{"é\n":"\u00e9"}"#),
            (
                r#"[{"record":{"a":12345678901234567890,"b":2}},[[{"raw":0}]],{}]"#,
                r#"[{"record":{"a":12345678901234567890}},[[{}]],{}]"#,
            ),
            ("null", "null"),
            ("{", ""),
            ("", ""),
            ("<html>raw</html>", ""),
            ("1 2", ""),
        ] {
            assert_eq!(without(text, &drops), kept, "{text}");
        }
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(
            without(&deep, &drops),
            format!("{}null{}", "[".repeat(64), "]".repeat(64))
        );
    }
}
