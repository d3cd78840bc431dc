//! What an account's object does with the calls that the Worker hands over.

use worker::Request;

use super::call::Call;
use super::{Held, Inside};
use crate::answer::Answer;
use crate::fault::Fault;
use crate::incoming::Incoming;
use crate::route::{self, Page, Route};
use crate::routes::{self, plan, unified, vendor};
use crate::{access, drive, problem};

/// Answers a call.
pub(super) async fn answer(inside: &Inside, request: Request) -> Answer {
    let mut incoming = Incoming::new(request);
    let found = route::find(incoming.method(), incoming.path());
    let dialect = routes::dialect(&found, &incoming);
    let answer = match (found, Call::of(&incoming)) {
        (Ok(route), Some(call)) => serve(inside, route, &call, &mut incoming).await,
        _ => Err(access::unknown(None)),
    };
    answer.unwrap_or_else(|fault| problem::answer(&fault, dialect, drive::entropy))
}

async fn serve(
    inside: &Inside,
    route: Route,
    call: &Call,
    incoming: &mut Incoming,
) -> Result<Answer, Fault> {
    let wanted = match &route {
        Route::Vendor(call) => Some(call.vendor),
        Route::Own(_) => None,
    };
    let held = held(inside, call)?;
    let fits = |held: &Held| wanted.is_none_or(|vendor| vendor == held.vendor);
    let Some(held) = held.filter(fits) else {
        return Err(access::unknown(wanted));
    };
    match route {
        Route::Own(Page::Plan) => plan::make(&held, incoming).await,
        Route::Own(Page::Unified(asked)) => {
            unified::serve(asked, held, incoming, &inside.state).await
        }
        Route::Vendor(call) => vendor::call(&call, held.options, incoming).await,
        Route::Own(Page::Health | Page::Capabilities) => Err(access::unknown(None)),
    }
}

/// The account, where there is one.
fn held(inside: &Inside, call: &Call) -> Result<Option<Held>, Fault> {
    let config = &inside.config;
    let Some(account) = config.account(&call.tenant, &call.account)? else {
        return Ok(None);
    };
    Ok(Some(Held {
        vendor: account.vendor,
        options: config.account_options(account)?,
    }))
}
