//! A look at the rows that hold links: composite calls of up to five queries each, and the further pages of their answers.

use std::collections::VecDeque;

use serde_json::Value;

use super::calls::Calls;
use super::queries::Query;
use super::rows::Rows;
use crate::answer;
use crate::endpoint::unexpected;
use crate::error::{Code, Failure, Refusal, Sent};
use crate::http::{Request, Response};
use crate::vendors::salesforce::composite::send::{MOST_QUERIES, Sent as Answers};
use crate::vendors::salesforce::ways::RELATION;
use crate::vendors::salesforce::{NAME, error, query};

/// How many further pages of one query are read: with the first, up to 12,000 rows.
pub(in crate::vendors::salesforce) const MOST_PAGES: usize = 5;

/// One look: what is still to be asked, what was seen, and what could not be.
#[derive(Debug, Default)]
pub(in crate::vendors::salesforce) struct Look {
    waiting: VecDeque<Ask>,
    busy: Option<Ask>,
    follow: bool,
    /// What was seen.
    pub(in crate::vendors::salesforce) rows: Rows,
    /// What could not be seen.
    pub(in crate::vendors::salesforce) failed: Vec<(Query, Failure)>,
    /// What the look is for.
    pub(in crate::vendors::salesforce) places: Vec<usize>,
}

/// What one call asks.
#[derive(Debug)]
enum Ask {
    First(Vec<Query>),
    More(Query, String, usize),
}

impl Look {
    /// A look at the rows of some queries. Where `follow` says so, further pages are read; else they are a failure.
    pub(in crate::vendors::salesforce) fn new(
        queries: Vec<Query>,
        places: Vec<usize>,
        follow: bool,
    ) -> Self {
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
    pub(in crate::vendors::salesforce) fn requests(
        &self,
        calls: &Calls,
    ) -> Result<Vec<Request>, Refusal> {
        self.waiting.iter().map(|ask| ask.request(calls)).collect()
    }

    /// Asks for more.
    pub(in crate::vendors::salesforce) fn ask(&mut self, query: Query) {
        self.waiting.push_back(Ask::First(vec![query]));
    }

    /// Whether nothing is left to ask.
    pub(in crate::vendors::salesforce) fn is_done(&self) -> bool {
        self.waiting.is_empty() && self.busy.is_none()
    }

    /// Whether an answer is awaited.
    pub(in crate::vendors::salesforce) const fn is_busy(&self) -> bool {
        self.busy.is_some()
    }

    /// The next request. `None`: all was asked.
    pub(in crate::vendors::salesforce) fn next(&mut self, calls: &Calls) -> Option<Request> {
        loop {
            let ask = self.waiting.pop_front()?;
            match ask.request(calls) {
                Ok(request) => {
                    self.busy = Some(ask);
                    return Some(request);
                }
                Err(refusal) => {
                    let message = format!("the next request could not be built: {refusal}");
                    let sent = Sent::No;
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
    pub(in crate::vendors::salesforce) fn answered(
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
                let sent = match answer::object(NAME, response, Answers::read) {
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
                let sent = Sent::Yes;
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
