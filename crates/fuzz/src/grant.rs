//! Token endpoints that answer anything.

use std::collections::VecDeque;

use crmlink::flow::Loss;
use crmlink::grant::connect::{self, App};
use crmlink::grant::{Grant, Step, Token};
use crmlink::http::{Request, Response};
use crmlink::secret::Secret;
use crmlink::vendors::Vendor;
use serde_json::Value;
use url::Url;

use crate::operation::{BETWEEN, outcome};
use crate::text::{choose, first_line, text};

/// 22 November 2026, 16:00.
const NOW: u64 = 1_795_363_200_000;

/// How many steps a renewal may have.
const MOST_STEPS: usize = 300;

/// How often the token endpoint may be called for one renewal.
const MOST_CALLS: usize = 5;

/// A vendor and perhaps `alone`, what is stored, then what comes next at each turn: an answer of the token endpoint as in
/// the target of operations, or for the store `other` with another record below, or `broken`.
///
/// The renewal ends. Before a call that uses up a refresh token the intent is durable, before a token is used it is durable;
/// calls go to the vendor's hosts; and an error repeats nothing that is secret.
///
/// # Panics
/// When that is not so.
pub fn grant(data: &[u8]) {
    let text = text(data);
    let mut parts = text.split(BETWEEN);
    let (first, stored) = first_line(parts.next().unwrap_or_default());
    let (vendor, alone) = first.split_once(' ').unwrap_or((first, ""));
    let vendor = *choose(&Vendor::ALL, vendor, |vendor| vendor.as_str());
    let turns: VecDeque<_> = parts.collect();
    for turn in &turns {
        connected(vendor, turn);
    }
    let Ok(grant) = Grant::new(vendor, stored, None) else {
        return;
    };
    let grant = if alone == "alone" {
        grant.alone()
    } else {
        grant
    };
    let mut world = World {
        vendor,
        store: grant.record().sealable().to_owned(),
        turns,
        now: NOW,
    };
    world.is_readable();
    let mut grant = grant;
    for entropy in 1..3 {
        world.renew(&mut grant, entropy);
    }
}

struct World<'t> {
    vendor: Vendor,
    /// What is durable.
    store: String,
    turns: VecDeque<&'t str>,
    now: u64,
}

