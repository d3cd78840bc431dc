//! An account whose token ends: its grant, the store, and another driver that shares it.

use crmlink::endpoint::Options;
use crmlink::error::{Code, Failure, Reason, Report, Sent};
use crmlink::flow::{Loss, Millis};
use crmlink::grant::{Grant, PATIENCE, Step, Token};
use crmlink::http::{Headers, Method, Request, Response};
use crmlink::secret::Secret;
use crmlink::twin::Twins;
use crmlink::vendors::Vendor;
use serde_json::{Value, json};

use crate::chance::Chance;
use crate::schedule::Run;
use crate::weather::Weather;

/// How an account is connected, and what its vendor lets us keep.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    HubSpot,
    Agency,
    Location,
    Salesforce,
    Told,
    Client,
}

/// An account, its store, and its drivers.
pub(crate) struct Account {
    kind: Kind,
    vendor: Vendor,
    stored: (u64, String),
    ours: Driver,
    /// Another isolate, that comes and goes.
    theirs: Option<Driver>,
    /// The token in use.
    pub(crate) token: Secret,
    calls: Vec<Request>,
    /// Whether the vendor was told to forget the grant.
    revoked: bool,
    aloud: bool,
}

struct Driver {
    grant: Grant,
    /// Nothing is under way without it.
    wake: Option<Millis>,
    coming: Option<(u32, Result<Response, Loss>)>,
    deaths: u32,
}

type End = Result<Secret, Report>;

impl Account {
    /// For some schedules: an account of this vendor, with a token that was just made.
    pub(crate) fn of(
        vendor: Vendor,
        twins: &mut Twins,
        chance: &mut Chance,
        now: Millis,
        aloud: bool,
    ) -> Result<Option<Self>, String> {
        if !chance.percent(35) {
            return Ok(None);
        }
        let kinds: &[_] = match vendor {
            Vendor::Hubspot => &[Kind::HubSpot],
            Vendor::Leadconnector => &[Kind::Agency, Kind::Location],
            Vendor::Salesforce => &[Kind::Salesforce, Kind::Told, Kind::Client],
            Vendor::Truto => return Ok(None),
        };
        let kind = chance.pick(kinds).copied().unwrap_or(Kind::HubSpot);
        let life = chance.pick(&[3, 20, 45, 600]).copied().unwrap_or(600);
        // No other vendor is known to refuse one of two refreshes at once.
        let processing = match vendor {
            Vendor::Salesforce => chance.pick(&[0, 2_000]).copied().unwrap_or_default(),
            _ => 0,
        };
        tell(
            twins,
            now,
            &json!({ "vendor": vendor.as_str(), "expires_in": life, "processing": processing }),
        );
        let grant = born(vendor, &kind.credentials())?;
        let stored = (0, grant.record().sealable().to_owned());
        let mut account = Self {
            kind,
            vendor,
            stored,
            ours: Driver::new(grant),
            theirs: None,
            token: Secret::new("none").map_err(|refusal| refusal.to_string())?,
            calls: Vec::new(),
            revoked: false,
            aloud,
        };
        account.settle(twins, now)?;
        if account.calls.len() != 1 {
            return Err(format!(
                "{kind:?}: {} calls for one token",
                account.calls.len()
            ));
        }
        Ok(Some(account))
    }

    pub(crate) fn options(&self, mut options: Options) -> Options {
        options.token = Some(self.token.clone());
        options
    }

    /// The vendor no longer takes the token: the new one, if it is there, or a renewal begins.
    pub(crate) fn refused(&mut self, now: Millis, chance: &mut Chance) -> Option<End> {
        let grant = &mut self.ours.grant;
        if !grant.refused(&self.token, now) {
            let message = "a token that was made just now is refused";
            let failure = Failure::unanswered(
                self.vendor.as_str(),
                Code::Unauthenticated,
                Sent::No,
                message,
            );
            return Some(Err(Report::from(&failure)));
        }
        if let Token::Ready(token, _) = grant.token(now) {
            self.token = token.clone();
            return Some(Ok(self.token.clone()));
        }
        self.ours.renew(now, chance);
        None
    }

    /// When the next driver has something to do.
    pub(crate) fn wake(&self) -> Option<Millis> {
        let theirs = self.theirs.as_ref().and_then(|driver| driver.wake);
        [self.ours.wake, theirs].into_iter().flatten().min()
    }

    /// What happens to accounts besides: all tokens end, another isolate comes, the customer takes the grant back.
    pub(crate) fn chance(&mut self, twins: &mut Twins, now: Millis, chance: &mut Chance) {
        let vendor = self.vendor.as_str();
        match chance.below(200) {
            0..4 => tell(twins, now, &json!({ "vendor": vendor, "expire": true })),
            4..12 if self.theirs.is_none() => {
                if let Ok(grant) = born(self.vendor, &self.stored.1) {
                    let mut driver = Driver::new(grant);
                    // It may have had a 401 too.
                    let token = match driver.grant.token(now) {
                        Token::Ready(token, _) => Some(token.clone()),
                        Token::Stale => None,
                    };
                    if token.is_none_or(|token| driver.grant.refused(&token, now)) {
                        driver.renew(now, chance);
                        self.theirs = Some(driver);
                    }
                }
            }
            12 => {
                self.revoked = true;
                tell(twins, now, &json!({ "vendor": vendor, "revoke": true }));
            }
            _ => {}
        }
    }

