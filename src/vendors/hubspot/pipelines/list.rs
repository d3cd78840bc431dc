//! `GET /crm/v3/pipelines/{objectType}`
//!
//! Lists the pipelines of an object type with their stages.

use crate::answer::{self, Fields, Shape};
use crate::endpoint::{Facts, Options, Repeat, Version};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::vendors::hubspot::{NAME, ORIGIN, V3_ENDS, error};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "hubspot.pipelines.list",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Get,
    versions: &[
        Version {
            name: "v3",
            path: "/crm/v3/pipelines/{objectType}",
            ends: V3_ENDS,
        },
        Version {
            name: "2026-03",
            path: "/crm/pipelines/2026-03/{objectType}",
            ends: None,
        },
        Version {
            name: "2026-09",
            path: "/crm/pipelines/2026-09/{objectType}",
            ends: None,
        },
    ],
    success: &[200],
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["crm.objects.{objectType}.read"],
    docs: "https://developers.hubspot.com/docs/api-reference/latest/crm/pipelines/get-pipelines",
};

/// A pipeline.
#[derive(Clone, Debug)]
pub struct Pipeline {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub label: String,
    /// Its stages.
    pub stages: Vec<Stage>,
}

/// A stage of a pipeline.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub label: String,
}

/// Builds the request.
///
/// # Errors
/// A refusal of the options.
pub fn build(options: &Options, object_type: &str) -> Result<Request, Refusal> {
    FACTS.request(options, &[("objectType", object_type)])
}

/// Reads the pipelines.
///
/// # Errors
/// A [`Failure`] for any other answer.
pub fn read(response: &Response) -> Result<Vec<Pipeline>, Failure> {
    answer::object(NAME, error::success(response)?, |fields| {
        fields.list("results", pipeline)
    })
}

fn pipeline(fields: &mut Fields) -> Result<Pipeline, Shape> {
    Ok(Pipeline {
        id: fields.id("id")?,
        label: fields.optional_text("label")?.unwrap_or_default(),
        stages: fields.list("stages", |fields| {
            Ok(Stage {
                id: fields.id("id")?,
                label: fields.optional_text("label")?.unwrap_or_default(),
            })
        })?,
    })
}
