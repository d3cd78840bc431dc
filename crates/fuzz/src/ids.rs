//! Ids: refused, or safe in every path that there is.

use crmlink::vendors::Vendor;
use crmlink::{id as ids, path};
use percent_encoding::percent_decode_str;
use url::Url;

use crate::text::text;

const ORIGIN: &str = "https://vendor.example";

/// One of so many endpoints is tried with an input.
const EVERY: usize = 16;

/// Ids with a byte between them that is no UTF-8. An id that is accepted gives, in the path of every endpoint, as many
/// segments as the template has, and each decodes to what was put there; whoever decodes it again and again finds nothing
/// that climbs.
///
/// # Panics
/// When that is not so.
pub fn id(data: &[u8]) {
    let ids: Vec<_> = data.split(|byte| *byte == 0xff).map(text).collect();
    for id in &ids {
        let template = "/before/{id}/after";
        let mut url = ORIGIN.to_owned();
        let pushed = path::push(&mut url, template, &[("id", id)]);
        assert_eq!(pushed.is_ok(), ids::fault(id).is_none());
        match pushed {
            Ok(()) => {
                holds(&url, template, |_| id);
                is_harmless(id);
            }
            Err(refusal) => assert!(refusal.path == "id" && !refusal.message.is_empty()),
        }
    }
    let good: Vec<_> = ids.iter().filter(|id| ids::fault(id).is_none()).collect();
    if good.is_empty() {
        return;
    }
    // A few of all endpoints, others for each input.
    let all = Vendor::ALL.iter().flat_map(|vendor| vendor.endpoints());
    let place = data
        .iter()
        .fold(data.len(), |sum, byte| sum + usize::from(*byte));
    for facts in all
        .map(|entry| entry.facts)
        .skip(place % EVERY)
        .step_by(EVERY)
    {
        for version in facts.versions {
            let names: Vec<_> = parameters(version.path).collect();
            let value = |name: &str| {
                let place = names.iter().position(|known| *known == name);
                good[place.unwrap_or_default() % good.len()].as_ref()
            };
            let values: Vec<_> = names.iter().map(|name| (*name, value(name))).collect();
            let mut url = ORIGIN.to_owned();
            let pushed = path::push(&mut url, version.path, &values);
            assert!(pushed.is_ok(), "{}: {pushed:?}", version.path);
            holds(&url, version.path, value);
        }
    }
}

/// A URL of a template is on its host, and its path is the template's with the values in their places.
fn holds<'v>(text: &str, template: &str, value: impl Fn(&str) -> &'v str) {
    let url = Url::parse(text).expect("a URL");
    assert_eq!(url.as_str(), text, "a URL parser reads another URL");
    assert_eq!(url.host_str(), Some("vendor.example"));
    assert!(url.query().is_none() && url.fragment().is_none() && url.username().is_empty());
    let expected: Vec<_> = template.split('/').skip(1).collect();
    let found: Vec<_> = url.path_segments().expect("a path").collect();
    assert_eq!(
        found.len(),
        expected.len(),
        "{text} has not the segments of {template}"
    );
    for (found, expected) in found.iter().zip(expected) {
        let found = percent_decode_str(found).decode_utf8().expect("text");
        match expected
            .strip_prefix('{')
            .and_then(|name| name.strip_suffix('}'))
        {
            Some(name) => assert_eq!(found, value(name)),
            None => assert_eq!(found, fill(expected, &value)),
        }
    }
}

/// A segment in which parameters stand among other text.
fn fill<'v>(segment: &str, value: &impl Fn(&str) -> &'v str) -> String {
    let mut filled = segment.to_owned();
    for name in parameters(segment) {
        filled = filled.replace(&format!("{{{name}}}"), value(name));
    }
    filled
}

fn parameters(template: &str) -> impl Iterator<Item = &str> {
    let pieces = template.split('{').skip(1);
    pieces.filter_map(|piece| Some(piece.split_once('}')?.0))
}

fn is_harmless(id: &str) {
    assert!(!id.is_empty() && id.len() <= ids::LONGEST);
    let mut decoded = id.to_owned();
    loop {
        let climbs = |part: &str| part == "." || part == "..";
        assert!(!decoded.split(['/', '\\']).any(climbs), "{id:?} climbs");
        assert!(
            !decoded.chars().any(char::is_control),
            "{id:?} has a control"
        );
        let deeper = percent_decode_str(&decoded)
            .decode_utf8_lossy()
            .into_owned();
        if deeper == decoded {
            return;
        }
        decoded = deeper;
    }
}