    /// Lets the drivers do what is due; what became of the renewal, once it is over.
    pub(crate) fn advance(
        &mut self,
        twins: &mut Twins,
        now: Millis,
        chance: &mut Chance,
        weather: &Weather,
        run: &mut Run,
    ) -> Result<Option<End>, String> {
        for _ in 0..500 {
            if let Some(mut theirs) = self.theirs.take()
                && theirs.wake.is_some()
            {
                if theirs.is_due(now) {
                    // What it comes to is its own business.
                    self.step(&mut theirs, twins, now, chance, weather, run)?;
                }
                if theirs.wake.is_some() {
                    self.theirs = Some(theirs);
                }
            }
            if self.ours.is_due(now) {
                let idle = Driver::new(born(self.vendor, &self.stored.1)?);
                let mut ours = std::mem::replace(&mut self.ours, idle);
                let end = self.step(&mut ours, twins, now, chance, weather, run)?;
                self.ours = ours;
                if let Some(end) = end {
                    if let Ok(token) = &end {
                        self.token = token.clone();
                    }
                    return Ok(Some(end));
                }
            }
            if self.wake().is_none_or(|wake| wake > now) {
                return Ok(None);
            }
        }
        Err("a renewal without an end".to_owned())
    }

    /// One step of one driver.
    fn step(
        &mut self,
        driver: &mut Driver,
        twins: &mut Twins,
        now: Millis,
        chance: &mut Chance,
        weather: &Weather,
        run: &mut Run,
    ) -> Result<Option<End>, String> {
        if let Some((id, answer)) = driver.coming.take() {
            match answer {
                Ok(response) => driver.grant.answered(id, &response, now),
                Err(loss) => driver.grant.lost(id, loss, now),
            }
            return Ok(None);
        }
        let step = driver.grant.poll(now);
        // Half of what strikes kills: before the step, or after it.
        let struck = weather.strikes(chance);
        let dies = struck && driver.deaths < 4 && chance.percent(50);
        let before = dies && chance.percent(50);
        run.faults += u64::from(struck);
        if self.aloud {
            println!(
                "        renewal: {} {}",
                name(&step),
                if dies { "and dies" } else { "" }
            );
        }
        if before && !matches!(step, Step::Done(_) | Step::Failed(_)) {
            return self.dies(driver, now, chance);
        }
        match step {
            Step::Store(record) if record.version == self.stored.0 + 1 => {
                if struck && !dies && chance.percent(50) {
                    driver.grant.not_stored();
                } else {
                    self.stored = (record.version, record.sealable().to_owned());
                    driver.grant.stored(now);
                }
            }
            Step::Store(_) | Step::Reload => driver.grant.reloaded(&self.stored.1.clone(), now),
            Step::Sign(_) => driver.grant.signed(b"signature"),
            Step::Wait(span) => driver.wake = Some(now + span.max(1)),
            Step::Send(id, request, _) => {
                let mut delay = 1 + chance.below(500);
                let answer = match struck && !dies {
                    false => Ok(self.arrives(&request, twins, now)),
                    true => match chance.below(6) {
                        0 => Err(Loss::NotSent),
                        1 => Err(Loss::Broken),
                        2 => {
                            self.arrives(&request, twins, now);
                            delay = PATIENCE;
                            Err(Loss::Timeout)
                        }
                        3 => {
                            self.arrives(&request, twins, now);
                            Ok(page(502, "<html>"))
                        }
                        4 => {
                            let mut response = self.arrives(&request, twins, now);
                            response.body.truncate(response.body.len() / 2);
                            Ok(response)
                        }
                        _ => Ok(page(429, "")),
                    },
                };
                driver.coming = Some((id, answer));
                driver.wake = Some(now + delay);
            }
            Step::Done(token) => {
                driver.wake = None;
                return Ok(Some(Ok(token)));
            }
            Step::Failed(report) => {
                driver.wake = None;
                let told = (report.code, report.reason);
                let dead = told == (Code::Unauthenticated, Some(Reason::Reauthenticate));
                if dead && !self.may_be_dead() {
                    return Err(format!(
                        "{:?}: the grant is lost: {}",
                        self.kind, report.message
                    ));
                }
                return Ok(Some(Err(report)));
            }
        }
        match dies {
            true => self.dies(driver, now, chance),
            false => Ok(None),
        }
    }

