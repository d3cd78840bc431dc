//! The one place that knows all vendors.
//!
//! Each is a Cargo feature of its name. A build without one knows its name, and refuses to work with it.

mod failure;
#[cfg(feature = "hubspot")]
pub mod hubspot;
#[cfg(feature = "leadconnector")]
pub mod leadconnector;
pub mod oauth;
#[cfg(feature = "salesforce")]
pub mod salesforce;
#[cfg(feature = "truto")]
pub mod truto;

use serde::Serialize;

use crate::atlas::Atlas;
use crate::endpoint::{Entry, Options};
use crate::error::Refusal;
use crate::script::Script;
use crate::unified::capability::Capability;
use crate::unified::input::Input;

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

/// What is said of a vendor's module, under the name that it is given here; the last where this build lacks it.
macro_rules! with {
    ($vendor:expr, $module:ident => $then:expr, $none:expr) => {
        match $vendor {
            #[cfg(feature = "hubspot")]
            Vendor::Hubspot => {
                use hubspot as $module;
                $then
            }
            #[cfg(feature = "leadconnector")]
            Vendor::Leadconnector => {
                use leadconnector as $module;
                $then
            }
            #[cfg(feature = "salesforce")]
            Vendor::Salesforce => {
                use salesforce as $module;
                $then
            }
            #[cfg(feature = "truto")]
            Vendor::Truto => {
                use truto as $module;
                $then
            }
            #[cfg(not(all(
                feature = "hubspot",
                feature = "leadconnector",
                feature = "salesforce",
                feature = "truto"
            )))]
            _ => $none,
        }
    };
}

impl Vendor {
    /// All of them, those that this build lacks too.
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
            Self::Hubspot => "hubspot",
            Self::Leadconnector => "leadconnector",
            Self::Salesforce => "salesforce",
            Self::Truto => "truto",
        }
    }

    /// The vendor of a name.
    ///
    /// # Errors
    /// `invalid_input` with the names that there are, also for a vendor that this build lacks.
    pub fn parse(name: &str) -> Result<Self, Refusal> {
        match Self::ALL.into_iter().find(|vendor| vendor.as_str() == name) {
            Some(vendor) if vendor.is_here() => Ok(vendor),
            Some(vendor) => Err(vendor.lacking()),
            None => {
                let known: Vec<_> = Self::here().map(Self::as_str).collect();
                let message = format!("expected one of {}, got `{name}`", known.join(", "));
                Err(Refusal::input("vendor", message))
            }
        }
    }

    /// Those that this build has.
    pub fn here() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|vendor| vendor.is_here())
    }

    /// Whether this build has it.
    const fn is_here(self) -> bool {
        self.capability().is_some()
    }

    /// The vendor's endpoints; none where this build lacks it.
    #[must_use]
    pub const fn endpoints(self) -> &'static [Entry] {
        with!(self, vendor => vendor::ENDPOINTS, &[])
    }

    /// What the vendor says when it refuses, and what that means; `None` where this build lacks it.
    #[must_use]
    pub const fn atlas(self) -> Option<&'static Atlas> {
        with!(self, vendor => Some(&vendor::atlas::ATLAS), None)
    }

    /// What works at the vendor; `None` where this build lacks it.
    #[must_use]
    pub const fn capability(self) -> Option<&'static Capability> {
        with!(self, vendor => Some(&vendor::capability::CAPABILITY), None)
    }

    /// How an account's token is had and renewed; `None` where the vendor has no OAuth, and where this build lacks it.
    #[must_use]
    pub const fn oauth(self) -> Option<&'static oauth::OAuth> {
        match self {
            #[cfg(feature = "hubspot")]
            Self::Hubspot => Some(&hubspot::oauth::OAUTH),
            #[cfg(feature = "leadconnector")]
            Self::Leadconnector => Some(&leadconnector::oauth::OAUTH),
            #[cfg(feature = "salesforce")]
            Self::Salesforce => Some(&salesforce::oauth::OAUTH),
            _ => None,
        }
    }

    /// The origin that an account's credentials or an answer name, if a token may go there: of the vendors whose accounts have
    /// hosts of their own.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn account_origin(
        self,
        given: &str,
        configured: Option<&str>,
    ) -> Result<String, &'static str> {
        match self {
            #[cfg(feature = "salesforce")]
            Self::Salesforce => salesforce::host::origin(given, configured),
            _ => Err("its accounts have no host of their own"),
        }
    }

    /// The refusal of a vendor that this build lacks.
    fn lacking(self) -> Refusal {
        let name = self.as_str();
        let message = format!(
            "{name} is not in this build: import `crmlink`, which has all vendors, or the entry of {name} (in Rust, its feature)"
        );
        Refusal::input("vendor", message)
    }
}

/// The endpoint of a name such as `hubspot.associations.createDefault`.
///
/// # Errors
/// `invalid_input` with the names that there are.
pub fn endpoint(name: &str) -> Result<&'static Entry, Refusal> {
    let all = || Vendor::ALL.into_iter().flat_map(Vendor::endpoints);
    all().find(|entry| entry.facts.name == name).ok_or_else(|| {
        let vendor = name.split('.').next().unwrap_or_default();
        let mut vendors = Vendor::ALL.into_iter();
        if let Some(lacking) = vendors.find(|known| known.as_str() == vendor && !known.is_here()) {
            return lacking.lacking();
        }
        let known: Vec<_> = all().map(|entry| entry.facts.name).collect();
        let message = format!("expected one of {}, got `{name}`", known.join(", "));
        Refusal::input("endpoint", message)
    })
}

/// What an operation does at a vendor.
///
/// # Errors
/// A refusal of the operation, the input or the options.
pub fn script<'a>(
    vendor: Vendor,
    input: Input<'a>,
    options: &Options,
) -> Result<Box<dyn Script + 'a>, Refusal> {
    if let Some(capability) = vendor.capability() {
        input.check(capability)?;
    }
    with!(
        vendor,
        vendor => vendor::script(input, options),
        Err(vendor.lacking())
    )
}
