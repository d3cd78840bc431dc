//! `POST /unified/crm/associations`
//!
//! Links a record of a Truto account with others, in Truto's unified vocabulary.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::answer::{self, Fields, Shape};
use crate::endpoint::{Endpoint, Facts, Options, Repeat, Version};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::{self, Id};
use crate::path;
use crate::read::{self, FromFields};
use crate::unified::query::{Format, field_list};

use crate::vendors::truto::{NAME, ORIGIN, error};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "truto.associations.create",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Post,
    versions: &[Version {
        name: "unified",
        path: "/unified/crm/associations",
        ends: None,
    }],
    success: &[200, 201],
    // What the vendor behind Truto does with the same link twice is not documented.
    repeat: Repeat::Look,
    batch: None,
    scopes: &[],
    docs: "https://truto.one/docs/api-reference/unified-crm-api/associations/create",
};

/// The record, those to link it with, and how the answer is to look.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
pub struct Create<'a> {
    /// The integrated account, a UUID.
    pub integrated_account_id: Id<'a>,
    /// How the answer is to look; `unified` where it is left out.
    pub truto_response_format: Option<Format>,
    /// Leaves `remote_data` out of the answer.
    pub truto_ignore_remote_data: Option<bool>,
    /// Fields to leave out of the answer: a list, or names with commas between them.
    #[cfg_attr(feature = "types", ts(type = "string | Array<string>", optional))]
    pub truto_exclude_fields: Option<Vec<String>>,
    /// Parameters for the vendor behind Truto, passed on untouched.
    #[cfg_attr(feature = "types", ts(type = "Record<string, unknown>", optional))]
    pub remote_query: Option<Map<String, Value>>,
    /// What the record is.
    pub entity: TrutoEntity,
    /// Its id.
    pub entity_id: Id<'a>,
    /// The records to link it with.
    pub associations: TrutoTargets<'a>,
    /// Fields for the vendor behind Truto, passed on untouched.
    #[cfg_attr(feature = "types", ts(type = "Record<string, unknown>", optional))]
    pub remote_data: Option<Map<String, Value>>,
}

/// The kinds of records that Truto links from. The founding page has the first two.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum TrutoEntity {
    /// Companies.
    Accounts,
    /// Deals.
    Opportunities,
    /// People.
    Contacts,
    /// People or companies not yet qualified.
    Leads,
}

/// Targets by kind.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
pub struct TrutoTargets<'a> {
    /// Companies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accounts: Option<Vec<TrutoTarget<'a>>>,
    /// Companies, in the spelling of Truto's page: sent as `accounts`.
    #[serde(skip_serializing)]
    pub acocunts: Option<Vec<TrutoTarget<'a>>>,
    /// People.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contacts: Option<Vec<TrutoTarget<'a>>>,
    /// People or companies not yet qualified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leads: Option<Vec<TrutoTarget<'a>>>,
    /// Deals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opportunities: Option<Vec<TrutoTarget<'a>>>,
    /// Companies, at vendors that tell them from accounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organizations: Option<Vec<TrutoTarget<'a>>>,
}

/// A record to link with.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct TrutoTarget<'a> {
    /// Its id.
    pub id: Id<'a>,
}

/// What Truto answers. In the `raw` format the whole answer stands under other names.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
pub struct Created {
    /// The record's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity_id: Option<String>,
    /// What the record is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// The linked records by kind; `acocunts` is the page's own spelling.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "types",
        ts(type = "Record<string, Array<{ id: string }>>", optional)
    )]
    pub associations: Option<Map<String, Value>>,
    /// The answer of the vendor behind Truto.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "unknown", optional))]
    pub remote_data: Option<Value>,
    /// What else Truto says.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

impl Created {
    pub(in crate::vendors::truto) fn read(fields: &mut Fields) -> Result<Self, Shape> {
        Ok(Self {
            entity_id: fields.optional_text("entity_id")?,
            entity: fields.optional_text("entity")?,
            associations: match fields.any("associations") {
                Some(Value::Object(associations)) => Some(associations),
                _ => None,
            },
            remote_data: fields.any("remote_data"),
            rest: fields.rest(),
        })
    }
}

#[derive(Serialize)]
struct Body<'b, 'a> {
    entity_id: &'b Id<'a>,
    entity: TrutoEntity,
    associations: &'b TrutoTargets<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remote_data: Option<&'b Map<String, Value>>,
}

impl<'a> FromFields<'a> for Create<'a> {
    fn from_fields(fields: &mut read::Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            integrated_account_id: fields.required_id("integrated_account_id")?,
            truto_response_format: fields.word("truto_response_format", FORMATS)?,
            truto_ignore_remote_data: fields.flag_or_word("truto_ignore_remote_data")?,
            truto_exclude_fields: fields
                .texts("truto_exclude_fields")?
                .map(|lists| lists.iter().flat_map(|list| field_list(list)).collect()),
            remote_query: fields.map("remote_query")?,
            entity: fields.required_word("entity", ENTITIES)?,
            entity_id: fields.required_id("entity_id")?,
            associations: fields.required_object("associations")?,
            remote_data: fields.map("remote_data")?,
        })
    }
}

