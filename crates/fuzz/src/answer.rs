//! Answers of vendors, as each endpoint reads them.

use crmlink::error::{Code, Error, Report, Sent};
use crmlink::http::Response;
use crmlink::vendors::Vendor;
use serde_json::Value;

use crate::text::{choose, first_line, status, text};

/// An endpoint's name and a status, then the body. What is read as a success is JSON (or nothing, where the vendor answers
/// nothing) under a 2xx, and is none when its end is missing; what is not is a failure that says that the vendor answered.
///
/// # Panics
/// When that is not so.
pub fn answer(data: &[u8]) {
    let text = text(data);
    let (first, body) = first_line(&text);
    let (name, word) = first.split_once(' ').unwrap_or((first, ""));
    let entries: Vec<_> = Vendor::ALL
        .iter()
        .flat_map(|vendor| vendor.endpoints())
        .collect();
    let entry = choose(&entries, name, |entry| entry.facts.name);
    let response = Response {
        status: status(word),
        headers: [("content-type", "application/json")].into_iter().collect(),
        body: body.to_owned(),
    };
    match (entry.read)(&response) {
        Ok(shown) => {
            assert!(
                (200..300).contains(&response.status),
                "{} is a success",
                response.status
            );
            assert!(
                is_json(&shown) || shown.trim().is_empty(),
                "{shown} is shown"
            );
            assert!(is_json(body) || body.trim().is_empty(), "{body} is read");
            let cut = body.trim_end().strip_suffix(['}', ']']);
            if let Some(cut) = cut {
                let cut = Response {
                    body: cut.to_owned(),
                    ..response
                };
                let read = (entry.read)(&cut);
                assert!(read.is_err(), "what breaks off is a success: {}", cut.body);
            }
        }
        Err(Error::Failed(failure)) => {
            assert_eq!(failure.status, Some(response.status));
            assert_eq!(failure.sent, Sent::Yes);
            assert_eq!(failure.vendor, entry.facts.vendor);
            assert!(!failure.message.is_empty());
            assert!(
                failure
                    .retry_after
                    .is_none_or(|wait| wait <= crmlink::retry::LONGEST_HINT)
            );
            let told = serde_json::to_string(&Report::from(failure.as_ref()));
            assert!(told.is_ok_and(|told| is_json(&told)));
            let refused = [Code::InvalidInput, Code::Internal];
            assert!(
                !refused.contains(&failure.code),
                "{:?} blames the caller",
                failure.code
            );
        }
        Err(Error::Refused(refusal)) => panic!("an answer is no input: {refusal}"),
    }
}

pub(crate) fn is_json(text: &str) -> bool {
    serde_json::from_str::<Value>(text).is_ok()
}
