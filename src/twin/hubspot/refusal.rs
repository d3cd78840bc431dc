//! HubSpot's errors: one shape for a call, one for an item of a batch.

use serde_json::{Map, Value, json};

use super::super::answer;
use super::kinds::Kind;
use crate::http::Response;

/// Why a call, or one item of a batch, was refused.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) status: u16,
    category: &'static str,
    sub_category: Option<&'static str>,
    message: String,
    context: Map<String, Value>,
}

impl Refusal {
    pub(super) fn new(status: u16, category: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            category,
            sub_category: None,
            message: message.into(),
            context: Map::new(),
        }
    }

    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "VALIDATION_ERROR", message)
    }

    pub(super) fn sub(mut self, sub_category: &'static str) -> Self {
        self.sub_category = Some(sub_category);
        self
    }

    pub(super) fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        self.context.insert(key.to_owned(), json!([value.into()]));
        self
    }

    /// The one body that is recorded whole: an association type that the pair does not have.
    pub(super) fn association_type(word: &str, from: &Kind, to: &Kind) -> Self {
        Self::invalid(format!(
            "{word} is not a valid association type between {} and {}",
            from.plural(),
            to.plural()
        ))
        .sub("crm.associations.INVALID_ASSOCIATION_TYPE")
        .with("type", word)
        .with("fromObjectType", from.plural())
        .with("toObjectType", to.plural())
    }

    /// Not known: what HubSpot says of a record that is not there; the category is known from other calls.
    pub(super) fn no_record(kind: &Kind, id: &str) -> Self {
        Self::new(
            404,
            "OBJECT_NOT_FOUND",
            format!("Object not found. objectType={kind}, objectId={id}"),
        )
        .with("objectType", kind.singular())
        .with("objectId", id)
    }

    /// Not known: the wording, and whether an unknown object type has a sub-category of its own.
    pub(super) fn object_type(word: &str) -> Self {
        Self::invalid(format!("{word} is not a known object type"))
            .sub("crm.associations.INVALID_ASSOCIATION_TYPE")
            .with("objectType", word)
    }

    pub(super) fn identifier(id: &str) -> Self {
        Self::invalid(format!("{id} is not a valid object id"))
            .sub("crm.associations.INVALID_IDENTIFIER")
            .with("id", id)
    }

    /// The answer to the whole call.
    pub(super) fn answer(&self, serial: u64) -> Response {
        let mut body = self.common();
        body.insert("correlationId".to_owned(), answer::uuid(serial).into());
        answer::json(self.status, &Value::Object(body))
    }

    /// One of `errors` in a batch.
    pub(super) fn item(&self) -> Value {
        let mut body = self.common();
        body.insert("context".to_owned(), Value::Object(self.context.clone()));
        body.insert("errors".to_owned(), json!([]));
        body.insert("links".to_owned(), json!({}));
        Value::Object(body)
    }

    fn common(&self) -> Map<String, Value> {
        let mut body = Map::new();
        body.insert("status".to_owned(), "error".into());
        body.insert("category".to_owned(), self.category.into());
        body.insert("message".to_owned(), self.message.clone().into());
        if let Some(sub) = self.sub_category {
            body.insert("subCategory".to_owned(), sub.into());
        }
        if !self.context.is_empty() {
            body.insert("context".to_owned(), Value::Object(self.context.clone()));
        }
        body
    }
}
