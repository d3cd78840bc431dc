//! The token endpoints: what each vendor's tokens do, and what a second use of a refresh token does.

use serde_json::{Value, json};

use super::NOW;
use crate::http::{Headers, Method, Request};
use crate::twin::Twins;

struct Bench {
    twins: Twins,
    now: u64,
}

const CLIENT: &str = "client_id=twin-app&client_secret=twin-secret";

impl Bench {
    fn new() -> Self {
        Self {
            twins: Twins::new(),
            now: NOW,
        }
    }

    fn send(&mut self, line: &str, headers: &[(&'static str, &str)], body: &str) -> (u16, Value) {
        let (method, url) = line.split_once(' ').expect("a method and a URL");
        let headers = headers
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()));
        let request = Request {
            method: Method::parse(method).expect("a method"),
            url: url.to_owned(),
            headers: headers.collect::<Headers>(),
            body: (!body.is_empty()).then(|| body.to_owned()),
        };
        let response = self.twins.answer(&request, self.now);
        (
            response.status,
            serde_json::from_str(&response.body).unwrap_or_default(),
        )
    }

    fn token(&mut self, url: &str, form: &str) -> (u16, Value) {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.send(&format!("POST {url}"), &headers, form)
    }

    fn refresh(&mut self, url: &str, token: &str) -> (u16, Value) {
        let form = format!("grant_type=refresh_token&{CLIENT}&refresh_token={token}");
        self.token(url, &form)
    }

    /// The status of a read with a token.
    fn read(&mut self, url: &str, token: &Value) -> u16 {
        let bearer = format!("Bearer {}", token.as_str().unwrap_or_default());
        let headers = [
            ("authorization", bearer.as_str()),
            ("version", "2021-07-28"),
        ];
        self.send(&format!("GET {url}"), &headers, "").0
    }

    fn set(&mut self, body: Value) {
        assert_eq!(
            self.send("POST /_twin/oauth", &[], &body.to_string()).0,
            200
        );
    }
}

const HUBSPOT: &str = "https://api.hubapi.com/oauth/2026-03/token";
const LEADCONNECTOR: &str = "https://services.leadconnectorhq.com/oauth/token";
const SALESFORCE: &str = "https://acme.my.salesforce.com/services/oauth2/token";

#[test]
fn an_access_token_lives_its_time() {
    for (url, read, life) in [
        (HUBSPOT, "/crm/v3/objects/deals/301", 1_800),
        (LEADCONNECTOR, "/contacts/ocQHyuzHvysMo5N5VsXc", 86_399),
        (
            SALESFORCE,
            "/services/data/v66.0/sobjects/Account/0015e00000AcmeAAAR",
            7_200,
        ),
    ] {
        let mut bench = Bench::new();
        let (status, tokens) = bench.refresh(url, "twin-refresh");
        assert_eq!(status, 200, "{tokens}");
        assert_eq!(bench.read(read, &tokens["access_token"]), 200, "{read}");
        assert_eq!(bench.read(read, &json!("twin-token")), 200);
        assert_eq!(bench.read(read, &json!("twin-hubspot-99")), 401);
        bench.now += life * 1_000 - 1;
        assert_eq!(bench.read(read, &tokens["access_token"]), 200);
        bench.now += 1;
        assert_eq!(bench.read(read, &tokens["access_token"]), 401);
        assert_eq!(
            tokens["expires_in"].as_u64(),
            (url != SALESFORCE).then_some(life)
        );
    }
}

