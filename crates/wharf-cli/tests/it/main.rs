//! The real binary, from outside: what people and scripts see of it.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod mcp;
mod running;
mod sandbox;

mod audit;
mod call;
mod check;
mod config;
mod demo;
mod reload;
mod secrets;
mod serve;
mod tools;
