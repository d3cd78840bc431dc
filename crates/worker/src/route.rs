//! Which handler a request is for: a pure function of verb and path.
//!
//! The vendors' paths are read off the facts of all endpoints, so that a new endpoint has its route by being declared. Each
//! route says what it needs of its callers: no row can be written without, and no handler is called without a permit.

use std::collections::BTreeSet;

use crmlink::endpoint::{ANY_VERSION, Entry, Facts};
use crmlink::http::Method;
use crmlink::unified::entity::Entity;
use crmlink::unified::operation::{Operation, TypeVerb, Verb};
use crmlink::vendors::Vendor;
use percent_encoding::percent_decode_str;

use crate::access::{Need, Scope};

/// What a request is for.
pub(crate) enum Route {
    /// A path of crmlink's own, what it needs, and the names that stand in it.
    Own(Page, Need, Vec<String>),
    /// A vendor's own path.
    Vendor(Call),
}

/// What is served on the paths that are crmlink's own.
#[derive(Clone, Copy)]
pub(crate) enum Page {
    /// `GET /healthz`
    Health,
    /// `GET /capabilities`
    Capabilities,
    /// `POST /unified/crm/plan`
    Plan,
    /// An operation.
    Unified(Unified),
    /// `/accounts`, and `/accounts/{id}`
    Account(Manage),
    /// `/accounts/{id}/tokens`, and `/accounts/{id}/tokens/{jti}`
    Tokens(Tokens),
}

/// What is done about an account's browser tokens.
#[derive(Clone, Copy)]
pub(crate) enum Tokens {
    /// Makes one.
    Make,
    /// Takes one back.
    Revoke,
    /// Takes all back that were made before now.
    RevokeAll,
}

/// What is done about an account itself.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Manage {
    /// Shows which there are.
    List,
    /// Makes one.
    Create,
    /// Shows one.
    Show,
    /// Changes one.
    Change,
    /// Deletes one.
    Delete,
    /// Begins to connect one by the vendor's page.
    Connect,
    /// Takes the person back whom the vendor sends.
    Connected,
}

/// An operation under a verb of HTTP.
#[derive(Clone, Copy)]
pub(crate) struct Unified {
    /// The operation.
    pub(crate) operation: Operation,
    /// Where its input stands.
    pub(crate) input: Place,
}

/// Where the input of an operation stands.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// In the body: an object.
    Body,
    /// In the body: an object, or a list of them.
    Bodies,
    /// In the query, under these names.
    Query(&'static [&'static str]),
}

