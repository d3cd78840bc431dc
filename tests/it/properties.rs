//! What holds for every input, tried on many.

use crmlink::endpoint::{Options, Repeat};
use crmlink::error::{Code, Failure, Sent};
use crmlink::flow::{Flow, Loss};
use crmlink::http::{Headers, Method, Request, Response};
use crmlink::retry::{Decision, LONGEST_HINT, Policy, decide, hint};
use crmlink::twin::Twins;
use crmlink::unified::query::Query;
use crmlink::vendors::Vendor;
use crmlink::vendors::salesforce::soql::{self, Soql};
use crmlink::{id, path};
use percent_encoding::percent_decode_str;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};
use url::Url;

use crate::encoding::{entries, samples};
use crate::golden;
use crate::support::{cases, drive, options};

/// Texts that come close to what is dangerous: dots, percent signs, slashes and controls are likely.
fn near_paths() -> impl Strategy<Value = String> {
    let pieces = [
        ".", "..", "%", "2e", "2E", "25", "2f", "/", "\\", "%5c", "%00", "%0d%0a", "a", "1", "é",
        "\u{0}", "\r\n", " ", "?", "#", "\u{202e}", "%ff", "😀",
    ];
    prop_oneof![
        vec(select(pieces.to_vec()), 0..8).prop_map(|pieces| pieces.concat()),
        ".{0,20}",
        "[ -~]{0,20}",
    ]
}

