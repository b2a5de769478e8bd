//! The client: asks servers of either era, at a URL or behind a command.
//!
//! [`connect`] takes a [`Target`] and [`ClientSettings`] and gives a [`Client`], which is a
//! [`Peer`](wharf_protocol::port::Peer) that knows its server ([`Learnt`]). Parameters and results
//! pass through as they were written, methods and fields that nobody here has heard of included.
//!
//! In reading order: what its owner decides (`target`, `settings`, `authorize`, `asking`); making a
//! connection (`connect`, `handshake`, `learnt`); the way of a request (`connection`, `line_out`,
//! `params`, `clock`, `hearing`, `rounds`, `listing`, `watch`); what is remembered (`cache`,
//! `mirrored`, `reception`); and the transports (`transport`; `http` with
//! `sentinel` and `event_parser`; `stdio`; `channel` and `answering`, which both use).

mod asking;
mod authorize;
mod settings;
mod target;

mod connect;
mod handshake;
mod learnt;

mod clock;
mod connection;
mod error;
mod hearing;
mod line_out;
mod listing;
mod params;
mod rounds;
mod watch;

mod cache;
mod mirrored;
mod reception;

mod answering;
mod channel;
mod event_parser;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod http;
mod sentinel;
mod stdio;
mod transport;

pub use asking::{Asking, Freshness, Questions};
pub use authorize::{AuthorizeError, Authorizer, Challenge, OutgoingFacts, Verdict};
pub use connect::connect;
pub use connection::Client;
pub use error::{AskError, ConnectError};
pub use learnt::Learnt;
pub use settings::{Changes, ClientSettings, Limits, Speaks};
pub use stdio::StartError;
pub use target::{Command, Target};
