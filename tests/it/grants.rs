//! That no grant is lost which its vendor lets us keep, and that no refresh token is used more often than it may be: every
//! order of drivers, every place for one of them to die and every fate of a call, tried one after the other in virtual time.
//!
//! A schedule is a list of choices. All are gone through depth first, each from the start: nothing needs to be undone.

use std::cell::RefCell;

use crmlink::endpoint::Options;
use crmlink::error::{Code, Reason, Report};
use crmlink::flow::{Loss, Millis};
use crmlink::grant::{Grant, PATIENCE, Step, Token};
use crmlink::http::{Headers, Method, Request, Response};
use crmlink::secret::Secret;
use crmlink::twin::Twins;
use crmlink::vendors::{self, Vendor};
use serde_json::{Value, json};

const START: Millis = 1_795_348_800_000;

thread_local! {
    /// Made once: a schedule resets what it needs.
    static TWINS: RefCell<Twins> = RefCell::new(Twins::few());
}

/// How an account is connected, and what its vendor lets us keep.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Account {
    HubSpot,
    Agency,
    Location,
    /// Refresh Token Rotation, and no resend.
    Salesforce,
    /// Refresh Token Rotation, and one resend.
    Told,
    Jwt,
    Client,
}

impl Account {
    const ALL: [Self; 7] = [
        Self::HubSpot,
        Self::Agency,
        Self::Location,
        Self::Salesforce,
        Self::Told,
        Self::Jwt,
        Self::Client,
    ];

    const fn vendor(self) -> Vendor {
        match self {
            Self::HubSpot => Vendor::Hubspot,
            Self::Agency | Self::Location => Vendor::Leadconnector,
            _ => Vendor::Salesforce,
        }
    }

    fn credentials(self) -> String {
        let mut fields = json!({ "kind": "oauth", "client_id": "twin-app", "client_secret": "twin-secret", "refresh_token": "twin-refresh" });
        let mut put = |name: &str, value: Value| fields[name] = value;
        match self {
            Self::HubSpot | Self::Location => {}
            Self::Agency => {
                put("agency_token", "twin-agency".into());
                put("company_id", "twin-company".into());
                put("location_id", "CLu7BaljjqrEjBGKTNNe".into());
            }
            Self::Salesforce => put("origin", "https://acme.my.salesforce.com".into()),
            Self::Told => {
                put("origin", "https://acme.my.salesforce.com".into());
                put("resend_after_loss", true.into());
            }
            Self::Jwt => {
                fields = json!({ "kind": "jwt_bearer", "client_id": "twin-app", "username": "twin@example.test", "audience": "https://login.salesforce.com", "private_key": "MAA=" });
            }
            Self::Client => {
                fields = json!({ "kind": "client_credentials", "client_id": "twin-app", "client_secret": "twin-secret", "origin": "https://acme.my.salesforce.com" });
            }
        }
        fields.to_string()
    }

    /// Whether no fate of a call and no death may lose it.
    const fn is_safe(self) -> bool {
        matches!(
            self,
            Self::HubSpot | Self::Agency | Self::Jwt | Self::Client
        )
    }

    /// How often one refresh token may be sent.
    const fn most_sends(self) -> usize {
        match self {
            Self::Salesforce => 1,
            Self::Told | Self::Location => 2,
            _ => usize::MAX,
        }
    }
}

fn answer(request: &Request, now: Millis) -> Response {
    TWINS.with_borrow_mut(|twins| twins.answer(request, now))
}

/// What is asked of the simulators themselves.
fn control(method: Method, body: Option<&str>) -> Request {
    Request {
        method,
        url: "/_twin/oauth".to_owned(),
        headers: Headers::new(),
        body: body.map(str::to_owned),
    }
}

/// Who chooses: the next of all schedules, or a seed.
enum Chooser {
    All {
        path: Vec<(usize, usize)>,
        at: usize,
    },
    Seed(u64),
}

