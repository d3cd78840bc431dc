//! Reads a caller's JSON field by field, and says exactly which field is wrong.
//!
//! A value is cut out of the text when its field is asked for, and parsed no further than that: what only passes through
//! stays the text that it was, numbers keep their digits, and a text without escapes is borrowed. One reader for all
//! inputs also keeps the WebAssembly module small: code derived for each type would fill a third of it.

use std::borrow::Cow;
use std::fmt;

use serde_json::{Map, Value};

use crate::decimal::Decimal;
use crate::error::Refusal;
use crate::id::Id;
use crate::json::{self, Fault};
use crate::sorted::SortedSet;

/// A value that is read from the fields of one JSON object.
pub trait FromFields<'a>: Sized {
    /// Takes the fields that make the value. Those that nobody takes are refused afterwards.
    ///
    /// # Errors
    /// A [`Refusal`] with the field's path.
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal>;
}

/// Reads `text` as one object.
///
/// # Errors
/// `invalid_input` with the field's path and what was expected there.
pub fn read<'a, T: FromFields<'a>>(text: &'a str) -> Result<T, Refusal> {
    read_at(text, Place::Top)
}

/// Reads `text`, with `name` in front of every path in its errors.
///
/// # Errors
/// As [`read`].
pub fn read_as<'a, T: FromFields<'a>>(name: &str, text: &'a str) -> Result<T, Refusal> {
    read_at(text, Place::Field(&Place::Top, name))
}

fn read_at<'a, T: FromFields<'a>>(text: &'a str, place: Place<'_>) -> Result<T, Refusal> {
    let mut value = None;
    read_fields(text, place, &mut |fields| {
        value = Some(T::from_fields(fields)?);
        Ok(())
    })?;
    value.ok_or_else(|| unlike("an object", text, place))
}

/// What all types have in common, compiled once.
fn read_fields<'a>(
    text: &'a str,
    place: Place<'_>,
    take: &mut dyn FnMut(&mut Fields<'a, '_>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut fields = Fields::of(text, place)?;
    take(&mut fields)?;
    fields.finish()
}

/// Where a value stands in the input. Its path is written only when it is needed.
#[derive(Clone, Copy)]
enum Place<'p> {
    Top,
    Field(&'p Self, &'p str),
    Item(&'p Self, usize),
}

impl<'p> Place<'p> {
    /// The place of a path that is written already.
    fn named(path: &'p str) -> Self {
        match path {
            "" => Self::Top,
            path => Self::Field(&Self::Top, path),
        }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Top => Ok(()),
            Self::Field(Self::Top, name) => f.write_str(name),
            Self::Field(holder, name) => write!(f, "{holder}.{name}"),
            Self::Item(holder, number) => write!(f, "{holder}[{number}]"),
        }
    }
}

/// The fields of one JSON object, each taken by its name.
pub struct Fields<'a, 'p> {
    place: Place<'p>,
    fields: Vec<Field<'a>>,
    asked: [&'static str; MOST_ASKED],
    asked_count: usize,
}

/// A field, its value unparsed.
struct Field<'a> {
    name: Cow<'a, str>,
    value: &'a str,
    /// Whether somebody has asked for it.
    taken: bool,
}

/// No input has more fields of ours than that; further ones would only be missing from a refusal's list.
const MOST_ASKED: usize = 16;

impl<'a, 'p> Fields<'a, 'p> {
    fn of(text: &'a str, place: Place<'p>) -> Result<Self, Refusal> {
        let field = |(name, value)| Field {
            name,
            value,
            taken: false,
        };
        let fields: Vec<_> = cut(text, place)?.into_iter().map(field).collect();
        // Each is compared with those before it: no input of ours has so many.
        if fields.len() > MOST_FIELDS {
            return Err(refuse(place, "expected at most 100 fields"));
        }
        for (number, field) in fields.iter().enumerate() {
            if fields
                .iter()
                .take(number)
                .any(|known| known.name == field.name)
            {
                let place = Place::Field(&place, &field.name);
                return Err(refuse(place, TWICE));
            }
        }
        Ok(Self {
            place,
            fields,
            asked: [""; MOST_ASKED],
            asked_count: 0,
        })
    }

    /// The JSON text of a field; `null` counts as missing.
    fn take(&mut self, name: &'static str) -> Option<&'a str> {
        self.knows(name);
        self.cut(name)
    }

    fn cut(&mut self, name: &str) -> Option<&'a str> {
        let field = self.fields.iter_mut().find(|field| field.name == name)?;
        field.taken = true;
        (field.value != "null").then_some(field.value)
    }

