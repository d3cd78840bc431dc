//! Operations whose vendor answers anything.

use std::cell::RefCell;
use std::collections::VecDeque;

use crmlink::error::Report;
use crmlink::flow::{Flow, Loss};
use crmlink::http::{Headers, Response};
use crmlink::unified::operation::{Operation, Verb};
use crmlink::unified::query::Query;
use crmlink::unified::receipt::{Outcome, Receipt};
use crmlink::unified::upsert::Written;
use crmlink::vendors::Vendor;
use serde_json::Value;

use crate::answer::is_json;
use crate::drive::{self, How, TOKEN, drive, options};
use crate::text::{choose, first_line, json, status, text};

/// What stands between the input and the answers, and between the answers.
pub(crate) const BETWEEN: &str = "\n~\n";

/// A vendor, an operation and perhaps words about the driver, the input, then what each request comes to: a status and headers in the
/// first line and a body below, or `lost` and how. With `again` the last answer is that of all further requests; without,
/// they are lost. With `renews` the token can be renewed, with `hurried` the operation has ten seconds.
///
/// The operation ends, in time. Its receipt has every link that was asked for, in order, and says of none that it was made unless
/// the vendor said something that can be read; it shows no token.
///
/// # Panics
/// When that is not so.
pub fn operation(data: &[u8]) {
    let text = text(data);
    // A fuzzer that has seen what it is compared with puts it in: then it is no leak.
    if text.contains(TOKEN) {
        return;
    }
    let mut parts = text.split(BETWEEN);
    let (first, input) = first_line(parts.next().unwrap_or_default());
    let mut words = first.split(' ');
    let mut word = || words.next().unwrap_or_default();
    let vendor = *choose(&Vendor::ALL, word(), |vendor| vendor.as_str());
    let operation = drive::operation(word());
    let driver: Vec<_> = words.collect();
    let driven = |word: &str| driver.contains(&word);
    let again = driven("again");
    let started = Flow::start(vendor, operation.as_str(), input, &options(vendor), 7);
    let Ok(mut flow) = started else {
        return;
    };
    drop(flow.plan());
    let how = How {
        renews: driven("renews"),
        hurried: driven("hurried"),
    };
    let mut answers: VecDeque<_> = parts.map(outcome).collect();
    let told = RefCell::new(Told::default());
    drive(&mut flow, how, |_| {
        let answer = match answers.len() {
            0 => Err(Loss::Broken),
            1 if again => answers[0].clone(),
            _ => answers.pop_front().unwrap_or(Err(Loss::Broken)),
        };
        told.borrow_mut().hear(&answer);
        answer
    });
    let receipt = match flow.receipt() {
        Ok(receipt) => receipt,
        Err(nothing) => {
            assert!(!nothing.reason.message.is_empty());
            nothing.receipt
        }
    };
    check(&receipt, operation, input, &told.into_inner());
}

/// What a part of the text says that a request comes to.
pub(crate) fn outcome(part: &str) -> Result<Response, Loss> {
    let (first, body) = first_line(part);
    let (word, headers) = first.split_once(' ').unwrap_or((first, ""));
    match (word, headers) {
        ("lost", "timeout") => Err(Loss::Timeout),
        ("lost", "not_sent") => Err(Loss::NotSent),
        ("lost", "aborted") => Err(Loss::Aborted),
        ("lost", _) => Err(Loss::Broken),
        _ => Ok(Response {
            status: status(word),
            headers: self::headers(headers),
            body: body.to_owned(),
        }),
    }
}

/// `name=value` with `; ` between two.
pub(crate) fn headers(text: &str) -> Headers {
    let pairs = text.split("; ").filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect()
}

/// What the vendor said, as far as it proves anything.
#[derive(Default)]
struct Told {
    /// A success that can be read.
    success: bool,
    /// Anything that can be read.
    anything: bool,
}

impl Told {
    fn hear(&mut self, answer: &Result<Response, Loss>) {
        let Ok(response) = answer else {
            return;
        };
        let readable = is_json(&response.body) || response.body.trim().is_empty();
        self.anything |= readable;
        self.success |= readable && (200..300).contains(&response.status);
    }
}

fn check(receipt: &Receipt, operation: Operation, input: &str, told: &Told) {
    if let (Operation::Associations(verb), Receipt::Links(linking)) = (operation, receipt) {
        let asked = asked(&json(input).unwrap_or_default());
        let found: Vec<_> = linking
            .links
            .iter()
            .map(|link| link.to.id.clone())
            .collect();
        match verb {
            // It takes others away besides.
            Verb::Set => assert!(found.starts_with(&asked), "{found:?} is not {asked:?}"),
            _ => assert_eq!(found, asked),
        }
        for link in &linking.links {
            assert_eq!(
                link.outcome.is_good(),
                link.reason.is_none(),
                "{link:?} for {input}"
            );
            told_how(link.outcome == Outcome::Unknown, link.reason.as_deref());
        }
    }
    for outcome in receipt.links().iter().map(|link| link.outcome) {
        match outcome {
            Outcome::Linked | Outcome::Removed => {
                assert!(told.success, "{outcome:?} without an answer: {input}");
            }
            Outcome::AlreadyLinked | Outcome::AlreadyRemoved => {
                assert!(told.anything, "{outcome:?} without an answer: {input}");
            }
            Outcome::NotLinked | Outcome::NotRemoved | Outcome::Unknown => {}
        }
    }
    if let Receipt::Upsert(upsert) = receipt {
        let asked = match json(input) {
            Some(Value::Array(records)) => records.len(),
            _ => 1,
        };
        assert_eq!(upsert.records().len(), asked);
        for record in upsert.records() {
            match record.outcome {
                Written::Created | Written::Updated => assert!(told.success, "{record:?}"),
                Written::Failed | Written::Unknown => {
                    assert!(record.reason.is_some(), "{record:?}");
                }
            }
            told_how(record.outcome == Written::Unknown, record.reason.as_deref());
        }
    }
    assert!((200..600).contains(&receipt.status()));
    let whole = serde_json::to_string(receipt).expect("JSON");
    assert!(!whole.contains(TOKEN), "a receipt shows the token");
    for query in [
        "",
        "truto_response_format=normalized",
        "truto_response_format=raw",
    ] {
        let query = Query::parse(query).expect("a query");
        let shown = receipt.respond(&query);
        assert!(is_json(&shown), "{shown}");
    }
}

/// What is unknown says how to find out, and nothing else does.
fn told_how(unknown: bool, reason: Option<&Report>) {
    let says = reason.is_some_and(|reason| reason.reconcile.is_some());
    assert_eq!(says, unknown, "{reason:?}");
}

/// The ids of the links that are asked for, in order.
fn asked(input: &Value) -> Vec<String> {
    let groups = input["associations"].as_object().into_iter().flatten();
    let id = |target: &Value| match target {
        Value::Object(fields) => text_of(&fields["id"]),
        other => text_of(other),
    };
    let ids = groups.flat_map(|(_, targets)| match targets {
        Value::Array(targets) => targets.iter().map(id).collect(),
        Value::String(ids) => ids.split(',').map(str::to_owned).collect(),
        Value::Null => Vec::new(),
        one => vec![id(one)],
    });
    ids.collect()
}

fn text_of(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
