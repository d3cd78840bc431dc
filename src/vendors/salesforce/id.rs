//! Salesforce ids: 15 characters whose case matters, or 18 with a checksum of that case.

use crate::id;

const CHECK: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/// What is wrong with an id, as a sentence; `None` for a good one.
#[must_use]
pub fn fault(text: &str) -> Option<&'static str> {
    if let Some(fault) = id::fault(text) {
        return Some(fault);
    }
    if !matches!(text.len(), 15 | 18) || !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Some("expected a Salesforce id of 15 or 18 letters and digits");
    }
    let bytes = text.as_bytes();
    let (record, given) = bytes.split_at(15);
    (!given.is_empty() && given != checksum(record))
        .then_some("expected a Salesforce id whose last three characters fit the others: this one was mistyped")
}

/// The part on which Salesforce compares: it answers 15 characters where 18 were asked.
#[must_use]
pub fn same(id: &str) -> &str {
    id.get(..15).unwrap_or(id)
}

/// One character for each five: which of them are capitals.
fn checksum(record: &[u8]) -> Vec<u8> {
    record
        .chunks(5)
        .filter_map(|five| {
            let capitals = five
                .iter()
                .enumerate()
                .filter(|(_, byte)| byte.is_ascii_uppercase());
            let place: usize = capitals.map(|(bit, _)| 1 << bit).sum();
            CHECK.get(place).copied()
        })
        .collect()
}