impl<'a> FromFields<'a> for TrutoTargets<'a> {
    fn from_fields(fields: &mut read::Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            accounts: fields.list("accounts")?,
            acocunts: fields.list("acocunts")?,
            contacts: fields.list("contacts")?,
            leads: fields.list("leads")?,
            opportunities: fields.list("opportunities")?,
            organizations: fields.list("organizations")?,
        })
    }
}

impl<'a> FromFields<'a> for TrutoTarget<'a> {
    fn from_fields(fields: &mut read::Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            id: fields.required_id("id")?,
        })
    }
}

impl<'a> Endpoint<'a> for Create<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = Created;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        if !is_uuid(self.integrated_account_id.as_str()) {
            let message = "expected a UUID such as 62f44730-dd91-461e-bd6a-aedd9e0ad79d";
            return Err(Refusal::id("integrated_account_id", message));
        }
        if let Some(fault) = id::fault(self.entity_id.as_str()) {
            return Err(Refusal::id("entity_id", fault));
        }
        self.associations.check()?;
        let merged = self.associations.merged();
        let mut request = FACTS.request_with(
            options,
            &[],
            &Body {
                entity_id: &self.entity_id,
                entity: self.entity,
                associations: merged.as_ref().unwrap_or(&self.associations),
                remote_data: self.remote_data.as_ref(),
            },
        )?;
        self.push_query(&mut request.url);
        Ok(request)
    }

    fn read(response: &Response) -> Result<Created, Failure> {
        answer::object(NAME, error::success(response)?, Created::read)
    }
}

impl Create<'_> {
    fn push_query(&self, url: &mut String) {
        path::push_query(
            url,
            "integrated_account_id",
            self.integrated_account_id.as_str(),
        );
        if let Some(format) = self.truto_response_format {
            path::push_query(url, "truto_response_format", format.as_str());
        }
        if let Some(ignore) = self.truto_ignore_remote_data {
            path::push_query(
                url,
                "truto_ignore_remote_data",
                if ignore { "true" } else { "false" },
            );
        }
        for name in self.truto_exclude_fields.iter().flatten() {
            path::push_query(url, "truto_exclude_fields[]", name);
        }
        if let Some(query) = &self.remote_query {
            path::push_query_values(url, "remote_query", query);
        }
    }
}

impl<'a> TrutoTargets<'a> {
    fn lists(&self) -> [(&'static str, Option<&Vec<TrutoTarget<'a>>>); 6] {
        [
            ("accounts", self.accounts.as_ref()),
            ("acocunts", self.acocunts.as_ref()),
            ("contacts", self.contacts.as_ref()),
            ("leads", self.leads.as_ref()),
            ("opportunities", self.opportunities.as_ref()),
            ("organizations", self.organizations.as_ref()),
        ]
    }

    fn check(&self) -> Result<(), Refusal> {
        let mut any = false;
        for (key, targets) in self.lists() {
            for (place, target) in targets.into_iter().flatten().enumerate() {
                any = true;
                if let Some(fault) = target.id.fault() {
                    return Err(Refusal::id(
                        format!("associations.{key}[{place}].id"),
                        fault,
                    ));
                }
            }
        }
        if any {
            Ok(())
        } else {
            Err(Refusal::input(
                "associations",
                "expected at least one record to link with, got none",
            ))
        }
    }

    /// The same with `acocunts` among the accounts; `None` where nothing is to be merged.
    fn merged(&self) -> Option<Self> {
        let misspelt = self.acocunts.as_ref()?;
        let mut merged = self.clone();
        let accounts = merged.accounts.get_or_insert_default();
        for target in misspelt {
            if !accounts.iter().any(|known| known.id == target.id) {
                accounts.push(target.clone());
            }
        }
        Some(merged)
    }
}

/// Eight, four, four, four and twelve hexadecimal digits.
pub(crate) fn is_uuid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let parts: Vec<_> = text.split('-').collect();
    parts.len() == lengths.len()
        && parts.iter().zip(lengths).all(|(part, length)| {
            part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
}

const FORMATS: &[(&str, Format)] = &[
    ("unified", Format::Unified),
    ("raw", Format::Raw),
    ("normalized", Format::Normalized),
    ("stream", Format::Stream),
];

const ENTITIES: &[(&str, TrutoEntity)] = &[
    ("accounts", TrutoEntity::Accounts),
    ("opportunities", TrutoEntity::Opportunities),
    ("contacts", TrutoEntity::Contacts),
    ("leads", TrutoEntity::Leads),
];
