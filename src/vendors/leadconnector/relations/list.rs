//! `GET /associations/relations/{recordId}?locationId=&skip=&limit=&associationIds[]=`
//!
//! Lists the relations of a record, in both directions.

use serde::Serialize;

use super::create::Relation;
use crate::answer;
use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::path;
use crate::read::{Fields, FromFields};
use crate::vendors::leadconnector::{NAME, ORIGIN, bare, error, show_list, versions, window};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "leadconnector.relations.list",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Get,
    versions: &versions("/associations/relations/{recordId}"),
    success: &[200],
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["associations/relation.readonly"],
    docs: "https://highlevel.stoplight.io/docs/integrations/",
};

/// Which relations to list.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct List<'a> {
    /// The record.
    pub record_id: Id<'a>,
    /// The location (sub-account).
    pub location_id: Id<'a>,
    /// How many to skip: none by default.
    #[cfg_attr(feature = "types", ts(type = "number | string", optional))]
    pub skip: Option<u64>,
    /// How many to list: 100 by default. The largest number is not documented.
    #[cfg_attr(feature = "types", ts(type = "number | string", optional))]
    pub limit: Option<u64>,
    /// Only the relations of these definitions: one id or a list.
    #[cfg_attr(feature = "types", ts(type = "string | Array<string>", optional))]
    pub association_ids: Option<Vec<Id<'a>>>,
}

/// Relations. The published answer is a definition; live answers hold a list.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Relations {
    /// The relations.
    pub relations: Vec<Relation>,
}

const LIST: &str = "relations";

impl<'a> FromFields<'a> for List<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            record_id: fields.required_id("recordId")?,
            location_id: fields.required_id("locationId")?,
            skip: fields.count("skip")?,
            limit: fields.count("limit")?,
            association_ids: fields
                .texts("associationIds")?
                .map(|ids| ids.into_iter().map(Id::new).collect()),
        })
    }
}

impl<'a> Endpoint<'a> for List<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = Relations;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        let (skip, limit) = window(self.skip, self.limit);
        let location = self.location_id.as_str();
        let query = [("locationId", location), ("skip", &skip), ("limit", &limit)];
        let parameters = [("recordId", self.record_id.as_str())];
        let mut request = bare(&FACTS, options, &parameters, &query)?;
        for (place, id) in self.association_ids.iter().flatten().enumerate() {
            if let Some(fault) = id.fault() {
                return Err(Refusal::id(format!("associationIds[{place}]"), fault));
            }
            // How a list is written is not published: this is what the vendor's own client sends.
            path::push_query(&mut request.url, "associationIds[]", id.as_str());
        }
        Ok(request)
    }

    fn read(response: &Response) -> Result<Relations, Failure> {
        let response = error::success(response)?;
        let relations = answer::listed(NAME, response, LIST, Relation::read)?;
        Ok(Relations { relations })
    }

    fn show(response: &Response) -> String {
        show_list(response, LIST)
    }
}
