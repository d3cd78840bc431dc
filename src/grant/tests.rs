//! The renewal step by step: what is sent, stored and said, for each vendor and each way it can go.

mod bounds;

use super::connect::{self, App};
use super::{Credentials, Grant, Step, Token};
use crate::error::{Code, Reason, Report};
use crate::flow::{Loss, Millis};
use crate::http::{Headers, Request, Response};
use crate::secret::Secret;
use crate::vendors::Vendor;

const NOW: Millis = 1_795_363_200_000;

const HUBSPOT: &str = r#"{"kind":"oauth","client_id":"app","client_secret":"hush","refresh_token":"r0","access_token":"a0","expires_at":1795363260000}"#;
const LOCATION: &str =
    r#"{"kind":"oauth","client_id":"app","client_secret":"hush","refresh_token":"r0"}"#;
const AGENCY: &str = r#"{"kind":"oauth","client_id":"app","client_secret":"hush","refresh_token":"r0","location_id":"loc","company_id":"com","agency_token":"agency"}"#;
const SALESFORCE: &str = r#"{"kind":"oauth","client_id":"app","client_secret":"hush","refresh_token":"r0","origin":"https://acme.my.salesforce.com"}"#;
const TOLD: &str = r#"{"kind":"oauth","client_id":"app","client_secret":"hush","refresh_token":"r0","origin":"https://acme.my.salesforce.com","resend_after_loss":true}"#;
const JWT: &str = r#"{"kind":"jwt_bearer","client_id":"app","username":"anna@acme.example","audience":"https://login.salesforce.com","private_key":"-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"}"#;
const CLIENT: &str = r#"{"kind":"client_credentials","client_id":"app","client_secret":"hush","origin":"https://acme.my.salesforce.com"}"#;

const NEW_TOKENS: &str =
    r#"{"access_token":"a1","refresh_token":"r1","expires_in":1800,"token_type":"bearer"}"#;
const ORG_TOKENS: &str = r#"{"access_token":"a1","refresh_token":"r1","instance_url":"https://acme.my.salesforce.com","token_type":"Bearer"}"#;
const DEAD: &str =
    r#"{"error":"invalid_grant","error_description":"expired access/refresh token"}"#;
const BUSY: &str =
    r#"{"error":"invalid_grant","error_description":"token request is already being processed"}"#;

fn answer(status: u16, body: &str) -> Response {
    Response {
        status,
        headers: Headers::new(),
        body: body.to_owned(),
    }
}

/// A grant with its driver and its store.
struct Rig {
    grant: Grant,
    now: Millis,
    store: String,
    version: u64,
    calls: Vec<Request>,
    stores: usize,
    reloads: usize,
    waited: Millis,
}

enum Back {
    Body(u16, &'static str),
    Lost(Loss),
}

impl Rig {
    fn new(vendor: Vendor, credentials: &str) -> Self {
        let grant = Grant::new(vendor, credentials, None).expect("good credentials");
        Self {
            store: grant.record().sealable().to_owned(),
            version: 0,
            grant: grant.alone(),
            now: NOW,
            calls: Vec::new(),
            stores: 0,
            reloads: 0,
            waited: 0,
        }
    }

    /// What another process stores meanwhile.
    fn sneak(&mut self, text: &str) {
        self.version += 1;
        self.store = text.replace("VERSION", &self.version.to_string());
    }

    /// Renews; the answers are given in turn, and there must be as many calls as answers.
    fn renew(&mut self, answers: &[Back]) -> Result<Secret, Report> {
        let mut answers = answers.iter();
        self.grant.renew(self.now, 77);
        for _ in 0..200 {
            match self.grant.poll(self.now) {
                Step::Store(record) if record.version == self.version + 1 => {
                    self.version = record.version;
                    self.store = record.sealable().to_owned();
                    self.stores += 1;
                    self.grant.stored(self.now);
                }
                Step::Store(_) => self.grant.reloaded(&self.store.clone(), self.now),
                Step::Reload => {
                    self.reloads += 1;
                    self.grant.reloaded(&self.store.clone(), self.now);
                }
                Step::Sign(assertion) => {
                    assert_eq!(assertion.pkcs8(), [0x30, 0]);
                    self.grant.signed(b"signature");
                }
                Step::Send(id, request, patience) => {
                    assert_eq!(patience, super::PATIENCE);
                    self.calls.push(request);
                    self.now += 100;
                    match answers.next().expect("one call fewer") {
                        Back::Body(status, body) => {
                            self.grant.answered(id, &answer(*status, body), self.now);
                        }
                        Back::Lost(loss) => self.grant.lost(id, *loss, self.now),
                    }
                }
                Step::Wait(span) => {
                    self.waited += span;
                    self.now += span;
                }
                Step::Done(token) => {
                    assert!(answers.next().is_none(), "one call more");
                    return Ok(token);
                }
                Step::Failed(report) => {
                    assert!(answers.next().is_none(), "one call more");
                    return Err(report);
                }
            }
        }
        panic!("no end");
    }

