//! Somebody who reads a resumable answer.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Response, StatusCode};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Sleep, sleep, timeout};

use super::body::Body;
use super::resumable::{Beginning, Resumable, Step};
use super::streams::Streams;
use crate::sse;

/// Reads from one event on. Dropping it leaves the work to a caretaker.
pub(super) struct Reading {
    stream: Arc<Resumable>,
    turn: u64,
    /// The number of the last event that was read.
    position: u64,
    /// What is said before the first event.
    opening: Option<Vec<u8>>,
    silence: Option<Pin<Box<Sleep>>>,
    keep_alive: Duration,
    /// Held as long as the stream is open, where the request does not hold one itself.
    _permit: Option<OwnedSemaphorePermit>,
}

impl Reading {
    pub(super) fn new(stream: Arc<Resumable>, keep_alive: Duration) -> Self {
        Self {
            turn: stream.take_turn(),
            stream,
            position: 0,
            opening: None,
            silence: None,
            keep_alive,
            _permit: None,
        }
    }

    /// The same from the event after `position` on, as a stream of its own.
    pub(super) fn resumed(
        stream: Arc<Resumable>,
        position: u64,
        keep_alive: Duration,
        permit: OwnedSemaphorePermit,
    ) -> Self {
        Self {
            turn: stream.take_turn(),
            stream,
            position,
            opening: None,
            silence: None,
            keep_alive,
            _permit: Some(permit),
        }
    }

    /// First says how to come back (SEP-1699), where the client understands that.
    pub(super) fn primed(mut self, primed: bool) -> Self {
        self.opening = primed.then(|| sse::priming(self.stream.number()));
        self
    }

    /// Answers with one JSON text, if it comes before `patience` is over and nothing is said before
    /// it, or else with a stream, which is entered in `streams`.
    pub(super) async fn respond(
        self,
        patience: Duration,
        primed: bool,
        streams: &Streams,
    ) -> Response<Body> {
        let beginning = poll_fn(|context| self.stream.poll_beginning(context));
        match timeout(patience, beginning).await {
            Ok(Beginning::Whole(Some(frame))) => Body::json(StatusCode::OK, frame),
            Ok(Beginning::Whole(None)) => Body::reading(self),
            Ok(Beginning::Stream) | Err(_) => {
                streams.enter(Arc::clone(&self.stream));
                Body::reading(self.primed(primed))
            }
        }
    }

    /// The next event; `None` at the end of the stream.
    pub(super) fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        if let Some(opening) = self.opening.take() {
            return Poll::Ready(Some(opening.into()));
        }
        match self.stream.poll_after(self.position, self.turn, context) {
            Poll::Ready(Step::Event(event)) => {
                self.position += 1;
                self.silence = None;
                Poll::Ready(Some(event))
            }
            Poll::Ready(Step::HangUp | Step::End) => Poll::Ready(None),
            Poll::Pending => self.poll_silence(context),
        }
    }

    fn poll_silence(&mut self, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let keep_alive = self.keep_alive;
        let silence = self
            .silence
            .get_or_insert_with(|| Box::pin(sleep(keep_alive)));
        if silence.as_mut().poll(context).is_pending() {
            return Poll::Pending;
        }
        silence.as_mut().reset(Instant::now() + keep_alive);
        // Registers the new timer with this task.
        let _ = silence.as_mut().poll(context);
        Poll::Ready(Some(Bytes::from_static(sse::KEEP_ALIVE)))
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.stream.leave(self.turn);
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Reading")
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}
