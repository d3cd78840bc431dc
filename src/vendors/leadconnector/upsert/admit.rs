//! What a record must not ask for, and what has to be read before it is written.

use super::Upsert;
use super::write::{followers, is_custom};
use crate::error::Refusal;
use crate::upsert::Item;
use crate::vendors::leadconnector::opportunities::upsert::MOST_FOLLOWERS;
use crate::vendors::leadconnector::reads::Read;

impl Upsert {
    pub(super) fn admit_contact(&mut self, item: &Item) {
        if item.mapped.property("tags").is_some() {
            self.warn("`tags` replaces all tags of a contact that is there: give those that are to stay too");
        }
        if item.id().is_some() {
            if item.mapped.property("email").is_some() {
                self.warn("no source says whether an address that is written to a contact by its id keeps the further addresses that it has: leave the address out where it has some");
            }
            return;
        }
        for read in lookups(item) {
            self.reads.need(read);
        }
    }

    pub(super) fn admit_opportunity(&mut self, item: &Item) -> Result<(), Refusal> {
        let given = |name: &str| item.mapped.property(name).is_some();
        let custom = item.mapped.properties.iter().find(|one| is_custom(one));
        if let Some(custom) = custom.filter(|_| goes_by_upsert(item)) {
            let message = "expected no custom fields beside a new opportunity, a contact, a lost reason or followers: LeadConnector takes them in an update by the id alone";
            return Err(Refusal::input(item.full(&custom.path), message));
        }
        let pipeline = given("pipelineId")
            || ["pipeline.name", "stage.name"]
                .iter()
                .any(|name| item.aside(name).is_some());
        if goes_by_upsert(item) && !pipeline {
            let message =
                "expected the pipeline, by its id or its name: LeadConnector's upsert asks for it";
            return Err(Refusal::input(item.full("pipeline"), message));
        }
        if let Some(action) = item.aside("followers.action") {
            let path = item.full(&action.path);
            if action.text() == "replace" {
                let message = "expected add or remove: no source says what LeadConnector does when it is told to remove all followers and to add some in one call";
                return Err(Refusal::input(path, message));
            }
            if item.aside("followers.ids").is_none() {
                return Err(Refusal::input(path, "expected followers.ids beside it"));
            }
        }
        if let Some(ids) = item.aside("followers.ids") {
            let count = followers(&ids.json).len();
            if count > MOST_FOLLOWERS {
                let message = format!("expected at most 10 followers, got {count}");
                return Err(Refusal::input(item.full(&ids.path), message));
            }
        }
        self.reads.need_names(item);
        Ok(())
    }
}

/// Who may be meant by a contact: by its key first, then by the other of address and number.
pub(super) fn lookups(item: &Item) -> Vec<Read> {
    let text = |name: &str| {
        let given = item.mapped.property(name)?;
        let given = (given.json != "null").then(|| given.text().trim().to_owned())?;
        (!given.is_empty()).then_some(given)
    };
    let email = text("email").map(Read::Email);
    let number = text("phone").map(Read::Number);
    let reads = match item.key_name() {
        "phone" => [number, email],
        _ => [email, number],
    };
    reads.into_iter().flatten().collect()
}

/// What an update by the id does not take goes through the upsert, which takes the id too.
pub(super) fn goes_by_upsert(item: &Item) -> bool {
    item.id().is_none()
        || item.aside("followers.ids").is_some()
        || item.aside("lost_reason.name").is_some()
        || ["contactId", "lostReasonId"]
            .iter()
            .any(|name| item.mapped.property(name).is_some())
}
