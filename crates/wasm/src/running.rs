//! Operations under way, each known to JavaScript by a number.

use std::cell::RefCell;

use crmlink::endpoint::{Options, json};
use crmlink::error::{Error, Refusal};
use crmlink::flow::{Flow, Loss, Millis, Todo};
use crmlink::http::Response;
use crmlink::unified::input::Input;
use crmlink::unified::operation::Operation;
use crmlink::vendors::{self, Vendor};
use wasm_bindgen::prelude::*;

use crate::{message, report, thrown};

#[derive(Default)]
struct Running {
    last: u32,
    flows: Vec<(u32, Box<Flow<'static>>)>,
}

thread_local! {
    static RUNNING: RefCell<Running> = RefCell::default();
}

/// Starts an operation from its input as JSON text, and answers its number. `entropy` is any number.
///
/// # Errors
/// The error's report as an object.
#[wasm_bindgen(js_name = start)]
pub fn start(
    vendor: &str,
    operation: &str,
    input: &str,
    options: &str,
    entropy: u32,
) -> Result<u32, JsValue> {
    let flow = begin(vendor, operation, input, options, u64::from(entropy)).map_err(report)?;
    let number = RUNNING.with_borrow_mut(|running| {
        running.last = running.last.wrapping_add(1);
        running.last
    });
    put(number, Box::new(flow));
    Ok(number)
}

/// What to do next, at a time in milliseconds: `send N` and, in the next lines, the request's message; `wait MS`; `await`;
/// `done`.
///
/// # Errors
/// A report when the number is not known.
#[wasm_bindgen(js_name = poll)]
pub fn poll(number: u32, now: f64) -> Result<String, JsValue> {
    with(number, |flow| match flow.poll(millis(now)) {
        Todo::Send(id, request) => format!("send {id}\n{}", message::write(&request)),
        Todo::Wait(wait) => format!("wait {wait}"),
        Todo::Await => "await".to_owned(),
        Todo::Done => "done".to_owned(),
    })
}

/// Hands in the answer to a request.
///
/// # Errors
/// A report when the number is not known.
#[wasm_bindgen(js_name = answered)]
pub fn answered(
    number: u32,
    id: u32,
    status: u16,
    headers: &str,
    body: String,
    now: f64,
) -> Result<(), JsValue> {
    let response = Response {
        status,
        headers: message::headers(headers),
        body,
    };
    with(number, |flow| flow.answered(id, &response, millis(now)))
}

/// Hands in the news that no answer will come: `not_sent`, `broken`, `timeout` or `aborted`.
///
/// # Errors
/// A report when the number is not known.
#[wasm_bindgen(js_name = lost)]
pub fn lost(number: u32, id: u32, loss: &str, now: f64) -> Result<(), JsValue> {
    let loss = match loss {
        "not_sent" => Loss::NotSent,
        "timeout" => Loss::Timeout,
        "aborted" => Loss::Aborted,
        _ => Loss::Broken,
    };
    with(number, |flow| flow.lost(id, loss, millis(now)))
}

/// Cancels: nothing more is sent.
///
/// # Errors
/// A report when the number is not known.
#[wasm_bindgen(js_name = abort)]
pub fn abort(number: u32) -> Result<(), JsValue> {
    with(number, Flow::abort)
}

/// The receipt of an operation that is done, as JSON text.
///
/// # Errors
/// The first reason as an object, when not one link is true and for none it is unknown.
#[wasm_bindgen(js_name = receipt)]
pub fn receipt(number: u32) -> Result<String, JsValue> {
    match with(number, Flow::receipt)? {
        Ok(receipt) => Ok(json(&receipt)),
        Err(failed) => Err(thrown(&failed.reason)),
    }
}

/// What became of the links that were settled since this was last asked, as JSON text: a list of link receipts.
///
/// # Errors
/// A report when the number is not known.
#[wasm_bindgen(js_name = settled)]
pub fn settled(number: u32) -> Result<String, JsValue> {
    with(number, |flow| json(&flow.settled()))
}

/// Forgets an operation.
#[wasm_bindgen(js_name = forget)]
pub fn forget(number: u32) {
    drop(take(number));
}

/// The operation outlives its input's text, so it owns what it needs.
fn begin(
    vendor: &str,
    operation: &str,
    input: &str,
    options: &str,
    entropy: u64,
) -> Result<Flow<'static>, Error> {
    let vendor = Vendor::parse(vendor)?;
    let options = Options::parse(options)?;
    let input = Input::read(Operation::parse(operation)?, input)?;
    let script = vendors::script(vendor, input.into_owned(), &options)?;
    Ok(Flow::of(vendor, script, &options, entropy))
}

fn with<T>(number: u32, act: impl FnOnce(&mut Flow<'static>) -> T) -> Result<T, JsValue> {
    // Out and in again, so that what acts on the operation is compiled once and not within each borrow.
    let Some(mut flow) = take(number) else {
        let message = "expected an operation under way, this one is not";
        return Err(report(Refusal::input("operation", message).into()));
    };
    let done = act(&mut flow);
    put(number, flow);
    Ok(done)
}

fn take(number: u32) -> Option<Box<Flow<'static>>> {
    RUNNING.with_borrow_mut(|running| {
        let place = running
            .flows
            .iter()
            .position(|(known, _)| *known == number)?;
        Some(running.flows.swap_remove(place).1)
    })
}

fn put(number: u32, flow: Box<Flow<'static>>) {
    RUNNING.with_borrow_mut(|running| running.flows.push((number, flow)));
}

/// JavaScript's milliseconds are a float; those of any clock fit.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "negative and oversized times saturate, which no clock reaches"
)]
const fn millis(now: f64) -> Millis {
    now as Millis
}
