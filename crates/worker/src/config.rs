//! The Worker's settings, read once an isolate. A broken one stops only the routes that need it, with a 503 that names it.

use std::collections::BTreeMap;

use crmlink::endpoint::Options;
use crmlink::error::{Code, Error, Refusal};
use crmlink::grant::connect::App;
use crmlink::secret::Secret;
use crmlink::vendors::{Vendor, leadconnector};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::access::{DEFAULT_TENANT, Key, Keys, Scope};
use crate::account::Keyring;
use crate::fault::Fault;
use crate::trace::Level;

/// The settings. They hold secrets: no `Debug`, no `Serialize`.
pub(crate) struct Config {
    keys: Setting<Option<Keys>>,
    accounts: Setting<BTreeMap<String, Account>>,
    vendor_origins: Setting<BTreeMap<Vendor, String>>,
    allowed_origins: Setting<Vec<String>>,
    keyring: Setting<Keyring>,
    apps: Setting<BTreeMap<Vendor, App>>,
    log: Level,
}

/// An account at a vendor, and how it is reached.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Account {
    /// The vendor.
    #[serde(deserialize_with = "vendor")]
    pub(crate) vendor: Vendor,
    token: Secret,
    #[serde(default)]
    origin: Option<String>,
    #[serde(default)]
    api_version: Option<String>,
    #[serde(default)]
    location_id: Option<String>,
    #[serde(default)]
    integrated_account_id: Option<String>,
}

/// A setting, or what is wrong with it.
type Setting<T> = Result<T, String>;

impl Config {
    /// Reads the settings by their names.
    pub(crate) fn read(value: impl Fn(&str) -> Option<String>) -> Self {
        let vendor_origins = vendor_origins(value(VENDOR_ORIGINS));
        Self {
            keys: keys(&value, vendor_origins.as_ref().ok()),
            accounts: accounts(value(ACCOUNTS), value(ENCRYPTION_KEY).is_some()),
            allowed_origins: allowed_origins(value(ALLOWED_ORIGINS)),
            keyring: keyring(
                value(ENCRYPTION_KEY),
                value(OLD_ENCRYPTION_KEYS),
                vendor_origins.as_ref().ok(),
            ),
            apps: apps(value(APPS), vendor_origins.as_ref().ok()),
            vendor_origins,
            log: Level::parse(&value(LOG).unwrap_or_default()),
        }
    }

    /// The key of a text.
    pub(crate) fn key(&self, text: &str) -> Result<Option<&Key>, Fault> {
        match self.keys.as_ref().map_err(|why| unusable(why))? {
            Some(keys) => Ok(keys.find(text)),
            None => Err(unusable(&format!(
                "{KEY} is not set: it is the key that callers show"
            ))),
        }
    }

    /// Whether a text is a key of ours. Where there are none, no text can be mistaken for one.
    pub(crate) fn is_key(&self, text: &str) -> Result<bool, Fault> {
        let keys = self.keys.as_ref().map_err(|why| unusable(why))?;
        Ok(keys.as_ref().is_some_and(|keys| keys.find(text).is_some()))
    }

    /// The account of an id, where the settings have it. All of theirs are of one tenant.
    pub(crate) fn account(&self, tenant: &str, id: &str) -> Result<Option<&Account>, Fault> {
        Ok(self
            .accounts()?
            .get(id)
            .filter(|_| tenant == DEFAULT_TENANT))
    }

    /// The accounts in the settings, each with its id.
    pub(crate) fn accounts(&self) -> Result<&BTreeMap<String, Account>, Fault> {
        self.accounts.as_ref().map_err(|why| unusable(why))
    }

    /// The keys with which accounts are sealed.
    pub(crate) fn keyring(&self) -> Result<&Keyring, Fault> {
        self.keyring.as_ref().map_err(|why| unusable(why))
    }

    /// The app that is registered with a vendor.
    pub(crate) fn app(&self, vendor: Vendor) -> Result<&App, Fault> {
        let apps = self.apps.as_ref().map_err(|why| unusable(why))?;
        let name = vendor.as_str();
        apps.get(&vendor)
            .ok_or_else(|| unusable(&format!("{APPS} has no app of {name}: {APP_SHAPE}")))
    }

    /// Where a vendor's traffic is sent instead, if anywhere.
    pub(crate) fn origin(&self, vendor: Vendor) -> Result<Option<&str>, Fault> {
        let origins = self.vendor_origins.as_ref().map_err(|why| unusable(why))?;
        Ok(origins.get(&vendor).map(String::as_str))
    }

    /// What operators are told.
    pub(crate) fn log(&self) -> Level {
        self.log
    }

    /// The pages that may call.
    pub(crate) fn allowed_origins(&self) -> Result<&[String], Fault> {
        let origins = self.allowed_origins.as_ref().map_err(|why| unusable(why))?;
        Ok(origins)
    }

