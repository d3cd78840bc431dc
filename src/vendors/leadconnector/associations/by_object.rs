//! `GET /associations/objectKey/{objectKey}?locationId=`
//!
//! Finds the association definitions of a kind of record.

use serde::Serialize;

use super::Associations;
use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{Fields, FromFields};
use crate::vendors::leadconnector::{NAME, ORIGIN, bare, show_list, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "leadconnector.associations.byObject",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Get,
    versions: &versions("/associations/objectKey/{objectKey}"),
    success: &[200],
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["associations.readonly"],
    docs: "https://highlevel.stoplight.io/docs/integrations/",
};

/// The kind of record.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct ByObject<'a> {
    /// The key of the kind, as in `contact` or `custom_objects.car`.
    pub object_key: Id<'a>,
    /// The location (sub-account). The published page does not ask for it.
    pub location_id: Option<Id<'a>>,
}

impl<'a> FromFields<'a> for ByObject<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            object_key: fields.required_id("objectKey")?,
            location_id: fields.id("locationId")?,
        })
    }
}

impl<'a> Endpoint<'a> for ByObject<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = Associations;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        let parameters = [("objectKey", self.object_key.as_str())];
        let location = self.location_id.as_ref();
        let query = location.map(|location| ("locationId", location.as_str()));
        bare(&FACTS, options, &parameters, query.as_slice())
    }

    fn read(response: &Response) -> Result<Associations, Failure> {
        Associations::read(response)
    }

    fn show(response: &Response) -> String {
        show_list(response, Associations::LIST)
    }
}
