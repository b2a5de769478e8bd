//! HTTP+SSE, the pair of endpoints of 2024-11-05: one stream for everything that the server says, and
//! an address that it names for everything we say.

use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use serde_json::value::RawValue;
use tokio::sync::mpsc;
use tracing::debug;
use wharf_protocol::port::{BoxFuture, Notification};
use wharf_protocol::revision::Revision;

use super::door::Door;
use super::stream::EventStream;
use super::{ERRANDS, Http, answer};
use crate::client::answering::Answering;
use crate::client::channel::Channel;
use crate::client::clock::Clock;
use crate::client::error::AskError;
use crate::client::reception::Reception;
use crate::client::settings::{ClientSettings, Limits};
use crate::client::transport::{Call, Speech, Transport, Way};
use crate::outbound::same_origin;

/// A server behind two endpoints.
pub(in crate::client) struct Pair {
    channel: Channel,
}

/// The endpoint that takes what we say.
struct Post {
    door: Door,
    limits: Limits,
    errands: mpsc::Sender<Vec<u8>>,
}

impl Pair {
    /// Opens the stream of the server that `http` found to be no other kind. Whoever calls has to run
    /// the second part: it reads the stream.
    pub(in crate::client) async fn open(
        http: &Http,
        settings: &ClientSettings,
        reception: Arc<Reception>,
    ) -> Result<(Arc<Self>, BoxFuture<'static, ()>), AskError> {
        let limits = settings.limits;
        let clock = Clock::new(limits.request_timeout, limits.request_timeout);
        let opening = async {
            let outgoing = http.door.outgoing(Method::GET);
            let response = http.door.send(outgoing, &clock).await?;
            if !answer::is_stream(&response) {
                return Err(answer::unexpected(response).await);
            }
            let mut stream = EventStream::new(response, limits.frame_bytes)?;
            let door = endpoint(&http.door, &mut stream).await?;
            Ok((door, stream))
        };
        let opened = clock.limit(opening).await;
        let (door, stream) = opened.map_err(AskError::Timeout)??;
        let (errands, waiting) = mpsc::channel(ERRANDS);
        let post: Arc<dyn Way> = Arc::new(Post {
            door,
            limits,
            errands,
        });
        let pair = Arc::new(Self {
            channel: Channel::new(Arc::clone(&post), settings, reception),
        });
        let answering = Answering::new(Arc::clone(&post), limits.questions);
        let running = run(Arc::clone(&pair), stream, answering, post, waiting);
        Ok((pair, Box::pin(running)))
    }
}

/// The address that the first event names. It must be of the same origin, or the server could have
/// us send our credentials anywhere.
async fn endpoint(door: &Door, stream: &mut EventStream) -> Result<Door, AskError> {
    let event = stream.next().await.map_err(super::End::into_error)?;
    if event.name != "endpoint" {
        return Err(AskError::malformed("its first event names no endpoint"));
    }
    let named = String::from_utf8_lossy(&event.data).into_owned();
    match door.url.join(named.trim()) {
        Ok(url) if same_origin(&url, &door.url) => Ok(door.at(url)),
        _ => Err(AskError::Redirected { to: named }),
    }
}

/// Reads everything that the server says, until it stops.
async fn run(
    pair: Arc<Pair>,
    mut stream: EventStream,
    mut answering: Answering,
    post: Arc<dyn Way>,
    mut errands: mpsc::Receiver<Vec<u8>>,
) {
    let reading = async {
        while let Ok(event) = stream.next().await {
            if event.name == "message" {
                pair.channel.take(&event.data, &mut answering);
            }
        }
    };
    let running = async {
        while let Some(frame) = errands.recv().await {
            if let Err(error) = post.send(frame).await {
                debug!(%error, "could not deliver a message");
            }
        }
    };
    tokio::select! {
        () = reading => {}
        () = running => {}
    }
    pair.channel.end(None);
}

impl Way for Post {
    fn send(&self, frame: Vec<u8>) -> BoxFuture<'_, Result<(), AskError>> {
        let mut outgoing = self.door.outgoing(Method::POST);
        outgoing.body = Bytes::from(frame);
        Box::pin(async move {
            let patience = self.limits.request_timeout;
            let clock = Clock::new(patience, patience);
            let sent = clock.limit(self.door.send(outgoing, &clock)).await;
            let response = sent.map_err(AskError::Timeout)??;
            if response.status().is_success() {
                return Ok(());
            }
            Err(answer::unexpected(response).await)
        })
    }

    fn send_soon(&self, frame: Vec<u8>) {
        if self.errands.try_send(frame).is_err() {
            debug!("dropped a message, too many wait to be sent");
        }
    }
}

impl Transport for Pair {
    fn ask<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Result<Box<RawValue>, AskError>> {
        Box::pin(self.channel.ask(call))
    }

    fn tell(&self, notification: Notification, _: Speech) -> BoxFuture<'_, Result<(), AskError>> {
        Box::pin(async move { self.channel.tell(&notification).await })
    }

    fn greeted(&self, revision: Revision) {
        self.channel.greeted(revision);
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.channel.end(None);
        Box::pin(std::future::ready(()))
    }
}
