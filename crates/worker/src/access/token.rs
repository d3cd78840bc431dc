//! Browser tokens: `crmlink_bt.<claims>.<signature>`, each part in base64url. Short-lived, for one account, one page's
//! origin, and what they name.
//!
//! There is one algorithm (HMAC-SHA256) and nothing in a token that could choose another.

use crmlink::base64;
use crmlink::unified::operation::Operation;
use serde::{Deserialize, Serialize};

/// What a browser token may be used for. It says so to whoever holds it: nothing in it is a secret.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Claims {
    /// Whose account it is.
    pub(crate) tenant: String,
    /// The account.
    pub(crate) account: String,
    /// The names of the operations.
    pub(crate) operations: Vec<String>,
    /// The kinds of record, at both ends of a link.
    pub(crate) entities: Vec<String>,
    /// The fields that an upsert may give, where not all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) fields: Option<Vec<String>>,
    /// The page's origin.
    pub(crate) origin: String,
    /// When it was made, in milliseconds.
    pub(crate) iat: u64,
    /// When it ends, in milliseconds.
    pub(crate) exp: u64,
    /// Its own name.
    pub(crate) jti: String,
    /// Who uses the page, where its server says so: under one name, idempotency keys are the same person's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sub: Option<String>,
    /// How many records and links it may be used to write, where not any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) writes: Option<u64>,
    /// Whether the vendor's own fields may go in and come out.
    #[serde(default)]
    pub(crate) remote: bool,
}

/// A token's parts, of which nothing is known to be true yet.
pub(super) struct Parts<'t> {
    /// What is signed.
    pub(super) signed: &'t str,
    /// The signature.
    pub(super) signature: Vec<u8>,
    claims: &'t str,
}

impl Claims {
    /// Whether the operation is one of those that it names.
    pub(crate) fn has(&self, operation: Operation) -> bool {
        self.operations
            .iter()
            .any(|name| name == operation.as_str())
    }

    /// The text that is to be signed.
    pub(super) fn unsigned(&self) -> String {
        let claims = crmlink::endpoint::json(self);
        format!("{PREFIX}{}", base64::url_encode(claims.as_bytes()))
    }
}

impl<'t> Parts<'t> {
    /// Takes a text apart; `None` where it is no token.
    pub(super) fn of(text: &'t str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let (signed, signature) = text.rsplit_once('.')?;
        let claims = signed.strip_prefix(PREFIX)?;
        Some(Self {
            signed,
            signature: base64::decode(signature)?,
            claims,
        })
    }

    /// The claims, once the signature is known to be good.
    pub(super) fn claims(&self) -> Option<Claims> {
        let text = base64::decode(self.claims)?;
        serde_json::from_slice(&text).ok()
    }
}

/// Whether a text says that it is a browser token.
pub(crate) fn is_one(text: &str) -> bool {
    text.starts_with(PREFIX)
}

/// The token of a text and its signature.
pub(super) fn signed(unsigned: &str, signature: &[u8]) -> String {
    format!("{unsigned}.{}", base64::url_encode(signature))
}

/// How a browser token begins, so that people and scanners of leaked secrets know one.
const PREFIX: &str = "crmlink_bt.";

/// The longest text that is looked at, in bytes.
pub(super) const LONGEST: usize = 8_192;

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) fn claims() -> Claims {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Claims {
            tenant: "default".to_owned(),
            account: "acme".to_owned(),
            operations: words(&["associations.create", "contacts.upsert"]),
            entities: words(&["contacts", "accounts"]),
            fields: None,
            origin: "https://app.example.com".to_owned(),
            iat: 1,
            exp: 2,
            jti: "j".to_owned(),
            sub: None,
            writes: None,
            remote: false,
        }
    }

    #[test]
    fn a_token_is_taken_apart_as_it_was_made() {
        let unsigned = claims().unsigned();
        let token = signed(&unsigned, &[1, 2, 3]);
        assert!(is_one(&token));
        let parts = Parts::of(&token).unwrap();
        assert_eq!(
            (parts.signed, parts.signature.as_slice()),
            (unsigned.as_str(), &[1, 2, 3][..])
        );
        assert_eq!(parts.claims(), Some(claims()));
    }

    #[test]
    fn other_texts_are_no_tokens() {
        let long = format!("{PREFIX}{}.AQID", "A".repeat(LONGEST));
        for text in [
            "",
            "crmlink_bt.",
            "crmlink_bt",
            "Crmlink_bt.e30.AQID",
            "crmlink_bt.e30.AQI!",
            "eyJhbGciOiJub25lIn0.e30.",
            &long,
        ] {
            assert!(Parts::of(text).is_none(), "{text}");
        }
        // Claims that are none, whatever signs them.
        for claims in ["", "e30", "bnVsbA", "ey", "e30.e30"] {
            let text = format!("{PREFIX}{claims}.AQID");
            let claims = Parts::of(&text).and_then(|parts| parts.claims());
            assert_eq!(claims, None, "{text}");
        }
    }

    #[test]
    fn a_text_is_looked_at_up_to_its_longest() {
        let of = |length: usize| {
            let rest = length - PREFIX.len() - ".AQID".len();
            format!("{PREFIX}{}.AQID", "A".repeat(rest))
        };
        assert_eq!(of(LONGEST).len(), LONGEST);
        assert!(Parts::of(&of(LONGEST)).is_some());
        assert!(Parts::of(&of(LONGEST + 1)).is_none());
    }
}
