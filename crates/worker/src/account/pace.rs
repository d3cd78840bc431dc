//! What the vendor has said about when to ask again outlives the object that it was said to.

use worker::SqlStorageValue;

use super::Inside;

impl Inside {
    /// Takes up what was stored.
    pub(super) fn recall_pace(&self) {
        // To look for what may not be there makes no database.
        let is_there = self.run(IS_THERE, Vec::new());
        if is_there.is_ok_and(|rows| !rows.is_empty())
            && let Ok(rows) = self.run(GET, Vec::new())
            && let Some([SqlStorageValue::String(text)]) = rows.first().map(Vec::as_slice)
        {
            self.pace.borrow_mut().load(text);
            self.saved_pace.replace(text.clone());
        }
    }

    /// Stores what has changed.
    pub(crate) fn save_pace(&self) {
        let text = self.pace.borrow().save();
        if *self.saved_pace.borrow() == text {
            return;
        }
        let stored = self.run(TABLE, Vec::new());
        let stored = stored.and_then(|_| self.run(PUT, vec![text.as_str().into()]));
        // Where it cannot be stored, the vendor says it once more.
        if stored.is_ok() {
            self.saved_pace.replace(text);
        }
    }
}

const TABLE: &str =
    "CREATE TABLE IF NOT EXISTS pace (one INTEGER PRIMARY KEY CHECK (one = 1), text TEXT NOT NULL)";
const IS_THERE: &str = "SELECT 1 FROM sqlite_master WHERE name = 'pace'";
const GET: &str = "SELECT text FROM pace";
const PUT: &str = "INSERT OR REPLACE INTO pace VALUES (1, ?)";
