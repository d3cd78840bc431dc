//! What the state machine promises a driver: six at once, any order, waits as the vendor asks, and a clean end when
//! cancelled.

use std::collections::BTreeMap;

use crmlink::error::{Code, Sent};
use crmlink::flow::{AT_ONCE, Flow, Loss, NothingDone, Todo};
use crmlink::http::{Headers, Request, Response};
use crmlink::pace::Pace;
use crmlink::unified::receipt::Outcome;
use crmlink::vendors::Vendor;
use serde_json::{Value, json};

use crate::support::{drive, options};

/// Twenty relations at LeadConnector: one look, then twenty calls that do not wait for each other.
fn many() -> String {
    let targets: Vec<_> = (0..20)
        .map(|id| json!({ "id": format!("c{id}") }))
        .collect();
    json!({ "entity": "opportunities", "entity_id": "o1", "associations": { "contacts": targets } })
        .to_string()
}

fn start(input: &str) -> Flow<'_> {
    let chosen = options(Some(&json!({ "locationId": "l1" })));
    Flow::start(
        Vendor::Leadconnector,
        "associations.create",
        input,
        &chosen,
        3,
    )
    .unwrap_or_else(|error| panic!("{error}"))
}

fn answer(request: &Request) -> Response {
    let body = match &request.body {
        None => {
            json!({ "id": "d1", "firstObjectKey": "opportunity", "secondObjectKey": "contact" })
        }
        Some(body) => {
            let mut body: Value = serde_json::from_str(body).expect("a body");
            body["id"] = json!("r1");
            body
        }
    };
    response(201, &body.to_string())
}

fn response(status: u16, body: &str) -> Response {
    Response {
        status,
        headers: Headers::new(),
        body: body.to_owned(),
    }
}

#[test]
fn at_most_six_are_on_their_way_and_their_order_means_nothing() {
    let input = many();
    for backwards in [false, true] {
        let pace = &mut Pace::default();
        let mut flow = start(&input);
        let mut open: BTreeMap<u32, Request> = BTreeMap::new();
        let mut most = 0;
        let receipt = loop {
            match flow.poll(0, pace) {
                Todo::Send(id, request, _) => {
                    assert!(
                        open.insert(id, request).is_none(),
                        "a number was given twice"
                    );
                    most = most.max(open.len());
                }
                Todo::Await => {
                    let next = if backwards {
                        open.pop_last()
                    } else {
                        open.pop_first()
                    };
                    let (id, request) = next.expect("something to wait for");
                    flow.answered(id, &answer(&request), 0, pace);
                }
                Todo::Done => break flow.receipt().expect("links"),
                Todo::Renew => panic!("nobody said that the token can be renewed"),
                Todo::Wait(span) => panic!("nothing to wait {span} for"),
            }
        };
        assert_eq!(most, AT_ONCE);
        let found: Vec<_> = receipt
            .links()
            .iter()
            .map(|link| (link.to.id.clone(), link.outcome))
            .collect();
        let wanted: Vec<_> = (0..20)
            .map(|id| (format!("c{id}"), Outcome::Linked))
            .collect();
        assert_eq!(found, wanted);
    }
}

#[test]
fn no_more_is_sent_than_may_be() {
    let input = many();
    let mut flow = start(&input);
    flow.at_most(8);
    let mut sent = 0;
    let receipt = drive(&mut flow, |request, _| {
        sent += 1;
        Ok(answer(request))
    });
    assert_eq!(sent, 8);
    let receipt = receipt.expect("some of it");
    assert_eq!(receipt.status(), 207);
    let (made, left): (Vec<_>, Vec<_>) = receipt
        .links()
        .iter()
        .partition(|link| link.outcome == Outcome::Linked);
    assert_eq!(made.len() + left.len(), 20);
    assert!(!made.is_empty());
    for link in left {
        assert_eq!(link.outcome, Outcome::NotLinked);
        let reason = link.reason.as_ref().expect("a reason");
        assert_eq!((reason.code, reason.sent), (Code::TooLarge, Sent::No));
    }
}

#[test]
fn an_answer_to_a_number_that_nobody_asked_is_ignored() {
    let input = many();
    let pace = &mut Pace::default();
    let mut flow = start(&input);
    flow.answered(77, &response(200, "{}"), 0, pace);
    flow.lost(78, Loss::Timeout, 0, pace);
    let Todo::Send(id, request, _) = flow.poll(0, pace) else {
        panic!("a request")
    };
    flow.answered(id, &answer(&request), 0, pace);
    flow.answered(id, &response(500, ""), 0, pace);
    assert!(matches!(flow.poll(0, pace), Todo::Send(..)));
}

