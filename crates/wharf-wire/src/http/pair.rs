//! The pair of endpoints that clients of 2024-11-05 speak to: a GET opens a stream of events, whose
//! first one says where to POST (2024-11-05, transports, HTTP with SSE).

use std::collections::HashMap;
use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use tokio::sync::mpsc;
use wharf_protocol::envelope::Frame;
use wharf_protocol::port::BoxFuture;
use wharf_protocol::port::{Notification, Request as Asked};

use super::body::Body;
use super::events::{Events, Last};
use super::refusal::Refusal;
use super::sender::{Head, owner, sender};
use super::service::{Endpoint, Service};
use super::sessions::fresh_name;
use super::{access, intake, mirror, terms};
use crate::mailbox::mailbox;
use crate::outline::Outline;
use crate::owner::Owner;
use crate::pipe::{Frames, Incoming, Pipe};
use crate::sse;
use crate::stdio;

/// Requests that one client may have running.
const REQUESTS_EACH: usize = 64;
/// The parameter that names a stream.
const SESSION: &str = "session";

/// Both endpoints as one `tower` service: a GET opens a stream, a POST says something on it. Mount it
/// under the path that old clients are given, and under the one that they are to post to; nothing
/// speaks this protocol where it is not mounted.
#[derive(Clone)]
pub struct Pair(Arc<Shared>);

struct Shared {
    endpoint: Arc<Endpoint>,
    messages: Box<str>,
    open: Mutex<HashMap<Arc<str>, Line>>,
}

/// The way to one client's pipe.
#[derive(Clone)]
struct Line {
    owner: Owner,
    frames: mpsc::Sender<Frame>,
}

impl Pair {
    /// Serves what `service` serves, under the same limits. `messages` is the path under which POSTs
    /// reach this.
    pub fn new(service: &Service, messages: &str) -> Self {
        Self(Arc::new(Shared {
            endpoint: Arc::clone(&service.0),
            messages: messages.into(),
            open: Mutex::default(),
        }))
    }
}

impl Shared {
    async fn answer<B>(self: Arc<Self>, request: Request<B>) -> Result<Response<Body>, Refusal>
    where
        B: http_body::Body<Data = Bytes>,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let (parts, body) = request.into_parts();
        let parts = Arc::new(Head(parts));
        let settings = &self.endpoint.settings;
        access::check(&parts, &settings.hosts, &settings.origins)?;
        match parts.method {
            Method::GET => self.open(&parts),
            Method::POST => self.take(&parts, body).await,
            _ => Err(Refusal::Method),
        }
    }

    /// Opens a stream. It ends with its client, and so does whatever runs for it.
    fn open(self: Arc<Self>, parts: &Arc<Head>) -> Result<Response<Body>, Refusal> {
        terms::check_get(&parts.headers)?;
        let permit = self.endpoint.stream_permit()?;
        let limits = &self.endpoint.settings.limits;
        let (outbox, inbox) = mailbox(limits.queued_frames);
        let (frames, heard) = mpsc::channel(limits.queued_frames);
        let place = Place::take(&self, owner(parts), frames)?;
        let opening = sse::endpoint(&format!("{}?{SESSION}={}", self.messages, place.name));
        let dispatch = Arc::clone(&self.endpoint.dispatch);
        let pipe = Pipe::new(dispatch, pipe_limits(limits), outbox, sender(parts));
        let closing = Arc::clone(&self.endpoint.dispatch);
        let conversation = Box::pin(async move {
            tokio::select! {
                _ = pipe.run(Posted(heard)) => {}
                () = closing.closed() => {}
            }
            drop(place);
            None
        });
        let last = Last::Awaited(conversation);
        let events = Events::new(inbox, last, limits.keep_alive, permit).opened_by(opening);
        Ok(Body::events(events))
    }

    /// Takes a message for the stream that the query names; the answer goes there.
    async fn take<B>(&self, parts: &Parts, body: B) -> Result<Response<Body>, Refusal>
    where
        B: http_body::Body<Data = Bytes>,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        terms::check_content(&parts.headers)?;
        let name = named(parts).ok_or(Refusal::UnknownSession)?;
        let line = self.lock().get(name).cloned();
        // Somebody else's looks like none.
        let line = line.filter(|line| line.owner == owner(parts));
        let frames = line.ok_or(Refusal::UnknownSession)?.frames;
        let _permit = self.endpoint.request_permit()?;
        let bytes = intake::read(body, &self.endpoint.settings.limits).await?;
        let frame = Frame::parse(&bytes)?;
        check_mirror(parts, &frame)?;
        frames.try_send(frame).map_err(|_| Refusal::Busy)?;
        Ok(Body::empty(StatusCode::ACCEPTED))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Arc<str>, Line>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn pipe_limits(limits: &super::Limits) -> stdio::Limits {
    stdio::Limits {
        frame_bytes: limits.body_bytes,
        requests: limits.requests.min(REQUESTS_EACH),
        queued_frames: limits.queued_frames,
        grace: limits.grace,
    }
}

/// The stream that the query of a request names.
fn named(parts: &Parts) -> Option<&str> {
    let query = parts.uri.query()?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .find(|(name, _)| *name == SESSION)
        .map(|(_, name)| name)
}

/// No client of this protocol sends such headers, but a router in front may have believed them.
fn check_mirror(parts: &Parts, frame: &Frame) -> Result<(), Refusal> {
    let (Frame::Request(_, Asked { method, params })
    | Frame::Notification(Notification { method, params })) = frame
    else {
        return Ok(());
    };
    let at_fault = |error| Refusal::bad_request(None, error);
    let outline = Outline::read(params.as_deref()).map_err(at_fault)?;
    mirror::check_unexpected(&parts.headers, method, &outline).map_err(at_fault)
}

/// The entry of one stream, which goes when the stream does.
struct Place {
    name: Arc<str>,
    shared: Arc<Shared>,
}

impl Place {
    fn take(
        shared: &Arc<Shared>,
        owner: Owner,
        frames: mpsc::Sender<Frame>,
    ) -> Result<Self, Refusal> {
        let name = fresh_name()?;
        let line = Line { owner, frames };
        shared.lock().insert(Arc::clone(&name), line);
        Ok(Self {
            name,
            shared: Arc::clone(shared),
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.shared.lock().remove(&self.name);
    }
}

/// The messages that were posted for one stream.
struct Posted(mpsc::Receiver<Frame>);

impl Frames for Posted {
    async fn next(&mut self) -> io::Result<Incoming> {
        let frame = self.0.recv().await;
        Ok(frame.map_or(Incoming::End, |frame| Incoming::Frame(Ok(frame))))
    }
}

impl fmt::Debug for Pair {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Pair")
            .field("messages", &self.0.messages)
            .finish_non_exhaustive()
    }
}

impl<B> tower_service::Service<Request<B>> for Pair
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
        let shared = Arc::clone(&self.0);
        Box::pin(async move {
            let answered = shared.answer(request).await;
            Ok(answered.unwrap_or_else(Refusal::into_response))
        })
    }
}
