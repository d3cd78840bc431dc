//! Secrets that cannot be printed by accident.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};

use crate::error::Refusal;

/// A token. It has no `Debug`, `Display` or `Serialize`: it leaves only in the header that [`crate::auth`] writes.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Takes a token, if it can stand in a header: visible ASCII characters, at least one and at most 16,384.
    ///
    /// # Errors
    /// A [`Refusal`] that names `token` and never repeats its value.
    pub fn new(token: impl Into<String>) -> Result<Self, Refusal> {
        let token = token.into();
        match fault(&token) {
            Some(fault) => Err(Refusal::input("token", fault)),
            None => Ok(Self(token)),
        }
    }

    /// The text without the token, where a vendor repeats it in its answer. Whoever holds the token shows nothing else.
    ///
    /// A text in which the token was encoded on its way holds its parts: those that are long enough to be nothing else are
    /// hidden too.
    #[must_use]
    pub fn hidden_in<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text);
        for part in self.telling() {
            if text.contains(part) {
                text = Cow::Owned(text.replace(part, HIDDEN));
            }
        }
        text
    }

    /// The same for bytes, whatever they are.
    #[must_use]
    pub fn hidden_in_bytes(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        for part in self.telling() {
            let place = |bytes: &[u8]| {
                let mut places = bytes.windows(part.len());
                places.position(|found| found == part.as_bytes())
            };
            while let Some(start) = place(&bytes) {
                bytes.splice(start..start + part.len(), HIDDEN.bytes());
            }
        }
        bytes
    }

    /// How many bytes of a text may be the beginning of the token, whose end is still to come.
    #[must_use]
    pub fn longest_beginning(&self) -> usize {
        self.0.len().saturating_sub(1)
    }

    /// What tells of the token: all of it, and its parts that no encoding changes.
    fn telling(&self) -> impl Iterator<Item = &str> {
        let whole = Some(self.0.as_str()).filter(|token| token.len() >= SHORTEST_HIDDEN);
        let parts = self.0.split(|byte: char| !is_unreserved(byte));
        let parts = parts.filter(|part| (SHORTEST_PART..self.0.len()).contains(&part.len()));
        whole
            .into_iter()
            .chain(parts)
            .filter(|part| *part != HIDDEN)
    }

    /// Whether it is the same token.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    /// The token itself, for the places that write it: a header, the body of a token call, what is sealed.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let token = String::deserialize(deserializer)
            .map_err(|_| serde::de::Error::custom("expected a string"))?;
        match fault(&token) {
            Some(fault) => Err(serde::de::Error::custom(fault)),
            None => Ok(Self(token)),
        }
    }
}

/// What stands for a token that was repeated.
const HIDDEN: &str = "[hidden]";

/// A shorter one is no vendor's, and may be a word of an answer.
const SHORTEST_HIDDEN: usize = 8;

/// A shorter part may be a name: a token of Salesforce's begins with the id of its org.
const SHORTEST_PART: usize = 20;

/// What no encoding changes.
fn is_unreserved(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '.' | '_' | '~')
}

fn fault(token: &str) -> Option<&'static str> {
    if token.is_empty() {
        Some("expected a token, got an empty string: leave it out to build a request without one")
    } else if token.len() > 16_384 {
        Some("expected a token of at most 16,384 characters")
    } else if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        Some("expected visible ASCII characters only, without spaces or line ends")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_what_can_stand_in_a_header() {
        let longest = "x".repeat(16_384);
        for token in ["a", "!~", "a.b-c_d/e+f=", &longest] {
            let secret = Secret::new(token).ok();
            assert_eq!(secret.as_ref().map(Secret::expose), Some(token));
            let read: Option<Secret> = serde_json::from_value(token.into()).ok();
            assert_eq!(read.as_ref().map(Secret::expose), Some(token));
        }
        let longer = "canary".repeat(3_000);
        for (token, word) in [
            ("", "empty"),
            ("canary 1", "visible ASCII"),
            ("canary\n", "visible ASCII"),
            ("canaryé", "visible ASCII"),
            ("canary\u{7f}", "visible ASCII"),
            (&longer, "16,384"),
        ] {
            let refusal = Secret::new(token).err();
            let told = refusal
                .map(|refusal| refusal.to_string())
                .unwrap_or_default();
            let read = serde_json::from_value::<Secret>(token.into()).err();
            let read = read.map(|error| error.to_string()).unwrap_or_default();
            for told in [told, read] {
                assert!(told.contains(word), "{told}");
                assert!(!told.contains("canary"), "{told}");
            }
        }
    }

    #[test]
    fn a_token_that_is_repeated_is_hidden_in_whatever_encoding() {
        let org = "00D5e0000012345";
        let session = "AR8AQM0Xk3v.qWb_Zf7-hTn2LrYs6Jd9Cc1Pe";
        let Ok(token) = Secret::new(format!("{org}!{session}")) else {
            panic!("a token");
        };
        for (text, hidden) in [
            (
                format!("Bearer {org}!{session}"),
                "Bearer [hidden]".to_owned(),
            ),
            (
                format!("{org}%21{session}, {org}"),
                format!("{org}%21[hidden], {org}"),
            ),
            (
                format!("{org}\\u0021{session}"),
                format!("{org}\\u0021[hidden]"),
            ),
            (format!("{org}!AR8AQM"), format!("{org}!AR8AQM")),
        ] {
            assert_eq!(token.hidden_in(&text), hidden);
            let bytes = token.hidden_in_bytes([b"\xff", text.as_bytes()].concat());
            assert_eq!(bytes, [b"\xff", hidden.as_bytes()].concat());
        }
        let Ok(short) = Secret::new("t") else {
            panic!("a token");
        };
        assert_eq!(short.hidden_in("that is a word"), "that is a word");
    }

    #[test]
    fn all_but_the_last_byte_may_be_a_beginning() {
        for (token, longest) in [("a", 0), ("ab", 1), ("canary-token", 11)] {
            let secret = Secret::new(token).ok();
            assert_eq!(
                secret.map(|secret| secret.longest_beginning()),
                Some(longest)
            );
        }
    }
}
