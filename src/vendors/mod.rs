//! The one place that knows all vendors.

mod failure;
pub mod hubspot;
pub mod leadconnector;
pub mod salesforce;
pub mod truto;

use serde::Serialize;

use crate::endpoint::{Entry, Options};
use crate::error::{Error, Refusal};
use crate::read;
use crate::script::Script;
use crate::unified::association::Association;
use crate::unified::capability::Capability;

/// A CRM vendor.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Vendor {
    /// HubSpot.
    Hubspot,
    /// LeadConnector: HighLevel and its white labels.
    Leadconnector,
    /// Salesforce.
    Salesforce,
    /// Truto.
    Truto,
}

/// The operations of the unified vocabulary.
pub const OPERATIONS: &[&str] = &["associations.create"];

impl Vendor {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Hubspot,
        Self::Leadconnector,
        Self::Salesforce,
        Self::Truto,
    ];

    /// The vendor's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hubspot => hubspot::NAME,
            Self::Leadconnector => leadconnector::NAME,
            Self::Salesforce => salesforce::NAME,
            Self::Truto => truto::NAME,
        }
    }

    /// The vendor of a name.
    ///
    /// # Errors
    /// `invalid_input` with the names that there are.
    pub fn parse(name: &str) -> Result<Self, Refusal> {
        let found = Self::ALL.into_iter().find(|vendor| vendor.as_str() == name);
        found.ok_or_else(|| {
            let known = Self::ALL.map(Self::as_str).join(", ");
            Refusal::input("vendor", format!("expected one of {known}, got `{name}`"))
        })
    }

    /// The vendor's endpoints.
    #[must_use]
    pub const fn endpoints(self) -> &'static [Entry] {
        match self {
            Self::Hubspot => hubspot::ENDPOINTS,
            Self::Leadconnector => leadconnector::ENDPOINTS,
            Self::Salesforce => salesforce::ENDPOINTS,
            Self::Truto => truto::ENDPOINTS,
        }
    }

    /// What the vendor can link.
    #[must_use]
    pub const fn capability(self) -> &'static Capability {
        match self {
            Self::Hubspot => &hubspot::associate::CAPABILITY,
            Self::Leadconnector => &leadconnector::associate::CAPABILITY,
            Self::Salesforce => &salesforce::associate::CAPABILITY,
            Self::Truto => &truto::associate::CAPABILITY,
        }
    }
}

/// The endpoint of a name such as `hubspot.associations.createDefault`.
///
/// # Errors
/// `invalid_input` with the names that there are.
pub fn endpoint(name: &str) -> Result<&'static Entry, Refusal> {
    let all = || Vendor::ALL.into_iter().flat_map(Vendor::endpoints);
    all().find(|entry| entry.facts.name == name).ok_or_else(|| {
        let known: Vec<_> = all().map(|entry| entry.facts.name).collect();
        let message = format!("expected one of {}, got `{name}`", known.join(", "));
        Refusal::input("endpoint", message)
    })
}

/// What an operation does at a vendor, from its input as JSON text.
///
/// # Errors
/// A refusal of the operation, the input or the options.
pub fn script<'a>(
    vendor: Vendor,
    operation: &str,
    input: &'a str,
    options: &Options,
) -> Result<Box<dyn Script + 'a>, Error> {
    if operation != "associations.create" {
        let message = format!(
            "expected one of {}, got `{operation}`",
            OPERATIONS.join(", ")
        );
        return Err(Refusal::input("operation", message).into());
    }
    Ok(associate(vendor, read::read(input)?, options)?)
}

/// What `associations.create` does at a vendor.
///
/// # Errors
/// A refusal of the input or the options.
pub fn associate<'a>(
    vendor: Vendor,
    association: Association<'a>,
    options: &Options,
) -> Result<Box<dyn Script + 'a>, Refusal> {
    Ok(match vendor {
        Vendor::Hubspot => Box::new(hubspot::associate::Associate::new(association, options)?),
        Vendor::Leadconnector => Box::new(leadconnector::associate::Associate::new(
            association,
            options,
        )?),
        Vendor::Salesforce => {
            Box::new(salesforce::associate::Associate::new(association, options)?)
        }
        Vendor::Truto => Box::new(truto::associate::Associate::new(association, options)?),
    })
}
