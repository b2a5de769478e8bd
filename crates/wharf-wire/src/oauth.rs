//! OAuth 2.1 on both sides: signing in at servers that ask for it, and checking those who come.
//!
//! In reading order: [`client`] gets tokens and shows them, [`resource`] checks them. Both stand on
//! the same words: what a metadata document says ([`metadata`], found by `discovery`), how a server
//! asks for a token ([`challenge`]), what a token allows ([`scope`]), how it is signed ([`jose`]).
//! Every address that somebody else named is an [`endpoint`] and is fetched under egress rules.

pub mod client;
pub mod resource;

pub mod challenge;
pub mod endpoint;
pub mod jose;
pub mod metadata;
pub mod scope;

pub mod clock;
pub mod secret;

mod discovery;
mod fetch;
mod random;

pub use self::discovery::DiscoveryError;
pub use self::fetch::FetchError;
