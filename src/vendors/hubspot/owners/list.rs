//! `GET /crm/v3/owners`
//!
//! Lists the owners of an account, or the one with an email address.

use crate::answer::{self, Fields, Shape};
use crate::endpoint::{Facts, Options, Repeat, Version};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::path;
use crate::vendors::hubspot::{NAME, ORIGIN, V3_ENDS, error};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "hubspot.owners.list",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Get,
    versions: &[
        Version {
            name: "v3",
            path: "/crm/v3/owners",
            ends: V3_ENDS,
        },
        Version {
            name: "2026-03",
            path: "/crm/owners/2026-03",
            ends: None,
        },
        Version {
            name: "2026-09",
            path: "/crm/owners/2026-09",
            ends: None,
        },
    ],
    success: &[200],
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["crm.objects.owners.read"],
    docs: "https://developers.hubspot.com/docs/api-reference/2026-03/crm/owners/get-owners",
};

/// How many owners a page shows here.
const LIMIT: &str = "100";

/// One page of owners.
#[derive(Clone, Debug)]
pub struct Page {
    /// The owners.
    pub owners: Vec<Owner>,
    /// Where the next page begins; `None` on the last one.
    pub after: Option<String>,
}

/// An owner. Its `id`, and not its `userId`, is what a record takes.
#[derive(Clone, Debug)]
pub struct Owner {
    /// The owner's id.
    pub id: String,
    /// The address.
    pub email: String,
    /// First and last name, with a space between them.
    pub name: String,
}

/// Builds the request.
///
/// # Errors
/// A refusal of the options.
pub fn build(
    options: &Options,
    email: Option<&str>,
    after: Option<&str>,
) -> Result<Request, Refusal> {
    let mut request = FACTS.request(options, &[])?;
    if let Some(email) = email {
        path::push_query(&mut request.url, "email", email);
    }
    path::push_query(&mut request.url, "limit", LIMIT);
    if let Some(after) = after {
        path::push_query(&mut request.url, "after", after);
    }
    Ok(request)
}

/// Reads a page.
///
/// # Errors
/// A [`Failure`] for any other answer.
pub fn read(response: &Response) -> Result<Page, Failure> {
    answer::object(NAME, error::success(response)?, |fields| {
        let owners = fields.list("results", owner)?;
        let paging = fields.any("paging").unwrap_or_default();
        let after = paging
            .pointer("/next/after")
            .and_then(|after| after.as_str());
        Ok(Page {
            owners,
            after: after.map(str::to_owned),
        })
    })
}

fn owner(fields: &mut Fields) -> Result<Owner, Shape> {
    let first = fields.optional_text("firstName")?.unwrap_or_default();
    let last = fields.optional_text("lastName")?.unwrap_or_default();
    Ok(Owner {
        id: fields.id("id")?,
        email: fields.optional_text("email")?.unwrap_or_default(),
        name: [first.as_str(), last.as_str()].join(" ").trim().to_owned(),
    })
}
