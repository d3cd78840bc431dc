//! An account's credentials, and the state machine that renews its token.
//!
//! **The contract: ask [`Grant::token`]. When it is stale, call [`Grant::renew`], then [`Grant::poll`] until it says `Done` or
//! `Failed`; do what each step says, and tell the grant what came of it, exactly once, before the next poll.** One renewal at
//! a time for each `Grant`: whoever shares one shares its renewal.
//!
//! # What it keeps to
//! 1. That a token call is about to be made (the intent) is durable before the call leaves; new tokens are durable before they
//!    are used. Whoever comes after a crash finds the intent, and knows that the answer may be lost.
//! 2. Each record has a version, and goes in the place of exactly the one before. Several drivers may share a store: whose
//!    record comes too late reads what is there, and takes the tokens that it finds.
//! 3. A lost answer is no refusal. The grant waits, looks whether somebody stored new tokens, and then does what its vendor
//!    allows ([`AfterLoss`]): never a second resend, never a loop.
//! 4. `invalid_grant` has three meanings. Newer tokens in the store: those are taken. Another refresh under way: wait and look,
//!    never resend. Else the grant is dead: that is stored once, and until its rest is over nobody calls the token endpoint and
//!    all get the same error.
//! 5. A token is renewed some minutes before it ends, judged by the vendor's clock as its `Date` headers show it. As long as
//!    it lives, a renewal that fails gives it once more.
//!
//! A grant has no clock: the time is an argument, in milliseconds since 1970, since stored times outlive the machine.

mod answer;
mod call;
pub mod connect;
mod credentials;
mod record;

#[cfg(test)]
mod tests;

pub use credentials::{Credentials, Kind};
pub use record::Record;

use self::answer::{Answer, Tokens};
use self::record::{Call, Intent, Kept, Rest, Why};
use crate::base64;
use crate::date;
use crate::error::{Refusal, Report};
use crate::flow::{Loss, Millis};
use crate::http::{Headers, Request, Response};
use crate::secret::Secret;
use crate::vendors::Vendor;
use crate::vendors::oauth::{AfterLoss, OAuth};

/// How long a token call may take, headers and body.
pub const PATIENCE: Millis = 20_000;

/// An account's credentials, and their renewal under way.
pub struct Grant {
    vendor: Vendor,
    facts: Option<&'static OAuth>,
    configured: Option<String>,
    /// What is durable, as far as this grant knows.
    kept: Kept,
    /// Whether no other driver shares the store.
    alone: bool,
    /// Whether the vendor refused the access token that is kept.
    suspect: bool,
    /// New tokens that are not durable yet.
    in_hand: Option<Box<Tokens>>,
    phase: Phase,
    /// What it means when a look into the store shows nothing new.
    doubt: Doubt,
    /// What was kept when this renewal began.
    before: Option<Box<Kept>>,
    nonce: u64,
    entropy: u64,
    /// Token calls of this renewal.
    calls: u32,
    /// Steps of this renewal.
    steps: u32,
    last_id: u32,
}

/// What [`Grant::token`] says.
pub enum Token<'g> {
    /// Use it, at this origin where the account has one of its own.
    Ready(&'g Secret, Option<&'g str>),
    /// A new one is due: [`Grant::renew`].
    Stale,
}

/// What the driver of a renewal is to do next.
pub enum Step {
    /// Make it durable in the place of the version before, then say [`Grant::stored`]. When another version is there, say
    /// [`Grant::reloaded`] with that; when storing failed, [`Grant::not_stored`].
    Store(Record),
    /// Read the store, and say [`Grant::reloaded`].
    Reload,
    /// Sign it, and say [`Grant::signed`].
    Sign(Assertion),
    /// Send it, wait for so long at most, and say [`Grant::answered`] or [`Grant::lost`] under this number.
    Send(u32, Request, Millis),
    /// Wait for so long.
    Wait(Millis),
    /// It is over: this is the token.
    Done(Secret),
    /// It is over: there is none.
    Failed(Report),
}

/// What is to be signed: RSASSA-PKCS1-v1_5 with SHA-256. It has no `Debug`.
pub struct Assertion {
    payload: String,
    key: Vec<u8>,
}

