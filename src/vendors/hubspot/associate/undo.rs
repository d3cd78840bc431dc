//! How what is done to a link is taken back.

use super::deed::Deed;
use crate::id::Id;
use crate::unified::links::{Inverse, Step};
use crate::unified::operation::Verb;
use crate::vendors::hubspot::associations::LabelledType;
use crate::vendors::hubspot::type_ids;
use crate::vendors::hubspot::wording::{Ends, number, spelled};

/// How a deed is taken back, where what was there before is known. `displaced` was the primary record until then.
pub(super) fn inverse(
    deed: &Deed,
    ends: Ends,
    id: &str,
    there: Option<&[LabelledType]>,
    displaced: Option<&str>,
) -> Inverse {
    let known: Vec<_> = there.unwrap_or_default().iter().map(number).collect();
    let step = |verb, target| Step {
        verb,
        record: None,
        to: None,
        target,
    };
    let mut steps = Vec::new();
    match deed {
        Deed::Nothing => {}
        Deed::Archive => steps.push(step(Verb::Create, ends.exact(id, &known))),
        Deed::Link => steps.push(step(Verb::Remove, ends.exact(id, []))),
        Deed::Label { send, drop } => {
            let primary = ends.own(type_ids::Kind::Primary);
            let added: Vec<_> = send.iter().filter(|kind| !known.contains(kind)).collect();
            let crowned = added.iter().any(|kind| Some(*kind) == primary.as_ref());
            if crowned && !ends.leads_to_primary() {
                // Which record was the primary one before stands in another record's list.
                return Inverse::None;
            }
            if there.is_none() {
                steps.push(step(Verb::Remove, ends.exact(id, [])));
            } else if !added.is_empty() {
                let numbers = added.iter().map(|kind| spelled(kind));
                let mut target = ends.exact(id, []);
                target.association_type = Some(numbers.map(Id::from).collect());
                steps.push(step(Verb::Remove, target));
            }
            if !drop.is_empty() {
                steps.push(step(Verb::Create, ends.exact(id, drop)));
            }
            if let Some(displaced) = displaced.filter(|_| crowned) {
                steps.push(step(Verb::Create, ends.exact(displaced, &primary)));
            }
        }
    }
    Inverse::Steps(steps)
}
