//! A receipt as text, in the format and with the fields that a caller asked for.

use crate::endpoint::json;
use crate::json::Raw;
use crate::unified::query::{Format, Query};

/// A field of a receipt, its value as JSON text.
pub(in crate::unified) struct Part<'r> {
    pub(in crate::unified) name: &'static str,
    pub(in crate::unified) value: std::borrow::Cow<'r, str>,
}

impl<'r> Part<'r> {
    pub(in crate::unified) fn new(name: &'static str, value: &impl serde::Serialize) -> Self {
        Self {
            name,
            value: json(value).into(),
        }
    }

    /// The vendor's answers, where there are some.
    pub(in crate::unified) fn remote(data: Option<&'r Raw>) -> Option<Self> {
        Some(Self {
            name: REMOTE,
            value: data?.get().into(),
        })
    }
}

const REMOTE: &str = "remote_data";

/// Writes the parts that the query asks for.
pub(in crate::unified) fn show(query: &Query, mut parts: Vec<Part<'_>>) -> String {
    let format = query.format.unwrap_or_default();
    let normalized = format == Format::Normalized;
    if format == Format::Raw {
        let remote = parts.into_iter().find(|part| part.name == REMOTE);
        return remote.map_or_else(|| "null".to_owned(), |part| part.value.into_owned());
    }
    let no_remote = !query.shows_remote_data();
    parts.retain(|part| {
        let excluded = query.exclude_fields.iter().any(|name| name == part.name);
        let empty = normalized && matches!(part.value.as_ref(), "[]" | "{}" | "null" | "\"\"");
        !(excluded || empty || no_remote && part.name == REMOTE)
    });
    write(&parts)
}

/// Writes parts as one object.
pub(super) fn write(parts: &[Part<'_>]) -> String {
    let length = parts
        .iter()
        .map(|part| part.name.len() + part.value.len() + 4);
    let mut text = String::with_capacity(length.sum::<usize>() + 2);
    for part in parts {
        text.push(if text.is_empty() { '{' } else { ',' });
        text.push('"');
        text.push_str(part.name);
        text.push_str("\":");
        text.push_str(&part.value);
    }
    text.push_str(if text.is_empty() { "{}" } else { "}" });
    text
}
