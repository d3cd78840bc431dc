//! Making, showing, changing and deleting an account. Nobody is ever shown a secret.

use std::borrow::Cow;
use std::rc::Rc;
use std::time::Duration;

use crmlink::error::{Code, Refusal};
use crmlink::grant::{self, Grant};
use crmlink::read::{self, Fields, FromFields};
use crmlink::vendors::Vendor;
use serde::Serialize;
use serde_json::{Value, json};
use worker::js_sys;
use worker::wasm_bindgen::JsValue;

use super::store::{Kept, Settings};
use super::{Inside, connect};
use crate::access::Permit;
use crate::answer::Answer;
use crate::fault::Fault;
use crate::incoming::Incoming;
use crate::json::Shape;
use crate::route::Manage;
use crate::{access, drive};

/// What to make, or what to change.
struct Given<'a> {
    vendor: Option<Cow<'a, str>>,
    credentials: Option<&'a str>,
    api_version: Option<String>,
    location_id: Option<String>,
    integrated_account_id: Option<String>,
}

/// An account as it is shown.
#[derive(Serialize)]
struct Shown<'s> {
    id: &'s str,
    vendor: &'static str,
    kind: &'static str,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    renews_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_version: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location_id: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    integrated_account_id: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limits: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at: Option<String>,
    /// Whether it stands in the Worker's settings, and is changed there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    fixed: bool,
}

/// Does what is asked about the account itself.
pub(super) async fn serve(
    permit: &Permit,
    inside: &Inside,
    asked: Manage,
    incoming: &mut Incoming,
) -> Result<Answer, Fault> {
    if asked == Manage::Connected {
        return connect::end(permit, inside, incoming).await;
    }
    let fixed = inside.config.account(&inside.tenant, &inside.id)?;
    if let Some(account) = fixed {
        return match asked {
            Manage::Show => {
                let shown = Shown {
                    fixed: true,
                    ..shown(inside, account.vendor, "token")
                };
                Ok(Answer::json(200, &shown))
            }
            Manage::Create | Manage::Connect => Err(Fault::taken()),
            _ => {
                let message = "this account stands in CRMLINK_ACCOUNTS: change it there";
                Err(Fault::http(409, Code::Conflict, message))
            }
        };
    }
    match asked {
        Manage::Create => {
            let text = incoming.json(Shape::Object).await?;
            let kept = create(inside, &text).await?;
            let location = format!("/accounts/{}", inside.id);
            Ok(show(inside, &kept, 201).with("location", location))
        }
        Manage::Show => {
            let kept = known(inside).await?;
            Ok(show(inside, &kept, 200))
        }
        Manage::Change => {
            let text = incoming.json(Shape::Object).await?;
            let kept = known(inside).await?;
            change(inside, &kept, &text).await?;
            Ok(show(inside, &kept, 200))
        }
        Manage::Delete => delete(inside).await,
        Manage::Connect => connect::begin(permit, inside, incoming).await,
        Manage::List | Manage::Connected => Err(access::unknown(None)),
    }
}

async fn create(inside: &Inside, text: &str) -> Result<Rc<Kept>, Fault> {
    // Without a key nothing is kept, and nobody's time is wasted.
    inside.config.keyring()?;
    let given: Given<'_> = read::read(text)?;
    let required = |field| Refusal::input(field, "expected this field");
    let vendor = given.vendor.as_deref().ok_or_else(|| required("vendor"))?;
    let vendor = Vendor::parse(vendor)?;
    let credentials = given.credentials.ok_or_else(|| required("credentials"))?;
    if vendor == Vendor::Truto && given.integrated_account_id.is_none() {
        return Err(required("integrated_account_id").into());
    }
    let grant = Grant::new(vendor, credentials, inside.config.origin(vendor)?)?;
    let settings = given.over(Settings::default());
    inside.keep(vendor, settings, grant).await
}

