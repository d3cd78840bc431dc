//! The routes' handlers, one file each. A call on an account is handed to the account's object, which calls the handler.

mod accounts;
mod capabilities;
mod health;
pub(crate) mod plan;
pub(crate) mod unified;
pub(crate) mod vendor;

use crmlink::error::{Code, Refusal};
use crmlink::unified::operation::{Operation, Verb};
use crmlink::vendors::{self, Vendor};
use worker::Env;

use crate::access::{self, Permit, Shown};
use crate::account;
use crate::answer::Answer;
use crate::config::Config;
use crate::fault::Fault;
use crate::incoming::Incoming;
use crate::route::{self, Call, Manage, Miss, Page, Route, Unified};
use crate::trace;

/// Serves what was found.
pub(crate) async fn serve(
    found: Result<Route, Miss>,
    incoming: &mut Incoming,
    config: &Config,
    env: &Env,
) -> Result<Answer, Fault> {
    let route = match found {
        Ok(route) => route,
        Err(miss) => return missed(incoming, miss),
    };
    incoming.check_size()?;
    let need = route.need();
    let (permit, account) = match route {
        Route::Own(Page::Health, ..) => return Ok(health::show(&access::open(need)?)),
        Route::Own(Page::Capabilities, ..) => return Ok(capabilities::show(&access::open(need)?)),
        Route::Own(Page::Plan, ..) => {
            let permit = access::admit(need, Shown::KeyOrToken, incoming, config, env).await?;
            (permit, plan::account(incoming)?)
        }
        Route::Own(Page::Unified(asked), ..) => {
            if let Some(call) = spoken(asked, incoming)? {
                return own(&call, incoming, config, env).await;
            }
            let permit = access::admit(need, Shown::KeyOrToken, incoming, config, env).await?;
            (permit, unified::account(asked, incoming)?)
        }
        Route::Own(Page::Tokens(_), _, names) => {
            let permit = access::admit(need, Shown::Key, incoming, config, env).await?;
            return on(permit, names, incoming, env).await;
        }
        Route::Own(Page::Account(Manage::Connected), ..) => {
            return accounts::connected(need, incoming, config, env).await;
        }
        Route::Own(Page::Account(asked), _, names) => {
            let permit = access::admit(need, Shown::Key, incoming, config, env).await?;
            return match asked {
                Manage::List => accounts::list(&permit, incoming, config, env).await,
                Manage::Create | Manage::Connect => accounts::create(permit, incoming, env).await,
                _ => on(permit, names, incoming, env).await,
            };
        }
        Route::Vendor(call) => {
            let Some(id) = vendor::account(&call, incoming)? else {
                return own(&call, incoming, config, env).await;
            };
            let permit = access::admit(need, Shown::Key, incoming, config, env).await?;
            (permit, Some(id))
        }
    };
    let call = permit.call(incoming, account)?;
    account::hand(&call, incoming, None, env).await
}

/// A call on the account that the path names.
async fn on(
    permit: Permit,
    names: Vec<String>,
    incoming: &Incoming,
    env: &Env,
) -> Result<Answer, Fault> {
    let account = names.into_iter().next().unwrap_or_default();
    account::hand(&account::Call { account, permit }, incoming, None, env).await
}

/// A call with the caller's own token: of nobody's account, so it stays here.
async fn own(
    call: &Call,
    incoming: &mut Incoming,
    config: &Config,
    env: &Env,
) -> Result<Answer, Fault> {
    let (permit, token) = access::own_token(call.need(), incoming, config, env).await?;
    trace::note(|trace| trace.about(call.vendor, None));
    let options = config.options(call.vendor, token)?;
    vendor::call(&permit, call, options, None, None, incoming).await
}

/// The vendor in whose shape errors are answered.
pub(crate) fn dialect(found: &Result<Route, Miss>, incoming: &Incoming) -> Option<Vendor> {
    match found {
        Ok(Route::Vendor(call)) => Some(call.vendor),
        Ok(Route::Own(Page::Unified(asked), ..)) => {
            let call = spoken(*asked, incoming).ok().flatten();
            call.map(|call| call.vendor)
        }
        Err(Miss::Verb { vendor, .. }) => *vendor,
        _ => None,
    }
}

/// Truto's path is the unified one: a header says that Truto itself is meant.
fn spoken(asked: Unified, incoming: &Incoming) -> Result<Option<Call>, Fault> {
    let named = incoming.header(VENDOR_HEADER);
    let refuse = |message| Err(Refusal::input(VENDOR_HEADER, message).into());
    match named.as_deref() {
        None => Ok(None),
        Some(_) if asked.operation != Operation::Associations(Verb::Create) => refuse(
            "expected no such header: only POST /unified/crm/associations speaks as Truto does",
        ),
        Some("truto") => Ok(Some(Call {
            vendor: Vendor::Truto,
            endpoint: vendors::endpoint("truto.associations.create")?,
            version: None,
            parameters: Vec::new(),
        })),
        Some(_) => refuse("expected truto here, or no such header: an account knows its vendor"),
    }
}

fn missed(incoming: &Incoming, miss: Miss) -> Result<Answer, Fault> {
    let (method, path) = (incoming.method(), incoming.path());
    match miss {
        Miss::Path => Err(Fault {
            routes: route::all(),
            ..Fault::http(
                404,
                Code::NotFound,
                format!("no route has the path {path}: `routes` lists those that there are"),
            )
        }),
        Miss::Verb { allow, .. } if method == "OPTIONS" => {
            Ok(Answer::empty(204).with("allow", allow.join(", ")))
        }
        Miss::Verb { allow, .. } => {
            let allow = allow.join(", ");
            let message = format!("{path} takes {allow}, not {method}");
            Err(Fault {
                headers: vec![("allow", allow)],
                ..Fault::http(405, Code::InvalidInput, message)
            })
        }
    }
}

/// The header by which a caller brings a Truto token of its own.
const VENDOR_HEADER: &str = "x-crmlink-vendor";
