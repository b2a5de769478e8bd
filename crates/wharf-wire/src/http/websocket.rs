//! MCP over a WebSocket: the subprotocol `mcp`, one message a text frame, both eras side by side.

mod conversation;
mod handshake;

use std::convert::Infallible;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use http::{Request, Response};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinSet;
use tracing::debug;
use wharf_protocol::port::BoxFuture;

use super::access;
use super::body::Body;
use super::guard::Release;
use super::pair::pipe_limits;
use super::refusal::Refusal;
use super::sender::{Head, sender};
use super::service::{Endpoint, Service};
use crate::sender::Sender;
use conversation::Conversation;

/// The way in as a `tower` service. Mount it under a path of its own; nothing speaks this protocol
/// where it is not mounted. It needs a server that lets connections be upgraded, as
/// [`serve`](super::serve) does.
#[derive(Clone)]
pub struct WebSocket(Arc<Shared>);

struct Shared {
    endpoint: Arc<Endpoint>,
    /// Every open socket. They end with this service.
    open: Mutex<JoinSet<()>>,
}

impl WebSocket {
    /// Serves what `service` serves, under the same limits.
    pub fn new(service: &Service) -> Self {
        Self(Arc::new(Shared {
            endpoint: Arc::clone(&service.0),
            open: Mutex::default(),
        }))
    }
}

impl Shared {
    fn answer<B>(&self, mut request: Request<B>) -> Result<Response<Body>, Refusal> {
        let upgraded = hyper::upgrade::on(&mut request);
        let (parts, _) = request.into_parts();
        let settings = &self.endpoint.settings;
        access::check(&parts, &settings.hosts, &settings.origins)?;
        let accepted = handshake::accept(&parts)?;
        let permit = self.endpoint.stream_permit()?;
        if let Some(release) = parts.extensions.get::<Release>() {
            release.release();
        }
        self.hold(upgraded, sender(&Arc::new(Head(parts))), permit);
        Ok(accepted)
    }

    /// Speaks with one client until it leaves.
    fn hold(
        &self,
        upgraded: hyper::upgrade::OnUpgrade,
        sender: Sender,
        permit: OwnedSemaphorePermit,
    ) {
        let limits = self.endpoint.settings.limits;
        let conversation = Conversation {
            dispatch: Arc::clone(&self.endpoint.dispatch),
            limits: pipe_limits(&limits),
            keep_alive: limits.keep_alive,
            sender,
        };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        while open.try_join_next().is_some() {}
        open.spawn(async move {
            let _permit = permit;
            match upgraded.await {
                Ok(socket) => conversation.hold(socket).await,
                Err(error) => debug!(error = ?error.to_string(), "a WebSocket did not open"),
            }
        });
    }
}

impl fmt::Debug for WebSocket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("WebSocket").finish_non_exhaustive()
    }
}

impl<B: Send + 'static> tower_service::Service<Request<B>> for WebSocket {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let answered = self.0.answer(request);
        Box::pin(std::future::ready(Ok(
            answered.unwrap_or_else(Refusal::into_response)
        )))
    }
}
