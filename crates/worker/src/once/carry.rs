//! Carrying a call out once.

use std::rc::Rc;

use crmlink::endpoint::json;
use crmlink::error::{Code, Failure, Report, Sent};
use futures_channel::mpsc;
use futures_util::StreamExt;
use worker::ResponseBuilder;

use super::keep::{Kept, Name};
use super::{Anew, Decision, HEADER, decide, is_kept, key};
use crate::access::{Need, Permit, Scope};
use crate::account::Inside;
use crate::answer::{Answer, Body};
use crate::bounded;
use crate::drive;
use crate::fault::Fault;
use crate::incoming::Incoming;

/// Carries a call out, or answers what it was answered before. `anew` says when it may be begun anew where it broke off;
/// `written` makes the answer of an error, as the caller gets it.
pub(crate) async fn carry_out(
    inside: &Rc<Inside>,
    permit: &Permit,
    anew: Anew,
    incoming: &mut Incoming,
    work: impl AsyncFnOnce(&mut Incoming) -> Result<Answer, Fault>,
    written: impl Fn(Result<Answer, Fault>) -> Answer,
) -> Result<Answer, Fault> {
    let value = incoming.header(HEADER);
    let Some(value) = value.filter(|_| permit.need() == Need::Scope(Scope::Write)) else {
        return work(incoming).await;
    };
    let name = Name {
        caller: permit.caller().to_owned(),
        route: format!("{} {}", incoming.method(), incoming.path()),
        key: key(&value)?.to_owned(),
    };
    let body = incoming.body().await?.to_vec();
    let version = incoming.header("version").unwrap_or_default();
    // A token that may see less than the one before is not told what that one saw.
    let limits = permit
        .claims()
        .map(|claims| json(&(claims.remote, &claims.fields)));
    let limits = limits.unwrap_or_default();
    let parts = [
        incoming.query().as_bytes(),
        version.as_bytes(),
        limits.as_bytes(),
        &body,
    ];
    let prints = inside.fingerprints(&parts).await?;
    // Nothing is awaited between the look and the note: no other call comes between.
    match decide(inside.known(&name)?.as_ref(), &prints, anew, drive::now())? {
        Decision::Run => inside.begin(&name, prints.first().map_or("", String::as_str))?,
        Decision::Replay => {
            let kept = inside.kept_answer(&name).await?;
            return Ok(answer(kept).with("idempotent-replayed", "true"));
        }
    }
    let done = match work(incoming).await {
        Ok(answer) => whole(answer).await,
        Err(fault) => Err(fault),
    };
    let again = match &done {
        Ok(answer) => is_untouched(answer),
        Err(fault) => !is_kept(&fault.report),
    };
    if again {
        inside.forget(&name)?;
        return done;
    }
    Ok(keep(inside, name, written(done)).await)
}

/// Keeps the answer, and gives it on.
async fn keep(inside: &Rc<Inside>, name: Name, mut answer: Answer) -> Answer {
    let mut kept = Kept {
        status: answer.status,
        headers: answer
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect(),
        body: Vec::new(),
    };
    match std::mem::replace(&mut answer.body, Body::Empty) {
        Body::Empty => {}
        Body::Text(text) => {
            kept.body = text.clone().into_bytes();
            answer.body = Body::Text(text);
        }
        Body::Bytes(bytes) => {
            kept.body.clone_from(&bytes);
            answer.body = Body::Bytes(bytes);
        }
        // It was read whole before.
        Body::Passing(stream) => answer.body = Body::Passing(stream),
        Body::Lines(mut lines) => {
            // Whether or not somebody still listens, it is heard to its end.
            let (say, heard) = mpsc::unbounded();
            let held = Rc::clone(inside);
            inside.state.wait_until(async move {
                while let Some(line) = lines.next().await {
                    kept.body.extend(line.as_bytes());
                    drop(say.unbounded_send(line));
                }
                drop(held.end(&name, &kept).await);
            });
            answer.body = Body::Lines(heard.boxed_local());
            return answer;
        }
    }
    // Where it cannot be kept, it is the answer all the same.
    drop(inside.end(&name, &kept).await);
    answer
}

fn answer(kept: Kept) -> Answer {
    let mut answer = Answer::empty(kept.status);
    for (name, value) in kept.headers {
        answer = answer.with(name, value);
    }
    answer.body = Body::Bytes(kept.body);
    answer
}

/// A vendor's answer that says that nothing was begun.
fn is_untouched(answer: &Answer) -> bool {
    let later = || answer.headers.iter().any(|(name, _)| name == "retry-after");
    match answer.status {
        401 | 429 => true,
        423 | 477 | 503 => later(),
        _ => false,
    }
}

/// An answer of the vendor's, read whole. Of one that breaks off, or is larger than what is read, nobody is told that it was whole.
async fn whole(mut answer: Answer) -> Result<Answer, Fault> {
    if let Body::Passing(stream) = answer.body {
        let mut response = ResponseBuilder::new().stream(stream);
        let stream = response.stream().map_err(|_| broken_off())?;
        let bytes = bounded::read(stream, drive::LARGEST).await;
        answer.body = Body::Bytes(bytes.map_err(|_| broken_off())?);
    }
    Ok(answer)
}

fn broken_off() -> Fault {
    let message = "the vendor's answer broke off: what was asked may have happened";
    let failure = Failure::unanswered("", Code::UnexpectedResponse, Sent::Yes, message);
    let report = Report {
        vendor: None,
        ..Report::from(&failure)
    };
    report.into()
}