    fn at<'s>(&'s self, name: &'s str) -> Place<'s> {
        Place::Field(&self.place, name)
    }

    fn require<T>(&self, name: &str, value: Option<T>) -> Result<T, Refusal> {
        value.ok_or_else(|| refuse(self.at(name), "expected this required field, got none"))
    }

    /// A refusal of one of these fields, for checks that the reader does not know.
    #[must_use]
    pub fn refuse(&self, name: &str, message: &str) -> Refusal {
        refuse(self.at(name), message)
    }

    /// An optional text.
    ///
    /// # Errors
    /// For any other type.
    pub fn text(&mut self, name: &'static str) -> Result<Option<Cow<'a, str>>, Refusal> {
        let value = self.take(name);
        value.map(|value| text(value, self.at(name))).transpose()
    }

    /// A required text.
    ///
    /// # Errors
    /// When it is missing, and for any other type.
    pub fn required_text(&mut self, name: &'static str) -> Result<Cow<'a, str>, Refusal> {
        let value = self.text(name)?;
        self.require(name, value)
    }

    /// An optional id, a string. [`Id::fault`] is whoever builds with it to ask.
    ///
    /// # Errors
    /// For any other type.
    pub fn id(&mut self, name: &'static str) -> Result<Option<Id<'a>>, Refusal> {
        let value = self.take(name);
        value.map(|value| id(value, self.at(name))).transpose()
    }

    /// A required id, a string.
    ///
    /// # Errors
    /// When it is missing, and for any other type.
    pub fn required_id(&mut self, name: &'static str) -> Result<Id<'a>, Refusal> {
        let value = self.id(name)?;
        self.require(name, value)
    }

    /// A required id where the vendor's ids are numbers: a string, or a whole number that JavaScript holds exactly.
    ///
    /// # Errors
    /// When it is missing, for any other type, and for numbers from 2^53 on: those may have been rounded before.
    pub fn required_id_or_number(&mut self, name: &'static str) -> Result<Id<'a>, Refusal> {
        let value = self.take(name);
        let value = self.require(name, value)?;
        if value.starts_with('"') {
            return id(value, self.at(name));
        }
        match value.parse::<u64>() {
            Ok(number) if number < 1 << 53 => Ok(Id::new(value)),
            Ok(_) => Err(self.refuse(
                name,
                "expected ids from 2^53 on as strings: as a number this one may have been rounded",
            )),
            Err(_) => Err(self.refuse(
                name,
                "expected an id: a string, or a whole number below 2^53",
            )),
        }
    }

    /// An optional count: a whole number, or its digits as text.
    ///
    /// # Errors
    /// For anything else.
    pub fn count(&mut self, name: &'static str) -> Result<Option<u64>, Refusal> {
        let Some(value) = self.take(name) else {
            return Ok(None);
        };
        let digits = value.trim_matches('"');
        match digits.parse() {
            Ok(count) if digits.bytes().all(|byte| byte.is_ascii_digit()) => Ok(Some(count)),
            _ => Err(self.refuse(name, "expected a whole number, 0 or more")),
        }
    }

    /// The same, optional.
    ///
    /// # Errors
    /// As [`Fields::required_id_or_number`], but for a missing one.
    pub fn id_or_number(&mut self, name: &'static str) -> Result<Option<Id<'a>>, Refusal> {
        match self.has(name) {
            true => self.required_id_or_number(name).map(Some),
            false => self.id(name),
        }
    }

    /// Whether a field is there and is not `null`.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        let mut fields = self.fields.iter();
        fields.any(|field| field.name == name && field.value != "null")
    }

    /// An optional whole number up to 2^31 - 1, which may also be given in text.
    ///
    /// # Errors
    /// For anything else.
    pub fn number(&mut self, name: &'static str) -> Result<Option<u32>, Refusal> {
        let largest = u64::from(u32::MAX >> 1);
        match self.count(name)? {
            Some(count) if count > largest => {
                Err(self.refuse(name, "expected a whole number below 2^31"))
            }
            count => Ok(count.and_then(|count| u32::try_from(count).ok())),
        }
    }

    /// A required whole number.
    ///
    /// # Errors
    /// When it is missing, and as [`Fields::number`].
    pub fn required_number(&mut self, name: &'static str) -> Result<u32, Refusal> {
        let value = self.number(name)?;
        self.require(name, value)
    }

    /// An optional list of texts; one text alone counts as a list of one.
    ///
    /// # Errors
    /// For any other type.
    pub fn texts(&mut self, name: &'static str) -> Result<Option<Vec<Cow<'a, str>>>, Refusal> {
        let Some(value) = self.take(name) else {
            return Ok(None);
        };
        let place = self.at(name);
        if value.starts_with('"') {
            return Ok(Some(vec![text(value, place)?]));
        }
        let items = list(value, place, "a string or a list of strings")?;
        let texts = items.iter().enumerate();
        texts
            .map(|(number, value)| text(value, Place::Item(&place, number)))
            .collect::<Result<_, _>>()
            .map(Some)
    }

    /// An optional yes or no.
    ///
    /// # Errors
    /// For any other type.
    pub fn flag(&mut self, name: &'static str) -> Result<Option<bool>, Refusal> {
        match self.take(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(self.refuse(name, "expected true or false")),
        }
    }

    /// An optional yes or no, which may also be given as the word in text, in any case.
    ///
    /// # Errors
    /// For anything else.
    pub fn flag_or_word(&mut self, name: &'static str) -> Result<Option<bool>, Refusal> {
        match self.take(name).map(str::to_ascii_lowercase).as_deref() {
            None => Ok(None),
            Some("true" | "\"true\"") => Ok(Some(true)),
            Some("false" | "\"false\"") => Ok(Some(false)),
            Some(_) => Err(self.refuse(name, "expected true or false")),
        }
    }

    /// An optional number with all its digits, given as a number or as text.
    ///
    /// # Errors
    /// For any other type, and for a text that is no number.
    pub fn decimal(&mut self, name: &'static str) -> Result<Option<Decimal>, Refusal> {
        let value = self.take(name);
        value.map(|value| decimal(value, self.at(name))).transpose()
    }

    /// The same, or an object that holds it, read by `read`.
    ///
    /// # Errors
    /// As [`Fields::decimal`], and those of `read`.
    pub fn decimal_or<T: FromFields<'a> + Into<Decimal>>(
        &mut self,
        name: &'static str,
    ) -> Result<Option<Decimal>, Refusal> {
        match self.take(name) {
            None => Ok(None),
            Some(value) if value.starts_with('{') => {
                read_at::<T>(value, self.at(name)).map(|holder| Some(holder.into()))
            }
            Some(value) => decimal(value, self.at(name)).map(Some),
        }
    }

    /// A required number with all its digits.
    ///
    /// # Errors
    /// When it is missing, and as [`Fields::decimal`].
    pub fn required_decimal(&mut self, name: &'static str) -> Result<Decimal, Refusal> {
        let value = self.decimal(name)?;
        self.require(name, value)
    }

    /// An optional word of a closed set.
    ///
    /// # Errors
    /// For any other word, with those that there are.
    pub fn word<T: Copy>(
        &mut self,
        name: &'static str,
        words: &[(&str, T)],
    ) -> Result<Option<T>, Refusal> {
        let Some(value) = self.take(name) else {
            return Ok(None);
        };
        let word = text(value, self.at(name))?;
        match words.iter().find(|(known, _)| *known == word) {
            Some((_, value)) => Ok(Some(*value)),
            None => {
                let known: Vec<_> = words.iter().map(|(known, _)| *known).collect();
                let message = format!("expected one of {}, got `{word}`", quoted(&known));
                Err(self.refuse(name, &message))
            }
        }
    }

    /// A required word of a closed set.
    ///
    /// # Errors
    /// When it is missing, and for any other word.
    pub fn required_word<T: Copy>(
        &mut self,
        name: &'static str,
        words: &[(&str, T)],
    ) -> Result<T, Refusal> {
        let value = self.word(name, words)?;
        self.require(name, value)
    }

    /// An optional object, parsed but not looked into.
    ///
    /// # Errors
    /// For any other type.
    pub fn map(&mut self, name: &'static str) -> Result<Option<Map<String, Value>>, Refusal> {
        let value = self.take(name);
        value.map(|value| map(value, self.at(name))).transpose()
    }

    /// A required object, parsed but not looked into.
    ///
    /// # Errors
    /// When it is missing, and for any other type.
    pub fn required_map(&mut self, name: &'static str) -> Result<Map<String, Value>, Refusal> {
        let value = self.map(name)?;
        self.require(name, value)
    }

    /// A required list of objects, parsed but not looked into.
    ///
    /// # Errors
    /// When it is missing, and for any other type.
    pub fn required_maps(
        &mut self,
        name: &'static str,
    ) -> Result<Vec<Map<String, Value>>, Refusal> {
        let value = self.take(name);
        let value = self.require(name, value)?;
        let place = self.at(name);
        let items = list(value, place, "a list of objects")?;
        let items = items.iter().enumerate();
        items
            .map(|(number, value)| map(value, Place::Item(&place, number)))
            .collect()
    }

    /// Anything, parsed but not looked into.
    ///
    /// # Errors
    /// When it is nested too deep.
    pub fn any(&mut self, name: &'static str) -> Result<Option<Value>, Refusal> {
        let value = self.take(name);
        value.map(|value| parse(value, self.at(name))).transpose()
    }

    /// A required field of any type, as the JSON text that it is.
    ///
    /// # Errors
    /// When it is missing.
    pub fn required_json(&mut self, name: &'static str) -> Result<&'a str, Refusal> {
        let value = self.take(name);
        self.require(name, value)
    }

    /// A required object, read.
    ///
    /// # Errors
    /// When it is missing, and its own.
    pub fn required_object<T: FromFields<'a>>(&mut self, name: &'static str) -> Result<T, Refusal> {
        let value = self.take(name);
        let value = self.require(name, value)?;
        read_at(value, self.at(name))
    }

    /// An optional list of objects, each read.
    ///
    /// # Errors
    /// For any other type, and those of the items.
    pub fn list<T: FromFields<'a>>(
        &mut self,
        name: &'static str,
    ) -> Result<Option<Vec<T>>, Refusal> {
        let value = self.take(name);
        value
            .map(|value| objects(value, self.at(name), None))
            .transpose()
    }

    /// A required list of objects, each read.
    ///
    /// # Errors
    /// When it is missing, for any other type, and those of the items.
    pub fn required_list<T: FromFields<'a>>(
        &mut self,
        name: &'static str,
    ) -> Result<Vec<T>, Refusal> {
        let value = self.list(name)?;
        self.require(name, value)
    }

    /// Names a field among those that a refusal of an unknown one lists.
    pub fn knows(&mut self, name: &'static str) {
        if let Some(next) = self.asked.get_mut(self.asked_count) {
            *next = name;
            self.asked_count += 1;
        }
    }

    /// The names of the fields that nobody has taken, in order.
    pub fn untaken(&self) -> impl Iterator<Item = &str> {
        self.fields
            .iter()
            .filter(|field| !field.taken)
            .map(|field| field.name.as_ref())
    }

    /// A list of objects, or plain ids in one text with commas between them; `plain` makes an item of an id.
    ///
    /// # Errors
    /// For any other type, and those of the items.
    pub fn list_or_ids<T: FromFields<'a>>(
        &mut self,
        name: &str,
        plain: fn(Id<'a>) -> T,
    ) -> Result<Option<Vec<T>>, Refusal> {
        match self.cut(name) {
            None => Ok(None),
            // No ids at all are an empty list, as what `set` is to leave of a kind.
            Some("\"\"") => Ok(Some(Vec::new())),
            Some(value) if value.starts_with('"') => Ok(Some(match text(value, self.at(name))? {
                Cow::Borrowed(ids) => ids.split(',').map(|id| plain(Id::new(id))).collect(),
                Cow::Owned(ids) => ids
                    .split(',')
                    .map(|id| plain(Id::new(id.to_owned())))
                    .collect(),
            })),
            Some(value) => objects(value, self.at(name), Some(plain)).map(Some),
        }
    }

    /// Refuses the first field that nobody asked for.
    fn finish(&self) -> Result<(), Refusal> {
        match self.untaken().next() {
            None => Ok(()),
            Some(name) => {
                let message = format!(
                    "unknown field; expected one of {}",
                    quoted(self.asked.get(..self.asked_count).unwrap_or_default())
                );
                let place = self.at(name).to_string();
                Err(Refusal::unknown_field(place, message))
            }
        }
    }
}

/// The fields of one object with the JSON text of each value, for inputs whose shape is a table. `path` is where it stands.
pub(crate) fn parts<'a>(
    path: &str,
    text: &'a str,
) -> Result<Vec<(Cow<'a, str>, &'a str)>, Refusal> {
    let place = Place::named(path);
    let parts = cut(text, place)?;
    let mut names = SortedSet::new();
    for (name, _) in &parts {
        if !names.add(name.as_ref()) {
            return Err(refuse(Place::Field(&place, name), TWICE));
        }
    }
    Ok(parts)
}

/// The items of one list, each as JSON text.
pub(crate) fn items<'a>(path: &str, text: &'a str) -> Result<Vec<&'a str>, Refusal> {
    list(text, Place::named(path), "a list")
}

