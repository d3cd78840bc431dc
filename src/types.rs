//! TypeScript declarations of the public shapes, for the npm package: `cargo xtask types` writes them.

use ts_rs::{Config, TS};

use crate::endpoint::{Endpoint, Facts};
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
        vendors::Vendor,
        crate::id::Id<'static>,
        error::Code,
        error::Reason,
        error::Sent,
        error::Report,
        unified::entity::Entity,
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
        crate::endpoint::Repeat,
        unified::capability::Does,
        unified::upsert::Way,
        unified::upsert::Race,
        unified::upsert::Strategy,
        unified::upsert::Written,
        unified::capability::Key,
        unified::capability::Upserts,
        unified::capability::Cardinality,
        unified::capability::Refused,
        unified::capability::Pair,
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
            $( endpoint::<$params, $answer>(&mut text, <$params as Endpoint<'static>>::FACTS); )*
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
    text
}

fn declare<T: TS>(text: &mut String) {
    text.push('\n');
    text.push_str(&T::docs().unwrap_or_default());
    text.push_str("export ");
    text.push_str(&T::decl(&Config::default()));
    text.push('\n');
}

fn endpoint<P: TS, A: TS>(text: &mut String, facts: &Facts) {
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
