//! The account's token: renewed by one caller for all that wait.

use std::rc::Rc;
use std::time::Duration;

use crmlink::error::{Code, Report};
use crmlink::flow::Renewed;
use crmlink::grant::{Step, Token};
use crmlink::secret::Secret;
use futures_util::FutureExt;
use worker::Delay;

use super::Inside;
use super::store::Kept;
use crate::drive::Renew;
use crate::fault::Fault;
use crate::{crypto, drive};

/// Gets another token of an account, once its vendor has refused this one.
pub(super) fn instead_of(refused: Secret, inside: &Rc<Inside>, kept: &Rc<Kept>) -> Renew {
    let (inside, kept) = (Rc::clone(inside), Rc::clone(kept));
    Rc::new(move || {
        let (inside, kept, refused) = (Rc::clone(&inside), Rc::clone(&kept), refused.clone());
        async move { inside.another(&kept, &refused).await }.boxed_local()
    })
}

impl Inside {
    /// A token that is good for some minutes, and the origin where it is good, unless that is the vendor's own.
    pub(crate) async fn token(&self, kept: &Kept) -> Result<Renewed, Fault> {
        if let Some(ready) = self.ready(kept)? {
            return Ok(ready);
        }
        // Who waited finds the token that another has renewed, or hears at once what it heard.
        let _pass = self.gate.enter().await;
        if let Some(ready) = self.ready(kept)? {
            return Ok(ready);
        }
        self.renew(kept).await?;
        let silent = || {
            Fault::http(
                503,
                Code::Internal,
                "the token was renewed and is not there",
            )
        };
        self.ready(kept)?.ok_or_else(silent)
    }

    fn ready(&self, kept: &Kept) -> Result<Option<Renewed>, Fault> {
        let grant = kept.grant.borrow();
        let Token::Ready(token, own) = grant.token(drive::now()) else {
            return Ok(None);
        };
        let origin = self.config.origin(kept.vendor)?.or(own);
        Ok(Some(Renewed {
            token: token.clone(),
            origin: origin.map(str::to_owned),
        }))
    }

    /// The vendor has refused this token: another one, where there is one to be had.
    async fn another(&self, kept: &Kept, refused: &Secret) -> Result<Renewed, Report> {
        let is_worth_it = kept.grant.borrow_mut().refused(refused, drive::now());
        if is_worth_it {
            let renewed = self.token(kept).await.map_err(|fault| fault.report)?;
            if !renewed.token.is(refused) {
                return Ok(renewed);
            }
        }
        let message = "the vendor refuses the account's token, and there is no other to be had";
        let fault = Fault::http(401, Code::Unauthenticated, message);
        Err(fault.report)
    }

    /// Renews a token that nobody has asked for since it ended a week ago: at some vendors a refresh token ends that is not
    /// used. Answers when to look again; never, where the account has no such token, or does not open.
    pub(super) async fn stay_alive(&self, now: u64) -> Option<u64> {
        let kept = self.kept().await.ok()??;
        let due = || {
            let grant = kept.grant.borrow();
            let is_alive = grant.is_renewable() && !grant.is_dead();
            is_alive.then(|| grant.due().unwrap_or(now).saturating_add(IDLE))
        };
        if due()? <= now {
            drop(self.token(&kept).await);
        }
        // Where it failed, the next try is a day later.
        Some(due()?.max(now + DAY))
    }

    /// Carries a renewal out. Whoever calls it is the only one inside.
    async fn renew(&self, kept: &Kept) -> Result<(), Fault> {
        let grant = &kept.grant;
        grant.borrow_mut().renew(drive::now(), drive::entropy());
        loop {
            let step = grant.borrow_mut().poll(drive::now());
            match step {
                Step::Store(record) => {
                    let stored = self.store(kept, record.sealable()).await;
                    let mut grant = grant.borrow_mut();
                    match stored {
                        Ok(()) => grant.stored(drive::now()),
                        Err(_) => grant.not_stored(),
                    }
                }
                // Nobody else writes to this object's storage: what is in memory is what is there.
                Step::Reload => {
                    let mut grant = grant.borrow_mut();
                    let record = grant.record();
                    grant.reloaded(record.sealable(), drive::now());
                }
                Step::Sign(assertion) => {
                    let signed = crypto::rs256(assertion.pkcs8(), assertion.payload()).await;
                    let mut grant = grant.borrow_mut();
                    match signed {
                        Ok(Some(signature)) => grant.signed(&signature),
                        _ => grant.not_signed(drive::now()),
                    }
                }
                Step::Send(id, request, patience) => {
                    let patience = Duration::from_millis(patience);
                    let came = drive::answer(&request, patience).await;
                    let mut grant = grant.borrow_mut();
                    match came {
                        Ok(response) => grant.answered(id, &response, drive::now()),
                        Err(loss) => grant.lost(id, loss, drive::now()),
                    }
                }
                Step::Wait(millis) => Delay::from(Duration::from_millis(millis)).await,
                Step::Done(_) => return Ok(()),
                Step::Failed(report) => return Err(report.into()),
            }
        }
    }
}

/// How long a token may lie unused once it has ended, in milliseconds. Salesforce's refresh tokens end after 30 days.
pub(super) const IDLE: u64 = 7 * DAY;
const DAY: u64 = 24 * 60 * 60 * 1_000;