impl World<'_> {
    fn renew(&mut self, grant: &mut Grant, entropy: u64) {
        grant.renew(self.now, entropy);
        let mut calls = 0;
        for _ in 0..MOST_STEPS {
            match grant.poll(self.now) {
                Step::Store(record) => match self.turns.front() {
                    Some(turn) if turn.starts_with("other") => {
                        self.replace();
                        grant.reloaded(&self.store, self.now);
                    }
                    Some(turn) if turn.starts_with("broken") => {
                        let _ = self.turns.pop_front();
                        grant.not_stored();
                    }
                    _ => {
                        record.sealable().clone_into(&mut self.store);
                        self.is_readable();
                        grant.stored(self.now);
                    }
                },
                Step::Reload => {
                    if self
                        .turns
                        .front()
                        .is_some_and(|turn| turn.starts_with("other"))
                    {
                        self.replace();
                    }
                    grant.reloaded(&self.store, self.now);
                }
                Step::Sign(assertion) => {
                    assert!(!assertion.pkcs8().is_empty());
                    assert_eq!(assertion.payload().split(|byte| *byte == b'.').count(), 2);
                    grant.signed(b"signature");
                }
                Step::Send(id, request, patience) => {
                    calls += 1;
                    assert!(calls <= MOST_CALLS, "{calls} calls for one renewal");
                    assert!(patience <= 60_000);
                    self.is_due(&request);
                    self.now += 100;
                    match self.turns.pop_front().map_or(Err(Loss::Broken), outcome) {
                        Ok(response) => grant.answered(id, &response, self.now),
                        Err(loss) => grant.lost(id, loss, self.now),
                    }
                }
                Step::Wait(span) => {
                    assert!(span <= 60_000, "a wait of {span} ms");
                    self.now += span;
                }
                Step::Done(token) => {
                    assert!(self.holds(&token), "a token is used before it is durable");
                    assert!(matches!(
                        grant.token(self.now),
                        Token::Ready(..) | Token::Stale
                    ));
                    return;
                }
                Step::Failed(report) => {
                    let told = serde_json::to_string(&report).expect("JSON");
                    for secret in secrets(&self.store) {
                        assert!(!told.contains(&secret), "{told}");
                    }
                    return;
                }
            }
        }
        panic!("no end");
    }

    /// Somebody else stored this.
    fn replace(&mut self) {
        if let Some(turn) = self.turns.pop_front() {
            first_line(turn).1.clone_into(&mut self.store);
        }
    }

    /// What was made durable can be read again, and is stored as it was.
    fn is_readable(&self) {
        let again = Grant::new(self.vendor, &self.store, None);
        let again = again.unwrap_or_else(|refusal| panic!("{refusal}: {}", self.store));
        assert_eq!(again.record().sealable(), self.store);
    }

    fn is_due(&self, request: &Request) {
        let kept: Value = serde_json::from_str(&self.store).unwrap_or_default();
        assert!(kept["intent"].is_string(), "no intent: {}", self.store);
        let url = Url::parse(&request.url).expect("a URL");
        assert_eq!(url.scheme(), "https");
        let host = url.host_str().unwrap_or_default();
        let known = HOSTS.iter().any(|known| match known.strip_prefix('*') {
            Some(end) => host.ends_with(end),
            None => host == *known,
        });
        assert!(
            known && url.port().is_none() && url.username().is_empty(),
            "{url}"
        );
        assert!(request.headers.iter().all(|(name, value)| {
            !name.contains(['\r', '\n']) && !value.contains(['\r', '\n'])
        }));
    }

    fn holds(&self, token: &Secret) -> bool {
        let kept: Value = serde_json::from_str(&self.store).unwrap_or_default();
        let credentials = match kept.get("credentials") {
            Some(credentials) => credentials,
            None => &kept,
        };
        ["access_token", "token"].iter().any(|name| {
            let kept = credentials[*name].as_str().map(Secret::new);
            kept.is_some_and(|kept| kept.is_ok_and(|kept| kept.is(token)))
        })
    }
}

const HOSTS: &[&str] = &[
    "api.hubapi.com",
    "services.leadconnectorhq.com",
    "*.salesforce.com",
    "*.force.com",
    "*.salesforce.mil",
    "*.cloudforce.com",
    "*.sfcrmproducts.cn",
];

/// The secrets of a record that are long enough to be found by.
fn secrets(record: &str) -> Vec<String> {
    let kept: Value = serde_json::from_str(record).unwrap_or_default();
    let names = [
        "client_secret",
        "refresh_token",
        "access_token",
        "agency_token",
        "private_key",
        "token",
    ];
    let texts = names
        .iter()
        .filter_map(|name| kept["credentials"][*name].as_str());
    texts
        .filter(|text| text.len() >= 12)
        .map(str::to_owned)
        .collect()
}

/// The answer to a code: a record that can be read, or an error that repeats nothing.
fn connected(vendor: Vendor, turn: &str) {
    const APP: &str = r#"{"client_id":"app","client_secret":"canary-hush-7f3a","redirect_uri":"https://a.example"}"#;
    let Ok(app) = App::read(vendor, APP, None) else {
        return;
    };
    let Ok(response): Result<Response, _> = outcome(turn) else {
        return;
    };
    match connect::exchanged(vendor, &app, None, &response, NOW) {
        Ok(record) => {
            assert!((200..300).contains(&response.status));
            let again = Grant::new(vendor, record.sealable(), None);
            assert!(again.is_ok_and(|grant| grant.record().sealable() == record.sealable()));
        }
        Err(report) => {
            let told = serde_json::to_string(&report).expect("JSON");
            assert!(!told.contains("canary-hush"), "{told}");
            let answered: Value = serde_json::from_str(&response.body).unwrap_or_default();
            for name in ["access_token", "refresh_token"] {
                let secret = answered[name].as_str().filter(|text| text.len() >= 12);
                assert!(secret.is_none_or(|secret| !told.contains(secret)), "{told}");
            }
        }
    }
}
