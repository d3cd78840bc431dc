//! Queries, and the pages of their answers.

pub mod more;
pub mod run;

use serde_json::Value;

use super::{NAME, error, version};
use crate::answer::{self, Fields, Shape};
use crate::endpoint::{Options, unexpected};
use crate::error::Failure;
use crate::http::Response;

/// One page of a query's rows.
#[derive(Clone, Debug)]
pub struct Page {
    /// The rows, each an object with `attributes` and the fields that were asked for.
    pub records: Vec<Value>,
    /// Where the next page is, as [`more::build`] takes it; `None` on the last one.
    pub next: Option<String>,
}

/// Reads one page. Its `nextRecordsUrl` is used only where it is a path of the version that was asked.
///
/// # Errors
/// Any answer but a page, and a page that leads elsewhere.
pub fn read(response: &Response, options: &Options) -> Result<Page, Failure> {
    let shown = answer::object(NAME, error::success(response)?, Shown::read)?;
    if shown.done {
        return Ok(Page {
            records: shown.records,
            next: None,
        });
    }
    let url = shown.next.unwrap_or_default();
    match locator(&url, version(options).unwrap_or_default()) {
        Some(locator) => Ok(Page {
            next: Some(locator.to_owned()),
            records: shown.records,
        }),
        None => Err(unexpected(
            NAME,
            response,
            "answered a part of a query's records without a next page of the same version",
        )),
    }
}

/// A page as it comes.
struct Shown {
    records: Vec<Value>,
    done: bool,
    next: Option<String>,
}

impl Shown {
    fn read(fields: &mut Fields) -> Result<Self, Shape> {
        Ok(Self {
            done: fields.required_flag("done")?,
            next: fields.optional_text("nextRecordsUrl")?,
            records: fields.values("records")?,
        })
    }
}

/// `/services/data/{version}/query/{locator}`
fn locator<'u>(url: &'u str, version: &str) -> Option<&'u str> {
    let locator = url
        .strip_prefix("/services/data/")?
        .strip_prefix(version)?
        .strip_prefix("/query/")?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (!locator.is_empty() && locator.len() <= 512 && locator.bytes().all(plain)).then_some(locator)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;
    use crate::http::Headers;

    fn page(body: &str) -> Result<Page, Failure> {
        let response = Response {
            status: 200,
            headers: Headers::new(),
            body: body.to_owned(),
        };
        read(&response, &Options::default())
    }

    #[test]
    fn a_page_says_where_the_next_one_is() {
        let first = page(
            r#"{"totalSize":2,"done":false,"nextRecordsUrl":"/services/data/v66.0/query/01gRO0000016PIAYA2-500","records":[{"Id":"a"}]}"#,
        );
        let first = first.unwrap();
        assert_eq!(first.next.as_deref(), Some("01gRO0000016PIAYA2-500"));
        assert_eq!(first.records.len(), 1);
        let last = page(r#"{"totalSize":2,"done":true,"records":[{"Id":"b"}]}"#).unwrap();
        assert_eq!(last.next, None);
    }

    #[test]
    fn a_page_that_leads_elsewhere_is_not_followed() {
        for url in [
            "",
            "https://evil.example/services/data/v66.0/query/01g-500",
            "//evil.example/services/data/v66.0/query/01g-500",
            "/services/data/v65.0/query/01g-500",
            "/services/data/v66.0/query/",
            "/services/data/v66.0/query/../sobjects/User",
            "/services/data/v66.0/query/%2e%2e",
            "/services/data/v66.0/query/01g-500?q=SELECT",
            "/services/data/v66.0/sobjects/User",
        ] {
            let body = format!(r#"{{"done":false,"nextRecordsUrl":"{url}","records":[]}}"#);
            let failure = page(&body).unwrap_err();
            assert_eq!(failure.code, Code::UnexpectedResponse, "{url}");
        }
    }

    #[test]
    fn what_is_no_page_proves_nothing() {
        for body in [
            "",
            "<html>",
            "[]",
            r#"{"records":[]}"#,
            r#"{"done":true}"#,
            r#"{"done":false,"records":[]}"#,
            r#"{"done":true,"records":[{"Id":"#,
        ] {
            assert_eq!(
                page(body).unwrap_err().code,
                Code::UnexpectedResponse,
                "{body}"
            );
        }
    }
}
