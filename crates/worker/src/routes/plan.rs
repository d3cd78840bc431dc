//! `POST /unified/crm/plan`
//!
//! What an operation would send for an account, and its price. Nothing is sent, and no token is shown.

use std::borrow::Cow;

use crmlink::error::Refusal;
use crmlink::flow::Flow;
use crmlink::read::{self, Fields, FromFields};
use crmlink::unified::operation::Operation;
use worker::url::form_urlencoded;

use crate::access::{ACCOUNT_PARAMETER, Permit};
use crate::account::Held;
use crate::answer::Answer;
use crate::config::start_fault;
use crate::fault::Fault;
use crate::incoming::Incoming;
use crate::json::Shape;

/// What to plan.
struct Ask<'a> {
    /// The operation's name.
    operation: Cow<'a, str>,
    /// Its input, unparsed.
    input: &'a str,
}

impl<'a> FromFields<'a> for Ask<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            operation: fields.required_text("operation")?,
            input: fields.required_json("input")?,
        })
    }
}

/// Makes the plan.
pub(crate) async fn make(
    permit: &Permit,
    held: &Held,
    incoming: &mut Incoming,
) -> Result<Answer, Fault> {
    let text = incoming.json(Shape::Object).await?;
    let ask: Ask<'_> = read::read(&text)?;
    if let Some(claims) = permit.claims() {
        claims.allow(Operation::parse(&ask.operation)?, ask.input)?;
    }
    let flow = Flow::start(held.vendor, &ask.operation, ask.input, &held.options, 0)
        .map_err(start_fault)?;
    Ok(Answer::json(200, &flow.plan()))
}

/// The account that the query names.
pub(super) fn account(incoming: &Incoming) -> Result<Option<String>, Fault> {
    let mut account = None;
    for (name, value) in form_urlencoded::parse(incoming.query().as_bytes()) {
        if name != ACCOUNT_PARAMETER {
            let message = format!("unknown parameter; expected {ACCOUNT_PARAMETER}");
            return Err(Refusal::input(name, message).into());
        }
        account = Some(value.into_owned());
    }
    Ok(account)
}