/// What a JSON string says.
pub(crate) fn string<'a>(path: &str, value: &'a str) -> Result<Cow<'a, str>, Refusal> {
    text(value, Place::named(path))
}

/// That a JSON value is not what was expected.
pub(crate) fn not(what: &str, path: &str, value: &str) -> Refusal {
    unlike(what, value, Place::named(path))
}

/// Names as they stand in a sentence.
pub(crate) fn quoted(names: &[&str]) -> String {
    format!("`{}`", names.join("`, `"))
}

/// Refuses what is nested too deep, or says a name twice, in a value that passes through unread.
pub(crate) fn anything(path: &str, text: &str) -> Result<(), Refusal> {
    parse(text, Place::named(path)).map(drop)
}

const MOST_FIELDS: usize = 100;

const TWICE: &str = "expected this field once, got it twice";

fn refuse(place: Place<'_>, message: &str) -> Refusal {
    Refusal::input(place.to_string(), message)
}

fn text<'a>(value: &'a str, place: Place<'_>) -> Result<Cow<'a, str>, Refusal> {
    if !value.starts_with('"') {
        return Err(unlike("a string", value, place));
    }
    // Its escapes were passed over once, but not for what they stand: half of a surrogate pair stands for nothing.
    json::string(value).map_err(|_| {
        refuse(
            place,
            "expected well-formed Unicode, got half of a surrogate pair",
        )
    })
}

