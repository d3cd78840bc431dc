//! crmlink: links and upserts CRM records.
pub mod http;
#[cfg(feature = "twin")]
pub mod twin;
