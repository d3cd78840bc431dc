//! The edge face of crmlink: a Cloudflare Worker that serves the vendors' own paths and the unified ones.
//!
//! It holds no rule of behaviour: the core builds and reads every request, this crate finds the route, checks who calls,
//! sends, and answers.
//!
//! # What happens to a request
//! 1. A preflight is answered: 204 to an origin on the list, 403 to any other (`cors`).
//! 2. The route is found: 404 for an unknown path, 405 for a known one under another verb (`route`). `OPTIONS` hears
//!    which verbs there are: 204.
//! 3. A body that says it is too large is refused: 413, nothing of it read (`incoming`).
//! 4. The caller is known: 401 for a wrong key or none, 429 for too many calls, 503 where the Worker lacks a setting
//!    (`access`, `config`).
//!    A call on an account goes to the object of that account, and what follows happens inside it: 404 where it knows
//!    of no account. What is begun is carried out there, whether or not the caller waits (`account`).
//! 5. The body is read: 415 where it is no JSON by its type, 413 as soon as it passes the limit, 400 where it is no JSON
//!    by its text (`incoming`).
//! 6. The core builds what is to be sent: 422, or the vendor's own status on a vendor's path, where it refuses.
//! 7. It is sent, and the answer passed back or read into a receipt: 502 for a vendor's failure, 504 for its silence
//!    (`drive`, `routes`).
//! 8. Operators are told of it, and of each call to a vendor (`trace`).
//! 9. The answer gets the headers that are the same for all (`answer`, `cors`).

#![forbid(unsafe_code)]

mod access;
mod account;
mod answer;
mod bounded;
mod config;
mod cors;
mod crypto;
mod directory;
mod drive;
mod fault;
mod incoming;
mod json;
mod once;
mod problem;
mod route;
mod routes;
mod trace;

#[cfg(feature = "fuzz")]
pub use access::doors;

use std::rc::Rc;

use worker::{Context, Env, Request, Response, event};

use answer::Answer;
use config::Config;
use incoming::Incoming;
use route::{Miss, Route};
use trace::Trace;

/// Serves one request.
///
/// # Errors
/// Only where the runtime cannot make an answer; shim.js answers then.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _: Context) -> worker::Result<Response> {
    let config = settings(&env);
    let mut incoming = Incoming::new(request);
    let origin = incoming.header("origin");
    let found = route::find(incoming.method(), incoming.path());
    let route = route::template(&found, incoming.path());
    let trace = Trace::begin(&incoming, route, config.log());
    let work = async {
        match cors::preflight(&incoming, origin.as_deref(), &config) {
            Some(answer) => answer,
            None => serve(found, &mut incoming, &config, &env).await,
        }
    };
    let answer = trace::follow(Some(Rc::clone(&trace)), work).await;
    // An account's object tells of what it has carried out.
    let mut answer = match answer.told {
        true => answer,
        false => trace.end(answer, None),
    };
    cors::mark(&mut answer, origin.as_deref(), &config);
    answer.into_response()
}

async fn serve(
    found: Result<Route, Miss>,
    incoming: &mut Incoming,
    config: &Config,
    env: &Env,
) -> Answer {
    let dialect = routes::dialect(&found, incoming);
    routes::serve(found, incoming, config, env)
        .await
        .unwrap_or_else(|fault| problem::answer(&fault, dialect, drive::entropy))
}

thread_local! {
    /// The settings of this isolate: an isolate never sees others.
    static SETTINGS: std::cell::OnceCell<Rc<Config>> = const { std::cell::OnceCell::new() };
}

fn settings(env: &Env) -> Rc<Config> {
    let read = |name: &str| env.var(name).ok().map(|text| text.to_string());
    SETTINGS.with(|settings| Rc::clone(settings.get_or_init(|| Rc::new(Config::read(read)))))
}
