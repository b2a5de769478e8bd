//! A legacy answer in the making, which goes on while nobody reads it (2025-11-25, Streamable HTTP,
//! resumability and redelivery: to leave is not to cancel).
//!
//! Whoever reads polls the work, so no task is spawned for an answer that is read as it comes. When a
//! reader leaves too early, a caretaker polls in its place, until a new reader comes or the grace
//! time is over.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use tokio::runtime::Handle;
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::events::Last;
use super::replay::{Forgotten, Replay};
use crate::mailbox::Inbox;
use crate::sse;

/// The tasks that look after answers without a reader. They end with their endpoint.
#[derive(Debug, Default)]
pub(super) struct Caretakers(Mutex<JoinSet<()>>);

/// One answer, and what it has said so far.
pub(super) struct Resumable {
    /// Its name in its session.
    number: u64,
    grace: Duration,
    caretakers: Weak<Caretakers>,
    state: Mutex<State>,
}

struct State {
    /// `None` once there is no more to come.
    source: Option<Source>,
    replay: Replay,
    /// Counts the readers: only the newest one may read.
    turn: u64,
    reader: Option<Waker>,
    ended: Option<Instant>,
}

/// Where the frames come from.
pub(super) struct Source {
    pub inbox: Inbox,
    pub last: Last,
    /// Held as long as the request runs.
    pub _permit: OwnedSemaphorePermit,
}

/// How an answer begins.
pub(super) enum Beginning {
    /// It is this one frame; `None` for a request that was cancelled.
    Whole(Option<Vec<u8>>),
    /// Something is said before it, or its reader is to come back for it.
    Stream,
}

/// What a reader gets.
pub(super) enum Step {
    Event(Bytes),
    /// The reader is to leave, and to come back for what is left.
    HangUp,
    End,
}

impl Resumable {
    pub(super) fn new(
        number: u64,
        source: Source,
        replay_bytes: usize,
        grace: Duration,
        caretakers: &Arc<Caretakers>,
    ) -> Arc<Self> {
        Arc::new(Self {
            number,
            grace,
            caretakers: Arc::downgrade(caretakers),
            state: Mutex::new(State {
                source: Some(source),
                replay: Replay::new(replay_bytes),
                turn: 0,
                reader: None,
                ended: None,
            }),
        })
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// A new reader, who takes the place of the one before.
    pub(super) fn take_turn(&self) -> u64 {
        let mut state = self.state();
        state.turn += 1;
        if let Some(reader) = state.reader.take() {
            reader.wake();
        }
        state.turn
    }

    /// Whether all that came after `event` is still there.
    pub(super) fn remembers(&self, event: u64) -> bool {
        let state = self.state();
        event < state.replay.next_number() && state.replay.after(event).is_ok()
    }

    /// Whether it ended so long ago that nobody will come for it any more.
    pub(super) fn is_over(&self) -> bool {
        let ended = self.state().ended;
        ended.is_some_and(|since| since.elapsed() >= self.grace)
    }

    pub(super) fn has_ended(&self) -> bool {
        self.state().ended.is_some()
    }

    /// How the answer begins, before anybody reads it as a stream.
    pub(super) fn poll_beginning(&self, context: &mut Context<'_>) -> Poll<Beginning> {
        let mut state = self.state();
        let Some(source) = &mut state.source else {
            return Poll::Ready(Beginning::Whole(None));
        };
        source.work(context);
        if source.inbox.poll_waiting(context).is_ready() {
            return Poll::Ready(Beginning::Stream);
        }
        let Last::Known(frame) = &mut source.last else {
            return Poll::Pending;
        };
        let frame = frame.take();
        state.end();
        Poll::Ready(Beginning::Whole(frame))
    }

    /// The event after `position` for the reader whose `turn` it is.
    pub(super) fn poll_after(
        &self,
        position: u64,
        turn: u64,
        context: &mut Context<'_>,
    ) -> Poll<Step> {
        let mut state = self.state();
        if state.turn != turn {
            return Poll::Ready(Step::End);
        }
        match state.replay.after(position) {
            Ok(Some(event)) => return Poll::Ready(Step::Event(event)),
            // The reader has all there is, so nothing that is too large has to wait for it.
            Ok(None) => state.replay.trim(),
            Err(Forgotten) => return Poll::Ready(Step::End),
        }
        state.poll_source(self.number, context)
    }

    /// Leaves the work to a caretaker, where there is any left and nobody else has come for it.
    pub(super) fn leave(self: &Arc<Self>, turn: u64) {
        if self.state().turn != turn || self.has_ended() {
            return;
        }
        let turn = self.take_turn();
        let caretakers = self.caretakers.upgrade();
        match (caretakers, Handle::try_current()) {
            (Some(caretakers), Ok(runtime)) => caretakers.tend(Arc::clone(self), turn, &runtime),
            _ => self.abandon(turn),
        }
    }

    /// Drops the work, and with it the request.
    fn abandon(&self, turn: u64) {
        let mut state = self.state();
        if state.turn == turn && state.ended.is_none() {
            state.end();
        }
    }

    /// Works on until there is no more to come, or a reader has come.
    fn poll_unread(&self, turn: u64, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.state();
        loop {
            if state.turn != turn {
                return Poll::Ready(());
            }
            match state.poll_source(self.number, context) {
                Poll::Ready(Step::Event(_) | Step::HangUp) => state.replay.trim(),
                Poll::Ready(Step::End) => return Poll::Ready(()),
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The next event, entered in the replay.
    fn poll_source(&mut self, stream: u64, context: &mut Context<'_>) -> Poll<Step> {
        let Some(source) = &mut self.source else {
            return Poll::Ready(Step::End);
        };
        source.work(context);
        let frame = match (source.inbox.poll_take(context), &mut source.last) {
            (Poll::Ready(Some(frame)), _) => frame,
            (_, Last::Known(frame)) => {
                let Some(frame) = frame.take() else {
                    self.end();
                    return Poll::Ready(Step::End);
                };
                frame
            }
            _ if source.inbox.take_hang_up() => return Poll::Ready(Step::HangUp),
            _ => {
                self.reader = Some(context.waker().clone());
                return Poll::Pending;
            }
        };
        let event = Bytes::from(sse::numbered(frame, stream, self.replay.next_number()));
        self.replay.push(event.clone());
        Poll::Ready(Step::Event(event))
    }

    fn end(&mut self) {
        self.source = None;
        self.ended = Some(Instant::now());
    }
}

impl Source {
    /// Polled before the inbox is looked at: it is what fills it.
    fn work(&mut self, context: &mut Context<'_>) {
        if let Last::Awaited(awaited) = &mut self.last
            && let Poll::Ready(frame) = awaited.as_mut().poll(context)
        {
            self.last = Last::Known(frame);
        }
    }
}

/// An answer in the hands of a caretaker. Dropped before a reader has come, it drops the work.
struct Custody {
    stream: Arc<Resumable>,
    turn: u64,
}

impl Drop for Custody {
    fn drop(&mut self) {
        self.stream.abandon(self.turn);
    }
}

impl Caretakers {
    fn tend(&self, stream: Arc<Resumable>, turn: u64, runtime: &Handle) {
        let mut tasks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        tasks.spawn_on(
            async move {
                let custody = Custody { stream, turn };
                let stream = &custody.stream;
                let unread = poll_fn(|context| stream.poll_unread(turn, context));
                // However this ends, nothing is left without somebody who looks after it.
                let _ = tokio::time::timeout(stream.grace, unread).await;
            },
            runtime,
        );
    }
}
