//! Truto: what is known of it. Its unified CRM endpoint is the one that crmlink's own unified routes speak like.
//!
//! Sources: the founding page, and Truto's documentation as the fact sheets of this project quote it.

pub mod associate;
pub mod associations;
pub mod atlas;
pub mod capability;
mod error;

use crate::endpoint::{Entry, Options, entry};
use crate::error::Refusal;
use crate::script::Script;
use crate::unified::input::Input;
use crate::unified::operation::Verb;

/// The vendor's name.
pub const NAME: &str = "truto";

/// Where it is served.
pub const ORIGIN: &str = "https://api.truto.one";

/// The endpoints that callers can name.
pub const ENDPOINTS: &[Entry] = &[entry!(associations::create::Create)];

/// What an operation does here.
///
/// # Errors
/// A refusal of the operation, the input or the options.
pub fn script<'a>(input: Input<'a>, options: &Options) -> Result<Box<dyn Script + 'a>, Refusal> {
    match input {
        Input::Links(Verb::Create, association) => {
            Ok(Box::new(associate::Associate::new(association, options)?))
        }
        other => Err(other.unsupported(NAME)),
    }
}
