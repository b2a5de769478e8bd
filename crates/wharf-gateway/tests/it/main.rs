//! The gateway from outside: real documents, real sockets, a company and a few upstreams that
//! misbehave.

#![expect(
    unreachable_pub,
    clippy::unwrap_used,
    reason = "one binary of tests: its modules share what is public, and a panic fails a test"
)]

mod audit;
mod calls;
mod credentials;
mod egress;
mod failures;
mod harness;
mod lists;
mod reload;
mod scripted;
