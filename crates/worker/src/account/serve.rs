//! What an account's object does with the calls that the Worker hands over.

use std::rc::Rc;

use crmlink::endpoint::Options;
use crmlink::secret::Secret;
use worker::Request;

use super::call::Call;
use super::manage;
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
        (Ok(route), Some(call))
            if call.permit.need() == route.need() && call.is_on(&inside.tenant, &inside.id) =>
        {
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
    if let Route::Own(Page::Account(asked), ..) = route {
        return manage::serve(&call.permit, inside, asked, incoming).await;
    }
    let wanted = match &route {
        Route::Vendor(call) => Some(call.vendor),
        Route::Own(..) => None,
    };
    let held = held(inside).await?;
    let fits = |held: &Held| wanted.is_none_or(|vendor| vendor == held.vendor);
    let Some(held) = held.filter(fits) else {
        return Err(access::unknown(wanted));
    };
    match route {
        Route::Own(Page::Plan, ..) => plan::make(&call.permit, &held, incoming).await,
        Route::Own(Page::Unified(asked), ..) => {
            unified::serve(&call.permit, asked, held, incoming, &inside.state).await
        }
        Route::Vendor(asked) => {
            let Held { options, kept, .. } = held;
            let renew = async |refused: &Secret| inside.another(kept.as_deref()?, refused).await;
            vendor::call(&call.permit, &asked, options, incoming, renew).await
        }
        Route::Own(..) => Err(access::unknown(None)),
    }
}

/// The account with a token that is good, where there is one.
async fn held(inside: &Inside) -> Result<Option<Held>, Fault> {
    let config = &inside.config;
    if let Some(account) = config.account(&inside.tenant, &inside.id)? {
        return Ok(Some(Held {
            vendor: account.vendor,
            options: config.account_options(account)?,
            kept: None,
            pace: Rc::clone(&inside.pace),
        }));
    }
    let Some(kept) = inside.kept().await? else {
        return Ok(None);
    };
    let (token, own_host) = inside.token(&kept).await?;
    let configured = config.origin(kept.vendor)?.map(str::to_owned);
    Ok(Some(Held {
        vendor: kept.vendor,
        options: Options {
            token: Some(token),
            ..kept.options(configured.or(own_host))
        },
        kept: Some(kept),
        pace: Rc::clone(&inside.pace),
    }))
}
