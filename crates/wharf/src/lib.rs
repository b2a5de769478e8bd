//! MCP tools from functions: described, validated and served in both eras of the protocol.
//!
#![doc = include_str!("docs/guide.md")]
#![warn(missing_docs)]

pub use schemars::JsonSchema;
/// Makes a [`Prompt`] of a function.
///
/// Keys: `name`, `title`, `icons("…")`, `crate = path`. An argument takes `#[arg(default = …)]` and
/// `#[arg(complete = function)]`; `Option` may be left out. A client sends texts, so a type must
/// implement `FromStr`.
pub use wharf_macros::prompt;
/// Makes a [`Resource`] of a function, or a template of resources where the URI has variables, each
/// of which is an argument.
///
/// The URI comes first; then `name`, `title`, `mime = "…"`, `icons("…")`, `crate = path`. An argument
/// takes `#[arg(complete = function)]`, and its type must implement `FromStr`.
pub use wharf_macros::resource;
/// Makes a [`Tool`] of a function. Under its name then stands a function that makes the tool; the
/// function itself is `name::call`.
///
/// | key | says |
/// |---|---|
/// | `name = "…"` | what clients call it, in place of the function's name |
/// | `title = "…"` | what people see |
/// | `read_only`, `destructive`, `idempotent`, `open_world` | what it does to the world |
/// | `timeout = "30s"` | how long a call may take: `ms`, `s`, `m` or `h` |
/// | `scopes("…")` | what a caller's token must allow |
/// | `task` | a client that knows tasks need not wait |
/// | `tags("…")`, `icons("…")` | words and pictures for clients |
/// | `view = "ui://…"` | the interface that clients show with the result |
/// | `crate = path` | where this crate is found |
///
/// An argument takes `#[arg(default = …, range = 1..=7, length = 1..=40)]`, and whatever `serde` and
/// `schemars` attributes a field would take.
pub use wharf_macros::tool;
/// Makes tools, resources and prompts of the methods of an `impl` block, each under its own
/// attribute; hand the object to [`Server::tools`].
pub use wharf_macros::tools;
/// The words of the protocol, where the ones here are not enough.
pub use wharf_protocol as protocol;
/// Whose tokens a protected server takes: for [`Server::protect`].
pub use wharf_wire::oauth;

mod prompt;
mod resource;
mod server;
mod tool;

mod error;
mod extract;
mod reply;

mod guard;
mod layer;
mod serve;
mod transport;

pub mod testing;

mod auth;
mod call;
mod completion;
mod icon;
mod router;
mod schema;
mod survive;
mod template;

pub use self::call::Call;
pub use self::error::{Context, Error, Result, ToolError};
pub use self::extract::announce::Announce;
pub use self::extract::ask::Ask;
pub use self::extract::caller::Caller;
pub use self::extract::cancellation::Cancellation;
pub use self::extract::log::Log;
pub use self::extract::metadata::Metadata;
pub use self::extract::progress::Progress;
pub use self::extract::state::State;
pub use self::extract::{Extract, Needs};
pub use self::guard::{Answered, Endpoint};
pub use self::layer::{Incoming, Next};
pub use self::prompt::{IntoContent, IntoMessages, IntoPrompt, Messages, Prompt};
pub use self::reply::{Audio, Embedded, File, Image, IntoReply, Reply};
pub use self::resource::{Contents, IntoContents, IntoResource, Resource};
pub use self::server::{IntoItems, Item, Server};
pub use self::tool::{IntoTool, Tool};
pub use self::transport::{HTTP_VARIABLE, Transport};

/// What the macros write down. Nobody else should: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use schemars;
    pub use serde;

    pub use crate::prompt::{messages, messages_result};
    pub use crate::reply::{Fallible, result, value};
    pub use crate::resource::{contents, contents_result};
}
