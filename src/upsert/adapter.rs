//! What a vendor supplies for one kind of record.

use super::Item;
use crate::endpoint::Repeat;
use crate::error::{Doubt, Error, Failure, Refusal, Report};
use crate::http::{Request, Response};
use crate::json::Raw;
use crate::script::Script;
use crate::unified::association::Association;
use crate::unified::capability::Upserts;
use crate::unified::record::mapping::Table;

/// What is known of a vendor's upsert of one kind of record.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// The operation, as in `contacts.upsert`.
    pub operation: &'static str,
    /// The vendor's name.
    pub vendor: &'static str,
    /// The vendor's fields.
    pub table: &'static Table,
    /// The kind's row in the vendor's capability table.
    pub upserts: &'static Upserts,
    /// Tells a success from a failure.
    pub check: fn(&Response) -> Result<(), Failure>,
    /// How to find out about a create in doubt.
    pub doubt: Doubt,
}

/// A way of writing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Write {
    /// An upsert by the key.
    Keyed,
    /// An update by the id.
    Update,
    /// A create.
    Create,
}

/// A record that a search has found.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Its id.
    pub id: String,
    /// When it was made, as the vendor writes it; comparable as text.
    pub created: String,
    /// The vendor's JSON of it.
    pub record: String,
}

/// A record that was written.
#[derive(Clone, Debug)]
pub struct Wrote {
    /// Its id.
    pub id: String,
    /// Whether it was made, where the answer says so.
    pub new: Option<bool>,
    /// The vendor's JSON of it.
    pub record: String,
}

/// What makes the links of some records.
pub struct Linker {
    /// Which of them.
    pub records: Vec<usize>,
    /// What makes them, or why none is tried.
    pub script: Result<Box<dyn Script>, Refusal>,
}

/// What to do after an unclear answer to a create.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum After {
    /// Look for the record: the vendor's search shows at once what was written.
    Look,
    /// Nothing: it cannot be told.
    Tell,
}

/// One vendor's upsert of one kind of record.
pub trait Adapter {
    /// What is known of it.
    fn facts(&self) -> Facts;

    /// Refuses an item that this vendor cannot upsert, whatever the answers.
    ///
    /// # Errors
    /// The refusal, with the field's path.
    fn admit(&mut self, item: &Item) -> Result<(), Refusal>;

    /// The next read of names that the items need, with a number of its own.
    fn next_read(&mut self) -> Option<(usize, Request)> {
        None
    }

    /// All reads of names, for the plan: those of one page each.
    fn reads(&self) -> Vec<Request> {
        Vec::new()
    }

    /// How many reads there may be besides: further pages.
    fn more_reads(&self) -> usize {
        0
    }

    /// Takes what became of a read.
    ///
    /// # Errors
    /// A success that cannot be read.
    fn read(&mut self, number: usize, answer: Result<&Response, Failure>) -> Result<(), Failure> {
        let _ = (number, answer);
        Ok(())
    }

    /// Whether the reads find the records, so that no search is sent for each.
    fn reads_find(&self) -> bool {
        false
    }

    /// What the reads have found for an item's key.
    fn known(&self, item: &Item) -> Vec<Candidate> {
        let _ = item;
        Vec::new()
    }

    /// What the caller should know before sending.
    fn warnings(&self) -> Vec<String> {
        Vec::new()
    }

    /// Puts what the reads have found into an item.
    ///
    /// # Errors
    /// A name that nobody has, or a read that failed.
    fn resolve(&self, item: &mut Item) -> Result<(), Error> {
        let _ = item;
        Ok(())
    }

    /// The search for an item's key.
    ///
    /// # Errors
    /// A refusal of the key.
    fn look(&self, item: &Item) -> Result<Request, Refusal>;

    /// How many items' keys one search looks for at most.
    fn looks_together(&self) -> usize {
        1
    }

    /// The search for the keys of several items, all by the same field.
    ///
    /// # Errors
    /// A refusal of one of the keys, or of so many: fewer are tried then.
    fn look_for(&self, items: &[&Item]) -> Result<Request, Refusal> {
        match items {
            [item, ..] => self.look(item),
            [] => Err(Refusal::input("", "expected something to look for")),
        }
    }

    /// What a search has found for an item, in the vendor's order.
    ///
    /// # Errors
    /// A success that cannot be read.
    fn found(&self, item: &Item, response: &Response) -> Result<Vec<Candidate>, Failure>;

    /// Keeps an update from destroying what the caller cannot have meant.
    ///
    /// # Errors
    /// The reason, with what to do.
    fn may_update(&self, item: &Item, found: &Candidate) -> Result<(), Report> {
        let _ = (item, found);
        Ok(())
    }

    /// How many items one write carries at most.
    fn together(&self, write: Write) -> usize;

    /// The request that writes items, all in the same way and by the same key.
    ///
    /// # Errors
    /// A refusal of one of them.
    fn write(&self, write: Write, items: &[&Item]) -> Result<Request, Refusal>;

    /// What sending a write twice does.
    fn repeat(&self, write: Write, items: &[&Item]) -> Repeat {
        let _ = items;
        match write {
            Write::Keyed | Write::Update => Repeat::Safe,
            Write::Create => Repeat::Look,
        }
    }

    /// What became of each item of a write, in the items' order.
    ///
    /// # Errors
    /// A success that cannot be read.
    fn wrote(
        &self,
        write: Write,
        items: &[&Item],
        response: &Response,
    ) -> Result<Vec<Result<Wrote, Failure>>, Failure>;

    /// What to do after an unclear answer to a create.
    fn after_unclear(&self, item: &Item) -> After {
        let _ = item;
        After::Tell
    }

    /// Whether a create that the vendor refused may have made the record all the same: it is looked for before it is called
    /// failed.
    fn may_be_half_done(&self, failure: &Failure) -> bool {
        let _ = failure;
        false
    }

    /// A written record in the unified vocabulary.
    fn unify(&self, item: &Item, wrote: &Wrote) -> Option<Raw>;

    /// What makes the links of a written record.
    ///
    /// # Errors
    /// A refusal of all links.
    fn link(&self, association: Association<'static>) -> Result<Box<dyn Script>, Refusal>;

    /// The same for several records: one script each, unless the vendor links several records in one call.
    fn links(&self, associations: Vec<Association<'static>>) -> Vec<Linker> {
        let one = |(place, association)| Linker {
            records: vec![place],
            script: self.link(association),
        };
        associations.into_iter().enumerate().map(one).collect()
    }
}