/// A call of one endpoint in the vendor's own dialect.
pub(crate) struct Call {
    /// The vendor.
    pub(crate) vendor: Vendor,
    /// The endpoint.
    pub(crate) endpoint: &'static Entry,
    /// The version that the path names; none where a header does.
    pub(crate) version: Option<&'static str>,
    /// The parameters that stand in the path, decoded once and not yet checked: the endpoint's builder does that.
    pub(crate) parameters: Vec<(&'static str, String)>,
}

impl Route {
    /// What it needs of its callers.
    pub(crate) fn need(&self) -> Need {
        match self {
            Self::Own(_, need, _) => *need,
            Self::Vendor(call) => call.need(),
        }
    }
}

impl Call {
    /// What it needs of a caller who names an account.
    pub(crate) fn need(&self) -> Need {
        need(self.endpoint.facts)
    }
}

/// What an endpoint needs: what is not known to leave everything as it is, writes.
fn need(facts: &Facts) -> Need {
    let reads = facts.method == Method::Get || ASKING.contains(&facts.name);
    Need::Scope(if reads { Scope::Read } else { Scope::Write })
}

/// The endpoints that only ask, under a verb that could do more.
const ASKING: &[&str] = &["hubspot.associations.batchRead"];

/// Why there is no route.
pub(crate) enum Miss {
    /// No route has this path.
    Path,
    /// The path has routes under other verbs.
    Verb {
        /// The vendor whose path it is, where it is one's.
        vendor: Option<Vendor>,
        /// The verbs that it has.
        allow: Vec<&'static str>,
    },
}

/// Finds the route of a request; `path` is percent-encoded, as it stands in the URL.
pub(crate) fn find(verb: &str, path: &str) -> Result<Route, Miss> {
    let own: Vec<_> = OWN.iter().filter(|own| own.names(path).is_some()).collect();
    if !own.is_empty() {
        let wanted = if verb == "HEAD" { "GET" } else { verb };
        let found = own.iter().find(|own| own.verb == wanted);
        return found
            .map(|own| Route::Own(own.page, own.need, own.names(path).unwrap_or_default()))
            .ok_or_else(|| Miss::Verb {
                vendor: None,
                allow: own
                    .iter()
                    .flat_map(|own| match own.verb {
                        "GET" => ["GET", "HEAD"].as_slice(),
                        _ => std::slice::from_ref(&own.verb),
                    })
                    .copied()
                    .collect(),
            });
    }
    let mut allow = BTreeSet::new();
    let mut owner = None;
    for known in vendor_paths() {
        let Some(parameters) = parameters(known.template, path) else {
            continue;
        };
        let method = known.endpoint.facts.method.as_str();
        if method == verb {
            return Ok(Route::Vendor(Call {
                vendor: known.vendor,
                endpoint: known.endpoint,
                version: known.version,
                parameters,
            }));
        }
        owner = Some(known.vendor);
        allow.insert(method);
    }
    if allow.is_empty() {
        return Err(Miss::Path);
    }
    Err(Miss::Verb {
        vendor: owner,
        allow: allow.into_iter().collect(),
    })
}

/// The template of a request's path; of an unknown path there is none.
pub(crate) fn template(found: &Result<Route, Miss>, path: &str) -> &'static str {
    if let Ok(Route::Vendor(call)) = found {
        let versions = call.endpoint.facts.versions;
        let named = versions
            .iter()
            .find(|version| Some(version.name) == call.version);
        return named
            .or(versions.first())
            .map_or("", |version| version.path);
    }
    let own = OWN.iter().find(|own| own.names(path).is_some());
    own.map_or("", |own| own.path)
}

/// Every route, as in `PUT /crm/v4/objects/{fromObjectType}/…`.
pub(crate) fn all() -> Vec<String> {
    let own = OWN.iter().map(|own| (own.verb, own.path));
    let vendors =
        vendor_paths().map(|known| (known.endpoint.facts.method.as_str(), known.template));
    own.chain(vendors)
        .map(|(verb, path)| format!("{verb} {path}"))
        .collect()
}

/// A route that is crmlink's own.
struct Own {
    verb: &'static str,
    path: &'static str,
    need: Need,
    page: Page,
}

impl Own {
    /// The names that stand in a path of this route, decoded once.
    fn names(&self, path: &str) -> Option<Vec<String>> {
        let mut segments = path.split('/');
        let mut names = Vec::new();
        for part in self.path.split('/') {
            let segment = segments.next()?;
            if part.starts_with('{') {
                let name = percent_decode_str(segment).decode_utf8().ok()?;
                if name.is_empty() || name.contains('/') || TAKEN.contains(&name.as_ref()) {
                    return None;
                }
                names.push(name.into_owned());
            } else if part != segment {
                return None;
            }
        }
        segments.next().is_none().then_some(names)
    }
}

/// What stands in the place of an account's id and is none.
pub(crate) const TAKEN: [&str; 2] = ["connect", "connected"];

const OPEN: Need = Need::Open;
const READ: Need = Need::Scope(Scope::Read);
const WRITE: Need = Need::Scope(Scope::Write);
const ADMIN: Need = Need::Scope(Scope::Admin);

