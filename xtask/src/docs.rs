//! `cargo xtask docs`: docs/vendors/*.md, docs/errors.md and the capability table in README.md, from the core's own facts and tables.
mod errors;

use crate::workspace::root;
use anyhow::{Context, Result, ensure};
use crmlink::endpoint::{ANY_VERSION, Entry, Facts, Repeat, Version, json};
use crmlink::unified::capability::{Capability, Cardinality, Pair};
use crmlink::unified::entity::Entity;
use crmlink::unified::upsert::Way;
use crmlink::vendors::Vendor;
use std::fmt::Write;
use std::fs;

/// Writes the pages, or with `check` fails when a file differs from what would be written.
pub(crate) fn run(check: bool) -> Result<()> {
    let mut files = vec![("README.md".to_owned(), readme()?)];
    files.push(("docs/errors.md".to_owned(), errors::page()?));
    for vendor in Vendor::ALL {
        files.push((
            format!("docs/vendors/{}.md", vendor.as_str()),
            page(vendor)?,
        ));
    }
    for (name, text) in files {
        let file = root().join(&name);
        if check {
            ensure!(
                fs::read_to_string(&file).is_ok_and(|before| before == text),
                "{name} is not what the core says: run `cargo xtask docs` and commit it"
            );
        } else {
            file.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::write(&file, text).with_context(|| name)?;
        }
    }
    Ok(())
}

/// README.md with the table between its markers written anew.
fn readme() -> Result<String> {
    let text = fs::read_to_string(root().join("README.md")).context("README.md")?;
    let place = "README.md has no place for the capability table";
    let (before, rest) = text.split_once(BEGIN).context(place)?;
    let (_, after) = rest.split_once(END).context(place)?;
    Ok(format!("{before}{BEGIN}\n\n{}\n{END}{after}", overview()))
}

/// Each pair of kinds, and what becomes of it at each vendor.
fn overview() -> String {
    let mut table = Table::new(&["from", "to"]);
    for vendor in Vendor::ALL {
        let page = format!("[{}](docs/vendors/{}.md)", brand(vendor), vendor.as_str());
        table.head.push(page);
    }
    for from in Entity::ALL {
        for to in Entity::ALL {
            let pairs = Vendor::ALL.map(|vendor| find(vendor.capability()?, from, to));
            if pairs.iter().all(Option::is_none) {
                continue;
            }
            let mut row = vec![from.as_str().to_owned(), to.as_str().to_owned()];
            row.extend(pairs.map(|pair| pair.map_or_else(|| "–".to_owned(), verdict)));
            table.rows.push(row);
        }
    }
    table.write()
}

fn find(capability: &Capability, from: Entity, to: Entity) -> Option<&'static Pair> {
    let mut pairs = capability.pairs.iter();
    pairs.find(|pair| pair.from == from && pair.to == to)
}

/// What becomes of a pair, in one cell.
fn verdict(pair: &Pair) -> String {
    if let Some(refused) = &pair.refused {
        return format!("no: {}", code(&word(&json(&refused.reason))));
    }
    let mut text = pair.link.to_owned();
    if pair.cardinality == Cardinality::One {
        text.push_str(", one");
    }
    if !pair.required.is_empty() {
        let _ = write!(text, ", needs {}", codes(pair.required));
    }
    text
}

/// The page of one vendor.
fn page(vendor: Vendor) -> Result<String> {
    let capability = vendor.capability().context("no table")?;
    let (name, brand) = (vendor.as_str(), brand(vendor));
    let cases = format!("tests/fixtures/unified/associations/create/{name}");
    ensure!(root().join(&cases).is_dir(), "{cases} is missing");
    let mut text = format!(
        "# {brand}\n\n\
         <!-- Written by `cargo xtask docs` from the facts in src/vendors/{name}; `npm test` fails when the two differ. -->\n\n\
         ## Links\n\n\
         What the unified operations can do to links, by default over version `{}` of the vendor's API. \
         A pair that is not listed is refused as `unsupported` with the reason `association_unsupported`. \
         [Source]({}), [code](../../src/vendors/{name}/capability.rs), [golden cases](../../{cases}).\n\n{}",
        capability.api_version,
        capability.source,
        linked(capability),
    );
    let _ = write!(text, "\n### Verbs\n\n{}", verbs(capability).write());
    text.push_str(&types(capability));
    if !capability.upserts.is_empty() {
        let _ = write!(text, "\n### Upserts\n\n{}", upserts(capability).write());
        let notes = capability.upserts.iter().filter_map(|upserts| {
            let refused = upserts.refused.as_ref().map(|refused| refused.message);
            let note = refused.unwrap_or(upserts.note);
            (!note.is_empty()).then(|| format!("- {}: {note}\n", upserts.entity.as_str()))
        });
        let notes: String = notes.collect();
        if !notes.is_empty() {
            let _ = write!(text, "\n{notes}");
        }
    }
    let refused = refused(capability);
    if !refused.rows.is_empty() {
        let _ = write!(text, "\n### Refused\n\n{}", refused.write());
    }
    text.push_str("\n## Endpoints\n");
    for entry in vendor.endpoints() {
        text.push_str(&endpoint(entry)?);
    }
    Ok(text)
}

