//! Why a request is not served as asked: the core's report, and what HTTP adds to it.

use crmlink::error::{Code, Error, Failure, Refusal, Report, Sent};

/// An error on its way to the caller; `problem` gives it the shape that the caller expects.
pub(crate) struct Fault {
    /// The status, where HTTP has one of its own for it; else the one of the report's code.
    pub(crate) status: Option<u16>,
    /// What went wrong and what to do.
    pub(crate) report: Report,
    /// What became of each part, where some were tried: a JSON object, whose fields stand beside the problem's.
    pub(crate) beside: String,
    /// The routes that there are, where none was found.
    pub(crate) routes: Vec<String>,
    /// Headers that belong to the status.
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Fault {
    /// An error of HTTP, of the request's shape or of the caller's right to make it.
    pub(crate) fn http(status: u16, code: Code, message: impl Into<String>) -> Self {
        let refusal = Refusal {
            code,
            ..Refusal::input("", message)
        };
        Self {
            status: Some(status),
            ..Self::from(refusal)
        }
    }

    /// The caller is not known.
    pub(crate) fn unauthenticated(message: &str) -> Self {
        Self {
            headers: vec![("www-authenticate", "Bearer realm=\"crmlink\"".to_owned())],
            ..Self::http(401, Code::Unauthenticated, message)
        }
    }

    /// There is an account of that id already.
    pub(crate) fn taken() -> Self {
        let message = "there is an account of this id already: choose another, or change that one";
        Self::http(409, Code::AlreadyExists, message)
    }

    /// No answer, or none that may be passed on.
    pub(crate) fn unanswered(vendor: &'static str, code: Code, sent: Sent, message: &str) -> Self {
        Report::from(&Failure::unanswered(vendor, code, sent, message)).into()
    }
}

impl From<Report> for Fault {
    fn from(report: Report) -> Self {
        Self {
            status: None,
            report,
            beside: String::new(),
            routes: Vec::new(),
            headers: Vec::new(),
        }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Report::from(&refusal).into()
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Report::from(&error).into()
    }
}
