//! docs/errors.md: what each vendor says when it refuses, and what that means.
use super::{Table, brand, code, or_dash, word};
use anyhow::{Context, Result};
use crmlink::atlas::{Atlas, Key, Row};
use crmlink::endpoint::json;
use crmlink::vendors::Vendor;
use std::fmt::Write;

/// The page, with a table for each vendor.
pub(super) fn page() -> Result<String> {
    let mut text = String::from(HEAD);
    let mut plain = Table::new(&["status", "`code`", "again", "what to do"]);
    for (statuses, status) in PLAIN {
        let row = Row::plain(*status);
        plain.rows.push(vec![
            (*statuses).to_owned(),
            code(row.code.as_str()),
            again(&row),
            or_dash(row.advice().to_owned()),
        ]);
    }
    text.push_str(&plain.write());
    for vendor in Vendor::ALL {
        let atlas = vendor.atlas().context("xtask has every vendor")?;
        let _ = write!(text, "\n## {}\n\n{}", brand(vendor), table(atlas)?);
    }
    Ok(text)
}

fn table(atlas: &Atlas) -> Result<String> {
    let mut table = Table::new(&["status", "says", "`code`", "again", "what to do", "source"]);
    for row in atlas.rows {
        let mut meaning = code(row.code.as_str());
        if let Some(reason) = &row.reason {
            let _ = write!(meaning, " ({})", code(&word(&json(reason))));
        }
        let source = atlas
            .sources
            .get(usize::from(row.source))
            .context("a row without a source")?;
        table.rows.push(vec![
            row.status
                .map_or_else(|| "any".to_owned(), |status| status.to_string()),
            says(row),
            meaning,
            again(row),
            or_dash(row.advice().to_owned()),
            match source.starts_with("https://") {
                true => format!("[{}]({source})", row.source + 1),
                false => (*source).to_owned(),
            },
        ]);
    }
    let mut places = Table::new(&["", "stands in"]);
    places.row("`path`", atlas.path);
    places.row("`missingScopes`", atlas.scopes);
    places.row("`existingId`", atlas.existing);
    Ok(format!("{}\n{}", places.write(), table.write()))
}

fn says(row: &Row) -> String {
    let spellings = || row.spellings();
    match row.key {
        Key::Code(_) => spellings().map(code).collect::<Vec<_>>().join(", "),
        Key::Words(_) => {
            let words: Vec<_> = spellings()
                .map(|words| format!("“{}”", words.trim()))
                .collect();
            words.join(", ")
        }
        Key::Spent(header) => format!("`{header}` is 0 or less"),
        Key::Status => "whatever it says".to_owned(),
    }
}

fn again(row: &Row) -> String {
    match (row.retryable, row.wait) {
        (false, _) => "no".to_owned(),
        (true, None) => "yes".to_owned(),
        (true, Some(millis)) => format!("after {millis} ms"),
    }
}

const PLAIN: &[(&str, u16)] = &[
    ("401", 401),
    ("403", 403),
    ("404, 410", 404),
    ("408", 408),
    ("409, 412", 409),
    ("413", 413),
    ("429", 429),
    ("400 to 499", 400),
    ("500 to 599", 500),
    ("of a record, inside a 2xx", 200),
    ("all others", 302),
];

const HEAD: &str = "# What vendors' errors mean

<!-- Written by `cargo xtask docs` from src/atlas.rs and src/vendors/*/atlas.rs; `npm test` fails when the two differ. -->

Every failure has one of crmlink's codes, and its message ends with what to do about it. Here is which of a vendor's errors becomes
which code, and where that is written. The first row that fits an answer counts. Codes are compared as they stand, words without regard
to capitals. “Again” says whether the same request may succeed later; a `retry-after` of the vendor's wins over the time that
stands here. Whether crmlink itself sends a request again depends on the request too: a create whose answer was lost is looked up first.

\"Seen in public code\" marks what third parties record and no page of the vendor's says.

## Where a vendor says nothing more precise

";
