//! The routes' handlers, one file each. A call on an account is handed to the account's object, which calls the handler.

mod capabilities;
mod health;
pub(crate) mod plan;
pub(crate) mod unified;
pub(crate) mod vendor;

use crmlink::error::{Code, Refusal};
use crmlink::unified::operation::{Operation, Verb};
use crmlink::vendors::{self, Vendor};
use worker::Env;

use crate::access;
use crate::account;
use crate::answer::Answer;
use crate::config::Config;
use crate::fault::Fault;
use crate::incoming::Incoming;
use crate::route::{self, Call, Miss, Page, Route, Unified};

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
    match route {
        Route::Own(Page::Health) => Ok(health::show()),
        Route::Own(Page::Capabilities) => Ok(capabilities::show()),
        Route::Own(Page::Plan) => {
            let caller = access::caller(incoming, config)?;
            let call = caller.call(incoming, plan::account(incoming)?)?;
            account::hand(&call, incoming, env).await
        }
        Route::Own(Page::Unified(asked)) => match spoken(asked, incoming)? {
            Some(call) => own(&call, incoming, config).await,
            None => {
                let caller = access::caller(incoming, config)?;
                let call = caller.call(incoming, unified::account(asked, incoming)?)?;
                account::hand(&call, incoming, env).await
            }
        },
        Route::Vendor(call) => match vendor::account(&call, incoming)? {
            None => own(&call, incoming, config).await,
            Some(id) => {
                let caller = access::caller(incoming, config)?;
                let call = caller.call(incoming, Some(id))?;
                account::hand(&call, incoming, env).await
            }
        },
    }
}

/// A call with the caller's own token: of nobody's account, so it stays here.
async fn own(call: &Call, incoming: &mut Incoming, config: &Config) -> Result<Answer, Fault> {
    let options = config.options(call.vendor, access::own_token(incoming, config)?)?;
    vendor::call(call, options, incoming).await
}

/// The vendor in whose shape errors are answered.
pub(crate) fn dialect(found: &Result<Route, Miss>, incoming: &Incoming) -> Option<Vendor> {
    match found {
        Ok(Route::Vendor(call)) => Some(call.vendor),
        Ok(Route::Own(Page::Unified(asked))) => {
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
