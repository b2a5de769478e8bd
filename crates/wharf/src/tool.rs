//! A tool: what a model sees of it, and what runs when it is called.

use std::fmt;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;
use wharf_protocol::icon::Icon;
use wharf_protocol::meta::Meta;
use wharf_protocol::port::BoxFuture;
use wharf_protocol::tool::ToolAnnotations;

use crate::call::Call;
use crate::error::Result;
use crate::extract::{Extract, Needs};
use crate::reply::{IntoReply, Reply};
use crate::schema::Schema;

/// A function that a model may call, and everything that is said of it.
///
/// [`#[tool]`](macro@crate::tool) makes one of a function. By hand it is this:
///
/// ```
/// use wharf::{IntoReply, JsonSchema, Tool};
///
/// #[derive(serde::Deserialize, JsonSchema)]
/// struct Arguments {
///     /// The city to look at.
///     city: String,
/// }
///
/// let tool = Tool::new("get_weather", |call| Box::pin(async move {
///     let Arguments { city } = call.arguments()?;
///     format!("It is sunny in {city}.").into_reply()
/// }))
/// .takes::<Arguments>()
/// .description("Says what the weather is like.");
/// ```
pub struct Tool {
    pub(crate) name: String,
    pub(crate) input: Schema,
    pub(crate) output: Option<Schema>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) scopes: Vec<String>,
    pub(crate) task: bool,
    pub(crate) needs: Needs,
    pub(crate) defined: Option<Defined>,
    pub(crate) run: Box<dyn Run>,
    title: Option<String>,
    description: Option<String>,
    annotations: ToolAnnotations,
    icons: Vec<Icon>,
    meta: Meta,
}

/// Where something was written down.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Defined {
    pub(crate) file: &'static str,
    pub(crate) line: u32,
}

/// The body of a tool.
pub(crate) trait Run: Send + Sync {
    fn run<'a>(&'a self, call: &'a Call<'a>) -> BoxFuture<'a, Result<Reply>>;
}

impl<F> Run for F
where
    F: for<'a> Fn(&'a Call<'a>) -> BoxFuture<'a, Result<Reply>> + Send + Sync,
{
    fn run<'a>(&'a self, call: &'a Call<'a>) -> BoxFuture<'a, Result<Reply>> {
        self(call)
    }
}

/// Something that is a tool: a function under [`#[tool]`](macro@crate::tool), or a [`Tool`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no tool",
    label = "this is no tool",
    note = "write `#[wharf::tool]` above the function"
)]
pub trait IntoTool {
    /// The tool it is.
    fn into_tool(self) -> Tool;
}

