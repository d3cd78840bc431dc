//! Stateful simulators of the vendors ("twins"), for tests and for local development.
//!
//! One [`Twins`] holds a HubSpot portal, a LeadConnector location, a Salesforce org and a Truto environment. It answers a
//! [`Request`] by its path alone, whatever the host, so one server on one port is all four vendors. What it does follows
//! what the vendors publish and what others recorded, quirks included; where no source says, a comment says "not known".
//! The twins share no code with the core's request builders and readers: they are a witness of their own.
//!
//! Time is an argument, ids come from counters: the same requests in the same order give the same answers.
//!
//! # Tokens
//! `Bearer twin-token` is good everywhere, `Bearer expired` and `Bearer unscoped` are refused as the vendor refuses such
//! tokens, and so are those of a token endpoint as long as they live. Any other is unknown.
//!
//! The token endpoints of HubSpot, LeadConnector and Salesforce are at the vendors' own paths. They know the app `twin-app`
//! with the secret `twin-secret`, the refresh token `twin-refresh`, the code `twin-code` (the authorize pages send a person
//! back with more of them, at once), LeadConnector's agency token `twin-agency` of the company `twin-company`, and Salesforce's
//! user `twin@example.test`. HubSpot's refresh token stays; LeadConnector's is good once; Salesforce's too, and a second use
//! revokes all.
//!
//! # Sample records
//! | vendor | type | ids |
//! |---|---|---|
//! | HubSpot | contacts | `101` `102` `103`, and `1000000` to `1002499` for batches |
//! | | companies; deals; tickets; leads | `201` `202`; `301` `302`; `401`; `501` |
//! | | partner_clients; partner_services | `601`; `701` |
//! | LeadConnector | location | `CLu7BaljjqrEjBGKTNNe` |
//! | | pipeline; its stages | `bCkKGpDsyPP4peuKowkG`; `7915dedc-8f18-44d5-8bc3-77c04e994a10` `e93ba61a-53b3-45e7-985a-c7732dbcdb69` |
//! | | user | `082goXVW3lIExEQPOnd3` |
//! | | opportunities | `yWQobCRIhRguQtD2llvk` `VDm7RPYC2GLUvdpKmBfC` `UIaE1WjAwWKdlyD7osQI` |
//! | | contacts | `ocQHyuzHvysMo5N5VsXc` `sx6wyHhbFdRXh302Lunr` `byMEV0NQinDhq8ZfiOi2` |
//! | | businesses | `63771dcac1116f0e21de8e12` `63771dcac1116f0e21de8e13` `63771dcac1116f0e21de8e14` |
//! | | custom_objects.children | `66c4b8f0a1116f0e21de8e01` `66c4b8f0a1116f0e21de8e02` `66c4b8f0a1116f0e21de8e03` |
//! | Salesforce | accounts | `0015e00000AcmeAAAR` `0015e00000BetaBAAR` `0015e00000GamaCAAR` |
//! | | contacts | Anna, directly at Acme: `0035e00000AnnaAAAR`; Bert `0035e00000BertBAAR`; Bertha, whose id is Bert's but for the case of one letter, `0035e00000bertBAAQ`; Cleo `0035e00000CleoCAAR` |
//! | | opportunities | Acme's `0065e00000DealAAAR`; `0065e00000DealBAAR`, of no account |
//! | | leads | `00Q5e00000LeadAEAR` `00Q5e00000LeadBEAR` |
//! | Truto | integrated account | `62f44730-dd91-461e-bd6a-aedd9e0ad79d` |
//!
//! # Control routes
//! | route | what |
//! |---|---|
//! | GET `/_twin/commits` | the ledger: what was really written |
//! | POST `/_twin/reset` | back to the sample records |
//! | POST `/_twin/fault` | `{vendor, times?, status?, headers?, body?, commit?, path_contains?}`: the next `times` matching requests answer so; `commit: true` lets the write happen first; status 0 breaks the connection; `clear: true` forgets those that wait |
//! | GET, POST `/_twin/records` | the sample ids; add `{vendor, type, id?, properties?}` |
//! | GET `/_twin/oauth` | the ledger of the token endpoints: each call and its outcome |
//! | POST `/_twin/oauth` | `{vendor, expires_in?, rotate?, family?, processing?, expire?, revoke?}`: how long tokens live (seconds), whether a refresh token is good once, whether its second use revokes all, how long a refresh is under way (milliseconds: another one meanwhile is refused as Salesforce does); `expire: true` ends all access tokens now, `revoke: true` the grant; `{reset: true}`: as they were at first |
//! | POST `/_twin/limits` | `{vendor, enforce, max?, daily?, page?}`: rate limits that bite, and the rows on a page of Salesforce's queries |

