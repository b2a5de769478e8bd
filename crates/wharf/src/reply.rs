//! From what a function returns to what a model reads.

mod media;
mod written;

use std::any::Any;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;
use wharf_protocol::content::{Content, ResourceLink};
use wharf_protocol::meta::Meta;
use wharf_protocol::tool::CallToolResult;

use crate::error::{Error, Result};
use crate::schema::Schema;

pub(crate) use self::media::mime_type;
pub use self::media::{Audio, Embedded, File, Image};
pub(crate) use self::written::written;

/// An answer put together by hand: for tools that return several things at once.
///
/// ```
/// use wharf::{Image, Reply};
///
/// let png = vec![0x89, b'P', b'N', b'G'];
/// let reply = Reply::text("The last seven days:").and(Image::png(png));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Reply {
    pub(crate) result: CallToolResult,
    pub(crate) meta: Meta,
}

/// What a tool may return.
///
/// - `String`, `&'static str`: a text.
/// - [`Image`], [`Audio`], [`File`], [`Embedded`], [`Reply`]: what they are.
/// - `()`: nothing.
/// - Anything that derives `serde::Serialize` and [`JsonSchema`](crate::JsonSchema): structured
///   content with an output schema, and the same as JSON text for clients that know no better.
/// - `Result<T, E>` of any of these, where `E` is a [`ToolError`](crate::ToolError).
#[diagnostic::on_unimplemented(
    message = "a tool cannot return `{Self}`",
    label = "the result of a function that is served",
    note = "derive both: `#[derive(serde::Serialize, wharf::JsonSchema)]`",
    note = "or return a `String`, a `wharf::Reply`, a `wharf::Image` …"
)]
pub trait IntoReply: Sized + 'static {
    /// The answer, before anything is known of who reads it.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    fn into_reply(self) -> Result<Reply>;

    /// The schema of the structured content, where there is any.
    #[doc(hidden)]
    fn output() -> Option<OutputSchema> {
        None
    }
}

/// A schema that only this crate makes.
#[doc(hidden)]
#[derive(Debug)]
pub struct OutputSchema(pub(crate) Schema);

#[diagnostic::do_not_recommend]
impl<T: Serialize + JsonSchema + 'static> IntoReply for T {
    fn into_reply(self) -> Result<Reply> {
        let value: &dyn Any = &self;
        if let Some(text) = value.downcast_ref::<&'static str>() {
            return Ok(Reply::text(*text));
        }
        if value.is::<()>() {
            return Ok(Reply::default());
        }
        let mut own = Some(self);
        if let Some(text) = (&mut own as &mut dyn Any).downcast_mut::<Option<String>>() {
            return Ok(Reply::text(text.take().unwrap_or_default()));
        }
        // `own` was only taken from where it was a text.
        own.map_or_else(|| Ok(Reply::default()), |value| Reply::structured(&value))
    }

    fn output() -> Option<OutputSchema> {
        let kind = std::any::TypeId::of::<T>();
        let plain = [
            std::any::TypeId::of::<()>(),
            std::any::TypeId::of::<String>(),
            std::any::TypeId::of::<&'static str>(),
        ];
        (!plain.contains(&kind)).then(|| OutputSchema(Schema::output::<T>()))
    }
}

impl IntoReply for Reply {
    fn into_reply(self) -> Result<Reply> {
        Ok(self)
    }
}

impl Reply {
    /// One text.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            result: CallToolResult::text(text),
            meta: Meta::default(),
        }
    }

    /// A failure that the model reads and acts on.
    pub fn error(text: impl Into<String>) -> Self {
        Self {
            result: CallToolResult::error(text),
            meta: Meta::default(),
        }
    }

    /// Structured content, and the same as a text.
    ///
    /// # Errors
    ///
    /// Where `value` cannot be written as JSON, or is longer than any answer may be.
    pub fn structured(value: &impl Serialize) -> Result<Self> {
        let json = written(value)?;
        let mut reply = Self::text(json.get());
        reply.result.structured_content = Some(json);
        Ok(reply)
    }

    /// Adds one block of content.
    #[must_use]
    pub fn and(mut self, content: impl Into<Content>) -> Self {
        self.result.content.push(content.into());
        self
    }

    /// Adds the address of a resource that the client may read if it wants to.
    #[must_use]
    pub fn link(self, uri: impl Into<String>, name: impl Into<String>) -> Self {
        self.and(Content::ResourceLink(ResourceLink {
            uri: uri.into(),
            name: name.into(),
            title: None,
            description: None,
            mime_type: None,
            size: None,
            annotations: None,
            meta: Meta::default(),
        }))
    }

    /// Sets an entry of the result's `_meta`, which clients read and models do not.
    #[must_use]
    pub fn with_meta(mut self, key: &str, value: Box<RawValue>) -> Self {
        self.meta.insert(key, value);
        self
    }
}

/// What the macros call for a function that cannot fail.
#[doc(hidden)]
pub fn value<T: IntoReply>(value: T) -> Result<Reply> {
    value.into_reply()
}

/// What the macros call for a function that can.
#[doc(hidden)]
pub fn result<T: IntoReply, E: crate::ToolError>(result: Result<T, E>) -> Result<Reply> {
    result.map_err(crate::ToolError::into_error)?.into_reply()
}

/// What a `Result` holds, for type aliases that hide it.
#[doc(hidden)]
pub trait Fallible {
    type Value;
}

impl<T, E> Fallible for Result<T, E> {
    type Value = T;
}

impl From<Error> for Reply {
    fn from(error: Error) -> Self {
        Self::error(error.to_string())
    }
}
