//! JSON as text: checked and joined without becoming a value on the way.

use crmlink::error::Code;
use serde::de::IgnoredAny;

use crate::fault::Fault;

/// What a body may be.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Shape {
    /// A JSON object.
    Object,
    /// A JSON object, or a list.
    ObjectOrList,
}

/// Refuses what is no JSON of this shape: 400.
pub(crate) fn check(text: &str, shape: Shape) -> Result<(), Fault> {
    let fault = |message: String| Fault::http(400, Code::InvalidInput, message);
    serde_json::from_str::<IgnoredAny>(text)
        .map_err(|error| fault(format!("expected well-formed JSON: {error}")))?;
    match (text.trim_start().as_bytes().first(), shape) {
        (Some(b'{'), _) | (Some(b'['), Shape::ObjectOrList) => Ok(()),
        (_, Shape::Object) => Err(fault("expected a JSON object".to_owned())),
        (_, Shape::ObjectOrList) => Err(fault("expected a JSON object or a list".to_owned())),
    }
}

/// One object with the fields of all; an empty text counts as one without fields. Who reads it refuses a field that
/// stands in it twice.
pub(crate) fn join(objects: &[&str]) -> String {
    let mut joined = String::with_capacity(objects.iter().map(|text| text.len() + 1).sum());
    for object in objects {
        let object = object.trim();
        let fields = object
            .strip_prefix('{')
            .and_then(|object| object.strip_suffix('}'))
            .map_or("", str::trim);
        if !fields.is_empty() {
            joined.push(if joined.is_empty() { '{' } else { ',' });
            joined.push_str(fields);
        }
    }
    joined.push_str(if joined.is_empty() { "{}" } else { "}" });
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_joined_as_they_stand() {
        assert_eq!(join(&[]), "{}");
        assert_eq!(join(&["", " {} ", "{ }"]), "{}");
        assert_eq!(
            join(&[r#"{"a":"}"}"#, "", "\n{ \"b\" : 1 }\n"]),
            r#"{"a":"}","b" : 1}"#
        );
    }

    #[test]
    fn only_objects_pass() {
        assert!(check(r#" {"a":[1,{"b":null}]} "#, Shape::Object).is_ok());
        assert!(check(" [{}]", Shape::ObjectOrList).is_ok());
        for text in ["[]", "1", "null", "{", "{}{}", r#"{"a":}"#, "\u{feff}{}"] {
            let fault = check(text, Shape::Object).err().unwrap();
            assert_eq!(fault.status, Some(400), "{text}");
        }
    }
}
