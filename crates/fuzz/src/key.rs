//! The header `idempotency-key`.

use crmlink_worker::doors::idempotency_key;

use crate::text::text;

/// A key is taken as it stands, or without its quotation marks, exactly where it is a plain word: nothing in it could end a
/// header, a line of a log, or the name under which an answer is kept.
///
/// # Panics
/// When that is not so.
pub fn key(data: &[u8]) {
    let text = text(data);
    let sign = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    let word = |text: &str| (1..256).contains(&text.len()) && text.chars().all(sign);
    let inside = match text.len() {
        2.. if text.starts_with('"') && text.ends_with('"') => &text[1..text.len() - 1],
        _ => &text,
    };
    assert_eq!(idempotency_key(&text), Some(inside).filter(|key| word(key)));
}
