//! `POST /opportunities/upsert`
//!
//! Creates an opportunity, or updates the one that matches.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::answer::{self, Fields, Shape};
use crate::decimal::Decimal;
use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
use crate::read::{self, FromFields};
use crate::vendors::leadconnector::{NAME, ORIGIN, check_ids, error, post, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "leadconnector.opportunities.upsert",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Post,
    versions: &versions("/opportunities/upsert"),
    success: &[200, 201],
    // What it matches on when no id is given is not documented: a repeat may create a second opportunity.
    repeat: Repeat::Look,
    batch: None,
    scopes: &["opportunities.write"],
    docs: "https://highlevel.stoplight.io/docs/integrations/",
};

/// How many followers one call may name.
pub const MOST_FOLLOWERS: usize = 10;

/// The opportunity.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[cfg_attr(feature = "types", ts(rename_all = "camelCase"))]
pub struct Upsert<'a> {
    /// The id of the opportunity to update.
    pub id: Option<Id<'a>>,
    /// The pipeline.
    pub pipeline_id: Id<'a>,
    /// The location (sub-account).
    pub location_id: Id<'a>,
    /// The contact. The published page has lost this field; callers send it all the same.
    pub contact_id: Option<Id<'a>>,
    /// Users who follow the opportunity: one id or a list of at most 10.
    #[cfg_attr(feature = "types", ts(type = "string | Array<string>", optional))]
    pub followers: Option<Vec<Id<'a>>>,
    /// Whether all followers are removed first. Never true unless you say so.
    #[cfg_attr(feature = "types", ts(type = "boolean", optional))]
    pub is_remove_all_followers: Option<bool>,
    /// Whether `followers` are added (the default) or removed.
    pub followers_action_type: Option<FollowersAction>,
    /// The opportunity's name.
    pub name: Option<Cow<'a, str>>,
    /// Its status. `all` is a search word and refused.
    pub status: Option<Status>,
    /// The stage of the pipeline.
    pub pipeline_stage_id: Option<Id<'a>>,
    /// Its value: a number, or a decimal as text, which keeps every digit.
    #[cfg_attr(
        feature = "types",
        ts(type = "number | string | { amount: number | string }", optional)
    )]
    pub monetary_value: Option<Decimal>,
    /// The user it is assigned to.
    pub assigned_to: Option<Id<'a>>,
    /// Why it was lost.
    pub lost_reason_id: Option<Id<'a>>,
    /// Fields that the published description lacks, `customFields` or `source` for instance.
    #[cfg_attr(feature = "types", ts(type = "Record<string, unknown>", optional))]
    pub extra: Option<Map<String, Value>>,
}

/// What happens with the followers.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum FollowersAction {
    /// They are added.
    #[default]
    Add,
    /// They are removed.
    Remove,
}

/// An opportunity's status.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Being worked on.
    Open,
    /// Won.
    Won,
    /// Lost.
    Lost,
    /// Given up.
    Abandoned,
}

/// What an upsert answers.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Upserted {
    /// The opportunity as it is now.
    #[cfg_attr(feature = "types", ts(type = "Record<string, unknown>"))]
    pub opportunity: Map<String, Value>,
    /// Whether it was created.
    pub new: bool,
    /// What else LeadConnector says, `traceId` for instance.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

/// The body, its fields in the order of the published example.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'b, 'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'b Id<'a>>,
    pipeline_id: &'b Id<'a>,
    location_id: &'b Id<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_id: Option<&'b Id<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    followers: Option<&'b [Id<'a>]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_remove_all_followers: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    followers_action_type: Option<FollowersAction>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'b str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pipeline_stage_id: Option<&'b Id<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    monetary_value: Option<&'b Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assigned_to: Option<&'b Id<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lost_reason_id: Option<&'b Id<'a>>,
}

const KNOWN: &[&str] = &[
    "id",
    "pipelineId",
    "locationId",
    "contactId",
    "followers",
    "isRemoveAllFollowers",
    "followersActionType",
    "name",
    "status",
    "pipelineStageId",
    "monetaryValue",
    "assignedTo",
    "lostReasonId",
];

