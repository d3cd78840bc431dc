//! What vendors say when they refuse, and what that means: one table a vendor, matched by `vendors` and printed in the docs.

use crate::error::{Code, Reason};

/// What is known of one vendor's errors.
#[derive(Debug)]
pub struct Atlas {
    /// What the vendor says. The first row that fits an answer counts; where none does, its status says what it means.
    pub rows: &'static [Row],
    /// The pages that the rows come from, by their [`Row::source`].
    pub sources: &'static [&'static str],
    /// Where in an answer the field at fault stands.
    pub path: &'static str,
    /// Where the scopes stand that a token lacks.
    pub scopes: &'static str,
    /// Where the id stands of the record that is there already.
    pub existing: &'static str,
}

/// One thing that a vendor says, and what it means.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The HTTP status that it is said with, where other statuses give it another meaning.
    pub status: Option<u16>,
    /// How it is told from the rest.
    pub key: Key,
    /// What went wrong.
    pub code: Code,
    /// The same more precisely.
    pub reason: Option<Reason>,
    /// Whether the same request may succeed later.
    pub retryable: bool,
    /// When to try again, in milliseconds, where the answer does not say: as the vendor's documentation has it, or
    /// [`NEXT_LOOK`].
    pub wait: Option<u32>,
    /// Whether it says that the token is over, so that a new one may do.
    pub renews: bool,
    /// What to do; empty where the code alone says it.
    pub remedy: &'static str,
    /// The place of its page in [`Atlas::sources`]: a number, so that no program carries the pages with it.
    pub source: u8,
}

/// How an answer is told from others.
#[derive(Clone, Copy, Debug)]
pub enum Key {
    /// By one of these codes, a space between them, in a place where the vendor puts codes.
    Code(&'static str),
    /// By one of these phrases, a `|` between them, anywhere in its message. They are in lower case, the message need not.
    Words(&'static str),
    /// By a header that counts what is left and has come to nothing.
    Spent(&'static str),
    /// By the status alone.
    Status,
}

/// When to look again whether a day's calls are there again, in milliseconds. No vendor says when they will be. A quarter of an
/// hour is ours: a few calls a day in vain, and days end at one in every time zone.
pub const NEXT_LOOK: u32 = 15 * 60 * 1_000;

impl Row {
    /// An answer with one of these codes.
    #[must_use]
    pub const fn code(codes: &'static str) -> Self {
        Self::of(None, Key::Code(codes))
    }

    /// An answer with one of these phrases.
    #[must_use]
    pub const fn words(phrases: &'static str) -> Self {
        Self::of(None, Key::Words(phrases))
    }

    /// An answer with this header at nothing.
    #[must_use]
    pub const fn spent(header: &'static str) -> Self {
        Self::of(None, Key::Spent(header))
    }

    /// An answer with this status, whatever it says.
    #[must_use]
    pub const fn status(status: u16) -> Self {
        Self::of(Some(status), Key::Status)
    }

    /// What a status means where the vendor says nothing more precise. A 2xx can hold errors of single records.
    #[must_use]
    pub const fn plain(status: u16) -> Self {
        let code = match status {
            200..=299 => Code::VendorValidation,
            401 => Code::Unauthenticated,
            403 => Code::Forbidden,
            404 | 410 => Code::NotFound,
            408 => Code::Timeout,
            409 | 412 => Code::Conflict,
            413 => Code::TooLarge,
            429 => Code::RateLimited,
            400..=499 => Code::VendorValidation,
            500..=599 => Code::VendorUnavailable,
            _ => Code::UnexpectedResponse,
        };
        let row = Self::status(status).means(code, "", 0);
        match code {
            Code::Timeout => row.retryable(true),
            _ => row,
        }
    }

    const fn of(status: Option<u16>, key: Key) -> Self {
        Self {
            status,
            key,
            code: Code::VendorValidation,
            reason: None,
            retryable: false,
            wait: None,
            renews: false,
            remedy: "",
            source: 0,
        }
    }

    /// The same, with this status only.
    #[must_use]
    pub const fn at(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// What it means, what to do, and where that is written.
    #[must_use]
    pub const fn means(mut self, code: Code, remedy: &'static str, source: u8) -> Self {
        self.code = code;
        self.retryable = matches!(code, Code::RateLimited | Code::VendorUnavailable);
        self.remedy = remedy;
        self.source = source;
        self
    }

    /// What it means more precisely.
    #[must_use]
    pub const fn because(mut self, reason: Reason) -> Self {
        self.reason = Some(reason);
        self
    }

    /// Whether the same request may succeed later, where the code would say otherwise.
    #[must_use]
    pub const fn retryable(mut self, retryable: bool) -> Self {
        self.retryable = retryable;
        self
    }

    /// How long to wait where the answer does not say.
    #[must_use]
    pub const fn wait(mut self, millis: u32) -> Self {
        self.wait = Some(millis);
        self
    }

    /// It says that the token is over, so that a new one may do.
    #[must_use]
    pub const fn renews(mut self) -> Self {
        self.renews = true;
        self
    }

    /// What to do: the row's own remedy, else that of its code, which may be none.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        if !self.remedy.is_empty() {
            return self.remedy;
        }
        match self.code {
            Code::Unauthenticated => "pass a token that is valid now",
            Code::Forbidden => "give the token the scopes or the access that the vendor asks for",
            Code::RateLimited => "wait, then try again",
            Code::QuotaExhausted => "wait until the vendor's allowance is renewed",
            Code::VendorUnavailable => "the vendor's side failed: try again later",
            _ => "",
        }
    }

    /// Each code or phrase that leads here; one empty text for a row that looks at neither.
    pub fn spellings(&self) -> impl Iterator<Item = &'static str> {
        let (texts, between) = match self.key {
            Key::Code(codes) => (codes, ' '),
            Key::Words(phrases) => (phrases, '|'),
            Key::Spent(_) | Key::Status => ("", ' '),
        };
        texts.split(between)
    }
}
