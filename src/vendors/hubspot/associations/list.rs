//! `GET /crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}?after=&limit=`
//!
//! Lists the records of one type that a record is associated with, and by which kinds of association. A page has at most
//! 500; the last one has no `paging`.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Associated, after};
use crate::answer::{self, Shape};
use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::path;
use crate::read::{Fields, FromFields};
use crate::vendors::hubspot::{GUIDE, NAME, ORIGIN, error, versions};

/// The most that a page has, which is also what it has unless less is asked for.
pub const LARGEST: u32 = 500;

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "hubspot.associations.list",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Get,
    versions: versions!(
        "objects",
        "/{objectType}/{objectId}/associations/{toObjectType}"
    ),
    success: &[200],
    repeat: Repeat::Safe,
    batch: None,
    scopes: &[
        "crm.objects.{objectType}.read",
        "crm.objects.{toObjectType}.read",
    ],
    docs: GUIDE,
};

/// The record, and the type of those that it is associated with.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct List<'a> {
    /// The record's type: a name such as `contacts`, or an id such as `0-1` or `2-3465404`.
    pub object_type: Id<'a>,
    /// The record's id.
    #[cfg_attr(feature = "types", ts(type = "string | number"))]
    pub object_id: Id<'a>,
    /// The type of the records to list.
    pub to_object_type: Id<'a>,
    /// Where the page starts: `paging.next.after` of the page before.
    pub after: Option<Id<'a>>,
    /// How many records a page has at most, 1 to 500; 500 by default.
    pub limit: Option<u32>,
}

/// One page.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "HubspotAssociatedPage", optional_fields)
)]
#[serde(rename_all = "camelCase")]
pub struct Page {
    /// The associated records.
    pub results: Vec<Associated>,
    /// Where the next page starts; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "types",
        ts(type = "{ next?: { after: string; link?: string } }", optional)
    )]
    pub paging: Option<Value>,
    /// What else HubSpot says.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

impl<'a> FromFields<'a> for List<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            object_type: fields.required_id("objectType")?,
            object_id: fields.required_id_or_number("objectId")?,
            to_object_type: fields.required_id("toObjectType")?,
            after: fields.id("after")?,
            limit: fields.number("limit")?,
        })
    }
}

impl<'a> Endpoint<'a> for List<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = Page;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        let mut request = FACTS.request(
            options,
            &[
                ("objectType", self.object_type.as_str()),
                ("objectId", self.object_id.as_str()),
                ("toObjectType", self.to_object_type.as_str()),
            ],
        )?;
        if let Some(after) = &self.after {
            if let Some(fault) = after.fault() {
                return Err(Refusal::id("after", fault));
            }
            path::push_query(&mut request.url, "after", after.as_str());
        }
        match self.limit {
            None => {}
            Some(limit @ 1..=LARGEST) => {
                path::push_query(&mut request.url, "limit", &limit.to_string());
            }
            Some(_) => return Err(Refusal::input("limit", "expected 1 to 500")),
        }
        Ok(request)
    }

    fn read(response: &Response) -> Result<Page, Failure> {
        answer::object(NAME, error::success(response)?, Page::read)
    }

    fn show(response: &Response) -> String {
        super::show_ids(response)
    }
}

impl Page {
    fn read(fields: &mut answer::Fields) -> Result<Self, Shape> {
        Ok(Self {
            results: fields.required_list("results", Associated::read)?,
            paging: fields.any("paging"),
            rest: fields.rest(),
        })
    }

    /// Where the next page starts, if there is one.
    #[must_use]
    pub fn next(&self) -> Option<&str> {
        after(self.paging.as_ref())
    }
}
