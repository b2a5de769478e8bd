//! Streamable HTTP of both eras: each message is a POST of its own.
//!
//! In reading order: one HTTP request and what lets it in (`door`), its headers (`heading`), the
//! answer as one message (`answer`) or as a stream (`stream`), what only the legacy era has
//! (`legacy`), and the older pair of endpoints (`pair`).

mod answer;
mod door;
mod heading;
mod legacy;
mod pair;
mod stream;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use hyper::body::Incoming;
use serde_json::value::RawValue;
use tokio::sync::mpsc;
use tracing::debug;
use url::Url;
use wharf_protocol::envelope;
use wharf_protocol::id::RequestId;
use wharf_protocol::port::{BoxFuture, Notification};
use wharf_protocol::revision::Revision;

use self::door::{Door, Outgoing};
use self::legacy::{Running, Session};
use self::stream::{End, EventStream, Listening, Questions};
use super::clock::Clock;
use super::error::AskError;
use super::hearing::Hearing;
use super::reception::Reception;
use super::settings::ClientSettings;
use super::transport::{Call, Opened, Speech, Transport, Way};

pub(super) use self::pair::Pair;

/// How long to wait before a stream is taken up again, where the server does not say.
const RETRY: Duration = Duration::from_secs(1);
/// Longest wait that a server may ask for.
const LONGEST_RETRY: Duration = Duration::from_mins(5);
/// How often a stream is taken up again that says nothing new.
const RESUMPTIONS: usize = 5;
/// Frames that wait to be sent when there is time.
const ERRANDS: usize = 64;

/// A server at a URL.
pub(super) struct Http {
    door: Door,
    settings: Arc<ClientSettings>,
    reception: Arc<Reception>,
    session: Mutex<Session>,
    /// The requests of the legacy era that have no answer yet.
    running: Mutex<HashMap<i64, Hearing>>,
    errands: mpsc::Sender<Vec<u8>>,
    /// Itself, for tasks that answer questions.
    this: Weak<Self>,
}

impl Http {
    /// A way to `url`, and the errands that somebody has to run for it.
    pub(super) fn new(
        url: Url,
        settings: Arc<ClientSettings>,
        reception: Arc<Reception>,
    ) -> (Arc<Self>, BoxFuture<'static, ()>) {
        let (errands, mut waiting) = mpsc::channel::<Vec<u8>>(ERRANDS);
        let http = Arc::new_cyclic(|this| Self {
            door: Door::new(url, &settings),
            settings,
            reception,
            session: Mutex::default(),
            running: Mutex::default(),
            errands,
            this: Weak::clone(this),
        });
        let runner = Arc::downgrade(&http);
        let running = async move {
            while let Some(frame) = waiting.recv().await {
                let Some(http) = runner.upgrade() else { return };
                if let Err(error) = http.send(frame).await {
                    debug!(%error, "could not deliver a message");
                }
            }
        };
        (http, Box::pin(running))
    }

    async fn answer(&self, call: &Call) -> Result<Box<RawValue>, AskError> {
        let frame = envelope::request(&RequestId::from(call.id), &call.request);
        if call.speech != Speech::Legacy {
            return self.exchange(frame, call).await;
        }
        let mut running = Running::new(self, call);
        let outcome = self.exchange(frame, call).await;
        running.answered = true;
        outcome
    }

    async fn exchange(&self, frame: Vec<u8>, call: &Call) -> Result<Box<RawValue>, AskError> {
        let mut outgoing = self.outgoing(Method::POST, call.speech);
        outgoing.body = Bytes::from(frame);
        if let Speech::Modern(_) = call.speech {
            heading::describe(&mut outgoing.headers, &call.request);
        }
        outgoing.headers.extend(call.mirrored.iter().cloned());
        let response = self.door.send(outgoing, &call.hearing.clock).await?;
        if call.speech == Speech::Legacy {
            self.check_session(&response)?;
        }
        if call.speech == Speech::Greeting {
            self.session().id = response.headers().get(heading::SESSION).cloned();
        }
        if answer::is_stream(&response) {
            self.follow(response, call).await
        } else {
            answer::read(response, call.id, self.settings.limits.frame_bytes).await
        }
    }

