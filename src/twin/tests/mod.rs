//! One test per behaviour that a caller could rely on, or stumble over.

mod control;
mod hubspot;
mod leadconnector;
mod oauth;
mod salesforce;
mod truto;

use serde_json::Value;

use super::Twins;
use crate::http::{Headers, Method, Request, Response};

/// 2026-11-22T12:00:00Z
const NOW: u64 = 1_795_348_800_000;

/// Simulators and a token, with less to type.
struct Bench {
    twins: Twins,
    token: &'static str,
    version: Option<&'static str>,
}

impl Bench {
    fn new() -> Self {
        Self {
            twins: Twins::new(),
            token: "twin-token",
            version: Some("2021-07-28"),
        }
    }

    fn send(&mut self, line: &str, body: Option<Value>) -> Response {
        let (method, path) = line.split_once(' ').expect("a method and a path");
        let mut headers = Headers::new();
        if !self.token.is_empty() {
            headers.set("authorization", format!("Bearer {}", self.token));
        }
        if let Some(version) = self.version {
            headers.set("version", version);
        }
        let request = Request {
            method: Method::parse(method).expect("a method"),
            url: format!("https://vendor.example{path}"),
            headers,
            body: body.map(|body| body.to_string()),
        };
        self.twins.answer(&request, NOW)
    }

    /// Sends, and gives status and body.
    fn call(&mut self, line: &str, body: Value) -> (u16, Value) {
        let body = (!body.is_null()).then_some(body);
        let response = self.send(line, body);
        let body = serde_json::from_str(&response.body).unwrap_or(Value::Null);
        (response.status, body)
    }

    /// The ledger, each commit on a line.
    fn written(&self) -> Vec<String> {
        self.twins
            .commits()
            .iter()
            .map(|commit| format!("{}: {} > {}", commit.kind, commit.from, commit.to))
            .collect()
    }
}
