//! Object types and association types, as far as the simulator knows them.

use std::fmt;

/// An object type under one name, whichever of its names the path used.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Kind {
    /// `contact`, or `2-123` for a custom object.
    singular: String,
    plural: String,
    /// `0-1`; the name where no source tells the id.
    pub(super) type_id: String,
}

impl Kind {
    /// The type that a path segment names: plural, singular or id. Any `2-N` is a custom object of this portal.
    pub(super) fn parse(word: &str) -> Option<Self> {
        let known = KINDS
            .iter()
            .find(|(id, singular, plural)| [*id, *singular, *plural].contains(&word));
        if let Some((id, singular, plural)) = known {
            return Some(Self {
                singular: (*singular).to_owned(),
                plural: (*plural).to_owned(),
                type_id: (*id).to_owned(),
            });
        }
        let digits = word.strip_prefix("2-")?;
        (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| Self {
            singular: word.to_owned(),
            plural: word.to_owned(),
            type_id: word.to_owned(),
        })
    }

    pub(super) fn singular(&self) -> &str {
        &self.singular
    }

    pub(super) fn plural(&self) -> &str {
        &self.plural
    }

    /// Whether HubSpot's published table of association types covers this type.
    pub(super) fn tabulated(&self) -> bool {
        self.type_id.starts_with("0-")
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.singular)
    }
}

/// Who defined an association type. The ids of one category say nothing about another's.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Category {
    HubSpotDefined,
    UserDefined,
}

impl Category {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::HubSpotDefined => "HUBSPOT_DEFINED",
            Self::UserDefined => "USER_DEFINED",
        }
    }
}

/// An association type, which has a direction.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Spec {
    pub(super) category: Category,
    pub(super) id: u32,
}

impl Spec {
    pub(super) const fn hubspot(id: u32) -> Self {
        Self {
            category: Category::HubSpotDefined,
            id,
        }
    }

    pub(super) const fn user(id: u32) -> Self {
        Self {
            category: Category::UserDefined,
            id,
        }
    }
}

/// A type that HubSpot defines: from, to, id, the id the other way round (0: none known), label.
pub(super) struct Defined {
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    pub(super) id: u32,
    pub(super) inverse: u32,
    pub(super) label: Option<&'static str>,
}

/// The unlabelled type of a pair.
pub(super) fn unlabelled(from: &Kind, to: &Kind) -> Option<u32> {
    DEFINED
        .iter()
        .find(|row| row.label.is_none() && row.from == from.singular && row.to == to.singular)
        .map(|row| row.id)
}

/// The type that marks a record's primary company.
pub(super) fn primary(from: &Kind, to: &Kind) -> Option<u32> {
    DEFINED
        .iter()
        .find(|row| {
            row.label == Some(PRIMARY)
                && row.to == "company"
                && row.from == from.singular
                && row.to == to.singular
        })
        .map(|row| row.id)
}

/// Every type that HubSpot defines for a pair.
pub(super) fn defined(from: &Kind, to: &Kind) -> impl Iterator<Item = &'static Defined> {
    DEFINED
        .iter()
        .filter(move |row| row.from == from.singular && row.to == to.singular)
}

const PRIMARY: &str = "Primary";

const KINDS: [(&str, &str, &str); 7] = [
    ("0-1", "contact", "contacts"),
    ("0-2", "company", "companies"),
    ("0-3", "deal", "deals"),
    ("0-5", "ticket", "tickets"),
    ("0-136", "lead", "leads"),
    // No source tells the type ids of the partner objects, so there is only the name.
    ("partner_clients", "partner_client", "partner_clients"),
    ("partner_services", "partner_service", "partner_services"),
];

const fn row(
    from: &'static str,
    to: &'static str,
    id: u32,
    inverse: u32,
    label: Option<&'static str>,
) -> Defined {
    Defined {
        from,
        to,
        id,
        inverse,
        label,
    }
}

/// The core pairs of HubSpot's table of 2026-03-30. Label texts are this file's own: HubSpot calls its own unstable.
const DEFINED: [Defined; 36] = [
    row("contact", "contact", 449, 449, None),
    row("contact", "company", 279, 280, None),
    row("contact", "company", 1, 2, Some(PRIMARY)),
    row("contact", "company", 931, 930, Some("Billing contact")),
    row("contact", "deal", 4, 3, None),
    row("contact", "ticket", 15, 16, None),
    row("contact", "lead", 609, 608, None),
    row("company", "company", 450, 450, None),
    row("company", "company", 14, 13, Some("Parent company")),
    row("company", "company", 13, 14, Some("Child company")),
    row("company", "contact", 280, 279, None),
    row("company", "contact", 2, 1, Some(PRIMARY)),
    row("company", "contact", 930, 931, Some("Billing contact")),
    row("company", "deal", 342, 341, None),
    row("company", "deal", 6, 5, Some(PRIMARY)),
    row("company", "ticket", 340, 339, None),
    row("company", "ticket", 25, 26, Some(PRIMARY)),
    row("company", "lead", 611, 610, None),
    row("deal", "deal", 451, 451, None),
    row("deal", "contact", 3, 4, None),
    row("deal", "company", 341, 342, None),
    row("deal", "company", 5, 6, Some(PRIMARY)),
    row("deal", "ticket", 27, 28, None),
    row("deal", "lead", 1038, 1037, None),
    row("deal", "lead", 583, 582, Some(PRIMARY)),
    row("ticket", "ticket", 452, 452, None),
    row("ticket", "contact", 16, 15, None),
    row("ticket", "company", 339, 340, None),
    row("ticket", "company", 26, 25, Some(PRIMARY)),
    row("ticket", "deal", 28, 27, None),
    row("lead", "contact", 608, 609, None),
    row("lead", "contact", 578, 0, Some(PRIMARY)),
    row("lead", "company", 610, 611, None),
    row("lead", "company", 580, 0, Some(PRIMARY)),
    row("lead", "deal", 1037, 1038, None),
    row("lead", "deal", 582, 583, Some(PRIMARY)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_has_three_names() {
        for word in ["0-3", "deal", "deals"] {
            assert_eq!(Kind::parse(word).unwrap().type_id, "0-3", "{word}");
        }
        assert_eq!(Kind::parse("2-77").unwrap().singular(), "2-77");
        for word in ["2-", "2-x", "Deals", "widgets", ""] {
            assert!(Kind::parse(word).is_none(), "{word}");
        }
    }

    #[test]
    fn every_inverse_points_back() {
        for row in DEFINED.iter().filter(|row| row.inverse != 0) {
            let back = DEFINED
                .iter()
                .find(|other| other.id == row.inverse && other.from == row.to)
                .unwrap_or_else(|| panic!("{} has no inverse", row.id));
            assert_eq!(back.inverse, row.id);
            assert_eq!(back.to, row.from);
        }
    }
}
