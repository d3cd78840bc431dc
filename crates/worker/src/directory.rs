//! The Durable Object of one tenant: which accounts there are, and up to which version each was stored. No secret.
//!
//! The versions stand here, in another database than the accounts', so that nobody puts an older account back unseen. For
//! that reason an account that is gone is remembered too.

use crmlink::error::Code;
use serde::{Deserialize, Serialize};
use worker::{
    DurableObject, Env, Method, Request, RequestInit, Response, SqlStorageValue, State,
    durable_object,
};

use crate::fault::Fault;

/// The object, for the runtime.
#[durable_object(fetch)]
pub struct Directory(State);

/// What it is asked.
#[derive(Serialize, Deserialize)]
pub(crate) enum Ask {
    /// An account is about to be made.
    Claim {
        id: String,
        vendor: String,
        created: u64,
    },
    /// An account has been stored, or read, in this version.
    Note { id: String, version: u64 },
    /// An account is gone.
    Forget { id: String },
    /// The accounts behind this id.
    List { after: String },
}

/// What it answers.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Said {
    /// The highest version that an account was stored in; none where there is no such account.
    #[serde(default)]
    pub(crate) version: Option<u64>,
    /// The accounts, ordered by their ids.
    #[serde(default)]
    pub(crate) accounts: Vec<Entry>,
}

/// An account.
#[derive(Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Its id.
    pub(crate) id: String,
    /// Its vendor.
    pub(crate) vendor: String,
    /// When it was made, in milliseconds since 1970.
    pub(crate) created: u64,
}

/// Asks the directory of a tenant.
pub(crate) async fn ask(env: &Env, tenant: &str, ask: &Ask) -> Result<Said, Fault> {
    let answer = async {
        let init = RequestInit {
            method: Method::Post,
            body: Some(crmlink::endpoint::json(ask).into()),
            ..RequestInit::default()
        };
        let request = Request::new_with_init("https://directory/", &init)?;
        let stub = env.durable_object(BINDING)?.get_by_name(tenant)?;
        stub.fetch_with_request(request).await?.text().await
    };
    let text = answer.await.map_err(|_| silent())?;
    serde_json::from_str(&text).map_err(|_| silent())
}

impl DurableObject for Directory {
    fn new(state: State, _: Env) -> Self {
        Self(state)
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        let ask: Ask = serde_json::from_str(&request.text().await?)?;
        Response::ok(crmlink::endpoint::json(&self.answer(ask)?))
    }
}

impl Directory {
    fn answer(&self, ask: Ask) -> worker::Result<Said> {
        self.run(TABLE, Vec::new())?;
        match ask {
            Ask::Claim {
                id,
                vendor,
                created,
            } => {
                let created = (created as f64).into();
                self.run(CLAIM, vec![id.as_str().into(), vendor.into(), created])?;
                self.version(id)
            }
            Ask::Note { id, version } => {
                self.run(NOTE, vec![(version as f64).into(), id.as_str().into()])?;
                self.version(id)
            }
            Ask::Forget { id } => self.run(FORGET, vec![id.into()]).map(|_| Said::default()),
            Ask::List { after } => {
                let entry = |row: Vec<SqlStorageValue>| match row.as_slice() {
                    [
                        SqlStorageValue::String(id),
                        SqlStorageValue::String(vendor),
                        created,
                    ] => Some(Entry {
                        id: id.clone(),
                        vendor: vendor.clone(),
                        created: whole(created),
                    }),
                    _ => None,
                };
                let rows = self.run(LIST, vec![after.into()])?;
                let accounts = rows.into_iter().filter_map(entry).collect();
                let version = None;
                Ok(Said { version, accounts })
            }
        }
    }

    fn version(&self, id: String) -> worker::Result<Said> {
        let rows = self.run(VERSION, vec![id.into()])?;
        let version = rows.first().and_then(|row| row.first()).map(whole);
        Ok(Said {
            version,
            ..Said::default()
        })
    }

    fn run(
        &self,
        statement: &str,
        values: Vec<SqlStorageValue>,
    ) -> worker::Result<Vec<Vec<SqlStorageValue>>> {
        self.0
            .storage()
            .sql()
            .exec(statement, values)?
            .raw()
            .collect()
    }
}

/// A number in a row. SQLite's whole numbers come as doubles.
pub(crate) fn whole(value: &SqlStorageValue) -> u64 {
    match value {
        SqlStorageValue::Integer(number) => u64::try_from(*number).unwrap_or_default(),
        SqlStorageValue::Float(number) => *number as u64,
        _ => 0,
    }
}

fn silent() -> Fault {
    let message = "the directory of accounts does not answer: try again";
    Fault::http(503, Code::Internal, message)
}

/// How many accounts one list has at most.
pub(crate) const PAGE: usize = 500;

const TABLE: &str = "CREATE TABLE IF NOT EXISTS accounts (id TEXT PRIMARY KEY, vendor TEXT NOT NULL, \
                     created INTEGER NOT NULL, version INTEGER NOT NULL, gone INTEGER NOT NULL)";
const CLAIM: &str = "INSERT INTO accounts VALUES (?, ?, ?, 0, 0) \
                     ON CONFLICT (id) DO UPDATE SET vendor = excluded.vendor, created = excluded.created, gone = 0";
const NOTE: &str = "UPDATE accounts SET version = max(version, ?) WHERE id = ? AND gone = 0";
const VERSION: &str = "SELECT version FROM accounts WHERE id = ? AND gone = 0";
const FORGET: &str = "UPDATE accounts SET gone = 1 WHERE id = ?";
const LIST: &str =
    "SELECT id, vendor, created FROM accounts WHERE gone = 0 AND id > ? ORDER BY id LIMIT 500";

/// The binding of the objects, as wrangler.toml has it.
const BINDING: &str = "DIRECTORY";
