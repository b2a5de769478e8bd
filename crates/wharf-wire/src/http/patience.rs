//! How long a writer waits for a reader that does not read.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Sleep, sleep};

/// The wait for one write to get anywhere. It costs nothing as long as writes succeed at once.
pub(super) struct Patience {
    limit: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
}

impl Patience {
    pub(super) fn new(limit: Duration) -> Self {
        Self {
            limit,
            waiting: None,
        }
    }

    /// `written`, or an error where nothing has been written for too long.
    pub(super) fn unless_over<T>(
        &mut self,
        written: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.waiting = None;
            return written;
        }
        let limit = self.limit;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(limit)));
        waiting.as_mut().poll(context).map(|()| {
            let reason = "the client reads nothing";
            Err(io::Error::new(io::ErrorKind::TimedOut, reason))
        })
    }
}