fn linked(capability: &Capability) -> String {
    let head = [
        "from",
        "to",
        "the vendor's link",
        "targets of a record",
        "fields of a target besides `id`",
        "verbs",
        "to know",
    ];
    let mut table = Table::new(&head);
    for pair in capability
        .pairs
        .iter()
        .filter(|pair| pair.refused.is_none())
    {
        let fields: Vec<_> = pair
            .required
            .iter()
            .map(|field| format!("{} (required)", code(field)))
            .chain(pair.fields.iter().map(|field| code(field)))
            .collect();
        table.pair(vec![
            pair.from.as_str().to_owned(),
            pair.to.as_str().to_owned(),
            pair.link.to_owned(),
            word(&json(&pair.cardinality)),
            or_dash(fields.join(", ")),
            codes(
                &pair
                    .verbs
                    .iter()
                    .map(|does| does.verb.word())
                    .collect::<Vec<_>>(),
            ),
            or_dash(pair.note.to_owned()),
        ]);
    }
    table.write()
}

/// What each verb takes, each way of doing it once.
fn verbs(capability: &Capability) -> Table {
    let head = [
        "verb",
        "the vendor's link",
        "reads first",
        "links in a call",
        "sent twice",
        "also changes",
        "scopes",
    ];
    let mut table = Table::new(&head);
    for pair in capability.pairs {
        for does in pair.verbs {
            let row = vec![
                code(does.verb.word()),
                pair.link.to_owned(),
                does.reads.unwrap_or("nothing").to_owned(),
                does.batch.map_or_else(|| "not known".to_owned(), count),
                match does.repeat {
                    Repeat::Safe => "changes nothing more",
                    Repeat::Look => "looked for first",
                }
                .to_owned(),
                or_dash(does.destructive.unwrap_or_default().to_owned()),
                or_dash(codes(does.scopes)),
            ];
            if !table.rows.contains(&row) {
                table.rows.push(row);
            }
        }
    }
    table
}

/// How records are upserted, by what they are found.
fn upserts(capability: &Capability) -> Table {
    let head = [
        "kind",
        "`match_by`",
        "the vendor's field",
        "strategy",
        "race",
        "records in a call",
        "to know",
    ];
    let mut table = Table::new(&head);
    for upserts in capability.upserts {
        for key in upserts.keys {
            table.rows.push(vec![
                upserts.entity.as_str().to_owned(),
                match key.asked {
                    true => code(key.match_by),
                    false => format!("{}, by default", code(key.match_by)),
                },
                match key.field {
                    "" => "the one that is named".to_owned(),
                    field => code(field),
                },
                code(&word(&json(&key.strategy))),
                code(&word(&json(&key.race))),
                upserts
                    .batch
                    .filter(|_| key.strategy != Way::SearchThenWrite)
                    .map_or_else(|| "1".to_owned(), count),
                key.says.to_owned(),
            ]);
        }
    }
    table
}

/// What can be done to the definitions of links.
fn types(capability: &Capability) -> String {
    let verbs = capability.association_types.iter();
    let names: Vec<_> = verbs.map(|verb| verb.operation()).collect();
    let text = match names.as_slice() {
        [] => "crmlink does nothing to the definitions of links here: `association_types.*` is refused."
            .to_owned(),
        names => codes(names) + ".",
    };
    format!("\n### Association types\n\n{text}\n")
}

fn refused(capability: &Capability) -> Table {
    let mut table = Table::new(&["from", "to", "reason", "why"]);
    for pair in capability.pairs {
        if let Some(refused) = &pair.refused {
            table.pair(vec![
                pair.from.as_str().to_owned(),
                pair.to.as_str().to_owned(),
                code(&word(&json(&refused.reason))),
                refused.message.to_owned(),
            ]);
        }
    }
    table
}

