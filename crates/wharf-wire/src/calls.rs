//! Requests of ours that the other end has not answered yet.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::value::RawValue;
use tokio::sync::oneshot;
use wharf_protocol::envelope;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::id::RequestId;
use wharf_protocol::method::Method;
use wharf_protocol::notification::CancelledParams;
use wharf_protocol::port::{Notification, Request};

use crate::mailbox::Outbox;

/// What a request of ours is answered with.
pub(crate) type Settlement = Result<Box<RawValue>, ErrorObject>;

/// The open requests of one session. Ids are ours, so an answer to anything else is dropped.
#[derive(Debug, Default)]
pub(crate) struct Calls(Mutex<Open>);

#[derive(Debug, Default)]
struct Open {
    last: i64,
    waiting: HashMap<i64, oneshot::Sender<Settlement>>,
}

impl Calls {
    /// Sends `request` through `outbox` and waits. Dropping the future cancels the request.
    pub(crate) async fn ask(&self, request: Request, outbox: &Outbox) -> Settlement {
        let (call, settled) = self.open(outbox);
        let frame = envelope::request(&RequestId::from(call.id), &request);
        outbox.put(frame).await.map_err(|_| gone())?;
        settled.await.unwrap_or_else(|_| Err(gone()))
    }

    /// Takes the other end's answer to `id`; whether anybody waited for it.
    pub(crate) fn settle(&self, id: &RequestId, settlement: Settlement) -> bool {
        let RequestId::Integer(id) = id else {
            return false;
        };
        let waiting = self.lock().waiting.remove(id);
        waiting.is_some_and(|waiting| waiting.send(settlement).is_ok())
    }

    fn open<'a>(&'a self, outbox: &'a Outbox) -> (Call<'a>, oneshot::Receiver<Settlement>) {
        let (waiting, settled) = oneshot::channel();
        let mut open = self.lock();
        open.last += 1;
        let id = open.last;
        open.waiting.insert(id, waiting);
        drop(open);
        let call = Call {
            id,
            calls: self,
            outbox,
        };
        (call, settled)
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The other end left before it answered.
fn gone() -> ErrorObject {
    ErrorObject::new(
        wharf_protocol::error::code::INTERNAL_ERROR,
        "The client left before it answered",
    )
}

/// One open request. Dropped while nobody answered, it tells the other end to stop.
struct Call<'a> {
    id: i64,
    calls: &'a Calls,
    outbox: &'a Outbox,
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        if self.calls.lock().waiting.remove(&self.id).is_none() {
            return;
        }
        let params = CancelledParams {
            request_id: RequestId::from(self.id),
            reason: None,
        };
        if let Ok(notification) = Notification::new(Method::CANCELLED, &params) {
            // A mailbox that is full belongs to a client that reads nothing anyway.
            let _ = self.outbox.try_put(envelope::notification(&notification));
        }
    }
}
