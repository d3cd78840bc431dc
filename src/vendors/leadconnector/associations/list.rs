//! `GET /associations/?locationId=&skip=&limit=`
//!
//! Lists a location's association definitions, the vendor's own and the location's. The slash is part of the path.

use serde::Serialize;

use super::Associations;
use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{Fields, FromFields};
use crate::vendors::leadconnector::{NAME, ORIGIN, bare, show_list, versions, window};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "leadconnector.associations.list",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Get,
    versions: &versions("/associations/"),
    success: &[200],
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["associations.readonly"],
    docs: "https://highlevel.stoplight.io/docs/integrations/",
};

/// Which of the definitions to list.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct List<'a> {
    /// The location (sub-account).
    pub location_id: Id<'a>,
    /// How many to skip: none by default.
    #[cfg_attr(feature = "types", ts(type = "number | string", optional))]
    pub skip: Option<u64>,
    /// How many to list: 100 by default. The largest number is not documented.
    #[cfg_attr(feature = "types", ts(type = "number | string", optional))]
    pub limit: Option<u64>,
}

impl<'a> FromFields<'a> for List<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            location_id: fields.required_id("locationId")?,
            skip: fields.count("skip")?,
            limit: fields.count("limit")?,
        })
    }
}

impl<'a> Endpoint<'a> for List<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = Associations;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        let (skip, limit) = window(self.skip, self.limit);
        let location = self.location_id.as_str();
        let query = [("locationId", location), ("skip", &skip), ("limit", &limit)];
        bare(&FACTS, options, &[], &query)
    }

    fn read(response: &Response) -> Result<Associations, Failure> {
        Associations::read(response)
    }

    fn show(response: &Response) -> String {
        show_list(response, Associations::LIST)
    }
}