const OWN: &[Own] = &[
    own("GET", "/healthz", OPEN, Page::Health),
    own("GET", "/capabilities", OPEN, Page::Capabilities),
    links("GET", READ, Verb::List, Place::Query(LISTING)),
    links("POST", WRITE, Verb::Create, Place::Body),
    links("PUT", WRITE, Verb::Set, Place::Body),
    links("DELETE", WRITE, Verb::Remove, Place::Body),
    // With an id or a key it is one that is asked for.
    types("GET", READ, TypeVerb::List, Place::Query(TYPE)),
    types("POST", WRITE, TypeVerb::Create, Place::Body),
    types("PATCH", WRITE, TypeVerb::Update, Place::Body),
    types("DELETE", WRITE, TypeVerb::Delete, Place::Query(TYPE)),
    upsert("/unified/crm/accounts/upsert", Entity::Accounts),
    upsert("/unified/crm/contacts/upsert", Entity::Contacts),
    upsert("/unified/crm/leads/upsert", Entity::Leads),
    upsert("/unified/crm/opportunities/upsert", Entity::Opportunities),
    own("POST", "/unified/crm/plan", READ, Page::Plan),
    own("GET", "/accounts", ADMIN, Page::Account(Manage::List)),
    own("POST", "/accounts", ADMIN, Page::Account(Manage::Create)),
    own(
        "POST",
        "/accounts/connect",
        ADMIN,
        Page::Account(Manage::Connect),
    ),
    // The person who comes has no key: the state says whose they are.
    own(
        "GET",
        "/accounts/connected",
        OPEN,
        Page::Account(Manage::Connected),
    ),
    own("GET", "/accounts/{id}", ADMIN, Page::Account(Manage::Show)),
    own(
        "PATCH",
        "/accounts/{id}",
        ADMIN,
        Page::Account(Manage::Change),
    ),
    own(
        "DELETE",
        "/accounts/{id}",
        ADMIN,
        Page::Account(Manage::Delete),
    ),
    tokens("POST", "/accounts/{id}/tokens", Tokens::Make),
    tokens("DELETE", "/accounts/{id}/tokens", Tokens::RevokeAll),
    tokens("DELETE", "/accounts/{id}/tokens/{jti}", Tokens::Revoke),
];

/// The fields of the inputs that stand in a query.
const LISTING: &[&str] = &["entity", "entity_id", "to"];
const TYPE: &[&str] = &["from", "to", "id", "key"];

const fn own(verb: &'static str, path: &'static str, need: Need, page: Page) -> Own {
    Own {
        verb,
        path,
        need,
        page,
    }
}

const fn tokens(verb: &'static str, path: &'static str, does: Tokens) -> Own {
    own(verb, path, Need::Lend, Page::Tokens(does))
}

const fn links(verb: &'static str, need: Need, does: Verb, input: Place) -> Own {
    let operation = Operation::Associations(does);
    let page = Page::Unified(Unified { operation, input });
    own(verb, "/unified/crm/associations", need, page)
}

const fn types(verb: &'static str, need: Need, does: TypeVerb, input: Place) -> Own {
    let operation = Operation::AssociationTypes(does);
    let page = Page::Unified(Unified { operation, input });
    own(verb, "/unified/crm/association-types", need, page)
}

const fn upsert(path: &'static str, entity: Entity) -> Own {
    let (operation, input) = (Operation::Upsert(entity), Place::Bodies);
    let page = Page::Unified(Unified { operation, input });
    own("POST", path, WRITE, page)
}

/// The vendors whose own paths are served. Truto's is the unified one, and Salesforce's clients find their way by login.
const DIALECTS: [Vendor; 2] = [Vendor::Hubspot, Vendor::Leadconnector];

struct Known {
    vendor: Vendor,
    endpoint: &'static Entry,
    version: Option<&'static str>,
    template: &'static str,
}

fn vendor_paths() -> impl Iterator<Item = Known> {
    DIALECTS.into_iter().flat_map(|vendor| {
        vendor.endpoints().iter().flat_map(move |endpoint| {
            let versions = endpoint.facts.versions;
            let by_header = versions.iter().any(|version| version.name == ANY_VERSION);
            // Versions that a header tells apart share one path.
            let paths = if by_header { versions.get(..1) } else { None };
            paths.unwrap_or(versions).iter().map(move |version| Known {
                vendor,
                endpoint,
                version: (!by_header).then_some(version.name),
                template: version.path,
            })
        })
    })
}

