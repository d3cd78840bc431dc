//! How the bytes of a target are read: as text, with a first line that names what is tried. Whatever the first line says
//! means something, so that no mutation is wasted.

use std::borrow::Cow;

use serde_json::Value;

/// The bytes as text; what is no UTF-8 is damaged visibly, as a decoder would.
pub(crate) fn text(data: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(data)
}

/// What a text is as JSON. Half of a pair of surrogates is JSON, and no text of Rust's: here it counts as another sign.
pub(crate) fn json(text: &str) -> Option<Value> {
    let whole = text.replace("\\ud", "\\u0").replace("\\uD", "\\u0");
    serde_json::from_str(&whole).ok()
}

/// The first line and the rest.
pub(crate) fn first_line(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or((text, ""))
}

/// The one of `known` that a word names, or any other that depends on the word alone.
pub(crate) fn choose<'k, T>(known: &'k [T], word: &str, name: impl Fn(&T) -> &str) -> &'k T {
    let named = known.iter().find(|one| name(one) == word);
    named.unwrap_or_else(|| &known[hash(word) % known.len()])
}

/// A status from a word: the number that it is, or any.
pub(crate) fn status(word: &str) -> u16 {
    let number = word.parse().ok();
    let number = number.filter(|number| (100..1_000).contains(number));
    number.unwrap_or_else(|| u16::try_from(100 + hash(word) % 500).unwrap_or(200))
}

fn hash(word: &str) -> usize {
    // FNV-1a.
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = word.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    usize::try_from(hash % 1_000_003).unwrap_or_default()
}
