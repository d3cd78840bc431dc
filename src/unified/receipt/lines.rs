//! A receipt line by line: newline-delimited JSON, a line for each finished batch, and a last one with the rest.
//!
//! Only the last line has a `status`. A reader who has seen it knows that nothing more comes, and how it ended.

use serde::Serialize;
use serde::ser::SerializeMap;

use super::links::{LinkReceipt, Outcome};
use super::show::{self, Part};
use super::{Query, Receipt};
use crate::sorted::SortedMap;

/// What the lines have told so far.
#[derive(Debug, Default)]
pub struct Told(SortedMap<usize, Outcome>);

impl Told {
    /// The line of the links that were settled since the last one, as `{"links":[…]}`; none where there are none, or
    /// where the caller leaves them out.
    pub fn line(&mut self, settled: &[LinkReceipt], query: &Query) -> Option<String> {
        let excluded = query.exclude_fields.iter().any(|name| name == LINKS);
        if settled.is_empty() || excluded {
            return None;
        }
        for link in settled {
            self.0.insert(link.place, link.outcome);
        }
        Some(show::write(&[Part::new(LINKS, &settled)]))
    }

    fn lacks(&self, link: &LinkReceipt) -> bool {
        self.0.get(&link.place) != Some(&link.outcome)
    }
}

impl Receipt {
    /// The last line: the status, and of the receipt what no line has told.
    #[must_use]
    pub fn rest(&self, query: &Query, told: &Told) -> String {
        let mut parts = vec![Part::new("status", &self.status())];
        parts.extend(self.untold(query, told));
        // The lines have said it link by link.
        parts.retain(|part| !(matches!(self, Self::Links(_)) && part.name == "associations"));
        show::show(query, parts)
    }

    /// What stands beside the problem of an operation of which nothing is as it was asked: what became of each part.
    /// Where lines were written, it is what they have not told.
    #[must_use]
    pub fn beside(&self, told: Option<&Told>) -> String {
        let query = &Query::default();
        let mut parts = match told {
            Some(told) => self.untold(query, told),
            None => self.parts(query),
        };
        parts.retain(|part| BESIDE.contains(&part.name) && part.value != "[]");
        show::write(&parts)
    }

    fn untold(&self, query: &Query, told: &Told) -> Vec<Part<'_>> {
        let mut parts = self.parts(query);
        let place = parts.iter().position(|part| part.name == LINKS);
        if let (Self::Links(_), Some(place)) = (self, place) {
            let links = self.links().iter();
            let untold: Vec<_> = links.filter(|link| told.lacks(link)).collect();
            let counts = Part::new("counts", &Counts(self.links()));
            parts.splice(place..=place, [Part::new(LINKS, &untold), counts]);
        }
        parts
    }
}

/// How many links there are of each outcome.
struct Counts<'r>(&'r [LinkReceipt]);

impl Serialize for Counts<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for outcome in Outcome::ALL {
            let links = self.0.iter().filter(|link| link.outcome == outcome);
            match links.count() {
                0 => {}
                count => map.serialize_entry(&outcome, &count)?,
            }
        }
        map.end()
    }
}

const LINKS: &str = "links";
const BESIDE: [&str; 5] = [LINKS, "counts", "failed", "result", "candidates"];

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::error::{Refusal, Report};
    use crate::unified::receipt::{End, Linked, Linking};

    fn link(place: usize, id: &str, outcome: Outcome) -> LinkReceipt {
        let end = |entity: &'static str, id: &str| End {
            entity: entity.into(),
            id: id.to_owned(),
        };
        let refusal = Refusal::id("associations.contacts[2].id", "expected an id");
        let bad = outcome == Outcome::NotLinked;
        LinkReceipt {
            from: end("opportunities", "301"),
            to: end("contacts", id),
            outcome,
            reason: bad.then(|| Box::new(Report::from(&refusal))),
            reversible: None,
            place,
        }
    }

    fn receipt(outcomes: &[(&str, Outcome)]) -> Receipt {
        let links = outcomes.iter().enumerate();
        Receipt::Links(Linking {
            entity: "opportunities".into(),
            entity_id: "301".to_owned(),
            associations: Linked(Vec::new()),
            links: links
                .map(|(place, (id, outcome))| link(place, id, *outcome))
                .collect(),
            undo: Vec::new(),
            failed: Vec::new(),
            remote_data: None,
        })
    }

    fn read(line: &str) -> Value {
        serde_json::from_str(line).unwrap()
    }

    #[test]
    fn each_link_is_told_once_and_the_last_line_says_the_rest() {
        let query = Query::parse("truto_response_format=stream").unwrap();
        let receipt = receipt(&[
            ("101", Outcome::Linked),
            ("102", Outcome::Linked),
            ("..", Outcome::NotLinked),
            ("101", Outcome::Linked),
        ]);
        let mut told = Told::default();
        assert_eq!(told.line(&[], &query), None);
        let line = told.line(&receipt.links()[1..2], &query).unwrap();
        assert_eq!(read(&line)["links"][0]["to"]["id"], "102");
        let line = told.line(&receipt.links()[0..1], &query).unwrap();
        assert_eq!(
            line,
            r#"{"links":[{"from":{"entity":"opportunities","id":"301"},"to":{"entity":"contacts","id":"101"},"outcome":"linked"}]}"#
        );
        let last = read(&receipt.rest(&query, &told));
        let fields: Vec<_> = last.as_object().unwrap().keys().collect();
        assert_eq!(fields, ["status", "entity", "entity_id", "links", "counts"]);
        assert_eq!(last["status"], 207);
        assert_eq!(last["counts"], json!({ "linked": 3, "not_linked": 1 }));
        let rest: Vec<_> = last["links"].as_array().unwrap().iter().collect();
        assert_eq!(rest.len(), 2, "the refused one and the repeated one");
    }

    #[test]
    fn what_became_otherwise_in_the_end_is_told_again() {
        let query = Query::default();
        let mut told = Told::default();
        told.line(&[link(0, "101", Outcome::Linked)], &query);
        let receipt = receipt(&[("101", Outcome::Unknown)]);
        let last = read(&receipt.rest(&query, &told));
        assert_eq!(last["links"][0]["outcome"], "unknown");
    }

    #[test]
    fn links_that_the_caller_leaves_out_are_not_told() {
        let query = Query::parse("truto_exclude_fields=links").unwrap();
        let receipt = receipt(&[("101", Outcome::Linked)]);
        let mut told = Told::default();
        assert_eq!(told.line(receipt.links(), &query), None);
        let last = read(&receipt.rest(&query, &told));
        assert_eq!(last.get("links"), None);
        assert_eq!(last["counts"], json!({ "linked": 1 }));
    }

    #[test]
    fn beside_a_problem_stands_what_became_of_each_part() {
        let query = Query::default();
        let receipt = receipt(&[("101", Outcome::NotLinked)]);
        let beside = read(&receipt.beside(None));
        assert_eq!(beside.as_object().unwrap().len(), 1);
        assert_eq!(beside["links"][0]["outcome"], "not_linked");
        let mut told = Told::default();
        told.line(receipt.links(), &query);
        assert_eq!(
            receipt.beside(Some(&told)),
            r#"{"counts":{"not_linked":1}}"#
        );
    }
}
