//! What every vendor's error answers have in common: how one is found in the vendor's atlas, and what is made of it.

use crate::allowance::is_spent;
use crate::atlas::{Key, Row};
use crate::error::{Code, Failure, Sent};
use crate::http::Response;
use crate::retry;

/// The failure of an error answer, as the vendor's atlas has it. `codes` are the words that the vendor says in its places
/// for codes, `words` is its message.
pub(super) fn failure(
    vendor: &'static str,
    rows: &[Row],
    response: &Response,
    codes: &[&str],
    words: &str,
) -> Failure {
    let row = find(rows, response, codes, words);
    let row = row.map_or_else(|| Row::plain(response.status), |row| *row);
    let mut message = format!("{vendor} answered {}", response.status);
    match words {
        "" => message.push_str(" without an explanation"),
        words => {
            message.push_str(": ");
            message.push_str(words);
        }
    }
    if !row.advice().is_empty() {
        message.push_str(" (");
        message.push_str(row.advice());
        message.push(')');
    }
    Failure {
        status: Some(response.status),
        reason: row.reason,
        retryable: row.retryable,
        retry_after: match row.code {
            // The window of a rate limit is not the one that is spent.
            Code::QuotaExhausted => retry::retry_after(response),
            _ => retry::hint(response),
        }
        .or(row.wait.map(u64::from)),
        renewable: row.renews,
        raw: Some(response.body.clone()),
        ..Failure::unanswered(vendor, row.code, Sent::Yes, message)
    }
}

/// The first row that fits an answer.
pub(super) fn find<'r>(
    rows: &'r [Row],
    response: &Response,
    codes: &[&str],
    words: &str,
) -> Option<&'r Row> {
    let words = words.to_ascii_lowercase();
    rows.iter().find(|row| {
        row.status.is_none_or(|status| status == response.status)
            && match row.key {
                Key::Code(_) => row.spellings().any(|code| codes.contains(&code)),
                Key::Words(_) => row.spellings().any(|phrase| words.contains(phrase)),
                Key::Spent(header) => is_spent(&response.headers, header),
                Key::Status => true,
            }
    })
}

/// The id that follows `mark` in a message, without what ends a sentence.
pub(super) fn id_after(words: &str, mark: &str) -> Option<String> {
    let rest = words.split_once(mark)?.1.trim_start();
    let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric());
    let id = rest.get(..end.unwrap_or(rest.len()))?;
    (!id.is_empty()).then(|| id.to_owned())
}

/// That a table holds together, for the tests of each vendor.
#[cfg(test)]
pub(super) mod proof {
    use crate::atlas::{Key, Row};
    use crate::http::{Headers, Response};

    /// Makes an answer for each spelling of each row, from the row itself, and has it found again. `body` writes the
    /// vendor's body with a code and a message, `found` looks it up.
    pub(in crate::vendors) fn every_row_is_reached(
        rows: &'static [Row],
        sources: usize,
        body: fn(code: &str, words: &str) -> String,
        found: fn(&Response) -> Option<&'static Row>,
    ) {
        for (place, row) in rows.iter().enumerate() {
            assert!(usize::from(row.source) < sources, "{row:?} has no source");
            for spelling in row.spellings() {
                let (code, words) = match row.key {
                    Key::Code(_) => (spelling, ""),
                    _ => ("", spelling),
                };
                assert_eq!(words, words.to_ascii_lowercase(), "{row:?}");
                let mut headers = Headers::new();
                if let Key::Spent(header) = row.key {
                    headers.set(header, "0");
                }
                let response = Response {
                    status: row.status.unwrap_or(400),
                    headers,
                    body: body(code, words),
                };
                let reached = found(&response)
                    .and_then(|found| rows.iter().position(|row| std::ptr::eq(row, found)));
                assert_eq!(
                    reached,
                    Some(place),
                    "{row:?} is not what {} leads to",
                    response.body
                );
            }
        }
    }

    #[test]
    fn an_id_ends_with_its_letters() {
        use super::id_after;
        let id = |words| id_after(words, "ID: ");
        assert_eq!(id("Existing ID: 51").as_deref(), Some("51"));
        assert_eq!(id("Existing ID: 51.").as_deref(), Some("51"));
        assert_eq!(id("Existing ID: <unknown>"), None);
        assert_eq!(id("Existing ID: "), None);
        assert_eq!(id("No word of it"), None);
    }
}
