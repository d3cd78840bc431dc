//! Requests and answers as the text of HTTP messages: one string crosses instead of an object with its fields.
//!
//! `METHOD URL`, then a line `name: value` for each header, then, where there is a body, an empty line and the body.
//! URLs and header values were checked to hold no line end.

use crmlink::http::{Headers, Request};
use crmlink::unified::plan::{Plan, Step};
use js_sys::Array;
use serde::Serialize;
use wasm_bindgen::JsValue;

/// A request as text.
pub(crate) fn write(request: &Request) -> String {
    let body = request.body.as_deref();
    let mut text = String::with_capacity(
        request.url.len()
            + body.map_or(0, str::len)
            + 96
            + 128 * usize::from(request.headers.get("authorization").is_some()),
    );
    text.push_str(request.method.as_str());
    text.push(' ');
    text.push_str(&request.url);
    for (name, value) in request.headers.iter() {
        text.push('\n');
        text.push_str(name);
        text.push_str(": ");
        text.push_str(value);
    }
    if let Some(body) = body {
        text.push_str("\n\n");
        text.push_str(body);
    }
    text
}

/// Headers from lines `name: value`.
pub(crate) fn headers(lines: &str) -> Headers {
    lines
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// A plan as texts: the plan without its requests, then the requests.
pub(crate) fn plan(plan: &Plan) -> Array {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Outline<'p> {
        operation: &'p str,
        vendor: &'p str,
        steps: Vec<StepOutline<'p>>,
        calls: &'p crmlink::unified::plan::Calls,
        fields: &'p [crmlink::unified::ledger::FieldEntry],
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        strategies: &'p [crmlink::unified::upsert::Strategy],
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        refused: &'p [crmlink::error::Report],
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        warnings: &'p [String],
    }

    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct StepOutline<'p> {
        purpose: &'p str,
        requests: usize,
        #[serde(skip_serializing_if = "Option::is_none")]
        depends_on: Option<&'p str>,
    }

    let outline = Outline {
        operation: plan.operation,
        vendor: plan.vendor,
        steps: plan
            .steps
            .iter()
            .map(|step| StepOutline {
                purpose: step.purpose,
                requests: step.requests.len(),
                depends_on: step.depends_on,
            })
            .collect(),
        calls: &plan.calls,
        fields: &plan.fields,
        strategies: &plan.strategies,
        refused: &plan.refused,
        warnings: &plan.warnings,
    };
    let texts = Array::new();
    texts.push(&JsValue::from_str(&crmlink::endpoint::json(&outline)));
    for Step { requests, .. } in &plan.steps {
        for request in requests {
            texts.push(&JsValue::from_str(&write(request)));
        }
    }
    texts
}
