//! A server before it starts: what it offers, what it shares, what stands in front.

mod start;

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::Arc;

use tower_layer::Layer;
use tower_service::Service;
use wharf_protocol::capability::Implementation;
use wharf_protocol::port::{Answer, BoxFuture};

use crate::error::Result;
use crate::layer::{Incoming, Next};
use crate::prompt::IntoPrompt;
use crate::resource::IntoResource;
use crate::tool::IntoTool;
use crate::{Prompt, Resource, Tool};

/// A server of tools, resources and prompts.
///
/// ```no_run
/// /// Says what the weather is like.
/// #[wharf::tool]
/// async fn get_weather(/** The city to look at. */ city: String) -> String {
///     format!("It is sunny in {city}.")
/// }
///
/// fn main() -> wharf::Result {
///     wharf::Server::new("weather").tool(get_weather).run()
/// }
/// ```
///
/// Mistakes are collected and told at the start, all at once: a name that is taken or illegal, a
/// state that a tool asks for and nobody gave.
pub struct Server {
    pub(crate) identity: Implementation,
    instructions: Option<String>,
    items: Vec<Item>,
    states: Vec<(TypeId, Arc<dyn Any + Send + Sync>)>,
    lifespans: Vec<Lifespan>,
    mounts: Vec<(String, Server)>,
    layers: Vec<Box<dyn FnOnce(Next) -> Next + Send>>,
    pub(crate) settings: crate::transport::HttpSettings,
    pub(crate) guard: Option<Arc<crate::guard::Guard>>,
}

/// Something that a server offers.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a server has a few of them, and moves them once"
)]
pub enum Item {
    /// A tool.
    Tool(Tool),
    /// A resource or a template.
    Resource(Resource),
    /// A prompt.
    Prompt(Prompt),
}

/// Something that yields several items: an object whose `impl` block stands under
/// [`#[tools]`](macro@crate::tools).
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no tools",
    label = "nothing here is served",
    note = "write `#[wharf::tools]` above its `impl` block, and `#[tool]` above the methods"
)]
pub trait IntoItems {
    /// Everything it offers.
    fn into_items(self) -> Vec<Item>;
}

/// A state that is made at the start.
struct Lifespan {
    kind: TypeId,
    start: StartState,
    stop: Option<StopState>,
}

