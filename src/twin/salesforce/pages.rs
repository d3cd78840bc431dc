//! The pages of a query's answer, and the locators that lead to the next one.

use serde_json::{Value, json};

use super::super::answer;
use super::super::call::Call;
use super::fault::Fault;
use crate::http::Response;

/// The answers that are not read to their end.
#[derive(Clone, Debug)]
pub(super) struct Pages {
    /// Rows on a page, where the request does not ask for fewer.
    pub(super) size: usize,
    open: Vec<(String, Vec<Value>)>,
    serial: u32,
}

/// Not confirmed by a source at hand: how many answers stay open. The oldest is closed.
const MOST_OPEN: usize = 10;

impl Pages {
    pub(super) fn new() -> Self {
        Self {
            size: 2_000,
            open: Vec::new(),
            serial: 0,
        }
    }

    /// The first page of some rows, which stay as they are now.
    pub(super) fn first(&mut self, call: &Call, version: &str, rows: Vec<Value>) -> Response {
        if rows.len() <= self.size_for(call) {
            let body = json!({ "totalSize": rows.len(), "done": true, "records": rows });
            return answer::json(200, &body);
        }
        self.serial += 1;
        let name = format!("01g5e0Twin{:05}", self.serial);
        if self.open.len() == MOST_OPEN {
            self.open.remove(0);
        }
        let page = self.page(call, version, &name, &rows, 0);
        self.open.push((name, rows));
        page
    }

    /// The page of a locator such as `01g5e0Twin00001-2000`.
    pub(super) fn more(
        &self,
        call: &Call,
        version: &str,
        locator: &str,
    ) -> Result<Response, Fault> {
        // Not known: the wording; the code is in Salesforce's list.
        let fault = || Fault::bad("INVALID_QUERY_LOCATOR", "invalid query locator");
        let (name, offset) = locator.rsplit_once('-').ok_or_else(fault)?;
        let offset = offset.parse().map_err(|_| fault())?;
        let found = self.open.iter().find(|(known, _)| known == name);
        match found {
            Some((_, rows)) if offset < rows.len() => {
                Ok(self.page(call, version, name, rows, offset))
            }
            _ => Err(fault()),
        }
    }

    fn page(
        &self,
        call: &Call,
        version: &str,
        name: &str,
        rows: &[Value],
        from: usize,
    ) -> Response {
        let end = rows.len().min(from + self.size_for(call));
        let mut body = json!({ "totalSize": rows.len(), "done": end == rows.len() });
        if let Some(body) = body.as_object_mut() {
            if end < rows.len() {
                let url = format!("/services/data/{version}/query/{name}-{end}");
                body.insert("nextRecordsUrl".to_owned(), url.into());
            }
            let page = rows.get(from..end).unwrap_or_default();
            body.insert("records".to_owned(), page.into());
        }
        answer::json(200, &body)
    }

    /// `Sforce-Query-Options: batchSize=200` asks for smaller pages, down to 200 rows.
    fn size_for(&self, call: &Call) -> usize {
        let asked = call
            .header("sforce-query-options")
            .and_then(|options| options.trim().strip_prefix("batchSize="))
            .and_then(|size| size.trim().parse::<usize>().ok());
        asked.map_or(self.size, |size| size.clamp(200, 2_000).min(self.size))
    }
}
