//! The one file that sends.

use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use crmlink::error::{Code, Report, Sent};
use crmlink::flow::{Flow, Loss, Millis, Renewed, Then, Todo};
use crmlink::http::{self, Request};
use crmlink::pace::Pace;
use crmlink::retry::Policy;
use crmlink::secret::Secret;
use crmlink::vendors::Vendor;
use futures_util::future::{Either, LocalBoxFuture, select};
use futures_util::stream::{self, FuturesUnordered};
use futures_util::{FutureExt, StreamExt};
use worker::js_sys::Math;
use worker::web_sys::ReadableStream;
use worker::{
    AbortController, Date, Delay, Fetch, Headers, RequestInit, RequestRedirect, Response,
    ResponseBody, ResponseBuilder,
};

use crate::answer::{Answer, Body};
use crate::bounded::{self, Cut};
use crate::fault::Fault;
use crate::trace::{self, TRACEPARENT};

/// How long a vendor may take for one answer.
const PATIENCE: Duration = Duration::from_secs(25);

/// The largest answer that is read, in bytes. One that passes through unread may be larger.
pub(crate) const LARGEST: usize = 4 << 20;

/// How long an operation may take, and a body that an account's object passes on, in milliseconds.
const DEADLINE: Millis = 100_000;

/// How many requests an operation may send: the platform lets a call make a thousand, and cuts off what goes beyond.
const MOST_CALLS: u32 = 900;

/// Gets a new token of the account's.
pub(crate) type Renew = Rc<dyn Fn() -> LocalBoxFuture<'static, Result<Renewed, Report>>>;

/// What happens while an operation is under way.
enum News {
    Answer(u32, trace::Call, Result<http::Response, Loss>),
    Token(Result<Renewed, Report>),
}

/// Carries an operation out to its end: `pace` is that of its account, `renew` gets a new token where there can be one,
/// and `after` looks at it after each answer.
pub(crate) async fn carry_out<'f>(
    flow: &mut Flow<'f>,
    pace: &RefCell<Pace>,
    renew: Option<&Renew>,
    mut after: impl FnMut(&mut Flow<'f>),
) {
    flow.patience(PATIENCE.as_secs() * 1_000);
    flow.until(now() + DEADLINE);
    flow.at_most(MOST_CALLS);
    if renew.is_some() {
        flow.renewable();
    }
    let mut underway: FuturesUnordered<LocalBoxFuture<'_, News>> = FuturesUnordered::new();
    loop {
        let todo = flow.poll(now(), &mut pace.borrow_mut());
        let wait = match todo {
            Todo::Send(id, request, patience) => {
                let patience = Duration::from_millis(patience);
                let call = trace::call(Some(flow.vendor()), &request, flow.attempt(id));
                let answer = async move {
                    let came = whole(&request, patience).await;
                    News::Answer(id, call, came)
                };
                underway.push(answer.boxed_local());
                continue;
            }
            Todo::Renew => {
                if let Some(renew) = renew {
                    underway.push(renew().map(News::Token).boxed_local());
                }
                continue;
            }
            Todo::Wait(millis) => Some(Duration::from_millis(millis)),
            Todo::Await => None,
            Todo::Done => return after(flow),
        };
        let came = match wait {
            None => underway.next().await,
            Some(wait) if underway.is_empty() => {
                Delay::from(wait).await;
                None
            }
            Some(wait) => match select(underway.next(), pin!(Delay::from(wait))).await {
                Either::Left((came, _)) => came,
                Either::Right(_) => None,
            },
        };
        match came {
            Some(News::Answer(id, call, came)) => {
                let pace = &mut pace.borrow_mut();
                let (end, then) = match came {
                    Ok(response) => (
                        Ok(response.status),
                        flow.answered(id, &response, now(), pace),
                    ),
                    Err(loss) => (Err(loss), flow.lost(id, loss, now(), pace)),
                };
                call.ended(end, then);
            }
            Some(News::Token(renewed)) => flow.renewed(renewed),
            None => continue,
        }
        after(flow);
    }
}

