//! One schedule: an operation, its faults, and the order in which its answers come.

use crmlink::error::{Code, Failure, Report, Sent};
use crmlink::flow::{Flow, Loss, Millis, Renewed, Todo};
use crmlink::http::Response;
use crmlink::pace::Pace;
use crmlink::secret::Secret;
use crmlink::twin::Twins;
use crmlink::unified::receipt::Receipt;

use crate::account::Account;
use crate::chance::Chance;
use crate::oracle;
use crate::weather::Weather;
use crate::world::{Ask, World};

/// What became of a schedule.
pub(crate) struct Run {
    /// Why it failed.
    pub(crate) fault: Option<String>,
    pub(crate) requests: u64,
    pub(crate) faults: u64,
    pub(crate) renewals: u64,
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
pub(crate) const START: Millis = 1_795_348_800_000;

/// How long a driver waits for an answer.
pub(crate) const PATIENCE: Millis = 25_000;

/// How long after it the operation is asked for again, under a clear sky: rests are over by then.
const LATER: Millis = 20 * 60 * 1_000;

impl Run {
    pub(crate) const fn new() -> Self {
        Self {
            fault: None,
            requests: 0,
            faults: 0,
            renewals: 0,
            outcome: Outcome::None,
        }
    }
}

pub(crate) fn run(world: &World, seed: u64, aloud: bool) -> Run {
    let mut run = Run::new();
    run.fault = tried(world, seed, aloud, &mut run).err();
    run
}

/// A schedule, or what is wrong with how it went.
fn tried(world: &World, seed: u64, aloud: bool, run: &mut Run) -> Result<(), String> {
    let chance = &mut Chance::new(seed);
    let (before, ask) = world.ask(chance).ok_or("nothing can be asked")?;
    let twins = &mut world.twins.clone();
    let clear = &mut Weather::clear();
    if let Some(before) = before {
        // Its own end is not the matter: it makes a state.
        drop(carry_out(
            twins,
            &before,
            None,
            START,
            (chance, clear),
            run,
            false,
        ));
    }
    let state = oracle::State::of(twins, &ask)?;
    if aloud {
        println!(
            "{} at {}: {}",
            ask.operation,
            ask.vendor.as_str(),
            ask.input
        );
    }
    let mut account = Account::of(ask.vendor, twins, chance, START, aloud)?;
    let weather = &mut Weather::of(chance);
    let done = carry_out(
        twins,
        &ask,
        account.as_mut(),
        START,
        (chance, weather),
        run,
        aloud,
    )?;
    // The input was refused: nothing was sent.
    let Some((receipt, end)) = done else {
        return Ok(());
    };
    run.outcome = oracle::outcome(&receipt);
    oracle::judge(&state, twins, &ask, &receipt)?;
    // The same again under a clear sky ends what was begun, tells what could not be told, and writes nothing twice. Of an account that is dead a person
    // connects another.
    let later = end + LATER;
    if let Some(known) = &mut account
        && !known.judge(twins, later)?
    {
        account = None;
    }
    let account = account.as_mut();
    let state = state.now(twins, &ask)?;
    match carry_out(twins, &ask, account, later, (chance, clear), run, aloud)? {
        Some((receipt, _)) => oracle::judge(&state, twins, &ask, &receipt)
            .and_then(|()| oracle::known(&receipt))
            .map_err(|fault| format!("again under a clear sky: {fault}")),
        None => Ok(()),
    }
}

/// Carries an operation out in virtual time, and says when it ended; `None` when its input was refused.
pub(crate) fn carry_out(
    twins: &mut Twins,
    ask: &Ask,
    mut account: Option<&mut Account>,
    began: Millis,
    (chance, weather): (&mut Chance, &mut Weather),
    run: &mut Run,
    aloud: bool,
) -> Result<Option<(Receipt, Millis)>, String> {
    let input = ask.input.to_string();
    let options = match &account {
        Some(account) => account.options(ask.options()),
        None => ask.options(),
    };
    let Ok(mut flow) = Flow::start(ask.vendor, ask.operation, &input, &options, chance.next())
    else {
        return Ok(None);
    };
    if account.is_some() || weather.renews {
        flow.renewable();
    }
    let deadline = weather.deadline.map(|span| began + span);
    if let Some(deadline) = deadline {
        flow.until(deadline);
    }
    let mut now = began;
    let pace = &mut Pace::default();
    let mut renewing = false;
    // When the token that was asked for comes, where it is not an account's.
    let mut token = None;
    let mut coming: Vec<(Millis, u32, Result<Response, Loss>)> = Vec::new();
    for _ in 0..MOST_STEPS {
        if now - began > LONGEST {
            return Err(format!("still running after {} s", (now - began) / 1_000));
        }
        if weather.cancels(chance) {
            flow.abort();
        }
        if deadline.is_some_and(|deadline| now > deadline) {
            return Err("still running after its deadline".to_owned());
        }
        if token.is_some_and(|due| due <= now) {
            token = None;
            flow.renewed(renewal(ask, chance).map(Renewed::from));
        }
        if let Some(account) = &mut account
            && !weather.is_clear()
        {
            account.chance(twins, now, chance);
        }
        let until = match flow.poll(now, pace) {
            Todo::Send(id, request, patience) => {
                run.requests += 1;
                let answer = weather.answer(twins, &request, (now, began), chance, run);
                let (delay, answer) = match answer {
                    (delay, _) if delay > patience => (patience, Err(Loss::Timeout)),
                    answer => answer,
                };
                if aloud {
                    let body = request.body.as_deref().unwrap_or_default();
                    let after = now - began;
                    println!("{after:>7} ms  {} {} {body}", request.method, request.url);
                    println!("        after {delay} ms {answer:?}");
                }
                coming.push((now + delay, id, answer));
                continue;
            }
            Todo::Renew if renewing => return Err("wants a second token".to_owned()),
            Todo::Renew => {
                renewing = true;
                run.renewals += 1;
                match &mut account {
                    Some(account) => {
                        if let Some(end) = account.refused(now, chance) {
                            flow.renewed(end.map(Renewed::from));
                        }
                    }
                    None if weather.renews => {
                        token = Some(now + 1 + chance.below(weather.slowness))
                    }
                    None => return Err("wants a token that nobody can renew".to_owned()),
                }
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
                return Ok(Some((receipt, now)));
            }
            Todo::Wait(span) => Some(now.saturating_add(span.max(1))),
            Todo::Await if coming.is_empty() && !renewing => {
                return Err("waits for an answer that never comes".to_owned());
            }
            Todo::Await => None,
        };
        let first = coming.iter().map(|(due, _, _)| *due).min();
        let wake = account.as_ref().and_then(|account| account.wake());
        let next = [until, first, wake, token].into_iter().flatten().min();
        now = next.ok_or("waits for nothing")?.max(now);
        if let Some(account) = &mut account
            && let Some(end) = account.advance(twins, now, chance, weather, run)?
        {
            if aloud {
                println!("{:>7} ms  renewed: {}", now - began, end.is_ok());
            }
            flow.renewed(end.map(Renewed::from));
        }
        while let Some(place) = coming.iter().position(|(due, _, _)| *due <= now) {
            let (_, id, answer) = coming.swap_remove(place);
            // What is handed over a second time is nobody's answer.
            for _ in 0..1 + u32::from(weather.echoes(chance)) {
                match &answer {
                    Ok(response) => flow.answered(id, response, now, pace),
                    Err(loss) => flow.lost(id, *loss, now, pace),
                };
            }
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
