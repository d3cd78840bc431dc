//! Connecting an account: a person is sent to the vendor's page, and comes back with a code.
//!
//! What has to be known when the person comes back travels with them, sealed, as the `state`: nobody else can make one,
//! and one that was never used leaves nothing behind. A state is good once, for [`LIFE`], for one account at one vendor.

use std::borrow::Cow;
use std::time::Duration;

use crmlink::base64;
use crmlink::endpoint::json;
use crmlink::error::{Code, Refusal};
use crmlink::grant::{Grant, connect};
use crmlink::read::{self, Fields, FromFields};
use crmlink::vendors::Vendor;
use serde::{Deserialize, Serialize};
use serde_json::json;
use worker::url::form_urlencoded;
use worker::web_sys::Url;

use super::Inside;
use super::manage::{self, time};
use super::seal::{Bound, Keyring};
use super::store::Settings;
use crate::access::Permit;
use crate::answer::Answer;
use crate::config::Config;
use crate::fault::Fault;
use crate::incoming::Incoming;
use crate::json::Shape;
use crate::{crypto, drive};

/// What is known when the person comes back.
#[derive(Serialize, Deserialize)]
pub(crate) struct State {
    /// Whose account it will be.
    pub(crate) tenant: String,
    /// Which one.
    pub(crate) account: String,
    vendor: String,
    nonce: String,
    until: u64,
    verifier: Option<String>,
    return_to: Option<String>,
}

/// What to connect.
struct Wish<'a> {
    vendor: Cow<'a, str>,
    return_to: Option<Cow<'a, str>>,
}

/// Begins: says where to send the person.
pub(super) async fn begin(
    _: &Permit,
    inside: &Inside,
    incoming: &mut Incoming,
) -> Result<Answer, Fault> {
    let text = incoming.json(Shape::Object).await?;
    let Wish { vendor, return_to } = read::read(&text)?;
    let vendor = Vendor::parse(&vendor)?;
    if let Some(known) = inside.kept().await?
        && known.vendor != vendor
    {
        let message = format!("this account is one of {}", known.vendor.as_str());
        return Err(Refusal::input("vendor", message).into());
    }
    let config = &inside.config;
    if let Some(page) = &return_to {
        check_page(page, config)?;
    }
    let app = config.app(vendor)?;
    let verifier = match connect::wants_pkce(vendor) {
        true => Some(base64::url_encode(&crypto::random::<32>()?)),
        false => None,
    };
    let challenge = match &verifier {
        Some(verifier) => Some(base64::url_encode(
            &crypto::sha256(verifier.as_bytes()).await?,
        )),
        None => None,
    };
    let until = drive::now() + LIFE;
    let state = State {
        tenant: inside.tenant.clone(),
        account: inside.id.clone(),
        vendor: vendor.as_str().to_owned(),
        nonce: base64::url_encode(&crypto::random::<16>()?),
        until,
        verifier,
        return_to: return_to.map(Cow::into_owned),
    };
    let state = state.seal(config.keyring()?).await?;
    let origin = config.origin(vendor)?;
    let url = connect::authorize(vendor, app, origin, &state, challenge.as_deref())?;
    let answer = json!({ "id": inside.id, "authorize_url": url, "expires_at": time(until) });
    Ok(Answer::json(200, &answer))
}

/// Ends: takes the code, keeps the account, and sends the person on.
pub(super) async fn end(_: &Permit, inside: &Inside, incoming: &Incoming) -> Result<Answer, Fault> {
    let asked = |name| asked(incoming, name);
    let state = State::open(&asked("state").unwrap_or_default(), &inside.config).await?;
    let vendor = Vendor::parse(&state.vendor)?;
    inside.use_up(&state)?;
    if let Some(error) = asked("error") {
        // The vendor's word, where it is one.
        let is_word = error.len() <= 64
            && error
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        let error = if is_word { error } else { "refused".to_owned() };
        return match &state.return_to {
            Some(page) => go_to(page, &[("id", &inside.id), ("error", &error)]),
            None => Err(Fault::http(
                403,
                Code::Forbidden,
                format!("the vendor answered: {error}"),
            )),
        };
    }
    let grant = exchange(inside, vendor, &asked("code").unwrap_or_default(), &state).await?;
    let kept = match inside.kept().await? {
        Some(kept) if kept.vendor == vendor => {
            let settings = kept.settings.borrow().clone();
            inside.change(&kept, settings.now(), Some(grant)).await?;
            kept
        }
        Some(_) => return Err(Fault::taken()),
        None => {
            inside
                .keep(vendor, Settings::default().now(), grant)
                .await?
        }
    };
    match &state.return_to {
        Some(page) => go_to(page, &[("id", &inside.id)]),
        None => Ok(manage::show(inside, &kept, 200)),
    }
}

