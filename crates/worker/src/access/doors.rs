//! What strangers' bytes come through at the edge, for `crates/fuzz`: no part of the Worker.

use crmlink::error::Refusal;
use crmlink::unified::operation::Operation;

use super::token::{Claims, Parts, signed};
use crate::once;

/// An `idempotency-key` as it is taken, if it is.
#[must_use]
pub fn idempotency_key(value: &str) -> Option<&str> {
    once::key(value).ok()
}

/// A browser token taken apart: what is signed, the signature, and the claims (read before the signature is judged, as the
/// Worker never does).
#[must_use]
pub fn browser_token(text: &str) -> Option<(&str, Vec<u8>, Option<BrowserToken>)> {
    let parts = Parts::of(text)?;
    let claims = parts.claims().map(BrowserToken);
    Some((parts.signed, parts.signature, claims))
}

/// What a browser token says.
#[derive(Debug, Eq, PartialEq)]
pub struct BrowserToken(Claims);

impl BrowserToken {
    /// Claims from their JSON text.
    #[must_use]
    pub fn of(claims: &str) -> Option<Self> {
        serde_json::from_str(claims).ok().map(Self)
    }

    /// The token with a signature, whoever made that.
    #[must_use]
    pub fn with(&self, signature: &[u8]) -> String {
        signed(&self.0.unsigned(), signature)
    }

    /// Whether it lets an operation be carried out with an input, and how many writes that would be.
    ///
    /// # Errors
    /// The refusal of the input.
    pub fn allow(&self, operation: Operation, input: &str) -> Result<u64, Refusal> {
        self.0.allow(operation, input)
    }

    /// What it lets out of an answer.
    #[must_use]
    pub fn narrow(&self, text: &str) -> String {
        self.0.narrow(text)
    }
}
