//! Record ids: checked, never repaired.
//!
//! Percent-encoding does not stop `..` (a URL parser resolves `%2e%2e` too), so an id that could change a path is refused.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::percent_decode_str;
use serde::Serialize;

/// The longest id that is accepted, in bytes. No vendor's ids come near it.
pub const LONGEST: usize = 512;

/// The id of a record, or another name that goes into a path. A string from end to end.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(type = "string"))]
pub struct Id<'a>(Cow<'a, str>);

impl<'a> Id<'a> {
    /// Wraps a text; [`Id::fault`] says whether it can be used.
    pub fn new(id: impl Into<Cow<'a, str>>) -> Self {
        Self(id.into())
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is wrong with the id, as a sentence; `None` for a good one.
    #[must_use]
    pub fn fault(&self) -> Option<&'static str> {
        fault(&self.0)
    }

    /// Appends the id as a JSON string, if it is a good one.
    pub(crate) fn push_json(&self, text: &mut String) -> bool {
        if is_plain(&self.0) {
            text.push('"');
            text.push_str(&self.0);
            text.push('"');
            return true;
        }
        let good = self.fault().is_none();
        if good {
            text.push_str(&serde_json::to_string(self).unwrap_or_default());
        }
        good
    }

    /// The same id, owning its text.
    #[must_use]
    pub fn into_owned(self) -> Id<'static> {
        Id(Cow::Owned(self.0.into_owned()))
    }
}

/// What is wrong with a text that is to be an id, as a sentence; `None` for a good one.
#[must_use]
pub fn fault(id: &str) -> Option<&'static str> {
    if is_plain(id) {
        return None;
    }
    if id.is_empty() {
        return Some("expected an id, got an empty string");
    }
    if id.len() > LONGEST {
        return Some("expected an id of at most 512 bytes");
    }
    if id.starts_with(char::is_whitespace) || id.ends_with(char::is_whitespace) {
        return Some("expected an id without white space at its ends");
    }
    // A server may decode more than once: the id must be harmless at each depth.
    let mut decoded = id.to_owned();
    loop {
        if decoded.contains(char::REPLACEMENT_CHARACTER) {
            return Some("expected well-formed Unicode: the id was damaged on its way");
        }
        if decoded.contains(char::is_control) {
            return Some("expected an id without control characters (line ends and NUL included)");
        }
        if decoded
            .split(['/', '\\'])
            .any(|part| matches!(part, "." | ".."))
        {
            return Some("expected an id, got a relative path (`.` or `..`, in whatever encoding)");
        }
        let deeper = percent_decode_str(&decoded)
            .decode_utf8_lossy()
            .into_owned();
        if deeper == decoded {
            return None;
        }
        decoded = deeper;
    }
}

/// What nearly all ids are made of needs no further look: ASCII letters, digits, `-` and `_`.
fn is_plain(id: &str) -> bool {
    if id.is_empty() || id.len() > LONGEST {
        return false;
    }
    for byte in id.as_bytes() {
        if !matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'_') {
            return false;
        }
    }
    true
}

impl fmt::Display for Id<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Id<'_> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<'a> From<&'a str> for Id<'a> {
    fn from(id: &'a str) -> Self {
        Self::new(id)
    }
}

impl From<String> for Id<'static> {
    fn from(id: String) -> Self {
        Self::new(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_id_is_passed_on_as_it_is() {
        let longest = "x".repeat(LONGEST);
        let longest_with_a_dot = format!("{}.", "x".repeat(LONGEST - 1));
        for id in [
            "1",
            "003Hn00001ABCdeIAH",
            "a-b_C",
            "a b",
            "é",
            "...",
            "a.b",
            "a/b",
            "%",
            "%zz",
            "%41",
            "\u{202e}1",
            &longest,
            &longest_with_a_dot,
        ] {
            assert_eq!(fault(id), None, "{id}");
            let wrapped = Id::from(id);
            assert_eq!(wrapped.fault(), None, "{id}");
            assert_eq!((wrapped.as_str(), wrapped.as_ref()), (id, id));
            assert_eq!(wrapped.to_string(), id);
            assert_eq!(wrapped.clone().into_owned(), wrapped);
            assert_eq!(Id::from(id.to_owned()), wrapped);
            let mut text = String::from("[");
            assert!(wrapped.push_json(&mut text));
            assert_eq!(text.get(1..), serde_json::to_string(id).ok().as_deref());
        }
    }

    #[test]
    fn a_bad_id_is_refused_for_what_is_wrong_with_it() {
        let longer = "x".repeat(LONGEST + 1);
        for (id, word) in [
            ("", "empty"),
            (longer.as_str(), "512 bytes"),
            (" 1", "white space"),
            ("1 ", "white space"),
            ("\u{a0}1", "white space"),
            ("1\n", "white space"),
            ("a\u{fffd}", "Unicode"),
            ("%ff", "Unicode"),
            ("%ed%a0%80", "Unicode"),
            ("a\0b", "control"),
            ("a\r\nb", "control"),
            ("%0d%0a", "control"),
            ("%250a", "control"),
            ("\u{85}1\u{85}1", "white space"),
            ("1\u{9f}1", "control"),
            (".", "relative path"),
            ("..", "relative path"),
            ("a/..", "relative path"),
            ("a\\..\\b", "relative path"),
            ("./a", "relative path"),
            ("%2e%2E", "relative path"),
            (".%2e", "relative path"),
            ("%252e%252e", "relative path"),
            ("a%2f..%2fb", "relative path"),
            ("a%5c%2e", "relative path"),
        ] {
            let found = fault(id);
            assert!(
                found.is_some_and(|fault| fault.contains(word)),
                "{id:?}: {found:?}"
            );
            assert_eq!(Id::new(id).fault(), found);
            let mut text = String::new();
            assert!(
                !Id::new(id).push_json(&mut text) && text.is_empty(),
                "{id:?}"
            );
        }
    }

    /// What needs no further look is what has no fault, of the letters that ids are made of.
    #[test]
    fn the_short_cut_is_only_shorter() {
        for (id, plain) in [
            ("0aZ-_", true),
            ("", false),
            ("a.b", false),
            ("a b", false),
            ("é", false),
        ] {
            assert_eq!(is_plain(id), plain, "{id}");
        }
        assert!(is_plain(&"x".repeat(LONGEST)));
        assert!(!is_plain(&"x".repeat(LONGEST + 1)));
    }
}