/// Texts that come close to what ends a quoted text: quotes, backslashes and the hole of others are likely.
fn near_quotes() -> impl Strategy<Value = String> {
    let pieces = [
        "'",
        "\\",
        "\\'",
        "\"",
        "x' OR Name != '",
        " OR ",
        "%",
        "_",
        "é",
        "😀",
        "\u{2019}",
        "\n",
        "\0",
        "a",
    ];
    prop_oneof![
        vec(select(pieces.to_vec()), 0..8).prop_map(|pieces| pieces.concat()),
        ".{0,20}",
    ]
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn a_good_id_is_harmless_at_every_depth_of_decoding(text in near_paths()) {
        if id::fault(&text).is_some() {
            return Ok(());
        }
        let mut decoded = text.clone();
        for _ in 0..10 {
            prop_assert!(!decoded.chars().any(char::is_control), "{decoded:?}");
            prop_assert!(!decoded.split(['/', '\\']).any(|part| part == "." || part == ".."), "{decoded:?}");
            decoded = percent_decode_str(&decoded).decode_utf8_lossy().into_owned();
        }
    }

    #[test]
    fn a_path_says_what_was_put_into_it(first in near_paths(), second in near_paths()) {
        let mut url = "https://vendor.example".to_owned();
        let values = [("first", first.as_str()), ("second", second.as_str())];
        let pushed = path::push(&mut url, "/a/{first}/b/{second}/", &values);
        if let Err(refusal) = pushed {
            let named = if refusal.path == "first" { &first } else { &second };
            prop_assert!(id::fault(named).is_some());
            return Ok(());
        }
        let url = Url::parse(&url).expect("a URL");
        prop_assert_eq!(url.host_str(), Some("vendor.example"));
        prop_assert!(url.query().is_none() && url.fragment().is_none());
        let segments: Vec<_> = url
            .path_segments()
            .expect("a path")
            .map(|segment| percent_decode_str(segment).decode_utf8().expect("text").into_owned())
            .collect();
        prop_assert_eq!(segments, vec!["a".to_owned(), first, "b".to_owned(), second, String::new()]);
    }

    #[test]
    fn a_query_says_what_was_put_into_it(pairs in vec((".{1,8}", ".{0,12}"), 0..4)) {
        let mut url = "https://vendor.example/x".to_owned();
        for (name, value) in &pairs {
            path::push_query(&mut url, name, value);
        }
        let url = Url::parse(&url).expect("a URL");
        let found: Vec<_> = url.query_pairs().into_owned().collect();
        prop_assert_eq!(found, pairs);
    }

    #[test]
    fn a_retry_keeps_its_bounds(
        attempts in 0_u32..6, base in any::<u64>(), longest in any::<u64>(), attempt in 1_u32..40,
        safe in any::<bool>(), failure in failures(), entropy in any::<u64>(),
    ) {
        let policy = Policy { attempts, base, longest };
        let repeat = if safe { Repeat::Safe } else { Repeat::Look };
        if let Decision::After(wait) = decide(&policy, attempt, repeat, &failure, entropy) {
            prop_assert!(wait <= longest);
            prop_assert!(attempt < attempts);
            let said_when = failure.retry_after.is_some() && matches!(failure.status, Some(423 | 477 | 503));
            let refused = match failure.code {
                Code::RateLimited => true,
                Code::Conflict => failure.retryable,
                Code::VendorUnavailable => said_when,
                _ => false,
            };
            let untouched = failure.sent == Sent::No || (failure.sent == Sent::Yes && refused);
            prop_assert!(safe || untouched, "a create was repeated after {failure:?}");
            if let Some(hint) = failure.retry_after {
                prop_assert!(wait >= hint && wait - hint <= hint / 10, "{wait} for {hint}");
            }
            let is_final = matches!(failure.code, Code::QuotaExhausted | Code::Unauthenticated | Code::Forbidden);
            prop_assert!(!is_final || failure.retryable);
        }
    }

    #[test]
    fn a_hint_is_exact_or_absent_and_never_beyond_a_day(
        text in "[0-9]{1,25}|-?[0-9.]{0,8}|(Sun|Sunday)[ ,:A-Za-z0-9-]{0,30}|.{0,30}", status in any::<u16>(),
        left in ".{0,6}|-?[0-9]{1,3}", length in ".{0,6}|[0-9]{1,25}",
    ) {
        let answer = |headers: &[(&'static str, &str)]| Response {
            status,
            headers: headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(),
            body: String::new(),
        };
        let date = ("date", "Sun, 22 Nov 2026 16:00:00 GMT");
        let windows = [("x-ratelimit-remaining", left.as_str()), ("x-ratelimit-interval-milliseconds", &length)];
        let found = hint(&answer(&[date, ("retry-after", &text), windows[0], windows[1]]));
        prop_assert!(found.is_none_or(|wait| wait <= LONGEST_HINT));
        if let Ok(seconds) = text.parse::<u64>() && !text.starts_with('+') {
            prop_assert_eq!(found, Some(seconds.saturating_mul(1_000).min(LONGEST_HINT)));
        }
        let window = hint(&answer(&windows));
        prop_assert!(window.is_none() || status == 429);
    }

    #[test]
    fn a_date_ahead_is_waited_for_to_the_second(ahead in -200_000_i64..200_000, form in 0_usize..3) {
        let now = 1_795_363_200_i64;
        let write = |seconds: i64, form: usize| {
            let (day, clock) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
            // 22 November 2026, two days to either side: no month ends.
            let day = day - now.div_euclid(86_400) + 22;
            let time = format!("{:02}:{:02}:{:02}", clock / 3_600, clock / 60 % 60, clock % 60);
            match form {
                0 => format!("Sun, {day:02} Nov 2026 {time} GMT"),
                1 => format!("Sunday, {day:02}-Nov-26 {time} GMT"),
                _ => format!("Sun Nov {day:>2} {time} 2026"),
            }
        };
        let headers = [("date", write(now, 0)), ("retry-after", write(now + ahead, form))];
        let answer = Response { status: 503, headers: headers.into_iter().collect(), body: String::new() };
        let millis = u64::try_from(ahead.max(0)).expect("not negative") * 1_000;
        prop_assert_eq!(hint(&answer), Some(millis.min(LONGEST_HINT)));
    }

    #[test]
    fn the_three_spellings_of_a_list_agree(names in vec("[a-z_]{1,8}", 1..5)) {
        let spelled = |name: fn(usize) -> String| {
            let pairs: Vec<_> = names.iter().enumerate().map(|(at, value)| format!("{}={value}", name(at))).collect();
            Query::parse(&pairs.join("&")).expect("a query").exclude_fields
        };
        let commas = Query::parse(&format!("truto_exclude_fields={}", names.join(","))).expect("a query");
        prop_assert_eq!(&commas.exclude_fields, &names);
        prop_assert_eq!(&spelled(|_| "truto_exclude_fields[]".to_owned()), &names);
        prop_assert_eq!(&spelled(|_| "truto_exclude_fields%5B%5D".to_owned()), &names);
        prop_assert_eq!(&spelled(|at| format!("truto_exclude_fields[{at}]")), &names);
        prop_assert_eq!(&spelled(|at| format!("truto_exclude_fields%5B{at}%5D")), &names);
    }

    #[test]
    fn a_nested_query_comes_back_as_it_was(query in nested(3)) {
        let mut url = "https://vendor.example/x".to_owned();
        let mut expected = Map::new();
        if !query.is_empty() {
            path::push_query_values(&mut url, "remote_query", &query);
            expected = query;
        }
        let text = url.split_once('?').map_or("", |(_, text)| text);
        let read = Query::parse(text).expect("a query").remote_query;
        prop_assert_eq!(Value::Object(read), Value::Object(expected));
    }

    #[test]
    fn a_query_never_panics(text in "(remote_query|truto_exclude_fields|x)?(\\[|\\]|[a-z&=%+]){0,24}") {
        drop(Query::parse(&text));
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn nothing_that_arrives_makes_an_endpoint_panic(
        text in ".{0,80}", status in any::<u16>(), cut in any::<prop::sample::Index>(), insert in near_paths(),
        header in ".{0,10}",
    ) {
        let headers: Headers = [("retry-after".to_owned(), header)].into_iter().collect();
        let given = options(Some(&json!({ "origin": "https://vendor.example" })));
        for entry in entries() {
            drop((entry.build)(&text, &given));
            drop((entry.read)(&Response { status, headers: headers.clone(), body: text.clone() }));
            let params = Value::Object(samples()[entry.facts.name].clone()).to_string();
            drop((entry.build)(&bend(&params, cut, &insert), &given));
        }
        drop(Options::parse(&text));
    }

    #[test]
    fn a_bent_answer_never_panics_and_a_cut_one_is_no_success(cut in any::<prop::sample::Index>(), insert in near_paths()) {
        for (name, body, entry) in answers() {
            let bent = Response { status: 200, headers: Headers::new(), body: bend(&body, cut, &insert) };
            drop((entry.read)(&bent));
            let at = cut.index(body.len());
            if at > 0 && body.is_char_boundary(at) {
                let cut = Response { body: body[..at].to_owned(), ..bent };
                prop_assert!((entry.read)(&cut).is_err(), "{name}: cut at {at} is a success");
            }
        }
    }

    #[test]
    fn the_ledger_adds_up_to_the_input((vendor, input) in inputs()) {
        let text = input.to_string();
        let Ok(flow) = Flow::start(vendor, "associations.create", &text, &chosen(vendor), 0) else {
            return Ok(());
        };
        let plan = flow.plan();
        let counted: usize = plan.fields.iter().map(|entry| entry.count).sum();
        prop_assert_eq!(counted, leaves(&input), "{:?}", plan.fields);
        prop_assert!(plan.calls.min <= plan.calls.max);
        prop_assert!(plan.fields.iter().all(|entry| entry.reason.is_some() || entry.to.is_some()
            || json!(entry.fate) == json!("applied")));
    }

    #[test]
    fn a_receipt_has_every_asked_link_in_order(
        (vendor, input) in inputs(), answers in vec(anything(), 0..40), entropy in any::<u64>(),
    ) {
        let text = input.to_string();
        let Ok(mut flow) = Flow::start(vendor, "associations.create", &text, &chosen(vendor), entropy) else {
            return Ok(());
        };
        let mut answers = answers.into_iter();
        let outcome = drive(&mut flow, |_, _| answers.next().unwrap_or(Err(Loss::Broken)));
        let receipt = outcome.unwrap_or_else(|nothing| nothing.receipt);
        let asked: Vec<_> = asked(&input);
        let found: Vec<_> = receipt
            .links()
            .iter()
            .map(|link| (link.to.entity.clone().into_owned(), link.to.id.clone()))
            .collect();
        prop_assert_eq!(found, asked);
        for link in receipt.links() {
            prop_assert!(link.outcome.is_there() || link.reason.is_some(), "{link:?}");
            prop_assert!(!(link.outcome.is_there() && link.reason.is_some()), "{link:?}");
        }
        let shown: usize = crate::support::linking(&receipt).associations.0.iter().map(|(_, ids)| ids.len()).sum();
        let linked = receipt.links().iter().filter(|link| link.outcome.is_there()).count();
        prop_assert!(shown <= linked);
        drop(receipt.respond(&Query::default()));
        prop_assert!((200..600).contains(&receipt.status()));
    }

    #[test]
    fn silence_and_faults_are_never_a_success((vendor, input) in inputs(), faults in vec(fault(), 0..40)) {
        let text = input.to_string();
        let Ok(mut flow) = Flow::start(vendor, "associations.create", &text, &chosen(vendor), 7) else {
            return Ok(());
        };
        let mut faults = faults.into_iter();
        let outcome = drive(&mut flow, |_, _| faults.next().unwrap_or(Err(Loss::Timeout)));
        let receipt = outcome.unwrap_or_else(|nothing| nothing.receipt);
        prop_assert!(receipt.links().iter().all(|link| !link.outcome.is_there()), "{receipt:?}");
    }
}

/// Properties of inputs that are all refused would hold of anything.
#[test]
fn the_inputs_are_good_ones_often_enough() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let mut tried = std::collections::BTreeMap::new();
    for _ in 0..2_000 {
        let (vendor, input) = inputs().new_tree(&mut runner).expect("an input").current();
        let text = input.to_string();
        let started = Flow::start(vendor, "associations.create", &text, &chosen(vendor), 0);
        let (all, good) = tried.entry(vendor).or_insert((0, 0));
        *all += 1;
        *good += u32::from(started.is_ok());
    }
    for (vendor, (all, good)) in tried {
        assert!(
            good * 8 > all,
            "{vendor:?}: {good} of {all} inputs are good"
        );
    }
}

fn failures() -> impl Strategy<Value = Failure> {
    let codes = [
        Code::RateLimited,
        Code::VendorUnavailable,
        Code::Timeout,
        Code::UnexpectedResponse,
        Code::QuotaExhausted,
        Code::Unauthenticated,
        Code::Forbidden,
        Code::VendorValidation,
        Code::Conflict,
    ];
    (
        select(codes.to_vec()),
        select(&[Sent::No, Sent::Maybe, Sent::Yes][..]),
        any::<bool>(),
        option::of(any::<u64>()),
        option::of(100_u16..600),
    )
        .prop_map(|(code, sent, retryable, retry_after, status)| Failure {
            retryable,
            retry_after,
            status,
            ..Failure::unanswered("hubspot", code, sent, "x")
        })
}

/// Objects of texts and objects of texts, and lists of texts at the end.
fn nested(depth: u32) -> impl Strategy<Value = Map<String, Value>> {
    let leaf = prop_oneof![
        "[ -~é]{0,8}".prop_map(Value::from),
        vec("[ -~]{0,5}".prop_map(Value::from), 1..3).prop_map(Value::from),
    ];
    let value = leaf.prop_recursive(depth, 12, 3, |inner| {
        prop::collection::btree_map("[a-z &=%]{1,5}", inner, 1..3)
            .prop_map(|map| Value::Object(map.into_iter().collect()))
    });
    prop::collection::btree_map("[a-z]{1,5}", value, 0..3).prop_map(|map| map.into_iter().collect())
}

fn bend(text: &str, at: prop::sample::Index, insert: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let at = at.index(bytes.len().max(1));
    let end = (at + insert.len() / 2).min(bytes.len());
    bytes.splice(at..end, insert.bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The answers of the golden successes whose body is JSON.
fn answers() -> Vec<(String, String, &'static crmlink::endpoint::Entry)> {
    use std::sync::OnceLock;
    static BODIES: OnceLock<Vec<(String, String, String)>> = OnceLock::new();
    let bodies = BODIES.get_or_init(|| {
        golden::cases()
            .into_iter()
            .filter(|(_, case)| case.get("answer").is_some())
            .map(|(name, case)| {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                (
                    name,
                    text(&case["response"]["body"]),
                    text(&case["endpoint"]),
                )
            })
            .filter(|(_, body, _)| !body.is_empty())
            .collect()
    });
    bodies
        .iter()
        .map(|(name, body, endpoint)| {
            let entry = crmlink::vendors::endpoint(endpoint).expect("an endpoint");
            (name.clone(), body.clone(), entry)
        })
        .collect()
}

fn chosen(vendor: Vendor) -> Options {
    let mut given = json!({ "origin": "https://vendor.example" });
    match vendor {
        Vendor::Leadconnector => given["locationId"] = json!("l1"),
        Vendor::Truto => {
            given["integratedAccountId"] = json!("62f44730-dd91-461e-bd6a-aedd9e0ad79d");
        }
        Vendor::Hubspot | Vendor::Salesforce => {}
    }
    options(Some(&given))
}

const SALESFORCE_IDS: &[&str] = &[
    "001Hn00001DEFghIAH",
    "001Hn00001EFGhiIAH",
    "003Hn00001ABCdeIAH",
    "003Hn00001ABCde",
    "003Hn00001BCDefIAH",
    "006Hn00001XYZabIAH",
    "00QHn00000LEADxMAP",
    "003Hn00001ABCdeIAA",
    "..",
];
const OTHER_IDS: &[&str] = &["1", "2", "3", "4", "301", "a b", "..", "", "é"];

/// Associations of every shape, the impossible ones included.
fn inputs() -> impl Strategy<Value = (Vendor, Value)> {
    select(&Vendor::ALL[..]).prop_flat_map(|vendor| {
        let ids = if vendor == Vendor::Salesforce {
            SALESFORCE_IDS
        } else {
            OTHER_IDS
        };
        let kinds = ["accounts", "contacts", "opportunities", "leads"];
        let typed = if vendor == Vendor::Leadconnector {
            0.6
        } else {
            0.05
        };
        let target = (
            select(ids),
            option::weighted(0.1, select(&["parent", "child", "Evaluator"][..])),
            option::weighted(0.1, any::<bool>()),
            option::weighted(0.1, any::<bool>()),
            option::weighted(typed, select(&["own", ".."][..])),
        )
            .prop_map(|(id, role, primary, replace, kind)| {
                let mut target = json!({ "id": id });
                let mut put = |name: &str, value: Option<Value>| {
                    if let Some(value) = value {
                        target[name] = value;
                    }
                };
                put("role", role.map(Value::from));
                put("primary", primary.map(Value::from));
                put("replace", replace.map(Value::from));
                put("association_type", kind.map(Value::from));
                target
            });
        let groups = [
            "accounts",
            "acocunts",
            "contacts",
            "leads",
            "opportunities",
            "organizations",
        ];
        let group = (select(groups.to_vec()), vec(target, 0..5));
        let extra = |names: &'static [&'static str]| {
            option::weighted(0.3, vec(select(names), 0..3)).prop_map(|names| {
                names.map(|names| {
                    Value::Object(
                        names
                            .into_iter()
                            .map(|name| (name.to_owned(), json!("v")))
                            .collect(),
                    )
                })
            })
        };
        let entity_ids = ids.split_last().map_or(ids, |(_, rest)| rest);
        (
            select(kinds.to_vec()),
            select(entity_ids),
            vec(group, 0..4),
            extra(&["a", "b", "ContactId"]),
            extra(&["q", "r"]),
        )
            .prop_map(move |(entity, id, groups, data, query)| {
                let mut associations = Map::new();
                for (name, targets) in groups {
                    associations.entry(name).or_insert(Value::Array(targets));
                }
                let mut input =
                    json!({ "entity": entity, "entity_id": id, "associations": associations });
                if let Some(data) = data {
                    input["remote_data"] = data;
                }
                if let Some(query) = query {
                    input["remote_query"] = query;
                }
                (vendor, input)
            })
    })
}

/// How many fields of an input a ledger has to account for.
fn leaves(input: &Value) -> usize {
    let targets: usize = targets(input)
        .map(|(_, target)| target.as_object().map_or(0, Map::len))
        .sum();
    let passed =
        ["remote_data", "remote_query"].map(|name| input[name].as_object().map_or(0, Map::len));
    2 + targets + passed.iter().sum::<usize>()
}

fn asked(input: &Value) -> Vec<(String, String)> {
    targets(input)
        .map(|(kind, target)| {
            let kind = if kind == "acocunts" { "accounts" } else { kind };
            (
                kind.to_owned(),
                target["id"].as_str().unwrap_or_default().to_owned(),
            )
        })
        .collect()
}

fn targets(input: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let groups = input["associations"].as_object().into_iter().flatten();
    groups.flat_map(|(kind, targets)| {
        targets
            .as_array()
            .into_iter()
            .flatten()
            .map(move |target| (kind.as_str(), target))
    })
}

fn lost() -> impl Strategy<Value = Result<Response, Loss>> {
    select(&[Loss::NotSent, Loss::Broken, Loss::Timeout, Loss::TooLarge][..]).prop_map(Err)
}

fn answered(status: u16, body: &str) -> Result<Response, Loss> {
    Ok(Response {
        status,
        headers: Headers::new(),
        body: body.to_owned(),
    })
}

/// What proves nothing.
fn fault() -> impl Strategy<Value = Result<Response, Loss>> {
    prop_oneof![
        lost(),
        select(&[500_u16, 502, 503, 504, 401, 403, 404, 422, 429, 302][..])
            .prop_map(|status| answered(status, "")),
        select(
            &[
                "",
                "<html></html>",
                "{",
                "{}",
                "[]",
                "null",
                "{\"id\":\"",
                "{\"status\":\"COMPLETE\",\"results\":[]}"
            ][..]
        )
        .prop_map(|body| answered(200, body)),
    ]
}

/// Faults, and answers of every vendor, whoever asked.
fn anything() -> impl Strategy<Value = Result<Response, Loss>> {
    let bodies = golden::cases()
        .into_iter()
        .flat_map(|(_, case)| {
            let steps = case["exchange"].as_array().cloned().unwrap_or_default();
            steps.into_iter().filter_map(|step| {
                serde_json::from_value::<Response>(step["response"].clone()).ok()
            })
        })
        .collect::<Vec<_>>();
    prop_oneof![fault(), select(bodies).prop_map(Ok)]
}

proptest! {
    #![proptest_config(cases(500))]

    /// Whatever a caller asks for, the simulator, which reads queries by itself, finds the one record that has it.
    #[test]
    fn a_query_looks_for_what_it_was_given(wanted in near_quotes(), other in near_quotes()) {
        let query = Soql::select(&["Id", "Email"], "Contact").is("Email", soql::Value::Text(&wanted)).build();
        let Ok(query) = query else {
            prop_assert!(wanted.contains(char::is_control));
            return Ok(());
        };
        prop_assume!(wanted.to_lowercase() != other.to_lowercase() && !wanted.is_empty());
        let mut twins = Twins::new();
        for email in [&wanted, &other] {
            let record = json!({ "vendor": "salesforce", "type": "Contact", "properties": { "LastName": "L", "Email": email } });
            send(&mut twins, Method::Post, "/_twin/records", Some(&record));
        }
        let mut path = "/services/data/v66.0/query".to_owned();
        path::push_query(&mut path, "q", &query);
        let found = send(&mut twins, Method::Get, &path, None);
        prop_assert_eq!(&found["totalSize"], &json!(1), "{}", query);
        prop_assert_eq!(&found["records"][0]["Email"], &json!(wanted));
    }
}

fn send(twins: &mut Twins, method: Method, path: &str, body: Option<&Value>) -> Value {
    let mut request = Request {
        method,
        url: format!("https://vendor.example{path}"),
        headers: Headers::new(),
        body: body.map(Value::to_string),
    };
    request.headers.set("authorization", "Bearer twin-token");
    serde_json::from_str(&twins.answer(&request, 0).body).unwrap_or_default()
}
