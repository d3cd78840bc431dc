//! What was really written, in order: the oracle of tests.

use serde::Serialize;

/// One link or record that a simulator really wrote, changed or removed.
///
/// A request that changes nothing (a link that is there already, a field set to the value it has) leaves no commit.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Commit {
    /// `hubspot`, `leadconnector`, `salesforce` or `truto`.
    pub vendor: &'static str,
    /// What was done, such as `association.create` or `OpportunityContactRole.create`.
    pub kind: String,
    /// The record written, or the one that the link starts from, such as `deal 301`.
    pub from: String,
    /// The record that the link goes to, or the fields written.
    pub to: String,
}

/// A vendor's end of the shared ledger.
pub(super) struct Ledger<'a> {
    vendor: &'static str,
    commits: &'a mut Vec<Commit>,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(vendor: &'static str, commits: &'a mut Vec<Commit>) -> Self {
        Self { vendor, commits }
    }

    pub(super) fn commit(
        &mut self,
        kind: impl Into<String>,
        from: impl Into<String>,
        to: impl Into<String>,
    ) {
        self.commits.push(Commit {
            vendor: self.vendor,
            kind: kind.into(),
            from: from.into(),
            to: to.into(),
        });
    }

    /// A point to roll back to.
    pub(super) fn mark(&self) -> usize {
        self.commits.len()
    }

    pub(super) fn roll_back(&mut self, mark: usize) {
        self.commits.truncate(mark);
    }
}
