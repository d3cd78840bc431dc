//! The vendor simulators for JavaScript: text in, text out, no behaviour of its own.

use crmlink::http::{Headers, Method, Request, Response};
use wasm_bindgen::prelude::wasm_bindgen;

/// The four simulators with a state of their own.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Twins(crmlink::twin::Twins);

#[wasm_bindgen]
impl Twins {
    /// The simulators with their sample records.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers one request: `STATUS`, lines of `name: value`, an empty line, the body. Takes headers as such lines.
    pub fn answer(
        &mut self,
        method: &str,
        url: &str,
        headers: &str,
        body: Option<String>,
        now: f64,
    ) -> String {
        let Some(method) = Method::parse(method) else {
            return "405\nallow: GET, POST, PUT, PATCH, DELETE\n\n".to_owned();
        };
        let request = Request {
            method,
            url: url.to_owned(),
            headers: headers_of(headers),
            body,
        };
        // A double holds every millisecond that a calendar needs; `as` maps what is no time to 0.
        written(&self.0.answer(&request, now as u64))
    }

    /// Back to the sample records.
    pub fn reset(&mut self) {
        self.0.reset();
    }
}

fn headers_of(lines: &str) -> Headers {
    lines
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn written(response: &Response) -> String {
    let mut text = format!("{}\n", response.status);
    for (name, value) in response.headers.iter() {
        // A header that a test made up may hold anything.
        let value = value.replace(['\r', '\n'], " ");
        text.push_str(&format!("{name}: {value}\n"));
    }
    text.push('\n');
    text.push_str(&response.body);
    text
}
