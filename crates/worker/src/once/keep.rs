//! What is known of idempotency keys: kept in the object of the account, answers sealed, each for a day.

use crmlink::endpoint::json;
use serde::{Deserialize, Serialize};
use worker::SqlStorageValue;

use super::{Known, Stage};
use crate::account::{Bound, Inside, count, number};
use crate::crypto;
use crate::drive;
use crate::fault::Fault;

/// Whose call it is, on which route, and under which key. The account is the object's own.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Name {
    /// The caller.
    pub(crate) caller: String,
    /// The verb and the path.
    pub(crate) route: String,
    /// The key.
    pub(crate) key: String,
}

/// An answer that is over.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct Kept {
    /// Its status.
    pub(crate) status: u16,
    /// Its headers.
    pub(crate) headers: Vec<(String, String)>,
    /// Its body.
    #[serde(skip)]
    pub(crate) body: Vec<u8>,
}

impl Inside {
    /// What tells one call from another, and nothing of either, under the present key and under those before it: 503 without
    /// an encryption key.
    pub(super) async fn fingerprints(&self, parts: &[&[u8]]) -> Result<Vec<String>, Fault> {
        let mut text = Vec::new();
        for part in parts {
            text.extend(part.len().to_string().into_bytes());
            text.push(b':');
            text.extend_from_slice(part);
        }
        let mut prints = Vec::new();
        for key in self.config.keyring()?.derived(PURPOSE).await? {
            let digest = crypto::hmac(&key, &text).await?;
            prints.push(crmlink::base64::url_encode(&digest));
        }
        Ok(prints)
    }

    /// What is known of a key.
    pub(super) fn known(&self, name: &Name) -> Result<Option<Known>, Fault> {
        self.run(ANSWERS, Vec::new())?;
        self.run(PIECES, Vec::new())?;
        let rows = self.run(GET, name.values(&[number(drive::now())]))?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        let [SqlStorageValue::String(fingerprint), pieces, _] = row.as_slice() else {
            return Ok(None);
        };
        let until = count(row, 2).unwrap_or_default();
        let live = self.live.borrow().contains(name);
        Ok(Some(Known {
            fingerprint: fingerprint.clone(),
            begun: until.saturating_sub(LIFE),
            state: match (pieces, live) {
                (SqlStorageValue::Null, true) => Stage::Running,
                (SqlStorageValue::Null, false) => Stage::Broken,
                _ => Stage::Done,
            },
        }))
    }

    /// Notes that a call runs: it is durable before anything that follows leaves the object.
    pub(super) fn begin(&self, name: &Name, fingerprint: &str) -> Result<(), Fault> {
        let until = drive::now() + LIFE;
        self.forget(name)?;
        self.run(BEGIN, name.values(&[fingerprint.into(), number(until)]))?;
        self.live.borrow_mut().insert(name.clone());
        self.wake(self.first_over()?.unwrap_or(until));
        Ok(())
    }

    /// Keeps an answer, and ends the call.
    pub(super) async fn end(&self, name: &Name, kept: &Kept) -> Result<(), Fault> {
        let sealed = self.seal_answer(name, kept).await;
        self.live.borrow_mut().remove(name);
        let sealed = sealed?;
        // Nothing is awaited here: all of it is stored, or nothing.
        for (place, piece) in sealed.iter().enumerate() {
            let values = [number(place as u64), piece.clone().into()];
            self.run(PUT_PIECE, name.values(&values))?;
        }
        self.run(
            END,
            [vec![number(sealed.len() as u64)], name.values(&[])].concat(),
        )?;
        Ok(())
    }

    /// Ends a call of which nothing is kept.
    pub(super) fn forget(&self, name: &Name) -> Result<(), Fault> {
        self.live.borrow_mut().remove(name);
        self.run(FORGET_PIECES, name.values(&[]))?;
        self.run(FORGET, name.values(&[]))?;
        Ok(())
    }

    /// The answer that was kept.
    pub(super) async fn kept_answer(&self, name: &Name) -> Result<Kept, Fault> {
        let rows = self.run(GET_PIECES, name.values(&[]))?;
        let mut text = Vec::new();
        for (place, row) in rows.iter().enumerate() {
            if let Some(SqlStorageValue::Blob(piece)) = row.first() {
                let bound = name.place(place, rows.len());
                let keys = self.config.keyring()?;
                text.extend(keys.open(&self.bound_answer(&bound), piece).await?);
            }
        }
        let split = text.iter().position(|byte| *byte == b'\n');
        let (head, body) = text.split_at(split.unwrap_or_default());
        let kept = serde_json::from_slice::<Kept>(head);
        Ok(Kept {
            body: body.get(1..).unwrap_or_default().to_vec(),
            ..kept.map_err(|_| crate::account::foreign())?
        })
    }

