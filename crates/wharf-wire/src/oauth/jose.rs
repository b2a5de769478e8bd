//! Signed tokens: read, checked and written. Signatures are ring's; only the serialisation is ours.
//!
//! The well-kept crate for that, jsonwebtoken, has given up ring: it would bring a second TLS stack's
//! cryptography, or an RSA whose timing tells its key; and its checks of claims, which are lenient by
//! default, would all have to be done again.
//!
//! Asymmetric algorithms only: there is no variant for `none` or for a shared secret, so no token
//! can ask for one. A key decides which algorithms it is for; the header of a token only picks one
//! of those. Keys that a header carries or points to (`jwk`, `jku`, `x5u`) are never looked at, but
//! for the one kind of token that is about its key, the DPoP proof.

mod algorithm;
mod compact;
mod jwk;
mod signing;

pub use self::algorithm::Algorithm;
pub use self::compact::{Compact, Header, Malformed};
pub use self::jwk::{Jwk, PublicKey, UnusableKey};
pub use self::signing::{BadKey, SigningKey};
