//! Up to 200 records in one call. One bad record does not sink the rest unless `allOrNone` says so.

pub mod create;
pub mod delete;
pub mod update;
pub mod upsert;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::{Code, Refusal};
use crate::read::{Fields, FromFields};

/// How many records one call may carry.
pub const LARGEST: usize = 200;

/// The records of a call. Each names its kind under `attributes.type`.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Records {
    /// Whether one failure rolls all back; false by default.
    #[cfg_attr(feature = "types", ts(optional, as = "Option<bool>"))]
    pub all_or_none: bool,
    /// The records, 1 to 200, as in `{"attributes": {"type": "Contact"}, "LastName": "…"}`.
    #[cfg_attr(feature = "types", ts(type = "Array<Record<string, unknown>>"))]
    pub records: Vec<Map<String, Value>>,
}

impl<'a> FromFields<'a> for Records {
    fn from_fields(fields: &mut Fields<'a, '_>) -> Result<Self, Refusal> {
        Ok(Self {
            all_or_none: fields.flag("allOrNone")?.unwrap_or_default(),
            records: fields.required_maps("records")?,
        })
    }
}

impl Records {
    fn check(&self) -> Result<(), Refusal> {
        let count = self.records.len();
        if count == 0 {
            return Err(Refusal::input(
                "records",
                "expected 1 to 200 records, got none",
            ));
        }
        if count > LARGEST {
            return Err(Refusal {
                code: Code::TooLarge,
                ..Refusal::input("records", format!("expected 1 to 200 records, got {count}"))
            });
        }
        for (place, record) in self.records.iter().enumerate() {
            let kind = record
                .get("attributes")
                .and_then(|attributes| attributes.get("type"));
            if kind.and_then(Value::as_str).is_none() {
                return Err(Refusal::input(
                    format!("records[{place}].attributes.type"),
                    "expected the object's API name, as in `Contact`",
                ));
            }
        }
        Ok(())
    }
}
