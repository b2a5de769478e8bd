//! Bytes to messages and back: stdio and Streamable HTTP, both eras of MCP.
//!
//! A transport brings requests to a [`Handler`](wharf_protocol::port::Handler) and takes its answers
//! away. What is legal in which revision, how a result is finished for its reader, what a session
//! remembers: that is decided here once, for every transport.
//!
//! In reading order: the two servers ([`stdio`], [`http`]); what they share: from request to reply
//! (`dispatch`, `subscription`), the reply as text (`answer`), what is read of a request before its
//! handler reads it (`outline`), who is at the other end (`caller`, `session`, `calls`, `running`, `pipe`,
//! `sender`),
//! what belongs to whom ([`owner`]), what clients carry for us ([`seal`]) and come back for
//! ([`tasks`]), and the way out (`mailbox`, `line`, `sse`).

pub mod http;
pub mod stdio;

pub mod client;

pub mod oauth;
pub mod outbound;

mod dispatch;
mod lawful;
mod subscription;

mod answer;
mod outline;

pub mod owner;
pub mod seal;
pub mod tasks;

mod caller;
mod calls;
mod pipe;
mod running;
mod sender;
mod session;

mod line;
mod mailbox;
mod sse;

#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
