//! A bounded queue of frames with many writers and one reader. It allocates nothing until something
//! is put in, for most requests never say a word before their answer.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use tokio::sync::Notify;

/// A mailbox that holds at most `capacity` frames.
pub(crate) fn mailbox(capacity: usize) -> (Outbox, Inbox) {
    let shared = Arc::new(Shared {
        capacity,
        state: Mutex::new(State {
            writers: 1,
            ..State::default()
        }),
        space: Notify::new(),
        gone: Notify::new(),
    });
    (Outbox(Arc::clone(&shared)), Inbox(shared))
}

/// The end that frames are put in.
#[derive(Debug)]
pub(crate) struct Outbox(Arc<Shared>);

/// The end that frames come out of. Dropping it turns every later frame away.
#[derive(Debug)]
pub(crate) struct Inbox(Arc<Shared>);

/// Nobody reads this mailbox any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Gone;

#[derive(Debug)]
struct Shared {
    capacity: usize,
    state: Mutex<State>,
    space: Notify,
    gone: Notify,
}

#[derive(Debug, Default)]
struct State {
    frames: VecDeque<Vec<u8>>,
    reader: Option<Waker>,
    writers: usize,
    closed: bool,
    /// A writer wants the reader to leave and to come back.
    hung_up: bool,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // No line that holds the lock can panic half way through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Outbox {
    /// Puts `frame` in, waiting while the mailbox is full: a slow reader slows its writers down.
    pub(crate) async fn put(&self, mut frame: Vec<u8>) -> Result<(), Gone> {
        loop {
            let mut space = pin!(self.0.space.notified());
            // Registered before the look, so that no space is made between look and wait.
            space.as_mut().enable();
            match self.try_put(frame) {
                Ok(()) => return Ok(()),
                Err(Full::Gone) => return Err(Gone),
                Err(Full::Frame(back)) => frame = back,
            }
            space.await;
        }
    }

    /// Puts `frame` in unless there is no room or no reader.
    pub(crate) fn try_put(&self, frame: Vec<u8>) -> Result<(), Full> {
        let mut state = self.0.state();
        if state.closed {
            return Err(Full::Gone);
        }
        if state.frames.len() >= self.0.capacity {
            return Err(Full::Frame(frame));
        }
        state.frames.push_back(frame);
        let reader = state.reader.take();
        drop(state);
        if let Some(reader) = reader {
            reader.wake();
        }
        Ok(())
    }

    /// Asks the reader to leave once it has read what there is, and to come back for the rest.
    pub(crate) fn hang_up(&self) {
        let mut state = self.0.state();
        state.hung_up = true;
        let reader = state.reader.take();
        drop(state);
        if let Some(reader) = reader {
            reader.wake();
        }
    }

    /// Waits until nobody reads any more.
    pub(crate) async fn gone(&self) {
        let mut gone = pin!(self.0.gone.notified());
        gone.as_mut().enable();
        if !self.0.state().closed {
            gone.await;
        }
    }
}

impl Clone for Outbox {
    fn clone(&self) -> Self {
        self.0.state().writers += 1;
        Self(Arc::clone(&self.0))
    }
}

impl Drop for Outbox {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.writers -= 1;
        let reader = match state.writers {
            0 => state.reader.take(),
            _ => None,
        };
        drop(state);
        if let Some(reader) = reader {
            reader.wake();
        }
    }
}

/// Why a frame was not put in.
pub(crate) enum Full {
    Frame(Vec<u8>),
    Gone,
}

impl Inbox {
    /// The next frame; `None` once nobody can put one in any more.
    pub(crate) fn poll_take(&mut self, context: &mut Context<'_>) -> Poll<Option<Vec<u8>>> {
        let mut state = self.0.state();
        let Some(frame) = state.frames.pop_front() else {
            if state.writers == 0 {
                return Poll::Ready(None);
            }
            remember(&mut state.reader, context);
            return Poll::Pending;
        };
        drop(state);
        self.0.space.notify_one();
        Poll::Ready(Some(frame))
    }

    /// Whether the reader was asked to leave since this was last asked.
    pub(crate) fn take_hang_up(&mut self) -> bool {
        std::mem::take(&mut self.0.state().hung_up)
    }

    /// Ready once there is a frame, or the reader is to leave.
    pub(crate) fn poll_waiting(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.0.state();
        if state.frames.is_empty() && !state.hung_up {
            remember(&mut state.reader, context);
            return Poll::Pending;
        }
        Poll::Ready(())
    }

    pub(crate) async fn take(&mut self) -> Option<Vec<u8>> {
        poll_fn(|context| self.poll_take(context)).await
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.state().frames.is_empty()
    }
}

fn remember(reader: &mut Option<Waker>, context: &Context<'_>) {
    match reader {
        Some(waker) => waker.clone_from(context.waker()),
        None => *reader = Some(context.waker().clone()),
    }
}

impl Drop for Inbox {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.closed = true;
        state.frames = VecDeque::new();
        drop(state);
        self.0.space.notify_waiters();
        self.0.gone.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use tokio::task::{JoinHandle, yield_now};

    use super::{Gone, Outbox, mailbox};

    fn putting(outbox: &Outbox, frame: u8) -> JoinHandle<Result<(), Gone>> {
        let outbox = outbox.clone();
        tokio::spawn(async move { outbox.put(vec![frame]).await })
    }

    #[tokio::test]
    async fn a_writer_waits_for_room() {
        let (outbox, mut inbox) = mailbox(1);
        outbox.put(vec![1]).await.expect("there is a reader");
        let second = putting(&outbox, 2);
        yield_now().await;
        assert!(!second.is_finished());
        assert_eq!(inbox.take().await, Some(vec![1]));
        assert_eq!(second.await.expect("no panic"), Ok(()));
        assert_eq!(inbox.take().await, Some(vec![2]));
        assert!(inbox.is_empty());
    }

    #[tokio::test]
    async fn a_writer_without_a_reader_is_told() {
        let (outbox, inbox) = mailbox(1);
        outbox.put(vec![1]).await.expect("there is a reader");
        let second = putting(&outbox, 2);
        yield_now().await;
        drop(inbox);
        assert_eq!(second.await.expect("no panic"), Err(Gone));
        outbox.gone().await;
        assert_eq!(outbox.put(vec![3]).await, Err(Gone));
    }

    #[tokio::test]
    async fn a_reader_without_writers_reads_what_is_left_and_ends() {
        let (outbox, mut inbox) = mailbox(2);
        putting(&outbox, 1)
            .await
            .expect("no panic")
            .expect("there is a reader");
        drop(outbox);
        assert_eq!(inbox.take().await, Some(vec![1]));
        assert_eq!(inbox.take().await, None);
    }
}