/// An endpoint's facts. Its source and its cases lie where its name says.
fn endpoint(entry: &Entry) -> Result<String> {
    let facts = entry.facts;
    let path = folders(facts.name);
    let source = format!("src/vendors/{path}.rs");
    let cases = format!("tests/fixtures/{path}");
    for place in [&source, &cases] {
        ensure!(
            root().join(place).exists(),
            "{}: {place} is missing",
            facts.name
        );
    }
    let mut table = Table::new(&["", ""]);
    for (names, version) in versions(facts) {
        let ends = version
            .ends
            .map_or(String::new(), |ends| format!(", ends {ends}"));
        let address = format!("{} {}", facts.method, version.path);
        table.row(&format!("{names}{ends}"), &code(&address));
    }
    let origin = match facts.origin {
        "" => "the account's own: `origin` is required".to_owned(),
        origin => code(origin),
    };
    table.row("origin", &origin);
    let success: Vec<_> = facts.success.iter().map(ToString::to_string).collect();
    table.row("success", &success.join(", "));
    if let Some(batch) = facts.batch {
        table.row("inputs in a request", &count(batch));
    }
    table.row("scopes", &or_dash(codes(facts.scopes)));
    table.row("sent twice", repeat(facts.repeat));
    table.row(
        "see",
        &format!(
            "[documentation]({}), [code](../../{source}), [golden cases](../../{cases})",
            facts.docs
        ),
    );
    Ok(format!("\n### `{}`\n\n{}", facts.name, table.write()))
}

/// The versions under the names that share a path, the default first.
fn versions(facts: &Facts) -> Vec<(String, &Version)> {
    let mut groups: Vec<(String, &Version)> = Vec::new();
    for (place, version) in facts.versions.iter().enumerate() {
        let mut name = match version.name {
            ANY_VERSION => "any other".to_owned(),
            name => code(name),
        };
        if place == 0 && facts.versions.len() > 1 {
            name.push_str(" (default)");
        }
        let same = |(_, other): &&mut (String, &Version)| {
            other.path == version.path && other.ends == version.ends
        };
        match groups.iter_mut().find(same) {
            Some((names, _)) => {
                let _ = write!(names, ", {name}");
            }
            None => groups.push((name, version)),
        }
    }
    groups
}

const fn repeat(repeat: Repeat) -> &'static str {
    match repeat {
        Repeat::Safe => "the same as once: repeated after an unclear answer",
        Repeat::Look => {
            "may write a second record: never repeated after an unclear answer without a look"
        }
    }
}

/// The name that people know the vendor by.
const fn brand(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Hubspot => "HubSpot",
        Vendor::Leadconnector => "LeadConnector",
        Vendor::Salesforce => "Salesforce",
        Vendor::Truto => "Truto",
    }
}

/// `hubspot.associations.createDefault` as `hubspot/associations/create_default`.
fn folders(name: &str) -> String {
    let mut path = String::new();
    for letter in name.chars() {
        match letter {
            '.' => path.push('/'),
            'A'..='Z' => {
                path.push('_');
                path.push(letter.to_ascii_lowercase());
            }
            _ => path.push(letter),
        }
    }
    path
}

/// A word of the core's without the quotes of its JSON.
fn word(json: &str) -> String {
    json.trim_matches('"').to_owned()
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

fn codes(words: &[&str]) -> String {
    let words: Vec<_> = words.iter().map(|word| code(word)).collect();
    words.join(", ")
}

fn count(number: usize) -> String {
    match number {
        usize::MAX => "all".to_owned(),
        1_000.. => format!("{},{:03}", number / 1_000, number % 1_000),
        _ => number.to_string(),
    }
}

fn or_dash(text: String) -> String {
    if text.is_empty() {
        "–".to_owned()
    } else {
        text
    }
}

/// A table in Markdown.
struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn new(head: &[&str]) -> Self {
        Self {
            head: head.iter().map(|&cell| cell.to_owned()).collect(),
            rows: Vec::new(),
        }
    }

    fn row(&mut self, name: &str, value: &str) {
        self.rows.push(vec![name.to_owned(), value.to_owned()]);
    }

    /// Adds a row that begins with a pair; one that differs in its second cell alone joins the row that is there.
    fn pair(&mut self, row: Vec<String>) {
        let same = |known: &&mut Vec<String>| {
            known.first() == row.first() && known.get(2..) == row.get(2..)
        };
        match (self.rows.iter_mut().find(same), row.get(1)) {
            (Some(known), Some(to)) => {
                if let Some(cell) = known.get_mut(1) {
                    let _ = write!(cell, ", {to}");
                }
            }
            _ => self.rows.push(row),
        }
    }

    fn write(&self) -> String {
        let rule = vec!["---".to_owned(); self.head.len()];
        let mut text = String::new();
        for row in [&self.head, &rule].into_iter().chain(&self.rows) {
            let cells: Vec<_> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
            let _ = writeln!(text, "| {} |", cells.join(" | "));
        }
        text
    }
}

const BEGIN: &str = "<!-- capabilities: written by `cargo xtask docs` -->";
const END: &str = "<!-- end of capabilities -->";
