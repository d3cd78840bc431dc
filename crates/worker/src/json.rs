//! JSON as text: checked and joined without becoming a value on the way.

use crmlink::error::Code;
use serde::de::IgnoredAny;

use crate::fault::Fault;

/// Refuses what is no JSON object: 400.
pub(crate) fn check(text: &str) -> Result<(), Fault> {
    check_any(text)?;
    if text.trim_start().starts_with('{') {
        Ok(())
    } else {
        Err(Fault::http(
            400,
            Code::InvalidInput,
            "expected a JSON object",
        ))
    }
}

/// Refuses what is no JSON: 400.
pub(crate) fn check_any(text: &str) -> Result<(), Fault> {
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| {
        let message = format!("expected well-formed JSON: {error}");
        Fault::http(400, Code::InvalidInput, message)
    })?;
    Ok(())
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
        assert!(check(r#" {"a":[1,{"b":null}]} "#).is_ok());
        for text in ["[]", "1", "null", "{", "{}{}", r#"{"a":}"#, "\u{feff}{}"] {
            let fault = check(text).err().unwrap();
            assert_eq!(fault.status, Some(400), "{text}");
        }
    }
}
