//! The association graph: directed, typed, and kept in step both ways.

use std::collections::{BTreeMap, BTreeSet};

use super::kinds::{self, Category, Kind, Spec};

/// A record, by type and id.
pub(super) type Node = (Kind, String);

/// A label that the portal's users defined, in one direction.
#[derive(Clone, Debug)]
pub(super) struct Label {
    pub(super) from: Kind,
    pub(super) to: Kind,
    pub(super) id: u32,
    /// The type the other way round.
    pub(super) inverse: u32,
    pub(super) label: String,
}

/// All links of the portal, and the association types that only this portal has.
#[derive(Clone, Debug, Default)]
pub(super) struct Links {
    edges: BTreeMap<Node, BTreeMap<Node, BTreeSet<Spec>>>,
    pub(super) labels: Vec<Label>,
    /// The unlabelled types of pairs outside HubSpot's table. Their ids and category are not known: each portal has its own.
    own: Vec<(Kind, Kind, u32)>,
}

/// The first id given to a pair outside HubSpot's table; below lie HubSpot's own.
const FIRST_OWN: u32 = 10_001;

impl Links {
    /// The most generic type of a pair, if it can be linked at all.
    pub(super) fn unlabelled(&mut self, from: &Kind, to: &Kind) -> Option<Spec> {
        if from.tabulated() && to.tabulated() {
            return kinds::unlabelled(from, to).map(Spec::hubspot);
        }
        let known = self.own.iter().find(|(a, b, _)| a == from && b == to);
        let id = match known {
            Some((_, _, id)) => *id,
            None => {
                let id = FIRST_OWN + u32::try_from(self.own.len()).unwrap_or_default();
                self.own.push((from.clone(), to.clone(), id));
                id
            }
        };
        Some(Spec::hubspot(id))
    }

    /// Whether a pair has this type.
    pub(super) fn has_type(&mut self, from: &Kind, to: &Kind, spec: Spec) -> bool {
        match spec.category {
            Category::HubSpotDefined => {
                kinds::defined(from, to).any(|row| row.id == spec.id)
                    || self.unlabelled(from, to) == Some(spec)
            }
            Category::UserDefined => self.label_of(from, to, spec.id).is_some(),
        }
    }

    pub(super) fn label(&self, from: &Kind, to: &Kind, spec: Spec) -> Option<String> {
        match spec.category {
            Category::HubSpotDefined => kinds::defined(from, to)
                .find(|row| row.id == spec.id)
                .and_then(|row| row.label)
                .map(str::to_owned),
            Category::UserDefined => self
                .label_of(from, to, spec.id)
                .map(|label| label.label.clone()),
        }
    }

    fn label_of(&self, from: &Kind, to: &Kind, id: u32) -> Option<&Label> {
        self.labels
            .iter()
            .find(|label| label.id == id && label.from == *from && label.to == *to)
    }

    /// The types from one record to another.
    pub(super) fn types(&self, from: &Node, to: &Node) -> BTreeSet<Spec> {
        self.edges
            .get(from)
            .and_then(|row| row.get(to))
            .cloned()
            .unwrap_or_default()
    }

    /// The linked records of one type, by id in numeric order.
    pub(super) fn linked(&self, from: &Node, to: &Kind) -> Vec<(String, BTreeSet<Spec>)> {
        let mut found: Vec<_> = self
            .edges
            .get(from)
            .into_iter()
            .flatten()
            .filter(|((kind, _), _)| kind == to)
            .map(|((_, id), specs)| (id.clone(), specs.clone()))
            .collect();
        found.sort_by(|(a, _), (b, _)| (a.len(), a).cmp(&(b.len(), b)));
        found
    }

    /// Every linked record.
    pub(super) fn all(&self, from: &Node) -> impl Iterator<Item = (&Node, &BTreeSet<Spec>)> {
        self.edges.get(from).into_iter().flatten()
    }

    /// Links two records by their unlabelled types. True if that changed anything.
    ///
    /// The first company becomes the primary one: seen for deals, taken to hold for contacts and tickets too.
    pub(super) fn link(&mut self, from: &Node, to: &Node) -> bool {
        let Some(spec) = self.unlabelled(&from.0, &to.0) else {
            return false;
        };
        let changed = self.put(from, to, spec);
        self.crown(from, to);
        self.crown(to, from);
        changed
    }

