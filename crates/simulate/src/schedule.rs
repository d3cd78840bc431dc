//! One schedule: an operation, its faults, and the order in which its answers come.

use crmlink::error::{Code, Failure, Report, Sent};
use crmlink::flow::{Flow, Loss, Millis, Todo};
use crmlink::http::{Headers, Request, Response};
use crmlink::pace::Pace;
use crmlink::secret::Secret;
use crmlink::twin::Twins;
use crmlink::unified::receipt::Receipt;

use crate::chance::Chance;
use crate::oracle;
use crate::world::{Ask, World};

/// What became of a schedule.
pub(crate) struct Run {
    /// Why it failed.
    pub(crate) fault: Option<String>,
    pub(crate) requests: u64,
    pub(crate) faults: u64,
    pub(crate) outcome: Outcome,
}

/// How much of what was asked is so.
pub(crate) enum Outcome {
    Whole,
    Part,
    Unknown,
    None,
}

/// When an operation has no right to run any longer, and after how many steps it must have ended.
const LONGEST: Millis = 15 * 60 * 1_000;
const MOST_STEPS: usize = 5_000;

/// When the clock starts.
const START: Millis = 1_795_348_800_000;

/// How long a driver waits for an answer.
const PATIENCE: Millis = 25_000;

pub(crate) fn run(world: &World, seed: u64, aloud: bool) -> Run {
    let mut chance = Chance::new(seed);
    let mut run = Run {
        fault: None,
        requests: 0,
        faults: 0,
        outcome: Outcome::None,
    };
    let Some((before, ask)) = world.ask(&mut chance) else {
        run.fault = Some("nothing can be asked".to_owned());
        return run;
    };
    let mut twins = world.twins.clone();
    if let Some(before) = before {
        // Its own end is not the matter: it makes a state.
        let mut quiet = Weather::clear();
        drop(carry_out(
            &mut twins,
            &before,
            &mut chance,
            &mut quiet,
            &mut run,
            false,
        ));
    }
    let state = match oracle::State::of(&mut twins, &ask) {
        Ok(state) => state,
        Err(fault) => {
            run.fault = Some(fault);
            return run;
        }
    };
    let mut weather = Weather::of(&mut chance);
    if aloud {
        println!(
            "{} at {}: {}",
            ask.operation,
            ask.vendor.as_str(),
            ask.input
        );
    }
    let receipt = match carry_out(&mut twins, &ask, &mut chance, &mut weather, &mut run, aloud) {
        Ok(Some(receipt)) => receipt,
        // The input was refused: nothing was sent.
        Ok(None) => return run,
        Err(fault) => {
            run.fault = Some(fault);
            return run;
        }
    };
    run.outcome = oracle::outcome(&receipt);
    run.fault = oracle::judge(&state, &mut twins, &ask, &receipt).err();
    // The same again under a clear sky ends what was begun, and writes nothing twice.
    if run.fault.is_none() {
        let again = carry_out(
            &mut twins,
            &ask,
            &mut chance,
            &mut Weather::clear(),
            &mut run,
            aloud,
        );
        run.fault = match again {
            Ok(Some(receipt)) => oracle::judge(&state, &mut twins, &ask, &receipt)
                .err()
                .map(|fault| format!("again under a clear sky: {fault}")),
            Ok(None) => None,
            Err(fault) => Some(fault),
        };
    }
    run
}