#[test]
fn a_wait_is_the_vendor_s_own_where_it_names_one() {
    let input = many();
    let pace = &mut Pace::default();
    let mut flow = start(&input);
    let Todo::Send(id, _, _) = flow.poll(1_000, pace) else {
        panic!("a request")
    };
    let mut busy = response(429, "");
    busy.headers.set("retry-after", "7");
    flow.answered(id, &busy, 1_500, pace);
    let Todo::Wait(wait) = flow.poll(1_500, pace) else {
        panic!("a wait")
    };
    assert!((7_000..=7_700).contains(&wait), "{wait}");
    assert!(matches!(flow.poll(8_499, pace), Todo::Wait(_)));
    assert!(matches!(flow.poll(1_500 + 7_700, pace), Todo::Send(..)));
}

#[test]
fn a_wait_beyond_patience_is_not_waited() {
    let input = many();
    let pace = &mut Pace::default();
    let mut flow = start(&input);
    let Todo::Send(id, _, _) = flow.poll(0, pace) else {
        panic!("a request")
    };
    let mut busy = response(429, "");
    busy.headers.set("retry-after", "31");
    flow.answered(id, &busy, 0, pace);
    assert!(matches!(flow.poll(0, pace), Todo::Done));
    let NothingDone {
        receipt,
        reason: report,
    } = *flow.receipt().expect_err("nothing is linked");
    assert_eq!(report.retry_after, Some(31_000));
    assert!(
        receipt
            .links()
            .iter()
            .all(|link| link.outcome == Outcome::NotLinked)
    );
}

#[test]
fn a_cancelled_operation_awaits_what_is_out_and_sends_no_more() {
    let input = many();
    let pace = &mut Pace::default();
    let mut flow = start(&input);
    let Todo::Send(look, request, _) = flow.poll(0, pace) else {
        panic!("a request")
    };
    flow.answered(look, &answer(&request), 0, pace);
    let mut sent = Vec::new();
    while let Todo::Send(id, request, _) = flow.poll(0, pace) {
        sent.push((id, request));
    }
    assert_eq!(sent.len(), AT_ONCE);
    flow.abort();
    // One is refused for now, one fails unclearly, one never comes back: none is sent again.
    flow.answered(sent[0].0, &response(429, ""), 0, pace);
    flow.answered(sent[1].0, &response(503, ""), 0, pace);
    flow.lost(sent[2].0, Loss::Aborted, 0, pace);
    for (id, request) in &sent[3..] {
        assert!(matches!(flow.poll(0, pace), Todo::Await));
        flow.answered(*id, &answer(request), 0, pace);
    }
    assert!(matches!(flow.poll(0, pace), Todo::Done));
    let receipt = flow.receipt().expect("some links");
    let outcomes: Vec<_> = receipt.links().iter().map(|link| link.outcome).collect();
    let mut wanted = vec![
        Outcome::NotLinked,
        Outcome::Unknown,
        Outcome::Unknown,
        Outcome::Linked,
        Outcome::Linked,
        Outcome::Linked,
    ];
    wanted.resize(20, Outcome::NotLinked);
    assert_eq!(outcomes, wanted);
    for link in &receipt.links()[6..] {
        let reason = link.reason.as_ref().expect("a reason");
        assert_eq!(json!([reason.code, reason.sent]), json!(["aborted", "no"]));
    }
}

#[test]
fn a_cancellation_between_a_doubt_and_its_retry_keeps_the_doubt() {
    let input = many();
    let pace = &mut Pace::default();
    let mut flow = start(&input);
    let Todo::Send(look, request, _) = flow.poll(0, pace) else {
        panic!("a request")
    };
    flow.answered(look, &answer(&request), 0, pace);
    let Todo::Send(first, _, _) = flow.poll(0, pace) else {
        panic!("a request")
    };
    flow.answered(first, &response(503, ""), 0, pace);
    flow.abort();
    assert!(matches!(flow.poll(0, pace), Todo::Done));
    let receipt = flow.receipt().expect("a doubt");
    assert_eq!(receipt.links()[0].outcome, Outcome::Unknown);
    assert_eq!(receipt.links()[1].outcome, Outcome::NotLinked);
}
