//! What the batches have in common: how a body of thousands is written, and how many inputs one may have.

use super::{Record, Type, TypedPair};
use crate::endpoint::{Facts, Options};
use crate::error::{Code, Refusal};
use crate::http::Request;
use crate::id::Id;

/// Builds a batch of `count` inputs, each written by `push` at its place.
///
/// Written piece by piece: for thousands of inputs a serialiser takes several times as long.
pub(super) fn build(
    facts: &Facts,
    options: &Options,
    (from, to): (&Id<'_>, &Id<'_>),
    count: usize,
    push: &mut dyn FnMut(&mut String, usize) -> Result<(), Refusal>,
) -> Result<Request, Refusal> {
    let largest = facts.batch.unwrap_or(usize::MAX);
    if count == 0 || count > largest {
        let code = if count == 0 {
            Code::InvalidInput
        } else {
            Code::TooLarge
        };
        let message = format!("expected 1 to {} inputs, got {count}", grouped(largest));
        return Err(Refusal {
            code,
            ..Refusal::input("inputs", message)
        });
    }
    let mut request = facts.request(
        options,
        &[
            ("fromObjectType", from.as_str()),
            ("toObjectType", to.as_str()),
        ],
    )?;
    let mut body = String::with_capacity(16 + count * 56);
    body.push_str("{\"inputs\":[");
    for place in 0..count {
        if place > 0 {
            body.push(',');
        }
        push(&mut body, place)?;
    }
    body.push_str("]}");
    request.headers.set("content-type", "application/json");
    request.body = Some(body);
    Ok(request)
}

/// The same for pairs with the kinds of association between them.
pub(super) fn build_typed(
    facts: &Facts,
    options: &Options,
    ends: (&Id<'_>, &Id<'_>),
    inputs: &[TypedPair<'_>],
) -> Result<Request, Refusal> {
    build(facts, options, ends, inputs.len(), &mut |body, place| {
        let Some(pair) = inputs.get(place) else {
            return Ok(());
        };
        push_ends(body, &pair.from, &pair.to, place)?;
        body.push_str(",\"types\":");
        push_types(body, &pair.types, || format!("inputs[{place}].types"))?;
        body.push('}');
        Ok(())
    })
}

/// Writes `{"from":{"id":"1"},"to":{"id":"2"}`: whoever calls closes it.
pub(super) fn push_ends(
    body: &mut String,
    from: &Record<'_>,
    to: &Record<'_>,
    place: usize,
) -> Result<(), Refusal> {
    body.push_str("{\"from\":{\"id\":");
    push_id(body, &from.id, || format!("inputs[{place}].from.id"))?;
    body.push_str("},\"to\":{\"id\":");
    push_id(body, &to.id, || format!("inputs[{place}].to.id"))?;
    body.push('}');
    Ok(())
}

/// Writes an id as a string.
pub(super) fn push_id(
    body: &mut String,
    id: &Id<'_>,
    path: impl Fn() -> String,
) -> Result<(), Refusal> {
    if id.push_json(body) {
        return Ok(());
    }
    Err(Refusal::id(path(), id.fault().unwrap_or_default()))
}

/// Writes a list of association types.
pub(super) fn push_types(
    body: &mut String,
    types: &[Type<'_>],
    path: impl Fn() -> String,
) -> Result<(), Refusal> {
    if types.is_empty() {
        let message = "expected at least one association type: HubSpot takes an empty list without a word, and links nothing";
        return Err(Refusal::input(path(), message));
    }
    for (place, kind) in types.iter().enumerate() {
        body.push(if place == 0 { '[' } else { ',' });
        body.push_str("{\"associationCategory\":");
        body.push_str(&crate::endpoint::json(&kind.association_category));
        body.push_str(",\"associationTypeId\":");
        body.push_str(&kind.association_type_id.to_string());
        body.push('}');
    }
    body.push(']');
    Ok(())
}

/// `2,000`
fn grouped(number: usize) -> String {
    match number {
        0..1_000 => number.to_string(),
        _ => format!("{},{:03}", number / 1_000, number % 1_000),
    }
}
