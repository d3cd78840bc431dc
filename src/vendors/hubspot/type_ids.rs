//! The numbers of the kinds of association that HubSpot itself defines between its core types of records.
//!
//! A number says who is associated with whom, so it depends on the direction. The two that are mistaken for each other
//! all over public code are 1, contact to *primary* company, and 279, contact to company; [`check`] catches that.
//!
//! Source: HubSpot's table of association type ids (guide to associating records, as of 2026-03-30), with its own client
//! library. Labels' texts are not in it: HubSpot changes them.

use Kind::{Billing, Child, Parent, Plain, Primary};
use Object::{Company, Contact, Deal, Lead, Ticket};

/// A core type of records.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Object {
    /// `contacts`
    Contact,
    /// `companies`
    Company,
    /// `deals`
    Deal,
    /// `tickets`
    Ticket,
    /// `leads`
    Lead,
}

/// What a kind of association says, from the first record's side.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// That the two belong together, and no more.
    Plain,
    /// That one is the primary one of the other.
    Primary,
    /// That the second is the first one's parent.
    Parent,
    /// That the second is the first one's child.
    Child,
    /// That the contact is the company's billing contact.
    Billing,
}

/// A kind of association that HubSpot defines.
#[derive(Clone, Copy, Debug)]
pub struct Defined {
    /// The type of the first record.
    pub from: Object,
    /// The type of the second record.
    pub to: Object,
    /// What it says.
    pub kind: Kind,
    /// Its number.
    pub id: u32,
}

impl Object {
    /// The type of a name (singular or plural) or an id such as `0-1`; `None` for any other type.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "contacts" | "contact" | "0-1" => Self::Contact,
            "companies" | "company" | "0-2" => Self::Company,
            "deals" | "deal" | "0-3" => Self::Deal,
            "tickets" | "ticket" | "0-5" => Self::Ticket,
            "leads" | "lead" => Self::Lead,
            _ => return None,
        })
    }

    /// The name of one record of the type.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Company => "company",
            Self::Deal => "deal",
            Self::Ticket => "ticket",
            Self::Lead => "lead",
        }
    }
}

/// The number of a kind of association, where HubSpot has one.
#[must_use]
pub fn id(from: Object, to: Object, kind: Kind) -> Option<u32> {
    let mut rows = DEFINED.iter();
    let row = rows.find(|row| (row.from, row.to, row.kind) == (from, to, kind))?;
    Some(row.id)
}

/// Checks that a number means what its caller says: that it leads from and to these types, and that it marks the primary
/// record if, and only if, the caller asks for that. A number outside the table is not judged.
///
/// # Errors
/// A sentence that says what the number means, and which one is meant.
pub fn check(from: Object, to: Object, number: u32, primary: bool) -> Result<(), String> {
    let Some(row) = DEFINED.iter().find(|row| row.id == number) else {
        return Ok(());
    };
    let meaning = row.meaning();
    let instead = |kind, words| {
        id(from, to, kind).map_or_else(String::new, |id| format!("; {words} is {id}"))
    };
    if (row.from, row.to) != (from, to) {
        let plain = instead(Plain, "the plain type of this direction");
        return Err(format!(
            "HubSpot's type {number} is {meaning}, not {} to {}{plain}",
            from.as_str(),
            to.as_str()
        ));
    }
    match row.kind {
        Primary if !primary => Err(format!(
            "HubSpot's type {number} is {meaning}: say `primary: true` if that is meant{}",
            instead(Plain, "the plain type")
        )),
        Plain if primary => Err(format!(
            "HubSpot's type {number} is {meaning}, which makes nothing primary{}",
            instead(Primary, "the primary type")
        )),
        _ => Ok(()),
    }
}

impl Defined {
    /// `contact to PRIMARY company`
    fn meaning(&self) -> String {
        let (from, to) = (self.from.as_str(), self.to.as_str());
        match self.kind {
            Plain => format!("{from} to {to}"),
            // Which of the two is the primary one: HubSpot's names put the word beside it.
            Primary => match (self.from, self.to) {
                (Company, Deal | Ticket) | (Deal, Lead) => {
                    format!("PRIMARY {from} to {to}")
                }
                _ => format!("{from} to PRIMARY {to}"),
            },
            Parent => format!("{from} to its parent {to}"),
            Child => format!("{from} to its child {to}"),
            Billing => format!("{from} to {to}, for billing"),
        }
    }
}

