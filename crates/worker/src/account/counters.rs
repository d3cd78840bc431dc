//! What the account's object has counted since it woke up: by code, by outcome, and the calls to the vendor.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::answer::Answer;
use crate::trace::Trace;

/// The counts. They are of this object's memory alone: the log lines have all.
#[derive(Default, Serialize)]
pub(crate) struct Counters {
    requests: u64,
    vendor_calls: u64,
    codes: BTreeMap<&'static str, u64>,
    outcomes: BTreeMap<String, u64>,
}

impl Counters {
    /// Counts a request that was answered.
    pub(super) fn count(&mut self, trace: &Trace, answer: &Answer) {
        self.requests += 1;
        self.vendor_calls += u64::from(trace.calls());
        let code = answer.code.map_or("ok", |code| code.as_str());
        *self.codes.entry(code).or_default() += 1;
        for (outcome, times) in trace.outcomes() {
            *self.outcomes.entry(outcome).or_default() += times as u64;
        }
    }
}
