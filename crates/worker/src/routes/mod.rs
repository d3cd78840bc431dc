//! The routes' handlers, one file each.

mod capabilities;
mod health;
mod plan;
mod unified;
mod vendor;

use crmlink::error::{Code, Refusal};
use crmlink::unified::operation::{Operation, Verb};
use crmlink::vendors::{self, Vendor};
use worker::Context;

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
    context: &Context,
) -> Result<Answer, Fault> {
    let route = match found {
        Ok(route) => route,
        Err(miss) => return missed(incoming, miss),
    };
    incoming.check_size()?;
    match route {
        Route::Own(Page::Health) => Ok(health::show()),
        Route::Own(Page::Capabilities) => Ok(capabilities::show()),
        Route::Own(Page::Plan) => plan::make(incoming, config).await,
        Route::Own(Page::Unified(asked)) => match spoken(asked, incoming)? {
            Some(call) => vendor::call(&call, incoming, config).await,
            None => unified::serve(asked, incoming, config, context).await,
        },
        Route::Vendor(call) => vendor::call(&call, incoming, config).await,
    }
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
