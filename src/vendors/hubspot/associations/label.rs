//! `PUT /crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}`
//!
//! Gives a pair of records its labels. **It replaces the labels that the pair has:** to add one, send those that are there
//! with it. The body is a bare list.

use serde::Serialize;

use super::{LabelledPair, Type, push_types};
use crate::answer;
use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{Fields, FromFields};
use crate::vendors::hubspot::{GUIDE, NAME, ORIGIN, error, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "hubspot.associations.label",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Put,
    versions: versions!(
        "objects",
        "/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}"
    ),
    success: &[201],
    // The same set replaces itself.
    repeat: Repeat::Safe,
    batch: None,
    scopes: &[
        "crm.objects.{objectType}.write",
        "crm.objects.{toObjectType}.write",
    ],
    docs: GUIDE,
};

/// The two records, and all labels that the pair is to have.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Label<'a> {
    /// The type of the first record: a name such as `contacts`, or an id such as `0-1` or `2-3465404`.
    pub object_type: Id<'a>,
    /// The id of the first record.
    #[cfg_attr(feature = "types", ts(type = "string | number"))]
    pub object_id: Id<'a>,
    /// The type of the second record.
    pub to_object_type: Id<'a>,
    /// The id of the second record.
    #[cfg_attr(feature = "types", ts(type = "string | number"))]
    pub to_object_id: Id<'a>,
    /// The kinds of association that the pair is to have, at least one: the whole body. Those that it has and that are
    /// not among these are removed.
    pub types: Vec<Type<'a>>,
}

impl<'a> FromFields<'a> for Label<'a> {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            object_type: fields.required_id("objectType")?,
            object_id: fields.required_id_or_number("objectId")?,
            to_object_type: fields.required_id("toObjectType")?,
            to_object_id: fields.required_id_or_number("toObjectId")?,
            types: fields.required_list("types")?,
        })
    }
}

impl<'a> Endpoint<'a> for Label<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = LabelledPair;
    const BARE_BODY: Option<&'static str> = Some("types");

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        let mut body = String::new();
        push_types(&mut body, &self.types, || "types".to_owned())?;
        let mut request = FACTS.request(
            options,
            &[
                ("objectType", self.object_type.as_str()),
                ("objectId", self.object_id.as_str()),
                ("toObjectType", self.to_object_type.as_str()),
                ("toObjectId", self.to_object_id.as_str()),
            ],
        )?;
        request.headers.set("content-type", "application/json");
        request.body = Some(body);
        Ok(request)
    }

    fn read(response: &Response) -> Result<LabelledPair, Failure> {
        answer::object(NAME, error::success(response)?, LabelledPair::read)
    }

    fn show(response: &Response) -> String {
        super::show_ids(response)
    }
}
