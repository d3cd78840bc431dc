//! What several tests need: reading options, and a driver that answers at once.

use crmlink::endpoint::Options;
use crmlink::flow::{Flow, Loss, Millis, NothingDone, Todo};
use crmlink::http::{Request, Response};
use crmlink::pace::Pace;
use crmlink::unified::receipt::Receipt;
use proptest::test_runner::{Config as ProptestConfig, RngSeed};
use serde_json::Value;

/// The same inputs each time: a test that fails once in a thousand runs teaches people to run it again.
/// `PROPTEST_RNG_SEED` tries others, `PROPTEST_CASES` more of them.
pub(crate) fn cases(number: u32) -> ProptestConfig {
    let chosen = ProptestConfig::default();
    let told = std::env::var_os("PROPTEST_CASES").is_some();
    ProptestConfig {
        cases: if told { chosen.cases } else { number },
        rng_seed: match chosen.rng_seed {
            RngSeed::Random => RngSeed::Fixed(0),
            fixed @ RngSeed::Fixed(_) => fixed,
        },
        failure_persistence: None,
        ..chosen
    }
}

/// Options from their JSON shape; none is the default.
pub(crate) fn options(value: Option<&Value>) -> Options {
    value.map_or_else(Options::default, |value| {
        Options::parse(&value.to_string()).expect("options of the documented shape")
    })
}

/// Drives a flow to its end in virtual time, each request answered (or lost) before the next one is asked for.
///
/// # Panics
/// When the flow never ends.
pub(crate) fn drive(
    flow: &mut Flow<'_>,
    mut send: impl FnMut(&Request, Millis) -> Result<Response, Loss>,
) -> Result<Receipt, Box<NothingDone>> {
    let mut now = 1_000;
    let pace = &mut Pace::default();
    for _ in 0..10_000 {
        match flow.poll(now, pace) {
            Todo::Send(id, request, _) => {
                match send(&request, now) {
                    Ok(response) => flow.answered(id, &response, now, pace),
                    Err(loss) => flow.lost(id, loss, now, pace),
                };
            }
            Todo::Renew => panic!("nobody said that the token can be renewed"),
            Todo::Wait(span) => now += span.max(1),
            Todo::Await => panic!("the flow waits for an answer that it has"),
            Todo::Done => return flow.receipt(),
        }
    }
    panic!("the flow never ends")
}

/// The receipt of an operation on links.
pub(crate) fn linking(receipt: &Receipt) -> &crmlink::unified::receipt::Linking {
    match receipt {
        Receipt::Links(linking) => linking,
        other => panic!("expected links, got {other:?}"),
    }
}
