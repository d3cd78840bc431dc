//! The path of a vendor's URL, told by its template.

use crmlink::vendors::Vendor;

/// A URL's path with the words that the vendor's own paths are made of, and `{}` for all that stands between them: ids, keys
/// and names. The query is left out.
pub(super) fn template(vendor: Option<Vendor>, url: &str) -> String {
    let local = url.split_once("://").map_or(url, |(_, local)| local);
    let path = local.split(['?', '#']).next().unwrap_or_default();
    let mut told = String::with_capacity(path.len());
    // The first part is the host.
    for part in path.split('/').skip(1) {
        told.push('/');
        told.push_str(if is_word(vendor, part) { part } else { "{}" });
    }
    told
}

/// Whether a part stands in one of the vendor's paths as it is.
fn is_word(vendor: Option<Vendor>, part: &str) -> bool {
    let endpoints = vendor.into_iter().flat_map(Vendor::endpoints);
    let mut paths =
        endpoints.flat_map(|endpoint| endpoint.facts.versions.iter().map(|version| version.path));
    part.is_empty()
        || FURTHER.contains(&part)
        || paths.any(|path| {
            path.split('/')
                .any(|word| word == part && !word.starts_with('{'))
        })
}

/// The words of paths that no endpoint of the vendor's table has: of reads that only an operation makes, and of tokens.
const FURTHER: &[&str] = &[
    "businesses",
    "companies",
    "composite",
    "contacts",
    "crm",
    "data",
    "deals",
    "duplicate",
    "leads",
    "oauth",
    "objects",
    "opportunities",
    "owners",
    "pipelines",
    "query",
    "search",
    "services",
    "sobjects",
    "token",
    "v1",
    "v2",
    "v3",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_caller_s_stands_in_a_template() {
        for (vendor, url, told) in [
            (
                Vendor::Hubspot,
                "https://api.hubapi.com/crm/v4/objects/contacts/101/associations/default/p_secret/201?x=secret",
                "/crm/v4/objects/contacts/{}/associations/default/{}/{}",
            ),
            (
                Vendor::Leadconnector,
                "https://gateway.example/secret/associations/key/secret?locationId=secret#secret",
                "/{}/associations/key/{}",
            ),
            (Vendor::Truto, "https://api.truto.one", ""),
        ] {
            assert_eq!(template(Some(vendor), url), told);
        }
    }
}
