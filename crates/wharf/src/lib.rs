//! MCP tools from functions: described, validated and served in both eras of the protocol.

#![warn(missing_docs)]

pub use schemars::JsonSchema;
pub use wharf_macros::{prompt, resource, tool, tools};
/// The words of the protocol, where the ones here are not enough.
pub use wharf_protocol as protocol;

mod prompt;
mod resource;
mod server;
mod tool;

mod error;
mod extract;
mod reply;

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
