//! What is done once only: a write with an `idempotency-key` is carried out once, and its answer is kept for a day.
//!
//! Whether a call runs, waits, or is told what was answered before is decided here, from what is known of its key; the
//! store has no opinion.

mod carry;
mod keep;

use crmlink::error::{Code, Doubt, Failure, Refusal, Report, Sent};

pub(crate) use self::carry::carry_out;
pub(crate) use self::keep::Name;
use crate::fault::Fault;

/// What is known of a key.
struct Known {
    /// Of what was asked under it.
    fingerprint: String,
    /// How far that has come.
    state: Stage,
    /// When it was begun, in milliseconds.
    begun: u64,
}

/// How far a call has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Stage {
    /// It runs in this object.
    Running,
    /// It ran when the object ended: nobody knows how far it came.
    Broken,
    /// It is over, and its answer is kept.
    Done,
}

/// What becomes of a call.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Decision {
    /// It is carried out.
    Run,
    /// It is answered what was answered before.
    Replay,
}

/// When a call that broke off with its object may be begun anew.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Anew {
    /// At once: it writes the same again, or looks before it writes and sees what is there.
    AtOnce,
    /// Once the vendor's search is sure to find what it may have made.
    Settled,
    /// Never.
    Never,
}

/// Decides about a call at a time; `prints` are its fingerprints, under each key that may have made the known one.
fn decide(
    known: Option<&Known>,
    prints: &[String],
    anew: Anew,
    now: u64,
) -> Result<Decision, Fault> {
    let Some(known) = known else {
        return Ok(Decision::Run);
    };
    if !prints.contains(&known.fingerprint) {
        return Err(Fault::http(
            422,
            Code::InvalidInput,
            "this idempotency-key was used for another call on this route: take a new key for a new call",
        ));
    }
    match known.state {
        Stage::Done => Ok(Decision::Replay),
        Stage::Broken => {
            let settled = known.begun + SETTLED;
            match anew {
                Anew::AtOnce => Ok(Decision::Run),
                Anew::Settled if now >= settled => Ok(Decision::Run),
                Anew::Settled => Err(later(
                    settled - now,
                    "the first call with this idempotency-key broke off, and what it may have made cannot be found yet: \
                     ask again then",
                )),
                Anew::Never => Err(broken()),
            }
        }
        Stage::Running => Err(later(
            1_000,
            "the first call with this idempotency-key still runs: ask again in a moment",
        )),
    }
}

fn later(millis: u64, message: &str) -> Fault {
    Fault {
        headers: vec![("retry-after", millis.div_ceil(1_000).to_string())],
        ..Fault::http(409, Code::Conflict, message)
    }
}

/// Reads the header's value: 400. The quotation marks of a structured field are no part of the key.
pub(crate) fn key(value: &str) -> Result<&str, Fault> {
    let quoted = value
        .strip_prefix('"')
        .and_then(|value| value.strip_suffix('"'));
    let key = quoted.unwrap_or(value);
    let sign = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if (1..=255).contains(&key.len()) && key.bytes().all(sign) {
        return Ok(key);
    }
    let refusal = Refusal::input(
        HEADER,
        "expected 1 to 255 of a-z, A-Z, 0-9, `-` and `_`, such as a UUID",
    );
    Err(Fault {
        status: Some(400),
        ..refusal.into()
    })
}

/// Whether an error's answer is kept. What was refused before anything was sent, and what the vendor is sure not to have
/// begun, may be asked again under the same key.
fn is_kept(report: &Report) -> bool {
    let begun = !matches!(
        report.code,
        Code::RateLimited | Code::QuotaExhausted | Code::Unauthenticated
    );
    report.sent != Sent::No && begun
}

/// It cannot be told whether a create that broke off has happened.
fn broken() -> Fault {
    let message = "the first call with this idempotency-key broke off, and it cannot be told whether the vendor carried it \
                   out";
    let failure = Failure::unanswered("", Code::UnknownOutcome, Sent::Maybe, message);
    let report = Report {
        vendor: None,
        ..Report::from(&failure).in_doubt(LOOK_FIRST)
    };
    Fault {
        status: Some(409),
        ..report.into()
    }
}

/// How to find out about it.
const LOOK_FIRST: Doubt = Doubt::look_first(
    ": look for the record, and call again under a new key where it is not there",
);

/// Within what time a vendor's search finds what was written, in milliseconds: of HubSpot's, 30 seconds are reported.
const SETTLED: u64 = 60_000;

