//! The framework, as those who use it see it.

#![expect(clippy::unused_async, reason = "functions of both kinds are served")]

mod arguments;
mod asking;
mod examples;
mod extracting;
mod methods;
mod prompts;
mod protecting;
mod replies;
mod resources;
mod servers;
mod ui;
