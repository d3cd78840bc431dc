//! The unified routes, each one operation of the core, whatever the vendor of the account.
//!
//! 201 where something was made and all is as asked, 200 where all was so before or nothing was to be made, 207 where
//! some is, else the reason's own status, as a problem. An answer in lines says 200 with its first line, and how it ended
//! with its last one.

use std::cell::RefCell;
use std::rc::Rc;

use crmlink::endpoint::{Options, json};
use crmlink::error::{Code, Doubt, Failure, Refusal, Report, Sent};
use crmlink::flow::{Flow, NothingDone};
use crmlink::pace::Pace;
use crmlink::unified::operation::{Operation, TypeVerb};
use crmlink::unified::problem::status_for;
use crmlink::unified::query::{Format, Query};
use crmlink::unified::receipt::Told;
use crmlink::vendors::Vendor;
use futures_channel::mpsc::{self, UnboundedSender};
use futures_util::StreamExt;
use futures_util::stream;
use serde_json::{Map, Value, json};

use crate::access::Permit;
use crate::account::{Held, Inside};
use crate::answer::{self, Answer, Body};
use crate::config::start_fault;
use crate::drive::Renew;
use crate::fault::Fault;
use crate::incoming::Incoming;
use crate::json::{Shape, join};
use crate::route::{Place, Unified};
use crate::{drive, problem, trace};

/// An operation that is to be carried out.
struct Work {
    vendor: Vendor,
    operation: Operation,
    input: String,
    options: Options,
    query: Query,
    pace: Rc<RefCell<Pace>>,
    renew: Option<Renew>,
}

/// What an operation under way says.
enum News {
    /// Of a finished batch.
    Line(String),
    /// In the end.
    Over(Box<Result<Answer, Fault>>),
}

/// Carries the operation out, and answers the receipt as the query asks to see it.
pub(crate) async fn serve(
    permit: &Permit,
    asked: Unified,
    held: Held,
    incoming: &mut Incoming,
    inside: &Rc<Inside>,
) -> Result<Answer, Fault> {
    let (mut query, in_query) = query(asked, incoming)?;
    let operation = meant(asked.operation, &in_query);
    let input = input(asked.input, &in_query, &query, incoming).await?;
    if let Some(claims) = permit.claims() {
        claims.show(&mut query)?;
        inside.spend(claims, claims.allow(operation, &input)?)?;
    }
    let work = Work {
        vendor: held.vendor,
        operation,
        options: Options {
            ignore_remote_data: !query.shows_remote_data(),
            ..held.options
        },
        input,
        query,
        pace: held.pace,
        renew: held.renew,
    };
    let (say, mut news) = mpsc::unbounded();
    // An answer in lines has begun long before its work is over.
    let object = Rc::clone(inside);
    let work = trace::follow(trace::current(), async move {
        work.carry_out(say).await;
        object.save_pace();
    });
    inside.state.wait_until(work);
    match news.next().await {
        Some(News::Over(over)) => *over,
        Some(News::Line(first)) => {
            let first = stream::once(async { News::Line(first) });
            Ok(Answer::lines(first.chain(news).map(line).boxed_local()))
        }
        None => Err(Fault::http(500, Code::Internal, "the operation broke off")),
    }
}

/// The account that the query names.
pub(super) fn account(asked: Unified, incoming: &Incoming) -> Result<Option<String>, Fault> {
    Ok(query(asked, incoming)?.0.integrated_account_id)
}

fn query(asked: Unified, incoming: &Incoming) -> Result<(Query, Map<String, Value>), Refusal> {
    let fields = match asked.input {
        Place::Query(fields) => fields,
        Place::Body | Place::Bodies => &[],
    };
    Query::parse_with(incoming.query(), fields)
}

impl Work {
    async fn carry_out(self, say: UnboundedSender<News>) {
        // Where nobody listens any more, it is carried out all the same.
        let say = |news| drop(say.unbounded_send(news));
        let over = self.answer(|line| say(News::Line(line))).await;
        if self.query.format == Some(Format::Stream) {
            let (status, code) = match &over {
                Ok(answer) => (answer.status, None),
                Err(fault) => (status_for(&fault.report), Some(fault.report.code)),
            };
            trace::note(|trace| trace.lines_end(status, code));
        }
        say(News::Over(Box::new(over)));
    }

