//! The query of the unified routes: which account, and how the answer is to look.

use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::Refusal;

/// How an answer is to look.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// In the unified vocabulary, with the vendor's answers under `remote_data`.
    #[default]
    Unified,
    /// The vendor's answers alone.
    Raw,
    /// In the unified vocabulary alone, empty keys left out.
    Normalized,
    /// Newline-delimited JSON: a line for each finished batch as it comes, and a last one with the rest.
    Stream,
}

impl Format {
    /// The word as it stands in the query.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unified => "unified",
            Self::Raw => "raw",
            Self::Normalized => "normalized",
            Self::Stream => "stream",
        }
    }
}

/// What a caller of a unified route says in the query. As JSON it has the names of `truto.associations.create`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Query {
    /// The account to use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integrated_account_id: Option<String>,
    /// How the answer is to look; `unified` where it is left out.
    #[serde(
        rename = "truto_response_format",
        skip_serializing_if = "Option::is_none"
    )]
    pub format: Option<Format>,
    /// Whether `remote_data` is left out.
    #[serde(
        rename = "truto_ignore_remote_data",
        skip_serializing_if = "Option::is_none"
    )]
    pub ignore_remote_data: Option<bool>,
    /// The fields of the answer to leave out.
    #[serde(rename = "truto_exclude_fields", skip_serializing_if = "Vec::is_empty")]
    pub exclude_fields: Vec<String>,
    /// Parameters for the vendor.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub remote_query: Map<String, Value>,
}

/// How many parameters a query may have, and how deep their brackets may go.
const MOST: usize = 200;
const DEEPEST: usize = 8;

impl Query {
    /// Reads a query string without its `?`. The lists of names are read in each of the three spellings that clients use:
    /// `name[]=a&name[]=b`, `name[0]=a&name[1]=b` and `name=a,b`.
    ///
    /// # Errors
    /// `invalid_input` with the parameter's name.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        Self::parse_with(text, &[]).map(|(query, _)| query)
    }

    /// Reads a query string in which the operation's input stands too, where a route has no body: `fields` names what the
    /// input may have. A field with brackets behind it is a list of texts; commas are left to whoever reads the input.
    ///
    /// # Errors
    /// `invalid_input` with the parameter's name.
    pub fn parse_with(text: &str, fields: &[&str]) -> Result<(Self, Map<String, Value>), Refusal> {
        let mut query = Self::default();
        let mut input = Map::new();
        let pairs: Vec<_> = text.split('&').filter(|pair| !pair.is_empty()).collect();
        if pairs.len() > MOST {
            return Err(Refusal::input("query", "expected at most 200 parameters"));
        }
        for pair in pairs {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            if name.is_empty() {
                let message = "expected a name in front of every `=`";
                return Err(Refusal::input("query", message));
            }
            let keys = keys(&name)?;
            let (first, rest) = keys.split_first().ok_or_else(|| unknown(&name, fields))?;
            let is_new = match (first.as_str(), rest) {
                ("integrated_account_id", []) => {
                    query.integrated_account_id.replace(value).is_none()
                }
                ("truto_response_format", []) => query.format.replace(format(&value)?).is_none(),
                ("truto_ignore_remote_data", []) => {
                    let flag = flag(&name, &value)?;
                    query.ignore_remote_data.replace(flag).is_none()
                }
                ("truto_exclude_fields", _) if rest.len() <= 1 => {
                    query.exclude_fields.extend(field_list(&value));
                    true
                }
                ("remote_query", [_, ..]) => insert(&mut query.remote_query, rest, value),
                (field, []) if fields.contains(&field) => {
                    insert(&mut input, std::slice::from_ref(first), value)
                }
                (field, [_]) if fields.contains(&field) => {
                    insert(&mut input, &[first.clone(), String::new()], value)
                }
                _ => return Err(unknown(&name, fields)),
            };
            if !is_new {
                let message =
                    "expected this parameter once and in one shape: a list is written `name[]`";
                return Err(Refusal::input(name, message));
            }
        }
        Ok((query, input))
    }
}

impl Query {
    /// Whether the answer is to have the vendor's answers: in `raw` they are all of it.
    #[must_use]
    pub fn shows_remote_data(&self) -> bool {
        match self.format.unwrap_or_default() {
            Format::Raw => true,
            Format::Normalized => false,
            Format::Unified | Format::Stream => {
                let excluded = self.exclude_fields.iter().any(|name| name == "remote_data");
                self.ignore_remote_data != Some(true) && !excluded
            }
        }
    }
}

/// Names with commas between them.
#[must_use]
pub fn field_list(text: &str) -> Vec<String> {
    let names = text
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

fn format(value: &str) -> Result<Format, Refusal> {
    match value {
        "unified" => Ok(Format::Unified),
        "raw" => Ok(Format::Raw),
        "normalized" => Ok(Format::Normalized),
        "stream" => Ok(Format::Stream),
        _ => Err(Refusal::input(
            "truto_response_format",
            format!("expected one of `unified`, `raw`, `normalized`, `stream`, got `{value}`"),
        )),
    }
}

fn flag(name: &str, value: &str) -> Result<bool, Refusal> {
    match value {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(Refusal::input(
            name,
            format!("expected true or false, got `{value}`"),
        )),
    }
}

fn unknown(name: &str, fields: &[&str]) -> Refusal {
    let own: String = fields.iter().map(|field| format!("{field}, ")).collect();
    Refusal::unknown_field(
        name,
        format!(
            "unknown parameter; expected {own}integrated_account_id, truto_response_format, \
             truto_ignore_remote_data, truto_exclude_fields or remote_query[name]"
        ),
    )
}

fn decode(text: &str) -> Result<String, Refusal> {
    let text = text.replace('+', " ");
    match percent_decode_str(&text).decode_utf8() {
        Ok(text) => Ok(text.into_owned()),
        Err(_) => Err(Refusal::input(
            "query",
            "expected UTF-8 in percent-encoding",
        )),
    }
}

/// `a[b][]` as `a`, `b` and an empty key.
fn keys(name: &str) -> Result<Vec<String>, Refusal> {
    let Some((first, rest)) = name.split_once('[') else {
        return Ok(vec![name.to_owned()]);
    };
    let inner = rest
        .strip_suffix(']')
        .ok_or_else(|| Refusal::input(name, "expected every [ to be closed by a ]"))?;
    let mut keys = vec![first.to_owned()];
    keys.extend(inner.split("][").map(str::to_owned));
    if keys.len() > DEEPEST {
        return Err(Refusal::input(name, "expected brackets at most 7 deep"));
    }
    Ok(keys)
}

/// Puts a value at a path of keys; an empty key appends to a list. Tells whether there was room for it.
fn insert(map: &mut Map<String, Value>, keys: &[String], value: String) -> bool {
    let Some((key, rest)) = keys.split_first() else {
        return false;
    };
    let Some((next, deeper)) = rest.split_first() else {
        return map.insert(key.clone(), Value::String(value)).is_none();
    };
    if !next.is_empty() {
        let slot = map
            .entry(key.clone())
            .or_insert_with(|| Value::Object(Map::new()));
        return match slot {
            Value::Object(inner) => insert(inner, rest, value),
            _ => false,
        };
    }
    let slot = map
        .entry(key.clone())
        .or_insert_with(|| Value::Array(Vec::new()));
    let Value::Array(list) = slot else {
        return false;
    };
    let mut item = Map::new();
    if deeper.is_empty() {
        list.push(Value::String(value));
        true
    } else if insert(&mut item, deeper, value) {
        list.push(Value::Object(item));
        true
    } else {
        false
    }
}
