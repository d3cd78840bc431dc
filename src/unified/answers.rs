//! The vendor's answers, untouched, as receipts carry them.

use crate::endpoint::Options;
use crate::http::Response;
use crate::json::Raw;

/// The answers of an operation. Where the caller does without them, none is held: they would be the largest part of it.
#[derive(Debug)]
pub struct Answers {
    kept: Vec<Raw>,
    ignored: bool,
}

impl Answers {
    /// No answers yet.
    #[must_use]
    pub const fn new(options: &Options) -> Self {
        Self {
            kept: Vec::new(),
            ignored: options.ignore_remote_data,
        }
    }

    /// Keeps an answer, if it is JSON.
    pub fn keep(&mut self, response: &Response) {
        if !self.ignored {
            self.kept.extend(Raw::new(response.body.clone()));
        }
    }

    /// One answer as it came, several as a list.
    #[must_use]
    pub fn take(&mut self) -> Option<Raw> {
        let mut kept = std::mem::take(&mut self.kept);
        if kept.len() > 1 {
            Raw::list(&kept)
        } else {
            kept.pop()
        }
    }
}