/// Carries an operation out in virtual time; `None` when its input was refused.
pub(crate) fn carry_out(
    twins: &mut Twins,
    ask: &Ask,
    chance: &mut Chance,
    weather: &mut Weather,
    run: &mut Run,
    aloud: bool,
) -> Result<Option<Receipt>, String> {
    let input = ask.input.to_string();
    let started = Flow::start(
        ask.vendor,
        ask.operation,
        &input,
        &ask.options(),
        chance.next(),
    );
    let Ok(mut flow) = started else {
        return Ok(None);
    };
    let mut now = START;
    let pace = &mut Pace::default();
    let deadline = weather.deadline.map(|span| START + span);
    if let Some(deadline) = deadline {
        flow.until(deadline);
    }
    if weather.renews {
        flow.renewable();
    }
    // When the token that was asked for comes.
    let mut token = None;
    let mut coming: Vec<(Millis, u32, Result<Response, Loss>)> = Vec::new();
    for _ in 0..MOST_STEPS {
        if now - START > LONGEST {
            return Err(format!("still running after {} s", (now - START) / 1_000));
        }
        if weather.cancels(chance) {
            flow.abort();
        }
        if deadline.is_some_and(|deadline| now > deadline) {
            return Err("still running after its deadline".to_owned());
        }
        if token.is_some_and(|due| due <= now) {
            token = None;
            flow.renewed(renewal(ask, chance));
        }
        let until = match flow.poll(now, pace) {
            Todo::Send(id, request, patience) => {
                run.requests += 1;
                let answer = weather.answer(twins, &request, now, chance, run);
                let (delay, answer) = match answer {
                    (delay, _) if delay > patience => (patience, Err(Loss::Timeout)),
                    answer => answer,
                };
                if aloud {
                    let body = request.body.as_deref().unwrap_or_default();
                    println!(
                        "{:>7} ms  {} {} {body}",
                        now - START,
                        request.method,
                        request.url
                    );
                    println!("        after {delay} ms {answer:?}");
                }
                coming.push((now + delay, id, answer));
                continue;
            }
            Todo::Renew if !weather.renews => {
                return Err("wants a token that nobody can renew".to_owned());
            }
            Todo::Renew => {
                token = Some(now + 1 + chance.below(weather.slowness));
                continue;
            }
            Todo::Done if !coming.is_empty() => {
                return Err("done while an answer was awaited".to_owned());
            }
            Todo::Done => {
                let receipt = match flow.receipt() {
                    Ok(receipt) => receipt,
                    Err(nothing) => nothing.receipt,
                };
                return Ok(Some(receipt));
            }
            Todo::Wait(span) => Some(now.saturating_add(span.max(1))),
            Todo::Await if coming.is_empty() && token.is_none() => {
                return Err("waits for an answer that never comes".to_owned());
            }
            Todo::Await => None,
        };
        let first = coming.iter().map(|(due, _, _)| *due).min();
        now = [until, first, token]
            .into_iter()
            .flatten()
            .min()
            .unwrap_or(now)
            .max(now);
        while let Some(place) = coming.iter().position(|(due, _, _)| *due <= now) {
            let (_, id, answer) = coming.swap_remove(place);
            match answer {
                Ok(response) => flow.answered(id, &response, now, pace),
                Err(loss) => flow.lost(id, loss, now, pace),
            };
        }
    }
    Err(format!("no end after {MOST_STEPS} steps"))
}

/// A new token, or none.
fn renewal(ask: &Ask, chance: &mut Chance) -> Result<Secret, Report> {
    match ask.options().token {
        Some(token) if !chance.percent(20) => Ok(token),
        _ => Err(Report::from(&Failure::unanswered(
            "",
            Code::Timeout,
            Sent::Maybe,
            "no token",
        ))),
    }
}

/// How much goes wrong.
pub(crate) struct Weather {
    /// Faults in a hundred requests.
    faults: u64,
    /// The first requests that go well.
    spared: u64,
    /// Cancellations in a hundred steps.
    cancels: u64,
    /// The greatest delay of an answer.
    slowness: Millis,
    /// How long the operation may take.
    deadline: Option<Millis>,
    /// Whether the driver can get a new token.
    renews: bool,
}

impl Weather {
    pub(crate) const fn clear() -> Self {
        Self {
            faults: 0,
            spared: 0,
            cancels: 0,
            slowness: 50,
            deadline: None,
            renews: false,
        }
    }

