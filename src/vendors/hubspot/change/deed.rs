//! What is to be done to one link: decided from what was asked and what is there, without a call.

use crate::id::Id;
use crate::unified::association::Target;
use crate::unified::links::{Inverse, Step};
use crate::unified::operation::Verb;
use crate::vendors::hubspot::association_types::Kind;
use crate::vendors::hubspot::associations::{LabelledType, Type};
use crate::vendors::hubspot::wording::{Ends, number, spelled};

/// What is to be done to a link.
#[derive(Debug)]
pub(super) enum Deed {
    /// It is as it was asked.
    Nothing,
    /// The default association is made.
    Link,
    /// These kinds of association are written, `drop` is taken away after that; either may be empty.
    Label {
        send: Vec<Type<'static>>,
        drop: Vec<Type<'static>>,
    },
    /// The whole pair is taken away.
    Archive,
}

/// What is to be done to a link, and how it is taken back: `there` is what it is now, `None` for no link.
pub(super) fn deed(
    verb: Verb,
    ends: Ends,
    target: &Target<'_>,
    labels: Option<&[Type<'static>]>,
    there: Option<&[LabelledType]>,
) -> Deed {
    if verb == Verb::Remove {
        return removal(ends, labels, there);
    }
    let primary = ends.own(Kind::Primary);
    let mut wanted: Vec<_> = labels.unwrap_or_default().to_vec();
    if target.primary == Some(true) {
        wanted.extend(primary.clone());
    }
    let Some(there) = there else {
        return match wanted.is_empty() {
            true => Deed::Link,
            false => Deed::Label {
                send: wanted,
                drop: Vec::new(),
            },
        };
    };
    let known: Vec<_> = there.iter().map(number).collect();
    let mut drop = Vec::new();
    if verb == Verb::Set {
        for (type_, known) in there.iter().zip(&known) {
            let goes = match ends.is(type_, Kind::Primary) {
                true => target.primary == Some(false),
                false => labels.is_some_and(|labels| !labels.contains(known)),
            };
            if goes && !ends.is_plain(type_) {
                drop.push(known.clone());
            }
        }
    }
    let mut send = Vec::new();
    if wanted.iter().any(|kind| !known.contains(kind)) {
        // Where a write replaces what is there, whatever is to stay has to be sent again.
        send.extend(known.into_iter().filter(|kind| !drop.contains(kind)));
        for kind in wanted {
            if !send.contains(&kind) {
                send.push(kind);
            }
        }
    }
    match send.is_empty() && drop.is_empty() {
        true => Deed::Nothing,
        false => Deed::Label { send, drop },
    }
}

fn removal(ends: Ends, labels: Option<&[Type<'static>]>, there: Option<&[LabelledType]>) -> Deed {
    let Some(there) = there else {
        return Deed::Nothing;
    };
    let Some(labels) = labels else {
        return Deed::Archive;
    };
    let mut drop = Vec::new();
    for known in there {
        let own = number(known);
        if labels.contains(&own) {
            // HubSpot takes the whole pair with its plain kind.
            if ends.is_plain(known) {
                return Deed::Archive;
            }
            drop.push(own);
        }
    }
    match drop.is_empty() {
        true => Deed::Nothing,
        false => Deed::Label {
            send: Vec::new(),
            drop,
        },
    }
}

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
            let primary = ends.own(Kind::Primary);
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
