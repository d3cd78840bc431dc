//! The arrows of the architecture hold: who may name whom, read from the sources. The compiler keeps the faces out of the
//! core; these tests keep the rest.

use std::fs;
use std::path::{Path, PathBuf};

use crmlink::vendors::Vendor;

/// Each module of the core, and the modules that it may name. A vendor may name itself besides.
const ARROWS: &[(&str, &[&str])] = &[
    // Values that know nobody, or only each other.
    ("allowance", &["http"]),
    ("base64", &[]),
    ("date", &[]),
    ("decimal", &["json"]),
    ("error", &[]),
    ("http", &[]),
    ("id", &[]),
    ("json", &[]),
    ("sorted", &[]),
    ("secret", &["error"]),
    ("atlas", &["error"]),
    ("auth", &["http", "secret"]),
    ("path", &["error", "id"]),
    // Reading and writing of one endpoint.
    ("read", &["decimal", "error", "id", "json", "sorted"]),
    ("answer", &["endpoint", "error", "http", "json"]),
    (
        "endpoint",
        &["auth", "error", "http", "id", "path", "read", "secret"],
    ),
    ("retry", &["allowance", "date", "endpoint", "error", "http"]),
    ("pace", &["allowance", "error", "http", "json", "retry"]),
    // The vocabulary, and what a step of an operation is.
    (
        "unified",
        &[
            "decimal", "endpoint", "error", "http", "id", "json", "read", "sorted",
        ],
    ),
    ("script", &["endpoint", "error", "http", "unified"]),
    // What the upserts of all vendors have in common.
    (
        "upsert",
        &[
            "endpoint", "error", "http", "id", "json", "read", "script", "sorted", "unified",
        ],
    ),
    // The vendors, and what drives them.
    (
        "vendors",
        &[
            "allowance",
            "answer",
            "atlas",
            "decimal",
            "endpoint",
            "error",
            "http",
            "id",
            "json",
            "path",
            "read",
            "retry",
            "script",
            "sorted",
            "unified",
            "upsert",
        ],
    ),
    (
        "flow",
        &[
            "auth", "endpoint", "error", "http", "pace", "retry", "script", "secret", "unified",
            "vendors",
        ],
    ),
    // How an account's token is had; what the vendors' OAuth is like are facts of theirs.
    (
        "grant",
        &[
            "answer", "auth", "base64", "date", "endpoint", "error", "flow", "http", "json",
            "path", "read", "retry", "secret", "vendors",
        ],
    ),
    // A witness of its own: it shares the wire's values and no rule.
    ("twin", &["http"]),
    // Declarations for TypeScript, of all shapes.
    ("types", &["endpoint", "error", "id", "unified", "vendors"]),
];

/// What the core does not name: runtimes, the clock, the environment, threads.
const NOT_IN_THE_CORE: &[&str] = &[
    "JsValue",
    "wasm_bindgen",
    "js_sys",
    "web_sys",
    "worker::",
    "std::time",
    "std::env",
    "std::fs",
    "std::net",
    "std::thread",
    "std::process",
    "async fn",
    ".await",
    "unsafe {",
    "unsafe fn",
    "println!",
    "eprintln!",
];