fn id<'a>(value: &'a str, place: Place<'_>) -> Result<Id<'a>, Refusal> {
    if value.starts_with('"') {
        text(value, place).map(Id::new)
    } else {
        Err(unlike("an id as a string", value, place))
    }
}

fn decimal(value: &str, place: Place<'_>) -> Result<Decimal, Refusal> {
    let digits = match value.starts_with('"') {
        true => text(value, place)?,
        false => Cow::Borrowed(value),
    };
    Decimal::parse(&digits).ok_or_else(|| {
        refuse(
            place,
            "expected a number, or a decimal as text such as \"1250.50\" (no separators, no currency)",
        )
    })
}

fn cut<'a>(text: &'a str, place: Place<'_>) -> Result<Vec<(Cow<'a, str>, &'a str)>, Refusal> {
    let fields = json::fields(text).map_err(|fault| malformed(&fault, place))?;
    fields.ok_or_else(|| unlike("an object", text, place))
}

fn list<'a>(value: &'a str, place: Place<'_>, what: &str) -> Result<Vec<&'a str>, Refusal> {
    let items = json::items(value).map_err(|fault| malformed(&fault, place))?;
    items.ok_or_else(|| unlike(what, value, place))
}

/// Reads a list of objects. Those with nothing but a plain `id`, of which there are thousands, need no further look where
/// `plain` makes an item of an id.
fn objects<'a, T: FromFields<'a>>(
    value: &'a str,
    place: Place<'_>,
    plain: Option<fn(Id<'a>) -> T>,
) -> Result<Vec<T>, Refusal> {
    let mut items = Vec::new();
    each(value, place, &mut |text, place| {
        items.push(match (plain, only_id(text)) {
            (Some(plain), Some(id)) => plain(Id::new(id)),
            _ => read_at(text, place)?,
        });
        Ok(())
    })?;
    Ok(items)
}

/// What lists of all types have in common, compiled once.
fn each<'a>(
    value: &'a str,
    place: Place<'_>,
    item: &mut dyn FnMut(&'a str, Place<'_>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let texts = list(value, place, "a list of objects")?;
    let mut texts = texts.into_iter().enumerate();
    texts.try_for_each(|(number, text)| item(text, Place::Item(&place, number)))
}

/// The id of `{"id":"…"}`, written like that.
fn only_id(object: &str) -> Option<&str> {
    let id = object.strip_prefix("{\"id\":\"")?.strip_suffix("\"}")?;
    let is_plain = |byte: u8| byte != b'"' && byte != b'\\';
    id.bytes().all(is_plain).then_some(id)
}

fn parse(text: &str, place: Place<'_>) -> Result<Value, Refusal> {
    let value = json::value(text).map_err(|fault| malformed(&fault, place))?;
    match json::says_twice(text, &value) {
        false => Ok(value),
        true => Err(twice(text, place).unwrap_or_else(|| refuse(place, TWICE))),
    }
}

/// The refusal of the first name that stands twice in one object, however deep.
fn twice(text: &str, place: Place<'_>) -> Option<Refusal> {
    if let Ok(Some(fields)) = json::fields(text) {
        let mut names = SortedSet::new();
        return fields.iter().find_map(|(name, value)| {
            let place = Place::Field(&place, name);
            match names.add(name.as_ref()) {
                true => twice(value, place),
                false => Some(refuse(place, TWICE)),
            }
        });
    }
    let items = json::items(text).ok()??;
    let mut items = items.into_iter().enumerate();
    items.find_map(|(number, item)| twice(item, Place::Item(&place, number)))
}

fn map(text: &str, place: Place<'_>) -> Result<Map<String, Value>, Refusal> {
    match parse(text, place)? {
        Value::Object(map) => Ok(map),
        _ => Err(unlike("an object", text, place)),
    }
}

fn malformed(fault: &Fault, place: Place<'_>) -> Refusal {
    // Only at the top are line and column those of a text that the caller knows.
    let message = match place {
        Place::Top => format!("expected well-formed JSON: {fault}"),
        _ => format!("expected well-formed JSON: {}", fault.sentence()),
    };
    refuse(place, &message)
}

fn unlike(what: &str, value: &str, place: Place<'_>) -> Refusal {
    let got = match value.trim_start().as_bytes().first() {
        Some(b'"') => "a string",
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b't' | b'f') => "true or false",
        Some(b'n') | None => "nothing",
        Some(_) => "a number",
    };
    refuse(place, &format!("expected {what}, got {got}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unified::association::Association;
    use crate::vendors::leadconnector::opportunities::upsert::Upsert;

    #[test]
    fn the_path_leads_to_the_field_at_fault() {
        let cases = [
            (r#"{"entity":"deals"}"#, "entity"),
            (r#"{"entity":"contacts","entity_id":"1"}"#, "associations"),
            (
                r#"{"entity":"contacts","entity_id":true,"associations":{}}"#,
                "entity_id",
            ),
            (
                r#"{"entity":"contacts","entity_id":"1","associations":{"deals":[]}}"#,
                "associations.deals",
            ),
            (
                "{\"entity\":\"contacts\",\n\"entity_id\":\"1\",\n\"associations\":{\"leads\":[{\"id\":\"1\"},{}]}}",
                "associations.leads[1].id",
            ),
            (
                r#"{"entity":"contacts","entity_id":"1","associations":{"leads":[{"id":"a,]}\""},{"id":[]}]}}"#,
                "associations.leads[1].id",
            ),
            (
                r#"{"entity":"contacts","entity_id":"1","associations":{"leads":[{"id":"1","x":2}]}}"#,
                "associations.leads[0].x",
            ),
            (
                r#"{"entity":"contacts","entity_id":"1","associations":{"leads":[{"id":"\ud800"}]}}"#,
                "associations.leads[0].id",
            ),
            (r#"{"entity":"contacts","entity":"contacts"}"#, "entity"),
            (
                r#"{"entity":"contacts","entity_id":"1","associations":{},"remote_data":{"a":"b:","c":[{},{"d":1,"\u0064":2}]}}"#,
                "remote_data.c[1].d",
            ),
            (r#"["contacts","1",{}]"#, ""),
            (
                r#"{"entity":"contacts","associations":{},"entity_id":["1"]}"#,
                "entity_id",
            ),
            (
                r#"{"entity":"contacts","entity_id":"1","associations":{"leads":[["1"]]}}"#,
                "associations.leads[0]",
            ),
        ];
        for (text, path) in cases {
            let refusal = read::<Association<'_>>(text).unwrap_err();
            assert_eq!(refusal.path, path, "{text}: {refusal}");
        }
    }

    #[test]
    fn money_is_named_whatever_is_wrong_with_it() {
        for (bad, path) in [
            (r#""NaN""#, "monetaryValue"),
            ("true", "monetaryValue"),
            ("{}", "monetaryValue.amount"),
            (r#"{"amount":"x"}"#, "monetaryValue.amount"),
            (
                r#"{"amount":"1","currency":"EUR"}"#,
                "monetaryValue.currency",
            ),
        ] {
            let text = format!(r#"{{"pipelineId":"p","locationId":"l","monetaryValue":{bad}}}"#);
            let refusal = read::<Upsert<'_>>(&text).unwrap_err();
            assert_eq!(refusal.path, path, "{text}: {refusal}");
        }
    }
}
