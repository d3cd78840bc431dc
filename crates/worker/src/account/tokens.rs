//! The account's browser tokens: made, taken back, and counted. What is taken back is seen by the next call, and what is
//! spent is counted before anything is sent: each account has one object, which does one thing after the other.

use serde_json::json;
use worker::SqlStorageValue;

use super::serve::vendor_of;
use super::{Inside, time};
use crate::access::{self, Claims, Permit, Wish, browser};
use crate::answer::Answer;
use crate::drive;
use crate::fault::Fault;
use crate::incoming::Incoming;
use crate::json::Shape;
use crate::route::Tokens;

/// Does what is asked about the tokens of an account that there is.
pub(super) async fn serve(
    permit: &Permit,
    inside: &Inside,
    asked: Tokens,
    names: &[String],
    incoming: &mut Incoming,
) -> Result<Answer, Fault> {
    if vendor_of(inside).await?.is_none() {
        return Err(access::unknown(None));
    }
    match asked {
        Tokens::Make => return make(permit, inside, incoming).await,
        Tokens::Revoke => inside.revoke(names.get(1).map(String::as_str))?,
        Tokens::RevokeAll => inside.revoke(None)?,
    }
    Ok(Answer::empty(204))
}

async fn make(permit: &Permit, inside: &Inside, incoming: &mut Incoming) -> Result<Answer, Fault> {
    let text = incoming.json(Shape::Object).await?;
    let wish = Wish::read(&text)?;
    // Newer than what was taken back in the same millisecond.
    let now = drive::now().max(inside.revoked_before()? + 1);
    let account = &inside.id;
    let (token, claims) = browser::make(wish, permit, account, &inside.config, now).await?;
    let made = json!({ "token": token, "jti": claims.jti, "expires_at": time(claims.exp) });
    Ok(Answer::json(201, &made))
}

impl Inside {
    /// Takes one back by its name, or all that were made before now. Also one that nobody knows: it is good no more.
    pub(super) fn revoke(&self, jti: Option<&str>) -> Result<(), Fault> {
        let now = drive::now();
        let until = now + browser::LONGEST * 1_000;
        let (name, at) = jti.map_or((ALL, now), |jti| (jti, 1));
        self.run(TABLE, Vec::new())?;
        self.run(REVOKE, vec![name.into(), number(at), number(until)])?;
        self.wake(until);
        Ok(())
    }

    /// Refuses a token that was taken back: 401.
    pub(super) fn check_token(&self, claims: &Claims) -> Result<(), Fault> {
        let revoked = self
            .lent(&claims.jti)?
            .is_some_and(|token| token.revoked > 0);
        if revoked || claims.iat <= self.revoked_before()? {
            return Err(browser::revoked());
        }
        Ok(())
    }

    /// Counts writes before they are made: refused where they would be more than the token is for. Nothing is given back.
    pub(crate) fn spend(&self, claims: &Claims, writes: u64) -> Result<(), Fault> {
        let Some(most) = claims.writes.filter(|_| writes > 0) else {
            return Ok(());
        };
        // Nothing is awaited between the look and the note: no other call comes between.
        let used = self.lent(&claims.jti)?.map_or(0, |token| token.used);
        let wanted = used.saturating_add(writes);
        if wanted > most {
            return Err(browser::spent(claims, writes, used));
        }
        let values = vec![
            claims.jti.as_str().into(),
            number(wanted),
            number(claims.exp),
        ];
        self.run(SPEND, values)?;
        self.wake(claims.exp);
        Ok(())
    }

    /// Forgets tokens that are over.
    pub(super) fn forget_tokens(&self, now: u64) -> Result<Option<u64>, Fault> {
        self.run(TABLE, Vec::new())?;
        self.run(FORGET, vec![number(now)])?;
        Ok(self
            .run(NEXT, Vec::new())?
            .first()
            .and_then(|row| count(row, 0)))
    }

    fn revoked_before(&self) -> Result<u64, Fault> {
        Ok(self.lent(ALL)?.map_or(0, |all| all.revoked))
    }

    fn lent(&self, jti: &str) -> Result<Option<Token>, Fault> {
        self.run(TABLE, Vec::new())?;
        let rows = self.run(GET, vec![jti.into()])?;
        Ok(rows.first().map(|row| Token {
            revoked: count(row, 0).unwrap_or_default(),
            used: count(row, 1).unwrap_or_default(),
        }))
    }
}

/// What is kept of a token.
struct Token {
    /// Whether it was taken back; of [`ALL`], until when those were made that are.
    revoked: u64,
    /// How many writes were made with it.
    used: u64,
}

/// A number as SQL takes it: times and counts are far from where that is not exact.
pub(crate) fn number(value: u64) -> SqlStorageValue {
    (value as f64).into()
}

/// A number of a row.
pub(crate) fn count(row: &[SqlStorageValue], place: usize) -> Option<u64> {
    match row.get(place)? {
        SqlStorageValue::Integer(value) => u64::try_from(*value).ok(),
        SqlStorageValue::Float(value) => Some(*value as u64),
        _ => None,
    }
}

/// No token has this name.
const ALL: &str = "";

const TABLE: &str = "CREATE TABLE IF NOT EXISTS tokens (jti TEXT PRIMARY KEY, revoked INTEGER NOT NULL DEFAULT 0, \
                     used INTEGER NOT NULL DEFAULT 0, until INTEGER NOT NULL)";
const GET: &str = "SELECT revoked, used FROM tokens WHERE jti = ?";
const REVOKE: &str = "INSERT INTO tokens (jti, revoked, until) VALUES (?, ?, ?) \
                      ON CONFLICT (jti) DO UPDATE SET revoked = excluded.revoked, until = max(until, excluded.until)";
const SPEND: &str = "INSERT INTO tokens (jti, used, until) VALUES (?, ?, ?) \
                     ON CONFLICT (jti) DO UPDATE SET used = excluded.used, until = max(until, excluded.until)";
const FORGET: &str = "DELETE FROM tokens WHERE until < ?";
const NEXT: &str = "SELECT min(until) FROM tokens";
