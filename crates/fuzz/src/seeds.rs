//! Where the fuzzing begins: the golden cases of `tests/fixtures`, and what is known to be dangerous.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::operation::BETWEEN;

/// The first inputs of a target.
#[must_use]
pub fn seeds(target: &str) -> Vec<Vec<u8>> {
    match target {
        "answer" => answers(),
        "input" => operations(false),
        "operation" => operations(true),
        "id" => IDS.iter().map(|ids| ids.to_vec()).collect(),
        "query" => texts(QUERIES),
        "grant" => texts(GRANTS),
        "pace" => texts(PACES),
        "key" => texts(KEYS),
        "token" => tokens(),
        "wait" => texts(WAITS),
        _ => Vec::new(),
    }
}

/// The corpus of a target that is kept: what earlier runs found to be different from all else.
#[must_use]
pub fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = root().join("fuzz/corpus").join(target);
    let mut files: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.sort();
    let named = |file: PathBuf| {
        let name = file.file_name()?.to_string_lossy().into_owned();
        Some((name, fs::read(file).ok()?))
    };
    files.into_iter().filter_map(named).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

/// The answers of the endpoint cases.
fn answers() -> Vec<Vec<u8>> {
    let cases = cases();
    let cases = cases
        .iter()
        .filter(|case| case.get("endpoint").is_some() && case.get("response").is_some());
    cases
        .map(|case| {
            let (endpoint, response) = (text(&case["endpoint"]), &case["response"]);
            let body = text(&response["body"]);
            format!("{endpoint} {}\n{body}", response["status"]).into_bytes()
        })
        .collect()
}

/// The operation cases: their inputs, and what each request came to.
fn operations(exchanges: bool) -> Vec<Vec<u8>> {
    let cases = cases();
    let cases = cases.iter().filter(|case| case.get("operation").is_some());
    let seeds = cases.map(|case| {
        let input = match case.get("inputText") {
            Some(input) => text(input).to_owned(),
            None => case["input"].to_string(),
        };
        let (vendor, operation) = (text(&case["vendor"]), text(&case["operation"]));
        let mut seed = format!("{vendor} {operation}\n{input}");
        let steps = case["exchange"].as_array().filter(|_| exchanges);
        for step in steps.into_iter().flatten() {
            seed.push_str(BETWEEN);
            seed.push_str(&outcome(step));
        }
        seed
    });
    let mut seeds: Vec<_> = seeds.collect();
    if exchanges {
        // The same once more, with another driver each: in a hurry, able to renew, before a vendor that repeats itself.
        let drivers = [" hurried", " renews", " again", " again renews hurried"];
        let others = seeds.iter().zip(drivers.into_iter().cycle());
        let others: Vec<_> = others
            .map(|(seed, driver)| seed.replacen('\n', &format!("{driver}\n"), 1))
            .collect();
        seeds.extend(others);
    }
    seeds.into_iter().map(String::into_bytes).collect()
}

/// A token in front of inputs, and in front of receipts.
fn tokens() -> Vec<Vec<u8>> {
    let token = "crmlink_bt.eyJ0ZW5hbnQiOiJ0IiwiYWNjb3VudCI6ImEiLCJvcGVyYXRpb25zIjpbImNvbnRhY3RzLnVwc2VydCJdLCJlbnRpdGllcyI6WyJjb250YWN0cyJdLCJvcmlnaW4iOiJodHRwczovL2EuZXhhbXBsZSIsImlhdCI6MSwiZXhwIjoyLCJqdGkiOiJqIn0.AQID";
    let cases = cases();
    let cases = cases.iter().filter(|case| case.get("operation").is_some());
    let seeds = cases.flat_map(|case| {
        let operation = text(&case["operation"]);
        let bodies = [&case["input"], &case["receipt"]];
        let bodies = bodies.into_iter().filter(|body| !body.is_null());
        bodies.map(move |body| format!("{token}\n{operation}\n{body}").into_bytes())
    });
    // One of many alike.
    seeds.step_by(4).collect()
}

fn outcome(step: &Value) -> String {
    if let Some(lost) = step.get("lost") {
        return format!("lost {}", text(lost));
    }
    let response = &step["response"];
    let headers = response["headers"].as_object().into_iter().flatten();
    let headers: Vec<_> = headers
        .map(|(name, value)| format!("{name}={}", text(value)))
        .collect();
    let (status, body) = (&response["status"], text(&response["body"]));
    format!("{status} {}\n{body}", headers.join("; "))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// All golden cases.
fn cases() -> Vec<Value> {
    let mut files = Vec::new();
    collect(&root().join("tests/fixtures"), &mut files);
    files.sort();
    let read = |file: &PathBuf| {
        let text = fs::read_to_string(file).expect("a readable case");
        serde_json::from_str(&text).expect("a case is JSON")
    };
    files.iter().map(read).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).expect("the fixtures");
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "json") {
            files.push(path);
        }
    }
}

