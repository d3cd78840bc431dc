//! One at a time.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use futures_channel::oneshot::{self, Sender};

/// Lets one in at a time, in the order in which they came. An object's `fetch()` does not wait for another's.
#[derive(Clone, Default)]
pub(super) struct Gate(Rc<Inner>);

#[derive(Default)]
struct Inner {
    taken: Cell<bool>,
    waiting: RefCell<VecDeque<Sender<Pass>>>,
}

/// The right to be inside; who drops it lets the next one in.
pub(super) struct Pass(Gate);

impl Gate {
    /// Waits for one's turn.
    pub(super) async fn enter(&self) -> Pass {
        if self.0.taken.replace(true) {
            let (next, turn) = oneshot::channel();
            self.0.waiting.borrow_mut().push_back(next);
            if let Ok(pass) = turn.await {
                return pass;
            }
        }
        Pass(self.clone())
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let next = self.0.0.waiting.borrow_mut().pop_front();
        match next {
            None => self.0.0.taken.set(false),
            // It comes back where nobody waits for it any more, and is dropped again.
            Some(next) => drop(next.send(Self(self.0.clone()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    #[test]
    fn one_at_a_time_in_the_order_in_which_they_came() {
        let gate = Gate::default();
        let context = &mut Context::from_waker(Waker::noop());
        let mut first = pin!(gate.enter());
        let Poll::Ready(pass) = first.as_mut().poll(context) else {
            panic!("nobody is inside");
        };
        let mut second = pin!(gate.enter());
        assert!(second.as_mut().poll(context).is_pending());
        {
            // Who goes away while waiting is passed over.
            let mut third = Box::pin(gate.enter());
            assert!(third.as_mut().poll(context).is_pending());
        }
        let mut fourth = pin!(gate.enter());
        assert!(fourth.as_mut().poll(context).is_pending());
        drop(pass);
        assert!(fourth.as_mut().poll(context).is_pending());
        let Poll::Ready(pass) = second.as_mut().poll(context) else {
            panic!("it was its turn");
        };
        drop(pass);
        assert!(fourth.as_mut().poll(context).is_ready());
    }
}
