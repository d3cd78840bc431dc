//! A vendor's fields as a table, and the one engine that obeys it: leaves in, the vendor's fields and the ledger out.

use std::borrow::Cow;

use super::{Leaf, joined};
use crate::decimal::Decimal;
use crate::error::Refusal;
use crate::read;
use crate::unified::ledger::{Fate, Ledger};

/// What a vendor makes of a kind of record.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Its rows. Of two that fit a leaf, the one with a word in its brackets wins.
    pub rows: &'static [Row],
    /// How its values are written.
    pub style: Style,
    /// How the names of fields begin that the vendor sets itself: an answer's record leaves them out.
    pub own: &'static [&'static str],
}

/// How a vendor writes values.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Whether numbers and flags are written as text.
    pub all_text: bool,
    /// What stands between the values of a list, where a list is one text. Empty: a list is a list.
    pub joint: &'static str,
    /// What clears a field, as JSON.
    pub clear: &'static str,
}

/// One row of a vendor's table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The unified field. Brackets choose of a list: `[]` every item, `[mobile]` the first of that type, `[0]` the first
    /// that no other row chooses by its type.
    pub from: &'static str,
    /// The vendor's field.
    pub to: &'static str,
    /// What becomes of the value.
    pub how: How,
}

/// What becomes of a value.
#[derive(Clone, Copy, Debug)]
pub enum How {
    /// A text.
    Text,
    /// A number, with all its digits.
    Number,
    /// True or false.
    Flag,
    /// A day; the time of day is cut off.
    Day,
    /// A time, or a day, as it is.
    Time,
    /// The host of a web address, without its `www.`.
    Host,
    /// The texts of all items as one, with this between them.
    Joined(&'static str),
    /// The texts of all items as a list.
    Each,
    /// One of these words: ours, and the vendor's.
    Words(&'static [(&'static str, &'static str)]),
    /// Whatever the caller gave, under the name that the caller gave: a custom field.
    Custom,
    /// The same, but not even looked at.
    Untouched,
    /// No field: the vendor's mapper takes it (a link, a parameter). `to` is the vendor's word for it.
    Aside,
    /// A name or an address for which a read finds the id that `to` holds. The vendor's mapper takes it.
    Sought,
    /// Not sent, for this reason.
    Ignored(&'static str),
    /// Refused, for this reason.
    Refused(&'static str),
}

/// A row, in short.
#[must_use]
pub const fn row(from: &'static str, to: &'static str, how: How) -> Row {
    Row { from, to, how }
}

/// A text, in short.
#[must_use]
pub const fn text(from: &'static str, to: &'static str) -> Row {
    row(from, to, How::Text)
}

/// A field without a place, in short.
#[must_use]
pub const fn ignored(from: &'static str, reason: &'static str) -> Row {
    row(from, "", How::Ignored(reason))
}

/// What a vendor sets itself.
pub const SET_BY_VENDOR: &str = "the vendor sets it itself";

/// One field as the vendor holds it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Property {
    /// The vendor's name.
    pub name: Cow<'static, str>,
    /// The value as JSON.
    pub json: String,
    /// Whether the caller named it, and not the table.
    pub custom: bool,
    /// The caller's field.
    pub path: String,
}

impl Property {
    /// What it says: a string's text, anything else as it is written.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self.json.starts_with('"') {
            true => read::string(&self.path, &self.json).unwrap_or_default(),
            false => Cow::Borrowed(&self.json),
        }
    }
}

/// A value that the vendor's mapper takes.
#[derive(Clone, Debug)]
pub struct Aside {
    /// The row's `from`, as in `account.id`.
    pub from: &'static str,
    /// The row's `to`.
    pub to: &'static str,
    /// The row's `how`.
    pub how: How,
    /// The caller's value.
    pub leaf: Leaf<'static>,
}

/// A record in the vendor's terms.
#[derive(Clone, Debug, Default)]
pub struct Mapped {
    /// The vendor's fields, in the caller's order.
    pub properties: Vec<Property>,
    /// What is no field.
    pub asides: Vec<Aside>,
}

impl Mapped {
    /// The field of a name.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties
            .iter()
            .find(|property| property.name == name)
    }
}

/// The fields that say which record is meant: no vendor's table has them.
const CONTROL: [&str; 3] = ["id", "match_by", "on_ambiguous"];

