//! Drives an operation in virtual time.

use crmlink::endpoint::Options;
use crmlink::flow::{Flow, Loss, Todo};
use crmlink::http::{Request, Response};
use crmlink::pace::Pace;
use crmlink::retry::Policy;
use crmlink::secret::Secret;
use crmlink::unified::operation::Operation;
use crmlink::vendors::Vendor;

use crate::text::choose;

/// Stands in no input, so that wherever it turns up it has leaked.
pub(crate) const TOKEN: &str = "canary-7f3a9c-token";

/// An operation by its name, or any.
pub(crate) fn operation(name: &str) -> Operation {
    let all: Vec<_> = Operation::all().collect();
    *choose(&all, name, |operation| operation.as_str())
}

pub(crate) fn options(vendor: Vendor) -> Options {
    Options {
        token: Secret::new(TOKEN).ok(),
        origin: (vendor == Vendor::Salesforce).then(|| "https://vendor.example".to_owned()),
        location_id: Some("l1".to_owned()),
        integrated_account_id: Some("62f44730-dd91-461e-bd6a-aedd9e0ad79d".to_owned()),
        ..Options::default()
    }
}

/// More calls than any operation on the inputs of this crate may need.
const MOST: usize = 5_000;

/// Answers (or loses) each request before the next one is asked for.
pub(crate) fn drive(flow: &mut Flow<'_>, mut send: impl FnMut(&Request) -> Result<Response, Loss>) {
    let (mut now, mut sent) = (0, 0);
    let pace = &mut Pace::default();
    loop {
        match flow.poll(now, pace) {
            Todo::Send(id, request, _) => {
                sent += 1;
                assert!(sent <= MOST, "{} calls, and no end", sent);
                match send(&request) {
                    Ok(response) => flow.answered(id, &response, now, pace),
                    Err(loss) => flow.lost(id, loss, now, pace),
                }
            }
            Todo::Wait(span) => {
                assert!(span <= Policy::default().longest, "a wait of {span} ms");
                now += span.max(1);
            }
            Todo::Renew => panic!("nobody said that the token can be renewed"),
            Todo::Await => panic!("waits for an answer that it has"),
            Todo::Done => return,
        }
    }
}
