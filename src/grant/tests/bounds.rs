//! The edges: how often, how long, and what stands in the store at the end.

use super::*;

const LOST: Back = Back::Lost(Loss::Timeout);

fn new() -> Back {
    Back::Body(200, NEW_TOKENS)
}

fn code(renewed: Result<Secret, Report>) -> Option<Code> {
    renewed.err().map(|report| report.code)
}

/// One call of a grant that nobody else uses: the record that it wants stored after the answer.
fn answered(vendor: Vendor, credentials: &str, response: &Response) -> (Grant, String) {
    let grant = Grant::new(vendor, credentials, None).expect("good credentials");
    let mut grant = grant.alone();
    grant.renew(NOW, 1);
    assert!(matches!(grant.poll(NOW), Step::Store(_)));
    grant.stored(NOW);
    let Step::Send(id, ..) = grant.poll(NOW) else {
        panic!("the call")
    };
    grant.answered(id, response, NOW);
    let Step::Store(record) = grant.poll(NOW) else {
        panic!("what came of it")
    };
    let store = record.sealable().to_owned();
    (grant, store)
}

fn dated(status: u16, date: &str, body: &str) -> Response {
    let mut response = answer(status, body);
    response.headers.set("date", date.to_owned());
    response
}

/// An agency's token is tried before a refresh token is sent a second time, and after it is dead; then nothing is left.
#[test]
fn an_agency_brings_a_token_or_it_does_not() {
    let paths = |rig: &Rig| {
        let path = |call: &Request| call.url.rsplit('/').next().map(str::to_owned);
        rig.calls.iter().filter_map(path).collect::<Vec<_>>()
    };
    let refused = || Back::Body(401, r#"{"message":"no such agency"}"#);

    let mut rig = Rig::new(Vendor::Leadconnector, AGENCY);
    assert_eq!(
        expose(rig.renew(&[LOST, refused(), new()])).as_deref(),
        Ok("a1")
    );
    assert_eq!(paths(&rig), ["token", "locationToken", "token"]);

    let mut rig = Rig::new(Vendor::Leadconnector, AGENCY);
    assert_eq!(
        code(rig.renew(&[LOST, refused(), LOST])),
        Some(Code::VendorUnavailable)
    );
    // It was sent as often as it may be: another renewal does not send it again.
    assert!(rig.store.contains(r#""sends":2"#), "{}", rig.store);

    let careful = AGENCY.replace("{\"kind\"", "{\"resend_after_loss\":false,\"kind\"");
    let mut rig = Rig::new(Vendor::Leadconnector, &careful);
    assert_eq!(expose(rig.renew(&[LOST, refused()])), REAUTHENTICATE);
    assert!(rig.store.contains(r#""rest":"uncertain""#), "{}", rig.store);

    let mut rig = Rig::new(Vendor::Leadconnector, AGENCY);
    let dead = [Back::Body(400, DEAD), refused()];
    assert_eq!(expose(rig.renew(&dead)), REAUTHENTICATE);
    assert!(rig.store.contains(r#""rest":"dead""#), "{}", rig.store);

    // Without one of the three names there is nobody to ask.
    for missing in ["location_id", "company_id", "agency_token"] {
        let mut fields = crate::json::value(AGENCY).expect("JSON");
        fields.as_object_mut().expect("fields").remove(missing);
        let mut rig = Rig::new(Vendor::Leadconnector, &fields.to_string());
        assert_eq!(
            expose(rig.renew(&[Back::Body(400, DEAD)])),
            REAUTHENTICATE,
            "{missing}"
        );
    }
}

/// What an answer of no success says about the call: 408, 500 and a 503 without a time are no refusals.
#[test]
fn what_may_have_been_carried_out_is_told_from_what_was_not() {
    for (status, header, body, code) in [
        (408, "", "", Code::Unauthenticated),
        (500, "", "", Code::Unauthenticated),
        (503, "", "", Code::Unauthenticated),
        (503, "3600", "", Code::RateLimited),
        (200, "", DEAD, Code::Unauthenticated),
        (200, "", BUSY, Code::VendorUnavailable),
    ] {
        let mut response = answer(status, body);
        if !header.is_empty() {
            response.headers.set("retry-after", header);
        }
        let grant = Grant::new(Vendor::Salesforce, SALESFORCE, None).expect("a grant");
        let mut grant = grant.alone();
        let (mut store, mut calls, mut now) = (String::new(), 0, NOW);
        grant.renew(now, 1);
        let report = loop {
            match grant.poll(now) {
                Step::Store(record) => {
                    record.sealable().clone_into(&mut store);
                    grant.stored(now);
                }
                Step::Reload => grant.reloaded(&store, now),
                Step::Wait(span) => now += span,
                Step::Send(id, ..) => {
                    calls += 1;
                    grant.answered(id, &response, now);
                }
                Step::Failed(report) => break report,
                Step::Sign(_) | Step::Done(_) => panic!("no such step"),
            }
        };
        assert_eq!((report.code, calls), (code, 1), "{status} {header} {body}");
        let uncertain = header.is_empty() && body.is_empty();
        assert_eq!(
            store.contains(r#""rest":"uncertain""#),
            uncertain,
            "{store}"
        );
    }
}

/// A refresh token that may have been used up is remembered, whatever comes after it; one that was not is not.
#[test]
fn a_doubt_outlives_what_comes_after_it() {
    let mut rig = Rig::new(Vendor::Hubspot, HUBSPOT);
    rig.now += 3_600_000;
    let limited = || Back::Body(429, "");
    assert_eq!(code(rig.renew(&[LOST, limited()])), Some(Code::RateLimited));
    assert!(rig.store.contains(r#""intent":"renew""#), "{}", rig.store);

    let mut rig = Rig::new(Vendor::Hubspot, HUBSPOT);
    rig.now += 3_600_000;
    assert_eq!(code(rig.renew(&[limited()])), Some(Code::RateLimited));
    assert!(!rig.store.contains("intent"), "{}", rig.store);
}

/// A dead grant is left alone for a quarter of an hour.
#[test]
fn a_dead_grant_is_asked_again_after_a_quarter_of_an_hour() {
    let mut rig = Rig::new(Vendor::Salesforce, SALESFORCE);
    let dead = || Back::Body(400, DEAD);
    assert_eq!(expose(rig.renew(&[dead()])), REAUTHENTICATE);
    rig.now += 890_000;
    assert_eq!(expose(rig.renew(&[])), REAUTHENTICATE);
    rig.now += 10_000;
    assert_eq!(expose(rig.renew(&[dead()])), REAUTHENTICATE);
}

/// New tokens that cannot be stored are not used, and no more is the one before them, which may be gone.
#[test]
fn tokens_that_are_not_durable_are_not_used() {
    let (mut grant, _) = answered(Vendor::Hubspot, HUBSPOT, &answer(200, NEW_TOKENS));
    let mut offers = 0;
    let end = loop {
        grant.not_stored();
        match grant.poll(NOW) {
            Step::Store(_) => offers += 1,
            other => break other,
        }
        assert!(offers < 100, "no end");
    };
    assert!(matches!(end, Step::Failed(report) if report.code == Code::VendorUnavailable));
    assert!(offers > 0);
    // The next renewal begins with them.
    grant.renew(NOW, 2);
    let Step::Store(record) = grant.poll(NOW) else {
        panic!("the tokens")
    };
    assert!(record.sealable().contains("r1"));
    grant.stored(NOW);
    assert!(matches!(grant.poll(NOW), Step::Done(token) if token.expose() == "a1"));
}

/// Another driver's intent does not take away what we have in hand; its tokens do.
#[test]
fn what_another_driver_stored_meanwhile_is_told_apart() {
    for (vendor, credentials) in [
        (Vendor::Hubspot, HUBSPOT),
        // It has had no access token yet.
        (Vendor::Leadconnector, LOCATION),
    ] {
        let (mut grant, _) = answered(vendor, credentials, &answer(200, NEW_TOKENS));
        let intent = format!(
            r#"{{"version":2,"credentials":{credentials},"intent":"renew","at":{NOW},"sends":1,"by":"9"}}"#
        );
        grant.reloaded(&intent, NOW);
        let Step::Store(record) = grant.poll(NOW) else {
            panic!("our tokens")
        };
        assert_eq!(record.version, 3);
        grant.stored(NOW);
        assert!(matches!(grant.poll(NOW), Step::Done(token) if token.expose() == "a1"));
    }
    let (mut grant, _) = answered(Vendor::Hubspot, HUBSPOT, &answer(200, NEW_TOKENS));
    let theirs = HUBSPOT
        .replace("a0", "a9")
        .replace("1795363260000", "1795366800000");
    let tokens = format!(r#"{{"version":2,"credentials":{theirs}}}"#);
    grant.reloaded(&tokens, NOW);
    assert!(matches!(grant.poll(NOW), Step::Done(token) if token.expose() == "a9"));
}

/// To the millisecond: at its end a token is over.
#[test]
fn a_token_is_over_at_its_end() {
    // The one call of this renewal takes 100 ms.
    let wrong = || Back::Body(400, r#"{"error":"invalid_client"}"#);
    for (end, lives) in [(NOW + 100, false), (NOW + 101, true)] {
        let credentials = HUBSPOT.replace("1795363260000", &end.to_string());
        let mut rig = Rig::new(Vendor::Hubspot, &credentials);
        assert_eq!(rig.renew(&[wrong()]).is_ok(), lives);
    }
}

/// The vendor's clock counts from half a minute on, in each form of a date.
#[test]
fn a_date_says_what_time_it_is_at_the_vendor() {
    let ends = |date: &str| {
        let (_, store) = answered(Vendor::Hubspot, HUBSPOT, &dated(200, date, NEW_TOKENS));
        let store = crate::json::value(&store).expect("JSON");
        store["credentials"]["expires_at"]
            .as_u64()
            .map(|end| end - 1_800_000)
    };
    for (date, clock) in [
        ("Sun, 22 Nov 2026 16:00:29 GMT", NOW),
        ("Sun, 22 Nov 2026 16:00:30 GMT", NOW + 30_000),
        ("Sun, 22 Nov 2026 16:10:00 GMT", NOW + 600_000),
        ("Sunday, 22-Nov-26 16:10:00 GMT", NOW + 600_000),
        ("Sun Nov 22 15:50:00 2026", NOW - 600_000),
        ("Sun, 22 Nov 2026 15:59:31 GMT", NOW),
    ] {
        assert_eq!(ends(date), Some(clock), "{date}");
    }

    // Also when a person connects the account.
    let app = r#"{"client_id":"a","client_secret":"b","redirect_uri":"https://edge.example/back"}"#;
    let app = App::read(Vendor::Leadconnector, app, None).expect("an app");
    assert_eq!(app.redirect_uri(), "https://edge.example/back");
    let body = r#"{"access_token":"a1","refresh_token":"r1","expires_in":1800,"locationId":"loc","companyId":"com"}"#;
    let response = dated(200, "Sun, 22 Nov 2026 16:10:00 GMT", body);
    let record = connect::exchanged(Vendor::Leadconnector, &app, None, &response, NOW);
    let store = crate::json::value(record.expect("tokens").sealable()).expect("JSON");
    assert_eq!(store["ahead"], "600000");
    let known = &store["credentials"];
    assert_eq!(known["expires_at"], NOW + 600_000 + 1_800_000);
    assert_eq!(known["refresh_token"], "r1");
    assert_eq!(
        (&known["location_id"], &known["company_id"]),
        (&"loc".into(), &"com".into())
    );
}

/// Tokens are asked for at the org's own name, at its own host where that alone serves them, and else at the login host.
#[test]
fn tokens_are_asked_for_where_they_are_served() {
    let url = |credentials: &str| {
        let mut rig = Rig::new(Vendor::Salesforce, credentials);
        drop(rig.renew(&[Back::Body(200, ORG_TOKENS)]));
        rig.calls[0].url.clone()
    };
    let elsewhere = |credentials: &str| credentials.replace("acme.my.", "na1.");
    for (credentials, host) in [
        (SALESFORCE.to_owned(), "acme.my.salesforce.com"),
        (elsewhere(SALESFORCE), "login.salesforce.com"),
        (CLIENT.to_owned(), "acme.my.salesforce.com"),
        (elsewhere(CLIENT), "na1.salesforce.com"),
    ] {
        let expected = ["https://", host, "/services/oauth2/token"].concat();
        assert_eq!(url(&credentials), expected);
    }
}

#[test]
fn texts_and_pages_are_what_they_should_be() {
    for id in ["", "a\\u0000b", "a\\nb"] {
        let text = HUBSPOT.replace("app", id);
        let refusal = Credentials::read(Vendor::Hubspot, &text, None).err();
        assert_eq!(
            refusal.map(|refusal| refusal.path).as_deref(),
            Some("credentials.client_id")
        );
    }
    for page in [
        "http://marketplace.example/choose",
        "marketplace.example",
        "",
    ] {
        let text = format!(
            r#"{{"client_id":"a","client_secret":"b","redirect_uri":"c","authorize":"{page}"}}"#
        );
        let refusal = App::read(Vendor::Leadconnector, &text, None).err();
        assert_eq!(
            refusal.map(|refusal| refusal.path).as_deref(),
            Some("app.authorize"),
            "{page}"
        );
    }
}