/// Puts the leaves of a record into the vendor's terms, and notes in the ledger what becomes of each: under its path, with
/// `prefix` in front of it. `path` is where the record stands in the input.
///
/// # Errors
/// `invalid_input` for a field that the table refuses, and for two that mean one.
pub fn deunify(
    table: &Table,
    path: &str,
    leaves: Vec<Leaf<'_>>,
    prefix: &str,
    ledger: &mut Ledger,
) -> Result<Mapped, Refusal> {
    let chosen = Chosen::of(table, &leaves);
    let with_id: Vec<String> = leaves
        .iter()
        .filter(|leaf| !leaf.is_null())
        .filter_map(|leaf| leaf.path.strip_suffix(".id").map(str::to_owned))
        .collect();
    let mut mapped = Mapped::default();
    for leaf in leaves {
        let noted = joined(prefix, &plain(&leaf));
        let (fate, to, reason) = match chosen.row(table, &leaf) {
            Found::Row(row) if is_said(row, &leaf, &with_id) => {
                (Fate::Ignored, String::new(), BESIDE_ID)
            }
            Found::Row(row) => put(table, row, path, leaf, &mut mapped)?,
            Found::Control => (Fate::Applied, String::new(), ""),
            Found::Container => clear(table, path, &leaf, &mut mapped)?,
            Found::Chooses(to) => (Fate::Renamed, to.to_owned(), ""),
            Found::Surplus => (Fate::Ignored, String::new(), SURPLUS),
            Found::Nothing => (Fate::Ignored, String::new(), NO_PLACE),
        };
        ledger.note_as(&noted, fate, &to, reason);
    }
    Ok(mapped)
}

const SURPLUS: &str = "the vendor has no place for a further one of this kind: give it under custom_fields or remote_data, in the vendor's own name";
const NO_PLACE: &str = "the vendor has no place for it: give it under custom_fields or remote_data, in the vendor's own name";
const BESIDE_ID: &str = "the id beside it says it";
const SET_BEFORE: &str = "another item of the list is already the vendor's one of this kind";

/// Whether a name stands beside the id that it would be sought for.
fn is_said(row: &Row, leaf: &Leaf<'_>, with_id: &[String]) -> bool {
    let holder = leaf.path.rsplit_once('.').map(|(holder, _)| holder);
    matches!(row.how, How::Sought)
        && holder.is_some_and(|holder| with_id.iter().any(|id| id == holder))
}