impl Server {
    /// A server called `name`, which offers nothing yet.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            identity: Implementation::new(name, "0.0.0"),
            instructions: None,
            items: Vec::new(),
            states: Vec::new(),
            lifespans: Vec::new(),
            mounts: Vec::new(),
            layers: Vec::new(),
            settings: crate::transport::HttpSettings::default(),
            guard: None,
        }
    }

    /// The version that clients are told; `env!("CARGO_PKG_VERSION")` is a good one.
    #[must_use]
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.identity.version = version.into();
        self
    }

    /// The name that people see.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.identity.title = Some(title.into());
        self
    }

    /// What a model should know before it uses any of the tools.
    #[must_use]
    pub fn instructions(mut self, text: impl Into<String>) -> Self {
        self.instructions = Some(text.into());
        self
    }

    /// Offers a tool.
    #[must_use]
    pub fn tool(mut self, tool: impl IntoTool) -> Self {
        self.items.push(Item::Tool(tool.into_tool()));
        self
    }

    /// Offers the tools, resources and prompts that are methods of an object.
    #[must_use]
    pub fn tools(mut self, object: impl IntoItems) -> Self {
        self.items.extend(object.into_items());
        self
    }

    /// Offers a resource, or a template of resources.
    #[must_use]
    pub fn resource(mut self, resource: impl IntoResource) -> Self {
        self.items.push(Item::Resource(resource.into_resource()));
        self
    }

    /// Offers a prompt.
    #[must_use]
    pub fn prompt(mut self, prompt: impl IntoPrompt) -> Self {
        self.items.push(Item::Prompt(prompt.into_prompt()));
        self
    }

    /// Shares `state` with every call that asks for a [`State<T>`](crate::State).
    #[must_use]
    pub fn state<T: Send + Sync + 'static>(mut self, state: T) -> Self {
        self.states.push((TypeId::of::<T>(), Arc::new(state)));
        self
    }

    /// Makes a state at the start, before the first request is taken: opens a database, reads a file.
    /// A server whose state cannot be made does not start. The state is dropped when the server has
    /// stopped; see [`lifespan_until`](Self::lifespan_until) where that is not enough.
    ///
    /// ```no_run
    /// # struct Database;
    /// # async fn connect() -> wharf::Result<Database> { Ok(Database) }
    /// # fn main() -> wharf::Result {
    /// wharf::Server::new("orders").lifespan(connect).run()
    /// # }
    /// ```
    #[must_use]
    pub fn lifespan<T, F, W>(mut self, start: F) -> Self
    where
        T: Send + Sync + 'static,
        F: FnOnce() -> W + Send + 'static,
        W: Future<Output = Result<T>> + Send + 'static,
    {
        self.lifespans.push(Lifespan {
            kind: TypeId::of::<T>(),
            start: started(start),
            stop: None,
        });
        self
    }

    /// The same, with something to do after the last request has ended: flush, say goodbye. It runs
    /// at the end of [`run`](Self::run) and [`serve`](Self::serve).
    #[must_use]
    pub fn lifespan_until<T, F, W, G, X>(mut self, start: F, stop: G) -> Self
    where
        T: Send + Sync + 'static,
        F: FnOnce() -> W + Send + 'static,
        W: Future<Output = Result<T>> + Send + 'static,
        G: FnOnce(Arc<T>) -> X + Send + 'static,
        X: Future<Output = ()> + Send + 'static,
    {
        self.lifespans.push(Lifespan {
            kind: TypeId::of::<T>(),
            start: started(start),
            stop: Some(Box::new(move |state| {
                Box::pin(async move {
                    if let Ok(state) = state.downcast() {
                        stop(state).await;
                    }
                })
            })),
        });
        self
    }

    /// Offers everything that `other` offers. Its tools and prompts are called `namespace_name`; its
    /// resources keep their URIs, and its functions the states that it was given.
    #[must_use]
    pub fn mount(mut self, namespace: impl Into<String>, other: Self) -> Self {
        self.mounts.push((namespace.into(), other));
        self
    }

    /// Puts a layer in front of everything that was given, whatever the method. The layer that is
    /// added first sees a request first.
    ///
    /// Its service takes an [`Incoming`] and answers with an [`Answer`]; the layers of `tower` that
    /// do not care what they carry (timeouts, limits) fit as they are. An error of another kind than
    /// [`ErrorObject`](crate::protocol::error::ErrorObject) is logged, and the caller learns nothing.
    #[must_use]
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Next> + Send + 'static,
        L::Service: Service<Incoming, Response = Answer> + Clone + Send + Sync + 'static,
        <L::Service as Service<Incoming>>::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
        <L::Service as Service<Incoming>>::Future: Send,
    {
        self.layers
            .push(Box::new(move |next| Next::layered(layer.layer(next))));
        self
    }
}

type StartState =
    Box<dyn FnOnce() -> BoxFuture<'static, Result<Arc<dyn Any + Send + Sync>>> + Send>;

type StopState = Box<dyn FnOnce(Arc<dyn Any + Send + Sync>) -> BoxFuture<'static, ()> + Send>;

fn started<T, F, W>(start: F) -> StartState
where
    T: Send + Sync + 'static,
    F: FnOnce() -> W + Send + 'static,
    W: Future<Output = Result<T>> + Send + 'static,
{
    Box::new(move || {
        let state = start();
        Box::pin(async move { Ok(Arc::new(state.await?) as Arc<dyn Any + Send + Sync>) })
    })
}

impl fmt::Debug for Server {
    // States hold credentials, so they are not shown.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Server")
            .field("name", &self.identity.name)
            .field("items", &self.items)
            .finish_non_exhaustive()
    }
}
