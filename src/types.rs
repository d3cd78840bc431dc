//! TypeScript declarations of the public shapes, for the npm package: `cargo xtask types` writes them.

use ts_rs::{Config, TS};

use crate::endpoint::{self, Endpoint, Facts};
use crate::unified::capability::Pair;
use crate::unified::entity::Entity;
use crate::unified::record::schema::schema;
use crate::vendors::Vendor;
use crate::{error, unified, vendors};

/// The declarations, as the text of one module.
#[must_use]
pub fn typescript() -> String {
    let mut text = String::from(
        "// Generated from the Rust core by `cargo xtask types`; the tests fail when the two differ.\n",
    );
    macro_rules! declare {
        ($($shape:ty),* $(,)?) => { $( declare::<$shape>(&mut text); )* };
    }
    declare!(
        Vendor,
        crate::id::Id<'static>,
        error::Code,
        error::Reason,
        error::Sent,
        error::Reconcile,
        error::Report,
        Entity,
        unified::association::Target<'static>,
        unified::query::Format,
        unified::ledger::Fate,
        unified::ledger::FieldEntry,
        unified::plan::Calls,
        unified::receipt::Outcome,
        unified::receipt::End,
        unified::receipt::LinkReceipt,
        unified::receipt::Undo,
        unified::receipt::UndoInput,
        unified::operation::Verb,
        unified::operation::TypeVerb,
        unified::listing::NotListed,
        unified::association::NewType<'static>,
        unified::association_type::AssociationType,
        unified::association_type::TypeOutcome,
        unified::association_type::OneType,
        unified::association_type::SeveralTypes,
        endpoint::Repeat,
        unified::capability::Does,
        unified::upsert::Way,
        unified::upsert::Race,
        unified::upsert::Strategy,
        unified::upsert::Written,
        unified::capability::Key,
        unified::capability::Upserts,
        unified::capability::Cardinality,
        unified::capability::Refused,
        Pair,
        unified::capability::Capability,
    );
    use vendors::{hubspot, leadconnector, salesforce, truto};
    declare!(
        hubspot::associations::RecordId,
        hubspot::associations::AssociationSpec,
        hubspot::associations::DefaultAssociation,
        hubspot::associations::ItemError,
        hubspot::associations::LabelledPair,
        hubspot::associations::LabelledType,
        hubspot::associations::Associated,
        hubspot::associations::Record<'static>,
        hubspot::associations::Pair<'static>,
        hubspot::associations::Type<'static>,
        hubspot::associations::TypedPair<'static>,
        hubspot::associations::batch_read::Start<'static>,
        hubspot::associations::batch_read::Associations,
        hubspot::associations::batch_archive::Fan<'static>,
        hubspot::association_limits::Limit<'static>,
        hubspot::association_limits::LimitedType,
        hubspot::association_limits::delete::Limited<'static>,
        leadconnector::associations::Association,
        leadconnector::relations::create::Relation,
        leadconnector::opportunities::upsert::FollowersAction,
        leadconnector::opportunities::upsert::Status,
        salesforce::collections::Records,
        salesforce::sobjects::SaveError,
        salesforce::sobjects::SaveResult,
        salesforce::composite::send::Part<'static>,
        salesforce::composite::send::PartAnswer,
        truto::associations::create::TrutoEntity,
        truto::associations::create::TrutoTarget<'static>,
        truto::associations::create::TrutoTargets<'static>,
    );
    text.push_str("\n/** Every endpoint: what it takes, and what a success says. */\nexport interface Endpoints {\n");
    macro_rules! endpoints {
        ($($params:ty => $answer:ty),* $(,)?) => {
            $( endpoint_type::<$params, $answer>(&mut text, <$params as Endpoint<'static>>::FACTS); )*
        };
    }
    endpoints!(
        hubspot::associations::create_default::CreateDefault<'static> => hubspot::associations::DefaultAssociations,
        hubspot::associations::label::Label<'static> => hubspot::associations::LabelledPair,
        hubspot::associations::list::List<'static> => hubspot::associations::list::Page,
        hubspot::associations::remove::Remove<'static> => hubspot::Done,
        hubspot::associations::batch_create_default::BatchCreateDefault<'static> => hubspot::associations::DefaultAssociations,
        hubspot::associations::batch_create::BatchCreate<'static> => hubspot::associations::batch_create::LabelledPairs,
        hubspot::associations::batch_read::BatchRead<'static> => hubspot::associations::batch_read::AssociatedRecords,
        hubspot::associations::batch_archive::BatchArchive<'static> => hubspot::associations::batch_archive::Archived,
        hubspot::associations::batch_archive_labels::BatchArchiveLabels<'static> => hubspot::associations::batch_archive::Archived,
        hubspot::association_labels::list::List<'static> => hubspot::association_labels::LabelledTypes,
        hubspot::association_labels::create::Create<'static> => hubspot::association_labels::LabelledTypes,
        hubspot::association_labels::update::Update<'static> => hubspot::Done,
        hubspot::association_labels::delete::Delete<'static> => hubspot::Done,
        hubspot::association_limits::list_all::ListAll => hubspot::association_limits::LimitedTypes,
        hubspot::association_limits::list::List<'static> => hubspot::association_limits::LimitedTypes,
        hubspot::association_limits::create::Create<'static> => hubspot::association_limits::Limits,
        hubspot::association_limits::update::Update<'static> => hubspot::association_limits::Limits,
        hubspot::association_limits::delete::Delete<'static> => hubspot::associations::batch_archive::Archived,
        hubspot::partner_clients::associate::Associate<'static> => hubspot::partner::PartnerRecord,
        hubspot::partner_clients::disassociate::Disassociate<'static> => hubspot::Done,
        hubspot::partner_services::associate::Associate<'static> => hubspot::partner::PartnerRecord,
        hubspot::partner_services::disassociate::Disassociate<'static> => hubspot::Done,
        leadconnector::associations::create::Create<'static> => leadconnector::associations::Association,
        leadconnector::associations::by_key::ByKey<'static> => leadconnector::associations::Association,
        leadconnector::associations::list::List<'static> => leadconnector::associations::Associations,
        leadconnector::associations::by_object::ByObject<'static> => leadconnector::associations::Associations,
        leadconnector::associations::get::Get<'static> => leadconnector::associations::Association,
        leadconnector::associations::update::Update<'static> => leadconnector::associations::Association,
        leadconnector::associations::delete::Delete<'static> => leadconnector::deleted::Deleted,
        leadconnector::relations::create::Create<'static> => leadconnector::relations::create::Relation,
        leadconnector::relations::list::List<'static> => leadconnector::relations::list::Relations,
        leadconnector::relations::delete::Delete<'static> => leadconnector::deleted::Deleted,
        leadconnector::opportunities::upsert::Upsert<'static> => leadconnector::opportunities::upsert::Upserted,
        salesforce::sobjects::create::Create<'static> => salesforce::sobjects::SaveResult,
        salesforce::sobjects::update::Update<'static> => salesforce::sobjects::update::Updated,
        salesforce::collections::create::Create => Vec<salesforce::sobjects::SaveResult>,
        salesforce::collections::update::Update => Vec<salesforce::sobjects::SaveResult>,
        salesforce::composite::send::Send<'static> => salesforce::composite::send::Sent,
        truto::associations::create::Create<'static> => truto::associations::create::Created,
    );
    text.push_str("}\n");
    tables(&mut text);
    text
}

/// The capability tables as types: a call that they refuse does not compile.
fn tables(text: &mut String) {
    let vendors = || Vendor::ALL.into_iter().filter_map(Vendor::capability);
    text.push_str(
        "\n/** What can be linked: the kinds at both ends, what can be done, and the fields of a target besides its id. */\nexport interface Pairs {\n",
    );
    for vendor in vendors() {
        text.push_str(&format!("{}: {{\n", vendor.vendor));
        for from in Entity::ALL {
            let pairs: Vec<_> = vendor
                .pairs
                .iter()
                .filter(|pair| pair.from == from)
                .collect();
            if !pairs.is_empty() {
                text.push_str(&format!("{}: {{\n", from.as_str()));
                pairs.into_iter().for_each(|pair| pair_type(text, pair));
                text.push_str("};\n");
            }
        }
        text.push_str("};\n");
    }
    text.push_str(
        "}\n\n/** How the keys of custom objects look. */\nexport interface CustomKeys {\n",
    );
    for (vendor, keys) in CUSTOM_KEYS {
        text.push_str(&format!("{}: {keys};\n", vendor.as_str()));
    }
    text.push_str(
        "}\n\n/** What can be done to the definitions of links. */\nexport interface TypeVerbs {\n",
    );
    for vendor in vendors() {
        let verbs = vendor.association_types.iter();
        let verbs =
            union(verbs.map(|verb| verb.operation().trim_start_matches("association_types.")));
        text.push_str(&format!("{}: {verbs};\n", vendor.vendor));
    }
    text.push_str("}\n\n/** What can be upserted. */\nexport interface UpsertKinds {\n");
    for vendor in vendors() {
        let kinds = vendor.upserts.iter().filter(|kind| kind.refused.is_none());
        let kinds = union(kinds.map(|kind| kind.entity.as_str()));
        text.push_str(&format!("{}: {kinds};\n", vendor.vendor));
    }
    text.push_str("}\n\n/** The fields of the records that can be upserted. */\nexport interface RecordFields {\n");
    for entity in Entity::ALL {
        let mut names: Vec<_> = schema(entity)
            .iter()
            .copied()
            .flatten()
            .filter_map(|field| field.path.split(['.', '[']).next())
            .collect();
        names.dedup();
        if !names.is_empty() {
            let names = union(names.into_iter());
            text.push_str(&format!("{}: {names};\n", entity.as_str()));
        }
    }
    text.push_str("}\n");
}

fn pair_type(text: &mut String, pair: &Pair) {
    let (says, refused) = match &pair.refused {
        Some(refused) => (refused.message, endpoint::json(&refused.reason)),
        None => (pair.note, "never".to_owned()),
    };
    let says = match (pair.link, says) {
        ("", says) | (says, "") => says.to_owned(),
        (link, says) => format!("{link}: {says}"),
    };
    text.push_str(&format!(
        "/** {} */\n{}: {{ verbs: {}; may: {}; must: {}; refused: {refused} }};\n",
        says,
        pair.to.as_str(),
        union(pair.verbs.iter().map(|does| does.verb.word())),
        union(pair.fields.iter().copied()),
        union(pair.required.iter().copied()),
    ));
}

fn union<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<_> = words.map(|word| format!("\"{word}\"")).collect();
    if words.is_empty() {
        return "never".to_owned();
    }
    words.join(" | ")
}

/// The keys of custom objects as TypeScript sees them: wider than what the mappers take, which look closer.
const CUSTOM_KEYS: [(Vendor, &str); 4] = [
    (
        Vendor::Hubspot,
        "`${number}-${number}` | `${string}_${string}`",
    ),
    (Vendor::Leadconnector, "`custom_objects.${string}`"),
    (Vendor::Salesforce, "`${string}__c`"),
    (Vendor::Truto, "never"),
];

fn declare<T: TS>(text: &mut String) {
    text.push('\n');
    text.push_str(&T::docs().unwrap_or_default());
    text.push_str("export ");
    text.push_str(&T::decl(&Config::default()));
    text.push('\n');
}

fn endpoint_type<P: TS, A: TS>(text: &mut String, facts: &Facts) {
    let config = Config::default();
    let path = facts.versions.first().map_or("", |version| version.path);
    text.push_str(&format!(
        "  /** `{} {path}` */\n  \"{}\": {{ params: {}; answer: {} }};\n",
        facts.method,
        facts.name,
        P::inline(&config),
        A::inline(&config),
    ));
}