async fn change(inside: &Inside, kept: &Kept, text: &str) -> Result<(), Fault> {
    let given: Given<'_> = read::read(text)?;
    if given.vendor.is_some() {
        let message = "expected no vendor: an account stays with its own";
        return Err(Refusal::input("vendor", message).into());
    }
    let configured = inside.config.origin(kept.vendor)?;
    let grant = given.credentials;
    let grant = grant.map(|text| Grant::new(kept.vendor, text, configured));
    let settings = kept.settings.borrow().clone();
    inside
        .change(kept, given.over(settings), grant.transpose()?)
        .await
}

/// Deletes the account, also one that can no longer be opened, and asks the vendor to forget its grant where that is
/// documented.
async fn delete(inside: &Inside) -> Result<Answer, Fault> {
    let is_kept = inside.is_kept()?;
    let revoke = match inside.kept().await {
        Ok(Some(kept)) => {
            let configured = inside.config.origin(kept.vendor)?;
            let grant = kept.grant.borrow();
            grant::connect::revoke(kept.vendor, grant.credentials(), configured)
        }
        _ => None,
    };
    inside.erase().await?;
    if !is_kept {
        return Err(access::unknown(None));
    }
    if let Some(request) = revoke {
        // The account is gone here, whatever the vendor says.
        drop(drive::answer(&request, PATIENCE).await);
    }
    Ok(Answer::empty(204))
}

async fn known(inside: &Inside) -> Result<Rc<Kept>, Fault> {
    inside.kept().await?.ok_or_else(|| access::unknown(None))
}

pub(super) fn show(inside: &Inside, kept: &Kept, status: u16) -> Answer {
    let grant = kept.grant.borrow();
    let settings = kept.settings.borrow();
    let state = if grant.is_dead() {
        "reauthenticate"
    } else {
        "ready"
    };
    let shown = Shown {
        state,
        renews_at: grant.due().filter(|_| grant.is_renewable()).map(time),
        api_version: settings.api_version.as_deref(),
        location_id: settings.location_id.as_deref().or(grant.location()),
        integrated_account_id: settings.integrated_account_id.as_deref(),
        created_at: Some(time(settings.created)),
        updated_at: Some(time(settings.updated)),
        ..shown(inside, kept.vendor, grant.kind().as_str())
    };
    Answer::json(status, &shown)
}

fn shown<'s>(inside: &'s Inside, vendor: Vendor, kind: &'static str) -> Shown<'s> {
    let now = drive::now();
    // What the vendor has last told of it.
    let limits = inside.pace.borrow().limits(now);
    Shown {
        id: &inside.id,
        vendor: vendor.as_str(),
        kind,
        state: "ready",
        renews_at: None,
        api_version: None,
        location_id: None,
        integrated_account_id: None,
        limits: limits.map(|limits| {
            let reset = time(now + limits.reset_ms);
            json!({ "limit": limits.limit, "remaining": limits.remaining, "reset_at": reset })
        }),
        created_at: None,
        updated_at: None,
        fixed: false,
    }
}

/// A time as RFC 3339 writes it, in UTC.
pub(crate) fn time(millis: u64) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64(millis as f64));
    String::from(date.to_iso_string())
}

impl Given<'_> {
    /// The settings with what is given in the place of what was.
    fn over(self, before: Settings) -> Settings {
        Settings {
            api_version: self.api_version.or(before.api_version),
            location_id: self.location_id.or(before.location_id),
            integrated_account_id: self.integrated_account_id.or(before.integrated_account_id),
            ..before
        }
        .now()
    }
}

impl<'a> FromFields<'a> for Given<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        // The Worker has read it.
        drop(fields.text("id")?);
        let credentials = match fields.has("credentials") {
            true => Some(fields.required_json("credentials")?),
            false => None,
        };
        let vendor = fields.text("vendor")?;
        let mut text = |name| Ok::<_, Refusal>(fields.text(name)?.map(Cow::into_owned));
        Ok(Self {
            vendor,
            credentials,
            api_version: text("api_version")?,
            location_id: text("location_id")?,
            integrated_account_id: text("integrated_account_id")?,
        })
    }
}

/// How long a vendor may take to forget a grant.
const PATIENCE: Duration = Duration::from_secs(10);