#[test]
fn the_arrows_hold() {
    let files = sources("src", "rs");
    assert!(files.len() > 40, "the core was not found");
    let faults: Vec<_> = files
        .iter()
        .flat_map(|(name, text)| core_faults(name, text))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_module_has_its_arrows() {
    for (name, _) in sources("src", "rs") {
        let module = module_of(&name);
        if let Some(first) = module.first() {
            assert!(
                ARROWS.iter().any(|(known, _)| known == first),
                "{name}: say in ARROWS what `{first}` may name"
            );
        }
    }
}

#[test]
fn no_face_knows_a_vendor_s_host() {
    let mut files = Vec::new();
    for (folder, ending) in [
        ("crates/wasm/src", "rs"),
        ("crates/worker/src", "rs"),
        ("crates/worker", "js"),
        ("pkg/src", "ts"),
        ("pkg/src", "js"),
    ] {
        files.extend(sources(folder, ending));
    }
    assert!(!files.is_empty(), "no face was found");
    let faults: Vec<_> = files
        .iter()
        .flat_map(|(name, text)| face_faults(name, text))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A scanner that finds nothing anywhere would pass: it has to find these.
#[test]
fn the_scanner_finds_what_it_looks_for() {
    let bad = [
        ("src/http.rs", "use crate::error::Code;", "names error"),
        (
            "src/unified/links.rs",
            "use crate::vendors::Vendor;",
            "names vendors",
        ),
        (
            "src/unified/links.rs",
            "use crate::{\n    id,\n    vendors::{self},\n};",
            "names vendors",
        ),
        (
            "src/unified/links.rs",
            "fn f() { super::super::flow::run() }",
            "names flow",
        ),
        (
            "src/vendors/hubspot/error.rs",
            "use crate::vendors::truto::NAME;",
            "names truto",
        ),
        (
            "src/vendors/hubspot/mod.rs",
            "use super::{failure, salesforce};",
            "names salesforce",
        ),
        (
            "src/vendors/hubspot/associations/mod.rs",
            "use super::super::truto;",
            "names truto",
        ),
        (
            "src/vendors/hubspot/mod.rs",
            "use crate::flow::Flow;",
            "names flow",
        ),
        (
            "src/vendors/failure.rs",
            "use super::hubspot;",
            "names hubspot",
        ),
        (
            "src/unified/entity.rs",
            "const NAME: &str = \"hubspot\";",
            "says hubspot",
        ),
        ("src/flow.rs", "use worker::Fetch;", "worker::"),
        (
            "src/flow.rs",
            "let now = std::time::Instant::now();",
            "std::time",
        ),
        (
            "src/vendors/truto/error.rs",
            "let url = format!(\"/crm/{id}\");",
            "makes a path",
        ),
        (
            "src/vendors/truto/error.rs",
            "let url = format!(\n    \"{}/crm\",\n    id\n);",
            "makes a path",
        ),
        ("src/endpoint.rs", "url.push_str(\"/crm\");", "makes a path"),
        (
            "src/answer.rs",
            "serde_json::from_str(&response.body)",
            "reads JSON",
        ),
        ("src/twin/call.rs", "use crate::id;", "names id"),
    ];
    for (name, text, expected) in bad {
        let faults = core_faults(name, text);
        assert!(
            faults.iter().any(|fault| fault.contains(expected)),
            "{name}: {text}\nfound {faults:?}"
        );
    }
    let good = [
        (
            "src/vendors/mod.rs",
            "pub mod hubspot;\nuse crate::endpoint::Entry;\nfn f() { hubspot::NAME }",
        ),
        (
            "src/vendors/hubspot/error.rs",
            "use crate::vendors::failure::failure;\nuse crate::vendors::hubspot::NAME;",
        ),
        (
            "src/http.rs",
            "//! As crate::error says, and `format!(\"/{id}\")`.\nuse std::fmt;",
        ),
        (
            "src/http.rs",
            "fn f() {}\n#[cfg(test)]\nmod tests {\n    use crate::error::Code;\n}",
        ),
        ("src/path.rs", "let name = format!(\"{name}/x\");"),
    ];
    for (name, text) in good {
        assert_eq!(
            core_faults(name, text),
            Vec::<String>::new(),
            "{name}: {text}"
        );
    }
    assert!(!face_faults("x.ts", "fetch(\"https://api.hubapi.com/crm\")").is_empty());
    assert!(!face_faults("x.ts", "const host = `${org}.my.salesforce.com`").is_empty());
    assert!(face_faults("x.ts", "// as in https://api.hubapi.com").is_empty());
}

fn core_faults(name: &str, text: &str) -> Vec<String> {
    let code = code(text);
    let module = module_of(name);
    let Some(first) = module.first() else {
        return Vec::new();
    };
    let allowed = ARROWS
        .iter()
        .find(|(known, _)| known == first)
        .map_or(&[][..], |(_, allowed)| allowed);
    let mut faults = Vec::new();
    for named in names(&code, &module) {
        let Some(target) = named.first() else {
            continue;
        };
        let is_module = ARROWS.iter().any(|(known, _)| known == target);
        if is_module && target != first && !allowed.contains(&target.as_str()) {
            faults.push(format!("{name}: {first} names {target}"));
        }
        if let (Some(own), Some(other)) = (module.get(1), named.get(1))
            && first == "vendors"
            && target == "vendors"
            && own != other
            && is_vendor(other)
        {
            faults.push(format!("{name}: {own} names {other}"));
        }
    }
    if first == "unified" {
        for vendor in Vendor::ALL.map(Vendor::as_str) {
            // Truto's own words are part of the unified contract; no other vendor's name is.
            if vendor != "truto" && code.to_ascii_lowercase().contains(vendor) {
                faults.push(format!("{name}: unified says {vendor}"));
            }
        }
    }
    // The twins are no part of a module for the web, and read as they like.
    if first != "json" && first != "twin" && code.contains("serde_json::from_") {
        faults.push(format!("{name}: reads JSON, which is json.rs's alone"));
    }
    for word in NOT_IN_THE_CORE {
        if code.contains(word) {
            faults.push(format!("{name}: the core says {word}"));
        }
    }
    if !["path", "twin", "types"].contains(&first.as_str()) && makes_a_path(&code) {
        faults.push(format!("{name}: makes a path, which is path.rs's alone"));
    }
    faults
}

fn face_faults(name: &str, text: &str) -> Vec<String> {
    let code = code(text);
    let origins = Vendor::ALL
        .into_iter()
        .flat_map(|vendor| vendor.endpoints())
        .filter_map(|entry| entry.facts.origin.strip_prefix("https://"));
    origins
        .chain(["my.salesforce.com", "login.salesforce.com"])
        .filter(|host| code.contains(host))
        .map(|host| format!("{name}: a face says {host}"))
        .collect()
}

fn is_vendor(name: &str) -> bool {
    Vendor::ALL.iter().any(|vendor| vendor.as_str() == name)
}

/// Whether text with a slash is formatted into something: the string after `format!(` or `push_str(`.
fn makes_a_path(code: &str) -> bool {
    let strings = |call: &'static str| {
        code.split(call).skip(1).filter_map(|rest| {
            let text = rest.trim_start().strip_prefix('"')?;
            text.split('"').next()
        })
    };
    strings("format!(")
        .any(|text| text.starts_with('/') || text.contains("}/") || text.contains("/{"))
        || strings("push_str(").any(|text| text.starts_with('/'))
}

/// The source without comments and without its tests.
fn code(text: &str) -> String {
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines
        .take_while(|line| line.trim() != "#[cfg(test)]")
        .collect::<Vec<_>>()
        .join("\n")
}

/// `src/vendors/hubspot/mod.rs` as `vendors`, `hubspot`; nothing for `lib.rs`.
fn module_of(name: &str) -> Vec<String> {
    let name = name.strip_prefix("src/").unwrap_or(name);
    let name = name.strip_suffix(".rs").unwrap_or(name);
    name.split('/')
        .filter(|part| !matches!(*part, "mod" | "lib"))
        .map(str::to_owned)
        .collect()
}

/// Every path of modules that starts with `crate::` or `super::`, from the crate's root on, groups in braces included.
fn names(code: &str, module: &[String]) -> Vec<Vec<String>> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        // `$crate::` in a macro is the crate too.
        take(&code[at + "crate::".len()..], &[], &mut names);
    }
    let mut rest = code;
    while let Some(at) = rest.find("super::") {
        rest = &rest[at..];
        let mut base = module.to_vec();
        while let Some(after) = rest.strip_prefix("super::") {
            base.pop();
            rest = after;
        }
        take(rest, &base, &mut names);
    }
    names
}

