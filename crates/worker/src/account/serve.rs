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
        // A permit is for what its route needs, and for nothing else.
        (Ok(route), Some(call)) if call.permit.need() == route.need() => {
            serve(inside, route, &call, &mut incoming).await
        }
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
        Route::Own(..) => None,
    };
    let held = held(inside, call)?;
    let fits = |held: &Held| wanted.is_none_or(|vendor| vendor == held.vendor);
    let Some(held) = held.filter(fits) else {
        return Err(access::unknown(wanted));
    };
    match route {
        Route::Own(Page::Plan, _) => plan::make(&call.permit, &held, incoming).await,
        Route::Own(Page::Unified(asked), _) => {
            unified::serve(&call.permit, asked, held, incoming, &inside.state).await
        }
        Route::Vendor(asked) => vendor::call(&call.permit, &asked, held.options, incoming).await,
        Route::Own(Page::Health | Page::Capabilities, _) => Err(access::unknown(None)),
    }
}

/// The account, where there is one.
fn held(inside: &Inside, call: &Call) -> Result<Option<Held>, Fault> {
    let config = &inside.config;
    let Some(account) = config.account(call.permit.tenant(), &call.account)? else {
        return Ok(None);
    };
    Ok(Some(Held {
        vendor: account.vendor,
        options: config.account_options(account)?,
    }))
}
