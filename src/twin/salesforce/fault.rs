//! Salesforce's errors: a list at plain endpoints, an item with other key names inside collections.

use serde_json::{Value, json};

use super::super::answer;
use crate::http::Response;

/// Why a request, or one record of it, was refused.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) status: u16,
    pub(super) code: &'static str,
    message: String,
    fields: Vec<String>,
}

impl Fault {
    pub(super) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            fields: Vec::new(),
        }
    }

    pub(super) fn bad(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(400, code, message)
    }

    pub(super) fn on<F: Into<String>>(mut self, fields: impl IntoIterator<Item = F>) -> Self {
        self.fields = fields.into_iter().map(Into::into).collect();
        self
    }

    pub(super) fn not_found() -> Self {
        Self::new(404, "NOT_FOUND", "The requested resource does not exist")
    }

    /// Told of whatever an operation was rolled back for, or could not be begun for.
    pub(super) fn halted(message: &str) -> Self {
        Self::bad("PROCESSING_HALTED", message)
    }

    /// The list of a plain endpoint, its key `errorCode`.
    pub(super) fn list(&self) -> Value {
        let mut error = json!({ "message": self.message, "errorCode": self.code });
        if let (false, Some(error)) = (self.fields.is_empty(), error.as_object_mut()) {
            error.insert("fields".to_owned(), self.fields.clone().into());
        }
        json!([error])
    }

    /// One record's result in a collection, its key `statusCode`.
    pub(super) fn item(&self) -> Value {
        json!({
            "success": false,
            "errors": [{ "statusCode": self.code, "message": self.message, "fields": self.fields }],
        })
    }

    pub(super) fn answer(&self) -> Response {
        answer::json(self.status, &self.list())
    }
}