/// Takes the path at the start of a text; a group gives one for each of its members.
fn take(text: &str, base: &[String], names: &mut Vec<Vec<String>>) {
    if let Some(group) = text.strip_prefix('{') {
        let mut depth = 0;
        let mut member = String::new();
        for letter in group.chars() {
            match letter {
                '}' if depth == 0 => break,
                ',' if depth == 0 => {
                    take(member.trim(), base, names);
                    member.clear();
                    continue;
                }
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            member.push(letter);
        }
        take(member.trim(), base, names);
        return;
    }
    let word: String = text
        .chars()
        .take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_')
        .collect();
    if word.is_empty() {
        return;
    }
    let mut path = base.to_vec();
    path.push(word.clone());
    match text[word.len()..].strip_prefix("::") {
        Some(rest) if path.len() < 3 => {
            names.push(path.clone());
            take(rest, &path, names);
        }
        _ => names.push(path),
    }
}

/// The files of a folder, with their names from the repository's root on.
fn sources(folder: &str, ending: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    collect(&root.join(folder), ending, &mut files);
    files.sort();
    files
        .iter()
        .map(|file| {
            let name = file.strip_prefix(root).expect("a source").to_string_lossy();
            let text = fs::read_to_string(file).expect("a readable source");
            (name.replace('\\', "/"), text)
        })
        .collect()
}

fn collect(folder: &Path, ending: &str, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("a folder entry").path();
        if path.is_dir() {
            if !path.ends_with("node_modules") && !path.ends_with("build") {
                collect(&path, ending, files);
            }
        } else if path.extension().is_some_and(|found| found == ending) {
            files.push(path);
        }
    }
}