const fn row(from: Object, to: Object, kind: Kind, id: u32) -> Defined {
    Defined { from, to, kind, id }
}

/// Every kind between two core types. No kind leads from a ticket to a lead or back, nor between two leads.
pub const DEFINED: &[Defined] = &[
    row(Contact, Contact, Plain, 449),
    row(Contact, Company, Plain, 279),
    row(Contact, Company, Primary, 1),
    row(Contact, Company, Billing, 931),
    row(Contact, Deal, Plain, 4),
    row(Contact, Ticket, Plain, 15),
    row(Contact, Lead, Plain, 609),
    row(Company, Contact, Plain, 280),
    row(Company, Contact, Primary, 2),
    row(Company, Contact, Billing, 930),
    row(Company, Company, Plain, 450),
    row(Company, Company, Parent, 14),
    row(Company, Company, Child, 13),
    row(Company, Deal, Plain, 342),
    row(Company, Deal, Primary, 6),
    row(Company, Ticket, Plain, 340),
    row(Company, Ticket, Primary, 25),
    row(Company, Lead, Plain, 611),
    row(Deal, Contact, Plain, 3),
    row(Deal, Company, Plain, 341),
    row(Deal, Company, Primary, 5),
    row(Deal, Deal, Plain, 451),
    row(Deal, Ticket, Plain, 27),
    row(Deal, Lead, Plain, 1038),
    row(Deal, Lead, Primary, 583),
    row(Ticket, Contact, Plain, 16),
    row(Ticket, Company, Plain, 339),
    row(Ticket, Company, Primary, 26),
    row(Ticket, Deal, Plain, 28),
    row(Ticket, Ticket, Plain, 452),
    row(Lead, Contact, Plain, 608),
    row(Lead, Contact, Primary, 578),
    row(Lead, Company, Plain, 610),
    row(Lead, Company, Primary, 580),
    row(Lead, Deal, Plain, 1037),
    row(Lead, Deal, Primary, 582),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_famous_swap_is_caught() {
        let said = check(Contact, Company, 1, false).unwrap_err();
        assert!(said.contains("contact to PRIMARY company"), "{said}");
        assert!(
            said.contains("279") && said.contains("primary: true"),
            "{said}"
        );
        let said = check(Contact, Company, 279, true).unwrap_err();
        assert!(said.contains("the primary type is 1"), "{said}");
        assert_eq!(check(Contact, Company, 1, true), Ok(()));
        assert_eq!(check(Contact, Company, 279, false), Ok(()));
    }

    #[test]
    fn a_number_of_another_direction_is_caught() {
        let said = check(Contact, Company, 280, false).unwrap_err();
        assert!(said.contains("280 is company to contact"), "{said}");
        assert!(said.contains("279"), "{said}");
        let said = check(Deal, Company, 6, true).unwrap_err();
        assert!(said.contains("PRIMARY company to deal"), "{said}");
    }

    #[test]
    fn labels_and_unknown_numbers_pass() {
        assert_eq!(check(Company, Company, 14, false), Ok(()));
        assert_eq!(check(Contact, Company, 931, true), Ok(()));
        assert_eq!(check(Contact, Company, 70_000, true), Ok(()));
    }

    #[test]
    fn a_pair_has_one_number_of_a_kind_and_a_number_one_pair() {
        for (place, row) in DEFINED.iter().enumerate() {
            for other in DEFINED.iter().skip(place + 1) {
                assert_ne!(row.id, other.id);
                assert_ne!(
                    (row.from, row.to, row.kind),
                    (other.from, other.to, other.kind)
                );
            }
            assert_eq!(id(row.from, row.to, row.kind), Some(row.id));
        }
        assert_eq!(id(Lead, Lead, Plain), None);
    }
}
