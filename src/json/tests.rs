//! Held against serde_json, which reads the same language.

use proptest::prelude::*;
use serde_json::value::RawValue;

use super::*;

/// Texts that are JSON, and some that nearly are.
fn texts() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("false".to_owned()),
        any::<i64>().prop_map(|number| number.to_string()),
        any::<u64>().prop_map(|number| number.to_string()),
        "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?",
        "\"([^\"\\\\\\x00-\\x1f]|\\\\[\"\\\\/bfnrt]|\\\\u[0-9a-fA-F]{4}|\\\\ud8[0-9]{2}\\\\udc[0-9]{2}){0,9}\"",
        "[-+.eE0-9tfn\"\\\\ ]{1,4}",
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec((" ?", inner.clone()), 0..5).prop_map(|items| {
                let items: Vec<_> = items
                    .iter()
                    .map(|(space, item)| format!("{space}{item}{space}"))
                    .collect();
                format!("[{}]", items.join(","))
            }),
            prop::collection::vec(("[a-c\\n]?(\\\\u0041|\\\\n)?", "[ \\n]?", inner), 0..5)
                .prop_map(|fields| {
                    let fields: Vec<_> = fields
                        .iter()
                        .map(|(name, space, value)| {
                            format!("{space}\"{name}\"{space}:{space}{value}")
                        })
                        .collect();
                    format!("{{{}}}", fields.join(","))
                }),
        ]
    })
}

/// A text that breaks off, or with something else in its place.
fn broken() -> impl Strategy<Value = String> {
    (
        texts(),
        any::<prop::sample::Index>(),
        "[\\]\\[{}\",:0x \\\\]?",
    )
        .prop_map(|(text, place, other)| {
            let places: Vec<_> = text
                .char_indices()
                .map(|(at, _)| at)
                .chain([text.len()])
                .collect();
            let at = *place.get(&places);
            let rest = text[at..]
                .chars()
                .next()
                .map_or("", |gone| &text[at + gone.len_utf8()..]);
            format!(
                "{}{other}{}",
                &text[..at],
                if other.is_empty() { "" } else { rest }
            )
        })
}

fn agrees(text: &str) {
    let theirs = serde_json::from_str::<Value>(text);
    match (value(text), theirs) {
        (Ok(ours), Ok(theirs)) => {
            assert!(is_near(&ours, &theirs), "{text}: {ours} is not {theirs}")
        }
        // Where there are two faults, either may be told.
        (Err(_), Err(error)) if is_half_a_pair(&error) => {}
        (Err(fault), Err(error)) => {
            assert_eq!(fault.is_end(), error.is_eof(), "{text}: {fault}, {error}")
        }
        (ours, theirs) => panic!("{text}: {ours:?}, {theirs:?}"),
    }
    let theirs = serde_json::from_str::<&RawValue>(text);
    let ours = whole(text, Reader::skip);
    assert_eq!(ours.ok(), theirs.ok().map(RawValue::get), "{text}");
}

fn is_half_a_pair(error: &serde_json::Error) -> bool {
    let text = error.to_string();
    text.contains("surrogate") || text.contains("hex escape")
}

/// Equal, but for the last places of floats with more digits than they hold.
fn is_near(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Array(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len()
                && ours
                    .iter()
                    .zip(theirs)
                    .all(|(ours, theirs)| is_near(ours, theirs))
        }
        (Value::Object(ours), Value::Object(theirs)) => {
            ours.keys().eq(theirs.keys())
                && ours
                    .values()
                    .zip(theirs.values())
                    .all(|(ours, theirs)| is_near(ours, theirs))
        }
        (Value::Number(ours), Value::Number(theirs)) if ours.is_f64() && theirs.is_f64() => {
            let (ours, theirs) = (ours.as_f64().unwrap(), theirs.as_f64().unwrap());
            ours == theirs || ((ours - theirs) / theirs).abs() < 1e-14
        }
        _ => ours == theirs,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_text_is_read_as_by_serde_json(text in texts()) {
        agrees(&text);
    }

    #[test]
    fn a_broken_text_is_refused_as_by_serde_json(text in broken()) {
        agrees(&text);
    }

    #[test]
    fn what_is_cut_is_what_was_joined(names in prop::collection::vec("[a-z\"\\n]{0,4}", 0..6), item in texts()) {
        let item = serde_json::from_str::<&RawValue>(&item).map_or("null", RawValue::get);
        let list = format!("[{}]", vec![format!(" {item} "); names.len()].join(","));
        prop_assert_eq!(items(&list).unwrap(), Some(vec![item; names.len()]));
        let joined: Vec<_> = names.iter().map(|name| format!("{} :{item}\n", Value::from(name.as_str()))).collect();
        let object = format!("{{{}}}", joined.join(","));
        let cut = fields(&object).unwrap().unwrap();
        prop_assert!(cut.iter().map(|(name, _)| name.as_ref()).eq(names.iter().map(String::as_str)));
        prop_assert!(cut.iter().all(|(_, value)| *value == item));
    }
}

#[test]
fn numbers_of_everyday_are_exact() {
    for text in [
        "0",
        "-0",
        "-0.0",
        "1.5",
        "1250.50",
        "0.1",
        "123456.789",
        "1e22",
        "1.25e-9",
        "9007199254740993",
        "-9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "0.30000000000000004",
        "99999999999999.99",
    ] {
        assert_eq!(
            value(text).unwrap(),
            serde_json::from_str::<Value>(text).unwrap(),
            "{text}"
        );
        assert_eq!(
            value(text).unwrap().to_string(),
            serde_json::from_str::<Value>(text).unwrap().to_string(),
            "{text}"
        );
    }
}

#[test]
fn a_number_that_no_float_holds_is_refused() {
    for text in ["1e999", "-1e99999999999", "1e400"] {
        agrees(text);
        assert_eq!(value(text).unwrap_err().sentence(), "a number out of range");
    }
    for text in ["0e999", "1e-999", "1e-99999999999", "0.0e-99999999999"] {
        agrees(text);
    }
}

#[test]
fn a_deep_text_is_refused_where_it_is_parsed_and_passed_over_where_not() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(value(&nested(127)).is_ok());
    assert_eq!(
        value(&nested(128)).unwrap_err().sentence(),
        "it is nested too deep"
    );
    agrees(&nested(127));
    agrees(&nested(128));
    assert!(items(&nested(100_000)).is_ok());
}

#[test]
fn a_fault_says_where_it_stands() {
    let fault = value("{\"a\": 1,\n \"b\": nope}").unwrap_err();
    assert_eq!(
        fault.to_string(),
        "a character that cannot stand there at line 2 column 6"
    );
}

#[test]
fn a_raw_value_is_written_as_it_was_read() {
    let text = " {\"amount\": 12.50, \"amount\": [1e2 ]}\n";
    let raw = Raw::new(text.to_owned()).unwrap();
    assert_eq!(raw.get(), text.trim());
    assert_eq!(
        serde_json::to_string(&[&raw]).unwrap(),
        format!("[{}]", text.trim())
    );
    assert_eq!(
        Raw::list(&[raw.clone(), raw.clone()]).get(),
        format!("[{0},{0}]", text.trim())
    );
    for text in ["", "{} {}", "{\"a\"", "nope"] {
        assert_eq!(Raw::new(text.to_owned()), None);
    }
}
