//! One channel that all requests share: answers find their request by its id.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::value::RawValue;
use tokio::sync::{mpsc, oneshot};
use tracing::{debug, warn};
use wharf_protocol::envelope::{self, Frame};
use wharf_protocol::id::RequestId;
use wharf_protocol::method::Method;
use wharf_protocol::notification::CancelledParams;
use wharf_protocol::port::{Notification, Peer, Request};
use wharf_protocol::revision::{Era, Revision};

use super::answering::Answering;
use super::error::AskError;
use super::hearing::{Hearing, attribute, subject};
use super::reception::Reception;
use super::settings::ClientSettings;
use super::transport::{Call, Speech, Way};

type Settlement = Result<Box<RawValue>, AskError>;

/// Requests on their way through one channel.
pub(super) struct Channel {
    way: Arc<dyn Way>,
    /// Answers questions that belong to no request.
    listener: Arc<dyn Peer>,
    reception: Arc<Reception>,
    queued: usize,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    waiting: HashMap<i64, Waiting>,
    /// Whether nothing more will come.
    ended: bool,
    last_words: Option<String>,
    /// Servers of the modern era ask nothing.
    takes_questions: bool,
}

struct Waiting {
    answer: oneshot::Sender<Settlement>,
    news: mpsc::Sender<Notification>,
    hearing: Hearing,
}

impl Channel {
    pub(super) fn new(
        way: Arc<dyn Way>,
        settings: &ClientSettings,
        reception: Arc<Reception>,
    ) -> Self {
        Self {
            way,
            listener: Arc::clone(&settings.listener),
            reception,
            queued: settings.limits.queued_frames,
            open: Mutex::default(),
        }
    }

    /// Sends `call` and waits for its answer. Dropping the future tells the server to stop.
    pub(super) async fn ask(&self, call: &Call) -> Result<Box<RawValue>, AskError> {
        let (answer, mut settled) = oneshot::channel();
        let (news, mut heard) = mpsc::channel(self.queued);
        let waiting = Waiting {
            answer,
            news,
            hearing: call.hearing.clone(),
        };
        let _entry = self.enter(call, waiting)?;
        let frame = envelope::request(&RequestId::from(call.id), &call.request);
        self.way.send(frame).await?;
        let settlement = loop {
            tokio::select! {
                // What was said before the answer is heard before it.
                biased;
                Some(notification) = heard.recv() => call.hearing.hear(notification).await,
                settlement = &mut settled => break settlement,
            }
        };
        settlement.unwrap_or_else(|_| Err(self.lost()))
    }

    pub(super) async fn tell(&self, notification: &Notification) -> Result<(), AskError> {
        self.way.send(envelope::notification(notification)).await
    }

    /// A session is open, in which the server may ask things too.
    pub(super) fn greeted(&self, revision: Revision) {
        self.open().takes_questions = revision.era() == Era::Legacy;
    }

    /// Takes one frame of the server's. Never waits: everything else waits behind it.
    pub(super) fn take(&self, bytes: &[u8], answering: &mut Answering) {
        match Frame::parse(bytes) {
            Ok(Frame::Response(id, Ok(result))) => self.settle(&id, Ok(result)),
            Ok(Frame::Response(id, Err(error))) => {
                let status = None;
                self.settle(&id, Err(AskError::Refused { error, status }));
            }
            Ok(Frame::Notification(notification)) => self.notice(notification, answering),
            Ok(Frame::Request(id, request)) => self.asked(id, request, answering),
            Err(bad) => {
                // Some servers answer what they could not read without an id.
                debug!(error = %bad.error, bytes = bytes.len(), "skipped what is no message");
            }
        }
    }

    /// Takes note of a frame that was too long to be read. If only one request runs, it was meant for
    /// that one; else whoever waits for it will wait in vain.
    pub(super) fn skipped(&self, limit: usize) {
        warn!(limit, "skipped a message that is too long");
        let mut open = self.open();
        if let [id] = open.waiting.keys().copied().collect::<Vec<_>>()[..]
            && let Some(waiting) = open.waiting.remove(&id)
        {
            drop(waiting.answer.send(Err(AskError::TooLong { limit })));
        }
    }

    /// Nothing more will come; every request that waits learns of it.
    pub(super) fn end(&self, last_words: Option<String>) {
        let mut open = self.open();
        open.ended = true;
        open.last_words = last_words;
        let waiting = std::mem::take(&mut open.waiting);
        drop(open);
        drop(waiting);
    }

    fn enter<'a>(&'a self, call: &Call, waiting: Waiting) -> Result<Entry<'a>, AskError> {
        let mut open = self.open();
        if open.ended {
            drop(open);
            return Err(self.lost());
        }
        open.waiting.insert(call.id, waiting);
        drop(open);
        Ok(Entry {
            id: call.id,
            // `initialize` must not be cancelled (2025-11-25, cancellation).
            cancellable: call.speech != Speech::Greeting,
            channel: self,
        })
    }

    fn settle(&self, id: &RequestId, settlement: Settlement) {
        let waiting = match id {
            RequestId::Integer(id) => self.open().waiting.remove(id),
            _ => None,
        };
        // Whoever waited may have left between these two lines; then it is nobody's either.
        if waiting.is_none_or(|waiting| waiting.answer.send(settlement).is_err()) {
            debug!(%id, "dropped an answer that nobody waits for");
        }
    }

    fn notice(&self, notification: Notification, answering: &Answering) {
        let subject = subject(&notification);
        let mut open = self.open();
        if notification.method == Method::CANCELLED {
            // In a session this takes back a question of the server's; in the modern era the only
            // use for it is to end a subscription of ours.
            if open.takes_questions {
                answering.cancel(&notification);
            } else if let Some(id) = subject {
                open.waiting.remove(&id);
            }
            return;
        }
        let Some(waiting) = subject.and_then(|id| open.waiting.get(&id)) else {
            drop(open);
            self.reception.take(notification);
            return;
        };
        if notification.method == Method::PROGRESS {
            waiting.hearing.clock.progressed();
        }
        if waiting.news.try_send(notification).is_err() {
            debug!("dropped a notification, too many wait for the request they belong to");
        }
    }

    fn asked(&self, id: RequestId, request: Request, answering: &mut Answering) {
        let open = self.open();
        if !open.takes_questions {
            debug!(%id, method = ?request.method.as_str(), "ignored a question, this era has none");
            return;
        }
        let running = open.waiting.values().map(|waiting| &waiting.hearing);
        let (listener, stopped) = attribute(running, &self.listener);
        drop(open);
        answering.begin(id, request, listener, stopped);
    }

    fn lost(&self) -> AskError {
        AskError::Lost {
            last_words: self.open().last_words.clone(),
        }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One request that waits. Dropped while nobody answered, it tells the server to stop.
struct Entry<'a> {
    id: i64,
    cancellable: bool,
    channel: &'a Channel,
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        let unanswered = self.channel.open().waiting.remove(&self.id).is_some();
        if unanswered && self.cancellable {
            self.channel.way.send_soon(cancellation(self.id));
        }
    }
}

/// The frame that takes back request `id`.
pub(super) fn cancellation(id: i64) -> Vec<u8> {
    let params = CancelledParams {
        request_id: RequestId::from(id),
        reason: None,
    };
    let params = serde_json::value::to_raw_value(&params).ok();
    envelope::notification(&Notification {
        method: Method::CANCELLED,
        params,
    })
}
