//! The real binary, from outside: what people and scripts see of it.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod legacy;
mod mcp;
mod running;
mod sandbox;
mod scripted;

mod asking;
mod audit;
mod call;
mod check;
mod client;
mod config;
mod demo;
mod reload;
mod secrets;
mod serve;
mod sign_in;
mod tools;