    /// Forgets what is over, and says when there will be more of it.
    pub(crate) fn forget_answers(&self, now: u64) -> Result<Option<u64>, Fault> {
        self.run(ANSWERS, Vec::new())?;
        self.run(PIECES, Vec::new())?;
        self.run(FORGET_OLD, vec![number(now)])?;
        self.run(FORGET_OLD_PIECES, Vec::new())?;
        self.first_over()
    }

    fn first_over(&self) -> Result<Option<u64>, Fault> {
        let rows = self.run(NEXT, Vec::new())?;
        Ok(rows.first().and_then(|row| count(row, 0)))
    }

    async fn seal_answer(&self, name: &Name, kept: &Kept) -> Result<Vec<Vec<u8>>, Fault> {
        let head = json(kept);
        let text = [head.as_bytes(), b"\n", &kept.body].concat();
        let keys = self.config.keyring()?;
        let pieces = text.chunks(PIECE);
        let of = pieces.len();
        let mut sealed = Vec::with_capacity(of);
        for (place, piece) in pieces.enumerate() {
            let bound = name.place(place, of);
            sealed.push(keys.seal(&self.bound_answer(&bound), piece).await?);
        }
        Ok(sealed)
    }

    fn bound_answer<'b>(&'b self, place: &'b str) -> Bound<'b> {
        Bound {
            kind: "answer",
            tenant: &self.tenant,
            account: &self.id,
            vendor: place,
            version: 0,
        }
    }
}

impl Name {
    fn values(&self, more: &[SqlStorageValue]) -> Vec<SqlStorageValue> {
        let own = [&self.caller, &self.route, &self.key];
        let own = own.into_iter().map(|text| text.as_str().into());
        own.chain(more.iter().cloned()).collect()
    }

    /// Which piece of which answer: no other opens in its place.
    fn place(&self, piece: usize, of: usize) -> String {
        json(&(&self.caller, &self.route, &self.key, piece, of))
    }
}

/// How long an answer is kept, in milliseconds.
const LIFE: u64 = 24 * 60 * 60 * 1_000;

/// The most that stands in one row, in bytes: a row has at most 2 MB.
const PIECE: usize = 1_000_000;

/// What the key of fingerprints is derived for.
const PURPOSE: &str = "crmlink idempotency fingerprint 1";

const ANSWERS: &str = "CREATE TABLE IF NOT EXISTS answers (caller TEXT, route TEXT, key TEXT, fingerprint TEXT NOT NULL, \
                       until INTEGER NOT NULL, pieces INTEGER, PRIMARY KEY (caller, route, key))";
const PIECES: &str = "CREATE TABLE IF NOT EXISTS answer_pieces (caller TEXT, route TEXT, key TEXT, place INTEGER, \
                      sealed BLOB NOT NULL, PRIMARY KEY (caller, route, key, place))";
const GET: &str = "SELECT fingerprint, pieces, until FROM answers WHERE caller = ? AND route = ? AND key = ? AND until > ?";
const BEGIN: &str =
    "INSERT INTO answers (caller, route, key, fingerprint, until) VALUES (?, ?, ?, ?, ?)";
const PUT_PIECE: &str =
    "INSERT INTO answer_pieces (caller, route, key, place, sealed) VALUES (?, ?, ?, ?, ?)";
const END: &str = "UPDATE answers SET pieces = ? WHERE caller = ? AND route = ? AND key = ?";
const GET_PIECES: &str =
    "SELECT sealed FROM answer_pieces WHERE caller = ? AND route = ? AND key = ? ORDER BY place";
const FORGET: &str = "DELETE FROM answers WHERE caller = ? AND route = ? AND key = ?";
const FORGET_PIECES: &str = "DELETE FROM answer_pieces WHERE caller = ? AND route = ? AND key = ?";
const FORGET_OLD: &str = "DELETE FROM answers WHERE until <= ?";
const FORGET_OLD_PIECES: &str = "DELETE FROM answer_pieces WHERE NOT EXISTS (SELECT 1 FROM answers WHERE \
                                 answers.caller = answer_pieces.caller AND answers.route = answer_pieces.route AND \
                                 answers.key = answer_pieces.key)";
const NEXT: &str = "SELECT min(until) FROM answers";
