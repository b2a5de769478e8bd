//! Changes, as one subscriber hears of them.

use tokio::sync::broadcast::{Receiver, error::RecvError};
use wharf_protocol::port::{BoxFuture, Change, Changes};

/// What was announced since this subscriber came.
pub(crate) struct Announcements(pub(crate) Receiver<Change>);

impl Changes for Announcements {
    fn next(&mut self) -> BoxFuture<'_, Option<Change>> {
        Box::pin(async move {
            match self.0.recv().await {
                Ok(change) => Some(change),
                // Something was missed. Which list it was is not known, but reading one again
                // harms nobody.
                Err(RecvError::Lagged(_)) => Some(Change::Tools),
                Err(RecvError::Closed) => None,
            }
        })
    }
}