impl Assertion {
    /// The bytes to sign.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        self.payload.as_bytes()
    }

    /// The key, as PKCS #8 in DER: for signing, and for nothing else.
    #[must_use]
    pub fn pkcs8(&self) -> &[u8] {
        &self.key
    }
}

enum Phase {
    Idle,
    /// A record waits to be durable; what happens then.
    Storing(Box<Kept>, Then),
    Reloading,
    /// Until a time of the driver's clock.
    Pausing(Millis),
    Signing(String),
    Sending(Box<Request>),
    Sent(u32),
    Over(Option<(Why, Option<Millis>)>),
}

#[derive(Clone, Copy)]
enum Then {
    Call(Call),
    End,
    Fail(Why, Option<Millis>),
}

#[derive(Clone, Copy)]
enum Doubt {
    /// Somebody else has a call under way.
    Theirs,
    /// A call of ours was sent and not answered.
    Lost,
    /// The vendor refused; whether to look once more.
    Refused(bool),
    /// The vendor is at it; how often that was looked for.
    Busy(u32),
    /// Nothing happened yet.
    None,
}

impl Grant {
    /// A grant from its stored text, or from credentials alone (their version is 0). `configured` is where this account's
    /// traffic is sent instead of to the vendor's own hosts, if anywhere.
    ///
    /// # Errors
    /// `invalid_input` with the field's path; a value is never repeated.
    pub fn new(vendor: Vendor, text: &str, configured: Option<&str>) -> Result<Self, Refusal> {
        Ok(Self {
            vendor,
            facts: vendor.oauth(),
            configured: configured.map(str::to_owned),
            kept: Kept::read(vendor, text, configured)?,
            alone: false,
            suspect: false,
            in_hand: None,
            phase: Phase::Idle,
            doubt: Doubt::None,
            before: None,
            nonce: 0,
            entropy: 0,
            calls: 0,
            steps: 0,
            last_id: 0,
        })
    }

    /// Says that no other driver shares the store, as in a Durable Object: an intent that is found there is then one of a
    /// crash, and need not be waited for.
    #[must_use]
    pub const fn alone(mut self) -> Self {
        self.alone = true;
        self
    }

    /// What is durable, or is to be stored first.
    #[must_use]
    pub fn record(&self) -> Record {
        self.kept.record()
    }

