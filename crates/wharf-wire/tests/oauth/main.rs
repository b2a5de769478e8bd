//! What OAuth does on both sides, against servers that follow a script.
//!
//! Tests that hold a rule of the specification name its row in the project's list: A is the resource
//! server, D the client, F the extensions; tests that try a bad input name its number.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a panic is how a test fails, a line how it says that it was skipped"
)]

mod clock;
mod provider;
mod scripted;
mod visitor;

mod discovery;
mod egress;
mod lifetime;
mod loopback;
mod machine;
mod proof;
mod registration;
mod scopes;
mod sign_in;
mod store;

mod access;
mod announcement;
mod bound;
mod issuer;
mod keys;
mod opaque;
mod signed;

mod jose;

mod circle;
