//! base64url without padding (RFC 4648 section 5), as the parts of a token are written.

/// Writes bytes.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |place: usize| u32::from(chunk.get(place).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..=chunk.len() {
            let sign = (bits >> (18 - 6 * place)) & 63;
            text.push(char::from(
                SIGNS.get(sign as usize).copied().unwrap_or(b'A'),
            ));
        }
    }
    text
}

/// Reads bytes. Each has one spelling: bits that say nothing are zero.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for chunk in text.as_bytes().chunks(4) {
        let mut bits = 0;
        for sign in chunk {
            let value = SIGNS.iter().position(|known| known == sign)?;
            bits = bits << 6 | u32::try_from(value).ok()?;
        }
        let whole = match chunk.len() {
            4 => 3,
            3 => 2,
            2 => 1,
            _ => return None,
        };
        bits <<= 6 * (4 - chunk.len());
        let [_, three @ ..] = bits.to_be_bytes();
        let (said, rest) = three.split_at(whole);
        if rest.iter().any(|byte| *byte != 0) {
            return None;
        }
        bytes.extend(said);
    }
    Some(bytes)
}

const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_as_they_were_written() {
        for (bytes, text) in [
            (&b""[..], ""),
            (b"f", "Zg"),
            (b"fo", "Zm8"),
            (b"foo", "Zm9v"),
            (b"foob", "Zm9vYg"),
            (&[0xfb, 0xff, 0xfe], "-__-"),
        ] {
            assert_eq!(encode(bytes), text);
            assert_eq!(decode(text).as_deref(), Some(bytes), "{text}");
        }
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(decode(&encode(&all)), Some(all));
    }

    #[test]
    fn another_spelling_is_none() {
        for text in ["Zh", "Zm9", "Z", "Zg==", "Zm9v\n", "+//+", "Zm 9v", "é"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
