//! What an account's object does with the calls that the Worker hands over.

use std::rc::Rc;

use crmlink::endpoint::{Options, Repeat, json};
use crmlink::flow::Renewed;
use crmlink::unified::entity::Entity;
use crmlink::unified::operation::{Operation, TypeVerb};
use crmlink::vendors::Vendor;
use serde_json::json;
use worker::Request;

use super::call::Call;
use super::{Held, Inside, manage, renew, tokens};
use crate::answer::{Answer, Body};
use crate::fault::Fault;
use crate::incoming::Incoming;
use crate::json::join;
use crate::once::Anew;
use crate::route::{self, Manage, Miss, Page, Route};
use crate::routes::{self, plan, unified, vendor};
use crate::trace::{self, Trace};
use crate::{access, drive, once, problem};

/// Answers a call.
pub(super) async fn answer(inside: &Rc<Inside>, request: Request) -> Answer {
    let mut incoming = Incoming::new(request);
    let found = route::find(incoming.method(), incoming.path());
    let route = route::template(&found, incoming.path());
    let trace = Trace::begin(&incoming, route, inside.config.log());
    let work = check(inside, found, &mut incoming);
    let answer = trace::follow(Some(Rc::clone(&trace)), work).await;
    inside.counters.borrow_mut().count(&trace, &answer);
    let limits = inside.pace.borrow().limits(drive::now());
    trace.end(answer, limits)
}

async fn check(inside: &Rc<Inside>, found: Result<Route, Miss>, incoming: &mut Incoming) -> Answer {
    let dialect = routes::dialect(&found, incoming);
    let Some(call) = Call::of(incoming) else {
        return problem::answer(&access::unknown(None), dialect, drive::entropy);
    };
    trace::note(|trace| trace.caller(&call.permit));
    let written = |done: Result<Answer, Fault>| {
        let answer = done.unwrap_or_else(|fault| problem::answer(&fault, dialect, drive::entropy));
        match call.permit.claims() {
            Some(claims) => answer.narrowed(claims),
            None => answer,
        }
    };
    written(match found {
        // A permit is for what its route needs, and for nothing else.
        Ok(route)
            if call.permit.need() == route.need() && call.is_on(&inside.tenant, &inside.id) =>
        {
            serve(inside, route, &call, incoming, &written).await
        }
        _ => Err(access::unknown(None)),
    })
}

async fn serve(
    inside: &Rc<Inside>,
    route: Route,
    call: &Call,
    incoming: &mut Incoming,
    written: &impl Fn(Result<Answer, Fault>) -> Answer,
) -> Result<Answer, Fault> {
    let permit = &call.permit;
    match route {
        Route::Own(Page::Account(asked), ..) => {
            let answer = manage::serve(permit, inside, asked, incoming).await?;
            return Ok(match asked {
                Manage::Show => counted(inside, answer),
                _ => answer,
            });
        }
        Route::Own(Page::Tokens(asked), _, names) => {
            return tokens::serve(permit, inside, asked, &names, incoming).await;
        }
        _ => {}
    }
    if let Some(claims) = permit.claims() {
        inside.check_token(claims)?;
    }
    let wanted = match &route {
        Route::Vendor(call) => Some(call.vendor),
        Route::Own(..) => None,
    };
    let vendor = vendor_of(inside).await?;
    if vendor.is_none_or(|vendor| wanted.is_some_and(|wanted| wanted != vendor)) {
        return Err(access::unknown(wanted));
    }
    if let Some(vendor) = vendor {
        trace::note(|trace| trace.about(vendor, Some(&call.account)));
    }
    // What is asked in our words mostly looks before it writes; an upsert may look by a search.
    let anew = match &route {
        Route::Vendor(asked) => match asked.endpoint.facts.repeat {
            Repeat::Safe => Anew::AtOnce,
            Repeat::Look => Anew::Never,
        },
        Route::Own(Page::Unified(asked), ..) => match (asked.operation, vendor) {
            // What a second call would do there is not documented.
            (Operation::Associations(_), Some(Vendor::Truto))
            | (Operation::Upsert(Entity::Opportunities), Some(Vendor::Leadconnector)) => {
                Anew::Never
            }
            (Operation::Upsert(_) | Operation::AssociationTypes(TypeVerb::Create), _) => {
                Anew::Settled
            }
            (Operation::Associations(_) | Operation::AssociationTypes(_), _) => Anew::AtOnce,
        },
        Route::Own(..) => Anew::AtOnce,
    };
    let work = async |incoming: &mut Incoming| {
        let held = held(inside).await?.ok_or_else(|| access::unknown(wanted))?;
        match route {
            Route::Own(Page::Plan, ..) => plan::make(permit, &held, incoming).await,
            Route::Own(Page::Unified(asked), ..) => {
                unified::serve(permit, asked, held, incoming, inside).await
            }
            Route::Vendor(asked) => {
                let pace = Some(&*held.pace);
                vendor::call(permit, &asked, held.options, held.renew, pace, incoming).await
            }
            Route::Own(..) => Err(access::unknown(None)),
        }
    };
    once::carry_out(inside, permit, anew, incoming, work, written).await
}

/// The same with what the object has counted.
fn counted(inside: &Inside, mut answer: Answer) -> Answer {
    if let Body::Text(text) = &mut answer.body {
        let counters = json(&json!({ "counters": &*inside.counters.borrow() }));
        *text = join(&[text, &counters]);
    }
    answer
}

/// The account's vendor, where there is such an account.
pub(super) async fn vendor_of(inside: &Inside) -> Result<Option<Vendor>, Fault> {
    if let Some(account) = inside.config.account(&inside.tenant, &inside.id)? {
        return Ok(Some(account.vendor));
    }
    Ok(inside.kept().await?.map(|kept| kept.vendor))
}

/// The account with a token that is good, where there is one.
async fn held(inside: &Rc<Inside>) -> Result<Option<Held>, Fault> {
    let config = &inside.config;
    if let Some(account) = config.account(&inside.tenant, &inside.id)? {
        return Ok(Some(Held {
            vendor: account.vendor,
            options: config.account_options(account)?,
            renew: None,
            pace: Rc::clone(&inside.pace),
        }));
    }
    let Some(kept) = inside.kept().await? else {
        return Ok(None);
    };
    let Renewed { token, origin } = inside.token(&kept).await?;
    Ok(Some(Held {
        vendor: kept.vendor,
        options: Options {
            token: Some(token.clone()),
            ..kept.options(origin)
        },
        renew: Some(renew::instead_of(token, inside, &kept)),
        pace: Rc::clone(&inside.pace),
    }))
}
