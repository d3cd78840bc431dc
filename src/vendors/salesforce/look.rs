//! A look at the rows that hold links: composite calls of up to five queries each, and the further pages of their answers.

use std::borrow::Cow;
use std::collections::VecDeque;

use serde_json::{Map, Value};

use super::calls::Calls;
use super::collections::LARGEST;
use super::composite::send::{MOST_QUERIES, Sent};
use super::id::same;
use super::soql::{self, Soql};
use super::ways::{ACCOUNT_ID, CONTACT, Lookup, RELATION, ROLES, Way};
use super::{NAME, error, query};
use crate::answer;
use crate::endpoint::unexpected;
use crate::error::{Code, Failure, Refusal};
use crate::http::{Request, Response};
use crate::sorted::SortedMap;
use crate::unified::association::Target;
use crate::unified::entity::Entity;

/// How many further pages of one query are read: with the first, up to 12,000 rows.
pub(super) const MOST_PAGES: usize = 5;

/// Rows that are to be looked at.
#[derive(Clone, Debug)]
pub(super) struct Query {
    /// The object.
    pub(super) sobject: Cow<'static, str>,
    fields: Vec<Cow<'static, str>>,
    /// The field that names the record, where it is a condition.
    held_by: Option<(Cow<'static, str>, String)>,
    /// The column by which rows are found again.
    key: &'static str,
    /// What that column may hold, up to 200 ids; none stands for anything.
    ids: Vec<String>,
    /// What waits for these rows: places of links, or of kinds.
    pub(super) places: Vec<usize>,
    /// Whether an org that has no such object is no fault.
    optional: bool,
}

impl Query {
    fn of(sobject: Cow<'static, str>, fields: &[&str], key: &'static str) -> Self {
        let fields = fields.iter().map(|field| Cow::Owned((*field).to_owned()));
        Self {
            sobject,
            fields: fields.collect(),
            held_by: None,
            key,
            ids: Vec::new(),
            places: Vec::new(),
            optional: false,
        }
    }

    fn held_by(mut self, field: &str, record: &str) -> Self {
        self.held_by = Some((field.to_owned().into(), record.to_owned()));
        self
    }

    fn among(mut self, id: &str) -> Self {
        self.ids.push(id.to_owned());
        self
    }

    fn at(mut self, place: usize) -> Self {
        self.places.push(place);
        self
    }

    /// What shows the link with one target.
    pub(super) fn of_link(
        way: &Way,
        from: Entity,
        record: &str,
        target: &Target<'_>,
        place: usize,
    ) -> Vec<Self> {
        let id = target.id.as_str();
        let (own, other) = way.columns(from);
        match way {
            // Who is primary now is seen in the other rows of the opportunity.
            Way::Roles if target.primary == Some(true) && from == Entity::Contacts => {
                let fields = ["Id", own, other, "Role", "IsPrimary"];
                vec![Self::of(ROLES.into(), &fields, other).among(id).at(place)]
            }
            Way::Roles if target.primary == Some(true) => vec![roles(own, other, record).at(place)],
            Way::Roles => vec![roles(own, other, record).among(id).at(place)],
            Way::Relation => {
                let mut relation = relation(own, other, record).among(id).at(place);
                if target.primary != Some(true) {
                    return vec![relation];
                }
                relation.optional = true;
                let contact = if from == Entity::Contacts { record } else { id };
                let own = Self::of(CONTACT.into(), &["Id", ACCOUNT_ID], "Id");
                vec![own.among(contact).at(place), relation]
            }
            Way::Lookup(lookup) => {
                let holder = if lookup.on_record { record } else { id };
                vec![holders(lookup).among(holder).at(place)]
            }
        }
    }

    /// What shows all links that are held in this way.
    pub(super) fn of_all(way: &Way, from: Entity, record: &str) -> Self {
        let (own, other) = way.columns(from);
        match way {
            Way::Roles => roles(own, other, record),
            Way::Relation => relation(own, other, record),
            Way::Lookup(lookup) if lookup.on_record => holders(lookup).among(record),
            Way::Lookup(lookup) => holders(lookup).held_by(&lookup.field, record),
        }
    }

    /// What shows the contacts of an account, or the account of a contact, in an org without relations.
    pub(super) fn of_own_account(from: Entity, record: &str) -> Self {
        let query = Self::of(CONTACT.into(), &["Id", ACCOUNT_ID], "Id");
        match from {
            Entity::Contacts => query.among(record),
            _ => query.held_by(ACCOUNT_ID, record),
        }
    }

    /// Whether it asks for relations, which an org may not have.
    pub(super) fn is_of_relations(&self) -> bool {
        self.sobject == RELATION
    }

    /// The same for further places.
    pub(super) fn waited_for_by(mut self, places: impl IntoIterator<Item = usize>) -> Self {
        self.places.extend(places);
        self
    }

