//! What becomes of each field of the input. The counts add up to the input: nothing is dropped in silence.

use serde::Serialize;

/// What becomes of a field.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Sent under its own name.
    Applied,
    /// Sent under the vendor's name, which `to` says.
    Renamed,
    /// Sent as another type or unit, which `to` says.
    Coerced,
    /// Sent untouched and unread.
    PassedThrough,
    /// Not sent, for the reason given.
    Ignored,
    /// Refused, for the reason given.
    Refused,
}

/// What becomes of one field, or of the same field in every record of a list.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
pub struct FieldEntry {
    /// The field, as in `associations.contacts[].id`.
    pub path: String,
    /// What becomes of it.
    pub fate: Fate,
    /// How often the field stands in the input.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub count: usize,
    /// Where it goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Why it is not sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What a vendor does with a field.
#[derive(Clone, Copy, Debug)]
pub enum Treatment {
    /// Sent under its own name.
    Applied,
    /// Sent under this name of the vendor's.
    Renamed(&'static str),
    /// Sent as another type, here.
    Coerced(&'static str),
    /// Sent untouched and unread, here.
    PassedThrough(&'static str),
    /// Not sent, for this reason.
    Ignored(&'static str),
}

/// Collects entries; equal ones are counted together.
#[derive(Debug, Default)]
pub struct Ledger(Vec<FieldEntry>);

impl Ledger {
    /// Notes what becomes of the field at `path`, which stands `count` times in the input.
    pub fn note(&mut self, path: &str, count: usize, treatment: Treatment) {
        let (fate, to, reason) = match treatment {
            Treatment::Applied => (Fate::Applied, None, None),
            Treatment::Renamed(to) => (Fate::Renamed, Some(to), None),
            Treatment::Coerced(to) => (Fate::Coerced, Some(to), None),
            Treatment::PassedThrough(to) => (Fate::PassedThrough, Some(to), None),
            Treatment::Ignored(reason) => (Fate::Ignored, None, Some(reason)),
        };
        self.count(path, count, fate, to, reason);
    }

    /// Notes what becomes of one field, where that is decided while the input is read. Empty texts stand for none.
    pub fn note_as(&mut self, path: &str, fate: Fate, to: &str, reason: &str) {
        let given = |text| Some(text).filter(|text: &&str| !text.is_empty());
        self.count(path, 1, fate, given(to), given(reason));
    }

    /// Notes that the field at `path` is refused, `count` times.
    pub fn refuse(&mut self, path: &str, count: usize, reason: &str) {
        self.count(path, count, Fate::Refused, None, Some(reason));
    }

    /// Takes over the entries of another.
    pub fn add(&mut self, other: Self) {
        for entry in other.0 {
            let (to, reason) = (entry.to.as_deref(), entry.reason.as_deref());
            self.count(&entry.path, entry.count, entry.fate, to, reason);
        }
    }

    /// The entries, in the order in which the fields were first met.
    #[must_use]
    pub fn into_entries(self) -> Vec<FieldEntry> {
        self.0
    }

    fn count(
        &mut self,
        path: &str,
        count: usize,
        fate: Fate,
        to: Option<&str>,
        reason: Option<&str>,
    ) {
        let same = |entry: &&mut FieldEntry| {
            entry.path == path
                && entry.fate == fate
                && entry.to.as_deref() == to
                && entry.reason.as_deref() == reason
        };
        // The last entries are the likely ones: lists repeat the same few fields.
        if let Some(entry) = self.0.iter_mut().rev().find(same) {
            entry.count += count;
            return;
        }
        self.0.push(FieldEntry {
            path: path.to_owned(),
            fate,
            count,
            to: to.map(str::to_owned),
            reason: reason.map(str::to_owned),
        });
    }
}