#[test]
fn a_refresh_token_is_used_up_as_each_vendor_has_it() {
    let mut bench = Bench::new();
    for _ in 0..3 {
        let (status, tokens) = bench.refresh(HUBSPOT, "twin-refresh");
        assert_eq!(
            (status, &tokens["refresh_token"]),
            (200, &json!("twin-refresh"))
        );
    }
    // Good once; a second use is refused, and the new one stays.
    let (_, first) = bench.refresh(LEADCONNECTOR, "twin-refresh");
    assert_eq!(bench.refresh(LEADCONNECTOR, "twin-refresh").0, 400);
    let next = first["refresh_token"].as_str().expect("a new one");
    assert_eq!(bench.refresh(LEADCONNECTOR, next).0, 200);
    // Good once; a second use revokes all.
    let (_, first) = bench.refresh(SALESFORCE, "twin-refresh");
    let next = first["refresh_token"].as_str().expect("a new one");
    let (status, body) = bench.refresh(SALESFORCE, "twin-refresh");
    assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")));
    assert_eq!(bench.refresh(SALESFORCE, next).0, 400);
    let read = "/services/data/v66.0/sobjects/Account/0015e00000AcmeAAAR";
    assert_eq!(bench.read(read, &first["access_token"]), 401);
    let (_, shown) = bench.send("GET /_twin/oauth", &[], "");
    let outcomes: Vec<_> = shown["calls"]
        .as_array()
        .expect("calls")
        .iter()
        .map(|call| &call["outcome"])
        .collect();
    assert_eq!(
        outcomes,
        [
            "minted",
            "minted",
            "minted",
            "minted",
            "used before",
            "minted",
            "minted",
            "used before",
            "used before"
        ]
    );
    assert_eq!(
        shown["salesforce"],
        json!({ "access_tokens": 0, "refresh_tokens": 0 })
    );
    assert_eq!(bench.twins.oauth.minted("hubspot"), 3);
}

#[test]
fn salesforce_refuses_the_second_of_two_at_once() {
    let mut bench = Bench::new();
    bench.set(json!({ "vendor": "salesforce", "processing": 500 }));
    assert_eq!(bench.refresh(SALESFORCE, "twin-refresh").0, 200);
    bench.now += 499;
    let (status, body) = bench.refresh(SALESFORCE, "twin-refresh");
    assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")));
    assert_eq!(
        body["error_description"],
        "token request is already being processed"
    );
    // That was no second use.
    let (_, shown) = bench.send("GET /_twin/oauth", &[], "");
    assert_eq!(shown["salesforce"]["refresh_tokens"], 1);
}

