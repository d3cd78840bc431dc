//! The JavaScript face of crmlink: text in, text out, no logic.
//!
//! Everything a caller gives crosses as JSON text, every request as the text of an HTTP message (see [`message`]), so that
//! no JavaScript object of a caller's is ever walked in here and no body is parsed that only passes through.
//! Only what the core itself made crosses as an object: errors.

mod message;
pub mod running;

use crmlink::endpoint::Options;
use crmlink::error::{Error, Refusal, Report};
use crmlink::flow::Flow;
use crmlink::http::Response;
use crmlink::unified::input::Input;
use crmlink::unified::operation::Operation;
use crmlink::vendors::{self, Vendor};
use wasm_bindgen::prelude::*;

/// Builds a request; the answer is the text of an HTTP message. `call` is the endpoint's name, the options as JSON text
/// (or nothing), and the parameters as JSON text, with a line end between them: one text crosses in a third of the time
/// of three.
///
/// # Errors
/// The error's report as an object.
#[wasm_bindgen(js_name = build)]
pub fn build(call: &str) -> Result<String, JsValue> {
    let (endpoint, rest) = call.split_once('\n').unwrap_or_default();
    let (options, params) = rest.split_once('\n').unwrap_or_default();
    let request = Options::parse(options)
        .map_err(Error::from)
        .and_then(|options| (vendors::endpoint(endpoint)?.build)(params, &options));
    Ok(message::write(&request.map_err(report)?))
}

/// Reads an answer of an endpoint; `headers` has a line `name: value` for each. The result is JSON text.
///
/// # Errors
/// The error's report as an object.
#[wasm_bindgen(js_name = read)]
pub fn read(endpoint: &str, status: u16, headers: &str, body: String) -> Result<String, JsValue> {
    let response = Response {
        status,
        headers: message::headers(headers),
        body,
    };
    let answer = vendors::endpoint(endpoint)
        .map_err(Error::from)
        .and_then(|endpoint| (endpoint.read)(&response));
    answer.map_err(report)
}

/// What an operation would send: a list of texts, first the plan as JSON with the number of requests of each step, then
/// each request as the text of an HTTP message.
///
/// # Errors
/// The error's report as an object.
#[wasm_bindgen(js_name = plan)]
pub fn plan(
    vendor: &str,
    operation: &str,
    input: &str,
    options: &str,
) -> Result<js_sys::Array, JsValue> {
    let flow = start_flow(vendor, operation, input, options, 0).map_err(report)?;
    Ok(message::plan(&flow.plan()))
}

/// What works where, as JSON text; an empty name stands for all vendors.
///
/// # Errors
/// The error's report as an object.
#[wasm_bindgen(js_name = capabilities)]
pub fn capabilities(vendor: &str) -> Result<String, JsValue> {
    let vendors = match vendor {
        "" => Vendor::here().collect(),
        name => vec![Vendor::parse(name).map_err(|refusal| report(refusal.into()))?],
    };
    let table: Vec<_> = vendors.into_iter().filter_map(Vendor::capability).collect();
    Ok(crmlink::endpoint::json(&table))
}

/// Judges what a caller gave before anything is done with it: the options for a vendor, the input of an operation, or both;
/// an empty name stands for none.
///
/// # Errors
/// The error's report as an object.
#[wasm_bindgen(js_name = check)]
pub fn check(vendor: &str, options: &str, operation: &str, input: &str) -> Result<(), JsValue> {
    let check = || {
        if !vendor.is_empty() {
            Vendor::parse(vendor)?;
            Options::parse(options)?;
        }
        if !operation.is_empty() {
            Input::read(Operation::parse(operation)?, input)?;
        }
        Ok(())
    };
    check().map_err(|refusal: Refusal| report(refusal.into()))
}

fn start_flow<'a>(
    vendor: &str,
    operation: &str,
    input: &'a str,
    options: &str,
    entropy: u64,
) -> Result<Flow<'a>, Error> {
    let vendor = Vendor::parse(vendor)?;
    let options = Options::parse(options)?;
    Flow::start(vendor, operation, input, &options, entropy)
}

/// An error as JavaScript sees it. It was made by the core, so it may cross as an object.
fn report(error: Error) -> JsValue {
    thrown(&Report::from(&error))
}

fn thrown(report: &Report) -> JsValue {
    serde_wasm_bindgen::to_value(report).unwrap_or_else(|_| JsValue::from_str(report.code.as_str()))
}
