//! `crmlink-simulate`: seeded schedules of operations, faults and interleavings against the simulators, in virtual time.
//!
//! For each seed one operation runs (links and their definitions, upserts of all kinds) while its requests are late, lost,
//! cut short, answered wrongly, twice or out of order. In every third its token ends on the way: the account's grant renews it
//! at the simulators' token endpoints while other drivers share the store, calls are lost and drivers die. Afterwards the
//! simulators' ledger is the witness: nothing was written twice, no receipt said more than was true, the operation ended in its
//! time, no grant is lost that its vendor lets us keep, and no refresh token was sent more often than it may be. The same seed
//! gives the same schedule on every machine.
//!
//! Of the fault matrix it expresses: too many requests in each form and for a while (F1, F2, F3, F43, F44), a wait that is too
//! long (F5), locked (F6), failures before and after the commit (F7 to F10, F12), a connection that is refused (F11), bodies that
//! break off, pages, empty and wrong bodies (F13 to F15), other statuses of success (F17), tokens that end, are refused again or
//! are revoked (F18 to F20), renewals that race, are lost or die (F21 to F23), answers and repeatable requests that are
//! delivered twice (F24), bodies that do not end in time (F25), are too large (F26) or packed (F45), a store that fails (F41), and
//! deadlines and cancellation. A create that the network delivers twice is not among them: no client can help that.

#![allow(
    clippy::indexing_slicing,
    reason = "a tool of the tests: what JSON lacks reads as null, and a fault of its own may end it"
)]

mod account;
mod chance;
mod oracle;
mod schedule;
mod weather;
mod world;

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use schedule::Outcome;

const USAGE: &str = "\
crmlink-simulate [--seeds N] [--from N]   run N schedules (100000), beginning with a seed (0)
crmlink-simulate --seed N                 run one schedule and print what happened";

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let number = |name: &str| {
        let place = arguments.iter().position(|argument| argument == name)?;
        arguments.get(place + 1)?.parse::<u64>().ok()
    };
    if arguments.iter().any(|argument| argument == "--help") {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    if let Some(seed) = number("--seed") {
        let run = schedule::run(&world::World::new(), seed, true);
        return match run.fault {
            None => ExitCode::SUCCESS,
            Some(fault) => {
                println!("{fault}");
                ExitCode::FAILURE
            }
        };
    }
    many(
        number("--from").unwrap_or(0),
        number("--seeds").unwrap_or(100_000),
    )
}

/// How many failing seeds are printed.
const PRINTED: u64 = 10;

#[allow(
    clippy::disallowed_methods,
    reason = "a tool may tell how long it took"
)]
fn many(from: u64, seeds: u64) -> ExitCode {
    let began = Instant::now();
    let next = AtomicU64::new(from);
    let failed = AtomicU64::new(0);
    let tally = Tally::default();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let world = world::World::new();
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= from + seeds || failed.load(Ordering::Relaxed) >= PRINTED {
                        return;
                    }
                    let run = schedule::run(&world, seed, false);
                    tally.add(&run);
                    if let Some(fault) = run.fault {
                        failed.fetch_add(1, Ordering::Relaxed);
                        println!(
                            "seed {seed}: {fault}\n  again: npm run simulate -- --seed {seed}"
                        );
                    }
                }
            });
        }
    });
    let failed = failed.into_inner();
    let seconds = began.elapsed().as_secs();
    println!("{tally}");
    println!("{seeds} schedules from seed {from} in {seconds} s: {failed} failed");
    match failed {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// What the schedules did, so that a run that tried nothing is seen.
#[derive(Default)]
struct Tally {
    requests: AtomicU64,
    faults: AtomicU64,
    renewals: AtomicU64,
    whole: AtomicU64,
    part: AtomicU64,
    unknown: AtomicU64,
    none: AtomicU64,
}

impl Tally {
    fn add(&self, run: &schedule::Run) {
        self.requests.fetch_add(run.requests, Ordering::Relaxed);
        self.faults.fetch_add(run.faults, Ordering::Relaxed);
        self.renewals.fetch_add(run.renewals, Ordering::Relaxed);
        let outcome = match run.outcome {
            Outcome::Whole => &self.whole,
            Outcome::Part => &self.part,
            Outcome::Unknown => &self.unknown,
            Outcome::None => &self.none,
        };
        outcome.fetch_add(1, Ordering::Relaxed);
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let all = [
            ("requests", &self.requests),
            ("faults", &self.faults),
            ("renewals", &self.renewals),
            ("done", &self.whole),
            ("partly", &self.part),
            ("not told", &self.unknown),
            ("not done", &self.none),
        ];
        let words = all.map(|(name, count)| format!("{} {name}", count.load(Ordering::Relaxed)));
        f.write_str(&words.join(", "))
    }
}
