//! What a token endpoint is asked: a form, and at times an assertion in it.

use serde_json::Value;

use super::super::call::{self, Call};

/// The fields of a form.
pub(super) struct Ask(Vec<(String, String)>);

impl Ask {
    pub(super) fn of(call: &Call) -> Self {
        Self(call::pairs(call.body.as_deref().unwrap_or_default()))
    }

    pub(super) fn text(&self, name: &str) -> &str {
        let field = self.0.iter().find(|(known, _)| known == name);
        field.map_or("", |(_, value)| value)
    }

    pub(super) fn is(&self, name: &str, value: &str) -> bool {
        self.text(name) == value
    }
}

/// Whether an assertion says what it must. Not known: the wordings, and how far ahead its end may lie; five minutes are
/// reported. That it is signed is seen, by whom is not.
pub(super) fn assertion(ask: &Ask, now: u64) -> Result<(), &'static str> {
    let parts: Vec<_> = ask.text("assertion").split('.').collect();
    let [header, claims, signature] = parts.as_slice() else {
        return Err("invalid assertion");
    };
    let (Some(header), Some(claims), Some(signature)) =
        (decode(header), decode(claims), decode(signature))
    else {
        return Err("invalid assertion");
    };
    let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap_or_default();
    let (header, claims) = (read(&header), read(&claims));
    let is = |claims: &Value, name: &str, value: &str| {
        claims.get(name).and_then(Value::as_str) == Some(value)
    };
    let end = claims
        .get("exp")
        .and_then(Value::as_u64)
        .unwrap_or_default();
    let now = now / 1_000;
    if !is(&header, "alg", "RS256") || signature.is_empty() {
        Err("invalid assertion")
    } else if !is(&claims, "iss", super::CLIENT) {
        Err("client identifier invalid")
    } else if !is(&claims, "sub", "twin@example.test") {
        Err("user hasn't approved this consumer")
    } else if ![
        "https://login.salesforce.com",
        "https://test.salesforce.com",
    ]
    .iter()
    .any(|audience| is(&claims, "aud", audience))
    {
        Err("audience is invalid")
    } else if end <= now || end > now + 300 {
        Err("expired assertion")
    } else {
        Ok(())
    }
}

/// Base64 in the alphabet for URLs.
fn decode(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for letter in text.bytes() {
        let six = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(six)) & 0xffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).ok()?);
        }
    }
    Some(bytes)
}

/// A value as it stands in a query.
pub(super) fn encoded(text: &str) -> String {
    let mut query = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                query.push(char::from(byte));
            }
            other => query.push_str(&format!("%{other:02X}")),
        }
    }
    query
}
