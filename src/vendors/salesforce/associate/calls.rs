//! What all calls of an operation on links share, and the calls that read.

use serde_json::{Map, Value};

use super::queries::Query;
use crate::endpoint::{Endpoint, Options};
use crate::error::Refusal;
use crate::http::{Method, Request};
use crate::path;
use crate::vendors::salesforce::composite::send::{Part, Send};
use crate::vendors::salesforce::{query, version};

/// What all calls of an operation share.
pub(in crate::vendors::salesforce) struct Calls {
    pub(super) options: Options,
    version: String,
    pub(super) remote_data: Map<String, Value>,
    query: Map<String, Value>,
    pub(super) all_or_none: bool,
}

impl Calls {
    pub(in crate::vendors::salesforce) fn new(
        options: &Options,
        remote_data: Map<String, Value>,
        query: Map<String, Value>,
        all_or_none: bool,
    ) -> Result<Self, Refusal> {
        Ok(Self {
            version: version(options)?.to_owned(),
            options: Options {
                token: None,
                ..options.clone()
            },
            remote_data,
            query,
            all_or_none,
        })
    }

    /// The options, without the token.
    pub(super) const fn options(&self) -> &Options {
        &self.options
    }

    /// The URL of a part of a composite call: a path of the same org and version.
    pub(super) fn part(&self, template: &str) -> Result<String, Refusal> {
        let mut url = String::new();
        path::push(&mut url, template, &[("version", &self.version)])?;
        Ok(url)
    }

    /// The composite call that runs some queries.
    pub(super) fn read(&self, queries: &[Query]) -> Result<Request, Refusal> {
        let query_url = self.part("/services/data/{version}/query")?;
        let mut parts = Vec::with_capacity(queries.len());
        for (number, query) in queries.iter().enumerate() {
            let mut url = query_url.clone();
            path::push_query(&mut url, "q", &query.soql()?.build()?);
            parts.push(Part {
                method: Method::Get,
                url: url.into(),
                reference_id: format!("read{number}").into(),
                body: None,
            });
        }
        self.composite(parts, false)
    }

    /// The call that reads a further page.
    pub(super) fn more(&self, locator: &str) -> Result<Request, Refusal> {
        self.with_query(query::more::build(locator, &self.options))
    }

    pub(super) fn composite(
        &self,
        parts: Vec<Part<'_>>,
        all_or_none: bool,
    ) -> Result<Request, Refusal> {
        self.with_query(
            Send {
                all_or_none,
                collate_subrequests: false,
                composite_request: parts,
            }
            .build(&self.options),
        )
    }

    pub(super) fn with_query(&self, request: Result<Request, Refusal>) -> Result<Request, Refusal> {
        let mut request = request?;
        path::push_query_values(&mut request.url, "", &self.query);
        Ok(request)
    }
}
