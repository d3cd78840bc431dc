//! The ids that owners' names and addresses stand for: a query of users, which serves all records of a call.

use serde_json::Value;

use super::NAME;
use super::query::{self, run};
use super::soql::{self, Soql};
use crate::endpoint::{Options, json};
use crate::error::{Code, Error, Failure, Refusal, Sent};
use crate::http::{Request, Response};
use crate::unified::record::mapping::{Aside, How, Property};
use crate::upsert::Item;

/// So many users one query asks for.
const TOGETHER: usize = 100;

/// What is to be read, and what was.
#[derive(Debug, Default)]
pub(super) struct Owners {
    emails: Vec<String>,
    names: Vec<String>,
    next: usize,
    users: Vec<User>,
    failed: Option<Failure>,
}

#[derive(Debug)]
struct User {
    id: String,
    email: String,
    name: String,
}

impl Owners {
    /// Notes the owners that an item names.
    pub(super) fn need(&mut self, item: &Item) {
        for aside in sought(item) {
            let known = match aside.from {
                "owner.email" => &mut self.emails,
                _ => &mut self.names,
            };
            let said = aside.leaf.text().trim().to_owned();
            if !known.contains(&said) {
                known.push(said);
            }
        }
    }

    /// All queries, of one page each.
    pub(super) fn requests(&self, options: &Options) -> Vec<Request> {
        let fields = [("Email", &self.emails), ("Name", &self.names)];
        let fields = fields.iter();
        let queries = fields.flat_map(|(field, said)| {
            said.chunks(TOGETHER).map(move |said| {
                let said: Vec<_> = said.iter().map(String::as_str).collect();
                Soql::select(&["Id", "Email", "Name"], "User")
                    .is("IsActive", soql::Value::Flag(true))
                    .among(field, &said)
            })
        });
        queries
            .filter_map(|query| run::build(query, options).ok())
            .collect()
    }

    pub(super) fn next(&mut self, options: &Options) -> Option<(usize, Request)> {
        let request = self.requests(options).into_iter().nth(self.next)?;
        self.next += 1;
        Some((self.next - 1, request))
    }

    /// Takes what became of a query.
    pub(super) fn read(
        &mut self,
        answer: Result<&Response, Failure>,
        options: &Options,
    ) -> Result<(), Failure> {
        let response = match answer {
            Ok(response) => response,
            Err(failure) => {
                self.failed = Some(failure);
                return Ok(());
            }
        };
        let page = query::read(response, options)?;
        if page.next.is_some() {
            let message =
                "more users have these names than Salesforce shows at once: give owner.id";
            let failure = Failure::unanswered(NAME, Code::TooLarge, Sent::Yes, message);
            self.failed = Some(failure);
        }
        self.users.extend(page.records.iter().map(|row| {
            let text = |name: &str| {
                let text = row.get(name).and_then(Value::as_str);
                text.unwrap_or_default().to_owned()
            };
            User {
                id: text("Id"),
                email: text("Email"),
                name: text("Name"),
            }
        }));
        Ok(())
    }

    /// Puts the owner's id into an item.
    pub(super) fn resolve(&self, item: &mut Item) -> Result<(), Error> {
        let mut found: Option<Property> = None;
        for aside in sought(item) {
            if let Some(failure) = &self.failed {
                return Err(failure.clone().into());
            }
            let said = aside.leaf.text();
            let same = |user: &&User| {
                let known = match aside.from {
                    "owner.email" => &user.email,
                    _ => &user.name,
                };
                known.to_lowercase() == said.trim().to_lowercase()
            };
            let refuse =
                |message: &str| Error::from(Refusal::input(item.full(&aside.leaf.path), message));
            let mut users = self.users.iter().filter(same);
            let id = match (users.next(), users.next()) {
                (Some(one), None) => json(&one.id),
                (Some(_), Some(_)) => {
                    return Err(refuse(
                        "expected one active user of the org, several have it: give owner.id",
                    ));
                }
                (None, _) => {
                    return Err(refuse(
                        "expected one active user of the org, none has it: give owner.id",
                    ));
                }
            };
            if found.as_ref().is_some_and(|known| known.json != id) {
                return Err(refuse(
                    "owner.email and owner.name mean two users: give one of the two",
                ));
            }
            found = Some(Property {
                name: aside.to.into(),
                json: id,
                custom: false,
                path: aside.leaf.path.clone(),
            });
        }
        item.mapped.properties.extend(found);
        Ok(())
    }
}

fn sought(item: &Item) -> impl Iterator<Item = &Aside> {
    let asides = item.mapped.asides.iter();
    asides.filter(|aside| matches!(aside.how, How::Sought))
}