const IDS: &[&[u8]] = &[
    b"301",
    b"003Hn00001ABCdeIAH",
    b"a b\xff\xc3\xa9",
    b"..",
    b".",
    b"%2e%2e",
    b".%2E",
    b"%252e%252e",
    b"a/../b",
    b"a\\..\\b",
    b"a%2f..%2fb",
    b"%00",
    b"a\r\nb",
    b"%0d%0a",
    b"\xe2\x80\xae301",
    b"\xed\xa0\x80",
    b"1\xff2\xff3",
    b" 1",
    b"%",
    b"%zz",
    b"...",
    b"a?b#c;d:e@f&g=h+i,j",
    b"custom_objects.pets",
];

const QUERIES: &[&str] = &[
    "",
    "integrated_account_id=62f44730-dd91-461e-bd6a-aedd9e0ad79d",
    "truto_response_format=raw&truto_ignore_remote_data=1",
    "truto_exclude_fields[]=id&truto_exclude_fields[]=name",
    "truto_exclude_fields[0]=id&truto_exclude_fields[1]=name",
    "truto_exclude_fields%5B%5D=a%2Cb",
    "truto_exclude_fields=id,name",
    "remote_query[a][b]=c+d%26e",
    "remote_query[a][]=1&remote_query[a][][b]=2",
    "remote_query[][x]=1&remote_query[a[b]=2&remote_query[]]=3",
    "remote_query[a][b][c][d][e][f][g]=1",
    "remote_query[__proto__][x]=1&remote_query[constructor]=2",
    "remote_query[%00]=%ff",
    "entity=contacts&entity_id=1&to[]=accounts&to[]=leads",
    "to=accounts,leads&to=contacts",
];

const WAITS: &[&str] = &[
    "429\nretry-after: 7",
    "429\nretry-after: 0",
    "503\nretry-after: 99999999999999999999999999",
    "503\nretry-after: -1",
    "503\nretry-after: 1.5",
    "503\ndate: Sun, 22 Nov 2026 16:00:00 GMT\nretry-after: Sun, 22 Nov 2026 16:00:07 GMT",
    "503\ndate: Sun, 22 Nov 2026 16:00:00 GMT\nretry-after: Sunday, 22-Nov-26 16:00:07 GMT",
    "503\ndate: Sun Nov 22 16:00:00 2026\nretry-after: Sun Nov 22 16:00:07 2026",
    "503\ndate: Thu, 31 Dec 2026 23:59:59 GMT\nretry-after: Fri, 01 Jan 2027 00:00:01 GMT",
    "503\ndate: Wed, 28 Feb 2024 23:59:59 GMT\nretry-after: Thu, 29 Feb 2024 00:00:01 GMT",
    "503\ndate: soon\nretry-after: Fri, 31 Dec 9999 23:59:59 GMT",
    "429\nx-hubspot-ratelimit-remaining: 0\nx-hubspot-ratelimit-interval-milliseconds: 10000",
    "429\nx-ratelimit-remaining: 0\nx-ratelimit-interval-milliseconds: 10000\nretry-after: 3",
    "429\nx-ratelimit-remaining: 12\nx-ratelimit-interval-milliseconds: 10000",
    "403\nsforce-limit-info: api-usage=100/100",
];