/// The header that holds the key.
const HEADER: &str = "idempotency-key";

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Anew; 3] = [Anew::AtOnce, Anew::Settled, Anew::Never];

    fn decided(
        state: Stage,
        fingerprint: &str,
        anew: Anew,
        now: u64,
    ) -> Result<Decision, (u16, Code, Sent)> {
        let known = Known {
            fingerprint: "a".to_owned(),
            state,
            begun: 1_000,
        };
        decide(
            Some(&known),
            &["c".to_owned(), fingerprint.to_owned()],
            anew,
            now,
        )
        .map_err(|fault| (fault.status.unwrap(), fault.report.code, fault.report.sent))
    }

    #[test]
    fn a_new_key_runs() {
        for anew in ALL {
            assert_eq!(decide(None, &[], anew, 0).ok(), Some(Decision::Run));
        }
    }

    #[test]
    fn what_is_over_is_told_again_and_what_runs_is_waited_for() {
        let running = Err((409, Code::Conflict, Sent::No));
        for anew in ALL {
            assert_eq!(decided(Stage::Done, "a", anew, 0), Ok(Decision::Replay));
            assert_eq!(decided(Stage::Running, "a", anew, 99_999), running);
        }
    }

    #[test]
    fn what_broke_off_is_begun_anew_only_where_that_writes_nothing_twice() {
        let decided = |anew, now| decided(Stage::Broken, "a", anew, now);
        let later = Err((409, Code::Conflict, Sent::No));
        let unknown = Err((409, Code::UnknownOutcome, Sent::Maybe));
        assert_eq!(decided(Anew::AtOnce, 1_000), Ok(Decision::Run));
        for (now, expected) in [(1_000, later), (60_999, later), (61_000, Ok(Decision::Run))] {
            assert_eq!(decided(Anew::Settled, now), expected, "{now}");
        }
        for now in [1_000, 86_400_000] {
            assert_eq!(decided(Anew::Never, now), unknown);
        }
    }

    #[test]
    fn another_call_under_the_key_is_refused_whatever_became_of_the_first() {
        for state in [Stage::Running, Stage::Broken, Stage::Done] {
            for anew in ALL {
                let other = Err((422, Code::InvalidInput, Sent::No));
                assert_eq!(decided(state, "b", anew, 99_999), other);
            }
        }
    }

    #[test]
    fn a_key_is_a_plain_word() {
        let long = "k".repeat(255);
        for good in ["a", "A-z_0", "8e03978e-40d5-43e8-bc93-6894a57f9324", &long] {
            assert_eq!(key(good).ok(), Some(good));
            assert_eq!(key(&format!("\"{good}\"")).ok(), Some(good));
        }
        let longer = "k".repeat(256);
        for bad in [
            "", "\"\"", "\"", "a b", "a,b", "é", "a/b", "a\"", "../a", "a\0", &longer,
        ] {
            let fault = key(bad).err().unwrap();
            assert_eq!(
                (fault.status, fault.report.code),
                (Some(400), Code::InvalidInput),
                "{bad}"
            );
        }
    }

    #[test]
    fn only_what_was_begun_is_kept() {
        let report = |code, sent| Report::from(&Failure::unanswered("hubspot", code, sent, "x"));
        for (code, sent, kept) in [
            (Code::InvalidInput, Sent::No, false),
            (Code::Timeout, Sent::No, false),
            (Code::RateLimited, Sent::Yes, false),
            (Code::QuotaExhausted, Sent::Yes, false),
            (Code::Unauthenticated, Sent::Yes, false),
            (Code::Timeout, Sent::Maybe, true),
            (Code::Internal, Sent::Maybe, true),
            (Code::VendorValidation, Sent::Yes, true),
            (Code::VendorUnavailable, Sent::Yes, true),
        ] {
            assert_eq!(is_kept(&report(code, sent)), kept, "{code:?} {sent:?}");
        }
    }

    #[test]
    fn who_is_to_wait_is_told_how_long_and_nobody_is_blamed() {
        let fault = |state, anew, now| {
            let known = Known {
                fingerprint: "a".to_owned(),
                state,
                begun: 1_000,
            };
            decide(Some(&known), &["a".to_owned()], anew, now)
                .err()
                .unwrap()
        };
        let running = fault(Stage::Running, Anew::Never, 1_000);
        assert_eq!(running.headers, [("retry-after", "1".to_owned())]);
        let unsettled = fault(Stage::Broken, Anew::Settled, SETTLED - 500);
        assert_eq!(unsettled.headers, [("retry-after", "2".to_owned())]);
        let broken = fault(Stage::Broken, Anew::Never, 1_000);
        assert!(broken.headers.is_empty());
        assert_eq!(broken.report.vendor, None, "no vendor has answered");
    }
}
