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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn a_value_is_one_segment_whatever_it_holds() {
        for (value, path) in [
            ("1", "/a/1/b/2"),
            ("a b/c?d#e&f=g", "/a/a%20b%2Fc%3Fd%23e%26f%3Dg/b/2"),
            ("%2f", "/a/%252f/b/2"),
            ("é~-._", "/a/%C3%A9~-._/b/2"),
            ("a:b@c;d,e+f", "/a/a%3Ab%40c%3Bd%2Ce%2Bf/b/2"),
        ] {
            let mut url = "https://a.example".to_owned();
            let values = [("two", "2"), ("one", value)];
            assert_eq!(push(&mut url, "/a/{one}/b/{two}", &values), Ok(()));
            assert_eq!(url, format!("https://a.example{path}"));
        }
        let mut url = String::new();
        assert_eq!(push(&mut url, "/a", &[]), Ok(()));
        assert_eq!(url, "/a");
    }

    #[test]
    fn a_value_that_could_change_the_path_is_refused_by_its_name() {
        for values in [
            &[("one", ".."), ("two", "2")][..],
            &[("one", ""), ("two", "2")],
            // One that is not given is empty.
            &[("two", "2")],
        ] {
            let refusal = push(&mut String::new(), "/a/{one}/b/{two}", values).err();
            let told = refusal.map(|refusal| (refusal.code, refusal.path));
            assert_eq!(
                told,
                Some((Code::InvalidId, "one".to_owned())),
                "{values:?}"
            );
        }
    }

    #[test]
    fn a_query_is_spelled_in_brackets() {
        let Ok(Value::Object(values)) = serde_json::from_str(
            r#"{ "a": { "b c": 1, "d": null }, "e": [true, "&=", { "f": 1.50 }], "g": "x" }"#,
        ) else {
            unreachable!("an object");
        };
        let mut url = "/a".to_owned();
        push_query(&mut url, "first", "1 2");
        push_query_values(&mut url, "q", &values);
        push_query_values(
            &mut url,
            "",
            &Map::from_iter([("h".to_owned(), Value::from(2))]),
        );
        let expected = [
            "/a?first=1%202",
            "q%5Ba%5D%5Bb%20c%5D=1",
            "q%5Ba%5D%5Bd%5D=",
            "q%5Be%5D%5B%5D=true",
            "q%5Be%5D%5B%5D=%26%3D",
            "q%5Be%5D%5B%5D%5Bf%5D=1.5",
            "q%5Bg%5D=x",
            "h=2",
        ];
        assert_eq!(url, expected.join("&"));
    }
}
