//! The routes' handlers, one file each.

mod associations;
mod capabilities;
mod health;
mod plan;
mod vendor;

use crmlink::error::{Code, Refusal};
use crmlink::vendors::{self, Vendor};

use crate::answer::Answer;
use crate::config::Config;
use crate::fault::Fault;
use crate::incoming::Incoming;
use crate::route::{self, Call, Miss, Route};

/// Serves what was found.
pub(crate) async fn serve(
    found: Result<Route, Miss>,
    incoming: &mut Incoming,
    config: &Config,
) -> Result<Answer, Fault> {
    let route = found.map_err(|miss| missed(incoming, miss))?;
    incoming.check_size()?;
    match route {
        Route::Health => Ok(health::show()),
        Route::Capabilities => Ok(capabilities::show()),
        Route::Associations => match spoken(incoming)? {
            Some(call) => vendor::call(&call, incoming, config).await,
            None => associations::create(incoming, config).await,
        },
        Route::Plan => plan::make(incoming, config).await,
        Route::Vendor(call) => vendor::call(&call, incoming, config).await,
    }
}

/// The vendor in whose shape errors are answered.
pub(crate) fn dialect(found: &Result<Route, Miss>, incoming: &Incoming) -> Option<Vendor> {
    match found {
        Ok(Route::Vendor(call)) => Some(call.vendor),
        Ok(Route::Associations) => spoken(incoming).ok().flatten().map(|call| call.vendor),
        Err(Miss::Verb { vendor, .. }) => *vendor,
        _ => None,
    }
}

/// Truto's path is the unified one: a header says that Truto itself is meant.
fn spoken(incoming: &Incoming) -> Result<Option<Call>, Fault> {
    match incoming.header(VENDOR_HEADER).as_deref() {
        None => Ok(None),
        Some("truto") => Ok(Some(Call {
            vendor: Vendor::Truto,
            endpoint: vendors::endpoint("truto.associations.create")?,
            version: None,
            parameters: Vec::new(),
        })),
        Some(_) => {
            let message = "expected truto here, or no such header: an account knows its vendor";
            Err(Refusal::input(VENDOR_HEADER, message).into())
        }
    }
}

fn missed(incoming: &Incoming, miss: Miss) -> Fault {
    let (method, path) = (incoming.method(), incoming.path());
    match miss {
        Miss::Path => Fault {
            routes: route::all(),
            ..Fault::http(
                404,
                Code::NotFound,
                format!("no route has the path {path}: `routes` lists those that there are"),
            )
        },
        Miss::Verb { allow, .. } => {
            let allow = allow.join(", ");
            let message = format!("{path} takes {allow}, not {method}");
            Fault {
                headers: vec![("allow", allow)],
                ..Fault::http(405, Code::InvalidInput, message)
            }
        }
    }
}

/// The header by which a caller brings a Truto token of its own.
const VENDOR_HEADER: &str = "x-crmlink-vendor";
