//! `DELETE /services/data/{version}/composite/sobjects?ids={ids}&allOrNone={allOrNone}`
//!
//! Deletes up to 200 records, and answers one result for each, in order.

use super::LARGEST;
use crate::answer;
use crate::endpoint::{Facts, Options, Repeat};
use crate::error::{Code, Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::path;
use crate::vendors::salesforce::sobjects::SaveResult;
use crate::vendors::salesforce::{NAME, ORIGIN, error, id, version, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "salesforce.collections.delete",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Delete,
    versions: &versions("/services/data/{version}/composite/sobjects"),
    success: &[200],
    // The second time they are gone: `not_found`, item by item.
    repeat: Repeat::Safe,
    // Not confirmed by a source at hand: that it is as many as for the other verbs.
    batch: Some(LARGEST),
    scopes: &["api"],
    docs: "https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections_delete.htm",
};

/// Longer URIs answer 414. 200 ids of 18 characters take a quarter of it.
pub const LONGEST_URI: usize = 16_384;

/// Builds the request.
///
/// # Errors
/// A refusal of the ids or the options.
pub fn build(ids: &[&str], all_or_none: bool, options: &Options) -> Result<Request, Refusal> {
    let mut request = FACTS.request(options, &[("version", version(options)?)])?;
    push_ids(&mut request.url, ids, all_or_none)?;
    Ok(request)
}

/// Appends what says which records go, for a part of a composite call too.
pub(in crate::vendors::salesforce) fn push_ids(
    url: &mut String,
    ids: &[&str],
    all_or_none: bool,
) -> Result<(), Refusal> {
    if ids.is_empty() {
        return Err(Refusal::input("ids", "expected 1 to 200 ids, got none"));
    }
    for (place, id) in ids.iter().enumerate() {
        if let Some(fault) = id::fault(id) {
            return Err(Refusal::id(format!("ids[{place}]"), fault));
        }
    }
    path::push_query(url, "ids", &ids.join(","));
    path::push_query(url, "allOrNone", if all_or_none { "true" } else { "false" });
    if ids.len() > LARGEST || url.len() >= LONGEST_URI {
        return Err(Refusal {
            code: Code::TooLarge,
            ..Refusal::input("ids", format!("expected 1 to 200 ids, got {}", ids.len()))
        });
    }
    Ok(())
}

/// Reads the answer. A record that was not deleted does not sink the others: read each result's `success`.
///
/// # Errors
/// Any answer but a list of results.
pub fn read(response: &Response) -> Result<Vec<SaveResult>, Failure> {
    answer::list(NAME, error::success(response)?, SaveResult::read)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(ids: &[&str]) -> Result<Request, Refusal> {
        let options = Options {
            origin: Some("https://acme.my.salesforce.com".to_owned()),
            ..Options::default()
        };
        build(ids, true, &options)
    }

    #[test]
    fn the_ids_are_in_the_query() {
        let request = request(&["00K5e00000Role1", "00K5e00000Role2"]).unwrap();
        assert_eq!(
            request.url,
            "https://acme.my.salesforce.com/services/data/v66.0/composite/sobjects?ids=00K5e00000Role1%2C00K5e00000Role2&allOrNone=true"
        );
        assert_eq!(request.body, None);
    }

    #[test]
    fn two_hundred_fit_and_no_more() {
        let ids = ["0035e00000AnnaAAAR"; LARGEST + 1];
        let largest = request(&ids[..LARGEST]).unwrap();
        assert!(largest.url.len() < LONGEST_URI);
        assert_eq!(request(&ids).unwrap_err().code, Code::TooLarge);
        assert_eq!(request(&[]).unwrap_err().code, Code::InvalidInput);
        assert_eq!(request(&["a,b"]).unwrap_err().code, Code::InvalidId);
    }
}
