//! One test per behaviour that a caller could rely on, or stumble over.
