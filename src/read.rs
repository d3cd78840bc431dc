//! Reads a caller's JSON into a typed value, and says exactly which field is wrong.

use serde::Deserialize;

use crate::error::Refusal;

/// Reads `text`. The first, fast pass knows no paths; only bad input pays for the second one that finds the field.
///
/// # Errors
/// `invalid_input` with the field's path and what was expected there.
pub fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Refusal> {
    serde_json::from_str(text).map_err(|_| locate::<T>(text))
}

fn locate<'a, T: Deserialize<'a>>(text: &'a str) -> Refusal {
    let mut json = serde_json::Deserializer::from_str(text);
    let Err(error) = serde_path_to_error::deserialize::<_, T>(&mut json) else {
        return Refusal::input("", "expected one JSON value, got more text behind it");
    };
    let path = match error.path().to_string() {
        path if path == "." => String::new(),
        path => path,
    };
    let error = error.into_inner();
    if error.is_syntax() || error.is_eof() {
        return Refusal::input(path, format!("expected well-formed JSON: {error}"));
    }
    explain(path, &without_position(&error.to_string()))
}

/// serde names a missing or unknown field in its sentence; here it becomes the end of the path.
fn explain(path: String, sentence: &str) -> Refusal {
    let quoted = |prefix: &str| {
        let (name, rest) = sentence.strip_prefix(prefix)?.split_once('`')?;
        Some((name.to_owned(), rest.to_owned()))
    };
    if let Some((name, _)) = quoted("missing field `") {
        return Refusal::input(join(&path, &name), "expected this required field, got none");
    }
    if let Some((name, rest)) = quoted("unknown field `") {
        let known = rest.trim_start_matches(", expected ").to_owned();
        let path = if path.ends_with(&name) {
            path
        } else {
            join(&path, &name)
        };
        return Refusal::input(path, format!("unknown field; expected {known}"));
    }
    if let Some((name, _)) = quoted("duplicate field `") {
        let path = if path.ends_with(&name) {
            path
        } else {
            join(&path, &name)
        };
        return Refusal::input(path, "expected this field once, got it twice");
    }
    Refusal::input(path, sentence)
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// The path says where; line and column in a text that the caller may never have seen only confuse.
fn without_position(sentence: &str) -> String {
    match sentence.rsplit_once(" at line ") {
        Some((before, _)) => before.to_owned(),
        None => sentence.to_owned(),
    }
}
