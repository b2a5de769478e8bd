//! A resource, or a template of resources: something to read, under a URI.

use std::any::Any;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use wharf_protocol::content::{ResourceBody, ResourceContents};
use wharf_protocol::icon::Icon;
use wharf_protocol::meta::Meta;
use wharf_protocol::port::BoxFuture;
use wharf_protocol::resource as words;

use crate::call::Call;
use crate::completion::Completions;
use crate::error::Result;
use crate::extract::{Extract, Needs};
use crate::reply::written;
use crate::tool::Defined;
use crate::{File, ToolError};

/// Something to read, and everything that is said of it.
///
/// [`#[resource]`](macro@crate::resource) makes one of a function.
pub struct Resource {
    pub(crate) uri: String,
    pub(crate) needs: Needs,
    pub(crate) defined: Option<Defined>,
    pub(crate) completions: Completions,
    pub(crate) run: Box<dyn Read>,
    name: String,
    title: Option<String>,
    description: Option<String>,
    mime_type: Option<String>,
    icons: Vec<Icon>,
}

/// The body of a resource.
pub(crate) trait Read: Send + Sync {
    fn read<'a>(&'a self, call: &'a Call<'a>) -> BoxFuture<'a, Result<Contents>>;
}

impl<F> Read for F
where
    F: for<'a> Fn(&'a Call<'a>) -> BoxFuture<'a, Result<Contents>> + Send + Sync,
{
    fn read<'a>(&'a self, call: &'a Call<'a>) -> BoxFuture<'a, Result<Contents>> {
        self(call)
    }
}

/// What a resource holds.
#[derive(Clone, Debug)]
pub struct Contents {
    body: ResourceBody,
    mime_type: String,
}

/// Something that is a resource: a function under [`#[resource]`](macro@crate::resource), or a
/// [`Resource`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no resource",
    label = "this is no resource",
    note = "write `#[wharf::resource(\"scheme://…\")]` above the function"
)]
pub trait IntoResource {
    /// The resource it is.
    fn into_resource(self) -> Resource;
}

impl IntoResource for Resource {
    fn into_resource(self) -> Resource {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<F: FnOnce() -> Resource> IntoResource for F {
    fn into_resource(self) -> Resource {
        self()
    }
}

/// What the function of a resource may return: a text, bytes as `Vec<u8>`, a [`File`], [`Contents`],
/// or anything that derives `serde::Serialize`, which is read as JSON; or a `Result` of these.
#[diagnostic::on_unimplemented(
    message = "a resource cannot hold `{Self}`",
    label = "the result of a function that is served",
    note = "return a `String`, a `Vec<u8>`, a `wharf::Contents`, or derive `serde::Serialize`"
)]
pub trait IntoContents: Sized {
    /// The contents it is.
    ///
    /// # Errors
    ///
    /// Where it cannot be written, or is too long.
    fn into_contents(self) -> Result<Contents>;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + 'static> IntoContents for T {
    fn into_contents(self) -> Result<Contents> {
        let value: &dyn Any = &self;
        if let Some(text) = value.downcast_ref::<String>() {
            return Ok(Contents::text(text));
        }
        if let Some(text) = value.downcast_ref::<&'static str>() {
            return Ok(Contents::text(*text));
        }
        if let Some(bytes) = value.downcast_ref::<Vec<u8>>() {
            return Ok(Contents::bytes(bytes));
        }
        Ok(Contents::text(written(&self)?.get()).mime("application/json"))
    }
}

impl IntoContents for Contents {
    fn into_contents(self) -> Result<Contents> {
        Ok(self)
    }
}

impl IntoContents for File {
    fn into_contents(self) -> Result<Contents> {
        let ResourceContents {
            body, mime_type, ..
        } = self.into_inner();
        Ok(Contents {
            body,
            mime_type: mime_type.unwrap_or_default(),
        })
    }
}

impl Contents {
    /// A plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            body: ResourceBody::Text(text.into()),
            mime_type: "text/plain".to_owned(),
        }
    }

    /// Bytes.
    pub fn bytes(bytes: impl AsRef<[u8]>) -> Self {
        Self {
            body: ResourceBody::Blob(STANDARD.encode(bytes)),
            mime_type: "application/octet-stream".to_owned(),
        }
    }

    /// The same with another media type.
    #[must_use]
    pub fn mime(mut self, mime_type: impl Into<String>) -> Self {
        self.mime_type = mime_type.into();
        self
    }

    pub(crate) fn under(self, uri: &str, mime_type: Option<&str>) -> ResourceContents {
        ResourceContents {
            uri: uri.to_owned(),
            mime_type: Some(mime_type.map_or(self.mime_type, ToOwned::to_owned)),
            body: self.body,
            meta: Meta::default(),
        }
    }
}

