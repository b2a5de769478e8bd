//! A prompt: messages that a person starts from, made from a few arguments.

use std::fmt;

use wharf_protocol::content::Content;
use wharf_protocol::icon::Icon;
use wharf_protocol::meta::Meta;
use wharf_protocol::port::BoxFuture;
use wharf_protocol::prompt::{self as words, PromptArgument, PromptMessage};
use wharf_protocol::sampling::Role;

use crate::ToolError;
use crate::call::Call;
use crate::completion::Completions;
use crate::error::Result;
use crate::extract::{Extract, Needs};
use crate::tool::Defined;

/// A prompt, and everything that is said of it.
///
/// [`#[prompt]`](macro@crate::prompt) makes one of a function.
pub struct Prompt {
    pub(crate) name: String,
    pub(crate) needs: Needs,
    pub(crate) defined: Option<Defined>,
    pub(crate) completions: Completions,
    pub(crate) run: Box<dyn Write>,
    pub(crate) description: Option<String>,
    title: Option<String>,
    arguments: Vec<PromptArgument>,
    icons: Vec<Icon>,
}

/// The body of a prompt.
pub(crate) trait Write: Send + Sync {
    fn write<'a>(&'a self, call: &'a Call<'a>) -> BoxFuture<'a, Result<Messages>>;
}

impl<F> Write for F
where
    F: for<'a> Fn(&'a Call<'a>) -> BoxFuture<'a, Result<Messages>> + Send + Sync,
{
    fn write<'a>(&'a self, call: &'a Call<'a>) -> BoxFuture<'a, Result<Messages>> {
        self(call)
    }
}

/// The messages of a prompt, in the order they were said.
///
/// ```
/// use wharf::Messages;
///
/// let messages = Messages::user("What does this do?").assistant("Which part?").then_user("All of it.");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Messages(pub(crate) Vec<PromptMessage>);

/// Something that is a prompt: a function under [`#[prompt]`](macro@crate::prompt), or a [`Prompt`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no prompt",
    label = "this is no prompt",
    note = "write `#[wharf::prompt]` above the function"
)]
pub trait IntoPrompt {
    /// The prompt it is.
    fn into_prompt(self) -> Prompt;
}

impl IntoPrompt for Prompt {
    fn into_prompt(self) -> Prompt {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<F: FnOnce() -> Prompt> IntoPrompt for F {
    fn into_prompt(self) -> Prompt {
        self()
    }
}

/// What the function of a prompt may return: a text, which the user says, or [`Messages`]; or a
/// `Result` of these.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no prompt",
    label = "the result of a function that is served",
    note = "return a `String`, or `wharf::Messages` for more than one message"
)]
pub trait IntoMessages {
    /// The messages it is.
    fn into_messages(self) -> Messages;
}

impl IntoMessages for Messages {
    fn into_messages(self) -> Messages {
        self
    }
}

impl IntoMessages for String {
    fn into_messages(self) -> Messages {
        Messages::user(Content::text(self))
    }
}

impl IntoMessages for &'static str {
    fn into_messages(self) -> Messages {
        Messages::user(Content::text(self))
    }
}

/// One thing that is said: a text or another block of content.
pub trait IntoContent {
    /// The block it is.
    fn into_content(self) -> Content;
}

impl IntoContent for &str {
    fn into_content(self) -> Content {
        Content::text(self)
    }
}

impl IntoContent for String {
    fn into_content(self) -> Content {
        Content::text(self)
    }
}

impl IntoContent for Content {
    fn into_content(self) -> Content {
        self
    }
}

impl IntoContent for crate::Image {
    fn into_content(self) -> Content {
        self.into()
    }
}

impl IntoContent for crate::Audio {
    fn into_content(self) -> Content {
        self.into()
    }
}

impl IntoContent for crate::Embedded {
    fn into_content(self) -> Content {
        self.into()
    }
}

impl IntoContent for crate::File {
    fn into_content(self) -> Content {
        self.into()
    }
}

impl Messages {
    /// What the user says first.
    pub fn user(content: impl IntoContent) -> Self {
        Self::default().and(Role::User, content)
    }

    /// What the assistant says next.
    #[must_use]
    pub fn assistant(self, content: impl IntoContent) -> Self {
        self.and(Role::Assistant, content)
    }

    /// What the user says next.
    #[must_use]
    pub fn then_user(self, content: impl IntoContent) -> Self {
        self.and(Role::User, content)
    }

    fn and(mut self, role: Role, content: impl IntoContent) -> Self {
        self.0.push(PromptMessage {
            role,
            content: content.into_content(),
        });
        self
    }
}

impl Prompt {
    /// A prompt without arguments; see [`argument`](Self::argument).
    pub fn new<F>(name: impl Into<String>, write: F) -> Self
    where
        F: for<'a> Fn(&'a Call<'a>) -> BoxFuture<'a, Result<Messages>> + Send + Sync + 'static,
    {
        Self {
            name: name.into(),
            needs: Needs::default(),
            defined: None,
            completions: Completions::default(),
            run: Box::new(write),
            description: None,
            title: None,
            arguments: Vec::new(),
            icons: Vec::new(),
        }
    }

    /// Declares an argument.
    #[must_use]
    pub fn argument(mut self, name: &str, description: Option<&str>, required: bool) -> Self {
        self.arguments.push(PromptArgument {
            name: name.to_owned(),
            title: None,
            description: description.map(ToOwned::to_owned),
            required,
        });
        self
    }

    /// The name that people see.
    #[must_use]
    pub fn title(mut self, text: impl Into<String>) -> Self {
        self.title = Some(text.into());
        self
    }

    /// What it is for.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// Pictures for it, by their `https:` or `data:` URIs.
    #[must_use]
    pub fn icons<T: Into<String>>(mut self, icons: impl IntoIterator<Item = T>) -> Self {
        self.icons = icons.into_iter().map(crate::icon::icon).collect();
        self
    }

    /// Tells what the argument `name` could be, from what was typed of it.
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

    /// The first of `given` that is none of its arguments.
    pub(crate) fn unknown<'a>(&self, mut given: impl Iterator<Item = &'a str>) -> Option<&'a str> {
        given.find(|name| !self.arguments.iter().any(|argument| argument.name == *name))
    }

    pub(crate) fn listed(&self, name: &str) -> words::Prompt {
        words::Prompt {
            name: name.to_owned(),
            title: self.title.clone(),
            description: self.description.clone(),
            arguments: self.arguments.clone(),
            icons: self.icons.clone(),
            meta: Meta::default(),
        }
    }
}

impl fmt::Debug for Prompt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Prompt")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// What the macros call for a function that cannot fail.
#[doc(hidden)]
pub fn messages<T: IntoMessages>(value: T) -> Result<Messages> {
    Ok(value.into_messages())
}

/// What the macros call for a function that can.
#[doc(hidden)]
pub fn messages_result<T: IntoMessages, E: ToolError>(result: Result<T, E>) -> Result<Messages> {
    Ok(result.map_err(ToolError::into_error)?.into_messages())
}
