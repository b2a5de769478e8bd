//! The boundary: what answers requests, and what sits at the other end.
//!
//! A server, a gateway and a test double are all a [`Handler`]; a transport brings it requests and
//! takes its answers. Whoever asked is a [`Peer`], so is a server that we ask. Cancellation is the
//! drop of a future: a transport that learns that nobody waits any more drops what it was polling.

use std::fmt;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::{RawValue, to_raw_value};

use crate::capability::{ClientCapabilities, Implementation, ServerCapabilities};
use crate::error::ErrorObject;
use crate::input_required::InputRequired;
use crate::inquiry::{Sealer, Unsealed};
use crate::meta::{Meta, key};
use crate::method::Method;
use crate::mirrored::MirroredParameter;
use crate::notification::{ProgressParams, SubscriptionFilter};
use crate::revision::Revision;
use crate::task::Task;

/// A future that a trait object can return.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A request without its id, which belongs to the connection it travels on.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: Method,
    /// A JSON object as its sender wrote it.
    pub params: Option<Box<RawValue>>,
}

/// A message that nobody answers.
#[derive(Clone, Debug)]
pub struct Notification {
    pub method: Method,
    pub params: Option<Box<RawValue>>,
}

/// What a request is answered with.
pub type Reply = Result<Answer, ErrorObject>;

/// A result on its way out.
#[derive(Clone, Debug)]
pub enum Answer {
    /// The fields of a complete result and its `_meta`. The wire adds what the caller's revision
    /// asks for: `resultType` and the server's name for a modern one, nothing for a legacy one.
    Complete { fields: Box<RawValue>, meta: Meta },
    /// Questions that have to be answered first. Only some requests may be answered like this, and
    /// only modern ones: see [`Inquiry`](crate::inquiry::Inquiry), which takes care of that.
    InputRequired(InputRequired),
    /// A task that will yield the result later; the caller has declared that it knows tasks.
    Task(Box<Task>),
    /// A whole result as another server wrote it; the wire adds nothing.
    Verbatim(Box<RawValue>),
}

impl Answer {
    /// A complete result.
    ///
    /// # Errors
    ///
    /// `-32603` where `fields` cannot be written as a JSON object.
    pub fn complete(fields: &impl Serialize) -> Reply {
        match to_raw_value(fields) {
            Ok(fields) if fields.get().starts_with('{') => Ok(Self::Complete {
                fields,
                meta: Meta::default(),
            }),
            _ => Err(ErrorObject::internal()),
        }
    }
}

impl Request {
    /// A request of our own.
    ///
    /// # Errors
    ///
    /// `-32603` where `params` cannot be written as JSON.
    pub fn new(method: Method, params: &impl Serialize) -> Result<Self, ErrorObject> {
        let params = to_raw_value(params).map_err(|_| ErrorObject::internal())?;
        Ok(Self {
            method,
            params: Some(params),
        })
    }

    /// The parameters read as `T`; no parameters read like `{}`.
    ///
    /// # Errors
    ///
    /// `-32602`, saying which field is missing or of another type.
    pub fn params<T: DeserializeOwned>(&self) -> Result<T, ErrorObject> {
        let raw = self.params.as_deref().map_or("{}", RawValue::get);
        serde_json::from_str(raw)
            .map_err(|error| ErrorObject::invalid_params(format!("Invalid params: {error}")))
    }
}

impl Notification {
    /// A notification of our own.
    ///
    /// # Errors
    ///
    /// `-32603` where `params` cannot be written as JSON.
    pub fn new(method: Method, params: &impl Serialize) -> Result<Self, ErrorObject> {
        let params = to_raw_value(params).map_err(|_| ErrorObject::internal())?;
        Ok(Self {
            method,
            params: Some(params),
        })
    }
}

