//! How a request is answered: by one JSON text if nothing is said before the answer, by a stream of
//! events if something is.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use http::{Response, StatusCode};
use tokio::sync::OwnedSemaphorePermit;
use wharf_protocol::port::BoxFuture;

use super::body::Body;
use super::events::{Events, Last};
use crate::mailbox::Inbox;

/// The answer to a request, written.
pub(super) struct Answered {
    /// For a response that is no stream; a stream has said 200 before its answer was known.
    pub status: StatusCode,
    pub frame: Vec<u8>,
}

/// Runs `answering` until it is done or has something to say. Nothing is spawned: the connection's
/// own task does the work, and dropping the response drops it.
///
/// `None` is the answer to a request that its sender has cancelled: an empty stream.
pub(super) async fn respond(
    mut answering: BoxFuture<'static, Option<Answered>>,
    mut inbox: Inbox,
    keep_alive: Duration,
    permit: OwnedSemaphorePermit,
) -> Response<Body> {
    let early = poll_fn(|context| match answering.as_mut().poll(context) {
        Poll::Ready(answered) => Poll::Ready(Some(answered)),
        Poll::Pending => inbox.poll_waiting(context).map(|()| None),
    });
    let last = match early.await {
        Some(Some(answered)) if inbox.is_empty() => {
            return Body::json(answered.status, answered.frame);
        }
        Some(answered) => Last::Known(answered.map(|answered| answered.frame)),
        None => Last::Awaited(Box::pin(async {
            answering.await.map(|answered| answered.frame)
        })),
    };
    Body::events(Events::new(inbox, last, keep_alive, permit))
}
