//! `POST /opportunities/upsert`
//!
//! Creates an opportunity, or updates the one that matches.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::answer::{self, Fields, Shape};
use crate::decimal::Decimal;
use crate::endpoint::{Endpoint, Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::id::Id;
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
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Upsert<'a> {
    /// The id of the opportunity to update.
    #[serde(borrow, default)]
    pub id: Option<Id<'a>>,
    /// The pipeline.
    #[serde(borrow)]
    pub pipeline_id: Id<'a>,
    /// The location (sub-account).
    #[serde(borrow)]
    pub location_id: Id<'a>,
    /// The contact. The published page has lost this field; callers send it all the same.
    #[serde(borrow, default)]
    pub contact_id: Option<Id<'a>>,
    /// Users who follow the opportunity: one id or a list of at most 10.
    #[serde(borrow, default, deserialize_with = "one_or_many")]
    #[cfg_attr(feature = "types", ts(type = "string | Array<string>", optional))]
    pub followers: Option<Vec<Id<'a>>>,
    /// Whether all followers are removed first. Never true unless you say so.
    #[serde(default, deserialize_with = "bool_or_text")]
    #[cfg_attr(feature = "types", ts(type = "boolean", optional))]
    pub is_remove_all_followers: Option<bool>,
    /// Whether `followers` are added (the default) or removed.
    #[serde(default)]
    pub followers_action_type: Option<FollowersAction>,
    /// The opportunity's name.
    #[serde(borrow, default)]
    pub name: Option<Cow<'a, str>>,
    /// Its status. `all` is a search word and refused.
    #[serde(default)]
    pub status: Option<Status>,
    /// The stage of the pipeline.
    #[serde(borrow, default)]
    pub pipeline_stage_id: Option<Id<'a>>,
    /// Its value: a number, or a decimal as text, which keeps every digit.
    #[serde(default, deserialize_with = "money")]
    #[cfg_attr(
        feature = "types",
        ts(type = "number | string | { amount: number | string }", optional)
    )]
    pub monetary_value: Option<Decimal>,
    /// The user it is assigned to.
    #[serde(borrow, default)]
    pub assigned_to: Option<Id<'a>>,
    /// Why it was lost.
    #[serde(borrow, default)]
    pub lost_reason_id: Option<Id<'a>>,
    /// Fields that the published description lacks, `customFields` or `source` for instance.
    #[serde(default)]
    #[cfg_attr(feature = "types", ts(type = "Record<string, unknown>"))]
    pub extra: Option<Map<String, Value>>,
}

/// What happens with the followers.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
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
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
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

/// The published type is a list, the published example a bare string: both are read, `null` as none.
fn one_or_many<'de: 'a, 'a, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Vec<Id<'a>>>, D::Error> {
    struct OneOrMany;

    impl<'de> serde::de::Visitor<'de> for OneOrMany {
        type Value = Option<Vec<Id<'de>>>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("one user id or a list of user ids")
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_borrowed_str<E>(self, id: &'de str) -> Result<Self::Value, E> {
            Ok(Some(vec![Id::new(id)]))
        }

        fn visit_str<E>(self, id: &str) -> Result<Self::Value, E> {
            Ok(Some(vec![Id::new(id.to_owned())]))
        }

        fn visit_seq<A: serde::de::SeqAccess<'de>>(
            self,
            mut seq: A,
        ) -> Result<Self::Value, A::Error> {
            let mut ids = Vec::new();
            while let Some(id) = seq.next_element()? {
                ids.push(id);
            }
            Ok(Some(ids))
        }
    }

    deserializer.deserialize_any(OneOrMany)
}

/// The published default is the word `True`: booleans and their words in text are read.
fn bool_or_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::Bool(value) => Ok(Some(value)),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
        _ => Err(serde::de::Error::custom("expected true or false")),
    }
}

/// The value alone, or as unified money without a currency: LeadConnector's opportunities have none.
fn money<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    use serde_json::value::RawValue;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Money {
        #[serde(alias = "value")]
        amount: Decimal,
    }

    let raw = <&RawValue>::deserialize(deserializer)?.get();
    let read = if raw.starts_with('{') {
        serde_json::from_str(raw).map(|money: Money| Some(money.amount))
    } else {
        serde_json::from_str(raw)
    };
    read.map_err(|error| {
        let sentence = error.to_string();
        let sentence = sentence.split(" at line ").next().unwrap_or_default();
        if sentence.contains("`currency`") {
            serde::de::Error::custom("expected no currency: the location's currency applies")
        } else if sentence.starts_with("missing field") {
            serde::de::Error::custom("expected an object with an `amount`")
        } else {
            serde::de::Error::custom(sentence)
        }
    })
}
