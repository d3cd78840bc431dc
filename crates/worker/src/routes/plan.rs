//! `POST /unified/crm/plan`
//!
//! What an operation would send for an account, and its price. Nothing is sent, and no token is shown.

use std::borrow::Cow;

use crmlink::error::Refusal;
use crmlink::flow::Flow;
use crmlink::read::{self, Fields, FromFields};
use worker::url::form_urlencoded;

use crate::access::{self, ACCOUNT_PARAMETER};
use crate::answer::Answer;
use crate::config::{Config, start_fault};
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
pub(super) async fn make(incoming: &mut Incoming, config: &Config) -> Result<Answer, Fault> {
    access::key(incoming, config)?;
    let mut in_query = None;
    for (name, value) in form_urlencoded::parse(incoming.query().as_bytes()) {
        if name != ACCOUNT_PARAMETER {
            let message = format!("unknown parameter; expected {ACCOUNT_PARAMETER}");
            return Err(Refusal::input(name, message).into());
        }
        in_query = Some(value.into_owned());
    }
    let Some(id) = access::named(incoming, in_query)? else {
        return Err(access::unnamed());
    };
    let account = access::account(&id, None, config)?;
    let options = config.account_options(account)?;
    let text = incoming.json(Shape::Object).await?;
    let ask: Ask<'_> = read::read(&text)?;
    let flow =
        Flow::start(account.vendor, &ask.operation, ask.input, &options, 0).map_err(start_fault)?;
    Ok(Answer::json(200, &flow.plan()))
}