/// The parameters of a path that fits the template. A slash at the end makes no difference.
fn parameters(template: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let template = template.strip_suffix('/').unwrap_or(template);
    let mut segments = path.split('/');
    let mut parameters = Vec::new();
    for part in template.split('/') {
        let segment = segments.next()?;
        match part
            .strip_prefix('{')
            .and_then(|part| part.strip_suffix('}'))
        {
            Some(name) => {
                let value = percent_decode_str(segment).decode_utf8_lossy();
                parameters.push((name, value.into_owned()));
            }
            None if part == segment => {}
            None => return None,
        }
    }
    let rest = (segments.next(), segments.next());
    matches!(rest, (None | Some(""), None)).then_some(parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vendor_call(verb: &str, path: &str) -> Call {
        match find(verb, path) {
            Ok(Route::Vendor(call)) => call,
            _ => panic!("{verb} {path} has no route to a vendor"),
        }
    }

    #[test]
    fn the_founding_paths_have_their_endpoints() {
        let paths = [
            (
                "PUT",
                "/crm/v4/objects/contacts/101/associations/default/companies/201",
                "hubspot.associations.createDefault",
                Some("v4"),
            ),
            (
                "PUT",
                "/crm/objects/2026-03/0-1/101/associations/default/0-2/201",
                "hubspot.associations.createDefault",
                Some("2026-03"),
            ),
            (
                "POST",
                "/crm/v4/associations/deals/contacts/batch/associate/default",
                "hubspot.associations.batchCreateDefault",
                Some("v4"),
            ),
            (
                "PUT",
                "/crm/v4/objects/contacts/101/associations/companies/201",
                "hubspot.associations.label",
                Some("v4"),
            ),
            (
                "DELETE",
                "/crm/objects/2026-09/contacts/101/associations/companies/201",
                "hubspot.associations.remove",
                Some("2026-09"),
            ),
            (
                "GET",
                "/crm/v4/objects/contacts/101/associations/companies",
                "hubspot.associations.list",
                Some("v4"),
            ),
            (
                "POST",
                "/crm/associations/2026-03/contacts/companies/batch/labels/archive",
                "hubspot.associations.batchArchiveLabels",
                Some("2026-03"),
            ),
            (
                "DELETE",
                "/crm/v4/associations/contacts/companies/labels/36",
                "hubspot.associationLabels.delete",
                Some("v4"),
            ),
            (
                "GET",
                "/crm/v4/associations/definitions/configurations/all",
                "hubspot.associationLimits.listAll",
                Some("v4"),
            ),
            (
                "GET",
                "/crm/v4/associations/definitions/configurations/deals/contacts",
                "hubspot.associationLimits.list",
                Some("v4"),
            ),
            (
                "PUT",
                "/crm/v3/objects/partner_clients/601/associations/deals/301/kind",
                "hubspot.partnerClients.associate",
                Some("v3"),
            ),
            (
                "POST",
                "/associations/",
                "leadconnector.associations.create",
                None,
            ),
            (
                "POST",
                "/associations",
                "leadconnector.associations.create",
                None,
            ),
            (
                "POST",
                "/associations/relations",
                "leadconnector.relations.create",
                None,
            ),
            (
                "GET",
                "/associations/key/student_teacher",
                "leadconnector.associations.byKey",
                None,
            ),
            (
                "GET",
                "/associations/",
                "leadconnector.associations.list",
                None,
            ),
            (
                "GET",
                "/associations/x",
                "leadconnector.associations.get",
                None,
            ),
            (
                "GET",
                "/associations/objectKey/contact",
                "leadconnector.associations.byObject",
                None,
            ),
            (
                "GET",
                "/associations/relations/x",
                "leadconnector.relations.list",
                None,
            ),
            (
                "DELETE",
                "/associations/relations/x",
                "leadconnector.relations.delete",
                None,
            ),
            (
                "POST",
                "/opportunities/upsert",
                "leadconnector.opportunities.upsert",
                None,
            ),
        ];
        for (verb, path, name, version) in paths {
            let call = vendor_call(verb, path);
            assert_eq!(
                (call.endpoint.facts.name, call.version),
                (name, version),
                "{path}"
            );
        }
    }

    #[test]
    fn parameters_are_decoded_once() {
        let call = vendor_call(
            "PUT",
            "/crm/v4/objects/a%20b/%252e%252e/associations/default/c%2Fd/%C3%A9",
        );
        let values: Vec<_> = call
            .parameters
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        assert_eq!(
            values,
            [
                ("fromObjectType", "a b"),
                ("fromObjectId", "%2e%2e"),
                ("toObjectType", "c/d"),
                ("toObjectId", "é")
            ]
        );
    }

    #[test]
    fn an_empty_segment_is_a_parameter_and_not_another_path() {
        let call = vendor_call(
            "PUT",
            "/crm/v4/objects/contacts//associations/default/companies/",
        );
        assert_eq!(call.parameters[1].1, "");
        assert_eq!(call.parameters[3].1, "");
    }

    #[test]
    fn other_paths_have_no_route() {
        for path in [
            "",
            "/",
            "//",
            "/healthz/",
            "/Healthz",
            "/associations/relations/x/y",
            "/crm/v5/objects/a/1/associations/default/b/2",
            "/services/data/v66.0/sobjects/Account",
            "/crm/objects/*/a/1/associations/default/b/2",
        ] {
            assert!(matches!(find("GET", path), Err(Miss::Path)), "{path}");
        }
    }

    #[test]
    fn another_verb_hears_which_ones_there_are() {
        let allowed = |verb, path| match find(verb, path) {
            Err(Miss::Verb { allow, vendor }) => (allow, vendor),
            _ => panic!("{path} has no other verb"),
        };
        assert_eq!(
            allowed("GET", "/opportunities/upsert"),
            (vec!["POST"], Some(Vendor::Leadconnector))
        );
        assert_eq!(allowed("POST", "/healthz"), (vec!["GET", "HEAD"], None));
        assert_eq!(
            allowed("PATCH", "/unified/crm/associations"),
            (vec!["GET", "HEAD", "POST", "PUT", "DELETE"], None)
        );
        assert_eq!(
            allowed(
                "TRACE",
                "/crm/v3/objects/partner_clients/1/associations/a/2/k"
            ),
            (vec!["DELETE", "PUT"], Some(Vendor::Hubspot))
        );
    }

    #[test]
    fn head_is_get_without_a_body() {
        let found = find("HEAD", "/healthz");
        assert!(matches!(found, Ok(Route::Own(Page::Health, Need::Open, _))));
    }

    #[test]
    fn every_operation_has_its_route() {
        let routed = |operation| {
            OWN.iter().any(
                |own| matches!(own.page, Page::Unified(unified) if unified.operation == operation),
            )
        };
        // One definition is asked for where several are.
        let get = Operation::AssociationTypes(TypeVerb::Get);
        let lacking: Vec<_> = Operation::all().filter(|known| !routed(*known)).collect();
        assert_eq!(lacking, [get]);
    }

    #[test]
    fn a_route_that_can_change_something_needs_the_scope_for_it() {
        for own in OWN {
            let expected = match own.page {
                Page::Health | Page::Capabilities => Need::Open,
                Page::Plan => READ,
                Page::Account(Manage::Connected) => OPEN,
                Page::Account(_) => ADMIN,
                Page::Tokens(_) => Need::Lend,
                Page::Unified(Unified { operation, .. }) => match operation {
                    Operation::Associations(Verb::List)
                    | Operation::AssociationTypes(TypeVerb::List | TypeVerb::Get) => READ,
                    _ => WRITE,
                },
            };
            assert_eq!(own.need, expected, "{} {}", own.verb, own.path);
        }
        let asking = vendor_paths().filter(|known| need(known.endpoint.facts) == READ);
        let by_post: BTreeSet<_> = asking
            .map(|known| known.endpoint.facts)
            .filter(|facts| facts.method != Method::Get)
            .map(|facts| facts.name)
            .collect();
        assert_eq!(by_post.into_iter().collect::<Vec<_>>(), ASKING);
    }

    #[test]
    fn no_declared_path_hides_another() {
        for known in vendor_paths() {
            let found = vendor_call(known.endpoint.facts.method.as_str(), known.template);
            assert_eq!(
                found.endpoint.facts.name, known.endpoint.facts.name,
                "{}",
                known.template
            );
            assert_eq!(found.version, known.version);
        }
    }
}
