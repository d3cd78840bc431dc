//! Numbers that keep every digit.

use serde::ser::Error;
use serde::{Serialize, Serializer};

use crate::json::{self, Raw};

/// A decimal number, kept as it was written and sent as a JSON number.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Decimal(Box<str>);

impl Decimal {
    /// Reads a number as JSON writes it: `220`, `220.50`, `-3`, `1e3`. Nothing else: no `NaN`, no separators.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let number = text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
            && json::value(text).is_ok();
        number.then(|| Self(text.into()))
    }

    /// The digits as they were written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // The text was checked to be a JSON number: it is one raw value.
        Raw::new(self.0.to_string())
            .ok_or_else(|| Error::custom("no JSON number"))?
            .serialize(serializer)
    }
}
