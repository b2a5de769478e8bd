//! The gateway from outside: real documents, real sockets, a company and a few upstreams that
//! misbehave.

#![expect(
    unreachable_pub,
    reason = "one binary: what its modules share is public to it alone"
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