    /// How the token is had.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kept.credentials.kind
    }

    /// The credentials, to revoke them for one.
    #[must_use]
    pub const fn credentials(&self) -> &Credentials {
        &self.kept.credentials
    }

    /// Whether a new token can be had at all: not for one that was given.
    #[must_use]
    pub fn is_renewable(&self) -> bool {
        self.facts.is_some() && self.kind() != Kind::Token
    }

    /// Whether a person has to connect the account again.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        let rest = self.kept.rest;
        rest.is_some_and(|rest| matches!(rest.why, Why::Dead | Why::Uncertain))
    }

    /// The location that the tokens are of, where the vendor said so.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.kept.credentials.location_id.as_deref()
    }

    /// When a new token will be due, by the driver's clock, where that is known: for an alarm.
    #[must_use]
    pub fn due(&self) -> Option<Millis> {
        let due = self.kept.fresh_until.or(self.kept.credentials.expires_at)?;
        Some(due.saturating_add_signed(self.kept.ahead.saturating_neg()))
    }

    /// The token, if it is good for some minutes more. While no new one is to be had, also one that is about to end.
    #[must_use]
    pub fn token(&self, now: Millis) -> Token<'_> {
        let known = &self.kept.credentials;
        let Some(access) = &known.access else {
            return Token::Stale;
        };
        let at = self.at(now);
        let early = || {
            known
                .expires_at
                .map(|end| end.saturating_sub(record::EARLY))
        };
        let fresh = self
            .kept
            .fresh_until
            .or_else(early)
            .is_none_or(|end| at < end);
        let good = fresh || (self.rest(at).is_some() && self.is_alive(now));
        match good && (!self.suspect || !self.is_renewable()) {
            true => Token::Ready(access, known.origin.as_deref()),
            false => Token::Stale,
        }
    }

    /// The vendor answered 401 to this token: whether it is worth asking [`Grant::token`] again, and renewing when it is
    /// stale. Of a token that another has replaced meanwhile it is; of one that was made just now it is not.
    pub fn refused(&mut self, token: &Secret, now: Millis) -> bool {
        let known = self.kept.credentials.access.as_ref();
        if known.is_some_and(|known| !known.is(token)) {
            return true;
        }
        let minted = self.kept.minted;
        let is_new = minted.is_some_and(|minted| self.at(now).saturating_sub(minted) < NEW);
        self.suspect |= self.is_renewable() && !is_new;
        self.suspect
    }

    /// Learns the vendor's clock from an answer of it: a token ends by that clock.
    pub fn heard(&mut self, headers: &Headers, now: Millis) {
        if let Some(ahead) = ahead(headers, now) {
            self.kept.ahead = ahead;
        }
    }

    /// Starts a renewal. `entropy` is any number, another each time: it tells whose an intent is, and spreads the waits.
    pub fn renew(&mut self, now: Millis, entropy: u64) {
        // One for all renewals of this grant: an intent of an earlier one is ours, and its call is over.
        if self.nonce == 0 {
            self.nonce = entropy.max(1);
        }
        self.entropy = entropy;
        self.calls = 0;
        self.steps = 0;
        self.doubt = Doubt::None;
        self.before = Some(Box::new(self.kept.clone()));
        if let Some(tokens) = self.in_hand.clone() {
            self.keep(tokens, now);
        } else if !self.is_renewable() {
            self.phase = Phase::Over(Some((Why::Dead, None)));
        } else if matches!(self.token(now), Token::Ready(..)) {
            self.phase = Phase::Over(None);
        } else {
            self.consider(now);
        }
    }

    /// What to do next.
    pub fn poll(&mut self, now: Millis) -> Step {
        self.steps += 1;
        if self.steps > MOST_STEPS && self.in_hand.is_none() {
            self.phase = Phase::Over(Some((Why::Silence, None)));
        }
        loop {
            match &mut self.phase {
                Phase::Storing(kept, _) => return Step::Store(kept.record()),
                Phase::Reloading => return Step::Reload,
                Phase::Pausing(until) if *until > now => return Step::Wait(*until - now),
                Phase::Pausing(_) => self.phase = Phase::Reloading,
                Phase::Signing(payload) => {
                    let payload = payload.clone();
                    // That it is there was checked when it was read.
                    let key = self.kept.credentials.pkcs8().unwrap_or_default();
                    return Step::Sign(Assertion { payload, key });
                }
                Phase::Sending(request) => {
                    let request = request.as_ref().clone();
                    self.last_id = self.last_id.wrapping_add(1);
                    self.calls += 1;
                    self.phase = Phase::Sent(self.last_id);
                    return Step::Send(self.last_id, request, PATIENCE);
                }
                // The answer is awaited; a second call is never the consequence of a second poll.
                Phase::Sent(_) => return Step::Wait(PATIENCE),
                Phase::Over(None) => return self.over(None, now),
                Phase::Over(Some(why)) => {
                    let why = *why;
                    return self.over(Some(why), now);
                }
                Phase::Idle => self.phase = Phase::Over(None),
            }
        }
    }

    /// The record of [`Step::Store`] is durable.
    pub fn stored(&mut self, now: Millis) {
        let Phase::Storing(kept, then) = std::mem::replace(&mut self.phase, Phase::Idle) else {
            return;
        };
        let ahead = self.kept.ahead;
        self.kept = *kept;
        self.kept.ahead = ahead;
        match then {
            Then::Call(call) => self.prepare(call, now),
            Then::End => {
                self.in_hand = None;
                self.suspect = false;
                self.phase = Phase::Over(None);
            }
            Then::Fail(why, wait) => {
                self.in_hand = None;
                self.phase = Phase::Over(Some((why, wait)));
            }
        }
    }

    /// The record of [`Step::Store`] could not be made durable. Without its intent no call leaves; new tokens are offered
    /// again, a few times now and first thing at the next renewal.
    pub fn not_stored(&mut self) {
        self.phase = match (
            std::mem::replace(&mut self.phase, Phase::Idle),
            &self.in_hand,
        ) {
            (storing @ Phase::Storing(..), Some(_)) if self.steps < FEW_STEPS => storing,
            _ => Phase::Over(Some((Why::Silence, None))),
        };
    }

    /// What is in the store: after [`Step::Reload`], and where [`Step::Store`] found another version than the one before.
    pub fn reloaded(&mut self, text: &str, now: Millis) {
        let Ok(mut found) = Kept::read(self.vendor, text, self.configured.as_deref()) else {
            self.phase = Phase::Over(Some((Why::App, None)));
            return;
        };
        found.ahead = self.kept.ahead;
        let is_news = found.version > self.kept.version;
        let was_storing = matches!(self.phase, Phase::Storing(..));
        if let Phase::Storing(wanted, Then::Call(_)) = &self.phase
            && found.version == wanted.version
            && found.intent.is_some_and(|intent| intent.by == self.nonce)
        {
            // It was stored after all, and only the word of it was lost.
            self.stored(now);
            return;
        }
        let before = self.before.as_deref();
        let has_tokens = before.is_some_and(|before| !found.same_tokens(before));
        if !is_news && !was_storing {
            self.nothing_new(now);
            return;
        }
        self.kept = found;
        if has_tokens {
            // Theirs: made after ours, if we have some in hand.
            self.in_hand = None;
            self.suspect = false;
            self.before = Some(Box::new(self.kept.clone()));
            match self.token(now) {
                Token::Ready(..) => self.phase = Phase::Over(None),
                Token::Stale => self.consider(now),
            }
        } else if let Some(tokens) = self.in_hand.clone() {
            // Theirs is an intent or a rest: our tokens settle both.
            self.keep(tokens, now);
        } else {
            self.consider(now);
        }
    }

    /// The signature of [`Step::Sign`].
    pub fn signed(&mut self, signature: &[u8]) {
        if let (Phase::Signing(payload), Some(facts)) = (&self.phase, self.facts) {
            let assertion = [payload, ".", &base64::url_encode(signature)].concat();
            let configured = self.configured.as_deref();
            let request = call::renew(facts, &self.kept.credentials, configured, &assertion);
            self.phase = Phase::Sending(Box::new(request));
        }
    }

    /// The key of [`Step::Sign`] cannot sign.
    pub fn not_signed(&mut self, now: Millis) {
        if matches!(self.phase, Phase::Signing(_)) {
            self.not_carried_out();
            self.close(Why::App, Some(COOL), now);
        }
    }

    /// The answer to [`Step::Send`].
    pub fn answered(&mut self, id: u32, response: &Response, now: Millis) {
        let (Phase::Sent(sent), Some(facts)) = (&self.phase, self.facts) else {
            return;
        };
        if *sent != id {
            return;
        }
        let off = ahead(&response.headers, now).map_or(0, |ahead| ahead.abs_diff(self.kept.ahead));
        self.heard(&response.headers, now);
        match answer::read(facts, response) {
            Answer::Tokens(tokens) => self.take(tokens, now),
            Answer::Unclear => self.doubt_and_look(Doubt::Lost, now),
            Answer::Busy => {
                self.not_repeated();
                self.doubt_and_look(Doubt::Busy(1), now);
            }
            Answer::Later(wait) => {
                self.not_carried_out();
                let wait = wait.unwrap_or(COOL).max(SHORT);
                if wait <= BEARABLE && self.calls < MOST_CALLS {
                    self.doubt = Doubt::None;
                    self.phase = Phase::Pausing(now.saturating_add(wait));
                } else {
                    self.close(Why::Limited, Some(wait), now);
                }
            }
            Answer::Refused => {
                self.not_repeated();
                self.close(Why::Silence, Some(COOL), now);
            }
            // An assertion that ended by the vendor's clock, which we know only now.
            Answer::Dead
                if self.kind() == Kind::JwtBearer && off > SKEWED && self.calls < MOST_CALLS =>
            {
                self.intend(Call::Renew, 1, now);
            }
            Answer::Dead | Answer::Wrong if self.is_minting() => self.minting_failed(now),
            Answer::Dead => {
                self.doubt = Doubt::Refused(!self.alone);
                self.phase = Phase::Reloading;
            }
            Answer::Wrong => {
                self.not_carried_out();
                self.close(Why::App, Some(COOL), now);
            }
        }
    }

    /// No answer will come to [`Step::Send`].
    pub fn lost(&mut self, id: u32, loss: Loss, now: Millis) {
        if !matches!(self.phase, Phase::Sent(sent) if sent == id) {
            return;
        }
        if loss == Loss::NotSent {
            self.not_carried_out();
            if self.calls < MOST_CALLS {
                self.doubt_and_look(Doubt::None, now);
            } else {
                self.close(Why::Silence, Some(SHORT), now);
            }
        } else {
            self.doubt_and_look(Doubt::Lost, now);
        }
    }

    /// Decides by what is kept.
    fn consider(&mut self, now: Millis) {
        let at = self.at(now);
        if let Some(rest) = self.rest(at) {
            let wait = rest.until.map(|until| until.saturating_sub(at));
            self.phase = Phase::Over(Some((rest.why, wait)));
            return;
        }
        match self.kept.intent {
            None => self.intend(Call::Renew, 1, now),
            Some(intent) if intent.by != self.nonce && !self.alone => {
                let until = intent.at.saturating_add(LEASE);
                if at < until {
                    self.doubt = Doubt::Theirs;
                    let pause = self.pause().min(until - at);
                    self.phase = Phase::Pausing(now.saturating_add(pause));
                } else {
                    self.after_loss(intent, now);
                }
            }
            Some(intent) => self.after_loss(intent, now),
        }
    }

    /// A look into the store showed nothing new.
    fn nothing_new(&mut self, now: Millis) {
        match self.doubt {
            Doubt::Theirs => self.consider(now),
            Doubt::Refused(true) => self.doubt_and_look(Doubt::Refused(false), now),
            Doubt::Refused(false) => self.dead(now),
            Doubt::Busy(looks) if looks < MOST_LOOKS => {
                self.doubt_and_look(Doubt::Busy(looks + 1), now);
            }
            Doubt::Busy(_) => self.close(Why::Busy, Some(SHORT), now),
            Doubt::Lost | Doubt::None => match self.kept.intent {
                Some(intent) if intent.sends > 0 => self.after_loss(intent, now),
                Some(intent) => self.intend(intent.call, 1, now),
                None => self.intend(Call::Renew, 1, now),
            },
        }
    }

    /// What to do about a call whose answer is lost, once the store shows nothing.
    fn after_loss(&mut self, intent: Intent, now: Millis) {
        let Some(facts) = self.facts else {
            return;
        };
        let may_resend = |default: bool| {
            self.kept.credentials.resend.unwrap_or(default) && intent.sends < MOST_SENDS
        };
        // Neither makes a refresh token that could be lost.
        let repeatable = self.kind() != Kind::OAuth || facts.after_loss == AfterLoss::Resend;
        let next = match facts.after_loss {
            _ if repeatable => Some((Call::Renew, intent.sends.saturating_add(1))),
            AfterLoss::Recover if self.kept.credentials.can_mint() => {
                Some((Call::Location, intent.sends))
            }
            AfterLoss::Recover if may_resend(true) => Some((Call::Renew, intent.sends + 1)),
            AfterLoss::OnlyIfTold if may_resend(false) => Some((Call::Renew, intent.sends + 1)),
            _ => None,
        };
        match next {
            Some((call, sends)) if self.calls < MOST_CALLS => self.intend(call, sends, now),
            Some(_) => self.close(Why::Silence, Some(SHORT), now),
            None => self.end_with(Why::Uncertain, None, now),
        }
    }

    /// The vendor refused the refresh token for good.
    fn dead(&mut self, now: Millis) {
        let recovers = self
            .facts
            .is_some_and(|facts| facts.after_loss == AfterLoss::Recover);
        if recovers && self.kept.credentials.can_mint() && self.calls < MOST_CALLS {
            self.intend(Call::Location, MOST_SENDS, now);
        } else {
            self.end_with(Why::Dead, Some(LONG), now);
        }
    }

    /// The agency's token brings nothing: what is left is the refresh token, if it may be sent again.
    fn minting_failed(&mut self, now: Millis) {
        let sends = self.kept.intent.map_or(0, |intent| intent.sends);
        let may_resend = self.kept.credentials.resend.unwrap_or(true);
        if sends < MOST_SENDS && may_resend && self.calls < MOST_CALLS {
            self.intend(Call::Renew, sends + 1, now);
        } else if sends < MOST_SENDS {
            self.end_with(Why::Uncertain, None, now);
        } else {
            self.end_with(Why::Dead, Some(LONG), now);
        }
    }

    /// Stores that a call is about to be made.
    fn intend(&mut self, call: Call, sends: u64, now: Millis) {
        let mut kept = self.kept.clone();
        kept.version += 1;
        kept.rest = None;
        kept.intent = Some(Intent {
            call,
            at: self.at(now),
            sends,
            by: self.nonce,
        });
        self.phase = Phase::Storing(Box::new(kept), Then::Call(call));
    }

    /// The intent is durable: makes the call.
    fn prepare(&mut self, call: Call, now: Millis) {
        let Some(facts) = self.facts else {
            return;
        };
        let known = &self.kept.credentials;
        let configured = self.configured.as_deref();
        let request = match call {
            Call::Renew if known.kind == Kind::JwtBearer => {
                self.phase = Phase::Signing(call::assertion(facts, known, self.at(now)));
                return;
            }
            Call::Renew => Some(call::renew(facts, known, configured, "")),
            Call::Location => call::location(facts, known, configured),
        };
        self.phase = match request {
            Some(request) => Phase::Sending(Box::new(request)),
            None => Phase::Over(Some((Why::App, None))),
        };
    }

    /// Takes new tokens: they are stored before they are used.
    fn take(&mut self, mut tokens: Box<Tokens>, now: Millis) {
        let own_host = self.facts.is_some_and(|facts| facts.own_host);
        let given = tokens.origin.take().filter(|_| own_host);
        let configured = self.configured.as_deref();
        // A host that is not the vendor's is not taken; the one that is known stays.
        tokens.origin = given.and_then(|given| self.vendor.account_origin(&given, configured).ok());
        self.in_hand = Some(tokens.clone());
        self.keep(tokens, now);
    }

    fn keep(&mut self, tokens: Box<Tokens>, now: Millis) {
        let at = self.at(now);
        let mut kept = self.kept.clone().with(&tokens, at);
        let own_host = self.facts.is_some_and(|facts| facts.own_host);
        let mut then = Then::End;
        if own_host && kept.credentials.origin.is_none() && self.configured.is_none() {
            // A token without a host to send it to.
            kept.rest = Some(Rest {
                why: Why::Host,
                until: Some(at.saturating_add(LONG)),
            });
            kept.credentials.access = None;
            then = Then::Fail(Why::Host, None);
        }
        self.in_hand = Some(tokens);
        self.phase = Phase::Storing(Box::new(kept), then);
    }

    /// Ends, with no call under way that may have been carried out; one that may stays in the record.
    fn close(&mut self, why: Why, rest: Option<Millis>, now: Millis) {
        let rest = match self.is_alive(now) {
            // There is a token for now: the endpoint can be left alone for longer.
            true => rest.map(|rest| rest.max(COOL)),
            false => rest,
        };
        let mut kept = self.kept.clone();
        kept.intent = kept.intent.filter(|intent| intent.sends > 0);
        self.finish(kept, why, rest, now);
    }

    /// Ends for good: what was in doubt no longer matters.
    fn end_with(&mut self, why: Why, rest: Option<Millis>, now: Millis) {
        let mut kept = self.kept.clone();
        kept.intent = None;
        self.finish(kept, why, rest, now);
    }

    fn finish(&mut self, mut kept: Kept, why: Why, rest: Option<Millis>, now: Millis) {
        kept.version += 1;
        kept.rest = Some(Rest {
            why,
            until: rest.map(|rest| self.at(now).saturating_add(rest)),
        });
        self.phase = Phase::Storing(Box::new(kept), Then::Fail(why, rest));
    }

    /// The last call was certainly not carried out.
    fn not_carried_out(&mut self) {
        if let Some(intent) = &mut self.kept.intent
            && intent.call == Call::Renew
        {
            intent.sends = intent.sends.saturating_sub(1);
        }
    }

    /// The last call was refused because of another, or it is not known why. If it was the first, nothing is in doubt; a second
    /// one was the last.
    fn not_repeated(&mut self) {
        if self.kept.intent.is_some_and(|intent| intent.sends == 1) {
            self.not_carried_out();
        }
    }

    fn doubt_and_look(&mut self, doubt: Doubt, now: Millis) {
        self.doubt = doubt;
        self.phase = Phase::Pausing(now.saturating_add(self.pause()));
    }

    /// What a renewal comes to.
    fn over(&mut self, why: Option<(Why, Option<Millis>)>, now: Millis) -> Step {
        self.phase = Phase::Idle;
        self.before = None;
        let usable = self.is_alive(now) || why.is_none();
        match (&self.kept.credentials.access, why) {
            // What is not durable is not used, and the one before it may be gone.
            _ if self.in_hand.is_some() => Step::Failed(Why::Silence.report(self.vendor, None)),
            (Some(token), _) if usable => Step::Done(token.clone()),
            (_, Some((why, wait))) => Step::Failed(why.report(self.vendor, wait)),
            (_, None) => Step::Failed(Why::Dead.report(self.vendor, None)),
        }
    }

    /// Whether the access token that is kept is still good, as far as is known.
    fn is_alive(&self, now: Millis) -> bool {
        let known = &self.kept.credentials;
        let ends = known.expires_at;
        known.access.is_some()
            && !self.suspect
            && self.is_renewable()
            && ends.is_some_and(|end| self.at(now) < end)
    }

    fn is_minting(&self) -> bool {
        let intent = self.kept.intent;
        intent.is_some_and(|intent| intent.call == Call::Location)
    }

    /// The rest that is kept, while it lasts.
    fn rest(&self, at: Millis) -> Option<Rest> {
        self.kept
            .rest
            .filter(|rest| rest.until.is_none_or(|until| at < until))
    }

    /// A time by the vendor's clock.
    const fn at(&self, now: Millis) -> Millis {
        now.saturating_add_signed(self.kept.ahead)
    }

    /// How long to wait before a look into the store: one to two seconds, another each time.
    const fn pause(&mut self) -> Millis {
        self.entropy = self
            .entropy
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        SHORT + (self.entropy >> 33) % SHORT
    }
}

