//! URL paths and queries. Nothing else in crmlink makes one.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use crate::error::Refusal;
use crate::id;

/// All but the unreserved characters of RFC 3986.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Appends the path of `template` to `url`, each `{name}` replaced by its value: checked, then percent-encoded.
///
/// # Errors
/// `invalid_id` with the parameter's name, when a value could change the path (see [`crate::id`]).
pub fn push(url: &mut String, template: &str, values: &[(&str, &str)]) -> Result<(), Refusal> {
    let mut rest = template;
    while let Some((before, from_name)) = rest.split_once('{') {
        url.push_str(before);
        let (name, after) = from_name.split_once('}').unwrap_or((from_name, ""));
        let value = values
            .iter()
            .find(|(known, _)| *known == name)
            .map_or("", |(_, value)| *value);
        if let Some(fault) = id::fault(value) {
            return Err(Refusal::id(name, fault));
        }
        url.extend(utf8_percent_encode(value, ENCODED));
        rest = after;
    }
    url.push_str(rest);
    Ok(())
}

/// Appends `name=value` to the query of `url`, both percent-encoded (a space as `%20`).
pub fn push_query(url: &mut String, name: &str, value: &str) {
    url.push(if url.contains('?') { '&' } else { '?' });
    url.extend(utf8_percent_encode(name, ENCODED));
    url.push('=');
    url.extend(utf8_percent_encode(value, ENCODED));
}

/// Writes the body of a form (`application/x-www-form-urlencoded`), names and values percent-encoded (a space as `%20`).
#[must_use]
pub fn form(values: &[(&str, &str)]) -> String {
    let mut body = String::with_capacity(256);
    for (name, value) in values {
        if !body.is_empty() {
            body.push('&');
        }
        body.extend(utf8_percent_encode(name, ENCODED));
        body.push('=');
        body.extend(utf8_percent_encode(value, ENCODED));
    }
    body
}

/// Appends an object to the query of `url` in bracket spelling: `{"a": {"b": 1}}` under `q` becomes `q[a][b]=1`, a list
/// `q[]=…`. An empty `name` stands for the query itself.
pub fn push_query_values(url: &mut String, name: &str, values: &Map<String, Value>) {
    for (key, value) in values {
        let name = if name.is_empty() {
            key.clone()
        } else {
            format!("{name}[{key}]")
        };
        push_query_value(url, &name, value);
    }
}

fn push_query_value(url: &mut String, name: &str, value: &Value) {
    match value {
        Value::Object(values) => push_query_values(url, name, values),
        Value::Array(values) => {
            let name = format!("{name}[]");
            for value in values {
                push_query_value(url, &name, value);
            }
        }
        Value::String(text) => push_query(url, name, text),
        Value::Null => push_query(url, name, ""),
        other => push_query(url, name, &serde_json::to_string(other).unwrap_or_default()),
    }
}
