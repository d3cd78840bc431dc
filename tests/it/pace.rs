//! Many operations on one account, in virtual time: they share what the vendor lets them do, and keep to it.

use std::collections::BTreeMap;

use crmlink::error::{Code, Report, Sent};
use crmlink::flow::{AT_ONCE, Flow, Loss, Millis, PATIENCE, Renewed, Todo};
use crmlink::http::{Headers, Request, Response};
use crmlink::pace::{Limits, Pace};
use crmlink::retry::Policy;
use crmlink::secret::Secret;
use crmlink::vendors::Vendor;
use proptest::prelude::*;
use serde_json::json;

use crate::support::{cases, options};

const START: Millis = 1_800_000_000_000;

/// What comes back, and after how long.
type Came = (Millis, Result<Response, Loss>);

/// How an operation ended.
#[derive(Clone, Debug)]
struct Ended {
    at: Millis,
    linked: bool,
    reason: Option<Report>,
}

/// Runs operations together until all have ended; the vendor hears the operation's number, the request and the time.
fn together(
    flows: &mut [Flow<'_>],
    pace: &mut Pace,
    mut now: Millis,
    mut vendor: impl FnMut(usize, &Request, Millis) -> Came,
) -> Vec<Ended> {
    let mut coming: Vec<(Millis, usize, u32, Result<Response, Loss>)> = Vec::new();
    let mut ends: Vec<Option<Ended>> = vec![None; flows.len()];
    let mut wakes = vec![now; flows.len()];
    let mut out = vec![0; flows.len()];
    while ends.iter().any(Option::is_none) {
        for (number, flow) in flows.iter_mut().enumerate() {
            if ends[number].is_some() || wakes[number] > now {
                continue;
            }
            wakes[number] = loop {
                match flow.poll(now, pace) {
                    Todo::Send(id, request, patience) => {
                        out[number] += 1;
                        assert!(out[number] <= AT_ONCE, "{} at once", out[number]);
                        let (delay, answer) = vendor(number, &request, now);
                        coming.push(match delay > patience {
                            true => (now + patience, number, id, Err(Loss::Timeout)),
                            false => (now + delay, number, id, answer),
                        });
                    }
                    Todo::Wait(span) => break now + span.max(1),
                    Todo::Await => break Millis::MAX,
                    Todo::Renew => panic!("nobody said that the token can be renewed"),
                    Todo::Done => {
                        let outcome = flow.receipt();
                        let reason = match outcome {
                            Ok(receipt) => receipt.reason().cloned(),
                            Err(nothing) => Some(nothing.reason),
                        };
                        ends[number] = Some(Ended {
                            at: now,
                            linked: reason.is_none(),
                            reason,
                        });
                        break Millis::MAX;
                    }
                }
            };
        }
        let next = coming.iter().map(|(due, ..)| *due);
        let next = next.chain(wakes.iter().copied()).min();
        now = next.unwrap_or(now).max(now);
        assert!(now < START + 24 * 60 * 60 * 1_000 || ends.iter().all(Option::is_some));
        while let Some(place) = coming.iter().position(|(due, ..)| *due <= now) {
            let (_, number, id, answer) = coming.swap_remove(place);
            out[number] -= 1;
            wakes[number] = now;
            match answer {
                Ok(response) => flows[number].answered(id, &response, now, pace),
                Err(loss) => flows[number].lost(id, loss, now, pace),
            };
        }
    }
    ends.into_iter().flatten().collect()
}

const LINK: &str =
    r#"{"entity":"opportunities","entity_id":"301","associations":{"contacts":[{"id":"101"}]}}"#;

/// One link at HubSpot: one request, which may be repeated.
fn one(entropy: u64) -> Flow<'static> {
    Flow::start(
        Vendor::Hubspot,
        "associations.create",
        LINK,
        &options(None),
        entropy,
    )
    .unwrap_or_else(|error| panic!("{error}"))
}