/// Sends one request and passes the vendor's answer on as it is: status, body, and the headers that are for the caller.
///
/// A redirect is an error: it is not followed, and not handed to a caller who would follow it with a token.
///
/// `pace` is that of the account, where the token is one's. Its caller does not know the token, and some vendors repeat what
/// they were sent: then it is hidden in all that passes.
pub(crate) async fn pass(
    vendor: Vendor,
    request: &Request,
    pace: Option<&RefCell<Pace>>,
) -> Result<Answer, Fault> {
    let name = vendor.as_str();
    let ticket = pace.map(|pace| pace.borrow_mut().sending(now(), &Policy::default()));
    let call = trace::call(Some(vendor), request, 1);
    let came = exchange(request, PATIENCE, async |mut response| {
        // A refusal is short, and comes within its time as what is read does.
        let refusal = match response.status_code() {
            400.. => Some(bytes(&mut response).await?),
            _ => None,
        };
        Ok((response, refusal))
    })
    .await;
    let (end, then) = match &came {
        Ok((response, _)) => (Ok(response.status_code()), Then::Taken),
        Err(loss) => (Err(*loss), Then::GivenUp),
    };
    call.ended(end, then);
    if let (Some(pace), Some(ticket)) = (pace, ticket) {
        let mut pace = pace.borrow_mut();
        match &came {
            Ok((response, _)) => {
                pace.heard(&response.headers().entries().collect(), ticket, now());
            }
            Err(_) => pace.gone(),
        }
    }
    let (response, refusal) = came.map_err(|loss| lost(name, loss))?;
    let status = response.status_code();
    if !matches!(status, 200..=299 | 400..=599) {
        let message = format!(
            "{name} answered {status}, which is neither a success nor an error: not followed"
        );
        return Err(Fault::unanswered(
            name,
            Code::UnexpectedResponse,
            Sent::Yes,
            &message,
        ));
    }
    let token = pace.and_then(|_| token_of(request));
    let mut answer = Answer::empty(status);
    for (header, value) in response.headers().entries() {
        if is_for_the_caller(&header) {
            let value = match &token {
                Some(token) => token.hidden_in(&value).into_owned(),
                None => value,
            };
            answer = answer.with(header, value);
        }
    }
    answer.body = match (refusal, response.into_parts().1, token) {
        (Some(refusal), _, Some(token)) => Body::Bytes(token.hidden_in_bytes(refusal)),
        (Some(refusal), _, None) => Body::Bytes(refusal),
        (None, ResponseBody::Stream(stream), Some(token)) => without(token, stream),
        (None, ResponseBody::Stream(stream), None) => Body::Passing(stream),
        (None, ..) => Body::Empty,
    };
    Ok(answer)
}

/// The token that a request is sent with.
fn token_of(request: &Request) -> Option<Secret> {
    let header = request.headers.get("authorization")?;
    Secret::new(header.strip_prefix("Bearer ")?).ok()
}

/// A body as it passes, without the token, and for as long as it may: an account's object has nobody else to end it.
fn without(token: Secret, body: ReadableStream) -> Body {
    let until = now() + DEADLINE;
    let Ok(body) = ResponseBuilder::new().stream(body).stream() else {
        return Body::Empty;
    };
    let pieces = stream::unfold(Some((body, Vec::new())), move |state| {
        let token = token.clone();
        async move {
            let (mut body, mut held) = state?;
            loop {
                let left = Duration::from_millis(until.saturating_sub(now()));
                let piece = match select(body.next(), pin!(Delay::from(left))).await {
                    Either::Left((piece, _)) => piece,
                    Either::Right(_) => Some(Err("the body's time is over".into())),
                };
                match piece {
                    Some(Ok(piece)) => held.extend(piece),
                    Some(Err(error)) => return Some((Err(error), None)),
                    None => return Some((Ok(held), None)),
                }
                held = token.hidden_in_bytes(held);
                let rest = held.len().saturating_sub(token.longest_beginning());
                if rest > 0 {
                    let beginning = held.split_off(rest);
                    return Some((Ok(held), Some((body, beginning))));
                }
            }
        }
    });
    match ResponseBuilder::new().from_stream(pieces) {
        Ok(response) => match response.into_parts().1 {
            ResponseBody::Stream(stream) => Body::Passing(stream),
            _ => Body::Empty,
        },
        Err(_) => Body::Empty,
    }
}

/// Any number.
pub(crate) fn entropy() -> u64 {
    // 53 bits are what a double holds exactly.
    (Math::random() * 9_007_199_254_740_992.0) as u64
}