/// Answers requests. Implemented by a framework's server, by the gateway, by a test double.
pub trait Handler: Send + Sync + 'static {
    /// Who answers; stands in every modern result.
    fn identity(&self) -> &Implementation;

    /// What it offers this caller: the body of `initialize` and `server/discover`.
    fn describe<'a>(
        &'a self,
        exchange: &'a Exchange,
    ) -> BoxFuture<'a, Result<Description, ErrorObject>>;

    /// Answers one request. Handshakes, pings and cancellation never come here. Dropping the future
    /// cancels the request.
    fn handle<'a>(&'a self, request: Request, exchange: &'a Exchange) -> BoxFuture<'a, Reply>;

    /// Takes note of something the client said. Ignoring it is always right.
    fn notice<'a>(
        &'a self,
        _notification: Notification,
        _exchange: &'a Exchange,
    ) -> BoxFuture<'a, ()> {
        Box::pin(std::future::ready(()))
    }

    /// Which changes of those that `wanted` names this caller will hear of: those of the lists that
    /// are described as changing, unless said otherwise.
    ///
    /// # Errors
    ///
    /// What the caller has to do before it may hear of them.
    fn agree<'a>(
        &'a self,
        wanted: SubscriptionFilter,
        exchange: &'a Exchange,
    ) -> BoxFuture<'a, Result<SubscriptionFilter, ErrorObject>> {
        Box::pin(async move {
            let offered = self.describe(exchange).await?.capabilities;
            Ok(wanted.offered_by(&offered))
        })
    }

    /// The parameters of `tool` that this caller has to repeat as headers over HTTP; `None` where
    /// there are none, and for a tool that it does not see.
    fn mirrored(&self, _tool: &str, _exchange: &Exchange) -> Option<Arc<[MirroredParameter]>> {
        None
    }

    /// Changes to its lists that every open session may hear of; `None` where its lists stand still.
    fn changes(&self) -> Option<Box<dyn Changes>> {
        None
    }
}

/// A stream of list changes, one subscriber's own.
pub trait Changes: Send {
    /// The next change; `None` once there will be none. Dropping the future loses nothing.
    fn next(&mut self) -> BoxFuture<'_, Option<Change>>;
}

/// Something that is no longer what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    Tools,
    Prompts,
    Resources,
    /// One resource, by its URI.
    Resource(String),
    /// One task, by its id, and what it is now: a `DetailedTask` as JSON.
    Task {
        id: Arc<str>,
        task: Arc<str>,
    },
}

/// What a handler says of itself.
#[derive(Clone, Debug, Default)]
pub struct Description {
    pub capabilities: ServerCapabilities,
    /// Guidance for the model, in plain words.
    pub instructions: Option<String>,
}

/// The other end: a client that asked, or a server that we ask. Implemented by transports.
pub trait Peer: Send + Sync {
    /// Asks it something and waits. Dropping the future cancels the request.
    ///
    /// A client of the modern era takes no requests: the answer is `-32601`.
    ///
    /// [`Inquiry`](crate::inquiry::Inquiry) asks a client in whichever way it understands.
    fn request(&self, request: Request) -> BoxFuture<'_, Result<Box<RawValue>, ErrorObject>>;

    /// Tells it something. Waits while the other end reads slowly; a message to a peer that is gone
    /// is dropped.
    fn notify(&self, notification: Notification) -> BoxFuture<'_, ()>;

    /// Whether [`request`](Self::request) reaches anybody at present.
    fn takes_requests(&self) -> bool {
        true
    }

    /// Stops making the other end wait: it is told of a task, and finds the result there. `false`
    /// where it goes on waiting, for want of a task store or because it does not know tasks.
    fn detach(&self) -> BoxFuture<'_, bool> {
        Box::pin(std::future::ready(false))
    }

    /// Closes the stream on which the other end waits; it comes back for the rest after a while.
    /// Does nothing where it could not come back (2025-11-25, resumability and redelivery).
    fn hang_up(&self) {}
}

/// A peer that is never there: for requests that arrive without a way back, and for tests.
#[derive(Clone, Copy, Debug)]
pub struct Nobody;

