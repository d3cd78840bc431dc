//! Reads JSON text: into values, or cut into its parts with none of them parsed.
//!
//! A reader of our own, for size: one that serves every type by visitors takes a third of a WebAssembly module with one vendor.

use std::borrow::Cow;
use std::fmt;

use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::{Map, Number, Value};

/// One JSON value as its text, which is passed on as it is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Raw(Box<str>);

impl Raw {
    /// The one value of a text, without the white space around it; `None` where that is not what it is.
    #[must_use]
    pub fn new(text: String) -> Option<Self> {
        let value = whole(&text, Reader::skip).ok()?;
        Some(match value.len() == text.len() {
            true => Self(text.into()),
            false => Self(value.into()),
        })
    }

    /// A list of values.
    #[must_use]
    pub(crate) fn list(values: &[Self]) -> Self {
        let values: Vec<_> = values.iter().map(Self::get).collect();
        Self(["[", &values.join(","), "]"].concat().into())
    }

    /// The text.
    #[must_use]
    pub fn get(&self) -> &str {
        &self.0
    }
}

impl Serialize for Raw {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_raw(&self.0, serializer)
    }
}

/// Writes a text that is known to be one JSON value, as serde_json's own `RawValue` does. One of those cannot be made without
/// the reader that this module is here to replace.
pub(crate) fn serialize_raw<S: Serializer>(value: &str, serializer: S) -> Result<S::Ok, S::Error> {
    const RAW: &str = "$serde_json::private::RawValue";
    let mut raw = serializer.serialize_struct(RAW, 1)?;
    raw.serialize_field(RAW, value)?;
    raw.end()
}

/// What is wrong with a text, and where.
#[derive(Debug)]
pub(crate) struct Fault {
    what: What,
    line: usize,
    column: usize,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum What {
    End,
    Byte,
    Control,
    Escape,
    Surrogate,
    Number,
    Depth,
    Rest,
}

impl Fault {
    /// Whether the text breaks off: with more of it, it may have been good.
    pub(crate) fn is_end(&self) -> bool {
        self.what == What::End
    }

    /// The fault alone, without its place.
    pub(crate) const fn sentence(&self) -> &'static str {
        match self.what {
            What::End => "it breaks off",
            What::Byte => "a character that cannot stand there",
            What::Control => "a control character inside a string",
            What::Escape => "an escape that there is not",
            What::Surrogate => "half of a surrogate pair",
            What::Number => "a number out of range",
            What::Depth => "it is nested too deep",
            What::Rest => "something behind its end",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, .. } = self;
        write!(f, "{} at line {line} column {column}", self.sentence())
    }
}

/// Parses a text whole.
pub(crate) fn value(text: &str) -> Result<Value, Fault> {
    whole(text, |reader| reader.value(MOST_DEEP))
}

/// A field: its name, and the text of its value.
pub(crate) type Field<'t> = (Cow<'t, str>, &'t str);

/// Cuts a text into the fields of an object, in order; `None` when it is well-formed and no object.
pub(crate) fn fields(text: &str) -> Result<Option<Vec<Field<'_>>>, Fault> {
    whole(text, |reader| {
        if reader.token()? != b'{' {
            return reader.skip().map(|_| None);
        }
        let mut fields = Vec::new();
        reader.fields(&mut |reader, name| {
            fields.push((name, reader.skip()?));
            Ok(())
        })?;
        Ok(Some(fields))
    })
}

/// Cuts a text into the items of a list; `None` when it is well-formed and no list.
pub(crate) fn items(text: &str) -> Result<Option<Vec<&str>>, Fault> {
    whole(text, |reader| {
        if reader.token()? != b'[' {
            return reader.skip().map(|_| None);
        }
        let mut items = Vec::new();
        reader.items(&mut |reader| {
            items.push(reader.skip()?);
            Ok(())
        })?;
        Ok(Some(items))
    })
}

/// The text that a JSON string stands for.
pub(crate) fn string(text: &str) -> Result<Cow<'_, str>, Fault> {
    whole(text, Reader::string)
}

/// As deep as a value may be nested: each level takes some of the stack.
const MOST_DEEP: u8 = 127;

fn whole<'t, T>(
    text: &'t str,
    read: impl FnOnce(&mut Reader<'t>) -> Result<T, What>,
) -> Result<T, Fault> {
    let mut reader = Reader { text, at: 0 };
    let done = read(&mut reader).and_then(|value| match reader.token() {
        Err(_) => Ok(value),
        Ok(_) => Err(What::Rest),
    });
    done.map_err(|what| reader.fault(what))
}

/// What is done with a field's name, its value being next.
type OnField<'f, 't> = &'f mut dyn FnMut(&mut Reader<'t>, Cow<'t, str>) -> Result<(), What>;

