//! The Durable Object of one integrated account. Every call on an account is carried out inside it, so that what must be
//! single is single: its credentials, their renewal, and what its vendor lets us do.
//!
//! - `call`: how the Worker hands a call over, once it has checked who calls.
//! - `serve`: what the object does with it.
//! - `manage`: making, showing, changing and deleting the account itself.
//! - `connect`: the way by the vendor's own page.
//! - `store`, `seal`: what is kept, and how it is sealed.
//! - `pace`: what the vendor has said about when to ask again.
//! - `renew`, `gate`: the account's token, renewed by one caller for all.

mod alarm;
mod call;
mod connect;
mod counters;
mod gate;
mod manage;
mod pace;
mod renew;
mod seal;
mod serve;
mod store;
mod tokens;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use crmlink::endpoint::Options;
use crmlink::pace::Pace;
use crmlink::vendors::Vendor;
use futures_channel::oneshot;
use worker::{DurableObject, Env, Request, Response, State, durable_object};

use crate::config::Config;
use crate::drive::Renew;
use crate::once::Name;
use crate::trace::{self, Trace};

pub(crate) use call::{Call, hand};
pub(crate) use connect::{State as Connecting, asked};
use counters::Counters;
pub(crate) use manage::time;
pub(crate) use seal::{Bound, Keyring, foreign};
use store::Kept;
pub(crate) use tokens::{count, number};

/// The object, for the runtime.
#[durable_object(alarm)]
pub struct Account(Rc<Inside>);

/// What the object has.
pub(crate) struct Inside {
    pub(crate) state: State,
    pub(crate) config: Rc<Config>,
    env: Env,
    /// Whose account it is, and which.
    pub(crate) tenant: String,
    pub(crate) id: String,
    /// The account, where one is kept and has been opened.
    memory: RefCell<Option<Rc<Kept>>>,
    /// Lets one at a time open, change or renew what is kept.
    gate: gate::Gate,
    /// What the vendor lets us do at present, and what of it is stored.
    pub(crate) pace: Rc<RefCell<Pace>>,
    saved_pace: RefCell<String>,
    /// The calls with an idempotency key that run.
    pub(crate) live: RefCell<BTreeSet<Name>>,
    /// What was counted since it woke up.
    counters: RefCell<Counters>,
}

/// An account as its vendor is reached.
pub(crate) struct Held {
    /// The vendor.
    pub(crate) vendor: Vendor,
    /// With what its requests are built.
    pub(crate) options: Options,
    /// Gets another token where the vendor refuses this one, for an account that the object keeps.
    pub(crate) renew: Option<Renew>,
    /// What its vendor lets us do at present.
    pub(crate) pace: Rc<RefCell<Pace>>,
}

impl DurableObject for Account {
    fn new(state: State, env: Env) -> Self {
        let name = state.id().name().unwrap_or_default();
        let (tenant, id) = name.split_once('/').unwrap_or_default();
        let inside = Inside {
            config: crate::settings(&env),
            tenant: tenant.to_owned(),
            id: id.to_owned(),
            memory: RefCell::default(),
            gate: gate::Gate::default(),
            live: RefCell::default(),
            state,
            env,
            saved_pace: RefCell::new(Pace::default().save()),
            pace: Rc::default(),
            counters: RefCell::default(),
        };
        inside.recall_pace();
        Self(Rc::new(inside))
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        let (done, answer) = oneshot::channel();
        let inside = Rc::clone(&self.0);
        // Begun is begun: where the caller goes away, the object carries on to the end.
        self.0.state.wait_until(async move {
            drop(done.send(serve::answer(&inside, request).await));
        });
        let answer = answer.await.map_err(|_| "the call broke off")?;
        answer.into_response()
    }

    async fn alarm(&self) -> worker::Result<Response> {
        // A failure is told to the runtime, which rings again.
        let trace = Trace::alarm(&self.0.id, self.0.config.log());
        let rung = trace::follow(Some(trace), self.0.ring()).await;
        rung.map_err(|fault| fault.report.message)?;
        Response::empty()
    }
}
