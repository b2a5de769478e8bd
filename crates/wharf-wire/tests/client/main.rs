//! What the client does: with servers as they should be, and with those that are not.
//!
//! Tests that try a bad server name its row in the project's list (G, upstream), and those of a rule
//! of the specification the rule (B6, B7, C3…).

mod listener;
mod peer;
mod pipe;

mod authorization;
mod caching;
mod changes;
mod channel;
mod eras;
mod headers;
mod hostile;
mod legacy;
mod pair;
mod process;
mod real;
mod rounds;
