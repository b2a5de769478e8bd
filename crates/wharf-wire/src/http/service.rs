//! The endpoint: from an HTTP request to a message, and to the era that answers it.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wharf_protocol::envelope::Frame;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::id::RequestId;
use wharf_protocol::method::Method as Verb;
use wharf_protocol::port::{self, BoxFuture, Handler, Notification};
use wharf_protocol::revision::Era;

use super::body::Body;
use super::modern::Introduced;
use super::refusal::Refusal;
use super::resumable::Caretakers;
use super::sender::{Head, sender};
use super::sessions::Sessions;
use super::settings::Settings;
use super::{access, intake, legacy, mirror, modern, terms};
use crate::dispatch::Dispatch;
use crate::outline::Outline;
use crate::seal::StateKeys;

/// One MCP endpoint as a `tower` service: give it to [`serve`](super::serve), or mount it in a
/// router under any path.
///
/// It checks whatever it can see of a request, `Host` and `Origin` included. What only the socket
/// sees is the server's to check: under another one than `serve`, slow heads, too many connections
/// and ambiguous framing are that one's affair.
///
/// Where a request came from is read from its [`PeerAddress`](super::PeerAddress) extension, and who
/// sent it from its [`Principal`](super::Principal) extension, if it has them.
#[derive(Clone, Debug)]
pub struct Service(pub(super) Arc<Endpoint>);

impl Service {
    pub fn new(handler: Arc<dyn Handler>, settings: Settings) -> Self {
        Self::with_state_keys(handler, settings, StateKeys::random(StateKeys::LIFETIME))
    }

    /// The same with keys that other replicas have as well: a client may bring its state to any of
    /// them.
    pub fn with_state_keys(handler: Arc<dyn Handler>, settings: Settings, keys: StateKeys) -> Self {
        let limits = &settings.limits;
        Self(Arc::new(Endpoint {
            dispatch: Arc::new(Dispatch::new(handler, Arc::new(keys))),
            sessions: Sessions::new(limits),
            caretakers: Arc::default(),
            requests: Arc::new(Semaphore::new(limits.requests)),
            streams: Arc::new(Semaphore::new(limits.streams)),
            settings,
        }))
    }

    /// Ends every subscription and every stream that waits for changes, so that a server which shuts
    /// down does not wait for clients that never leave. Requests go on.
    pub fn close(&self) {
        self.0.dispatch.close();
    }
}

/// What all requests share.
pub(super) struct Endpoint {
    pub dispatch: Arc<Dispatch>,
    pub settings: Settings,
    pub sessions: Sessions,
    pub caretakers: Arc<Caretakers>,
    requests: Arc<Semaphore>,
    streams: Arc<Semaphore>,
}

impl Endpoint {
    async fn answer<B>(&self, request: Request<B>) -> Result<Response<Body>, Refusal>
    where
        B: http_body::Body<Data = Bytes>,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let (parts, body) = request.into_parts();
        let parts = Arc::new(Head(parts));
        access::check(&parts, &self.settings.hosts, &self.settings.origins)?;
        if parts.method != Method::POST {
            return self.answer_bodiless(&parts);
        }
        terms::check_post(&parts.headers)?;
        // Taken before the body is read: it bounds how many bodies there are in memory.
        let permit = self.request_permit()?;
        let bytes = intake::read(body, &self.settings.limits).await?;
        self.answer_message(Frame::parse(&bytes)?, &parts, permit)
            .await
    }

    /// Modern clients have no other method than POST, so the others need a legacy session.
    fn answer_bodiless(&self, parts: &Parts) -> Result<Response<Body>, Refusal> {
        let in_session = parts.headers.contains_key(legacy::SESSION);
        match parts.method {
            Method::GET if in_session => legacy::listen(self, parts),
            Method::DELETE if in_session => legacy::end(self, parts),
            _ => Err(Refusal::Method),
        }
    }

    async fn answer_message(
        &self,
        frame: Frame,
        parts: &Arc<Head>,
        permit: OwnedSemaphorePermit,
    ) -> Result<Response<Body>, Refusal> {
        match frame {
            Frame::Request(id, request) => self.answer_request(id, request, parts, permit).await,
            Frame::Notification(notification) => self.take(notification, parts).await,
            Frame::Response(id, settlement) if parts.headers.contains_key(legacy::SESSION) => {
                legacy::response(self, &id, settlement, parts)
            }
            Frame::Response(id, _) => Err(Refusal::bad_request(
                Some(&id),
                ErrorObject::invalid_request("Invalid request: no answer is expected here"),
            )),
        }
    }

    async fn answer_request(
        &self,
        id: RequestId,
        request: port::Request,
        parts: &Arc<Head>,
        permit: OwnedSemaphorePermit,
    ) -> Result<Response<Body>, Refusal> {
        let headers = &parts.headers;
        let at_fault = |error| Refusal::bad_request(Some(&id), error);
        let stated = mirror::sole(headers, mirror::VERSION).map_err(at_fault)?;
        let outline = Outline::read(request.params.as_deref()).map_err(at_fault)?;
        if modern::era(stated, &outline) == Era::Modern {
            let introduced = Introduced::check(headers, stated, &request.method, outline);
            let introduced = introduced.map_err(at_fault)?;
            let sender = sender(parts);
            return modern::request(self, id, request, introduced, headers, sender, permit).await;
        }
        mirror::check_unexpected(headers, &request.method, &outline).map_err(at_fault)?;
        if request.method == Verb::INITIALIZE {
            return legacy::initialize(self, &id, &request, parts).await;
        }
        let (meta, visit) = (outline.meta, legacy::visit(self, parts)?);
        legacy::request(self, id, request, meta, visit, sender(parts), permit).await
    }

    async fn take(
        &self,
        notification: Notification,
        parts: &Arc<Head>,
    ) -> Result<Response<Body>, Refusal> {
        if parts.headers.contains_key(legacy::SESSION) {
            return legacy::notification(self, notification, parts).await;
        }
        // The modern era defines no notification that a client sends over HTTP, so there is nothing
        // to do; but a legacy one without its session has lost it.
        let stated = mirror::sole(&parts.headers, mirror::VERSION)
            .map_err(|error| Refusal::bad_request(None, error))?;
        let outline = Outline::read(notification.params.as_deref())
            .map_err(|error| Refusal::bad_request(None, error))?;
        match modern::era(stated, &outline) {
            Era::Modern => Ok(Body::empty(StatusCode::ACCEPTED)),
            Era::Legacy => Err(Refusal::NoSession),
        }
    }

    /// Leave to read a body and to answer it.
    pub(super) fn request_permit(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        permit(&self.requests)
    }

    /// Leave to keep a stream open.
    pub(super) fn stream_permit(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        permit(&self.streams)
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Endpoint")
            .field("dispatch", &self.dispatch)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

fn permit(semaphore: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Refusal> {
    Arc::clone(semaphore)
        .try_acquire_owned()
        .map_err(|_| Refusal::Busy)
}

impl<B> tower_service::Service<Request<B>> for Service
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let endpoint = Arc::clone(&self.0);
        Box::pin(async move {
            let answered = endpoint.answer(request).await;
            Ok(answered.unwrap_or_else(Refusal::into_response))
        })
    }
}
