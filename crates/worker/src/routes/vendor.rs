//! The vendors' own paths: a program written for the vendor works by changing its base address.
//!
//! The caller's URL is never passed on. Its parts become the endpoint's parameters, the endpoint's own builder checks
//! them and makes the request, and the vendor's answer goes back as it came.

use std::cell::RefCell;

use crmlink::endpoint::{Options, json};
use crmlink::error::Code;
use crmlink::flow::Renewed;
use crmlink::pace::Pace;
use crmlink::unified::query::Query;
use crmlink::vendors::Vendor;
use serde_json::{Map, Value, json};
use worker::url::form_urlencoded;

use crate::access::{self, ACCOUNT_PARAMETER, Permit};
use crate::answer::Answer;
use crate::drive::{self, Renew};
use crate::fault::Fault;
use crate::incoming::Incoming;
use crate::json::join;
use crate::route::Call;

/// Sends the call to the vendor: with the caller's own token, or with that of the account inside whose object it is
/// carried out. `renew` gives another token where the vendor refuses the one that it was sent with: then nothing was done,
/// and it is sent once more.
pub(crate) async fn call(
    _: &Permit,
    call: &Call,
    mut options: Options,
    renew: Option<Renew>,
    pace: Option<&RefCell<Pace>>,
    incoming: &mut Incoming,
) -> Result<Answer, Fault> {
    let (_, in_query) = query(call, incoming)?;
    version(&mut options, call, incoming)?;
    let body = incoming.json_under(call.endpoint.bare_body).await?;
    let in_path: Map<String, Value> = call
        .parameters
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.as_str().into()))
        .collect();
    let parameters = join(&[&json(&in_path), &body, &in_query]);
    let request = (call.endpoint.build)(&parameters, &options)?;
    let answer = drive::pass(call.vendor, &request, pace).await?;
    if answer.status != 401 {
        return Ok(answer);
    }
    let another = match renew {
        Some(renew) => renew().await.ok(),
        None => None,
    };
    let Some(Renewed { token, origin }) = another else {
        return Ok(answer);
    };
    options.token = Some(token);
    options.origin = origin;
    let request = (call.endpoint.build)(&parameters, &options)?;
    drive::pass(call.vendor, &request, pace).await
}

/// The account that the call names. Truto's own are none of ours.
pub(super) fn account(call: &Call, incoming: &Incoming) -> Result<Option<String>, Fault> {
    let (in_query, _) = query(call, incoming)?;
    match call.vendor {
        Vendor::Truto => Ok(None),
        _ => access::named(incoming, in_query),
    }
}

/// The account that the query names, and the other parameters in it as a JSON object.
fn query(call: &Call, incoming: &Incoming) -> Result<(Option<String>, String), Fault> {
    if call.vendor == Vendor::Truto {
        // Truto's query is the one of the unified route, and names an account of Truto's.
        return Ok((None, json(&Query::parse(incoming.query())?)));
    }
    let mut account = None;
    let mut others: Vec<(String, Value)> = Vec::new();
    for (name, value) in form_urlencoded::parse(incoming.query().as_bytes()) {
        if name == ACCOUNT_PARAMETER {
            account = Some(value.into_owned());
            continue;
        }
        // A list: its name stands there repeatedly, or with brackets behind it. Who expects one value refuses it.
        let (name, listed) = match name.strip_suffix("[]") {
            Some(name) => (name, true),
            None => (name.as_ref(), false),
        };
        match others.iter_mut().find(|(known, _)| known == name) {
            Some((_, Value::Array(values))) => values.push(value.into()),
            Some((_, one)) => *one = json!([one.take(), value]),
            None if listed => others.push((name.to_owned(), json!([value]))),
            None => others.push((name.to_owned(), json!(value))),
        }
    }
    // One object each: a name that stands in path or body too is the builder's to refuse.
    let others: Vec<_> = others
        .into_iter()
        .map(|(name, value)| json(&json!({ name: value })))
        .collect();
    let others: Vec<_> = others.iter().map(String::as_str).collect();
    Ok((account, join(&others)))
}

/// The version that the path names, or the caller's header, or what the account has.
fn version(options: &mut Options, call: &Call, incoming: &Incoming) -> Result<(), Fault> {
    if call.vendor == Vendor::Leadconnector {
        if let Some(version) = incoming.header("version") {
            options.api_version = Some(version);
        }
        if options.api_version.is_none() {
            // The vendor's own words, and its own status.
            let message = "version header was not found.";
            return Err(Fault::http(401, Code::VendorValidation, message));
        }
    } else {
        options.api_version = call.version.map(str::to_owned);
    }
    Ok(())
}
