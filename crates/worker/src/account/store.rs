//! What an account's object keeps: one sealed row, the version of which counts up.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crmlink::endpoint::{Options, json};
use crmlink::error::Code;
use crmlink::grant::Grant;
use crmlink::vendors::Vendor;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use worker::SqlStorageValue;

use super::Inside;
use super::renew::IDLE;
use super::seal::{self, Bound};
use crate::directory::{self, Ask, whole};
use crate::drive;
use crate::fault::Fault;

/// An account that is kept, open in memory.
pub(crate) struct Kept {
    /// Its vendor.
    pub(crate) vendor: Vendor,
    /// What else its requests are built with.
    pub(super) settings: RefCell<Settings>,
    /// Its credentials.
    pub(super) grant: RefCell<Grant>,
    version: Cell<u64>,
    /// Whether it was deleted.
    gone: Cell<bool>,
}

/// What is no secret, and sealed all the same: it says where secrets are sent.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Settings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) api_version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) location_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) integrated_account_id: Option<String>,
    pub(super) created: u64,
    pub(super) updated: u64,
}

/// What is sealed.
#[derive(Serialize, Deserialize)]
struct Payload<'p> {
    settings: Settings,
    #[serde(borrow)]
    grant: &'p RawValue,
}

/// A row as it is stored.
struct Row {
    vendor: Vendor,
    version: u64,
    sealed: Vec<u8>,
}

impl Inside {
    /// The account, where one is kept: opened once, checked against the directory, and held in memory.
    pub(super) async fn kept(&self) -> Result<Option<Rc<Kept>>, Fault> {
        let open = || self.memory.borrow().clone();
        if let Some(kept) = open() {
            return Ok(Some(kept));
        }
        let _pass = self.gate.enter().await;
        if let Some(kept) = open() {
            return Ok(Some(kept));
        }
        let Some(row) = self.row()? else {
            return Ok(None);
        };
        let kept = Rc::new(self.open(row).await?);
        *self.memory.borrow_mut() = Some(Rc::clone(&kept));
        Ok(Some(kept))
    }

    /// Whether an account is kept, open or not.
    pub(super) fn is_kept(&self) -> Result<bool, Fault> {
        Ok(self.row()?.is_some())
    }

    /// Keeps a new account.
    pub(super) async fn keep(
        &self,
        vendor: Vendor,
        settings: Settings,
        grant: Grant,
    ) -> Result<Rc<Kept>, Fault> {
        let _pass = self.gate.enter().await;
        if self.is_kept()? {
            return Err(Fault::taken());
        }
        let claim = Ask::Claim {
            id: self.id.clone(),
            vendor: vendor.as_str().to_owned(),
            created: settings.created,
        };
        // An id that was deleted goes on counting where it had come to.
        let said = directory::ask(&self.env, &self.tenant, &claim).await?;
        let kept = Rc::new(Kept {
            vendor,
            settings: RefCell::new(settings),
            grant: RefCell::new(grant.alone()),
            version: Cell::new(said.version.unwrap_or_default()),
            gone: Cell::new(false),
        });
        self.store_as_it_is(&kept).await?;
        *self.memory.borrow_mut() = Some(Rc::clone(&kept));
        Ok(kept)
    }

    /// Changes an account, while none of its tokens is being renewed.
    pub(super) async fn change(
        &self,
        kept: &Kept,
        settings: Settings,
        grant: Option<Grant>,
    ) -> Result<(), Fault> {
        let _pass = self.gate.enter().await;
        kept.settings.replace(settings);
        if let Some(grant) = grant {
            kept.grant.replace(grant.alone());
        }
        let stored = self.store_as_it_is(kept).await;
        if stored.is_err() {
            // What is stored is what counts.
            self.memory.borrow_mut().take();
        }
        stored
    }

    async fn store_as_it_is(&self, kept: &Kept) -> Result<(), Fault> {
        let record = kept.grant.borrow().record();
        self.store(kept, record.sealable()).await
    }

    /// Stores the account with this text of its grant. It is durable before anything that follows leaves the object.
    pub(super) async fn store(&self, kept: &Kept, grant: &str) -> Result<(), Fault> {
        let version = kept.version.get() + 1;
        let grant = serde_json::from_str(grant).map_err(|_| seal::foreign())?;
        let settings = kept.settings.borrow().clone();
        let text = json(&Payload { settings, grant });
        let bound = self.bound(kept.vendor, version);
        let keys = self.config.keyring()?;
        let sealed = keys.seal(&bound, text.as_bytes()).await?;
        if kept.gone.get() {
            return Err(Fault::http(
                409,
                Code::Conflict,
                "the account was deleted meanwhile",
            ));
        }
        self.run(TABLE, Vec::new())?;
        let values = vec![
            kept.vendor.as_str().into(),
            (version as f64).into(),
            sealed.into(),
        ];
        self.run(PUT, values)?;
        kept.version.set(version);
        if kept.grant.borrow().is_renewable() {
            self.wake(drive::now() + IDLE);
        }
        // Where this comes too late, the next look at the row says it again.
        let (env, tenant, id) = (self.env.clone(), self.tenant.clone(), self.id.clone());
        self.state.wait_until(async move {
            drop(directory::ask(&env, &tenant, &Ask::Note { id, version }).await);
        });
        Ok(())
    }