    fn form(&self, call: usize) -> &str {
        self.calls[call].body.as_deref().expect("a form")
    }
}

fn expose(token: Result<Secret, Report>) -> Result<String, (Code, Option<Reason>)> {
    token
        .map(|token| token.expose().to_owned())
        .map_err(|report| (report.code, report.reason))
}

const REAUTHENTICATE: Result<String, (Code, Option<Reason>)> =
    Err((Code::Unauthenticated, Some(Reason::Reauthenticate)));

#[test]
fn each_vendor_is_asked_as_it_asks_to_be() {
    for (vendor, credentials, body, url, form) in [
        (
            Vendor::Hubspot,
            HUBSPOT,
            NEW_TOKENS,
            "https://api.hubapi.com/oauth/2026-03/token",
            "grant_type=refresh_token&client_id=app&client_secret=hush&refresh_token=r0",
        ),
        (
            Vendor::Leadconnector,
            LOCATION,
            NEW_TOKENS,
            "https://services.leadconnectorhq.com/oauth/token",
            "grant_type=refresh_token&client_id=app&client_secret=hush&refresh_token=r0&user_type=Location",
        ),
        (
            Vendor::Salesforce,
            SALESFORCE,
            ORG_TOKENS,
            "https://acme.my.salesforce.com/services/oauth2/token",
            "grant_type=refresh_token&client_id=app&client_secret=hush&refresh_token=r0",
        ),
        (
            Vendor::Salesforce,
            CLIENT,
            ORG_TOKENS,
            "https://acme.my.salesforce.com/services/oauth2/token",
            "grant_type=client_credentials&client_id=app&client_secret=hush",
        ),
        (
            Vendor::Salesforce,
            JWT,
            ORG_TOKENS,
            "https://login.salesforce.com/services/oauth2/token",
            concat!(
                "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=eyJhbGciOiJSUzI1NiJ9.",
                // {"iss":"app","sub":"anna@acme.example","aud":"https://login.salesforce.com","exp":1795363320}
                "eyJpc3MiOiJhcHAiLCJzdWIiOiJhbm5hQGFjbWUuZXhhbXBsZSIsImF1ZCI6Imh0dHBzOi8vbG9naW4uc2FsZXNmb3JjZS5jb20iLCJleHAiOjE3OTUzNjMzMjB9",
                ".c2lnbmF0dXJl"
            ),
        ),
    ] {
        let mut rig = Rig::new(vendor, credentials);
        assert_eq!(
            expose(rig.renew(&[Back::Body(200, body)])).as_deref(),
            Ok("a1")
        );
        assert_eq!(rig.calls[0].url, url);
        assert_eq!(rig.form(0), form);
        assert_eq!(rig.calls[0].headers.get("version"), None);
        // The intent, and the tokens.
        assert_eq!((rig.stores, rig.reloads), (2, 0));
        assert!(rig.store.contains("a1") && !rig.store.contains("intent"));
        // Whoever comes next finds them, and calls nobody.
        let after = Grant::new(vendor, &rig.store, None).expect("a record");
        assert!(matches!(after.token(rig.now), Token::Ready(token, _) if token.expose() == "a1"));
        if vendor == Vendor::Salesforce {
            assert!(matches!(
                after.token(rig.now),
                Token::Ready(_, Some("https://acme.my.salesforce.com"))
            ));
        }
    }
}

/// Salesforce's token lives until a call says 401; HubSpot's is renewed minutes before its end; a short one not at once.
#[test]
fn a_token_is_stale_before_it_ends() {
    for (life, stale_after) in [(1_800, 1_500), (60, 45), (86_399, 86_099)] {
        let mut rig = Rig::new(Vendor::Hubspot, HUBSPOT);
        let body = format!(r#"{{"access_token":"a1","expires_in":{life}}}"#);
        let body: &'static str = body.leak();
        rig.renew(&[Back::Body(200, body)]).expect("a token");
        let minted = rig.now;
        assert_eq!(rig.grant.due(), Some(minted + stale_after * 1_000));
        for (second, ready) in [(0, true), (stale_after - 1, true), (stale_after, false)] {
            let token = rig.grant.token(minted + second * 1_000);
            assert_eq!(matches!(token, Token::Ready(..)), ready, "{life} {second}");
        }
        // The old refresh token stays where none came.
        assert!(rig.store.contains("r0"));
    }
    let mut rig = Rig::new(Vendor::Salesforce, SALESFORCE);
    rig.renew(&[Back::Body(200, ORG_TOKENS)]).expect("a token");
    assert_eq!(rig.grant.due(), None);
    assert!(matches!(
        rig.grant.token(rig.now + 1_000_000_000),
        Token::Ready(..)
    ));
}

/// F18, F19: a 401 makes a token stale, but for one that was made just now, and one that was replaced.
#[test]
fn a_refused_token_is_renewed_once() {
    let mut rig = Rig::new(Vendor::Salesforce, SALESFORCE);
    let first = rig.renew(&[Back::Body(200, ORG_TOKENS)]).expect("a token");
    assert!(
        !rig.grant.refused(&first, rig.now),
        "a new one would not help"
    );
    assert!(matches!(rig.grant.token(rig.now), Token::Ready(..)));
    rig.now += 3_600_000;
    assert!(rig.grant.refused(&first, rig.now));
    assert!(matches!(rig.grant.token(rig.now), Token::Stale));
    let body = r#"{"access_token":"a2","refresh_token":"r2"}"#;
    rig.renew(&[Back::Body(200, body)]).expect("a token");
    // Another caller comes back with the old one: there is a newer.
    assert!(rig.grant.refused(&first, rig.now));
    assert!(matches!(rig.grant.token(rig.now), Token::Ready(token, _) if token.expose() == "a2"));
    assert_eq!(rig.calls.len(), 2);
    assert!(rig.form(1).contains("refresh_token=r1"));
}

/// F22: what each vendor's grant does when the answer is lost, before and after it was carried out.
#[test]
fn a_lost_answer_is_no_refusal() {
    let lost = || Back::Lost(Loss::Timeout);
    let new = || Back::Body(200, NEW_TOKENS);
    for (what, vendor, credentials, answers, token, last_form) in [
        (
            "HubSpot sends the old token again",
            Vendor::Hubspot,
            HUBSPOT,
            vec![lost(), new()],
            Ok("a1"),
            "refresh_token=r0",
        ),
        (
            "and once more",
            Vendor::Hubspot,
            HUBSPOT,
            vec![lost(), Back::Body(500, ""), new()],
            Ok("a1"),
            "refresh_token=r0",
        ),
        (
            "a page is no answer",
            Vendor::Hubspot,
            HUBSPOT,
            vec![Back::Body(200, "<html>"), new()],
            Ok("a1"),
            "refresh_token=r0",
        ),
        (
            "a body that breaks off is none",
            Vendor::Hubspot,
            HUBSPOT,
            vec![Back::Body(200, "{\"access_token\":\"a"), new()],
            Ok("a1"),
            "",
        ),
        (
            "the agency's token has another made",
            Vendor::Leadconnector,
            AGENCY,
            vec![lost(), new()],
            Ok("a1"),
            "companyId=com&locationId=loc",
        ),
        (
            "which may be lost too",
            Vendor::Leadconnector,
            AGENCY,
            vec![lost(), lost(), new()],
            Ok("a1"),
            "companyId=com&locationId=loc",
        ),
        (
            "or be refused",
            Vendor::Leadconnector,
            AGENCY,
            vec![lost(), Back::Body(401, "{}"), new()],
            Ok("a1"),
            "refresh_token=r0",
        ),
        (
            "without it one resend",
            Vendor::Leadconnector,
            LOCATION,
            vec![lost(), new()],
            Ok("a1"),
            "refresh_token=r0",
        ),
        (
            "and no more",
            Vendor::Leadconnector,
            LOCATION,
            vec![lost(), lost()],
            Err(()),
            "refresh_token=r0",
        ),
        (
            "Salesforce none",
            Vendor::Salesforce,
            SALESFORCE,
            vec![lost()],
            Err(()),
            "refresh_token=r0",
        ),
        (
            "but where it is told",
            Vendor::Salesforce,
            TOLD,
            vec![lost(), new()],
            Ok("a1"),
            "refresh_token=r0",
        ),
        (
            "and then one",
            Vendor::Salesforce,
            TOLD,
            vec![lost(), lost()],
            Err(()),
            "refresh_token=r0",
        ),
        (
            "no refresh token, nothing to lose",
            Vendor::Salesforce,
            CLIENT,
            vec![lost(), new()],
            Ok("a1"),
            "client_credentials",
        ),
        (
            "nor with a key",
            Vendor::Salesforce,
            JWT,
            vec![lost(), Back::Body(200, ORG_TOKENS)],
            Ok("a1"),
            "jwt-bearer",
        ),
    ] {
        let mut rig = Rig::new(vendor, credentials);
        // Not what is about to end.
        rig.now += 3_600_000;
        let outcome = expose(rig.renew(&answers));
        assert!(rig.form(rig.calls.len() - 1).contains(last_form), "{what}");
        match token {
            Ok(token) => assert_eq!(outcome.as_deref(), Ok(token), "{what}"),
            Err(()) => {
                assert_eq!(outcome, REAUTHENTICATE, "{what}");
                // For good: no later call sends it again.
                rig.now += 1_000_000_000;
                assert_eq!(expose(rig.renew(&[])), REAUTHENTICATE, "{what}");
                assert!(rig.grant.is_dead());
            }
        }
        assert!(rig.reloads >= 1, "{what}: looked before it was sent again");
    }
}

/// F20: dead is dead once; for a quarter of an hour nobody calls.
#[test]
fn a_dead_grant_is_left_alone() {
    for (vendor, credentials, body) in [
        (
            Vendor::Hubspot,
            HUBSPOT,
            r#"{"status":"BAD_REFRESH_TOKEN","message":"missing or invalid refresh token"}"#,
        ),
        (Vendor::Leadconnector, LOCATION, DEAD),
        (
            Vendor::Leadconnector,
            LOCATION,
            r#"{"statusCode":400,"message":"Location is not active"}"#,
        ),
        (Vendor::Salesforce, SALESFORCE, DEAD),
        (Vendor::Salesforce, JWT, DEAD),
    ] {
        let mut rig = Rig::new(vendor, credentials);
        rig.now += 3_600_000;
        assert_eq!(expose(rig.renew(&[Back::Body(400, body)])), REAUTHENTICATE);
        for _ in 0..100 {
            assert_eq!(expose(rig.renew(&[])), REAUTHENTICATE);
        }
        // Somebody else loads it: the same.
        let mut other = Rig::new(vendor, &rig.store);
        other.now = rig.now;
        other.version = rig.version;
        assert_eq!(expose(other.renew(&[])), REAUTHENTICATE);
        assert_eq!(rig.calls.len(), 1);
        rig.now += super::LONG;
        assert_eq!(expose(rig.renew(&[Back::Body(400, body)])), REAUTHENTICATE);
        assert_eq!(expose(rig.renew(&[])), REAUTHENTICATE);
    }
    // A location whose refresh token is dead is had by its agency's.
    let mut rig = Rig::new(Vendor::Leadconnector, AGENCY);
    let answers = [
        Back::Body(400, DEAD),
        Back::Body(201, r#"{"access_token":"a1"}"#),
    ];
    assert_eq!(expose(rig.renew(&answers)).as_deref(), Ok("a1"));
    assert_eq!(
        rig.calls[1].url,
        "https://services.leadconnectorhq.com/oauth/locationToken"
    );
    assert_eq!(
        rig.calls[1].headers.get("authorization"),
        Some("Bearer agency")
    );
    assert_eq!(rig.calls[1].headers.get("version"), Some("2021-07-28"));
}

/// The three meanings of `invalid_grant`.
#[test]
fn invalid_grant_is_told_apart() {
    // (a) A race that was lost: the winner's token is in the store.
    let theirs = SALESFORCE
        .replace("r0", "r9")
        .replace("\"origin\"", "\"access_token\":\"a9\",\"origin\"");
    let theirs = format!(r#"{{"version":VERSION,"credentials":{theirs}}}"#);
    let mut rig = Rig::new(Vendor::Salesforce, SALESFORCE);
    rig.grant.renew(NOW, 5);
    let Step::Store(record) = rig.grant.poll(NOW) else {
        panic!("the intent")
    };
    rig.version = record.version;
    rig.grant.stored(NOW);
    let Step::Send(id, ..) = rig.grant.poll(NOW) else {
        panic!("the call")
    };
    rig.sneak(&theirs);
    rig.grant.answered(id, &answer(400, DEAD), NOW);
    assert!(matches!(rig.grant.poll(NOW), Step::Reload));
    let store = rig.store.clone();
    rig.grant.reloaded(&store, NOW);
    assert!(matches!(rig.grant.poll(NOW), Step::Done(token) if token.expose() == "a9"));

    // (b) Under way elsewhere: waits, looks, never sends again; and says so when nothing comes.
    for body in [
        BUSY,
        r#"{"error":"invalid_grant","error_description":"expired authorization code"}"#,
    ] {
        let mut rig = Rig::new(Vendor::Salesforce, SALESFORCE);
        let outcome = expose(rig.renew(&[Back::Body(400, body)]));
        assert_eq!(outcome, Err((Code::VendorUnavailable, None)));
        assert_eq!((rig.calls.len(), rig.reloads), (1, 5));
        assert!(!rig.grant.is_dead());
        // It was not carried out: that is no loss.
        rig.now += 10_000;
        assert_eq!(
            expose(rig.renew(&[Back::Body(200, ORG_TOKENS)])).as_deref(),
            Ok("a1")
        );
    }
}

/// Refused without having been carried out: the grant is as good as before.
#[test]
fn what_was_not_carried_out_is_no_loss() {
    let new = || Back::Body(200, ORG_TOKENS);
    let mut rig = Rig::new(Vendor::Salesforce, SALESFORCE);
    let answers = [Back::Lost(Loss::NotSent), Back::Lost(Loss::NotSent), new()];
    assert_eq!(expose(rig.renew(&answers)).as_deref(), Ok("a1"));
    for (answers, code, rest) in [
        (
            vec![
                Back::Lost(Loss::NotSent),
                Back::Lost(Loss::NotSent),
                Back::Lost(Loss::NotSent),
            ],
            Code::VendorUnavailable,
            2_000,
        ),
        (vec![Back::Body(429, "")], Code::RateLimited, 31_000),
        (
            vec![Back::Body(401, r#"{"error":"invalid_client"}"#)],
            Code::Unauthenticated,
            31_000,
        ),
        (
            vec![Back::Body(400, r#"{"error":"unsupported_grant_type"}"#)],
            Code::Unauthenticated,
            31_000,
        ),
        (
            vec![Back::Body(404, "<html>")],
            Code::Unauthenticated,
            31_000,
        ),
    ] {
        let mut rig = Rig::new(Vendor::Salesforce, SALESFORCE);
        assert_eq!(expose(rig.renew(&answers)), Err((code, None)));
        // All others get the same, and no call is made.
        assert_eq!(expose(rig.renew(&[])), Err((code, None)));
        rig.now += rest;
        assert_eq!(expose(rig.renew(&[new()])).as_deref(), Ok("a1"), "{code:?}");
    }
}

/// While the old token lives, a renewal that fails does not fail the call.
#[test]
fn a_token_that_lives_outlives_a_failed_renewal() {
    let mut rig = Rig::new(Vendor::Hubspot, HUBSPOT);
    assert!(
        matches!(rig.grant.token(rig.now), Token::Stale),
        "a minute is left"
    );
    let answers = [
        Back::Body(500, ""),
        Back::Body(500, ""),
        Back::Body(500, ""),
    ];
    assert_eq!(expose(rig.renew(&answers)).as_deref(), Ok("a0"));
    // The endpoint is left alone for a while.
    assert!(matches!(rig.grant.token(rig.now), Token::Ready(token, _) if token.expose() == "a0"));
    rig.now = NOW + 61_000;
    assert!(matches!(rig.grant.token(rig.now), Token::Stale));
    assert_eq!(
        expose(rig.renew(&[Back::Body(200, NEW_TOKENS)])).as_deref(),
        Ok("a1")
    );
}

/// F41: no call without its intent; tokens that could not be stored are not used, and not lost.
#[test]
fn storing_comes_first() {
    let mut grant = Grant::new(Vendor::Salesforce, SALESFORCE, None)
        .expect("a grant")
        .alone();
    grant.renew(NOW, 1);
    assert!(matches!(grant.poll(NOW), Step::Store(_)));
    grant.not_stored();
    assert!(matches!(grant.poll(NOW), Step::Failed(report) if report.retryable));
    // The store is back, and fails again at the worst time.
    grant.renew(NOW, 2);
    assert!(matches!(grant.poll(NOW), Step::Store(_)));
    grant.stored(NOW);
    let Step::Send(id, ..) = grant.poll(NOW) else {
        panic!("the call")
    };
    assert!(
        matches!(grant.poll(NOW), Step::Wait(_)),
        "one call, however often it is polled"
    );
    grant.answered(id, &answer(200, ORG_TOKENS), NOW);
    let mut tries = 0;
    while let Step::Store(record) = grant.poll(NOW) {
        assert!(record.sealable().contains("a1"));
        grant.not_stored();
        tries += 1;
    }
    assert!((2..40).contains(&tries));
    assert!(matches!(grant.token(NOW), Token::Stale));
    grant.renew(NOW, 3);
    let Step::Store(record) = grant.poll(NOW) else {
        panic!("first thing")
    };
    assert!(record.sealable().contains("r1") && record.version == 2);
    grant.stored(NOW);
    assert!(matches!(grant.poll(NOW), Step::Done(token) if token.expose() == "a1"));
}

/// F38, T7: a host that is not Salesforce's is never where a token goes.
#[test]
fn a_new_host_is_checked() {
    let moved = r#"{"access_token":"a1","refresh_token":"r1","instance_url":"https://acme2.my.salesforce.com/"}"#;
    let mut rig = Rig::new(Vendor::Salesforce, SALESFORCE);
    rig.renew(&[Back::Body(200, moved)]).expect("a token");
    assert!(matches!(
        rig.grant.token(NOW),
        Token::Ready(_, Some("https://acme2.my.salesforce.com"))
    ));
    let evil = r#"{"access_token":"a1","refresh_token":"r1","instance_url":"https://evil.example/.my.salesforce.com"}"#;
    let mut rig = Rig::new(Vendor::Salesforce, SALESFORCE);
    rig.renew(&[Back::Body(200, evil)]).expect("a token");
    assert!(matches!(
        rig.grant.token(NOW),
        Token::Ready(_, Some("https://acme.my.salesforce.com"))
    ));
    assert!(!rig.store.contains("evil"));
    // With no host at all there is no token to use; what came is kept.
    let mut rig = Rig::new(Vendor::Salesforce, JWT);
    assert_eq!(
        expose(rig.renew(&[Back::Body(200, evil)])),
        Err((Code::UnexpectedResponse, None))
    );
    assert!(!rig.store.contains("evil") && !rig.store.contains("a1"));
    assert_eq!(
        expose(rig.renew(&[])),
        Err((Code::UnexpectedResponse, None))
    );
}

/// F42: a clock that is ten minutes off, either way: no token is used too long or renewed too early, and an assertion ends by
/// the vendor's clock.
#[test]
fn the_vendor_s_clock_counts() {
    for off in [-600_000_i64, 600_000] {
        let mut grant = Grant::new(Vendor::Hubspot, HUBSPOT, None)
            .expect("a grant")
            .alone();
        let ours = |vendors: Millis| vendors.saturating_add_signed(off);
        let dated = |body: &str| Response {
            headers: Headers::from_iter([("date", "Sun, 22 Nov 2026 16:00:00 GMT")]),
            ..answer(200, body)
        };
        // Before anything was heard the own clock counts.
        grant.heard(&dated("").headers, ours(NOW));
        assert!(matches!(grant.token(ours(NOW + 100_000)), Token::Stale));
        grant.renew(ours(NOW + 100_000), 3);
        assert!(matches!(grant.poll(ours(NOW)), Step::Store(_)));
        grant.stored(ours(NOW));
        let Step::Send(id, ..) = grant.poll(ours(NOW)) else {
            panic!("the call")
        };
        grant.answered(id, &dated(NEW_TOKENS), ours(NOW));
        let Step::Store(record) = grant.poll(ours(NOW)) else {
            panic!("the tokens")
        };
        assert!(record.sealable().contains("\"expires_at\":1795365000000"));
        let store = record.sealable().to_owned();
        grant.stored(ours(NOW));
        for grant in [
            grant,
            Grant::new(Vendor::Hubspot, &store, None).expect("a record"),
        ] {
            assert!(
                matches!(grant.token(ours(NOW + 1_499_000)), Token::Ready(..)),
                "{off}"
            );
            assert!(
                matches!(grant.token(ours(NOW + 1_501_000)), Token::Stale),
                "{off}"
            );
        }
    }
    // A slow clock signs an assertion that has ended; the refusal's date shows it, and one more is signed.
    let mut grant = Grant::new(Vendor::Salesforce, JWT, None)
        .expect("a grant")
        .alone();
    let slow = NOW - 600_000;
    let mut ends = Vec::new();
    grant.renew(slow, 9);
    loop {
        match grant.poll(slow) {
            Step::Store(_) => grant.stored(slow),
            Step::Sign(assertion) => {
                let payload = String::from_utf8(assertion.payload().to_vec()).expect("text");
                let claims = crate::base64::decode(payload.split('.').nth(1).expect("claims"));
                let claims = crate::json::value(
                    std::str::from_utf8(&claims.expect("base64")).expect("text"),
                );
                ends.push(claims.expect("JSON")["exp"].as_u64());
                grant.signed(b"s");
            }
            Step::Send(id, ..) => {
                let good = ends.last() > Some(&Some(NOW / 1_000));
                let response = Response {
                    headers: Headers::from_iter([("date", "Sun, 22 Nov 2026 16:00:00 GMT")]),
                    ..if good {
                        answer(200, ORG_TOKENS)
                    } else {
                        answer(400, DEAD)
                    }
                };
                grant.answered(id, &response, slow);
            }
            Step::Done(token) => break assert_eq!(token.expose(), "a1"),
            _ => panic!("another step"),
        }
    }
    assert_eq!(ends, [Some(1_795_362_720), Some(1_795_363_320)]);
}

#[test]
fn credentials_are_refused_by_their_paths() {
    let refused = |vendor, text: &str| {
        let refusal = Credentials::read(vendor, text, None)
            .err()
            .expect("a refusal");
        assert!(!refusal.to_string().contains("canary"), "{refusal}");
        refusal.path
    };
    use Vendor::{Hubspot, Leadconnector, Salesforce, Truto};
    for (vendor, text, path) in [
        (Hubspot, r#"{}"#, "credentials.kind"),
        (Hubspot, r#"{"kind":"canary"}"#, "credentials.kind"),
        (Hubspot, r#"{"kind":"token"}"#, "credentials.token"),
        (
            Hubspot,
            r#"{"kind":"token","token":"two canary"}"#,
            "credentials.token",
        ),
        (
            Hubspot,
            r#"{"kind":"token","token":"t","refresh_token":"canary"}"#,
            "credentials.refresh_token",
        ),
        (
            Hubspot,
            r#"{"kind":"oauth","client_id":"c","client_secret":"canary"}"#,
            "credentials.refresh_token",
        ),
        (
            Hubspot,
            r#"{"kind":"oauth","client_id":"c","client_secret":"s","refresh_token":"canary\n"}"#,
            "credentials.refresh_token",
        ),
        (
            Hubspot,
            r#"{"kind":"token","token":"t","origin":"https://canary.example"}"#,
            "credentials.origin",
        ),
        (Hubspot, CLIENT, "credentials.kind"),
        (Leadconnector, JWT, "credentials.kind"),
        (Truto, HUBSPOT, "credentials.kind"),
        (
            Salesforce,
            r#"{"kind":"client_credentials","client_id":"c","client_secret":"canary"}"#,
            "credentials.origin",
        ),
        (
            Salesforce,
            r#"{"kind":"token","token":"t","origin":"https://canary.example"}"#,
            "credentials.origin",
        ),
        (
            Salesforce,
            r#"{"kind":"jwt_bearer","client_id":"c","username":"u","audience":"a","private_key":"-----BEGIN RSA PRIVATE KEY-----\ncanary\n-----END RSA PRIVATE KEY-----"}"#,
            "credentials.private_key",
        ),
    ] {
        assert_eq!(refused(vendor, text), path, "{text}");
    }
    for (vendor, text) in [
        (Hubspot, HUBSPOT),
        (Leadconnector, AGENCY),
        (Salesforce, SALESFORCE),
        (Salesforce, TOLD),
        (Salesforce, JWT),
        (Salesforce, CLIENT),
        (Truto, r#"{"kind":"token","token":"t"}"#),
    ] {
        let read = Credentials::read(vendor, text, None).expect("credentials");
        let again = Credentials::read(vendor, &read.sealable(), None).expect("the same");
        assert_eq!(read.sealable(), again.sealable());
    }
    let static_token = Grant::new(Truto, r#"{"kind":"token","token":"t"}"#, None).expect("a token");
    assert!(!static_token.is_renewable());
    assert!(matches!(static_token.token(NOW), Token::Ready(..)));
}

#[test]
fn a_person_connects_an_account() {
    let app = |vendor, more: &str| {
        let text = format!(
            r#"{{"client_id":"a b","client_secret":"hush","redirect_uri":"https://edge.example/back","scopes":["one","two"]{more}}}"#
        );
        App::read(vendor, &text, None).expect("an app")
    };
    let tail =
        "client_id=a%20b&redirect_uri=https%3A%2F%2Fedge.example%2Fback&scope=one%20two&state=s1";
    for (vendor, more, url) in [
        (
            Vendor::Hubspot,
            "",
            format!("https://app.hubspot.com/oauth/authorize?{tail}"),
        ),
        (
            Vendor::Leadconnector,
            r#","authorize":"https://marketplace.leadconnectorhq.com/v2/oauth/chooselocation""#,
            format!(
                "https://marketplace.leadconnectorhq.com/v2/oauth/chooselocation?response_type=code&{tail}"
            ),
        ),
        (
            Vendor::Salesforce,
            r#","login":"https://test.salesforce.com""#,
            format!(
                "https://test.salesforce.com/services/oauth2/authorize?response_type=code&{tail}&code_challenge=c1&code_challenge_method=S256"
            ),
        ),
    ] {
        let app = app(vendor, more);
        let page = connect::authorize(vendor, &app, None, "s1", Some("c1")).expect("a page");
        assert_eq!(page, url);
        assert_eq!(connect::wants_pkce(vendor), vendor == Vendor::Salesforce);
        let request = connect::exchange(vendor, &app, None, "c/1", Some("v1")).expect("a request");
        let form = request.body.clone().expect("a form");
        assert!(form.starts_with("grant_type=authorization_code&client_id=a%20b&client_secret=hush&redirect_uri=https%3A%2F%2Fedge.example%2Fback&code=c%2F1"));
        assert_eq!(
            form.contains("code_verifier=v1"),
            vendor == Vendor::Salesforce
        );
        assert!(
            !format!("{request:?}").contains("hush"),
            "its Debug hides it"
        );
        let body = r#"{"access_token":"a1","refresh_token":"r1","expires_in":1800,"instance_url":"https://acme.my.salesforce.com","locationId":"loc","companyId":"com"}"#;
        let record =
            connect::exchanged(vendor, &app, None, &answer(200, body), NOW).expect("tokens");
        assert_eq!(record.version, 0);
        let grant = Grant::new(vendor, record.sealable(), None).expect("a record");
        assert!(matches!(grant.token(NOW), Token::Ready(token, _) if token.expose() == "a1"));
        assert!(record.sealable().contains("r1"));
        let revoked = connect::revoke(vendor, grant.credentials(), None);
        match vendor {
            Vendor::Hubspot => assert_eq!(
                revoked.and_then(|request| request.body).as_deref(),
                Some("token=r1&client_id=a%20b&client_secret=hush&token_type_hint=refresh_token")
            ),
            Vendor::Salesforce => {
                let revoked = revoked.expect("a request");
                assert_eq!(
                    revoked.url,
                    "https://test.salesforce.com/services/oauth2/revoke"
                );
                assert_eq!(revoked.body.as_deref(), Some("token=r1"));
            }
            _ => assert!(revoked.is_none()),
        }
    }
    let salesforce = app(Vendor::Salesforce, "");
    let evil =
        r#"{"access_token":"a1","refresh_token":"r1","instance_url":"https://evil.example"}"#;
    for (status, body, code) in [
        (200, evil, Code::UnexpectedResponse),
        (200, r#"{"access_token":"a1"}"#, Code::Unauthenticated),
        (400, DEAD, Code::Unauthenticated),
        (200, "<html>", Code::VendorUnavailable),
        (429, "", Code::RateLimited),
    ] {
        let response = answer(status, body);
        let failed = connect::exchanged(Vendor::Salesforce, &salesforce, None, &response, NOW);
        assert_eq!(failed.err().expect("a report").code, code, "{body}");
    }
    assert!(connect::exchange(Vendor::Salesforce, &salesforce, None, "", None).is_err());
    assert!(
        App::read(
            Vendor::Truto,
            r#"{"client_id":"a","client_secret":"b","redirect_uri":"c"}"#,
            None
        )
        .is_err()
    );
}

/// No word of what a report says comes from an answer.
#[test]
fn a_report_repeats_nothing() {
    for body in [
        r#"{"error":"invalid_grant","error_description":"canary"}"#,
        r#"{"error":"canary","message":"canary"}"#,
        "canary",
    ] {
        for status in [200, 400, 401, 404, 429, 500] {
            let mut rig = Rig::new(Vendor::Salesforce, SALESFORCE);
            let report = rig
                .renew(&[Back::Body(status, body)])
                .err()
                .expect("a report");
            let shown = format!("{report:?}");
            for secret in ["canary", "hush", "r0"] {
                assert!(!shown.contains(secret), "{shown}");
            }
        }
    }
}

#[test]
fn a_grant_says_what_it_is() {
    let of = |vendor, text: &str| Grant::new(vendor, text, None).expect("good credentials");
    let token = r#"{"kind":"token","token":"t0"}"#;
    for (vendor, text, renewable, location, due) in [
        (Vendor::Hubspot, token, false, None, None),
        (Vendor::Truto, token, false, None, None),
        (
            Vendor::Hubspot,
            HUBSPOT,
            true,
            None,
            Some(1_795_363_260_000),
        ),
        (Vendor::Leadconnector, LOCATION, true, None, None),
        (Vendor::Leadconnector, AGENCY, true, Some("loc"), None),
        (Vendor::Salesforce, JWT, true, None, None),
    ] {
        let mut grant = of(vendor, text);
        assert_eq!(grant.is_renewable(), renewable, "{text}");
        assert_eq!(grant.location(), location, "{text}");
        assert_eq!(grant.due(), due, "{text}");
        assert!(!grant.is_dead(), "{text}");
        let known = Secret::new("t0").expect("a token");
        assert_eq!(grant.refused(&known, NOW), renewable, "{text}");
    }
}

/// Half a minute after it was made, a token that is refused may have been taken back; before, the fault is elsewhere.
#[test]
fn a_token_is_new_for_half_a_minute() {
    let mut rig = Rig::new(Vendor::Salesforce, SALESFORCE);
    let token = rig.renew(&[Back::Body(200, ORG_TOKENS)]).expect("a token");
    assert!(!rig.grant.refused(&token, rig.now + 29_999));
    assert!(rig.grant.refused(&token, rig.now + 30_000));
}

#[test]
fn a_look_into_the_store_is_waited_for() {
    let mut rig = Rig::new(Vendor::Hubspot, HUBSPOT);
    let answers = [Back::Body(500, ""), Back::Body(200, NEW_TOKENS)];
    assert_eq!(expose(rig.renew(&answers)).as_deref(), Ok("a1"));
    assert!((1_000..2_000).contains(&rig.waited), "{}", rig.waited);
    assert_eq!(rig.reloads, 1);
}

/// A vendor that says when to come back is asked three times, and not earlier; one that wants more patience, once.
#[test]
fn a_limit_is_kept_to() {
    for (seconds, calls, waited) in [("2", 3, 4_000), ("5", 3, 10_000), ("6", 1, 0)] {
        let mut grant = Grant::new(Vendor::Salesforce, SALESFORCE, None)
            .expect("a grant")
            .alone();
        let (mut now, mut sent, mut store) = (NOW, 0, String::new());
        let mut pauses = 0;
        grant.renew(now, 1);
        let report = loop {
            match grant.poll(now) {
                Step::Store(record) => {
                    record.sealable().clone_into(&mut store);
                    grant.stored(now);
                }
                Step::Reload => grant.reloaded(&store, now),
                Step::Send(id, ..) => {
                    sent += 1;
                    let mut limited = answer(429, "");
                    limited.headers.set("retry-after", seconds);
                    grant.answered(id, &limited, now);
                }
                Step::Wait(span) => {
                    pauses += span;
                    now += span;
                }
                Step::Failed(report) => break report,
                Step::Sign(_) | Step::Done(_) => panic!("no such step"),
            }
        };
        assert_eq!(report.code, Code::RateLimited);
        assert_eq!((sent, pauses), (calls, waited), "{seconds}");
    }
}

#[test]
fn a_key_that_cannot_sign_is_told() {
    let mut grant = Grant::new(Vendor::Salesforce, JWT, None)
        .expect("a grant")
        .alone();
    grant.renew(NOW, 1);
    assert!(matches!(grant.poll(NOW), Step::Store(_)));
    grant.stored(NOW);
    // Said out of turn, it means nothing.
    let Step::Sign(_) = grant.poll(NOW) else {
        panic!("the assertion")
    };
    grant.not_signed(NOW);
    let Step::Store(record) = grant.poll(NOW) else {
        panic!("the rest")
    };
    assert!(record.sealable().contains(r#""rest":"app""#));
    grant.stored(NOW);
    assert!(
        matches!(grant.poll(NOW), Step::Failed(report) if report.code == Code::Unauthenticated)
    );
    grant.not_signed(NOW);
    assert!(matches!(grant.token(NOW), Token::Stale));
}

/// The word that an intent is durable may be lost: whoever finds it in the store goes on. Another's is waited for.
#[test]
fn an_intent_is_known_again_by_whose_it_is() {
    for (theirs, goes_on) in [(false, true), (true, false)] {
        let mut grant = Grant::new(Vendor::Salesforce, SALESFORCE, None).expect("a grant");
        grant.renew(NOW, 77);
        let Step::Store(record) = grant.poll(NOW) else {
            panic!("the intent")
        };
        let text = match theirs {
            false => record.sealable().to_owned(),
            true => record.sealable().replace(r#""by":"77""#, r#""by":"78""#),
        };
        assert_eq!(text != record.sealable(), theirs);
        grant.reloaded(&text, NOW);
        let next = grant.poll(NOW);
        assert_eq!(matches!(next, Step::Send(..)), goes_on);
        assert_eq!(matches!(next, Step::Wait(_)), theirs);
    }
}

/// Drives a grant that shares its store: what it came to, how often it looked into the store, and how long it waited.
fn shared(
    grant: &mut Grant,
    entropy: u64,
    store: &str,
    answer: &Response,
) -> (Result<Secret, Report>, usize, Millis) {
    let (mut now, mut store, mut reloads) = (NOW, store.to_owned(), 0);
    grant.renew(now, entropy);
    loop {
        match grant.poll(now) {
            Step::Store(record) => {
                record.sealable().clone_into(&mut store);
                grant.stored(now);
            }
            Step::Reload => {
                reloads += 1;
                grant.reloaded(&store, now);
            }
            Step::Send(id, ..) => grant.answered(id, answer, now),
            Step::Wait(span) => now += span,
            Step::Done(token) => return (Ok(token), reloads, now - NOW),
            Step::Failed(report) => return (Err(report), reloads, now - NOW),
            Step::Sign(_) => panic!("nothing to sign"),
        }
    }
}

/// Another's call may be under way for thirty seconds; where nobody shares the store, what is found there is of a crash.
#[test]
fn another_s_call_is_waited_for_as_long_as_it_may_take() {
    let stored = |at: Millis| {
        format!(
            r#"{{"version":3,"credentials":{HUBSPOT},"intent":"renew","at":{at},"sends":1,"by":"99"}}"#
        )
    };
    for (at, alone, wait) in [
        (NOW - 29_000, false, Some(1_000)),
        (NOW - 29_999, false, Some(1)),
        (NOW - 30_000, false, None),
        (NOW - 29_000, true, None),
    ] {
        let grant = Grant::new(Vendor::Hubspot, &stored(at), None).expect("a grant");
        let mut grant = if alone { grant.alone() } else { grant };
        grant.renew(NOW, 77);
        match grant.poll(NOW) {
            Step::Wait(span) => assert_eq!(Some(span), wait),
            Step::Store(_) => assert_eq!(wait, None),
            _ => panic!("no such step"),
        }
    }
}

#[test]
fn an_intent_of_one_s_own_is_not_waited_for() {
    let mut grant = Grant::new(Vendor::Hubspot, HUBSPOT, None).expect("a grant");
    let store = grant.record().sealable().to_owned();
    let (token, ..) = shared(&mut grant, 77, &store, &answer(500, ""));
    assert_eq!(expose(token).as_deref(), Ok("a0"), "it lives for a minute");
    let later = NOW + 120_000;
    grant.renew(later, 78);
    assert!(matches!(grant.poll(later), Step::Store(_)));
}

#[test]
fn who_shares_a_store_looks_twice_before_a_grant_is_dead() {
    for (alone, looks) in [(true, 1), (false, 2)] {
        let grant = Grant::new(Vendor::Salesforce, SALESFORCE, None).expect("a grant");
        let mut grant = if alone { grant.alone() } else { grant };
        let store = grant.record().sealable().to_owned();
        let (token, reloads, _) = shared(&mut grant, 77, &store, &answer(400, DEAD));
        assert_eq!(expose(token), REAUTHENTICATE);
        assert_eq!(reloads, looks);
    }
}
