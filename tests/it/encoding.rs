//! Every path parameter of every endpoint, with every text that could change a path: refused by its name, or one segment
//! that an independent parser decodes back to the value.

use std::collections::BTreeMap;

use crmlink::endpoint::{Entry, Options};
use crmlink::error::{Code, Error};
use crmlink::vendors::Vendor;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};
use url::Url;

use crate::golden;

#[test]
fn a_path_parameter_is_one_segment_or_refused() {
    let mut misses = Vec::new();
    let mut tried = 0;
    for entry in entries() {
        for version in entry.facts.versions {
            let options = options(version.name);
            for name in parameters(version.path) {
                for value in values() {
                    tried += 1;
                    if let Err(miss) = probe(entry, version.path, &options, name, &value) {
                        misses.push(format!(
                            "{} {}: {name} = {value:?}: {miss}",
                            entry.facts.name, version.name
                        ));
                    }
                }
            }
        }
    }
    assert!(tried > 5_000, "tried only {tried} texts");
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}

#[test]
fn nothing_that_climbs_or_controls_gets_through() {
    let climbing = [
        "",
        ".",
        "..",
        "%2e",
        "%2E%2e",
        ".%2e",
        "%252e%252e",
        "%25252E%2525252e",
        "a/..",
        "../a",
        "a/./b",
        "a\\..\\b",
        "%2e%2e%2fx",
        "a%2f..%2fb",
        "a%5c%2e%2e",
        "a\r\nb",
        "a\0b",
        "a%00b",
        "a%0d%0ab",
        "a%250a",
        "\u{7f}",
        "\u{85}",
        "a\u{fffd}",
        "%ff",
        " a",
        "a ",
        "a\t",
    ];
    let long = "x".repeat(10_000);
    for text in climbing.into_iter().chain([long.as_str()]) {
        assert!(
            crmlink::id::fault(text).is_some(),
            "{text:?} is let through"
        );
        for entry in entries() {
            for version in entry.facts.versions {
                for name in parameters(version.path) {
                    let (code, path) = refusal(entry, &options(version.name), name, text)
                        .unwrap_or_else(|| {
                            panic!("{}: {name} = {text:?} is built", entry.facts.name)
                        });
                    assert_eq!((code, path.as_str()), (Code::InvalidId, name), "{text:?}");
                }
            }
        }
    }
}

fn probe(
    entry: &Entry,
    template: &str,
    options: &Options,
    name: &str,
    value: &str,
) -> Result<(), String> {
    let params = with(entry, name, value);
    let request = match (entry.build)(&params.to_string(), options) {
        Ok(request) => request,
        Err(Error::Refused(refusal)) if refusal.path == name => return Ok(()),
        Err(error) => return Err(format!("refused as {error}")),
    };
    let url = Url::parse(&request.url).map_err(|error| error.to_string())?;
    let segments: Vec<_> = url.path_segments().ok_or("no path")?.collect();
    let template: Vec<_> = template.trim_start_matches('/').split('/').collect();
    if segments.len() != template.len() {
        return Err(format!("{} segments in {}", segments.len(), request.url));
    }
    for (found, wanted) in segments.iter().zip(&template) {
        let decoded = percent_decode_str(found)
            .decode_utf8()
            .map_err(|error| error.to_string())?;
        let expected = match wanted
            .strip_prefix('{')
            .and_then(|name| name.strip_suffix('}'))
        {
            Some("version") => options.api_version.clone().unwrap_or_default(),
            Some(known) if known == name => value.to_owned(),
            Some(other) => match &params[other] {
                Value::String(text) => text.clone(),
                number => number.to_string(),
            },
            None => (*wanted).to_owned(),
        };
        if decoded != expected {
            return Err(format!("{decoded:?} for {expected:?} in {}", request.url));
        }
    }
    if url.query().is_some() && !request.url.contains('?') || url.fragment().is_some() {
        return Err(format!("a query or a fragment in {}", request.url));
    }
    Ok(())
}

fn refusal(entry: &Entry, options: &Options, name: &str, value: &str) -> Option<(Code, String)> {
    match (entry.build)(&with(entry, name, value).to_string(), options) {
        Err(Error::Refused(refusal)) => Some((refusal.code, refusal.path)),
        _ => None,
    }
}

/// The parameters of the endpoint's golden success, with one of them changed.
fn with(entry: &Entry, name: &str, value: &str) -> Value {
    let mut params = samples()
        .remove(entry.facts.name)
        .unwrap_or_else(|| panic!("no golden case for {}", entry.facts.name));
    params.insert(name.to_owned(), json!(value));
    Value::Object(params)
}

/// For each endpoint the parameters of one of its golden successes.
pub(crate) fn samples() -> BTreeMap<String, Map<String, Value>> {
    use std::sync::OnceLock;
    static SAMPLES: OnceLock<BTreeMap<String, Map<String, Value>>> = OnceLock::new();
    SAMPLES
        .get_or_init(|| {
            let mut samples = BTreeMap::new();
            for (_, case) in golden::cases() {
                let (Some(endpoint), Some(params), Some(_)) = (
                    case["endpoint"].as_str(),
                    case["params"].as_object(),
                    case.get("answer"),
                ) else {
                    continue;
                };
                samples
                    .entry(endpoint.to_owned())
                    .or_insert_with(|| params.clone());
            }
            samples
        })
        .clone()
}

pub(crate) fn entries() -> impl Iterator<Item = &'static Entry> {
    Vendor::ALL
        .into_iter()
        .flat_map(|vendor| vendor.endpoints())
}

/// Options with an origin, which Salesforce needs, and a version.
pub(crate) fn options(version: &str) -> Options {
    let version = if version == "*" { "v58.0" } else { version };
    Options {
        origin: Some("https://vendor.example".to_owned()),
        api_version: Some(version.to_owned()),
        ..Options::default()
    }
}

/// The names between braces, but for Salesforce's version, which is an option.
fn parameters(template: &str) -> Vec<&str> {
    let names = template.split('{').skip(1);
    names
        .filter_map(|rest| rest.split('}').next())
        .filter(|name| *name != "version")
        .collect()
}

fn values() -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for character in ' '..='~' {
        values.push(character.to_string());
        values.push(format!("a{character}b"));
        values.push(format!("%{:02x}", u32::from(character)));
        values.push(format!("a%{:02X}b", u32::from(character)));
    }
    let more = [
        "..",
        ".",
        "%2e",
        "%2e%2e",
        "%252e",
        "a/b",
        "/",
        "//",
        "a//b",
        "\\",
        "?x=1",
        "#x",
        "a;b",
        "é",
        "ß",
        "日本語",
        "😀",
        "e\u{301}",
        "\u{202e}x",
        "a\u{200b}b",
        "100%",
        "%",
        "%%",
        "%zz",
        "%c3%a9",
        "&=+",
        "http://x/y",
        "@",
        ":",
        "{name}",
        "006Hn00001XYZabIAH",
        "0-1",
    ];
    values.extend(more.map(str::to_owned));
    values
}
