//! Reads a vendor's JSON answer field by field, and keeps what is left.
//!
//! One reader for all answers: code derived for each type would fill half of the WebAssembly module.

use serde_json::{Map, Value};

use crate::endpoint::unexpected;
use crate::error::Failure;
use crate::http::Response;
use crate::json;

/// The fields of a JSON object that are not read yet.
#[derive(Debug)]
pub(crate) struct Fields(Map<String, Value>);

/// What is wrong with an answer's shape, as in `results[2].from.id: expected a string`.
#[derive(Debug)]
pub(crate) struct Shape(String);

/// Reads the body of a success as one object.
///
/// # Errors
/// `unexpected_response` when it is not JSON of the documented shape, an HTML page or a truncated body for instance.
pub(crate) fn object<T>(
    vendor: &'static str,
    response: &Response,
    read: fn(&mut Fields) -> Result<T, Shape>,
) -> Result<T, Failure> {
    item(value(vendor, response)?, read).map_err(|shape| misshapen(vendor, response, &shape.0))
}

/// Reads the body of a success as a list of objects.
///
/// # Errors
/// As [`object`].
pub(crate) fn list<T>(
    vendor: &'static str,
    response: &Response,
    read: fn(&mut Fields) -> Result<T, Shape>,
) -> Result<Vec<T>, Failure> {
    items(value(vendor, response)?, read).map_err(|shape| misshapen(vendor, response, &shape.0))
}

/// Reads the body of a success as a list of objects that stands under `name`, stands alone, or is one object alone.
///
/// # Errors
/// As [`object`], and for a list alone that is empty: without its name it does not show that there is nothing.
pub(crate) fn listed<T>(
    vendor: &'static str,
    response: &Response,
    name: &str,
    read: fn(&mut Fields) -> Result<T, Shape>,
) -> Result<Vec<T>, Failure> {
    match value(vendor, response)? {
        Value::Array(list) if list.is_empty() => {
            let what = format!("an empty list that is not named `{name}`");
            Err(misshapen(vendor, response, &what))
        }
        body => {
            items(in_list(body, name), read).map_err(|shape| misshapen(vendor, response, &shape.0))
        }
    }
}

/// The list under `name`, the list itself, or the one object in a list.
pub(crate) fn in_list(body: Value, name: &str) -> Value {
    match body {
        Value::Object(mut fields) => match fields.shift_remove(name) {
            Some(list) => list,
            None => Value::Array(vec![Value::Object(fields)]),
        },
        other => other,
    }
}

/// The body of an error answer, `null` where it is no JSON.
pub(crate) fn lenient(response: &Response) -> Value {
    json::value(&response.body).unwrap_or_default()
}

/// A text inside a lenient body, empty where there is none.
pub(crate) fn word<'v>(body: &'v Value, name: &str) -> &'v str {
    body.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Reads the body of a success as whatever it is.
///
/// # Errors
/// `unexpected_response` when it is not JSON.
pub(crate) fn value(vendor: &'static str, response: &Response) -> Result<Value, Failure> {
    json::value(&response.body).map_err(|fault| {
        if response.body.is_empty() {
            misshapen(vendor, response, "an empty body")
        } else if response.body.trim_start().starts_with('<') {
            misshapen(vendor, response, "an HTML or XML page")
        } else if fault.is_end() {
            misshapen(vendor, response, "a body that breaks off")
        } else {
            misshapen(vendor, response, "a body that is no JSON")
        }
    })
}

/// Turns an id that came as a number into the text that it is promised to be.
pub(crate) fn as_text(id: &mut Value) {
    if let Value::Number(number) = id {
        *id = Value::String(number.to_string());
    }
}

fn misshapen(vendor: &'static str, response: &Response, what: &str) -> Failure {
    let what = format!(
        "answered {} with {what}: that proves nothing",
        response.status
    );
    unexpected(vendor, response, &what)
}

fn item<T>(value: Value, read: fn(&mut Fields) -> Result<T, Shape>) -> Result<T, Shape> {
    read(&mut fields(value)?)
}

fn fields(value: Value) -> Result<Fields, Shape> {
    match value {
        Value::Object(map) => Ok(Fields(map)),
        other => Err(expected("an object", &other)),
    }
}

fn items<T>(value: Value, read: fn(&mut Fields) -> Result<T, Shape>) -> Result<Vec<T>, Shape> {
    let mut items = Vec::new();
    each(value, &mut |fields| {
        items.push(read(fields)?);
        Ok(())
    })?;
    Ok(items)
}

/// What the items of all types have in common, compiled once.
fn each(value: Value, read: &mut dyn FnMut(&mut Fields) -> Result<(), Shape>) -> Result<(), Shape> {
    let Value::Array(values) = value else {
        return Err(expected("a list", &value));
    };
    for (place, value) in values.into_iter().enumerate() {
        let done = fields(value).and_then(|mut fields| read(&mut fields));
        done.map_err(|shape| shape.at(&format!("[{place}]")))?;
    }
    Ok(())
}

