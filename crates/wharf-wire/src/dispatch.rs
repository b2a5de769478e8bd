//! From a request to its reply: what every transport asks a handler, and what is answered without
//! asking it.

use std::fmt;
use std::future::poll_fn;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::task::Poll;

use tokio::sync::watch;
use tracing::error;
use wharf_protocol::cache::{CacheHint, CacheScope};
use wharf_protocol::capability::Empty;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::handshake::{DiscoverResult, InitializeParams, InitializeResult, negotiate};
use wharf_protocol::id::RequestId;
use wharf_protocol::inquiry::Sealer;
use wharf_protocol::meta::Meta;
use wharf_protocol::method::{Kind, Method, Sender};
use wharf_protocol::notification::LogLevel;
use wharf_protocol::port::{
    Answer, BoxFuture, Exchange, Handler, Nobody, Notification, Origin, Reply, Request,
};
use wharf_protocol::revision::Revision;

use crate::answer;
use crate::lawful::lawful;
use crate::session::Session;
use crate::subscription;

/// How long a client may think our own description fresh. What is offered changes with the server's
/// configuration, so not for long; and it may differ from caller to caller, so nobody shares it.
const DESCRIPTION_FRESHNESS: CacheHint = CacheHint {
    ttl_ms: 60_000,
    cache_scope: CacheScope::Private,
};

/// A handler, and what there is to know of it before the first request.
pub(crate) struct Dispatch {
    handler: Arc<dyn Handler>,
    /// Its `Implementation` as JSON: part of every modern result, so written once.
    identity: String,
    sealer: Arc<dyn Sealer>,
    closing: watch::Sender<bool>,
}

impl Dispatch {
    pub(crate) fn new(handler: Arc<dyn Handler>, sealer: Arc<dyn Sealer>) -> Self {
        let identity = serde_json::to_string(handler.identity())
            .expect("a struct of strings always serialises");
        Self {
            handler,
            identity,
            sealer,
            closing: watch::Sender::new(false),
        }
    }

    pub(crate) fn handler(&self) -> &dyn Handler {
        &*self.handler
    }

    /// Seals what clients carry.
    pub(crate) fn sealer(&self) -> Arc<dyn Sealer> {
        Arc::clone(&self.sealer)
    }

    /// Answers one request; dropping the future cancels it. `initialize` never comes here.
    pub(crate) async fn reply(
        &self,
        id: &RequestId,
        request: Request,
        exchange: &Exchange,
    ) -> Reply {
        if !is_served(&request.method, exchange.revision) {
            return Err(ErrorObject::method_not_found(request.method.as_str()));
        }
        if request.method == Method::PING {
            Answer::complete(&Empty {})
        } else if request.method == Method::DISCOVER {
            self.discover(exchange).await
        } else if request.method == Method::SUBSCRIPTIONS_LISTEN {
            subscription::listen(self.handler(), id, &request, exchange, self.closed()).await
        } else {
            check_level(&request)?;
            let method = request.method.clone();
            let reply = survived(self.handler.handle(request, exchange)).await;
            lawful(reply, &method, exchange)
        }
    }

    /// Writes `reply` as the response to `id`, finished for `revision`.
    pub(crate) fn response(&self, id: &RequestId, reply: &Reply, revision: Revision) -> Vec<u8> {
        answer::response(id, reply, revision.era(), &self.identity)
    }

    /// Opens a session (2025-11-25, lifecycle, initialization).
    ///
    /// # Errors
    ///
    /// `-32602` for malformed parameters, or what the handler objects to.
    pub(crate) async fn initialize(
        &self,
        id: &RequestId,
        request: &Request,
        origin: Origin,
        principal: Option<Arc<str>>,
        session_id: Option<Arc<str>>,
    ) -> Result<(Session, Vec<u8>), ErrorObject> {
        let params: InitializeParams = request.params()?;
        let revision = negotiate(&params.protocol_version);
        let session = Session::new(
            revision,
            params.client_info,
            params.capabilities,
            session_id,
        );
        let nobody = Arc::new(Nobody);
        let mut exchange = session.exchange(Meta::default(), origin, nobody);
        exchange.principal = principal;
        let description = survived(self.handler.describe(&exchange)).await?;
        let reply = Answer::complete(&InitializeResult {
            protocol_version: revision.as_str().to_owned(),
            capabilities: description.capabilities,
            server_info: self.handler.identity().clone(),
            instructions: description.instructions,
        });
        Ok((session, self.response(id, &reply, revision)))
    }

    /// Passes on what the client said without asking anything.
    pub(crate) async fn notice(&self, notification: Notification, exchange: &Exchange) {
        self.handler.notice(notification, exchange).await;
    }

    /// Ends every subscription, and every stream that waits for changes.
    pub(crate) fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Waits for [`close`](Self::close).
    pub(crate) async fn closed(&self) {
        let mut closing = self.closing.subscribe();
        // The sender lives as long as `self`.
        let _ = closing.wait_for(|closing| *closing).await;
    }

    async fn discover(&self, exchange: &Exchange) -> Reply {
        let description = survived(self.handler.describe(exchange)).await?;
        let versions = Revision::ALL.map(|revision| revision.as_str().to_owned());
        Answer::complete(&DiscoverResult {
            supported_versions: versions.to_vec(),
            capabilities: description.capabilities,
            instructions: description.instructions,
            cache: Some(DESCRIPTION_FRESHNESS),
        })
    }
}

impl fmt::Debug for Dispatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Dispatch")
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}

/// Runs a handler that may panic: its bug costs one request, and never the connection that others
/// share.
pub(crate) async fn survived<T>(
    mut handling: BoxFuture<'_, Result<T, ErrorObject>>,
) -> Result<T, ErrorObject> {
    poll_fn(|context| {
        let polled = panic::catch_unwind(AssertUnwindSafe(|| handling.as_mut().poll(context)));
        polled.unwrap_or_else(|_| {
            error!("a handler panicked");
            Poll::Ready(Err(ErrorObject::internal()))
        })
    })
    .await
}

/// Refuses a level of log messages that there is not, whatever its handler makes of it: the wire is
/// what goes by it.
fn check_level(request: &Request) -> Result<(), ErrorObject> {
    #[derive(serde::Deserialize)]
    struct Leveled {
        #[serde(rename = "level")]
        _level: LogLevel,
    }
    if request.method == Method::SET_LOG_LEVEL {
        request.params::<Leveled>()?;
    }
    Ok(())
}

/// Whether a client may ask for `method` in `revision`. A method that the specification does not
/// have is the handler's to know.
fn is_served(method: &Method, revision: Revision) -> bool {
    method.facts().is_none_or(|facts| {
        facts.kind == Kind::Request
            && facts.sender != Sender::Server
            && *method != Method::INITIALIZE
            && facts.exists_in(revision)
    })
}