    /// Another takes the driver's place, with nothing but what is stored.
    fn dies(
        &self,
        driver: &mut Driver,
        now: Millis,
        chance: &mut Chance,
    ) -> Result<Option<End>, String> {
        let deaths = driver.deaths + 1;
        *driver = Driver::new(born(self.vendor, &self.stored.1)?);
        driver.deaths = deaths;
        let found = match driver.grant.token(now) {
            Token::Ready(token, _) => Some(token.clone()),
            Token::Stale => None,
        };
        match found {
            // Newer than the one in use: somebody made it.
            Some(token) if !token.is(&self.token) => Ok(Some(Ok(token))),
            Some(token) => {
                if !driver.grant.refused(&token, now) {
                    return Ok(Some(Ok(token)));
                }
                driver.renew(now, chance);
                Ok(None)
            }
            None => {
                driver.renew(now, chance);
                Ok(None)
            }
        }
    }

    fn arrives(&mut self, request: &Request, twins: &mut Twins, now: Millis) -> Response {
        self.calls.push(request.clone());
        twins.answer(request, now)
    }

    /// Whether the grant can be lost at all.
    const fn may_be_dead(&self) -> bool {
        self.revoked || matches!(self.kind, Kind::Location | Kind::Salesforce | Kind::Told)
    }

    /// Has a token made with nothing in the way.
    fn settle(&mut self, twins: &mut Twins, now: Millis) -> Result<(), String> {
        let mut chance = Chance::new(now);
        let mut run = Run::new();
        let clear = Weather::clear();
        let mut now = now;
        if let Token::Ready(token, _) = self.ours.grant.token(now) {
            self.token = token.clone();
            return Ok(());
        }
        self.ours.renew(now, &mut chance);
        for _ in 0..200 {
            if let Some(end) = self.advance(twins, now, &mut chance, &clear, &mut run)? {
                return end.map(drop).map_err(|report| report.message);
            }
            now = self.wake().unwrap_or(now);
        }
        Err("no token".to_owned())
    }

    /// No refresh token was sent more often than it may be.
    fn count(&self) -> Result<(), String> {
        let most = match self.kind {
            Kind::Salesforce => 1,
            Kind::Location | Kind::Told => 2,
            _ => usize::MAX,
        };
        let mut sent: Vec<_> = self
            .calls
            .iter()
            .filter_map(|call| call.body.as_deref()?.split_once("refresh_token=twin"))
            .map(|(_, rest)| rest.split('&').next().unwrap_or_default())
            .collect();
        sent.sort_unstable();
        match sent
            .chunk_by(|one, other| one == other)
            .find(|same| same.len() > most)
        {
            Some(same) => Err(format!(
                "{:?}: twin{} was sent {} times",
                self.kind,
                same.first().unwrap_or(&""),
                same.len()
            )),
            None => Ok(()),
        }
    }

    /// What must hold of it in the end: no refresh token was sent more often than it may be, and a grant that can be kept is.
    /// Whether it lives.
    pub(crate) fn judge(&mut self, twins: &mut Twins, now: Millis) -> Result<bool, String> {
        self.count()?;
        // Another isolate gave up, or has found what there is.
        self.theirs = None;
        self.ours = Driver::new(born(self.vendor, &self.stored.1)?);
        if self.ours.grant.is_dead() {
            return match self.may_be_dead() {
                true => Ok(false),
                false => Err(format!("{:?}: the grant is dead", self.kind)),
            };
        }
        if let Err(why) = self.settle(twins, now) {
            return match self.may_be_dead() {
                true => Ok(false),
                false => Err(format!("{:?}: no token in the end: {why}", self.kind)),
            };
        }
        Ok(true)
    }
}

impl Driver {
    const fn new(grant: Grant) -> Self {
        Self {
            grant,
            wake: None,
            coming: None,
            deaths: 0,
        }
    }

    fn renew(&mut self, now: Millis, chance: &mut Chance) {
        self.grant.renew(now, chance.next());
        self.wake = Some(now);
    }

    fn is_due(&self, now: Millis) -> bool {
        self.wake.is_some_and(|wake| wake <= now)
    }
}

impl Kind {
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
            Self::Salesforce | Self::Told => {
                put("origin", "https://acme.my.salesforce.com".into());
                put("resend_after_loss", (self == Self::Told).into());
            }
            Self::Client => {
                fields = json!({ "kind": "client_credentials", "client_id": "twin-app", "client_secret": "twin-secret", "origin": "https://acme.my.salesforce.com" });
            }
        }
        fields.to_string()
    }
}

fn born(vendor: Vendor, text: &str) -> Result<Grant, String> {
    Grant::new(vendor, text, None).map_err(|refusal| refusal.to_string())
}

fn tell(twins: &mut Twins, now: Millis, body: &Value) {
    let request = Request {
        method: Method::Post,
        url: "/_twin/oauth".to_owned(),
        headers: Headers::new(),
        body: Some(body.to_string()),
    };
    twins.answer(&request, now);
}

fn page(status: u16, body: &str) -> Response {
    Response {
        status,
        headers: Headers::new(),
        body: body.to_owned(),
    }
}

const fn name(step: &Step) -> &'static str {
    match step {
        Step::Store(_) => "stores",
        Step::Reload => "reloads",
        Step::Sign(_) => "signs",
        Step::Send(..) => "sends",
        Step::Wait(_) => "waits",
        Step::Done(_) => "is done",
        Step::Failed(_) => "fails",
    }
}