    /// Forgets the account, and all that the object has stored.
    pub(super) async fn erase(&self) -> Result<(), Fault> {
        let _pass = self.gate.enter().await;
        if let Some(kept) = self.memory.borrow_mut().take() {
            kept.gone.set(true);
        }
        let storage = self.state.storage();
        storage.delete_alarm().await.map_err(broken)?;
        storage.delete_all().await.map_err(broken)?;
        // Who gets this id later has nothing to do with who had a browser token for it.
        self.revoke(None)?;
        let id = self.id.clone();
        directory::ask(&self.env, &self.tenant, &Ask::Forget { id }).await?;
        Ok(())
    }

    async fn open(&self, row: Row) -> Result<Kept, Fault> {
        let Row {
            vendor,
            version,
            sealed,
        } = row;
        let keys = self.config.keyring()?;
        let text = keys.open(&self.bound(vendor, version), &sealed).await?;
        let id = self.id.clone();
        let said = directory::ask(&self.env, &self.tenant, &Ask::Note { id, version }).await?;
        let payload: Option<Payload<'_>> = serde_json::from_slice(&text).ok();
        let configured = self.config.origin(vendor)?;
        match payload {
            Some(payload) if said.version == Some(version) => Ok(Kept {
                vendor,
                settings: RefCell::new(payload.settings),
                grant: RefCell::new(Grant::new(vendor, payload.grant.get(), configured)?.alone()),
                version: Cell::new(version),
                gone: Cell::new(false),
            }),
            // It is an older one, or one of an account that was deleted.
            _ => Err(seal::foreign()),
        }
    }

    fn row(&self) -> Result<Option<Row>, Fault> {
        // To look for what may not be there makes no database.
        if self.run(IS_THERE, Vec::new())?.is_empty() {
            return Ok(None);
        }
        let row = self.run(GET, Vec::new())?.into_iter().next();
        let Some(
            [
                SqlStorageValue::String(vendor),
                version,
                SqlStorageValue::Blob(sealed),
            ],
        ) = row.as_deref()
        else {
            return Ok(None);
        };
        Ok(Some(Row {
            vendor: Vendor::parse(vendor).map_err(|_| seal::foreign())?,
            version: whole(version),
            sealed: sealed.clone(),
        }))
    }

    /// Carries out one statement of SQL.
    pub(crate) fn run(
        &self,
        statement: &str,
        values: Vec<SqlStorageValue>,
    ) -> Result<Vec<Vec<SqlStorageValue>>, Fault> {
        let cursor = self.state.storage().sql().exec(statement, values);
        let rows = cursor.and_then(|cursor| cursor.raw().collect());
        rows.map_err(broken)
    }

    fn bound(&self, vendor: Vendor, version: u64) -> Bound<'_> {
        Bound {
            kind: "account",
            tenant: &self.tenant,
            account: &self.id,
            vendor: vendor.as_str(),
            version,
        }
    }
}

impl Settings {
    /// The same, changed now.
    pub(super) fn now(self) -> Self {
        let now = drive::now();
        Self {
            created: if self.created == 0 { now } else { self.created },
            updated: now,
            ..self
        }
    }
}

impl Kept {
    /// The options of its requests, without a token.
    pub(super) fn options(&self, origin: Option<String>) -> Options {
        let Settings {
            api_version,
            location_id,
            integrated_account_id,
            ..
        } = self.settings.borrow().clone();
        let of_grant = || self.grant.borrow().location().map(str::to_owned);
        Options {
            origin,
            api_version,
            location_id: location_id.or_else(of_grant),
            integrated_account_id,
            ..Options::default()
        }
    }
}

fn broken(_: worker::Error) -> Fault {
    let message = "the account's storage does not answer: nothing was sent, try again";
    Fault::http(503, Code::Internal, message)
}

const TABLE: &str = "CREATE TABLE IF NOT EXISTS account (one INTEGER PRIMARY KEY CHECK (one = 1), vendor TEXT NOT NULL, \
                     version INTEGER NOT NULL, sealed BLOB NOT NULL)";
const IS_THERE: &str = "SELECT 1 FROM sqlite_master WHERE name = 'account'";
const GET: &str = "SELECT vendor, version, sealed FROM account";
const PUT: &str = "INSERT OR REPLACE INTO account VALUES (1, ?, ?, ?)";