impl Chooser {
    fn choose(&mut self, options: usize) -> usize {
        match self {
            _ if options < 2 => 0,
            Self::All { path, at } => {
                if *at == path.len() {
                    path.push((0, options));
                }
                *at += 1;
                path[*at - 1].0
            }
            Self::Seed(state) => {
                *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
                let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                usize::try_from((mixed ^ (mixed >> 31)) % options as u64).unwrap_or_default()
            }
        }
    }

    /// The next schedule; whether there is one.
    fn advance(&mut self) -> bool {
        let Self::All { path, at } = self else {
            return false;
        };
        *at = 0;
        while let Some((chosen, options)) = path.pop() {
            if chosen + 1 < options {
                path.push((chosen + 1, options));
                return true;
            }
        }
        false
    }
}

/// What may go wrong at one step.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Fate {
    Well,
    /// The driver dies before it does the step.
    DiesBefore,
    /// The driver dies after it did, and before it hears of it.
    DiesAfter,
    /// The call never left, and that is known.
    NotSent,
    /// The call never arrived, and that is not known.
    LostBefore,
    /// The call was carried out, and its answer is lost.
    LostAfter,
    /// The call is carried out when nobody expects it any more.
    Late,
    /// The call was carried out, and the answer says nothing.
    Garbled,
    /// The store does not take it.
    NotStored,
    /// The driver sleeps for longer than others wait for it.
    Stalls,
}

const FOR_ALL: &[Fate] = &[Fate::Well, Fate::DiesBefore, Fate::DiesAfter, Fate::Stalls];
const FOR_STORES: &[Fate] = &[
    Fate::Well,
    Fate::DiesBefore,
    Fate::DiesAfter,
    Fate::Stalls,
    Fate::NotStored,
];
const FOR_CALLS: &[Fate] = &[
    Fate::Well,
    Fate::DiesBefore,
    Fate::DiesAfter,
    Fate::Stalls,
    Fate::NotSent,
    Fate::LostBefore,
    Fate::LostAfter,
    Fate::Late,
    Fate::Garbled,
];

/// One driver of a renewal, with a grant of its own.
struct Driver {
    grant: Grant,
    wake: Millis,
    coming: Option<(u32, Result<Response, Loss>)>,
    end: Option<Result<Secret, Box<Report>>>,
    lives: u64,
}

struct World<'c> {
    account: Account,
    alone: bool,
    chooser: &'c mut Chooser,
    faults: u32,
    now: Millis,
    stored: (u64, String),
    drivers: Vec<Driver>,
    late: Vec<Request>,
    /// Every call that the vendor saw, in order.
    calls: Vec<Request>,
    log: Vec<String>,
}

