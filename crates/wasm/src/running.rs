//! Operations under way, each known to JavaScript by a number.

use std::cell::RefCell;

use crmlink::endpoint::{Options, json};
use crmlink::error::{Code, Error, Failure, Refusal, Report, Sent};
use crmlink::flow::{Flow, Loss, Millis, Renewed, Todo};
use crmlink::http::Response;
use crmlink::pace::Pace;
use crmlink::secret::Secret;
use crmlink::unified::input::Input;
use crmlink::unified::operation;
use crmlink::vendors::{self, Vendor};
use wasm_bindgen::prelude::*;

use crate::{message, report, thrown};

#[derive(Default)]
struct Running {
    last: u32,
    flows: Vec<(u32, Operation)>,
    /// The paces of connections, those that were used last at the end.
    paces: Vec<(u32, Box<Pace>)>,
}

struct Operation {
    flow: Box<Flow<'static>>,
    pace: u32,
}

/// Of more connections the paces are forgotten, the longest unused first: nobody says when a connection is dropped.
const MOST_PACES: usize = 1_000;

thread_local! {
    static RUNNING: RefCell<Running> = RefCell::default();
}

/// Makes a pace for the operations of a connection, and answers its number.
#[wasm_bindgen(js_name = pace)]
#[must_use]
pub fn pace() -> u32 {
    RUNNING.with_borrow_mut(|running| {
        running.last = running.last.wrapping_add(1);
        running.last
    })
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
    pace: u32,
) -> Result<u32, JsValue> {
    let flow = begin(vendor, operation, input, options, u64::from(entropy)).map_err(report)?;
    let flow = Box::new(flow);
    let number = self::pace();
    RUNNING.with_borrow_mut(|running| running.flows.push((number, Operation { flow, pace })));
    Ok(number)
}

/// Sets how long one answer may take, the time by which the operation ends, and whether its token can be renewed.
///
/// # Errors
/// A report when the number is not known.
#[wasm_bindgen(js_name = bind)]
pub fn bind(number: u32, patience: f64, until: f64, renewable: bool) -> Result<(), JsValue> {
    with(number, |flow, _| {
        flow.patience(millis(patience));
        flow.until(millis(until));
        if renewable {
            flow.renewable();
        }
    })
}

/// Hands in the token that was asked for, and the account's new origin, which is empty where it has none; an empty token, with
/// why there is none, where there is none.
///
/// # Errors
/// A report when the number is not known.
#[wasm_bindgen(js_name = renewed)]
pub fn renewed(number: u32, token: String, origin: String, why: String) -> Result<(), JsValue> {
    let token = match token.as_str() {
        "" => Err(Report::from(&Failure::unanswered(
            "",
            Code::Unauthenticated,
            Sent::No,
            why,
        ))),
        _ => Secret::new(token).map_err(|refusal| Report::from(&refusal)),
    };
    let origin = (!origin.is_empty()).then_some(origin);
    let renewed = token.map(|token| Renewed { token, origin });
    with(number, |flow, _| flow.renewed(renewed))
}

/// What to do next, at a time in milliseconds: `send N MS` and, in the next lines, the request's message; `renew`; `wait MS`;
/// `await`; `done`.
///
/// # Errors
/// A report when the number is not known.
#[wasm_bindgen(js_name = poll)]
pub fn poll(number: u32, now: f64) -> Result<String, JsValue> {
    with(number, |flow, pace| match flow.poll(millis(now), pace) {
        Todo::Send(id, request, patience) => {
            format!("send {id} {patience}\n{}", message::write(&request))
        }
        Todo::Renew => "renew".to_owned(),
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
    with(number, |flow, pace| {
        flow.answered(id, &response, millis(now), pace);
    })
}

/// Hands in the news that no answer will come: `not_sent`, `broken`, `timeout`, `too_large` or `aborted`.
///
/// # Errors
/// A report when the number is not known.
#[wasm_bindgen(js_name = lost)]
pub fn lost(number: u32, id: u32, loss: &str, now: f64) -> Result<(), JsValue> {
    let loss = match loss {
        "not_sent" => Loss::NotSent,
        "timeout" => Loss::Timeout,
        "aborted" => Loss::Aborted,
        "too_large" => Loss::TooLarge,
        _ => Loss::Broken,
    };
    with(number, |flow, pace| {
        flow.lost(id, loss, millis(now), pace);
    })
}

/// Cancels: nothing more is sent.
///
/// # Errors
/// A report when the number is not known.
#[wasm_bindgen(js_name = abort)]
pub fn abort(number: u32) -> Result<(), JsValue> {
    with(number, |flow, _| flow.abort())
}

/// The receipt of an operation that is done, as JSON text.
///
/// # Errors
/// The first reason as an object, when not one link is true and for none it is unknown.
#[wasm_bindgen(js_name = receipt)]
pub fn receipt(number: u32) -> Result<String, JsValue> {
    match with(number, |flow, _| flow.receipt())? {
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
    with(number, |flow, _| json(&flow.settled()))
}

/// Forgets an operation.
#[wasm_bindgen(js_name = forget)]
pub fn forget(number: u32) {
    drop(with(number, |flow, pace| flow.forsake(pace)));
    RUNNING.with_borrow_mut(|running| running.flows.retain(|(known, _)| *known != number));
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
    let input = Input::read(operation::Operation::parse(operation)?, input)?;
    let script = vendors::script(vendor, input.into_owned(), &options)?;
    Ok(Flow::of(vendor, script, &options, entropy))
}

fn with<T>(
    number: u32,
    act: impl FnOnce(&mut Flow<'static>, &mut Pace) -> T,
) -> Result<T, JsValue> {
    // Out and in again, so that what acts on the operation is compiled once and not within each borrow.
    let Some((mut operation, mut pace)) = take(number) else {
        let message = "expected an operation under way, this one is not";
        return Err(report(Refusal::input("operation", message).into()));
    };
    let done = act(&mut operation.flow, &mut pace);
    RUNNING.with_borrow_mut(|running| {
        running.paces.push((operation.pace, pace));
        if running.paces.len() > MOST_PACES {
            running.paces.remove(0);
        }
        running.flows.push((number, operation));
    });
    Ok(done)
}

fn take(number: u32) -> Option<(Operation, Box<Pace>)> {
    RUNNING.with_borrow_mut(|running| {
        let (flows, paces) = (&mut running.flows, &mut running.paces);
        let place = flows.iter().position(|(known, _)| *known == number)?;
        let (_, operation) = flows.swap_remove(place);
        let place = paces
            .iter()
            .rposition(|(known, _)| *known == operation.pace);
        let pace = place.map(|place| paces.remove(place).1);
        Some((operation, pace.unwrap_or_default()))
    })
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
