//! What subscribers hear: of the lists of the handler inside, and of tasks.

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use wharf_protocol::port::{BoxFuture, Change, Changes};

pub(super) struct News {
    pub inner: Option<Box<dyn Changes>>,
    pub tasks: Receiver<Change>,
}

impl News {
    async fn next_of_lists(inner: &mut Option<Box<dyn Changes>>) -> Change {
        if let Some(changes) = inner
            && let Some(change) = changes.next().await
        {
            return change;
        }
        *inner = None;
        std::future::pending().await
    }

    async fn next_of_tasks(tasks: &mut Receiver<Change>) -> Option<Change> {
        loop {
            match tasks.recv().await {
                Ok(change) => return Some(change),
                // What was missed is found by whoever looks at the task, as clients may at any time.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

impl Changes for News {
    fn next(&mut self) -> BoxFuture<'_, Option<Change>> {
        Box::pin(async move {
            tokio::select! {
                change = Self::next_of_lists(&mut self.inner) => Some(change),
                change = Self::next_of_tasks(&mut self.tasks) => change,
            }
        })
    }
}
