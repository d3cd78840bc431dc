//! A strict reader of bodies: fields that are not expected are refused, as this vendor's validator does.
//!
//! `property X should not exist` is recorded. The other sentences are those that the validation library of the
//! vendor's framework writes by itself; that this vendor leaves them unchanged is likely, not known.

use serde_json::{Map, Value};

use super::refusal::Refusal;

/// What a field may hold.
#[derive(Clone, Copy, Debug)]
pub(super) enum Is {
    Text,
    Number,
    Flag,
    Texts {
        max: usize,
    },
    OneOf(&'static [&'static str]),
    /// Anything at all, null too.
    Any,
}

/// One field of a body.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) is: Is,
}

pub(super) const fn required(name: &'static str, is: Is) -> Field {
    Field {
        name,
        required: true,
        is,
    }
}

pub(super) const fn optional(name: &'static str, is: Is) -> Field {
    Field {
        name,
        required: false,
        is,
    }
}

/// The body as an object of the expected fields. All faults are told at once.
pub(super) fn read(body: Value, fields: &[Field]) -> Result<Map<String, Value>, Refusal> {
    let Value::Object(body) = body else {
        return Err(Refusal::bad("Unexpected body: an object was expected"));
    };
    let mut faults: Vec<String> = body
        .keys()
        .filter(|key| !fields.iter().any(|field| field.name == *key))
        .map(|key| format!("property {key} should not exist"))
        .collect();
    for field in fields {
        match body.get(field.name) {
            None | Some(Value::Null) if !field.required || matches!(field.is, Is::Any) => {}
            given => fault(field, given, &mut faults),
        }
    }
    if faults.is_empty() {
        Ok(body)
    } else {
        Err(Refusal::unprocessable(faults))
    }
}

/// The text of a field that was read; empty where there is none.
pub(super) fn word<'b>(body: &'b Map<String, Value>, name: &str) -> &'b str {
    body.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn fault(field: &Field, given: Option<&Value>, faults: &mut Vec<String>) {
    let name = field.name;
    match (field.is, given) {
        (Is::Text, Some(Value::String(text))) if !text.is_empty() || !field.required => {}
        (Is::Text, Some(Value::String(_))) => faults.push(format!("{name} should not be empty")),
        (Is::Text, None) => {
            faults.push(format!("{name} should not be empty"));
            faults.push(format!("{name} must be a string"));
        }
        (Is::Text, Some(_)) => faults.push(format!("{name} must be a string")),
        (Is::Number, Some(Value::Number(_))) | (Is::Flag, Some(Value::Bool(_))) | (Is::Any, _) => {}
        (Is::Number, _) => faults.push(format!(
            "{name} must be a number conforming to the specified constraints"
        )),
        (Is::Flag, _) => faults.push(format!("{name} must be a boolean value")),
        (Is::Texts { max }, Some(Value::Array(items))) => {
            if !items.iter().all(Value::is_string) {
                faults.push(format!("each value in {name} must be a string"));
            }
            if items.len() > max {
                faults.push(format!("{name} must contain no more than {max} elements"));
            }
        }
        (Is::Texts { .. }, _) => faults.push(format!("{name} must be an array")),
        (Is::OneOf(words), given) => {
            let word = given.and_then(Value::as_str);
            if !word.is_some_and(|word| words.contains(&word)) {
                faults.push(format!(
                    "{name} must be one of the following values: {}",
                    words.join(", ")
                ));
            }
        }
    }
}
