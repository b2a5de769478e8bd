//! The framework, as those who use it see it.

mod arguments;
mod asking;
mod extracting;
mod methods;
mod prompts;
mod replies;
mod resources;
mod servers;
