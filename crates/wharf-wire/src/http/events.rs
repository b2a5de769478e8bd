//! A response that is a stream: what is said while a request runs, then its answer.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Sleep, sleep};
use wharf_protocol::port::BoxFuture;

use crate::mailbox::Inbox;
use crate::sse;

/// The frames of one inbox, then the last one. Dropping it drops whatever makes them.
pub(super) struct Events {
    /// What is said first.
    opening: Option<Bytes>,
    inbox: Inbox,
    last: Last,
    silence: Pin<Box<Sleep>>,
    keep_alive: Duration,
    /// Held as long as the stream is open.
    _permit: OwnedSemaphorePermit,
}

/// How a stream ends.
pub(super) enum Last {
    /// With what this yields, if anything.
    Awaited(BoxFuture<'static, Option<Vec<u8>>>),
    /// With this frame, if any.
    Known(Option<Vec<u8>>),
}

impl Events {
    pub(super) fn new(
        inbox: Inbox,
        last: Last,
        keep_alive: Duration,
        permit: OwnedSemaphorePermit,
    ) -> Self {
        Self {
            opening: None,
            inbox,
            last,
            silence: Box::pin(sleep(keep_alive)),
            keep_alive,
            _permit: permit,
        }
    }

    /// The same after `event`.
    pub(super) fn opened_by(mut self, event: Vec<u8>) -> Self {
        self.opening = Some(event.into());
        self
    }

    /// The next event; `None` at the end of the stream.
    pub(super) fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        if let Some(opening) = self.opening.take() {
            return Poll::Ready(Some(opening));
        }
        // Polled first: it is what fills the inbox.
        if let Last::Awaited(awaited) = &mut self.last
            && let Poll::Ready(frame) = awaited.as_mut().poll(context)
        {
            self.last = Last::Known(frame);
        }
        if let Poll::Ready(Some(frame)) = self.inbox.poll_take(context) {
            return Poll::Ready(Some(self.spoken(frame)));
        }
        if let Last::Known(frame) = &mut self.last {
            let frame = frame.take();
            return Poll::Ready(frame.map(|frame| self.spoken(frame)));
        }
        if self.silence.as_mut().poll(context).is_ready() {
            self.rest();
            // Registers the new timer with this task.
            let _ = self.silence.as_mut().poll(context);
            return Poll::Ready(Some(Bytes::from_static(sse::KEEP_ALIVE)));
        }
        Poll::Pending
    }

    fn spoken(&mut self, frame: Vec<u8>) -> Bytes {
        self.rest();
        Bytes::from(sse::event(frame))
    }

    /// Starts the wait for the next sign of life again.
    fn rest(&mut self) {
        self.silence
            .as_mut()
            .reset(Instant::now() + self.keep_alive);
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Events").finish_non_exhaustive()
    }
}
