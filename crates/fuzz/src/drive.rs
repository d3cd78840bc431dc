//! Drives an operation in virtual time.

use crmlink::endpoint::Options;
use crmlink::flow::{Flow, Loss, Millis, Renewed, Todo};
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

/// What the driver can do.
#[derive(Clone, Copy)]
pub(crate) struct How {
    /// It can get a new token.
    pub(crate) renews: bool,
    /// It has ten seconds.
    pub(crate) hurried: bool,
}

/// More calls than any operation on the inputs of this crate may need.
const MOST: usize = 5_000;

/// The time that an operation has.
const IN_A_HURRY: Millis = 10_000;

/// Answers (or loses) each request after a tenth of a second, before the next one is asked for. Nothing is sent without the
/// token or after the operation's time, no wait is longer than the policy's longest, and one new token is asked for at most.
pub(crate) fn drive(
    flow: &mut Flow<'_>,
    how: How,
    mut send: impl FnMut(&Request) -> Result<Response, Loss>,
) {
    let (mut now, mut sent, mut renewed) = (0, 0, 0);
    let mut bearer = format!("Bearer {TOKEN}");
    let pace = &mut Pace::default();
    if how.renews {
        flow.renewable();
    }
    if how.hurried {
        flow.until(IN_A_HURRY);
    }
    loop {
        match flow.poll(now, pace) {
            Todo::Send(id, request, patience) => {
                sent += 1;
                assert!(sent <= MOST, "{sent} calls, and no end");
                assert_eq!(request.headers.get("authorization"), Some(bearer.as_str()));
                assert!(patience > 0);
                assert!(
                    !how.hurried || now + patience <= IN_A_HURRY,
                    "sent too late"
                );
                let outcome = send(&request);
                now += if matches!(outcome, Err(Loss::Timeout)) {
                    patience
                } else {
                    100
                };
                match outcome {
                    Ok(response) => flow.answered(id, &response, now, pace),
                    Err(loss) => flow.lost(id, loss, now, pace),
                };
            }
            Todo::Wait(span) => {
                assert!(span <= Policy::default().longest, "a wait of {span} ms");
                assert!(!how.hurried || now < IN_A_HURRY, "waits too late");
                now += span.max(1);
            }
            Todo::Renew => {
                renewed += 1;
                assert!(how.renews && renewed == 1, "a second renewal");
                bearer.push_str("-2");
                let token = Secret::new(format!("{TOKEN}-2"));
                flow.renewed(
                    token
                        .map(Renewed::from)
                        .map_err(|refusal| (&refusal).into()),
                );
            }
            Todo::Await => panic!("waits for an answer that it has"),
            Todo::Done => return,
        }
    }
}