fn linked() -> Response {
    let end = |from: &str, to: &str, id: u32| {
        json!({ "from": { "id": from }, "to": { "id": to },
                "associationSpec": { "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": id } })
    };
    let results = [end("301", "101", 3), end("101", "301", 4)];
    response(
        200,
        &json!({ "status": "COMPLETE", "results": results }).to_string(),
    )
}

fn response(status: u16, body: &str) -> Response {
    Response {
        status,
        headers: Headers::new(),
        body: body.to_owned(),
    }
}

fn with(mut response: Response, headers: &[(&'static str, &str)]) -> Response {
    for (name, value) in headers {
        response.headers.set(*name, (*value).to_owned());
    }
    response
}

/// A vendor that is down, in each of its ways.
fn down() -> [Came; 6] {
    [
        (20, Ok(response(500, "{}"))),
        (20, Ok(response(502, "<html>"))),
        (20, Ok(response(503, ""))),
        (20, Err(Loss::Broken)),
        (1, Err(Loss::NotSent)),
        (20, Ok(response(200, "<html>"))),
    ]
}

/// F43: a vendor that is down for a minute hears of a thousand operations eleven hundred times at most, and the thousand
/// after it all succeed.
#[test]
fn a_vendor_that_is_down_is_not_stormed() {
    for (delay, answer) in down() {
        let pace = &mut Pace::default();
        let (mut now, mut requests) = (START, 0);
        for number in 0..1_000 {
            let ended = together(&mut [one(number)], pace, now, |_, _, _| {
                requests += 1;
                (delay, answer.clone())
            });
            now = ended[0].at;
        }
        assert!(
            requests <= 1_100,
            "{requests} requests, one after the other, for {answer:?}"
        );
        for number in 0..1_000 {
            let ended = together(&mut [one(number)], pace, now, |_, _, _| (20, Ok(linked())));
            assert!(ended[0].linked, "{:?}", ended[0].reason);
            now = ended[0].at;
        }

        let pace = &mut Pace::default();
        let mut flows: Vec<_> = (0..1_000).map(one).collect();
        let mut requests = 0;
        together(&mut flows, pace, START, |_, _, _| {
            requests += 1;
            (delay, answer.clone())
        });
        assert!(
            requests <= 1_100,
            "{requests} requests at once for {answer:?}"
        );
        let mut flows: Vec<_> = (0..1_000).map(one).collect();
        let ended = together(&mut flows, pace, START + 60_000, |_, _, _| {
            (20, Ok(linked()))
        });
        assert!(ended.iter().all(|ended| ended.linked));
    }
}

/// The quota of retries comes back with successes, and a retry that succeeds costs nothing.
#[test]
fn the_quota_is_earned_back() {
    let pace = &mut Pace::default();
    let fails_first = |pace: &mut Pace| {
        let mut tries = 0;
        let ended = together(&mut [one(1)], pace, START, |_, _, _| {
            tries += 1;
            (
                1,
                Ok(if tries == 1 {
                    response(503, "")
                } else {
                    linked()
                }),
            )
        });
        ended[0].linked
    };
    assert!((0..1_000).all(|_| fails_first(pace)));
    // 500 tokens are 35 retries of 14.
    for _ in 0..18 {
        together(&mut [one(1)], pace, START, |_, _, _| {
            (1, Ok(response(503, "")))
        });
    }
    assert!(!fails_first(pace));
    for _ in 0..4 {
        together(&mut [one(1)], pace, START, |_, _, _| (1, Ok(linked())));
    }
    assert!(fails_first(pace));
}

/// A thousand callers who were told the same time come back spread over the tenth after it.
#[test]
fn who_is_told_the_same_does_not_come_back_at_once() {
    let pace = &mut Pace::default();
    let mut flows: Vec<_> = (0..1_000).map(one).collect();
    let mut arrivals: BTreeMap<Millis, usize> = BTreeMap::new();
    let ended = together(&mut flows, pace, START, |_, _, now| {
        if now < START + 20_000 {
            let busy = with(response(429, "{}"), &[("retry-after", "20")]);
            return (10, Ok(busy));
        }
        *arrivals.entry(now - START).or_default() += 1;
        (10, Ok(linked()))
    });
    // The quota pays for 100 of them: a retry of what was throttled costs 5.
    assert_eq!(ended.iter().filter(|ended| ended.linked).count(), 100);
    assert!(
        arrivals.keys().all(|at| (20_010..=22_010).contains(at)),
        "{arrivals:?}"
    );
    assert!(
        arrivals.values().all(|together| *together <= 5),
        "{arrivals:?}"
    );
}

/// A steady stream of operations against 100 calls in ten seconds: none is refused, for the headers are believed.
#[test]
fn windows_are_kept_to() {
    for (rolling, names) in [
        (false, LEADCONNECTOR),
        (true, LEADCONNECTOR),
        (false, HUBSPOT),
        (true, HUBSPOT),
    ] {
        let pace = &mut Pace::default();
        let mut flows: Vec<_> = (0..40).map(one).collect();
        let mut window = Vec::<Millis>::new();
        let mut refused = 0;
        let mut now = START;
        // 40 more each four seconds: half of what is allowed on average, and then far too many.
        for round in 0..30 {
            let ended = together(&mut flows, pace, now, |_, _, at| {
                let over = match rolling {
                    true => window.iter().filter(|call| **call + 10_000 <= at).count(),
                    false if window.first().is_some_and(|first| first + 10_000 <= at) => {
                        window.len()
                    }
                    false => 0,
                };
                window.drain(..over);
                if window.len() >= 100 {
                    refused += 1;
                    return (20, Ok(with(response(429, "{}"), &counted(names, 0))));
                }
                window.push(at);
                let left = 100 - window.len();
                (20, Ok(with(linked(), &counted(names, left))))
            });
            assert!(ended.iter().all(|ended| ended.linked));
            flows = (0..40).map(|number| one(number + round)).collect();
            now = ended.iter().map(|ended| ended.at).max().expect("some") + 100;
        }
        assert_eq!(refused, 0, "rolling {rolling}");
    }
}

const LEADCONNECTOR: [&str; 3] = [
    "x-ratelimit-max",
    "x-ratelimit-remaining",
    "x-ratelimit-interval-milliseconds",
];
const HUBSPOT: [&str; 3] = [
    "x-hubspot-ratelimit-max",
    "x-hubspot-ratelimit-remaining",
    "x-hubspot-ratelimit-interval-milliseconds",
];

fn counted(
    [max, left, length]: [&'static str; 3],
    count: usize,
) -> [(&'static str, &'static str); 3] {
    let count: &'static str = Box::leak(count.to_string().into_boxed_str());
    [(max, "100"), (left, count), (length, "10000")]
}

/// F4: the day's calls are used up. One operation hears it from the vendor, the others from here, until it is time to look.
#[test]
fn a_used_up_day_is_not_asked_again() {
    let daily = json!({ "status": "error", "message": "You have reached your daily limit.", "policyName": "DAILY" });
    for (vendor, exhausted, linked) in [
        (Vendor::Hubspot, response(429, &daily.to_string()), linked()),
        (
            Vendor::Salesforce,
            response(
                403,
                r#"[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"TotalRequests Limit exceeded."}]"#,
            ),
            response(500, ""),
        ),
    ] {
        let chosen = options(Some(&json!({ "origin": "https://vendor.example" })));
        let link = match vendor {
            Vendor::Salesforce => {
                r#"{"entity":"contacts","entity_id":"0035e00000Anna1","associations":{"accounts":[{"id":"0015e00000Acme1"}]}}"#
            }
            _ => LINK,
        };
        let one = |entropy| {
            Flow::start(vendor, "associations.create", link, &chosen, entropy)
                .unwrap_or_else(|error| panic!("{error}"))
        };
        let pace = &mut Pace::default();
        let ended = together(&mut [one(1)], pace, START, |_, _, _| {
            (10, Ok(exhausted.clone()))
        });
        let reason = ended[0].reason.as_ref().expect("a reason");
        assert_eq!(
            (reason.code, reason.sent),
            (Code::QuotaExhausted, Sent::Yes)
        );

        // A restart does not forget it.
        let saved = pace.save();
        let pace = &mut Pace::default();
        pace.load(&saved);
        let reopens = START + 10 + 15 * 60 * 1_000;
        assert_eq!(pace.shut(START + 20).map(|shut| shut.until), Some(reopens));
        let limits = pace.limits(START + 20).map(
            |Limits {
                 remaining,
                 reset_ms,
                 ..
             }| (remaining, reset_ms),
        );
        assert_eq!(limits, Some((0, reopens - START - 20)));

        let mut flows: Vec<_> = (0..50).map(one).collect();
        let ended = together(&mut flows, pace, START + 20, |_, _, _| {
            panic!("the vendor is asked")
        });
        for ended in ended {
            let reason = ended.reason.expect("a reason");
            assert_eq!((reason.code, reason.sent), (Code::QuotaExhausted, Sent::No));
            assert_eq!(reason.retry_after, Some(reopens - START - 20));
            assert_eq!(ended.at, START + 20);
        }

        // Then one looks, and the others hear what it heard.
        let mut flows: Vec<_> = (0..50).map(one).collect();
        let mut asked = 0;
        together(&mut flows, pace, reopens, |_, _, _| {
            asked += 1;
            (10, Ok(exhausted.clone()))
        });
        assert_eq!(asked, 1);
        let mut flows: Vec<_> = (0..50).map(one).collect();
        let mut first = None;
        together(
            &mut flows,
            pace,
            reopens + 15 * 60 * 1_000 + 10,
            |_, _, now| {
                let first = *first.get_or_insert(now);
                assert!(
                    now == first || now >= first + 10,
                    "others follow before the first is answered"
                );
                (10, Ok(linked.clone()))
            },
        );
        assert_eq!(pace.shut(reopens + 15 * 60 * 1_000 + 100), None);
    }
}

/// F5: a vendor that wants more than half a minute gets it, without anybody waiting.
#[test]
fn a_long_wait_is_left_to_the_caller() {
    for (status, hint, code) in [
        (477, "3600", Code::VendorUnavailable),
        (503, "31", Code::VendorUnavailable),
        (429, "999999999", Code::RateLimited),
    ] {
        let pace = &mut Pace::default();
        let far = with(response(status, "{}"), &[("retry-after", hint)]);
        let ended = together(&mut [one(1)], pace, START, |_, _, _| (10, Ok(far.clone())));
        assert_eq!(ended[0].at, START + 10);
        let ended = together(&mut [one(1)], pace, START + 1_000, |_, _, _| {
            panic!("asked")
        });
        let reason = ended[0].reason.as_ref().expect("a reason");
        assert_eq!(
            (reason.code, reason.sent, reason.retryable),
            (code, Sent::No, true)
        );
        let seconds: Millis = hint.parse().expect("a number");
        assert_eq!(
            reason.retry_after,
            Some((seconds * 1_000).min(86_400_000) - 990)
        );
    }
    // A full storage is no reason to ask nothing more.
    let pace = &mut Pace::default();
    let full = response(
        403,
        r#"[{"errorCode":"STORAGE_LIMIT_EXCEEDED","message":"storage limit exceeded"}]"#,
    );
    let chosen = options(Some(&json!({ "origin": "https://vendor.example" })));
    let link = r#"{"entity":"contacts","entity_id":"0035e00000Anna1","associations":{"accounts":[{"id":"0015e00000Acme1"}]}}"#;
    let mut flow = [
        Flow::start(Vendor::Salesforce, "associations.create", link, &chosen, 1).expect("a flow"),
    ];
    together(&mut flow, pace, START, |_, _, _| (10, Ok(full.clone())));
    assert_eq!(pace.shut(START + 10), None);
}

#[test]
fn what_is_no_saved_pace_says_nothing() {
    for text in [
        "",
        "{}",
        "null",
        "[",
        r#"{"until":-1,"code":"rate_limited"}"#,
        r#"{"until":99999999999999,"code":"conflict"}"#,
        r#"{"code":"rate_limited"}"#,
        r#"{"until":"soon","code":"rate_limited"}"#,
    ] {
        let mut pace = Pace::default();
        pace.load(text);
        assert_eq!(pace.shut(0), None, "{text}");
        assert_eq!(pace.save(), "{}", "{text}");
    }
    assert_eq!(Pace::default().limits(START), None);
}

/// What the vendor's headers say is what the edge may tell its own callers.
#[test]
fn the_scarcest_count_is_told() {
    for (headers, told) in [
        (
            &[
                ("x-hubspot-ratelimit-max", "190"),
                ("x-hubspot-ratelimit-remaining", "40"),
                ("x-hubspot-ratelimit-interval-milliseconds", "10000"),
                ("x-hubspot-ratelimit-daily", "650000"),
                ("x-hubspot-ratelimit-daily-remaining", "12"),
            ][..],
            (650_000, 12, 86_400_000 - 5),
        ),
        (
            &[
                ("x-ratelimit-max", "100"),
                ("x-ratelimit-remaining", "99"),
                ("x-ratelimit-interval-milliseconds", "10000"),
                ("x-ratelimit-limit-daily", "200000"),
                ("x-ratelimit-daily-remaining", "150000"),
            ],
            (100, 99, 9_995),
        ),
        (
            &[("sforce-limit-info", "api-usage=18/5000")],
            (5_000, 4_982, 86_400_000 - 5),
        ),
    ] {
        let pace = &mut Pace::default();
        pace.heard(&headers.iter().copied().collect(), 1, START);
        let (limit, remaining, reset_ms) = told;
        assert_eq!(
            pace.limits(START + 5),
            Some(Limits {
                limit,
                remaining,
                reset_ms
            })
        );
        pace.heard(&Headers::new(), 2, START + 6);
        assert_eq!(
            pace.limits(START + 6).map(|limits| limits.remaining),
            Some(remaining)
        );
        assert_eq!(pace.limits(START + 90_000_000), None, "it is over");
    }
}

/// F25: an operation ends with its deadline, whatever is on its way, and says of each part whether it was sent.
#[test]
fn an_operation_ends_by_its_deadline() {
    for deadline in [1, 100, 5_000, 31_000] {
        for (delay, answer) in [
            (Millis::MAX / 2, Err(Loss::Broken)),
            (10, Ok(response(503, ""))),
            (10, Ok(with(response(429, "{}"), &[("retry-after", "25")]))),
            (10, Ok(with(linked(), &counted(HUBSPOT, 0)))),
        ] {
            let pace = &mut Pace::default();
            for round in 0..3 {
                let now = START + round * deadline;
                let mut flows = [one(round), one(round + 1)];
                for flow in &mut flows {
                    flow.until(now + deadline);
                }
                let ended = together(&mut flows, pace, now, |_, _, at| {
                    assert!(at < now + deadline, "sent after its time");
                    (delay, answer.clone())
                });
                for ended in ended {
                    assert!(
                        ended.at <= now + deadline,
                        "{} ms late",
                        ended.at - now - deadline
                    );
                    assert!(
                        ended
                            .reason
                            .is_none_or(|reason| reason.code != Code::Internal)
                    );
                }
            }
        }
    }
}

#[test]
fn a_request_has_what_is_left_of_the_time() {
    let pace = &mut Pace::default();
    let patience = |until: Option<Millis>, patience: Option<Millis>, pace: &mut Pace| {
        let mut flow = one(1);
        until.inspect(|until| flow.until(*until));
        patience.inspect(|patience| flow.patience(*patience));
        match flow.poll(START, pace) {
            Todo::Send(_, _, patience) => patience,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(patience(None, None, pace), PATIENCE);
    assert_eq!(patience(Some(START + 70), None, pace), 70);
    assert_eq!(patience(Some(START + 70), Some(50), pace), 50);
    let mut late = one(1);
    late.until(START);
    assert!(matches!(late.poll(START, pace), Todo::Done));
    let reason = late.receipt().expect_err("nothing").reason;
    assert_eq!(
        (reason.code, reason.sent, reason.retryable),
        (Code::Timeout, Sent::No, true)
    );
}

/// What one answer of the vendor's is in a schedule.
#[derive(Clone, Debug)]
enum Fate {
    Good,
    Busy(u64),
    Down,
    Lost(Loss),
    Unreadable,
}

fn fates() -> impl Strategy<Value = Fate> {
    prop_oneof![
        3 => Just(Fate::Good),
        3 => (0_u64..40).prop_map(Fate::Busy),
        1 => Just(Fate::Down),
        1 => prop_oneof![Just(Loss::Broken), Just(Loss::NotSent), Just(Loss::Timeout)].prop_map(Fate::Lost),
        1 => Just(Fate::Unreadable),
    ]
}

proptest! {
    #![proptest_config(cases(300))]

    /// Nobody asks before the time that anybody was told, no request is sent more often than the policy allows, and every
    /// operation ends.
    #[test]
    fn no_call_comes_earlier_than_told(
        script in prop::collection::vec((fates(), 1_u64..3_000), 1..60), callers in 1_usize..12, entropy in any::<u64>(),
    ) {
        let pace = &mut Pace::default();
        let mut flows: Vec<_> = (0..callers).map(|number| one(entropy.wrapping_add(number as u64))).collect();
        let mut script = script.into_iter();
        let mut told: Vec<(Millis, Millis)> = Vec::new();
        let mut sends: BTreeMap<(usize, String), u32> = BTreeMap::new();
        together(&mut flows, pace, START, |number, request, now| {
            for (heard, until) in &told {
                assert!(now <= *heard || now >= *until, "{} ms too early", until - now);
            }
            let count = sends.entry((number, request.url.clone())).or_default();
            *count += 1;
            assert!(*count <= Policy::default().attempts);
            let (fate, delay) = script.next().unwrap_or((Fate::Good, 5));
            let answer = match fate {
                Fate::Good => Ok(linked()),
                Fate::Busy(seconds) => {
                    let heard = now + delay;
                    told.push((heard, heard + seconds * 1_000));
                    Ok(with(response(429, "{}"), &[("retry-after", &seconds.to_string())]))
                }
                Fate::Down => Ok(response(503, "")),
                Fate::Lost(loss) => Err(loss),
                Fate::Unreadable => Ok(response(200, "{")),
            };
            (delay, answer)
        });
    }
}

/// Twenty relations at LeadConnector: one look, then twenty calls, six at once.
fn many() -> String {
    let targets: Vec<_> = (0..20)
        .map(|id| json!({ "id": format!("c{id}") }))
        .collect();
    json!({ "entity": "opportunities", "entity_id": "o1", "associations": { "contacts": targets } })
        .to_string()
}

fn start(input: &str) -> Flow<'_> {
    start_at(input, "https://old.example/api/")
}

fn start_at<'a>(input: &'a str, origin: &str) -> Flow<'a> {
    let chosen = json!({ "locationId": "l1", "token": "old", "origin": origin });
    let chosen = options(Some(&chosen));
    let flow = Flow::start(
        Vendor::Leadconnector,
        "associations.create",
        input,
        &chosen,
        3,
    );
    let mut flow = flow.unwrap_or_else(|error| panic!("{error}"));
    flow.renewable();
    flow
}

/// LeadConnector's answer to a token: all is well with `new`, nothing with another.
fn judged(request: &Request, good: &str) -> Response {
    if request.headers.get("authorization") != Some(&format!("Bearer {good}")) {
        return over();
    }
    match &request.body {
        None => response(
            200,
            &json!({ "id": "d1", "firstObjectKey": "opportunity", "secondObjectKey": "contact" })
                .to_string(),
        ),
        Some(body) => {
            let mut body: serde_json::Value = serde_json::from_str(body).expect("a body");
            body["id"] = json!("r1");
            response(201, &body.to_string())
        }
    }
}

fn over() -> Response {
    let body = json!({ "statusCode": 401, "message": "Invalid token: access token is invalid" });
    response(401, &body.to_string())
}

/// Drives an operation whose answers come when there is nothing else to do; `renew` is asked for tokens.
fn renewing(
    flow: &mut Flow<'_>,
    mut vendor: impl FnMut(usize, &Request) -> Response,
    mut renew: impl FnMut() -> Result<Renewed, Report>,
) -> (usize, usize) {
    let pace = &mut Pace::default();
    let (mut requests, mut renewals, mut now) = (0, 0, START);
    let mut open = Vec::new();
    loop {
        match flow.poll(now, pace) {
            Todo::Send(id, request, _) => {
                requests += 1;
                open.push((id, vendor(requests, &request)));
            }
            Todo::Renew => {
                renewals += 1;
                let token = renew();
                // What was on its way with the old token comes back first.
                for (id, answer) in open.drain(..) {
                    flow.answered(id, &answer, now, pace);
                }
                assert!(
                    matches!(flow.poll(now, pace), Todo::Await),
                    "sent while the token is renewed"
                );
                flow.renewed(token);
            }
            Todo::Await => {
                let (id, answer) = open.remove(0);
                flow.answered(id, &answer, now, pace);
            }
            Todo::Wait(span) => now += span.max(1),
            Todo::Done => return (requests, renewals),
        }
    }
}

fn token(text: &str) -> Result<Renewed, Report> {
    Ok(Secret::new(text).expect("a token").into())
}

/// F18: the token is over at the first call, or in the middle with six calls on their way. One renewal, one replay of each.
#[test]
fn a_token_that_is_over_is_renewed_once() {
    let input = many();
    let mut flow = start(&input);
    let counts = renewing(
        &mut flow,
        |_, request| judged(request, "new"),
        || token("new"),
    );
    assert_eq!(counts, (1 + 1 + 20, 1));
    assert_eq!(flow.receipt().expect("links").links().len(), 20);

    let mut flow = start(&input);
    let mut spent = 0;
    let counts = renewing(
        &mut flow,
        |number, request| {
            let old = request.headers.get("authorization") == Some("Bearer old");
            match number {
                // The look and three relations pass, then the token is over.
                1..=4 => judged(request, "old"),
                _ => {
                    spent += usize::from(old);
                    judged(request, "new")
                }
            }
        },
        || token("new"),
    );
    assert_eq!(counts, (21 + spent, 1));
    assert!((1..=AT_ONCE).contains(&spent));
    assert!(
        flow.receipt()
            .expect("links")
            .links()
            .iter()
            .all(|link| link.reason.is_none())
    );
}

/// F38: the account is elsewhere from now on. What is sent again, and all that follows, goes there with the new token.
#[test]
fn an_account_that_has_moved_is_followed() {
    let moved = |origin: &str| {
        let origin = Some(origin.to_owned());
        Ok(Renewed {
            origin,
            ..token("new")?
        })
    };
    let input = many();
    for (old, new) in [
        ("https://old.example", "https://new.example"),
        ("https://old.example/api/", "https://new.example/"),
        ("https://old.example", "https://new.example/gateway"),
    ] {
        let mut flow = start_at(&input, old);
        let mut urls = Vec::new();
        let counts = renewing(
            &mut flow,
            |number, request| {
                urls.push((
                    request.url.clone(),
                    request.headers.get("authorization") == Some("Bearer old"),
                ));
                match number {
                    1 => judged(request, "old"),
                    _ => judged(request, "new"),
                }
            },
            || moved(new),
        );
        assert_eq!(counts, (1 + 6 + 20, 1));
        assert_eq!(flow.receipt().expect("links").links().len(), 20);
        for (url, with_old_token) in urls {
            let origin = if with_old_token { old } else { new };
            let path = url.strip_prefix(origin.trim_end_matches('/'));
            assert!(
                path.is_some_and(|path| path.starts_with("/associations/")),
                "{url}"
            );
        }
    }

    // Where the options could not send a token, a renewal cannot either.
    for bad in [
        "http://new.example",
        "https://new.example@evil.example",
        "//new.example",
        "",
    ] {
        let mut flow = start(&input);
        let counts = renewing(
            &mut flow,
            |_, request| judged(request, "new"),
            || moved(bad),
        );
        assert_eq!(counts, (1, 1), "{bad}");
        let reason = flow.receipt().expect_err("nothing is linked").reason;
        assert!(
            reason.message.contains("could not be renewed"),
            "{}",
            reason.message
        );
    }
}

/// F19: the new one is refused too. No loop, and nothing more is sent.
#[test]
fn a_new_token_that_is_refused_is_the_end() {
    let input = many();
    let mut flow = start(&input);
    let counts = renewing(
        &mut flow,
        |_, request| judged(request, "better"),
        || token("new"),
    );
    assert_eq!(counts, (2, 1));
    let nothing = flow.receipt().expect_err("nothing is linked");
    assert_eq!(
        (nothing.reason.code, nothing.reason.status),
        (Code::Unauthenticated, Some(401))
    );

    // In the middle: six calls with the new token are refused, and the rest is not sent.
    let mut flow = start(&input);
    let counts = renewing(
        &mut flow,
        |number, request| match number {
            1 => judged(request, "old"),
            _ => over(),
        },
        || token("new"),
    );
    assert_eq!(counts, (1 + 6 + 6, 1));
    let nothing = flow.receipt().expect_err("nothing is linked");
    let told: Vec<_> = nothing
        .receipt
        .links()
        .iter()
        .filter_map(|link| Some(link.reason.as_ref()?.sent))
        .collect();
    assert_eq!(told.iter().filter(|sent| **sent == Sent::Yes).count(), 6);
    assert_eq!(told.iter().filter(|sent| **sent == Sent::No).count(), 14);
}

#[test]
fn without_a_new_token_nothing_more_is_sent() {
    let report = || {
        let failure = crmlink::error::Failure::unanswered(
            "",
            Code::Timeout,
            Sent::Maybe,
            "the vendor's login is silent",
        );
        Err(Report {
            retry_after: Some(5_000),
            ..Report::from(&failure)
        })
    };
    let input = many();
    let mut flow = start(&input);
    let counts = renewing(&mut flow, |_, request| judged(request, "new"), report);
    assert_eq!(counts, (1, 1));
    let reason = flow.receipt().expect_err("nothing is linked").reason;
    assert_eq!(
        (reason.code, reason.status, reason.sent),
        (Code::Unauthenticated, Some(401), Sent::Yes)
    );
    assert_eq!((reason.retryable, reason.retry_after), (true, Some(5_000)));
    assert!(
        reason.message.contains("the vendor's login is silent"),
        "{}",
        reason.message
    );
}

/// Only what says that the token is over leads to a renewal: a refresh token may be good for one use.
#[test]
fn other_refusals_renew_nothing() {
    for (status, message) in [
        (401, "The token is not authorized for this scope."),
        (401, "version header was not found."),
        (401, "Invalid Private Integration token"),
        (403, "The token does not have access to this location."),
    ] {
        let input = many();
        let mut flow = start(&input);
        let refused = response(
            status,
            &json!({ "statusCode": status, "message": message }).to_string(),
        );
        let counts = renewing(&mut flow, |_, _| refused.clone(), || panic!("{message}"));
        assert_eq!(counts.1, 0, "{message}");
    }
}

#[test]
fn a_cancelled_operation_waits_for_no_token() {
    let input = many();
    let pace = &mut Pace::default();
    for late in [false, true] {
        let mut flow = start(&input);
        let Todo::Send(id, _, patience) = flow.poll(START, pace) else {
            panic!("a request")
        };
        assert_eq!(patience, PATIENCE);
        flow.answered(id, &over(), START, pace);
        flow.until(START + 1_000);
        assert!(matches!(flow.poll(START, pace), Todo::Renew));
        assert!(matches!(flow.poll(START, pace), Todo::Wait(1_000)));
        if late {
            assert!(matches!(flow.poll(START + 1_000, pace), Todo::Done));
        } else {
            flow.abort();
            assert!(matches!(flow.poll(START, pace), Todo::Done));
        }
        flow.renewed(token("new"));
        assert!(matches!(flow.poll(START + 1_000, pace), Todo::Done));
        let reason = flow.receipt().expect_err("nothing is linked").reason;
        let code = if late { Code::Timeout } else { Code::Aborted };
        assert_eq!((reason.code, reason.sent), (code, Sent::No));
    }
}
