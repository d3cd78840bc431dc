//! How the Worker hands a call on an account to the account's object.

use crmlink::error::{Code, Failure, Report, Sent};
use serde::{Deserialize, Serialize};
use worker::web_sys;
use worker::{Env, Headers, Request, Response, ResponseBody};

use crate::access::Permit;
use crate::answer::{Answer, Body};
use crate::fault::Fault;
use crate::incoming::Incoming;
use crate::trace::{self, TRACEPARENT};

/// Who calls on which account, as the Worker has found it out. The object takes it at its word: nobody but the Worker
/// reaches an object, and what a caller writes into this header never does.
#[derive(Serialize, Deserialize)]
pub(crate) struct Call {
    /// The id of the account, which is one of the caller's tenant.
    pub(crate) account: String,
    /// What the caller may do.
    pub(crate) permit: Permit,
}

impl Call {
    /// The call that the Worker has handed over.
    pub(super) fn of(incoming: &Incoming) -> Option<Self> {
        serde_json::from_str(&incoming.header(HEADER)?).ok()
    }

    /// Whether it is on this account.
    pub(super) fn is_on(&self, tenant: &str, account: &str) -> bool {
        self.permit.tenant() == tenant && self.account == account
    }

    /// The name of the account's object. A tenant's name has no slash.
    fn name(&self) -> String {
        format!("{}/{}", self.permit.tenant(), self.account)
    }
}

/// Has a call carried out by the object of its account. The body passes through unread, in both directions, but where
/// it is given here.
pub(crate) async fn hand(
    call: &Call,
    incoming: &Incoming,
    body: Option<&str>,
    env: &Env,
) -> Result<Answer, Fault> {
    let response = send(call, incoming, body, env)
        .await
        .map_err(|_| broken())?;
    let mut answer = Answer::empty(response.status_code());
    for (name, value) in response.headers().entries() {
        answer = answer.with(name, value);
    }
    if let (_, ResponseBody::Stream(stream)) = response.into_parts() {
        answer.body = Body::Passing(stream);
    }
    answer.told = true;
    Ok(answer)
}

async fn send(
    call: &Call,
    incoming: &Incoming,
    body: Option<&str>,
    env: &Env,
) -> worker::Result<Response> {
    let headers = Headers::new();
    let of_the_body = |name: &&str| body.is_none() || *name != "content-length";
    for name in HANDED.into_iter().filter(of_the_body) {
        if let Some(value) = incoming.header(name) {
            headers.set(name, &value)?;
        }
    }
    // Letters beyond ASCII can't stand in a header.
    let text = crmlink::endpoint::json(call);
    headers.set(HEADER, &ascii(&text))?;
    if let Some(trace) = trace::current() {
        headers.set(TRACEPARENT, &trace.header())?;
    }
    let init = web_sys::RequestInit::new();
    init.set_headers(&headers.0);
    init.set_redirect(web_sys::RequestRedirect::Manual);
    let request = match body {
        None => web_sys::Request::new_with_request_and_init(incoming.inner(), &init)?,
        Some(body) => {
            init.set_method(incoming.method());
            init.set_body(&body.into());
            web_sys::Request::new_with_str_and_init(incoming.url(), &init)?
        }
    };
    let objects = env.durable_object(BINDING)?;
    let stub = objects.get_by_name(&call.name())?;
    stub.fetch_with_request(Request::from(request)).await
}

/// JSON without letters beyond ASCII, which all stand within its texts.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter.is_ascii() {
            text.push(letter);
        } else {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                text.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    text
}

fn broken() -> Fault {
    let message =
        "the account's object broke off: what it had sent to the vendor may have taken effect";
    let failure = Failure::unanswered("", Code::Internal, Sent::Maybe, message);
    Report {
        vendor: None,
        ..Report::from(&failure)
    }
    .into()
}

/// The headers of the caller's that an object gets to see. Not the key.
const HANDED: [&str; 7] = [
    "content-type",
    "content-encoding",
    "content-length",
    "version",
    "idempotency-key",
    "traceparent",
    "tracestate",
];

/// The header that holds a [`Call`].
const HEADER: &str = "x-crmlink-call";

/// The binding of the objects, as wrangler.toml has it.
const BINDING: &str = "ACCOUNTS";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_stands_in_a_header_whatever_its_names() {
        let account = crmlink::endpoint::json(&"a\"b\\é😀");
        let text = ascii(&account);
        assert!(text.is_ascii());
        let read: String = serde_json::from_str(&text).unwrap();
        assert_eq!(read, "a\"b\\é😀");
    }
}