    /// The options with which an account's requests are built.
    pub(crate) fn account_options(&self, account: &Account) -> Result<Options, Fault> {
        let mut options = self.options(account.vendor, account.token.clone())?;
        options.origin = options.origin.or_else(|| account.origin.clone());
        options.api_version.clone_from(&account.api_version);
        options.location_id.clone_from(&account.location_id);
        options
            .integrated_account_id
            .clone_from(&account.integrated_account_id);
        Ok(options)
    }

    /// The options with which requests of the caller's own token are built.
    pub(crate) fn options(&self, vendor: Vendor, token: Secret) -> Result<Options, Fault> {
        Ok(Options {
            token: Some(token),
            origin: self.origin(vendor)?.map(str::to_owned),
            ..Options::default()
        })
    }
}

/// The fault of an operation's start: what the core has against the options is a fault of the account's settings.
pub(crate) fn start_fault(error: Error) -> Fault {
    let fault = Fault::from(error);
    match &fault.report.path {
        Some(path) if path.starts_with("options.") => unusable(&format!(
            "{ACCOUNTS}, of this account: {}",
            fault.report.message
        )),
        _ => fault,
    }
}

fn keys(
    value: &impl Fn(&str) -> Option<String>,
    origins: Option<&BTreeMap<Vendor, String>>,
) -> Setting<Option<Keys>> {
    let own = |name: &str, called, scopes| {
        let key = value(name).filter(|key| !key.is_empty())?;
        Some(Key::own(called, key, scopes))
    };
    let mut keys: Vec<Key> = match value(KEYS) {
        None => Vec::new(),
        Some(text) => {
            let shape = r#"[{"name": "…", "key": "…", "tenant": "…", "scopes": ["read", "write", "admin"]}]"#;
            parse(KEYS, shape, &text)?
        }
    };
    keys.extend(own(KEY, "key", &[Scope::Read, Scope::Write]));
    keys.extend(own(
        ADMIN_KEY,
        "admin",
        &[Scope::Read, Scope::Write, Scope::Admin],
    ));
    if keys.iter().any(Key::is_development) && !is_development(origins) {
        return Err(format!(
            "{KEY} is the development key, which everybody knows: it is taken only while {VENDOR_ORIGINS} sends the \
             traffic of every vendor to a loopback address"
        ));
    }
    if keys.is_empty() {
        return Ok(None);
    }
    Keys::new(keys)
        .map(Some)
        .map_err(|fault| format!("{KEY}, {ADMIN_KEY} or {KEYS}: {fault}"))
}

/// Whether the traffic of every vendor stays on this machine.
fn is_development(origins: Option<&BTreeMap<Vendor, String>>) -> bool {
    // The core takes plain http from loopback addresses alone.
    let loopback = |vendor| {
        let origin = origins.and_then(|origins| origins.get(&vendor));
        origin.is_some_and(|origin| origin.starts_with("http://"))
    };
    Vendor::ALL.into_iter().all(loopback)
}

/// Without accounts here there must be the means to keep others.
fn accounts(value: Option<String>, keeps: bool) -> Setting<BTreeMap<String, Account>> {
    let shape = r#"{"<account id>": {"vendor": "…", "token": "…"}}"#;
    let Some(text) = value else {
        return match keeps {
            true => Ok(BTreeMap::new()),
            false => Err(format!(
                "this Worker has no accounts: set {ENCRYPTION_KEY} to keep some (POST /accounts), or {ACCOUNTS} to {shape}"
            )),
        };
    };
    let accounts: BTreeMap<String, Account> = parse(ACCOUNTS, shape, &text)?;
    for (id, account) in &accounts {
        if let Some(fault) = account.origin.as_deref().and_then(origin_fault) {
            return Err(format!("{ACCOUNTS}: the origin of `{id}`: {fault}"));
        }
    }
    Ok(accounts)
}

fn keyring(
    current: Option<String>,
    old: Option<String>,
    origins: Option<&BTreeMap<Vendor, String>>,
) -> Setting<Keyring> {
    let shape = "`<key id>:<base64 of 32 bytes>`";
    let Some(current) = current.filter(|key| !key.is_empty()) else {
        return Err(format!(
            "{ENCRYPTION_KEY} is not set: accounts are kept sealed or not at all; expected {shape}"
        ));
    };
    if current.starts_with(DEVELOPMENT_KEY) && !is_development(origins) {
        return Err(format!(
            "{ENCRYPTION_KEY} is that of local development, which everybody knows: make one of your own, {shape}"
        ));
    }
    Keyring::read(&current, &old.unwrap_or_default()).ok_or_else(|| {
        format!("{ENCRYPTION_KEY}: expected {shape}, and in {OLD_ENCRYPTION_KEYS} such keys, comma-separated")
    })
}

