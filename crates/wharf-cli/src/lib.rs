//! The one binary: wharf.
