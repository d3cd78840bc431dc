//! What is refused before anything is sent.

use super::{Associate, Way, way};
use crate::error::{Reason, Refusal};
use crate::unified::association::Association;
use crate::unified::operation::Verb;

/// Refuses what no step here could obey.
pub(super) fn check(verb: Verb, association: &Association<'_>) -> Result<(), Refusal> {
    if association.all_or_none {
        let message = "expected no `all_or_none`: LeadConnector makes each link by itself";
        return Err(Refusal::unsupported(
            Reason::AssociationUnsupported,
            "all_or_none",
            message,
        ));
    }
    if verb.makes() {
        let targets = association.associations.0.iter();
        let keys: Vec<_> = targets
            .flat_map(|group| &group.targets)
            .flat_map(|target| target.types())
            .collect();
        for (place, new) in association.association_types.iter().enumerate() {
            let path = format!("association_types[{place}].key");
            if let Some(fault) = new.key.fault() {
                return Err(Refusal::id(path, fault));
            }
            if !keys.contains(&new.key.as_str()) {
                return Err(Refusal::input(path, "expected a key that a link names"));
            }
        }
        return Ok(());
    }
    for (path, given) in [
        (
            "association_types",
            !association.association_types.is_empty(),
        ),
        ("remote_data", association.remote_data.is_some()),
    ] {
        if given {
            let message = format!("expected none: `{}` makes nothing", verb.operation());
            return Err(Refusal::input(path, message));
        }
    }
    Ok(())
}

impl Associate<'_> {
    /// One definition a link, and nothing to replace where relations stand side by side.
    pub(super) fn refuse_what_no_link_holds(&mut self) -> Result<(), Refusal> {
        let mut refusals = Vec::new();
        for (place, link) in self.links.open() {
            let (field, message) = if link.target.types().nth(1).is_some() {
                let message = "expected one definition: name the record once for each";
                ("association_type", message)
            } else if link.target.replace.is_some() && way(&self.links, link) != Way::Business {
                let message =
                    "expected no `replace`: under a definition relations stand side by side";
                ("replace", message)
            } else {
                continue;
            };
            let path = self.links.path(link, field);
            refusals.push((place, Refusal::input(path, message)));
        }
        if let Some((_, first)) = refusals.first()
            && self.links.open().count() == refusals.len()
        {
            return Err(first.clone());
        }
        for (place, refusal) in refusals {
            self.links.settle_refused(place, refusal);
        }
        Ok(())
    }
}
