//! Checking those who come: the resource server's side (MCP, token handling; RFC 6750, RFC 9449).
//!
//! In reading order: the port that an HTTP service calls (`verifier`) and what implements it
//! (`server`); what a token says and whether it counts (`claims`), against the keys of its issuer
//! (`issuer`, `keys`) or its issuer's own word (`introspection`); the proof that goes with a bound
//! token (`proof`, `replay`); and what a server says of itself and of a refusal (`announcement`,
//! `rejection`).

mod announcement;
mod claims;
mod credential;
mod introspection;
mod issuer;
mod keys;
mod proof;
mod rejection;
mod replay;
mod server;
mod verifier;

pub use self::announcement::Announcement;
pub use self::claims::TokenTypes;
pub use self::introspection::{Introspection, IntrospectionSettings};
pub use self::issuer::{Issuer, IssuerSettings};
pub use self::keys::KeyLocation;
pub use self::proof::ProofPolicy;
pub use self::rejection::{Reason, Rejection};
pub use self::server::{BadResource, ResourceServer, Settings};
pub use self::verifier::{Caller, Presented, Verifier};