impl Peer for Nobody {
    fn request(&self, request: Request) -> BoxFuture<'_, Result<Box<RawValue>, ErrorObject>> {
        let refusal = ErrorObject::method_not_found(request.method.as_str());
        Box::pin(std::future::ready(Err(refusal)))
    }

    fn notify(&self, _notification: Notification) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }

    fn takes_requests(&self) -> bool {
        false
    }
}

/// How a request came in.
#[derive(Clone)]
pub enum Origin {
    /// From the process that started us.
    Stdio,
    /// Over HTTP: who connected, and with which headers.
    Http {
        peer: Option<SocketAddr>,
        headers: Arc<dyn Headers>,
    },
    /// From inside this process.
    InProcess,
}

/// The headers of an HTTP request, as its transport keeps them.
pub trait Headers: Send + Sync {
    /// The value of the first header called `name`, which is in lower case; `None` where there is
    /// none, or its value is not UTF-8.
    fn get(&self, name: &str) -> Option<&str>;
}

impl fmt::Debug for Origin {
    // Headers carry credentials, so they are not shown.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdio => formatter.write_str("Stdio"),
            Self::InProcess => formatter.write_str("InProcess"),
            Self::Http { peer, .. } => formatter
                .debug_struct("Http")
                .field("peer", peer)
                .finish_non_exhaustive(),
        }
    }
}

/// Everything about a request that is not the request: who asks, how, in which revision, and the way
/// back while it runs.
#[derive(Clone)]
pub struct Exchange {
    pub revision: Revision,
    pub client: Option<Implementation>,
    pub capabilities: ClientCapabilities,
    /// The request's own `_meta`.
    pub meta: Meta,
    pub origin: Origin,
    /// The session it belongs to, in the revisions that have sessions over HTTP.
    pub session: Option<Arc<str>>,
    /// Who asks, where something in front of the handler has proved it. Opaque: the same text is the
    /// same caller.
    pub principal: Option<Arc<str>>,
    pub peer: Arc<dyn Peer>,
    /// Seals what a client carries between two rounds of one request.
    pub sealer: Arc<dyn Sealer>,
}

impl Exchange {
    /// An exchange with nobody at the other end.
    pub fn in_process(revision: Revision) -> Self {
        Self {
            revision,
            client: None,
            capabilities: ClientCapabilities::default(),
            meta: Meta::default(),
            origin: Origin::InProcess,
            session: None,
            principal: None,
            peer: Arc::new(Nobody),
            sealer: Arc::new(Unsealed),
        }
    }

    /// The value of an HTTP header; `name` in lower case. `None` on other transports.
    pub fn header(&self, name: &str) -> Option<&str> {
        let Origin::Http { headers, .. } = &self.origin else {
            return None;
        };
        headers.get(name)
    }

    /// Lets the caller go and works on in the background; the caller must know tasks.
    ///
    /// # Errors
    ///
    /// `-32021` where it goes on waiting instead.
    pub async fn detach_or_refuse(&self) -> Result<(), ErrorObject> {
        if self.peer.detach().await {
            return Ok(());
        }
        Err(ErrorObject::missing_capability(&serde_json::json!({
            "extensions": { crate::task::EXTENSION: {} }
        })))
    }

    /// Tells the caller how far its request has come, if it asked to be told.
    pub async fn progress(&self, progress: f64, total: Option<f64>, message: Option<&str>) {
        let Some(token) = self.meta.get(key::PROGRESS_TOKEN) else {
            return;
        };
        let params = ProgressParams {
            progress_token: token.to_owned(),
            progress,
            total,
            message: message.map(ToOwned::to_owned),
        };
        if let Ok(notification) = Notification::new(Method::PROGRESS, &params) {
            self.peer.notify(notification).await;
        }
    }
}

impl fmt::Debug for Exchange {
    // Headers carry credentials, so they are not shown.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Exchange")
            .field("revision", &self.revision)
            .field("client", &self.client)
            .field("session", &self.session.is_some())
            .finish_non_exhaustive()
    }
}