    /// Reads a stream up to the answer. In the legacy era it is taken up again where it breaks off.
    async fn follow(
        &self,
        response: Response<Incoming>,
        call: &Call,
    ) -> Result<Box<RawValue>, AskError> {
        let max_bytes = self.settings.limits.frame_bytes;
        let mut stream = EventStream::new(response, max_bytes)?;
        let mut listening = self.listening(call.hearing.clone(), call.speech, Some(call.id));
        let mut in_vain = 0;
        let mut seen: Option<String> = None;
        loop {
            let end = listening.to(&mut stream).await;
            if let End::Answer(settlement) = end {
                return settlement.map_err(|error| AskError::Refused {
                    error,
                    status: Some(StatusCode::OK),
                });
            }
            let End::Quiet { news } = end else {
                return Err(end.into_error());
            };
            let last_id = stream.last_id().filter(|_| call.speech == Speech::Legacy);
            let Some(last_id) = last_id.filter(|_| in_vain < RESUMPTIONS) else {
                return Err(end.into_error());
            };
            let moved = news || seen.as_ref() != Some(&last_id);
            in_vain = if moved { 0 } else { in_vain + 1 };
            stream = self.resume(&stream, &last_id, call).await?;
            seen = Some(last_id);
        }
    }

    fn listening(&self, hearing: Hearing, speech: Speech, wanted: Option<i64>) -> Listening {
        let http = self.this.upgrade().filter(|_| speech == Speech::Legacy);
        let most = self.settings.limits.questions;
        Listening {
            hearing,
            wanted,
            questions: http.map(|http| Questions::new(http, most)),
        }
    }

    fn outgoing(&self, method: Method, speech: Speech) -> Outgoing {
        let mut outgoing = self.door.outgoing(method);
        match speech {
            Speech::Modern(revision) => heading::version(&mut outgoing.headers, revision),
            Speech::Greeting => {}
            Speech::Legacy => {
                let session = self.session().clone();
                if let Some(revision) = session.revision {
                    heading::version(&mut outgoing.headers, revision);
                }
                if let Some(id) = session.id {
                    outgoing.headers.insert(heading::SESSION, id);
                }
            }
        }
        outgoing
    }

    /// Sends what needs no answer but "accepted".
    async fn deliver(&self, outgoing: Outgoing) -> Result<(), AskError> {
        let limits = &self.settings.limits;
        let clock = Clock::new(limits.request_timeout, limits.request_timeout);
        let sending = self.door.send(outgoing, &clock);
        let response = clock.limit(sending).await.map_err(AskError::Timeout)??;
        if response.status().is_success() {
            return Ok(());
        }
        self.check_session(&response)?;
        Err(answer::unexpected(response).await)
    }
}

impl Transport for Http {
    fn ask<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Result<Box<RawValue>, AskError>> {
        Box::pin(self.answer(call))
    }

    fn tell(
        &self,
        notification: Notification,
        speech: Speech,
    ) -> BoxFuture<'_, Result<(), AskError>> {
        Box::pin(async move {
            let mut outgoing = self.outgoing(Method::POST, speech);
            if let Speech::Modern(_) = speech {
                heading::method(&mut outgoing.headers, &notification.method);
            }
            outgoing.body = Bytes::from(envelope::notification(&notification));
            self.deliver(outgoing).await
        })
    }

    fn greeted(&self, revision: Revision) {
        self.session().revision = Some(revision);
    }

    fn listen(&self, opened: Opened) -> BoxFuture<'_, ()> {
        Box::pin(self.listen_again_and_again(opened))
    }

    fn mirrors_parameters(&self) -> bool {
        true
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.leave())
    }
}

/// Messages within a session of the legacy era.
impl Way for Http {
    fn send(&self, frame: Vec<u8>) -> BoxFuture<'_, Result<(), AskError>> {
        let mut outgoing = self.outgoing(Method::POST, Speech::Legacy);
        outgoing.body = Bytes::from(frame);
        Box::pin(self.deliver(outgoing))
    }

    fn send_soon(&self, frame: Vec<u8>) {
        if self.errands.try_send(frame).is_err() {
            debug!("dropped a message, too many wait to be sent");
        }
    }
}
