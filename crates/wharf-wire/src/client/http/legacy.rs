//! What only the legacy era has: sessions, streams that can be taken up again, questions of the
//! server's (2025-11-25, Streamable HTTP).

use std::collections::HashMap;
use std::sync::{Arc, MutexGuard, PoisonError};

use http::{HeaderValue, Method, Response, StatusCode};
use hyper::body::Incoming;
use tokio::time::sleep;
use tracing::debug;
use wharf_protocol::port::Peer;
use wharf_protocol::revision::Revision;

use super::stream::{End, EventStream};
use super::{Http, LONGEST_RETRY, RESUMPTIONS, RETRY, answer, heading};
use crate::client::channel::cancellation;
use crate::client::clock::{Clock, Stopped};
use crate::client::error::AskError;
use crate::client::hearing::{Hearing, attribute};
use crate::client::transport::{Call, Opened, Speech, Way as _};

/// What a server of the legacy era wants to hear again with every request.
#[derive(Clone, Debug, Default)]
pub(super) struct Session {
    pub id: Option<HeaderValue>,
    pub revision: Option<Revision>,
}

impl Http {
    /// Opens the stream of what the server says of its own accord, or takes up another one.
    pub(super) async fn open_stream(
        &self,
        last_id: Option<&str>,
        clock: &Arc<Clock>,
    ) -> Result<EventStream, AskError> {
        let mut outgoing = self.outgoing(Method::GET, Speech::Legacy);
        if let Some(id) = last_id.and_then(|id| HeaderValue::from_str(id).ok()) {
            outgoing.headers.insert(heading::LAST_EVENT_ID, id);
        }
        let response = self.door.send(outgoing, clock).await?;
        self.check_session(&response)?;
        if !answer::is_stream(&response) {
            return Err(answer::unexpected(response).await);
        }
        EventStream::new(response, self.settings.limits.frame_bytes)
    }

    /// Takes up a stream where it broke off, after the wait that its server asked for.
    pub(super) async fn resume(
        &self,
        broken: &EventStream,
        last_id: &str,
        call: &Call,
    ) -> Result<EventStream, AskError> {
        let retry = broken.retry();
        sleep(retry.unwrap_or(RETRY).min(LONGEST_RETRY)).await;
        let opened = self.open_stream(Some(last_id), &call.hearing.clock).await;
        let mut stream = opened.map_err(|error| match error {
            // It does not resume streams, so what was left unsaid is lost.
            AskError::Status { .. } | AskError::Refused { .. } => AskError::lost(),
            other => other,
        })?;
        stream.remember(last_id.to_owned(), retry);
        Ok(stream)
    }

    /// A 404 within a session says that there is no such session any more (2025-11-25, sessions).
    pub(super) fn check_session(&self, response: &Response<Incoming>) -> Result<(), AskError> {
        let gone = response.status() == StatusCode::NOT_FOUND && self.session().id.is_some();
        if gone {
            Err(AskError::SessionLost)
        } else {
            Ok(())
        }
    }

    /// Who answers a question on a stream that belongs to no request.
    pub(super) fn attribute(&self) -> (Arc<dyn Peer>, Vec<Stopped>) {
        attribute(self.running().values(), &self.settings.listener)
    }

    fn running(&self) -> MutexGuard<'_, HashMap<i64, Hearing>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn session(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Listens for as long as the server lets us.
    pub(super) async fn listen_again_and_again(&self, mut opened: Opened) {
        let hearing = Hearing {
            clock: Clock::endless(),
            listener: Arc::clone(&self.settings.listener),
            token: None,
            reception: Arc::clone(&self.reception),
        };
        let mut last_id: Option<String> = None;
        let mut in_vain = 0;
        while in_vain < RESUMPTIONS {
            let mut wait = RETRY * (1 << in_vain.min(5));
            let attempt = self.open_stream(last_id.as_deref(), &hearing.clock).await;
            drop(opened.take());
            match attempt {
                Ok(mut stream) => {
                    let mut listening = self.listening(hearing.clone(), Speech::Legacy, None);
                    let end = listening.to(&mut stream).await;
                    in_vain = if matches!(end, End::Quiet { news: true }) {
                        0
                    } else {
                        in_vain + 1
                    };
                    last_id = stream.last_id().or(last_id);
                    wait = stream.retry().unwrap_or(wait).min(LONGEST_RETRY);
                }
                // It offers no such stream, or not to us.
                Err(AskError::Status { .. } | AskError::Refused { .. } | AskError::SessionLost) => {
                    return;
                }
                Err(error) => {
                    debug!(%error, "could not listen to the server");
                    in_vain += 1;
                }
            }
            sleep(wait).await;
        }
    }

    /// Ends the session, if there is one. A server may not allow it, which is as well.
    pub(super) async fn leave(&self) {
        if self.session().id.is_none() {
            return;
        }
        let outgoing = self.outgoing(Method::DELETE, Speech::Legacy);
        let clock = Clock::endless();
        let farewell = self.door.send(outgoing, &clock);
        if tokio::time::timeout(self.settings.limits.farewell, farewell)
            .await
            .is_err()
        {
            debug!("the server did not say goodbye in time");
        }
        self.session().id = None;
    }
}

/// One request of the legacy era. A dropped connection does not cancel it there, so that is said as
/// well.
pub(super) struct Running<'a> {
    http: &'a Http,
    id: i64,
    pub answered: bool,
}

impl<'a> Running<'a> {
    pub(super) fn new(http: &'a Http, call: &Call) -> Self {
        http.running().insert(call.id, call.hearing.clone());
        Self {
            http,
            id: call.id,
            answered: false,
        }
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.http.running().remove(&self.id);
        if !self.answered {
            self.http.send_soon(cancellation(self.id));
        }
    }
}