mod answer;
mod call;
mod control;
mod fault;
mod hubspot;
mod leadconnector;
mod ledger;
mod oauth;
mod salesforce;
mod truto;
mod window;

#[cfg(test)]
mod tests;

use serde_json::json;

pub use ledger::Commit;

use self::call::Call;
use self::fault::Faults;
use self::hubspot::HubSpot;
use self::leadconnector::LeadConnector;
use self::ledger::Ledger;
use self::oauth::Oauth;
use self::salesforce::Salesforce;
use self::truto::Truto;
use crate::http::{Request, Response};

/// The four simulators, their ledger, and the faults that wait.
#[derive(Clone, Debug)]
pub struct Twins {
    hubspot: HubSpot,
    leadconnector: LeadConnector,
    salesforce: Salesforce,
    truto: Truto,
    oauth: Oauth,
    commits: Vec<Commit>,
    faults: Faults,
}

impl Twins {
    /// The simulators with their sample records.
    #[must_use]
    pub fn new() -> Self {
        Self {
            hubspot: HubSpot::new(),
            leadconnector: LeadConnector::new(),
            salesforce: Salesforce::new(),
            truto: Truto::new(),
            oauth: Oauth::new(),
            commits: Vec::new(),
            faults: Faults::default(),
        }
    }

    /// The same without the contacts that are there for batches: a hundred times cheaper to copy.
    #[must_use]
    pub fn few() -> Self {
        let mut twins = Self::new();
        twins.hubspot.forget_generated();
        twins
    }

    /// Answers a request as its vendor would at `now`, in milliseconds since the epoch.
    ///
    /// A status of 0 means that no answer comes: a fault broke the connection.
    pub fn answer(&mut self, request: &Request, now: u64) -> Response {
        let mut call = Call::new(request, now);
        let token_endpoint = Oauth::vendor(&call.parts());
        let vendor = match call.parts().first() {
            Some(&"_twin") => return self.control(&call),
            _ if token_endpoint.is_some() => token_endpoint.unwrap_or_default(),
            Some(&"crm") => "hubspot",
            Some(&("associations" | "opportunities" | "contacts" | "businesses")) => {
                "leadconnector"
            }
            Some(&"services") => "salesforce",
            Some(&"unified") => "truto",
            _ => return answer::json(404, &json!({ "error": "no vendor has this path" })),
        };
        call.judge(self.oauth.worth(vendor, &call));
        match self.faults.strike(vendor, &call.path) {
            Some((response, commit)) => {
                if commit {
                    self.serve(vendor, &call);
                }
                response
            }
            None => self.serve(vendor, &call),
        }
    }

    /// Every link and record really written, in order.
    #[must_use]
    pub fn commits(&self) -> &[Commit] {
        &self.commits
    }

    /// Back to the sample records: no commits, no faults.
    pub fn reset(&mut self) {
        *self = Self::new();
    }

    fn serve(&mut self, vendor: &'static str, call: &Call) -> Response {
        if Oauth::vendor(&call.parts()).is_some() {
            return self.oauth.answer(call);
        }
        let mut ledger = Ledger::new(vendor, &mut self.commits);
        match vendor {
            "hubspot" => self.hubspot.answer(call, &mut ledger),
            "leadconnector" => self.leadconnector.answer(call, &mut ledger),
            "salesforce" => self.salesforce.answer(call, &mut ledger),
            _ => self.truto.answer(call, &mut ledger),
        }
    }
}

impl Default for Twins {
    fn default() -> Self {
        Self::new()
    }
}