    /// The query's text.
    ///
    /// # Errors
    /// A refusal of a name.
    pub(super) fn soql(&self) -> Result<Soql, Refusal> {
        let fields: Vec<_> = self.fields.iter().map(AsRef::as_ref).collect();
        let mut query = Soql::select(&fields, &self.sobject);
        if let Some((field, record)) = &self.held_by {
            query = query.is(field, soql::Value::Text(record));
        }
        if !self.ids.is_empty() {
            let ids: Vec<_> = self.ids.iter().map(String::as_str).collect();
            query = query.among(self.key, &ids);
        }
        Ok(query)
    }

    /// Whether both can be one query.
    fn is_like(&self, other: &Self) -> bool {
        self.sobject == other.sobject
            && self.fields == other.fields
            && self.held_by == other.held_by
            && self.key == other.key
            && self.optional == other.optional
    }

    /// Whether it asks for all rows of the record.
    fn is_of_all(&self) -> bool {
        self.ids.is_empty() && self.held_by.is_some()
    }
}

/// A query for all of these, of as few as can be.
pub(super) fn merged(queries: impl IntoIterator<Item = Query>) -> Vec<Query> {
    let mut merged: Vec<Query> = Vec::new();
    for query in queries {
        let fits = |known: &&mut Query| {
            let has = |id: &String| known.ids.contains(id);
            let of_all = known.is_of_all() || query.is_of_all();
            let room = known.ids.len() < LARGEST || query.ids.iter().all(has);
            known.is_like(&query) && (of_all || room)
        };
        // The last one is the likely one: the others are full, or of another kind.
        match merged.iter_mut().rev().find(fits) {
            Some(known) if known.is_of_all() || query.is_of_all() => {
                known.ids.clear();
                known.places.extend(query.places);
            }
            Some(known) => {
                for id in query.ids {
                    // An id that was just added is not added again: the holder of many links is asked for once.
                    if known.ids.last() != Some(&id) {
                        known.ids.push(id);
                    }
                }
                known.places.extend(query.places);
            }
            None => merged.push(query),
        }
    }
    merged
}

fn roles(own: &'static str, other: &'static str, record: &str) -> Query {
    let fields = ["Id", other, "Role", "IsPrimary"];
    Query::of(ROLES.into(), &fields, other).held_by(own, record)
}

fn relation(own: &'static str, other: &'static str, record: &str) -> Query {
    let fields = ["Id", other, "Roles", "IsActive", "IsDirect"];
    Query::of(RELATION.into(), &fields, other).held_by(own, record)
}

fn holders(lookup: &Lookup) -> Query {
    Query::of(lookup.sobject.clone(), &["Id", &lookup.field], "Id")
}

/// The rows that were seen, by object, and by what their key column holds.
#[derive(Debug, Default)]
pub(super) struct Rows(Vec<(String, Table)>);

type Table = SortedMap<String, Vec<Row>>;

/// One row.
pub(super) type Row = Map<String, Value>;

impl Rows {
    /// The rows of an object that belong to an id.
    pub(super) fn of(&self, sobject: &str, id: &str) -> &[Row] {
        let table = self.0.iter().find(|(known, _)| known == sobject);
        let rows = table.and_then(|(_, rows)| rows.get(same(id)));
        rows.map_or(&[], Vec::as_slice)
    }

    /// All rows of an object.
    pub(super) fn all(&self, sobject: &str) -> impl Iterator<Item = &Row> {
        let tables = self.0.iter().filter(move |(known, _)| known == sobject);
        tables.flat_map(|(_, rows)| rows.values()).flatten()
    }

    /// Adds a row; one that is there gets the fields that it lacks.
    pub(super) fn add(&mut self, sobject: &str, key: &str, row: Row) {
        let place = self.0.iter().position(|(known, _)| known == sobject);
        let place = place.unwrap_or_else(|| {
            self.0.push((sobject.to_owned(), Table::new()));
            self.0.len() - 1
        });
        let Some((_, table)) = self.0.get_mut(place) else {
            return;
        };
        table.update(same(text(&row, key)).to_owned(), |rows| {
            let mut known = rows.iter_mut();
            match known.find(|known| known.get("Id") == row.get("Id")) {
                Some(known) => known.extend(row),
                None => rows.push(row),
            }
        });
    }
}

/// A text in a row, empty where there is none.
pub(super) fn text<'r>(row: &'r Row, field: &str) -> &'r str {
    row.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// One look: what is still to be asked, what was seen, and what could not be.
#[derive(Debug, Default)]
pub(super) struct Look {
    waiting: VecDeque<Ask>,
    busy: Option<Ask>,
    follow: bool,
    /// What was seen.
    pub(super) rows: Rows,
    /// What could not be seen.
    pub(super) failed: Vec<(Query, Failure)>,
    /// What the look is for.
    pub(super) places: Vec<usize>,
}

/// What one call asks.
#[derive(Debug)]
enum Ask {
    First(Vec<Query>),
    More(Query, String, usize),
}

