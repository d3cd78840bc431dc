//! Partner clients: records that HubSpot's partners read, update and associate, but neither create nor delete.

pub mod associate;
pub mod disassociate;