impl IntoTool for Tool {
    fn into_tool(self) -> Tool {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<F: FnOnce() -> Tool> IntoTool for F {
    fn into_tool(self) -> Tool {
        self()
    }
}

impl Tool {
    /// A tool without arguments; see [`takes`](Self::takes).
    pub fn new<F>(name: impl Into<String>, run: F) -> Self
    where
        F: for<'a> Fn(&'a Call<'a>) -> BoxFuture<'a, Result<Reply>> + Send + Sync + 'static,
    {
        Self {
            name: name.into(),
            input: Schema::new(serde_json::json!({
                "type": "object",
                "additionalProperties": false
            })),
            output: None,
            timeout: None,
            scopes: Vec::new(),
            task: false,
            needs: Needs::default(),
            defined: None,
            run: Box::new(run),
            title: None,
            description: None,
            annotations: ToolAnnotations::default(),
            icons: Vec::new(),
            meta: Meta::default(),
        }
    }

    /// Arguments are checked against the schema of `T` before the tool runs.
    #[must_use]
    pub fn takes<T: JsonSchema>(mut self) -> Self {
        self.input = Schema::input::<T>();
        self
    }

    /// The result has the shape of `T`.
    #[must_use]
    pub fn returns<T: IntoReply>(mut self) -> Self {
        self.output = T::output().map(|schema| schema.0);
        self
    }

    /// What the model reads when it chooses among tools.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// The name that people see.
    #[must_use]
    pub fn title(mut self, text: impl Into<String>) -> Self {
        self.title = Some(text.into());
        self
    }

    /// It changes nothing.
    #[must_use]
    pub fn read_only(mut self, value: bool) -> Self {
        self.annotations.read_only_hint = Some(value);
        self
    }

    /// It may destroy or overwrite.
    #[must_use]
    pub fn destructive(mut self, value: bool) -> Self {
        self.annotations.destructive_hint = Some(value);
        self
    }

    /// Calling it twice does what calling it once does.
    #[must_use]
    pub fn idempotent(mut self, value: bool) -> Self {
        self.annotations.idempotent_hint = Some(value);
        self
    }

    /// It talks to a world outside the server's own.
    #[must_use]
    pub fn open_world(mut self, value: bool) -> Self {
        self.annotations.open_world_hint = Some(value);
        self
    }

    /// The scopes that a caller's token must have, all of them.
    #[must_use]
    pub fn scopes<T: Into<String>>(mut self, scopes: impl IntoIterator<Item = T>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// How long a call may take. One that takes longer is dropped, and fails.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Whether a client that knows tasks is let go at once and finds the result later.
    #[must_use]
    pub fn task(mut self, value: bool) -> Self {
        self.task = value;
        self
    }

    /// Words by which clients may group tools; they stand in `_meta` as `wharf/tags`.
    #[must_use]
    pub fn tags<T: Into<String>>(self, tags: impl IntoIterator<Item = T>) -> Self {
        let tags: Vec<String> = tags.into_iter().map(Into::into).collect();
        self.meta("wharf/tags", &tags)
    }

    /// Pictures for the tool, by their `https:` or `data:` URIs.
    #[must_use]
    pub fn icons<T: Into<String>>(mut self, icons: impl IntoIterator<Item = T>) -> Self {
        self.icons = icons.into_iter().map(crate::icon::icon).collect();
        self
    }

    /// The interface that a client shows with the result: the `ui://` URI of a resource of this
    /// server ([`Resource::view`](crate::Resource::view)).
    #[must_use]
    pub fn view(self, uri: impl Into<String>) -> Self {
        let uri: String = uri.into();
        self.meta("ui", &serde_json::json!({ "resourceUri": uri }))
    }

    /// Sets an entry of the definition's `_meta`. What cannot be written as JSON is left out.
    #[must_use]
    pub fn meta(mut self, key: &str, value: &impl Serialize) -> Self {
        if let Ok(value) = serde_json::value::to_raw_value(value) {
            self.meta.insert(key, value);
        }
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

    /// The definition as it stands in a list, under `name`. Clients before 2026-07-28 take only
    /// objects for structured content.
    pub(crate) fn definition<'a>(
        &'a self,
        name: &'a str,
        objects_only: bool,
        shows_views: bool,
    ) -> impl Serialize + 'a {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Definition<'a> {
            name: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            title: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            description: Option<&'a str>,
            input_schema: &'a RawValue,
            #[serde(skip_serializing_if = "Option::is_none")]
            output_schema: Option<&'a RawValue>,
            #[serde(skip_serializing_if = "Option::is_none")]
            annotations: Option<&'a ToolAnnotations>,
            #[serde(skip_serializing_if = "<[Icon]>::is_empty")]
            icons: &'a [Icon],
            #[serde(rename = "_meta", skip_serializing_if = "Meta::is_empty")]
            meta: Meta,
        }
        let output = self.output.as_ref();
        let silent = self.annotations == ToolAnnotations::default();
        Definition {
            name,
            title: self.title.as_deref(),
            description: self.description.as_deref(),
            input_schema: &self.input.text,
            output_schema: output
                .filter(|output| output.is_object || !objects_only)
                .map(|output| &*output.text),
            annotations: (!silent).then_some(&self.annotations),
            icons: &self.icons,
            meta: if shows_views {
                self.meta.clone()
            } else {
                self.meta.clone().without(&["ui"])
            },
        }
    }
}

impl fmt::Debug for Tool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Tool")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