/// Sends one request and reads its answer, within the time that it may take.
pub(crate) async fn answer(request: &Request, patience: Duration) -> Result<http::Response, Loss> {
    let call = trace::call(None, request, 1);
    let came = whole(request, patience).await;
    match &came {
        Ok(response) => call.ended(Ok(response.status), Then::Taken),
        Err(loss) => call.ended(Err(*loss), Then::GivenUp),
    }
    came
}

async fn whole(request: &Request, patience: Duration) -> Result<http::Response, Loss> {
    exchange(request, patience, async |mut response| {
        Ok(http::Response {
            status: response.status_code(),
            headers: response.headers().entries().collect(),
            body: text(bytes(&mut response).await?),
        })
    })
    .await
}

/// The body, as far as it may go on.
async fn bytes(response: &mut Response) -> Result<Vec<u8>, Loss> {
    let declared = response.headers().get("content-length").ok().flatten();
    let declared = declared.and_then(|size| size.parse::<usize>().ok());
    if declared.is_some_and(|size| size > LARGEST) {
        return Err(Loss::TooLarge);
    }
    let Ok(stream) = response.stream() else {
        return Ok(Vec::new());
    };
    let bytes = bounded::read(stream, LARGEST).await;
    bytes.map_err(|cut| match cut {
        Cut::TooLarge => Loss::TooLarge,
        Cut::Broken => Loss::Broken,
    })
}

/// What is no UTF-8 is told by those who read it.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Sends a request and reads its answer, both within the time that they may take.
async fn exchange<T>(
    request: &Request,
    patience: Duration,
    read: impl AsyncFnOnce(Response) -> Result<T, Loss>,
) -> Result<T, Loss> {
    let request = outgoing(request).map_err(|_| Loss::NotSent)?;
    let controller = AbortController::default();
    let signal = controller.signal();
    let work = async {
        let response = Fetch::Request(request).send_with_signal(&signal).await;
        read(response.map_err(|_| Loss::Broken)?).await
    };
    let done = match select(pin!(work), pin!(Delay::from(patience))).await {
        Either::Left((done, _)) => done,
        Either::Right(_) => Err(Loss::Timeout),
    };
    if done.is_err() {
        // What is not read need not come.
        controller.abort();
    }
    done
}

fn outgoing(request: &Request) -> worker::Result<worker::Request> {
    let headers = Headers::new();
    for (name, value) in request.headers.iter() {
        headers.set(name, value)?;
    }
    if let Some(trace) = trace::current() {
        headers.set(TRACEPARENT, &trace.header())?;
    }
    let init = RequestInit {
        body: request.body.as_deref().map(Into::into),
        headers,
        method: request.method.as_str().to_owned().into(),
        redirect: RequestRedirect::Manual,
        ..RequestInit::default()
    };
    worker::Request::new_with_init(&request.url, &init)
}

/// The fault of an answer that never came.
pub(crate) fn lost(vendor: &'static str, loss: Loss) -> Fault {
    let (code, sent, message) = match loss {
        Loss::Timeout => (
            Code::Timeout,
            Sent::Maybe,
            "did not answer in time: what was asked may have happened",
        ),
        Loss::NotSent => (Code::VendorUnavailable, Sent::No, "could not be asked"),
        _ => (
            Code::VendorUnavailable,
            Sent::Maybe,
            "could not be reached, or broke the connection: what was asked may have happened",
        ),
    };
    Fault::unanswered(vendor, code, sent, &format!("{vendor} {message}"))
}

/// The type of the body, the vendor's limits and the ids by which its support finds a call. No cookie, no redirect, no
/// rule for browsers.
fn is_for_the_caller(header: &str) -> bool {
    const NAMES: [&str; 9] = [
        "content-type",
        "content-language",
        "retry-after",
        "deprecation",
        "sunset",
        "warning",
        "sforce-limit-info",
        "traceid",
        "x-trace-id",
    ];
    NAMES.contains(&header)
        || header.contains("ratelimit")
        || header.ends_with("correlation-id")
        || header.ends_with("request-id")
}

/// The time, in milliseconds since 1970.
pub(crate) fn now() -> u64 {
    Date::now().as_millis()
}