const GRANTS: &[&str] = &[
    "hubspot\n{\"kind\":\"token\",\"token\":\"canary-token-1\"}",
    "hubspot\n{\"kind\":\"oauth\",\"client_id\":\"app\",\"client_secret\":\"canary-hush-1\",\"refresh_token\":\"canary-refresh-1\"}\n~\n200 \n{\"access_token\":\"canary-access-1\",\"refresh_token\":\"canary-refresh-2\",\"expires_in\":1800,\"token_type\":\"bearer\"}",
    "hubspot alone\n{\"kind\":\"oauth\",\"client_id\":\"app\",\"client_secret\":\"canary-hush-1\",\"refresh_token\":\"canary-refresh-1\"}\n~\nlost timeout\n~\n200 \n{\"access_token\":\"canary-access-1\",\"expires_in\":\"1800\"}",
    "leadconnector\n{\"kind\":\"oauth\",\"client_id\":\"app\",\"client_secret\":\"canary-hush-1\",\"refresh_token\":\"canary-refresh-1\"}\n~\n400 \n{\"error\":\"invalid_grant\",\"error_description\":\"This refresh token is invalid\"}\n~\nother\n{\"version\":7,\"credentials\":{\"kind\":\"oauth\",\"client_id\":\"app\",\"client_secret\":\"canary-hush-1\",\"refresh_token\":\"canary-refresh-9\",\"access_token\":\"canary-access-9\",\"expires_at\":1795366800000}}",
    "leadconnector alone\n{\"kind\":\"oauth\",\"client_id\":\"app\",\"client_secret\":\"canary-hush-1\",\"refresh_token\":\"canary-refresh-1\",\"location_id\":\"loc\",\"company_id\":\"com\",\"agency_token\":\"canary-agency-1\"}\n~\nlost broken\n~\n201 \n{\"access_token\":\"canary-access-1\",\"refresh_token\":\"canary-refresh-2\",\"expires_in\":86399,\"locationId\":\"loc\"}",
    "leadconnector\n{\"version\":3,\"credentials\":{\"kind\":\"oauth\",\"client_id\":\"app\",\"client_secret\":\"canary-hush-1\",\"refresh_token\":\"canary-refresh-1\"},\"intent\":\"renew\",\"at\":1795363199000,\"sends\":1,\"by\":\"99\"}\n~\n429 retry-after=2\n{}\n~\n503 retry-after=900\n",
    "leadconnector\n{\"version\":3,\"credentials\":{\"kind\":\"oauth\",\"client_id\":\"app\",\"client_secret\":\"canary-hush-1\",\"refresh_token\":\"canary-refresh-1\"},\"rest\":\"dead\",\"until\":1795363201000,\"ahead\":\"-5000\"}",
    "salesforce\n{\"kind\":\"oauth\",\"client_id\":\"app\",\"client_secret\":\"canary-hush-1\",\"refresh_token\":\"canary-refresh-1\",\"origin\":\"https://acme.my.salesforce.com\"}\n~\n400 \n{\"error\":\"invalid_grant\",\"error_description\":\"token request is already being processed\"}\n~\n200 \n{\"access_token\":\"canary-access-1\",\"instance_url\":\"https://evil.example#.my.salesforce.com\"}",
    "salesforce alone\n{\"kind\":\"oauth\",\"client_id\":\"app\",\"client_secret\":\"canary-hush-1\",\"refresh_token\":\"canary-refresh-1\",\"origin\":\"https://acme.my.salesforce.com\",\"resend_after_loss\":true}\n~\n500 \n\n~\nbroken\n~\n200 date=Sun, 22 Nov 2026 16:10:00 GMT\n{\"access_token\":\"canary-access-1\",\"refresh_token\":\"canary-refresh-2\",\"instance_url\":\"https://acme--dev.sandbox.my.salesforce.com\"}",
    "salesforce\n{\"kind\":\"jwt_bearer\",\"client_id\":\"app\",\"username\":\"anna@acme.example\",\"audience\":\"https://login.salesforce.com\",\"private_key\":\"-----BEGIN PRIVATE KEY-----\\nMAA=\\n-----END PRIVATE KEY-----\\n\"}\n~\n400 date=Sun, 22 Nov 2026 16:10:00 GMT\n{\"error\":\"invalid_grant\",\"error_description\":\"expired assertion\"}\n~\n200 \n{\"access_token\":\"canary-access-1\",\"instance_url\":\"https://acme.my.salesforce.com\",\"token_type\":\"Bearer\"}",
    "salesforce\n{\"kind\":\"client_credentials\",\"client_id\":\"app\",\"client_secret\":\"canary-hush-1\",\"origin\":\"https://acme.my.salesforce.com\"}\n~\n200 \n<html></html>\n~\n200 \n{\"access_token\":\"canary-access-1\"}",
    "truto\n{\"kind\":\"token\",\"token\":\"canary-token-1\"}",
];

const PACES: &[&str] = &[
    "sends\nhears x-hubspot-ratelimit-max=190; x-hubspot-ratelimit-remaining=0; x-hubspot-ratelimit-interval-milliseconds=10000\nlater 10000",
    "sends\nhears x-ratelimit-max=100; x-ratelimit-remaining=1; x-ratelimit-interval-milliseconds=10000\nsends\nsends\nlate x-ratelimit-max=100; x-ratelimit-remaining=3; x-ratelimit-interval-milliseconds=10000",
    "sends\nhears x-ratelimit-limit-daily=200000; x-ratelimit-daily-remaining=0",
    "sends\nhears sforce-limit-info=api-usage=100/100; per-app-api-usage=17/250(appName=sample)",
    "hears sforce-limit-info=api-usage=-9223372036854775808/9223372036854775807",
    "hears x-hubspot-ratelimit-daily=1; x-hubspot-ratelimit-daily-remaining=9223372036854775807",
    "fails 429 900000\nlater 900001\nsends\nhears \nsucceeds 0",
    "fails 403 86400000\nsends\ngone 1",
    "fails 503 7000\npays\npays\nsucceeds 14",
    "loads {\"until\":99999999999,\"code\":\"quota_exhausted\",\"status\":403}",
    "loads {\"until\":18446744073709551615,\"code\":\"rate_limited\",\"status\":99999}\nsends\nlater 199999999",
    "loads []\nloads {\"until\":-1,\"code\":\"x\"}",
];

const KEYS: &[&str] = &[
    "a",
    "8e03978e-40d5-43e8-bc93-6894a57f9324",
    "\"8e03978e-40d5-43e8-bc93-6894a57f9324\"",
    "\"",
    "\"\"",
    "\"\"a\"\"",
    "",
    "a b",
    "a,b",
    "../a",
    "a\0",
    "a\r\nx: y",
    "é",
];
