//! The Durable Object of one tenant: which accounts there are. It holds no secret.

use worker::{DurableObject, Env, Request, Response, State, durable_object};

/// The object, for the runtime.
#[durable_object(fetch)]
pub struct Directory {
    _state: State,
}

impl DurableObject for Directory {
    fn new(state: State, _: Env) -> Self {
        Self { _state: state }
    }

    async fn fetch(&self, _: Request) -> worker::Result<Response> {
        Response::error("nothing is asked of a directory yet", 501)
    }
}