    async fn answer(&self, tell: impl Fn(String)) -> Result<Answer, Fault> {
        let (operation, entropy) = (self.operation.as_str(), drive::entropy());
        let mut flow = Flow::start(self.vendor, operation, &self.input, &self.options, entropy)
            .map_err(start_fault)?;
        let mut told = (self.query.format == Some(Format::Stream)).then(Told::default);
        drive::carry_out(&mut flow, &self.pace, self.renew.as_ref(), |flow| {
            if let Some(told) = &mut told
                && let Some(line) = told.line(&flow.settled(), &self.query)
            {
                tell(line);
            }
        })
        .await;
        let told = told.as_ref();
        let receipt = flow.receipt();
        trace::note(|trace| match &receipt {
            Ok(receipt) => trace.became(receipt),
            Err(nothing) => trace.became(&nothing.receipt),
        });
        match receipt {
            Ok(receipt) if receipt.status() < 300 => {
                let (media_type, text) = match told {
                    Some(told) => (answer::LINES, receipt.rest(&self.query, told) + "\n"),
                    None => (answer::JSON, receipt.respond(&self.query)),
                };
                Ok(Answer::text(receipt.status(), media_type, text))
            }
            // What cannot be told is a receipt all the same.
            Ok(receipt) => {
                let report = receipt.reason().cloned();
                let whole = format!("{{\"receipt\":{}}}", receipt.respond(&self.query));
                Err(Fault {
                    beside: join(&[&receipt.beside(told), &whole]),
                    ..Fault::from(report.unwrap_or_else(|| self.unknown()))
                })
            }
            Err(failed) => {
                let NothingDone { receipt, reason } = *failed;
                Err(Fault {
                    beside: receipt.beside(told),
                    ..Fault::from(reason)
                })
            }
        }
    }

    /// Nothing is known to be as asked, and of some of it it cannot be told.
    fn unknown(&self) -> Report {
        let (vendor, code) = (self.vendor.as_str(), Code::UnknownOutcome);
        let message = "it cannot be told what became of it";
        let failure = Failure::unanswered(vendor, code, Sent::Maybe, message);
        Report::from(&failure).in_doubt(Doubt::look_first(": look before you try again"))
    }
}

/// A line of an answer that has begun: its status is told, so the last one is an answer's text, with the status in it.
fn line(news: News) -> String {
    let mut line = match news {
        News::Line(line) => line,
        News::Over(over) => {
            let answer = over.unwrap_or_else(|fault| problem::answer(&fault, None, drive::entropy));
            match answer.body {
                Body::Text(text) => text,
                _ => String::new(),
            }
        }
    };
    if !line.ends_with('\n') {
        line.push('\n');
    }
    line
}

/// With an id or a key, a list of definitions is one definition.
fn meant(operation: Operation, in_query: &Map<String, Value>) -> Operation {
    let one = ["id", "key"]
        .iter()
        .any(|name| in_query.contains_key(*name));
    match operation {
        Operation::AssociationTypes(TypeVerb::List) if one => {
            Operation::AssociationTypes(TypeVerb::Get)
        }
        operation => operation,
    }
}

/// The input as one text. Parameters for the vendor's query may stand in the query too.
async fn input(
    place: Place,
    in_query: &Map<String, Value>,
    query: &Query,
    incoming: &mut Incoming,
) -> Result<String, Fault> {
    let input = match place {
        Place::Query(_) => {
            incoming.no_body().await?;
            json(in_query)
        }
        Place::Body => incoming.json(Shape::Object).await?,
        Place::Bodies => incoming.json(Shape::ObjectOrList).await?,
    };
    if query.remote_query.is_empty() {
        return Ok(input);
    }
    if input.trim_start().starts_with('[') {
        let message = "expected no such parameters beside a list: put them into the records";
        return Err(Refusal::input("remote_query", message).into());
    }
    let remote_query = json!({ "remote_query": query.remote_query });
    Ok(join(&[&input, &json(&remote_query)]))
}
