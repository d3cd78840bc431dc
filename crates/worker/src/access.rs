//! Who may call: with the crmlink key in the name of an account, or with a vendor token of one's own.

use crmlink::error::{Code, Refusal};
use crmlink::secret::Secret;
use crmlink::vendors::Vendor;

use crate::account::Call;
use crate::config::{Config, DEFAULT_TENANT};
use crate::fault::Fault;
use crate::incoming::Incoming;

/// Who calls.
pub(crate) struct Caller {
    /// Whose accounts are the caller's.
    pub(crate) tenant: String,
}

/// Who calls: 401 without the crmlink key.
pub(crate) fn caller(incoming: &Incoming, config: &Config) -> Result<Caller, Fault> {
    let shown = incoming.bearer().unwrap_or_default();
    if config.is_key(&shown)? {
        Ok(Caller {
            tenant: DEFAULT_TENANT.to_owned(),
        })
    } else {
        Err(Fault::unauthenticated(
            "expected the crmlink key: send `authorization: Bearer <key>`",
        ))
    }
}

impl Caller {
    /// The call on an account that the caller names: in `account`, which the query has, or in the header.
    pub(crate) fn call(self, incoming: &Incoming, account: Option<String>) -> Result<Call, Fault> {
        let account = named(incoming, account)?.ok_or_else(unnamed)?;
        let tenant = self.tenant;
        Ok(Call { tenant, account })
    }
}

/// The id of the account that the caller names, in the header or in the query.
pub(crate) fn named(
    incoming: &Incoming,
    in_query: Option<String>,
) -> Result<Option<String>, Fault> {
    let in_header = incoming.header(ACCOUNT_HEADER);
    match (in_header, in_query) {
        (Some(header), Some(query)) if header != query => Err(Refusal::input(
            ACCOUNT_PARAMETER,
            format!("the query and the header {ACCOUNT_HEADER} name two accounts: name one"),
        )
        .into()),
        (header, query) => Ok(header.or(query)),
    }
}

/// The caller names no account where one is needed.
fn unnamed() -> Fault {
    let message = "expected the id of an account, here or in the header x-integrated-account-id";
    Refusal::input(ACCOUNT_PARAMETER, message).into()
}

/// There is no such account of this vendor's (or of any, where none is asked for), or it is another tenant's: 404.
pub(crate) fn unknown(vendor: Option<Vendor>) -> Fault {
    let whose = vendor.map_or(String::new(), |vendor| format!(" of {}", vendor.as_str()));
    let message = format!("expected the id of an account{whose} that this Worker knows");
    Fault::http(404, Code::NotFound, message)
}

/// The vendor token that the caller brings: 401. The crmlink key is none, and never goes to a vendor.
pub(crate) fn own_token(incoming: &Incoming, config: &Config) -> Result<Secret, Fault> {
    let Some(token) = incoming.bearer() else {
        return Err(Fault::unauthenticated(
            "expected a token of the vendor's as `authorization: Bearer <token>`, or the crmlink key with the header \
             x-integrated-account-id",
        ));
    };
    // Where there is no usable key, no token can be mistaken for it.
    if config.is_key(&token).unwrap_or(false) {
        return Err(Fault::unauthenticated(
            "this is the crmlink key: name the account to use with the header x-integrated-account-id, or send a token \
             of the vendor's",
        ));
    }
    Secret::new(token).map_err(|refusal| Fault::unauthenticated(&refusal.message))
}

/// Where the query names the account.
pub(crate) const ACCOUNT_PARAMETER: &str = "integrated_account_id";
/// Where a header does.
pub(crate) const ACCOUNT_HEADER: &str = "x-integrated-account-id";