    /// Adds a type both ways, the unlabelled ones with it. True if that changed anything.
    pub(super) fn label_link(&mut self, from: &Node, to: &Node, spec: Spec) -> bool {
        let linked = self.link(from, to);
        self.dethrone(from, to, spec);
        if let Some(inverse) = self.inverse(&from.0, &to.0, spec) {
            self.dethrone(to, from, inverse);
        }
        self.put(from, to, spec) || linked
    }

    /// A record has one main company: another that becomes it takes the place of the one before. Published: the API
    /// changes which company is the primary one. Not known: the same of a lead's records.
    fn dethrone(&mut self, from: &Node, to: &Node, spec: Spec) {
        let primary = kinds::primary(&from.0, &to.0).map(Spec::hubspot);
        if primary != Some(spec) {
            return;
        }
        let others: Vec<_> = self
            .all(from)
            .filter(|(node, specs)| node.0 == to.0 && *node != to && specs.contains(&spec))
            .map(|(node, _)| node.clone())
            .collect();
        for other in others {
            self.unlabel(from, &other, spec);
        }
    }

    /// Takes one type away both ways; the unlabelled one takes the whole pair with it. True if that changed anything.
    pub(super) fn unlabel(&mut self, from: &Node, to: &Node, spec: Spec) -> bool {
        if self.unlabelled(&from.0, &to.0) == Some(spec) {
            return self.unlink(from, to);
        }
        let removed = self.take(from, to, spec);
        if let Some(inverse) = self.inverse(&from.0, &to.0, spec) {
            self.take(to, from, inverse);
        }
        removed
    }

    /// Takes every type of a pair away, both ways.
    pub(super) fn unlink(&mut self, from: &Node, to: &Node) -> bool {
        let there = self.edges.get_mut(from).and_then(|row| row.remove(to));
        if let Some(row) = self.edges.get_mut(to) {
            row.remove(from);
        }
        there.is_some()
    }

    fn crown(&mut self, from: &Node, to: &Node) {
        let Some(primary) = kinds::primary(&from.0, &to.0).map(Spec::hubspot) else {
            return;
        };
        // A lead's primary type is set when the lead is made, and has no known inverse.
        if from.0.singular() == "lead" {
            return;
        }
        let crowned = self
            .all(from)
            .any(|((kind, _), specs)| *kind == to.0 && specs.contains(&primary));
        if !crowned {
            self.put(from, to, primary);
        }
    }

    fn put(&mut self, from: &Node, to: &Node, spec: Spec) -> bool {
        let inverse = self.inverse(&from.0, &to.0, spec);
        if let Some(inverse) = inverse {
            self.edge(to, from).insert(inverse);
        }
        self.edge(from, to).insert(spec)
    }

    fn take(&mut self, from: &Node, to: &Node, spec: Spec) -> bool {
        self.edges
            .get_mut(from)
            .and_then(|row| row.get_mut(to))
            .is_some_and(|specs| specs.remove(&spec))
    }

    fn edge(&mut self, from: &Node, to: &Node) -> &mut BTreeSet<Spec> {
        self.edges
            .entry(from.clone())
            .or_default()
            .entry(to.clone())
            .or_default()
    }

    /// The types the other way round.
    pub(super) fn inverses(
        &mut self,
        from: &Kind,
        to: &Kind,
        specs: &BTreeSet<Spec>,
    ) -> BTreeSet<Spec> {
        specs
            .iter()
            .filter_map(|spec| self.inverse(from, to, *spec))
            .collect()
    }

    fn inverse(&mut self, from: &Kind, to: &Kind, spec: Spec) -> Option<Spec> {
        match spec.category {
            Category::UserDefined => self
                .label_of(from, to, spec.id)
                .map(|label| Spec::user(label.inverse)),
            Category::HubSpotDefined => {
                let row = kinds::defined(from, to).find(|row| row.id == spec.id);
                match row {
                    Some(row) => (row.inverse != 0).then(|| Spec::hubspot(row.inverse)),
                    None => self.unlabelled(to, from),
                }
            }
        }
    }
}