impl<'a> FromFields<'a> for Upsert<'a> {
    fn from_fields(fields: &mut read::Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            id: fields.id("id")?,
            pipeline_id: fields.required_id("pipelineId")?,
            location_id: fields.required_id("locationId")?,
            contact_id: fields.id("contactId")?,
            // The published type is a list, the published example a bare string: both are read.
            followers: fields
                .texts("followers")?
                .map(|ids| ids.into_iter().map(Id::new).collect()),
            // The published default is the word `True`.
            is_remove_all_followers: fields.flag_or_word("isRemoveAllFollowers")?,
            followers_action_type: fields.word("followersActionType", FOLLOWERS_ACTIONS)?,
            name: fields.text("name")?,
            status: fields.word("status", STATUSES)?,
            pipeline_stage_id: fields.id("pipelineStageId")?,
            monetary_value: fields.decimal_or::<Money>("monetaryValue")?,
            assigned_to: fields.id("assignedTo")?,
            lost_reason_id: fields.id("lostReasonId")?,
            extra: fields.map("extra")?,
        })
    }
}

impl<'a> Endpoint<'a> for Upsert<'a> {
    const FACTS: &'static Facts = &FACTS;
    type Answer = Upserted;

    fn build(&self, options: &Options) -> Result<Request, Refusal> {
        self.check()?;
        // The published page calls the three follower fields required; callers who send none of them are served.
        let followers = options.strict_spec
            || self.followers.is_some()
            || self.is_remove_all_followers.is_some()
            || self.followers_action_type.is_some();
        let body = Body {
            id: self.id.as_ref(),
            pipeline_id: &self.pipeline_id,
            location_id: &self.location_id,
            contact_id: self.contact_id.as_ref(),
            followers: followers.then(|| self.followers.as_deref().unwrap_or_default()),
            is_remove_all_followers: followers
                .then(|| self.is_remove_all_followers.unwrap_or_default()),
            followers_action_type: followers
                .then(|| self.followers_action_type.unwrap_or_default()),
            name: self.name.as_deref(),
            status: self.status,
            pipeline_stage_id: self.pipeline_stage_id.as_ref(),
            monetary_value: self.monetary_value.as_ref(),
            assigned_to: self.assigned_to.as_ref(),
            lost_reason_id: self.lost_reason_id.as_ref(),
        };
        post(&FACTS, options, &body, KNOWN, self.extra.as_ref())
    }

    fn read(response: &Response) -> Result<Upserted, Failure> {
        answer::object(NAME, error::success(response)?, Upserted::read)
    }
}

impl Upserted {
    fn read(fields: &mut Fields) -> Result<Self, Shape> {
        Ok(Self {
            opportunity: fields.map("opportunity")?,
            new: fields.required_flag("new")?,
            rest: fields.rest(),
        })
    }
}

impl Upsert<'_> {
    fn check(&self) -> Result<(), Refusal> {
        check_ids(&[
            ("id", self.id.as_ref()),
            ("pipelineId", Some(&self.pipeline_id)),
            ("locationId", Some(&self.location_id)),
            ("contactId", self.contact_id.as_ref()),
            ("pipelineStageId", self.pipeline_stage_id.as_ref()),
            ("assignedTo", self.assigned_to.as_ref()),
            ("lostReasonId", self.lost_reason_id.as_ref()),
        ])?;
        let followers = self.followers.as_deref().unwrap_or_default();
        if followers.len() > MOST_FOLLOWERS {
            return Err(Refusal::input(
                "followers",
                format!("expected at most 10 followers, got {}", followers.len()),
            ));
        }
        for (index, follower) in followers.iter().enumerate() {
            if let Some(fault) = follower.fault() {
                return Err(Refusal::id(format!("followers[{index}]"), fault));
            }
        }
        Ok(())
    }
}

/// A value as unified money.
struct Money(Decimal);

impl<'a> FromFields<'a> for Money {
    fn from_fields(fields: &mut read::Fields<'a, '_>) -> Result<Self, Refusal> {
        if fields.any("currency")?.is_some() {
            let message =
                "expected no currency: LeadConnector's opportunities are in that of their location";
            return Err(fields.refuse("currency", message));
        }
        match fields.decimal("value")? {
            Some(value) => Ok(Self(value)),
            None => fields.required_decimal("amount").map(Self),
        }
    }
}

impl From<Money> for Decimal {
    fn from(Money(value): Money) -> Self {
        value
    }
}

const STATUSES: &[(&str, Status)] = &[
    ("open", Status::Open),
    ("won", Status::Won),
    ("lost", Status::Lost),
    ("abandoned", Status::Abandoned),
];

const FOLLOWERS_ACTIONS: &[(&str, FollowersAction)] = &[
    ("add", FollowersAction::Add),
    ("remove", FollowersAction::Remove),
];
