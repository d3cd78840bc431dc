//! `DELETE /services/data/{version}/sobjects/{sobject}/{id}`
//!
//! Deletes one record. The answer has no body.

use crate::endpoint::{Facts, Options, Repeat};
use crate::error::{Failure, Refusal};
use crate::http::{Method, Request, Response};
use crate::vendors::salesforce::{NAME, ORIGIN, error, id, version, versions};

/// What is known of the endpoint.
pub const FACTS: Facts = Facts {
    name: "salesforce.sobjects.delete",
    vendor: NAME,
    origin: ORIGIN,
    method: Method::Delete,
    versions: &versions("/services/data/{version}/sobjects/{sobject}/{id}"),
    success: &[204],
    // The second time it is gone: `not_found`.
    repeat: Repeat::Safe,
    batch: None,
    scopes: &["api"],
    docs: "https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/dome_delete_record.htm",
};

/// Builds the request.
///
/// # Errors
/// A refusal of the id or the options.
pub fn build(sobject: &str, id: &str, options: &Options) -> Result<Request, Refusal> {
    if let Some(fault) = id::fault(id) {
        return Err(Refusal::id("id", fault));
    }
    let parameters = [
        ("version", version(options)?),
        ("sobject", sobject),
        ("id", id),
    ];
    FACTS.request(options, &parameters)
}

/// Reads the answer: a success says nothing.
///
/// # Errors
/// Any answer but a 2xx without a body.
pub fn read(response: &Response) -> Result<(), Failure> {
    error::updated(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;
    use crate::http::Headers;

    #[test]
    fn a_record_goes_by_its_id() {
        let options = Options {
            origin: Some("https://acme.my.salesforce.com".to_owned()),
            ..Options::default()
        };
        let request = build("OpportunityContactRole", "00K5e00000Role1", &options).unwrap();
        assert_eq!(request.method, Method::Delete);
        assert_eq!(
            request.url,
            "https://acme.my.salesforce.com/services/data/v66.0/sobjects/OpportunityContactRole/00K5e00000Role1"
        );
        assert_eq!(request.body, None);
        for id in ["", "..", "00K5e00000Role1/../x", "00K5e00000Role"] {
            let refusal = build("OpportunityContactRole", id, &options).unwrap_err();
            assert_eq!(refusal.code, Code::InvalidId, "{id}");
        }
    }

    #[test]
    fn only_an_empty_success_is_one() {
        let answer = |status, body: &str| {
            let headers = Headers::new();
            let body = body.to_owned();
            read(&Response {
                status,
                headers,
                body,
            })
            .map_err(|failure| failure.code)
        };
        assert_eq!(answer(204, ""), Ok(()));
        assert_eq!(
            answer(200, "<html>welcome</html>"),
            Err(Code::UnexpectedResponse)
        );
        let gone = r#"[{"errorCode":"ENTITY_IS_DELETED","message":"entity is deleted"}]"#;
        assert_eq!(answer(404, gone), Err(Code::NotFound));
    }
}
