//! LeadConnector's errors: `{statusCode, message, error, traceId}`, the message a text or a list.

use serde_json::{Value, json};

use super::super::answer;
use crate::http::Response;

/// Why a call was refused.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    status: u16,
    message: Value,
    code: Option<&'static str>,
    meta: Option<Value>,
}

impl Refusal {
    pub(super) fn new(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: Value::String(message.into()),
            code: None,
            meta: None,
        }
    }

    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(400, message)
    }

    /// What the validator found, each fault in a sentence.
    pub(super) fn unprocessable(messages: Vec<String>) -> Self {
        Self {
            status: 422,
            message: messages.into(),
            code: None,
            meta: None,
        }
    }

    pub(super) fn coded(mut self, code: &'static str, meta: Value) -> Self {
        self.code = Some(code);
        self.meta = Some(meta);
        self
    }

    pub(super) fn answer(self) -> Response {
        let mut body = json!({
            "statusCode": self.status,
            "message": self.message,
            "error": reason(self.status),
        });
        if let Some(body) = body.as_object_mut() {
            if let Some(code) = self.code {
                body.insert("code".to_owned(), code.into());
            }
            if let Some(meta) = self.meta {
                body.insert("meta".to_owned(), meta);
            }
        }
        answer::json(self.status, &body)
    }
}

const fn reason(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        422 => "Unprocessable Entity",
        429 => "Too Many Requests",
        _ => "Error",
    }
}