/// A text, and how far it has been read.
struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    /// Says where the reader stands.
    fn fault(&self, what: What) -> Fault {
        let read = self.text.as_bytes().get(..self.at).unwrap_or_default();
        let line_start = read.iter().rposition(|byte| *byte == b'\n');
        Fault {
            what,
            line: 1 + read.iter().filter(|byte| **byte == b'\n').count(),
            column: read.len() - line_start.map_or(0, |place| place + 1),
        }
    }

    fn peek(&self) -> Result<u8, What> {
        self.text.as_bytes().get(self.at).copied().ok_or(What::End)
    }

    /// The next byte that is no white space, not taken yet.
    fn token(&mut self) -> Result<u8, What> {
        loop {
            match self.peek()? {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                token => return Ok(token),
            }
        }
    }

    /// Takes that byte, if it is the one.
    fn takes(&mut self, byte: u8) -> Result<bool, What> {
        let found = self.token()? == byte;
        self.at += usize::from(found);
        Ok(found)
    }

    fn expect(&mut self, byte: u8) -> Result<(), What> {
        if self.takes(byte)? {
            Ok(())
        } else {
            Err(What::Byte)
        }
    }

    fn since(&self, start: usize) -> &'t str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn value(&mut self, deeper: u8) -> Result<Value, What> {
        match self.token()? {
            b'{' => {
                let inside = deeper.checked_sub(1).ok_or(What::Depth)?;
                let mut map = Map::new();
                self.fields(&mut |reader, name| {
                    let value = reader.value(inside)?;
                    map.insert(name.into_owned(), value);
                    Ok(())
                })?;
                Ok(Value::Object(map))
            }
            b'[' => {
                let inside = deeper.checked_sub(1).ok_or(What::Depth)?;
                let mut list = Vec::new();
                self.items(&mut |reader| {
                    list.push(reader.value(inside)?);
                    Ok(())
                })?;
                Ok(Value::Array(list))
            }
            b'"' => self.string().map(|text| Value::String(text.into_owned())),
            first => {
                let start = self.at;
                self.pass(first)?;
                match self.since(start) {
                    "true" => Ok(Value::Bool(true)),
                    "false" => Ok(Value::Bool(false)),
                    "null" => Ok(Value::Null),
                    digits => number(digits).map(Value::Number).ok_or(What::Number),
                }
            }
        }
    }

    /// Reads an object; `field` is called with the reader before each value.
    fn fields(&mut self, field: OnField<'_, 't>) -> Result<(), What> {
        self.expect(b'{')?;
        if self.takes(b'}')? {
            return Ok(());
        }
        loop {
            let name = self.string()?;
            self.expect(b':')?;
            field(self, name)?;
            if self.takes(b'}')? {
                return Ok(());
            }
            self.expect(b',')?;
        }
    }

    /// Reads a list; `item` is called with the reader before each value.
    fn items(&mut self, item: &mut dyn FnMut(&mut Self) -> Result<(), What>) -> Result<(), What> {
        self.expect(b'[')?;
        if self.takes(b']')? {
            return Ok(());
        }
        loop {
            item(self)?;
            if self.takes(b']')? {
                return Ok(());
            }
            self.expect(b',')?;
        }
    }

    /// Passes over a value, however deep, and answers its text.
    fn skip(&mut self) -> Result<&'t str, What> {
        self.token()?;
        let start = self.at;
        // What closes the objects and lists that are open.
        let mut open = Vec::new();
        loop {
            let opened = match self.token()? {
                b'{' => Some(b'}'),
                b'[' => Some(b']'),
                first => {
                    self.pass(first)?;
                    None
                }
            };
            if let Some(closing) = opened {
                self.at += 1;
                if !self.takes(closing)? {
                    open.push(closing);
                    self.pass_name(closing)?;
                    continue;
                }
            }
            loop {
                let Some(closing) = open.last().copied() else {
                    return Ok(self.since(start));
                };
                if !self.takes(closing)? {
                    self.expect(b',')?;
                    self.pass_name(closing)?;
                    break;
                }
                open.pop();
            }
        }
    }

    /// Passes over a value that is neither object nor list, by its first byte.
    fn pass(&mut self, first: u8) -> Result<(), What> {
        match first {
            b'"' => self.pass_string().map(|_| ()),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            _ => self.number(),
        }
    }

    /// Passes over the name of a field, inside of what is closed like an object.
    fn pass_name(&mut self, closing: u8) -> Result<(), What> {
        if closing == b'}' {
            self.pass_string()?;
            self.expect(b':')?;
        }
        Ok(())
    }

    /// Passes over a string, and says whether it has escapes. For what they stand is not looked at.
    fn pass_string(&mut self) -> Result<bool, What> {
        self.expect(b'"')?;
        let mut escaped = false;
        loop {
            let byte = self.peek()?;
            self.at += 1;
            match byte {
                b'"' => return Ok(escaped),
                b'\\' => {
                    escaped = true;
                    let letter = self.peek()?;
                    self.at += 1;
                    match letter {
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                        b'u' => {
                            self.hex()?;
                        }
                        _ => return Err(What::Escape),
                    }
                }
                0..=0x1f => return Err(What::Control),
                _ => {}
            }
        }
    }

    fn hex(&mut self) -> Result<u32, What> {
        let mut number = 0;
        for _ in 0..4 {
            let digit = char::from(self.peek()?).to_digit(16).ok_or(What::Escape)?;
            number = number * 16 + digit;
            self.at += 1;
        }
        Ok(number)
    }

    /// Reads a string, borrowed where it has no escapes.
    fn string(&mut self) -> Result<Cow<'t, str>, What> {
        self.token()?;
        let start = self.at;
        let escaped = self.pass_string()?;
        let text = self.text.get(start + 1..self.at - 1).unwrap_or_default();
        if !escaped {
            return Ok(Cow::Borrowed(text));
        }
        let mut inside = Reader { text, at: 0 };
        let plain = inside
            .unescape()
            .inspect_err(|_| self.at = start + 1 + inside.at)?;
        Ok(Cow::Owned(plain))
    }

    /// What a string stands for, from between its quotes. Its escapes have been passed over once.
    fn unescape(&mut self) -> Result<String, What> {
        let mut plain = String::with_capacity(self.text.len());
        loop {
            let start = self.at;
            while self.peek().is_ok_and(|byte| byte != b'\\') {
                self.at += 1;
            }
            plain.push_str(self.since(start));
            if self.peek().is_err() {
                return Ok(plain);
            }
            self.at += 1;
            let letter = self.peek()?;
            self.at += 1;
            plain.push(match letter {
                b'b' => '\u{8}',
                b'f' => '\u{c}',
                b'n' => '\n',
                b'r' => '\r',
                b't' => '\t',
                b'u' => self.unicode()?,
                itself => char::from(itself),
            });
        }
    }

    fn unicode(&mut self) -> Result<char, What> {
        let mut code = self.hex()?;
        if (0xd800..0xdc00).contains(&code) && self.takes_text("\\u") {
            let low = self.hex()?;
            if !(0xdc00..0xe000).contains(&low) {
                return Err(What::Surrogate);
            }
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        }
        char::from_u32(code).ok_or(What::Surrogate)
    }

    /// Takes a text, if it is what follows.
    fn takes_text(&mut self, text: &str) -> bool {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let found = rest.starts_with(text.as_bytes());
        self.at += if found { text.len() } else { 0 };
        found
    }

    fn word(&mut self, word: &str) -> Result<(), What> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        if self.takes_text(word) {
            Ok(())
        } else if word.as_bytes().starts_with(rest) {
            Err(What::End)
        } else {
            Err(What::Byte)
        }
    }

    /// Passes over a number.
    fn number(&mut self) -> Result<(), What> {
        if self.peek()? == b'-' {
            self.at += 1;
        }
        match self.peek()? {
            b'0' => self.at += 1,
            _ => self.digits()?,
        }
        if self.peek() == Ok(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Ok(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Ok(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        // A zero in front of digits is no number.
        match self.peek() {
            Ok(b'0'..=b'9') => Err(What::Byte),
            _ => Ok(()),
        }
    }

    fn digits(&mut self) -> Result<(), What> {
        let start = self.at;
        while matches!(self.peek(), Ok(b'0'..=b'9')) {
            self.at += 1;
        }
        match self.at > start {
            true => Ok(()),
            false => self.peek().and(Err(What::Byte)),
        }
    }
}

/// A number from its text: whole where 64 bits hold it, else the float; `None` beyond those.
fn number(text: &str) -> Option<Number> {
    if let Ok(whole) = text.parse::<u64>() {
        return Some(whole.into());
    }
    match text.parse::<i64>() {
        Ok(whole) if whole != 0 => return Some(whole.into()),
        _ => {}
    }
    Number::from_f64(float(text))
}

/// The float nearest to a number, or within some units in its last place where it has more than 15 digits or is below
/// 1e-22 or above 1e37: a table for those would weigh more than all the rest of this file.
fn float(text: &str) -> f64 {
    let mut digits = 0_u64;
    let mut scale = 0_i32;
    let mut behind_point = false;
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    for byte in number.bytes() {
        match byte {
            b'0'..=b'9' => {
                let digit = u64::from(byte - b'0');
                match digits
                    .checked_mul(10)
                    .and_then(|ten| ten.checked_add(digit))
                {
                    Some(more) => {
                        digits = more;
                        scale -= i32::from(behind_point);
                    }
                    // No float holds further ones.
                    None => scale += i32::from(!behind_point),
                }
            }
            b'.' => behind_point = true,
            _ => {}
        }
    }
    // One that is too long for 32 bits is as good as endless.
    let endless = if exponent.starts_with('-') {
        i32::MIN
    } else {
        i32::MAX
    };
    scale = scale.saturating_add(exponent.parse().unwrap_or(endless));
    let mut float = as_float(digits);
    while scale != 0 && float != 0.0 && float.is_finite() {
        let step = scale.clamp(-22, 22);
        let power = POWERS
            .get(step.unsigned_abs() as usize)
            .copied()
            .unwrap_or(1.0);
        float = if step < 0 {
            float / power
        } else {
            float * power
        };
        scale -= step;
    }
    if text.starts_with('-') { -float } else { float }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "the nearest float is what is asked for"
)]
const fn as_float(digits: u64) -> f64 {
    digits as f64
}

/// The powers of ten that a float holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

#[cfg(test)]
mod tests;
