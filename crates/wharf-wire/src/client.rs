//! The client: asks servers of either era, at a URL or behind a command.

mod authorize;

pub use authorize::{AuthorizeError, Authorizer, Challenge, OutgoingFacts, Verdict};