impl Look {
    /// A look at the rows of some queries. Where `follow` says so, further pages are read; else they are a failure.
    pub(super) fn new(queries: Vec<Query>, places: Vec<usize>, follow: bool) -> Self {
        let mut waiting = VecDeque::new();
        let mut queries = queries.into_iter().peekable();
        while queries.peek().is_some() {
            waiting.push_back(Ask::First(queries.by_ref().take(MOST_QUERIES).collect()));
        }
        Self {
            waiting,
            follow,
            places,
            ..Self::default()
        }
    }

    /// The first requests, as far as they are known.
    ///
    /// # Errors
    /// A refusal of a name or the options.
    pub(super) fn requests(&self, calls: &Calls) -> Result<Vec<Request>, Refusal> {
        self.waiting.iter().map(|ask| ask.request(calls)).collect()
    }

    /// Asks for more.
    pub(super) fn ask(&mut self, query: Query) {
        self.waiting.push_back(Ask::First(vec![query]));
    }

    /// Whether nothing is left to ask.
    pub(super) fn is_done(&self) -> bool {
        self.waiting.is_empty() && self.busy.is_none()
    }

    /// Whether an answer is awaited.
    pub(super) const fn is_busy(&self) -> bool {
        self.busy.is_some()
    }

    /// The next request. `None`: all was asked.
    pub(super) fn next(&mut self, calls: &Calls) -> Option<Request> {
        loop {
            let ask = self.waiting.pop_front()?;
            match ask.request(calls) {
                Ok(request) => {
                    self.busy = Some(ask);
                    return Some(request);
                }
                Err(refusal) => {
                    let message = format!("the next request could not be built: {refusal}");
                    let sent = crate::error::Sent::No;
                    let failure = Failure::unanswered(NAME, Code::Internal, sent, message);
                    self.fail(ask, &failure);
                }
            }
        }
    }

    /// Takes what became of the last request.
    ///
    /// # Errors
    /// An answer that cannot be read: the request may be sent again.
    pub(super) fn answered(
        &mut self,
        calls: &Calls,
        answer: Result<&Response, Failure>,
    ) -> Result<(), Failure> {
        let Some(ask) = self.busy.take() else {
            return Ok(());
        };
        let response = match answer {
            Ok(response) => response,
            Err(failure) => {
                self.fail(ask, &failure);
                return Ok(());
            }
        };
        match ask {
            Ask::First(queries) => {
                let sent = match answer::object(NAME, response, Sent::read) {
                    Ok(sent) => sent,
                    Err(failure) => {
                        self.busy = Some(Ask::First(queries));
                        return Err(failure);
                    }
                };
                for (number, query) in queries.into_iter().enumerate() {
                    let part = sent.composite_response.get(number);
                    let page = part
                        .ok_or_else(|| {
                            unexpected(NAME, response, "answered fewer parts than it was asked")
                        })
                        .and_then(|part| {
                            query::read(&error::part(response, part), calls.options())
                        });
                    self.take(query, page, 0);
                }
            }
            Ask::More(query, locator, number) => match query::read(response, calls.options()) {
                Ok(page) => self.take(query, Ok(page), number),
                Err(failure) => {
                    self.busy = Some(Ask::More(query, locator, number));
                    return Err(failure);
                }
            },
        }
        Ok(())
    }

    fn take(&mut self, query: Query, page: Result<query::Page, Failure>, number: usize) {
        let page = match page {
            Ok(page) => page,
            Err(mut failure) => {
                if failure.code == Code::Unsupported && query.sobject == RELATION {
                    if query.optional {
                        return;
                    }
                    failure.message.push_str(": switch on contacts of several accounts in the org's account settings, or ask with `primary: true`");
                }
                self.failed.push((query, failure));
                return;
            }
        };
        for row in page.records {
            if let Value::Object(row) = row {
                self.rows.add(&query.sobject, query.key, row);
            }
        }
        match page.next {
            None => {}
            Some(locator) if self.follow && number < MOST_PAGES => {
                self.waiting
                    .push_front(Ask::More(query, locator, number + 1));
            }
            Some(_) => {
                let message = format!(
                    "Salesforce has more rows of {} than are read at once: ask for fewer",
                    query.sobject
                );
                let sent = crate::error::Sent::Yes;
                let failure = Failure::unanswered(NAME, Code::TooLarge, sent, message);
                self.failed.push((query, failure));
            }
        }
    }

    fn fail(&mut self, ask: Ask, failure: &Failure) {
        let queries = match ask {
            Ask::First(queries) => queries,
            Ask::More(query, ..) => vec![query],
        };
        let failed = queries.into_iter().map(|query| (query, failure.clone()));
        self.failed.extend(failed);
    }
}

impl Ask {
    fn request(&self, calls: &Calls) -> Result<Request, Refusal> {
        match self {
            Self::First(queries) => calls.read(queries),
            Self::More(_, locator, _) => calls.more(locator),
        }
    }
}