impl Fields {
    /// A text that must be there.
    pub(crate) fn text(&mut self, name: &str) -> Result<String, Shape> {
        match self.take(name) {
            Value::String(text) => Ok(text),
            other => Err(expected("a string", &other).at(name)),
        }
    }

    /// A text that may be missing or `null`.
    pub(crate) fn optional_text(&mut self, name: &str) -> Result<Option<String>, Shape> {
        match self.take(name) {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text)),
            other => Err(expected("a string", &other).at(name)),
        }
    }

    /// An id that must be there; a number is kept digit by digit.
    pub(crate) fn id(&mut self, name: &str) -> Result<String, Shape> {
        match self.take(name) {
            Value::String(text) => Ok(text),
            Value::Number(number) => Ok(number.to_string()),
            other => Err(expected("an id", &other).at(name)),
        }
    }

    /// A whole number that must be there.
    pub(crate) fn number(&mut self, name: &str) -> Result<i64, Shape> {
        let value = self.take(name);
        value
            .as_i64()
            .ok_or_else(|| expected("a whole number", &value).at(name))
    }

    /// A number of a kind, which must be there.
    pub(crate) fn small(&mut self, name: &str) -> Result<u32, Shape> {
        let value = self.take(name);
        value
            .as_u64()
            .and_then(|number| u32::try_from(number).ok())
            .ok_or_else(|| expected("a whole number", &value).at(name))
    }

    /// A count; missing stands for none.
    pub(crate) fn count(&mut self, name: &str) -> Result<u64, Shape> {
        match self.take(name) {
            Value::Null => Ok(0),
            value => value
                .as_u64()
                .ok_or_else(|| expected("a count", &value).at(name)),
        }
    }

    /// A yes or no; missing stands for no.
    pub(crate) fn flag(&mut self, name: &str) -> Result<bool, Shape> {
        match self.take(name) {
            Value::Null => Ok(false),
            Value::Bool(flag) => Ok(flag),
            other => Err(expected("true or false", &other).at(name)),
        }
    }

    /// A yes or no that must be there.
    pub(crate) fn required_flag(&mut self, name: &str) -> Result<bool, Shape> {
        match self.take(name) {
            Value::Bool(flag) => Ok(flag),
            other => Err(expected("true or false", &other).at(name)),
        }
    }

    /// An object that must be there, read.
    pub(crate) fn object<T>(
        &mut self,
        name: &str,
        read: fn(&mut Self) -> Result<T, Shape>,
    ) -> Result<T, Shape> {
        item(self.take(name), read).map_err(|shape| shape.at(name))
    }

    /// An object that must be there, as it is.
    pub(crate) fn map(&mut self, name: &str) -> Result<Map<String, Value>, Shape> {
        match self.take(name) {
            Value::Object(map) => Ok(map),
            other => Err(expected("an object", &other).at(name)),
        }
    }

    /// A list of objects; missing stands for none.
    pub(crate) fn list<T>(
        &mut self,
        name: &str,
        read: fn(&mut Self) -> Result<T, Shape>,
    ) -> Result<Vec<T>, Shape> {
        match self.take(name) {
            Value::Null => Ok(Vec::new()),
            value => items(value, read).map_err(|shape| shape.at(name)),
        }
    }

    /// A list that must be there, its items as they are.
    pub(crate) fn values(&mut self, name: &str) -> Result<Vec<Value>, Shape> {
        match self.take(name) {
            Value::Array(values) => Ok(values),
            other => Err(expected("a list", &other).at(name)),
        }
    }

    /// A list of objects that must be there.
    pub(crate) fn required_list<T>(
        &mut self,
        name: &str,
        read: fn(&mut Self) -> Result<T, Shape>,
    ) -> Result<Vec<T>, Shape> {
        items(self.take(name), read).map_err(|shape| shape.at(name))
    }

    /// Whatever stands there, `None` for nothing.
    pub(crate) fn any(&mut self, name: &str) -> Option<Value> {
        self.0.shift_remove(name)
    }

    /// What was not read.
    pub(crate) fn rest(&mut self) -> Map<String, Value> {
        std::mem::take(&mut self.0)
    }

    fn take(&mut self, name: &str) -> Value {
        self.0.shift_remove(name).unwrap_or_default()
    }
}

impl Shape {
    fn at(self, name: &str) -> Self {
        let Self(rest) = self;
        let joint = match rest.as_bytes().first() {
            Some(b'[' | b':') => "",
            _ => ".",
        };
        Self(format!("{name}{joint}{rest}"))
    }
}

fn expected(what: &str, got: &Value) -> Shape {
    let got = match got {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    Shape(format!(": expected {what}, got {got}"))
}