fn apps(
    value: Option<String>,
    origins: Option<&BTreeMap<Vendor, String>>,
) -> Setting<BTreeMap<Vendor, App>> {
    let text = value.filter(|text| !text.is_empty());
    let apps: BTreeMap<String, &RawValue> = match &text {
        Some(text) => parse(APPS, APP_SHAPE, text)?,
        None => BTreeMap::new(),
    };
    let read = |(name, app): (String, &RawValue)| {
        let vendor = Vendor::parse(&name).map_err(|refusal| refusal.message)?;
        let origin = origins.and_then(|origins| origins.get(&vendor));
        let app = App::read(vendor, app.get(), origin.map(String::as_str));
        Ok((vendor, app.map_err(|refusal| format!("{name}: {refusal}"))?))
    };
    let read: Result<_, String> = apps.into_iter().map(read).collect();
    read.map_err(|fault| format!("{APPS}: {fault}"))
}

fn vendor_origins(value: Option<String>) -> Setting<BTreeMap<Vendor, String>> {
    let Some(text) = value else {
        return Ok(BTreeMap::new());
    };
    let shape = r#"{"<vendor>": "https://…"}"#;
    let origins: BTreeMap<String, String> = parse(VENDOR_ORIGINS, shape, &text)?;
    let read = |(name, origin): (String, String)| {
        let vendor = Vendor::parse(&name).map_err(|refusal| refusal.message)?;
        match origin_fault(&origin) {
            Some(fault) => Err(format!("the origin of {name}: {fault}")),
            None => Ok((vendor, origin)),
        }
    };
    let read: Result<_, String> = origins.into_iter().map(read).collect();
    read.map_err(|fault| format!("{VENDOR_ORIGINS}: {fault}"))
}

fn allowed_origins(value: Option<String>) -> Setting<Vec<String>> {
    let text = value.unwrap_or_default();
    let origins: Vec<_> = text
        .split(',')
        .map(|origin| origin.trim().to_owned())
        .filter(|origin| !origin.is_empty())
        .collect();
    match origins.iter().find(|origin| !is_page_origin(origin)) {
        Some(origin) => Err(format!(
            "{ALLOWED_ORIGINS}: expected origins as browsers write them, such as https://app.example.com, got `{origin}`"
        )),
        None => Ok(origins),
    }
}

/// Scheme, host and port, in lower case and with nothing behind: what an `Origin` header can be equal to.
pub(crate) fn is_page_origin(origin: &str) -> bool {
    let rest = origin
        .strip_prefix("https://")
        .or_else(|| origin.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let part = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-:[]".contains(&byte)
        };
        !rest.is_empty() && rest.bytes().all(part)
    })
}

/// What the core has against an origin; this endpoint has no parameter that it could refuse instead.
fn origin_fault(origin: &str) -> Option<String> {
    let options = Options {
        origin: Some(origin.to_owned()),
        ..Options::default()
    };
    let request = leadconnector::associations::create::FACTS.request(&options, &[]);
    request.err().map(|refusal: Refusal| refusal.message)
}

/// Reads a setting's JSON. Of what is wrong only the place is told: the text may be a secret.
fn parse<'t, T: Deserialize<'t>>(name: &str, shape: &str, text: &'t str) -> Setting<T> {
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        format!("{name}: expected {shape}, found something else at line {line}, column {column}")
    })
}

fn unusable(why: &str) -> Fault {
    Fault::http(503, Code::Internal, why)
}

fn vendor<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vendor, D::Error> {
    let name = String::deserialize(deserializer)?;
    Vendor::parse(&name).map_err(D::Error::custom)
}

/// The id of the encryption key of local development.
const DEVELOPMENT_KEY: &str = "local-development-only";

const KEY: &str = "CRMLINK_KEY";
const ADMIN_KEY: &str = "CRMLINK_ADMIN_KEY";
const KEYS: &str = "CRMLINK_KEYS";
const APPS: &str = "CRMLINK_APPS";
const APP_SHAPE: &str = r#"expected {"<vendor>": {"client_id": "…", "client_secret": "…", "redirect_uri": "https://…/accounts/connected", "scopes": ["…"]}}"#;
const ACCOUNTS: &str = "CRMLINK_ACCOUNTS";
const ENCRYPTION_KEY: &str = "CRMLINK_ENCRYPTION_KEY";
const OLD_ENCRYPTION_KEYS: &str = "CRMLINK_OLD_ENCRYPTION_KEYS";
const VENDOR_ORIGINS: &str = "CRMLINK_VENDOR_ORIGINS";
const ALLOWED_ORIGINS: &str = "CRMLINK_ALLOWED_ORIGINS";
const LOG: &str = "CRMLINK_LOG";
