//! What a delete answers.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{NAME, error};
use crate::answer::{self, Fields, Shape, lenient};
use crate::endpoint::{json, unexpected};
use crate::error::Failure;
use crate::http::Response;

/// What a delete answers. One that does not say so is no proof, whatever its status.
///
/// Published for definitions; that of relations is published as a definition, which it can hardly be.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
pub struct Deleted {
    /// Always true: an answer without it is a failure.
    pub deleted: bool,
    /// The id of what was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// LeadConnector's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What else LeadConnector says.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

/// How deletes say that they were carried out: here, of businesses, and of opportunities (the spelling is the vendor's).
const WORDS: [&str; 3] = ["deleted", "success", "succeded"];

impl Deleted {
    pub(super) fn read(response: &Response) -> Result<Self, Failure> {
        let response = error::success(response)?;
        let answer = answer::object(NAME, response, Self::fields)?;
        if answer.deleted {
            Ok(answer)
        } else {
            let what = "did not say that anything was deleted: that proves nothing";
            Err(unexpected(NAME, response, what))
        }
    }

    pub(super) fn show(response: &Response) -> String {
        let mut body = lenient(response);
        if let Value::Object(fields) = &mut body {
            fields.entry("deleted").or_insert(Value::Bool(true));
        }
        json(&body)
    }

    fn fields(fields: &mut Fields) -> Result<Self, Shape> {
        let mut deleted = false;
        for word in WORDS {
            deleted |= fields.flag(word)?;
        }
        Ok(Self {
            deleted,
            id: fields.optional_text("id")?,
            message: fields.optional_text("message")?,
            rest: fields.rest(),
        })
    }
}
