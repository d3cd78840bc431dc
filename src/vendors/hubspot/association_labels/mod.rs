//! The kinds of association between two types of records, and the labels that an account adds to them.
//!
//! HubSpot spells the v4 path of these endpoints, and of the limits, in two ways: `/crm/v4/associations/…` in its guides
//! and its client library, `/crm/associations/v4/…` in its published description. The first is used, like that of all
//! association endpoints; the dated versions have one spelling.

pub mod create;
pub mod delete;
pub mod list;
pub mod update;

use serde::Serialize;
use serde_json::{Map, Value};

use super::associations::LabelledType;
use crate::answer::{Fields, Shape};

/// Kinds of association.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct LabelledTypes {
    /// The kinds. The plain one has no label.
    pub results: Vec<LabelledType>,
    /// What else HubSpot says.
    #[serde(flatten)]
    #[cfg_attr(feature = "types", ts(skip))]
    pub rest: Map<String, Value>,
}

impl LabelledTypes {
    fn read(fields: &mut Fields) -> Result<Self, Shape> {
        Ok(Self {
            results: fields.required_list("results", LabelledType::read)?,
            rest: fields.rest(),
        })
    }
}
