//! The lines, and when they are written.

use std::collections::BTreeMap;

use crmlink::error::Code;
use crmlink::flow::{Loss, Then};
use serde::Serialize;
use worker::console_log;

use crate::account;
use crate::drive::now;

/// What is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Level {
    /// Nothing.
    Off,
    /// What failed.
    Failures,
    /// A line for each request.
    Requests,
    /// A line for each request and for each call to a vendor.
    All,
}

impl Level {
    /// The level of a setting; what is none of its words stands for all.
    pub(crate) fn parse(setting: &str) -> Self {
        match setting.trim() {
            "off" => Self::Off,
            "failures" => Self::Failures,
            "requests" => Self::Requests,
            _ => Self::All,
        }
    }

    pub(super) fn tells_requests(self, failed: bool) -> bool {
        match self {
            Self::Off => false,
            Self::Failures => failed,
            Self::Requests | Self::All => true,
        }
    }

    pub(super) fn tells_calls(self, failed: bool) -> bool {
        match self {
            Self::Off | Self::Requests => false,
            Self::Failures => failed,
            Self::All => true,
        }
    }
}

/// A line of a request.
#[derive(Serialize)]
pub(super) struct RequestLine<'l> {
    pub(super) event: &'static str,
    pub(super) time: String,
    pub(super) trace: &'l str,
    pub(super) method: &'static str,
    pub(super) route: &'static str,
    pub(super) status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) code: Option<Code>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tenant: Option<&'l str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) caller: Option<&'l str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) vendor: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) account: Option<&'l str>,
    pub(super) calls: u32,
    pub(super) vendor_ms: u64,
    pub(super) ms: u64,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) outcomes: BTreeMap<String, usize>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) replayed: bool,
}

/// A line of a call to a vendor.
#[derive(Serialize)]
pub(super) struct CallLine<'l> {
    pub(super) event: &'static str,
    pub(super) time: String,
    pub(super) trace: &'l str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) vendor: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) account: Option<&'l str>,
    pub(super) method: &'static str,
    pub(super) path: &'l str,
    pub(super) attempt: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) lost: Option<&'static str>,
    pub(super) then: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) retry_in_ms: Option<u64>,
    pub(super) ms: u64,
}

/// Writes a line.
pub(super) fn say(line: &impl Serialize) {
    console_log!("{}", crmlink::endpoint::json(line));
}

/// What time it is.
pub(super) fn time() -> String {
    account::time(now())
}

/// A verb that HTTP knows; any other text is a caller's own.
pub(super) fn verb(method: &str) -> &'static str {
    const VERBS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    let known = VERBS.into_iter().find(|verb| *verb == method);
    known.unwrap_or("OTHER")
}

/// Why no answer came.
pub(super) const fn lost(loss: Loss) -> &'static str {
    match loss {
        Loss::NotSent => "not_sent",
        Loss::Broken => "broken",
        Loss::Timeout => "timeout",
        Loss::TooLarge => "too_large",
        Loss::Aborted => "aborted",
    }
}

/// What comes of a call.
pub(super) const fn then(then: Then) -> &'static str {
    match then {
        Then::Taken => "taken",
        Then::Again(_) => "retry",
        Then::Renewed => "renew",
        Then::GivenUp => "failed",
    }
}
