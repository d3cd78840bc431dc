//! The secret keys: who shows one, for which tenant, and with which scopes. They are for servers; a page has a browser
//! token.

use std::hint::black_box;

use serde::Deserialize;

use super::scope::Scope;
use super::token;

/// The keys. They are secrets: no `Debug`, no `Serialize`.
pub(crate) struct Keys(Vec<Key>);

/// A key, as `CRMLINK_KEYS` has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Key {
    /// What its holder is called.
    pub(crate) name: String,
    key: String,
    /// Whose accounts it opens.
    pub(crate) tenant: String,
    /// What it may do.
    pub(crate) scopes: Vec<Scope>,
}

impl Key {
    /// A key of a setting of its own.
    pub(crate) fn own(name: &str, key: String, scopes: &[Scope]) -> Self {
        Self {
            name: name.to_owned(),
            key,
            tenant: DEFAULT_TENANT.to_owned(),
            scopes: scopes.to_vec(),
        }
    }

    /// Whether it is one that everybody knows.
    pub(crate) fn is_development(&self) -> bool {
        DEVELOPMENT_KEYS.contains(&self.key.as_str())
    }

    fn fault(&self) -> Option<&'static str> {
        if self.key.is_empty() || !self.key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Some("expected a key of visible signs without spaces");
        }
        if token::is_one(&self.key) {
            return Some("expected a key that does not begin as a browser token does");
        }
        if !is_word(&self.tenant) || !is_word(&self.name) {
            return Some(
                "expected name and tenant to be 1 to 64 of a-z, A-Z, 0-9, `-` and `_` each",
            );
        }
        self.scopes
            .is_empty()
            .then_some("expected at least one scope of read, write and admin")
    }
}

impl Keys {
    /// Takes the keys, of which each may stand there once. What is wrong is told without the key itself.
    pub(crate) fn new(keys: Vec<Key>) -> Result<Self, String> {
        for (place, key) in keys.iter().enumerate() {
            let twice = |other: &Key| other.key == key.key || other.name == key.name;
            let fault = match keys.iter().take(place).any(twice) {
                true => Some("its name or its text is that of another key"),
                false => key.fault(),
            };
            if let Some(fault) = fault {
                return Err(format!("key {}: {fault}", place + 1));
            }
        }
        Ok(Self(keys))
    }

    /// The key of a text. All of them are compared, in a time that does not tell how much of one is right.
    pub(crate) fn find(&self, text: &str) -> Option<&Key> {
        let mut found = None;
        for key in &self.0 {
            if same(key.key.as_bytes(), text.as_bytes()) {
                found = Some(key);
            }
        }
        black_box(found)
    }
}

/// Whether a text is a name that can stand in an object's name and in a record's.
pub(crate) fn is_word(text: &str) -> bool {
    let sign = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=64).contains(&text.len()) && text.bytes().all(sign)
}

/// Looks at every byte of both, whatever the first ones say.
pub(super) fn same(one: &[u8], other: &[u8]) -> bool {
    let longest = one.len().max(other.len());
    let mut difference = u8::from(one.len() != other.len());
    for place in 0..longest {
        let byte = |text: &[u8]| text.get(place).copied().unwrap_or_default();
        difference |= black_box(byte(one) ^ byte(other));
    }
    black_box(difference) == 0
}

/// Whose the keys without a tenant are, and the accounts of `CRMLINK_ACCOUNTS`.
pub(crate) const DEFAULT_TENANT: &str = "default";

/// The keys of local development, printed by `npm start`.
const DEVELOPMENT_KEYS: [&str; 2] = ["local-development-only", "local-development-admin"];

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str, key: &str, tenant: &str) -> Key {
        Key {
            tenant: tenant.to_owned(),
            ..Key::own(name, key.to_owned(), &[Scope::Read])
        }
    }

    #[test]
    fn a_text_finds_its_key_and_no_other() {
        let keys = Keys::new(vec![key("one", "aaaa", "a"), key("two", "bbbb", "b")]);
        let keys = keys.ok().unwrap();
        let tenant = |text| keys.find(text).map(|key| key.tenant.as_str());
        assert_eq!(tenant("aaaa"), Some("a"));
        assert_eq!(tenant("bbbb"), Some("b"));
        for text in ["", "aaa", "aaaaa", "aaab", "AAAA", "aaaa ", "bbaa", "bbbbb"] {
            assert_eq!(tenant(text), None, "{text}");
        }
    }

    #[test]
    fn a_broken_key_breaks_the_setting_and_is_not_told() {
        let scopeless = Key::own("x", "secret".to_owned(), &[]);
        for keys in [
            vec![key("one", "secret", "a"), key("two", "secret", "b")],
            vec![key("one", "secret", "a"), key("one", "secret2", "a")],
            vec![key("one", "", "a")],
            vec![key("one", "secret secret", "a")],
            vec![key("one", "crmlink_bt.secret", "a")],
            vec![key("one", "secret", "a/b")],
            vec![key("one", "secret", "")],
            vec![key("o ne", "secret", "a")],
            vec![scopeless],
        ] {
            let fault = Keys::new(keys).err().unwrap();
            assert!(!fault.contains("secret"), "{fault}");
        }
    }

    #[test]
    fn the_keys_that_everybody_knows_are_known() {
        for text in ["local-development-only", "local-development-admin"] {
            assert!(key("one", text, "a").is_development());
        }
        assert!(!key("local-development-only", "secret", "a").is_development());
    }

    #[test]
    fn a_word_can_stand_in_a_name() {
        let long = "w".repeat(64);
        for word in ["a", "A-z_09", "-", "_", &long] {
            assert!(is_word(word), "{word}");
        }
        let longer = "w".repeat(65);
        for text in ["", "a b", "a/b", "a.b", "é", "a\0", &longer] {
            assert!(!is_word(text), "{text}");
        }
    }

    #[test]
    fn only_what_is_the_same_is_the_same() {
        for (one, other, expected) in [
            ("", "", true),
            ("ab", "ab", true),
            ("ab", "ba", false),
            // The differences of the two bytes are equal.
            ("aa", "bb", false),
            ("a", "a\0", false),
            ("", "\0", false),
        ] {
            assert_eq!(
                same(one.as_bytes(), other.as_bytes()),
                expected,
                "{one:?} {other:?}"
            );
        }
    }
}