/// What the code is worth.
async fn exchange(
    inside: &Inside,
    vendor: Vendor,
    code: &str,
    state: &State,
) -> Result<Grant, Fault> {
    let app = inside.config.app(vendor)?;
    let configured = inside.config.origin(vendor)?;
    let request = connect::exchange(vendor, app, configured, code, state.verifier.as_deref())?;
    let came = drive::answer(&request, PATIENCE).await;
    let response = came.map_err(|loss| drive::lost(vendor.as_str(), loss))?;
    let record = connect::exchanged(vendor, app, configured, &response, drive::now());
    let record = record.map_err(|report| Fault::from(*report))?;
    Ok(Grant::new(vendor, record.sealable(), configured)?)
}

impl State {
    /// Opens what [`State::seal`] has sealed: 400 for anything else, and once its time is over.
    pub(crate) async fn open(text: &str, config: &Config) -> Result<Self, Fault> {
        let opened = match base64::decode(text) {
            Some(sealed) => config.keyring()?.open(&BOUND, &sealed).await.ok(),
            None => None,
        };
        let state: Option<Self> = opened.and_then(|text| serde_json::from_slice(&text).ok());
        state
            .filter(|state| drive::now() < state.until)
            .ok_or_else(stale)
    }

    async fn seal(&self, keys: &Keyring) -> Result<String, Fault> {
        let sealed = keys.seal(&BOUND, json(self).as_bytes()).await?;
        Ok(base64::url_encode(&sealed))
    }
}

impl Inside {
    /// A state is good once: 400 for one that was used, or that is of another account.
    fn use_up(&self, state: &State) -> Result<(), Fault> {
        let now = drive::now() as f64;
        self.run(TABLE, Vec::new())?;
        self.run(FORGET, vec![now.into()])?;
        let values = vec![state.nonce.as_str().into(), (state.until as f64).into()];
        let is_new = !self.run(USE, values)?.is_empty();
        match is_new && state.tenant == self.tenant && state.account == self.id {
            true => Ok(()),
            false => Err(stale()),
        }
    }
}

/// The value of a name in the query.
pub(crate) fn asked(incoming: &Incoming, name: &str) -> Option<String> {
    let mut query = form_urlencoded::parse(incoming.query().as_bytes());
    query
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}

/// Refuses a page that is not of an origin in the settings: a person is sent nowhere else.
fn check_page(page: &str, config: &Config) -> Result<(), Fault> {
    let origin = Url::new(page).map(|url| url.origin()).unwrap_or_default();
    match config.allowed_origins()?.contains(&origin) {
        true => Ok(()),
        false => {
            let message = "expected a page of an origin that CRMLINK_ALLOWED_ORIGINS lists";
            Err(Refusal::input("return_to", message).into())
        }
    }
}

/// Sends the person to a page that was checked when its state was sealed.
fn go_to(page: &str, told: &[(&str, &str)]) -> Result<Answer, Fault> {
    let url = Url::new(page).map_err(|_| stale())?;
    for (name, value) in told {
        url.search_params().set(name, value);
    }
    Ok(Answer::empty(303).with("location", url.href()))
}

fn stale() -> Fault {
    let message = "this link was used, has ended, or was never made here: begin again with POST /accounts/connect";
    Fault::http(400, Code::InvalidInput, message)
}

impl<'a> FromFields<'a> for Wish<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        // The Worker has read it.
        drop(fields.text("id")?);
        Ok(Self {
            vendor: fields.required_text("vendor")?,
            return_to: fields.text("return_to")?,
        })
    }
}

/// A state says itself whose it is.
const BOUND: Bound<'_> = Bound {
    kind: "state",
    tenant: "",
    account: "",
    vendor: "",
    version: 0,
};

/// How long a person may take, in milliseconds.
const LIFE: u64 = 10 * 60 * 1_000;
/// How long the vendor may take for the exchange.
const PATIENCE: Duration = Duration::from_secs(20);

const TABLE: &str =
    "CREATE TABLE IF NOT EXISTS states (nonce TEXT PRIMARY KEY, until INTEGER NOT NULL)";
const FORGET: &str = "DELETE FROM states WHERE until < ?";
const USE: &str = "INSERT OR IGNORE INTO states VALUES (?, ?) RETURNING 1";
