//! What is to be done to one link: decided from what was asked and what is there, without a call.

use crate::unified::association::Target;
use crate::unified::operation::Verb;
use crate::vendors::hubspot::associations::{LabelledType, Type};
use crate::vendors::hubspot::type_ids::Kind;
use crate::vendors::hubspot::wording::{Ends, number};

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
    let mut wanted: Vec<_> = labels.unwrap_or_default().to_vec();
    if target.primary == Some(true) {
        wanted.extend(ends.own(Kind::Primary));
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