impl Resource {
    /// A resource at `uri`, or a template where `uri` has variables.
    pub fn new<F>(uri: impl Into<String>, read: F) -> Self
    where
        F: for<'a> Fn(&'a Call<'a>) -> BoxFuture<'a, Result<Contents>> + Send + Sync + 'static,
    {
        let uri = uri.into();
        Self {
            name: uri.clone(),
            uri,
            needs: Needs::default(),
            defined: None,
            completions: Completions::default(),
            run: Box::new(read),
            title: None,
            description: None,
            mime_type: None,
            icons: Vec::new(),
        }
    }

    /// A user interface (MCP Apps): the HTML that a client shows for the tools that name it with
    /// [`Tool::view`](crate::Tool::view). `uri` begins with `ui://`.
    pub fn view(uri: impl Into<String>, html: impl Into<String>) -> Self {
        let html = html.into();
        Self::new(uri, move |_| {
            let html = html.clone();
            Box::pin(async move { Ok(Contents::text(html)) })
        })
        .mime(wharf_protocol::app::MIME_TYPE)
    }

    /// Its name in lists.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The name that people see.
    #[must_use]
    pub fn title(mut self, text: impl Into<String>) -> Self {
        self.title = Some(text.into());
        self
    }

    /// What it holds.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// The media type of what it holds, whatever the function's type would have said.
    #[must_use]
    pub fn mime(mut self, mime_type: impl Into<String>) -> Self {
        self.mime_type = Some(mime_type.into());
        self
    }

    /// Pictures for it, by their `https:` or `data:` URIs.
    #[must_use]
    pub fn icons<T: Into<String>>(mut self, icons: impl IntoIterator<Item = T>) -> Self {
        self.icons = icons.into_iter().map(crate::icon::icon).collect();
        self
    }

    /// Tells what the variable `name` could be, from what was typed of it.
    #[must_use]
    pub fn completes<F, W>(mut self, name: &str, complete: F) -> Self
    where
        F: Fn(String) -> W + Send + Sync + 'static,
        W: Future<Output = Vec<String>> + Send + 'static,
    {
        self.completions.insert(name, complete);
        self
    }

    /// A server that lacks what `E` needs does not start.
    #[must_use]
    pub fn needs<E: Extract>(mut self) -> Self {
        E::needs(&mut self.needs);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub fn defined_at(mut self, file: &'static str, line: u32) -> Self {
        self.defined = Some(Defined { file, line });
        self
    }

    pub(crate) fn mime_type(&self) -> Option<&str> {
        self.mime_type.as_deref()
    }

    /// As it stands in the list of resources.
    pub(crate) fn listed(&self) -> words::Resource {
        words::Resource {
            uri: self.uri.clone(),
            name: self.name.clone(),
            title: self.title.clone(),
            description: self.description.clone(),
            mime_type: self.mime_type.clone(),
            size: None,
            icons: self.icons.clone(),
            annotations: None,
            meta: Meta::default(),
        }
    }

    /// As it stands in the list of templates.
    pub(crate) fn listed_as_template(&self) -> words::ResourceTemplate {
        words::ResourceTemplate {
            uri_template: self.uri.clone(),
            name: self.name.clone(),
            title: self.title.clone(),
            description: self.description.clone(),
            mime_type: self.mime_type.clone(),
            icons: self.icons.clone(),
            annotations: None,
            meta: Meta::default(),
        }
    }
}

impl fmt::Debug for Resource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Resource")
            .field("uri", &self.uri)
            .finish_non_exhaustive()
    }
}

/// What the macros call for a function that cannot fail.
#[doc(hidden)]
pub fn contents<T: IntoContents>(value: T) -> Result<Contents> {
    value.into_contents()
}

/// What the macros call for a function that can.
#[doc(hidden)]
pub fn contents_result<T: IntoContents, E: ToolError>(result: Result<T, E>) -> Result<Contents> {
    result.map_err(ToolError::into_error)?.into_contents()
}
