//! An API document becomes tools, call plans and diagnostics. Pure: no I/O, no clock.
//!
//! `bytes → load → tree → document → operation → tool`: [`compile`] reads a document once and keeps
//! an index; [`Compiled::tool`] renders one tool from it. A [`plan`] is the request that a call of a
//! tool would send, and an [`answer`] is what a model reads of the response.

mod load;
mod pointer;
mod position;
mod tree;

mod dialect;
mod document;
mod media;
mod reference;
mod template;

mod argument;
mod body;
mod effect;
mod name;
pub mod operation;
mod parameter;
mod prose;
mod response;
mod schema;
mod security;
mod server;

mod compile;
mod compiled;
mod diagnostic;
mod index;
mod input;
mod settings;
mod tool;

pub mod answer;
pub mod plan;

pub use compile::{Source, compile};
pub use compiled::{Compiled, Entry};
pub use diagnostic::{Diagnostic, Severity};
pub use dialect::Dialect;
pub use effect::Effect;
pub use load::Limits;
pub use settings::Settings;
pub use tool::RenderedTool;
