//! `/_twin/oauth`: what a test asks of the token endpoints themselves.

use serde_json::{Map, Value, json};

use super::Oauth;
use crate::twin::call::text;

impl Oauth {
    /// Every call of a token endpoint, and what is alive.
    pub(in crate::twin) fn shown(&self, now: u64) -> Value {
        let calls: Vec<Value> = self
            .ledger
            .iter()
            .map(|entry| json!({ "vendor": entry.vendor, "asked": entry.asked, "outcome": entry.outcome, "at": entry.at }))
            .collect();
        let mut shown = Map::from_iter([("calls".to_owned(), calls.into())]);
        for grants in [&self.hubspot, &self.leadconnector, &self.salesforce] {
            let live = grants.access.iter().filter(|(_, end)| now < *end).count();
            let refresh = grants.refresh.iter().filter(|(_, live, _)| *live).count();
            let state = json!({ "access_tokens": live, "refresh_tokens": refresh });
            shown.insert(grants.vendor.to_owned(), state);
        }
        Value::Object(shown)
    }

    /// How often tokens were minted for a vendor.
    #[cfg(test)]
    pub(in crate::twin) fn minted(&self, vendor: &str) -> usize {
        let of = |entry: &&super::Entry| entry.vendor == vendor && entry.outcome == "minted";
        self.ledger.iter().filter(of).count()
    }

    /// The vendor that was asked last.
    #[cfg(test)]
    pub(in crate::twin) fn ledger_vendor(&self) -> &'static str {
        self.ledger.last().map_or("", |entry| entry.vendor)
    }

    /// `{vendor, expires_in?, rotate?, family?, processing?, expire?, revoke?}`.
    /// `{reset: true}`: the token endpoints as they were at first.
    pub(in crate::twin) fn set(&mut self, body: &Value) -> Result<Value, String> {
        if body.get("reset") == Some(&Value::Bool(true)) {
            *self = Self::new();
            return Ok(json!({ "reset": true }));
        }
        let vendor = text(body, "/vendor").unwrap_or_default();
        let Some(grants) = self.of_mut(&vendor) else {
            return Err(format!("no token endpoint of {vendor}"));
        };
        let number = |name: &str| body.get(name).and_then(Value::as_u64);
        let flag = |name: &str| body.get(name).and_then(Value::as_bool);
        grants.expires_in = number("expires_in").unwrap_or(grants.expires_in);
        grants.processing = number("processing").unwrap_or(grants.processing);
        grants.rotate = flag("rotate").unwrap_or(grants.rotate);
        grants.family = flag("family").unwrap_or(grants.family);
        if flag("expire") == Some(true) {
            for (_, end) in &mut grants.access {
                *end = 0;
            }
        }
        if flag("revoke") == Some(true) {
            grants.end();
        }
        Ok(json!({
            "vendor": grants.vendor, "expires_in": grants.expires_in, "rotate": grants.rotate,
            "family": grants.family, "processing": grants.processing,
        }))
    }
}