type Fated = (Fate, String, &'static str);

/// A leaf's path in the ledger: links are counted together, other items are not alike.
fn plain(leaf: &Leaf<'_>) -> String {
    match leaf.field.starts_with("contacts[]") || leaf.field.starts_with("tags[]") {
        true => leaf.field.clone().into_owned(),
        false => leaf.path.clone(),
    }
}

/// Which item of each list each row with brackets means.
struct Chosen(Vec<(&'static str, &'static str, usize)>);

enum Found {
    Row(&'static Row),
    /// It says which record is meant.
    Control,
    /// A whole object or list, which is cleared.
    Container,
    /// The type by which its item was chosen.
    Chooses(&'static str),
    /// The vendor holds fewer of these.
    Surplus,
    Nothing,
}

impl Chosen {
    fn of(table: &Table, leaves: &[Leaf<'_>]) -> Self {
        let mut chosen = Self(Vec::new());
        let brackets = || table.rows.iter().filter_map(|row| brackets(row.from));
        for (list, word, _) in brackets() {
            if matches!(word, "" | "0") || chosen.place(list, word).is_some() {
                continue;
            }
            let typed = leaves.iter().find(|leaf| {
                let rest = leaf.field.strip_prefix(list);
                rest == Some("[].type") && leaf.text().eq_ignore_ascii_case(word)
            });
            if let Some(at) = typed.and_then(|leaf| leaf.at) {
                chosen.0.push((list, word, at));
            }
        }
        for (list, word, _) in brackets() {
            if word != "0" || chosen.place(list, word).is_some() {
                continue;
            }
            let free = leaves.iter().find_map(|leaf| {
                let rest = leaf.field.strip_prefix(list)?;
                let at = leaf.at.filter(|_| rest.starts_with("[]"))?;
                (!chosen
                    .0
                    .iter()
                    .any(|known| (known.0, known.2) == (list, at)))
                .then_some(at)
            });
            if let Some(at) = free {
                chosen.0.push((list, word, at));
            }
        }
        chosen
    }

    fn place(&self, list: &str, word: &str) -> Option<usize> {
        let same = |known: &&(&str, &str, usize)| (known.0, known.1) == (list, word);
        self.0.iter().find(same).map(|known| known.2)
    }

    fn row(&self, table: &Table, leaf: &Leaf<'_>) -> Found {
        if CONTROL.contains(&leaf.field.as_ref()) {
            return Found::Control;
        }
        let mut named = false;
        let mut found: Option<&'static Row> = None;
        for row in table.rows {
            match brackets(row.from) {
                None if row.from == leaf.field => return Found::Row(row),
                Some((list, word, rest)) if is_item(&leaf.field, list, rest) => {
                    named = true;
                    let fits = match word {
                        "" => true,
                        word => self.place(list, word) == leaf.at,
                    };
                    // A word says more than a number, and a number more than nothing.
                    let before = found.and_then(|row| brackets(row.from));
                    let rank = |word: &str| match word {
                        "" => 0,
                        "0" => 1,
                        _ => 2,
                    };
                    if fits && before.is_none_or(|(_, before, _)| rank(before) < rank(word)) {
                        found = Some(row);
                    }
                }
                _ => {}
            }
        }
        if let Some(row) = found {
            return Found::Row(row);
        }
        if let Some(list) = leaf.field.strip_suffix("[].type") {
            let word = self
                .0
                .iter()
                .find(|known| known.0 == list && known.1 != "0" && Some(known.2) == leaf.at)
                .map(|known| known.1);
            let row = word.and_then(|word| {
                table.rows.iter().find(|row| {
                    brackets(row.from).is_some_and(|found| (found.0, found.1) == (list, word))
                })
            });
            if let Some(row) = row {
                return Found::Chooses(row.to);
            }
        }
        match leaf.is_null() && is_container(table, &leaf.field) {
            true => Found::Container,
            false if named => Found::Surplus,
            false => Found::Nothing,
        }
    }
}

/// `phone_numbers[mobile].number` as its list, its brackets and the rest.
fn brackets(from: &'static str) -> Option<(&'static str, &'static str, &'static str)> {
    let (list, rest) = from.split_once('[')?;
    let (word, rest) = rest.split_once(']')?;
    Some((list, word, rest))
}

/// Whether a field is `rest` of an item of `list`.
fn is_item(field: &str, list: &str, rest: &str) -> bool {
    field
        .strip_prefix(list)
        .and_then(|tail| tail.strip_prefix("[]"))
        == Some(rest)
}

fn is_container(table: &Table, field: &str) -> bool {
    table.rows.iter().any(|row| is_inside(row.from, field))
}

fn is_inside(from: &str, holder: &str) -> bool {
    from.strip_prefix(holder)
        .is_some_and(|rest| rest.starts_with(['.', '[']))
}

/// Clears what the rows of a whole object or list hold.
fn clear(
    table: &Table,
    path: &str,
    leaf: &Leaf<'_>,
    mapped: &mut Mapped,
) -> Result<Fated, Refusal> {
    let mut cleared: Vec<&str> = Vec::new();
    for row in table
        .rows
        .iter()
        .filter(|row| is_inside(row.from, &leaf.field))
    {
        match row.how {
            How::Aside | How::Custom | How::Untouched => {
                let message = "expected what is to change: to take a link back there is associations.remove, and custom fields are cleared one by one";
                return Err(Refusal::input(joined(path, &leaf.path), message));
            }
            How::Refused(_) | How::Ignored(_) | How::Sought => {}
            _ => {
                push(table, row, path, leaf, table.style.clear.to_owned(), mapped)?;
                if !cleared.contains(&row.to) {
                    cleared.push(row.to);
                }
            }
        }
    }
    Ok(match cleared.is_empty() {
        true => (Fate::Ignored, String::new(), NO_PLACE),
        false => (Fate::Coerced, cleared.join(", "), ""),
    })
}

fn put(
    table: &Table,
    row: &'static Row,
    path: &str,
    leaf: Leaf<'_>,
    mapped: &mut Mapped,
) -> Result<Fated, Refusal> {
    match row.how {
        How::Ignored(reason) => return Ok((Fate::Ignored, String::new(), reason)),
        How::Refused(reason) => return Err(Refusal::input(joined(path, &leaf.path), reason)),
        How::Sought if leaf.is_null() => {
            push(
                table,
                row,
                path,
                &leaf,
                table.style.clear.to_owned(),
                mapped,
            )?;
            return Ok((Fate::Coerced, row.to.to_owned(), ""));
        }
        How::Aside | How::Sought => {
            let fate = match row.how {
                How::Sought => Fate::Coerced,
                _ => Fate::Renamed,
            };
            mapped.asides.push(Aside {
                from: row.from,
                to: row.to,
                how: row.how,
                leaf: leaf.into_owned(),
            });
            return Ok((fate, row.to.to_owned(), ""));
        }
        _ => {}
    }
    let json = write(table, row, path, &leaf)?;
    let coerced = json != leaf.json;
    let name = match row.how {
        How::Custom | How::Untouched => leaf.name().to_owned(),
        _ => row.to.to_owned(),
    };
    if !push(table, row, path, &leaf, json, mapped)? {
        return Ok((Fate::Ignored, String::new(), SET_BEFORE));
    }
    let fate = match row.how {
        How::Custom if !coerced => Fate::PassedThrough,
        How::Untouched => Fate::PassedThrough,
        _ if coerced => Fate::Coerced,
        _ if name == leaf.path => Fate::Applied,
        _ => Fate::Renamed,
    };
    let to = if fate == Fate::Applied {
        String::new()
    } else {
        name
    };
    Ok((fate, to, ""))
}

/// Adds a property. False where an earlier item of the same list has taken the place.
fn push(
    table: &Table,
    row: &'static Row,
    path: &str,
    leaf: &Leaf<'_>,
    json: String,
    mapped: &mut Mapped,
) -> Result<bool, Refusal> {
    let custom = matches!(row.how, How::Custom | How::Untouched);
    let name = match custom {
        true => Cow::Owned(leaf.name().to_owned()),
        false => Cow::Borrowed(row.to),
    };
    if name.is_empty() {
        return Err(Refusal::input(
            joined(path, &leaf.path),
            "expected the vendor's name of a field, got an empty one",
        ));
    }
    let Some(known) = mapped
        .properties
        .iter_mut()
        // Salesforce takes names in any case, and nobody else has two that differ in it alone.
        .find(|known| known.name.eq_ignore_ascii_case(&name))
    else {
        mapped.properties.push(Property {
            name,
            json,
            custom,
            path: leaf.path.clone(),
        });
        return Ok(true);
    };
    match row.how {
        How::Joined(joint) if !leaf.is_null() => {
            // Two JSON strings become one: what stands between the quotes is joined.
            known.json.pop();
            known.json.push_str(joint);
            known.json.push_str(json.get(1..).unwrap_or_default());
            Ok(true)
        }
        How::Each if !leaf.is_null() => {
            known.json.pop();
            known.json.push(',');
            known.json.push_str(json.get(1..).unwrap_or_default());
            Ok(true)
        }
        _ if known.json == json && leaf.json == table.style.clear => Ok(true),
        _ if known.custom || custom || leaf.at.is_none() => {
            let message = format!(
                "expected the vendor's {name} once: {} sets it too",
                known.path
            );
            Err(Refusal::input(joined(path, &leaf.path), message))
        }
        _ => Ok(false),
    }
}

/// The vendor's value, as JSON. The leaf was checked when it was read.
fn write(table: &Table, row: &Row, path: &str, leaf: &Leaf<'_>) -> Result<String, Refusal> {
    let style = &table.style;
    if leaf.is_null() {
        return Ok(style.clear.to_owned());
    }
    let json = leaf.json.as_ref();
    Ok(match row.how {
        How::Text | How::Time | How::Joined(_) => quote(leaf),
        How::Each => ["[", &quote(leaf), "]"].concat(),
        How::Number => {
            let digits = leaf.text();
            match style.all_text {
                true => ["\"", &digits, "\""].concat(),
                // Digits that were given as text become a number.
                false => Decimal::parse(&digits)
                    .map_or_else(|| json.to_owned(), |decimal| decimal.as_str().to_owned()),
            }
        }
        How::Flag if style.all_text => ["\"", json, "\""].concat(),
        How::Day => {
            let text = leaf.text();
            ["\"", text.get(..10).unwrap_or(&text), "\""].concat()
        }
        How::Host => {
            let text = leaf.text();
            let host = text
                .split_once("://")
                .map_or(text.as_ref(), |(_, host)| host);
            let host = host.split(['/', '?', '#', ':']).next().unwrap_or_default();
            let host = host.to_lowercase();
            crate::endpoint::json(&host.strip_prefix("www.").unwrap_or(&host))
        }
        How::Words(words) => {
            let text = leaf.text();
            let Some((_, theirs)) = words.iter().find(|(ours, _)| *ours == text) else {
                let known: Vec<_> = words.iter().map(|(ours, _)| *ours).collect();
                return Err(Refusal::input(
                    joined(path, &leaf.path),
                    format!("expected one of {}, got `{text}`", read::quoted(&known)),
                ));
            };
            ["\"", theirs, "\""].concat()
        }
        How::Custom if json.starts_with('[') && !style.joint.is_empty() => {
            let mut texts = String::from("\"");
            for (number, item) in read::items(&leaf.path, json)?.into_iter().enumerate() {
                texts.push_str(if number == 0 { "" } else { style.joint });
                texts.push_str(item.trim_matches('"'));
            }
            texts.push('"');
            texts
        }
        How::Custom if style.all_text && !json.starts_with('"') => ["\"", json, "\""].concat(),
        _ => json.to_owned(),
    })
}

/// A text's or an id's JSON as a string.
fn quote(leaf: &Leaf<'_>) -> String {
    match leaf.json.starts_with('"') {
        true => leaf.json.clone().into_owned(),
        false => ["\"", &leaf.json, "\""].concat(),
    }
}