    fn of(chance: &mut Chance) -> Self {
        Self {
            faults: chance
                .pick(&[5, 20, 40, 70, 95])
                .copied()
                .unwrap_or_default(),
            spared: chance.pick(&[0, 0, 1, 2]).copied().unwrap_or_default(),
            cancels: chance.pick(&[0, 0, 0, 0, 3]).copied().unwrap_or_default(),
            slowness: chance.pick(&[50, 2_000, 20_000]).copied().unwrap_or(50),
            deadline: match chance.below(4) {
                0 => Some(1 + chance.below(60_000)),
                _ => None,
            },
            renews: chance.percent(50),
        }
    }

    const fn cancels(&self, chance: &mut Chance) -> bool {
        self.cancels > 0 && chance.percent(self.cancels)
    }

    /// What comes back for a request, and after how long.
    fn answer(
        &mut self,
        twins: &mut Twins,
        request: &Request,
        now: Millis,
        chance: &mut Chance,
        run: &mut Run,
    ) -> (Millis, Result<Response, Loss>) {
        let delay = 1 + chance.below(self.slowness);
        let spared = self.spared > 0;
        self.spared = self.spared.saturating_sub(1);
        if spared || !chance.percent(self.faults) {
            return (delay, Ok(twins.answer(request, now)));
        }
        run.faults += 1;
        // Whether the vendor does what was asked although its answer will not say so.
        let done = chance.percent(50);
        let arrived = |twins: &mut Twins| match done {
            true => Some(twins.answer(request, now)),
            false => None,
        };
        let page = |status: u16, body: &str| Response {
            status,
            headers: Headers::new(),
            body: body.to_owned(),
        };
        let answer = match chance.below(15) {
            0 => Err(Loss::NotSent),
            1 => {
                arrived(twins);
                Err(Loss::Broken)
            }
            2 => {
                arrived(twins);
                return (PATIENCE, Err(Loss::Timeout));
            }
            3 => {
                arrived(twins);
                Ok(page(500, "{\"message\":\"internal error\"}"))
            }
            4 => {
                arrived(twins);
                Ok(page(502, "<html><body>Bad gateway</body></html>"))
            }
            5 => {
                arrived(twins);
                Ok(page(504, ""))
            }
            // A 503 says that the request was not worked on.
            6 => {
                let mut response = page(503, "");
                response.headers.set("retry-after", "2");
                Ok(response)
            }
            7 => {
                arrived(twins);
                Ok(page(200, "<html><body>Welcome</body></html>"))
            }
            // The body breaks off: what was done was done.
            8 | 9 => {
                let mut response = twins.answer(request, now);
                let length = chance.below(response.body.len() as u64 + 1);
                let mut end = usize::try_from(length).unwrap_or_default();
                while !response.body.is_char_boundary(end) {
                    end -= 1;
                }
                response.body.truncate(end);
                Ok(response)
            }
            10 => Ok(throttled(chance)),
            11 => Ok(page(401, OVER[usize::from(chance.percent(50))])),
            12 => Ok(page(403, "")),
            13 => {
                arrived(twins);
                Ok(page(200, "{}"))
            }
            _ => {
                arrived(twins);
                Ok(page(200, "[]"))
            }
        };
        (delay, answer)
    }
}

/// A token that is over, in the words of HubSpot and LeadConnector, and in those of Salesforce.
const OVER: [&str; 2] = [
    r#"{"category":"EXPIRED_AUTHENTICATION","message":"access token is invalid"}"#,
    r#"[{"errorCode":"INVALID_SESSION_ID","message":"Session expired or invalid"}]"#,
];

fn throttled(chance: &mut Chance) -> Response {
    let mut headers = Headers::new();
    let hints = ["", "0", "1", "7", "3600", "soon", "-5"];
    if let Some(hint) = chance.pick(&hints).filter(|hint| !hint.is_empty()) {
        headers.set("retry-after", *hint);
    }
    Response {
        status: 429,
        headers,
        body: String::new(),
    }
}