/// How far the vendor's clock is ahead of ours, as far as an answer tells: to the second, and not for what a slow answer
/// explains.
fn ahead(headers: &Headers, now: Millis) -> Option<i64> {
    let now = i64::try_from(now).ok()?;
    let theirs = date::parse(headers.get("date")?, now / 1_000)?.checked_mul(1_000)?;
    let ahead = theirs.checked_sub(now)?;
    Some(if ahead.unsigned_abs() < SKEWED {
        0
    } else {
        ahead
    })
}

/// The same for a whole answer.
fn corrected(response: &Response, now: Millis) -> Option<i64> {
    ahead(&response.headers, now)
}

/// How far clocks may differ before that matters.
const SKEWED: u64 = 30_000;
/// How long after it was written an intent is another driver's business: a call of its own, and then some.
const LEASE: Millis = PATIENCE + 10_000;
/// How long a token counts as new: when the vendor refuses one so soon, another would not help.
const NEW: Millis = 30_000;
/// The shortest pause.
const SHORT: Millis = 1_000;
/// How long a renewal itself waits where the vendor asks it to.
const BEARABLE: Millis = 5_000;
/// How long a token endpoint is left alone that failed, or that refused the app.
const COOL: Millis = 30_000;
/// How long a dead grant is left alone.
const LONG: Millis = 15 * 60_000;
/// Token calls of one renewal.
const MOST_CALLS: u32 = 3;
/// How often one refresh token may be sent where a second time may do harm.
const MOST_SENDS: u64 = 2;
/// Looks for what a refresh that is under way elsewhere brings.
const MOST_LOOKS: u32 = 5;
/// Steps of one renewal: more than any needs.
const MOST_STEPS: u32 = 100;
/// Steps in which storing new tokens is tried again.
const FEW_STEPS: u32 = 20;