fn draw(
    account: Account,
    alone: bool,
    drivers: u64,
    faults: u32,
    chooser: &mut Chooser,
) -> World<'_> {
    answer(&control(Method::Post, Some(r#"{"reset":true}"#)), START);
    let text = account.credentials();
    let first = Grant::new(account.vendor(), &text, None).expect("credentials");
    let mut world = World {
        account,
        alone,
        chooser,
        faults,
        now: START,
        stored: (0, first.record().sealable().to_owned()),
        drivers: Vec::new(),
        late: Vec::new(),
        calls: Vec::new(),
        log: Vec::new(),
    };
    for number in 0..drivers {
        let driver = world.born(number + 1, 0);
        world.drivers.push(driver);
    }
    world
}

impl World<'_> {
    fn born(&self, number: u64, lives: u64) -> Driver {
        let grant = Grant::new(self.account.vendor(), &self.stored.1, None).expect("a record");
        let mut grant = match self.alone {
            true => grant.alone(),
            false => grant,
        };
        let mut end = None;
        match grant.token(self.now) {
            Token::Ready(token, _) => end = Some(Ok(token.clone())),
            Token::Stale => grant.renew(self.now, number * 1_000 + lives + 1),
        }
        Driver {
            grant,
            wake: self.now,
            coming: None,
            end,
            lives,
        }
    }

    /// Runs until all drivers are done.
    fn run(&mut self) {
        for _ in 0..2_000 {
            let mut awake = Vec::new();
            for (place, driver) in self.drivers.iter().enumerate() {
                if driver.end.is_none() && driver.wake <= self.now {
                    awake.push(place);
                }
            }
            let waiting = self.drivers.iter().filter(|driver| driver.end.is_none());
            let Some(next) = waiting.map(|driver| driver.wake).min() else {
                // What is late arrives at last.
                while let Some(request) = self.late.pop() {
                    self.arrives(&request);
                }
                return;
            };
            if awake.is_empty() {
                if let Some(request) = self.late.pop() {
                    if self.chooser.choose(2) == 0 {
                        self.arrives(&request);
                    } else {
                        self.late.push(request);
                        self.now = next;
                    }
                } else {
                    self.now = next;
                }
                continue;
            }
            let place = awake[self.chooser.choose(awake.len())];
            self.step(place);
        }
        panic!("no end: {:#?}", self.log);
    }

    fn fate(&mut self, fates: &[Fate]) -> Fate {
        if self.faults == 0 {
            return Fate::Well;
        }
        let fate = fates[self.chooser.choose(fates.len())];
        self.faults -= u32::from(fate != Fate::Well);
        fate
    }

    fn step(&mut self, place: usize) {
        if let Some((id, answer)) = self.drivers[place].coming.take() {
            let now = self.now;
            let grant = &mut self.drivers[place].grant;
            match answer {
                Ok(response) => grant.answered(id, &response, now),
                Err(loss) => grant.lost(id, loss, now),
            }
            return;
        }
        let step = self.drivers[place].grant.poll(self.now);
        let (word, fates) = match &step {
            Step::Store(_) => ("stores", FOR_STORES),
            Step::Reload => ("reloads", FOR_ALL),
            Step::Sign(_) => ("signs", FOR_ALL),
            Step::Send(..) => ("sends", FOR_CALLS),
            Step::Wait(_) => ("waits", &FOR_ALL[..2]),
            Step::Done(_) => ("has it", &FOR_ALL[..1]),
            Step::Failed(_) => ("fails", &FOR_ALL[..1]),
        };
        let fate = self.fate(fates);
        self.log.push(format!(
            "{:>7} ms  driver {place} {word} {fate:?}",
            self.now - START
        ));
        if fate == Fate::DiesBefore {
            return self.dies(place);
        }
        let wake = match fate {
            Fate::Stalls => self.now + 2 * PATIENCE,
            _ => self.now,
        };
        let now = wake;
        match step {
            Step::Store(record) => {
                let fits = record.version == self.stored.0 + 1;
                if fits && fate != Fate::NotStored {
                    self.stored = (record.version, record.sealable().to_owned());
                }
                let there = self.stored.1.clone();
                let grant = &mut self.drivers[place].grant;
                match (fits, fate) {
                    (_, Fate::DiesAfter) => {}
                    (_, Fate::NotStored) => grant.not_stored(),
                    (true, _) => grant.stored(now),
                    (false, _) => grant.reloaded(&there, now),
                }
            }
            Step::Reload => {
                let there = self.stored.1.clone();
                self.drivers[place].grant.reloaded(&there, now);
            }
            Step::Sign(_) => self.drivers[place].grant.signed(b"signature"),
            Step::Send(id, request, _) => {
                let answer = match fate {
                    Fate::NotSent => Err(Loss::NotSent),
                    Fate::LostBefore => Err(Loss::Broken),
                    Fate::LostAfter => {
                        self.arrives(&request);
                        Err(Loss::Timeout)
                    }
                    Fate::Late => {
                        self.late.push(request);
                        Err(Loss::Timeout)
                    }
                    Fate::Garbled => {
                        let mut response = self.arrives(&request);
                        response.body.truncate(response.body.len() / 2);
                        Ok(response)
                    }
                    _ => Ok(self.arrives(&request)),
                };
                self.drivers[place].wake = match answer {
                    Err(Loss::Timeout) => self.now + PATIENCE,
                    _ => wake + 50,
                };
                self.drivers[place].coming = Some((id, answer));
            }
            Step::Wait(span) => self.drivers[place].wake = wake + span,
            Step::Done(token) => self.drivers[place].end = Some(Ok(token)),
            Step::Failed(report) => {
                let driver = &mut self.drivers[place];
                // The caller comes back once, as callers do, where it is told that this may help.
                if report.retryable && driver.lives < 6 {
                    driver.lives += 1;
                    driver.wake = now + report.retry_after.unwrap_or(5_000);
                    driver.grant.renew(driver.wake, now);
                } else {
                    driver.end = Some(Err(Box::new(report)));
                }
            }
        }
        if fate == Fate::DiesAfter {
            self.dies(place);
        } else if fate == Fate::Stalls {
            self.drivers[place].wake = self.drivers[place].wake.max(wake);
        }
    }

    /// Another takes its place, with nothing but what is stored.
    fn dies(&mut self, place: usize) {
        let lives = self.drivers[place].lives + 1;
        self.drivers[place] = self.born(place as u64 + 1, lives * 100);
        self.drivers[place].lives = lives;
    }

    fn arrives(&mut self, request: &Request) -> Response {
        self.calls.push(request.clone());
        answer(request, self.now)
    }

    fn outcomes(&mut self) -> Vec<String> {
        let shown = answer(&control(Method::Get, None), self.now).body;
        let shown: Value = serde_json::from_str(&shown).expect("JSON");
        let calls = shown["calls"].as_array().expect("calls").iter();
        calls
            .map(|call| call["outcome"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// How often the refresh token was sent that was sent most often.
    fn sends(&self) -> usize {
        let mut tokens: Vec<_> = self
            .calls
            .iter()
            .filter_map(|call| call.body.as_deref()?.split_once("refresh_token=twin"))
            .map(|(_, rest)| rest.split('&').next().unwrap_or_default())
            .collect();
        tokens.sort_unstable();
        tokens
            .chunk_by(|one, other| one == other)
            .map(<[_]>::len)
            .max()
            .unwrap_or_default()
    }

    /// Whether the vendor takes a token.
    fn takes(&mut self, token: &Secret) -> bool {
        let options = Options {
            token: Some(token.clone()),
            origin: Some("https://acme.my.salesforce.com".to_owned()),
            ..Options::default()
        };
        let (name, parameters): (_, &[_]) = match self.account.vendor() {
            Vendor::Hubspot => (
                "hubspot.associations.createDefault",
                &[
                    ("fromObjectType", "deals"),
                    ("fromObjectId", "301"),
                    ("toObjectType", "contacts"),
                    ("toObjectId", "101"),
                ],
            ),
            Vendor::Leadconnector => ("leadconnector.associations.get", &[("associationId", "1")]),
            _ => (
                "salesforce.sobjects.update",
                &[
                    ("version", "v66.0"),
                    ("sobject", "Account"),
                    ("id", "0015e00000AcmeAAAR"),
                ],
            ),
        };
        let facts = vendors::endpoint(name).expect("an endpoint").facts;
        let mut request = facts.request(&options, parameters).expect("a request");
        request.headers.set("version", "2021-07-28");
        answer(&request, self.now).status != 401
    }

    /// What must hold whatever happened.
    fn check(&mut self, harmed: bool) {
        let account = self.account;
        let log =
            |world: &Self, what: &str| format!("{account:?}: {what}\n{}\n", world.log.join("\n"));
        assert!(
            self.sends() <= account.most_sends(),
            "{}",
            log(self, "sent too often")
        );
        let mut lost = false;
        for place in 0..self.drivers.len() {
            match self.drivers[place].end.take().expect("an end") {
                Ok(token) => {
                    // A later resend that is allowed may have revoked it; nothing else may.
                    let taken = self.takes(&token);
                    let revoked = harmed && account == Account::Told;
                    assert!(
                        taken || revoked,
                        "{}",
                        log(self, "a token that is not taken")
                    );
                }
                Err(report) => {
                    assert_eq!(
                        (report.code, report.reason),
                        (Code::Unauthenticated, Some(Reason::Reauthenticate)),
                        "{}",
                        log(self, &report.message)
                    );
                    lost = true;
                }
            }
        }
        assert!(
            !(lost && (account.is_safe() || !harmed)),
            "{}",
            log(self, "a grant is lost")
        );
        if !harmed {
            assert_eq!(
                self.outcomes(),
                ["minted"],
                "{}",
                log(self, "one call, and no more")
            );
        }
        // The next caller finds what the last one left, and needs no call where there is a token or none to be had.
        let before = self.calls.len();
        let next = Grant::new(account.vendor(), &self.stored.1, None).expect("a record");
        let dead = next.is_dead();
        assert!(!dead || !account.is_safe(), "{}", log(self, "dead"));
        self.faults = 0;
        self.now += 2 * PATIENCE;
        self.drivers = vec![self.born(99, 0)];
        self.run();
        let end = self.drivers[0].end.take().expect("an end");
        assert_eq!(
            end.is_err(),
            dead || end.as_ref().is_err_and(|report| report.reason.is_some())
        );
        assert!(
            end.is_ok() || !account.is_safe(),
            "{}",
            log(self, "no token in the end")
        );
        assert!(
            dead <= (self.calls.len() == before),
            "{}",
            log(self, "a dead grant is called")
        );
    }
}

/// Tries all schedules; how many there are.
fn all(account: Account, alone: bool, drivers: u64, faults: u32) -> usize {
    let mut chooser = Chooser::All {
        path: Vec::new(),
        at: 0,
    };
    let mut tried = 0;
    loop {
        let mut world = draw(account, alone, drivers, faults, &mut chooser);
        world.run();
        let harmed = world.faults < faults;
        world.check(harmed);
        tried += 1;
        if !chooser.advance() {
            return tried;
        }
    }
}

/// One driver that dies, or whose call meets some fate, at every step, twice.
#[test]
fn a_driver_may_die_at_every_step() {
    for account in Account::ALL {
        let tried = all(account, true, 1, 2);
        assert!(tried > 100, "{account:?}: {tried}");
        println!("{account:?}: {tried} schedules of one driver and two faults");
    }
}

/// Two to four drivers that share a store and nothing else, in every order: one call, and all have its token.
#[test]
fn drivers_that_share_a_store_make_one_call() {
    for account in Account::ALL {
        let most = match account {
            Account::HubSpot | Account::Location | Account::Salesforce => 4,
            _ => 3,
        };
        for drivers in 2..=most {
            let tried = all(account, false, drivers, 0);
            println!("{account:?}: {tried} orders of {drivers} drivers");
        }
    }
}

/// Two that share a store, one fault anywhere.
#[test]
fn two_drivers_and_a_fault() {
    for account in Account::ALL {
        let tried = all(account, false, 2, 1);
        println!("{account:?}: {tried} schedules of two drivers and a fault");
    }
}

/// More drivers and more faults than can be gone through: as many as there is time for, by seeds.
#[test]
fn many_drivers_and_many_faults() {
    for seed in 0..1_400_u64 {
        let account = Account::ALL[usize::try_from(seed % 7).unwrap_or_default()];
        let mut chooser = Chooser::Seed(seed);
        let drivers = 1 + seed / 7 % 4;
        let faults = u32::try_from(1 + seed / 28 % 5).unwrap_or_default();
        let mut world = draw(account, drivers == 1, drivers, faults, &mut chooser);
        world.run();
        let harmed = world.faults < faults;
        world.check(harmed);
    }
}
