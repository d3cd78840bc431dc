//! What an operation does at one vendor, step by step, without sending anything itself.

use crate::endpoint::Repeat;
use crate::error::Failure;
use crate::http::{Request, Response};
use crate::unified::plan::Plan;
use crate::unified::receipt::Receipt;

/// One operation at one vendor. [`crate::flow::Flow`] drives it: it sends, waits and repeats, the script decides what.
pub trait Script {
    /// What would be sent, its price, and what becomes of each field. It changes nothing.
    fn plan(&self) -> Plan;

    /// The next request that can be sent now. `None`: an answer is needed first, or nothing is left to do.
    fn next(&mut self) -> Option<Call>;

    /// Takes what became of the call with this tag.
    ///
    /// # Errors
    /// A success that cannot be read, a truncated body for instance. Nothing of it was noted: the same call may be made
    /// again, and what becomes of it in the end comes here. A failure is always taken.
    fn answered(&mut self, tag: usize, answer: Result<&Response, Failure>) -> Result<(), Failure>;

    /// What is now true; called when nothing is left to send and nothing is outstanding.
    fn receipt(&mut self) -> Receipt;
}

/// A request that a script wants sent.
#[derive(Debug)]
pub struct Call {
    /// The script's own name for it.
    pub tag: usize,
    /// What to send. The token is added by whoever drives.
    pub request: Request,
    /// What sending it twice does.
    pub repeat: Repeat,
    /// Tells a success from a failure; what a success says is the script's to read.
    pub check: fn(&Response) -> Result<(), Failure>,
}
