//! Streamable HTTP: one endpoint that serves both eras.
//!
//! [`Service`] is a `tower` service for any body, so it mounts in any router; [`serve`] puts it, or
//! that router, on a socket, with the limits that a socket on a network needs.
//!
//! In reading order: what the operator decides ([`Settings`], [`Limits`], [`Hosts`], [`Origins`]);
//! the way in (`service`: `access`, `terms`, `intake`, `mirror`, `sender`); the two eras (`modern`, `legacy`
//! with its `sessions`, and the older `pair`); the way out
//! (`respond`, `events`, `resumable` with its `reading`, `replay` and `streams`, [`Body`], `refusal`); and the socket
//! (`server`, behind `guard` with its `framing` and `patience`).

mod limits;
mod settings;

mod access;
mod intake;
mod mirror;
mod sender;
mod service;
mod terms;

mod legacy;
mod modern;
mod pair;
mod sessions;
#[cfg(feature = "websocket")]
mod websocket;

mod body;
mod events;
mod reading;
mod refusal;
mod replay;
mod respond;
mod resumable;
mod streams;

mod framing;
mod guard;
mod patience;
mod server;

#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;

pub use access::{BadHost, BadOrigin, Hosts, Origins};
pub use body::Body;
pub use limits::Limits;
pub use pair::Pair;
pub use sender::Principal;
pub use server::{PeerAddress, serve};
pub use service::Service;
pub use settings::Settings;
#[cfg(feature = "websocket")]
pub use websocket::WebSocket;
