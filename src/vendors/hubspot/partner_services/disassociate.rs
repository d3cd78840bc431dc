//! `DELETE /crm/v3/objects/partner_services/{partnerServiceId}/associations/{toObjectType}/{toObjectId}/{associationType}`
//!
//! Removes an association of a partner service. Not known: whether other kinds of association between the two stay.

use serde::Serialize;

use crate::endpoint::{Endpoint, Facts, Options, Repeat, Version};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{Fields, FromFields};
use crate::vendors::hubspot::{Done, NAME, ORIGIN, V3_ENDS, error, partner};

/// What is known of the endpoint. The dated versions have no path of this form.
pub const FACTS: Facts = Facts {
    name: "hubspot.partnerServices.disassociate",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Delete,
    versions: &[Version {
        name: "v3",
        path: "/crm/v3/objects/partner_services/{partnerServiceId}/associations/{toObjectType}/{toObjectId}/{associationType}",
        ends: V3_ENDS,
    }],
    success: &[204],
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["crm.objects.partner-services.write"],
    docs: "https://developers.hubspot.com/docs/api-reference/crm-partner-services-v3/guide",
};

/// The partner service and the record that it is no longer to be associated with.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Disassociate<'a> {
    /// The id of the partner service.
    #[cfg_attr(feature = "types", ts(type = "string | number"))]
    pub partner_service_id: Id<'a>,
    /// The type of the other record.
    pub to_object_type: Id<'a>,
    /// The id of the other record.
    #[cfg_attr(feature = "types", ts(type = "string | number"))]
    pub to_object_id: Id<'a>,
    /// The kind of association, by name or number. HubSpot publishes no list for partner services.
    #[cfg_attr(feature = "types", ts(type = "string | number"))]
    pub association_type: Id<'a>,
}

impl<'a> FromFields<'a> for Disassociate<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            partner_service_id: fields.required_id_or_number("partnerServiceId")?,
            to_object_type: fields.required_id("toObjectType")?,
            to_object_id: fields.required_id_or_number("toObjectId")?,
            association_type: fields.required_id_or_number("associationType")?,
        })
    }
}

impl<'a> Endpoint<'a> for Disassociate<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = Done;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        let parameters = [
            ("partnerServiceId", self.partner_service_id.as_str()),
            ("toObjectType", self.to_object_type.as_str()),
            ("toObjectId", self.to_object_id.as_str()),
            ("associationType", self.association_type.as_str()),
        ];
        partner::build(&FACTS, options, &parameters, partner::ARCHIVE_INSTEAD)
    }

    fn read(response: &Response) -> Result<Done, Failure> {
        error::done(response)
    }

    fn show(_response: &Response) -> String {
        "{}".to_owned()
    }
}
