//! What the servers of this crate do on a pipe and on a socket.
//!
//! Tests that try a bad input name its row in the project's list: A is HTTP framing, B bodies and
//! JSON, C the headers of MCP.

mod double;
mod server;

mod stdio;

mod access;
mod bodies;
mod connections;
mod framing;
mod headers;
mod legacy;
mod modern;
mod mounted;

mod pair;
mod resuming;
mod rounds;
mod states;
mod tasks;
#[cfg(feature = "websocket")]
mod websocket;
