//! Faults on demand: the next matching requests answer what a test wants to see survived.

use serde_json::Value;

use super::call::text;
use crate::http::{Headers, Response};

/// An answer that waits for its request.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    vendor: String,
    path_contains: String,
    times: u64,
    response: Response,
    /// Whether the write happens although the answer denies it.
    pub(super) commit: bool,
}

impl Fault {
    /// Reads `{vendor, times?, status?, headers?, body?, commit?, path_contains?}`.
    ///
    /// A status of 0 stands for no answer at all: the connection breaks. A body that is no string is sent as JSON.
    pub(super) fn read(value: &Value) -> Option<Self> {
        let number = |name: &str| value.get(name).and_then(Value::as_u64);
        let headers: Headers = value
            .get("headers")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
            .collect();
        let body = match value.get("body") {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        Some(Self {
            vendor: text(value, "/vendor").filter(|vendor| VENDORS.contains(&vendor.as_str()))?,
            path_contains: text(value, "/path_contains").unwrap_or_default(),
            times: number("times").unwrap_or(1),
            response: Response {
                status: u16::try_from(number("status").unwrap_or(503)).ok()?,
                headers,
                body,
            },
            commit: value.get("commit") == Some(&Value::Bool(true)),
        })
    }
}

/// The faults that wait, the oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    pub(super) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    /// Forgets those of a vendor that still wait.
    pub(super) fn clear(&mut self, vendor: &str) {
        self.0.retain(|fault| fault.vendor != vendor);
    }

    pub(super) fn waiting(&self) -> u64 {
        self.0.iter().map(|fault| fault.times).sum()
    }

    /// Uses up one fault for a request to this vendor and path: its answer, and whether the write happens all the same.
    pub(super) fn strike(&mut self, vendor: &str, path: &str) -> Option<(Response, bool)> {
        let fault = self.0.iter_mut().find(|fault| {
            fault.times > 0 && fault.vendor == vendor && path.contains(&fault.path_contains)
        })?;
        fault.times -= 1;
        Some((fault.response.clone(), fault.commit))
    }
}

const VENDORS: [&str; 4] = ["hubspot", "leadconnector", "salesforce", "truto"];
