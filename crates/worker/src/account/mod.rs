//! The Durable Object of one integrated account. Every call on an account is carried out inside it, so that what must be
//! single is single: its credentials, their renewal, and what its vendor lets us do.
//!
//! - `call`: how the Worker hands a call over, once it has checked who calls.
//! - `serve`: what the object does with it.

mod call;
mod serve;

use std::rc::Rc;

use crmlink::endpoint::Options;
use crmlink::vendors::Vendor;
use futures_channel::oneshot;
use worker::{DurableObject, Env, Request, Response, State, durable_object};

use crate::config::Config;

pub(crate) use call::{Call, hand};

/// The object, for the runtime.
#[durable_object(fetch)]
pub struct Account(Rc<Inside>);

/// What the object has.
pub(crate) struct Inside {
    pub(crate) state: State,
    pub(crate) config: Rc<Config>,
}

/// An account as its vendor is reached.
pub(crate) struct Held {
    /// The vendor.
    pub(crate) vendor: Vendor,
    /// With what its requests are built.
    pub(crate) options: Options,
}

impl DurableObject for Account {
    fn new(state: State, env: Env) -> Self {
        let config = crate::settings(&env);
        Self(Rc::new(Inside { state, config }))
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
}