#[test]
fn an_agency_makes_the_tokens_of_its_location() {
    let mut bench = Bench::new();
    let ask = |bench: &mut Bench, token: &str, location: &str| {
        let bearer = format!("Bearer {token}");
        let headers = [
            ("authorization", bearer.as_str()),
            ("version", "2021-07-28"),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let form = format!("companyId=twin-company&locationId={location}");
        bench.send(
            "POST https://services.leadconnectorhq.com/oauth/locationToken",
            &headers,
            &form,
        )
    };
    let (status, tokens) = ask(&mut bench, "twin-agency", "CLu7BaljjqrEjBGKTNNe");
    assert_eq!(status, 200);
    assert_eq!(
        bench.read("/contacts/ocQHyuzHvysMo5N5VsXc", &tokens["access_token"]),
        200
    );
    let refresh = tokens["refresh_token"].as_str().expect("one").to_owned();
    assert_eq!(bench.refresh(LEADCONNECTOR, &refresh).0, 200);
    assert_eq!(ask(&mut bench, "twin-token", "CLu7BaljjqrEjBGKTNNe").0, 401);
    assert_eq!(ask(&mut bench, "twin-agency", "elsewhere").0, 400);
}

#[test]
fn salesforce_has_two_ways_without_a_person() {
    let mut bench = Bench::new();
    let cc = format!("grant_type=client_credentials&{CLIENT}");
    let (status, tokens) = bench.token(SALESFORCE, &cc);
    assert_eq!(
        (status, &tokens["instance_url"]),
        (200, &json!("https://acme.my.salesforce.com"))
    );
    assert_eq!(tokens.get("refresh_token"), None);
    assert_eq!(
        bench
            .token("https://login.salesforce.com/services/oauth2/token", &cc)
            .0,
        400
    );
    let jwt = |claims: Value| {
        let part = |text: &str| encode(text);
        let assertion = [
            part(r#"{"alg":"RS256"}"#),
            part(&claims.to_string()),
            part("signed"),
        ]
        .join(".");
        format!(
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={assertion}"
        )
    };
    let good = json!({ "iss": "twin-app", "sub": "twin@example.test", "aud": "https://login.salesforce.com", "exp": NOW / 1_000 + 120 });
    let (status, tokens) = bench.token(
        "https://login.salesforce.com/services/oauth2/token",
        &jwt(good.clone()),
    );
    assert_eq!(
        (status, &tokens["instance_url"]),
        (200, &json!("https://twin.my.salesforce.com"))
    );
    for (claim, value) in [
        ("iss", json!("other")),
        ("sub", json!("other@example.test")),
        ("aud", json!("https://evil.example")),
        ("exp", json!(NOW / 1_000)),
        ("exp", json!(NOW / 1_000 + 3_600)),
    ] {
        let mut claims = good.clone();
        claims[claim] = value;
        assert_eq!(bench.token(SALESFORCE, &jwt(claims)).0, 400, "{claim}");
    }
    assert_eq!(
        bench
            .token(
                SALESFORCE,
                "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=x"
            )
            .0,
        400
    );
}

#[test]
fn a_code_is_good_once() {
    for (page, url, more) in [
        ("https://app.hubspot.com/oauth/authorize?x=1", HUBSPOT, ""),
        (
            "https://marketplace.gohighlevel.com/v2/oauth/chooselocation?x=1",
            LEADCONNECTOR,
            "",
        ),
        (
            "https://login.salesforce.com/services/oauth2/authorize?code_challenge=c",
            SALESFORCE,
            "&code_verifier=v",
        ),
    ] {
        let mut bench = Bench::new();
        let request = Request {
            method: Method::Get,
            url: format!(
                "{page}&client_id=twin-app&redirect_uri=https%3A%2F%2Fedge.example%2Fback&state=a%20b"
            ),
            headers: Headers::new(),
            body: None,
        };
        let back = bench.twins.answer(&request, NOW);
        let location = back.headers.get("location").expect("a place to go back to");
        assert_eq!(
            (back.status, location),
            (
                302,
                "https://edge.example/back?code=twin-code-1&state=a%20b"
            )
        );
        let form =
            format!("grant_type=authorization_code&{CLIENT}&code=twin-code-1&redirect_uri=x");
        if !more.is_empty() {
            // What came with a challenge needs its verifier.
            let mut other = Bench {
                twins: bench.twins.clone(),
                now: NOW,
            };
            assert_eq!(other.token(url, &form).0, 400);
        }
        let (status, tokens) = bench.token(url, &format!("{form}{more}"));
        assert_eq!(status, 200, "{tokens}");
        assert!(tokens["refresh_token"].is_string());
        assert_eq!(bench.token(url, &format!("{form}{more}")).0, 400);
    }
}

#[test]
fn an_app_s_secret_and_a_form_are_needed_and_a_grant_can_be_ended() {
    for url in [HUBSPOT, LEADCONNECTOR, SALESFORCE] {
        let mut bench = Bench::new();
        let (status, body) = bench.token(url, "grant_type=refresh_token&client_id=twin-app&client_secret=guess&refresh_token=twin-refresh");
        assert_eq!((status, &body["error"]), (401, &json!("invalid_client")));
        let line = format!("POST {url}");
        assert_eq!(
            bench
                .send(&line, &[("content-type", "application/json")], "{}")
                .0,
            400
        );
        // A fault strikes here as everywhere, and may hide what happened.
        let vendor = bench.twins.oauth.ledger_vendor();
        let fault =
            json!({ "vendor": vendor, "status": 500, "commit": true, "path_contains": "token" });
        assert_eq!(
            bench.send("POST /_twin/fault", &[], &fault.to_string()).0,
            200
        );
        assert_eq!(bench.refresh(url, "twin-refresh").0, 500);
        assert_eq!(bench.twins.oauth.minted(vendor), 1);
        bench.set(json!({ "vendor": vendor, "revoke": true }));
        assert_eq!(bench.refresh(url, "twin-refresh").0, 400);
    }
    let mut bench = Bench::new();
    assert_eq!(
        bench
            .token(
                "https://acme.my.salesforce.com/services/oauth2/revoke",
                "token=twin-refresh"
            )
            .0,
        200
    );
    assert_eq!(bench.refresh(SALESFORCE, "twin-refresh").0, 400);
    assert_eq!(
        bench
            .token(
                "https://api.hubapi.com/oauth/2026-03/token/revoke",
                &format!("token=twin-refresh&{CLIENT}")
            )
            .0,
        200
    );
    assert_eq!(bench.refresh(HUBSPOT, "twin-refresh").0, 400);
}

/// Base64 in the alphabet for URLs, written another time: the simulators share no code with the core.
fn encode(text: &str) -> String {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits: String = text.bytes().map(|byte| format!("{byte:08b}")).collect();
    let six = |start: usize| {
        let bits = bits.get(start..(start + 6).min(bits.len())).expect("bits");
        let number = usize::from_str_radix(&format!("{bits:0<6}"), 2).expect("bits");
        LETTERS.chars().nth(number).expect("a letter")
    };
    (0..bits.len()).step_by(6).map(six).collect()
}
