//! The query of a unified route.

use crmlink::path;
use crmlink::unified::query::Query;
use serde_json::Value;

use crate::text::text;

/// What is read of a query comes back when it is written and read again; what is refused is refused by a name.
///
/// # Panics
/// When that is not so.
pub fn query(data: &[u8]) {
    let text = text(data);
    match Query::parse(&text) {
        Ok(query) => {
            let mut url = String::new();
            path::push_query_values(&mut url, "remote_query", &query.remote_query);
            let written = url.trim_start_matches('?');
            let again =
                Query::parse(written).unwrap_or_else(|refusal| panic!("{written}: {refusal}"));
            assert_eq!(
                again.remote_query, query.remote_query,
                "{written} was {text}"
            );
            assert!(query.exclude_fields.iter().all(|name| !name.is_empty()));
            assert!(
                query
                    .remote_query
                    .values()
                    .all(|value| depth(value) < 8 && is_of_texts(value))
            );
        }
        Err(refusal) => assert!(!refusal.path.is_empty() && !refusal.message.is_empty()),
    }
    let fields = ["entity", "entity_id", "to"];
    if let Ok((query, input)) = Query::parse_with(&text, &fields) {
        assert!(
            input
                .iter()
                .all(|(name, value)| fields.contains(&name.as_str()) && is_of_texts(value))
        );
        assert!(
            Query::parse(&text).is_ok_and(|alone| alone.remote_query == query.remote_query)
                || !input.is_empty()
        );
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or_default(),
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

fn is_of_texts(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.values().all(is_of_texts),
        Value::Array(items) => items.iter().all(is_of_texts),
        value => value.is_string(),
    }
}
