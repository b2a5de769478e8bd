//! Requests being answered, by id, so that the other end can cancel one.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::value::RawValue;
use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;
use wharf_protocol::id::RequestId;
use wharf_protocol::notification::CancelledParams;
use wharf_protocol::port::Notification;

/// The requests of one connection or session that have no answer yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Running(Arc<Mutex<HashMap<RequestId, oneshot::Sender<()>>>>);

/// One running request; leaves the list when it is dropped.
#[derive(Debug)]
pub(crate) struct Run {
    id: RequestId,
    running: Running,
    cancelled: oneshot::Receiver<()>,
}

impl Running {
    /// Enters `id`; `None` where a request of that id is running already.
    pub(crate) fn begin(&self, id: &RequestId) -> Option<Run> {
        let (cancel, cancelled) = oneshot::channel();
        match self.lock().entry(id.clone()) {
            Entry::Occupied(_) => return None,
            Entry::Vacant(entry) => entry.insert(cancel),
        };
        Some(Run {
            id: id.clone(),
            running: self.clone(),
            cancelled,
        })
    }

    /// Cancels `id`. An unknown one is ignored: it may have been answered a moment ago.
    fn cancel(&self, id: &RequestId) {
        let cancel = self.lock().remove(id);
        if let Some(cancel) = cancel {
            // The receiver is gone where the request ended between these two lines.
            let _ = cancel.send(());
        }
    }

    /// Cancels the request that a `notifications/cancelled` names, if it names one.
    pub(crate) fn cancel_named(&self, notification: &Notification) {
        let params = notification.params.as_deref().map(RawValue::get);
        if let Some(params) = params
            && let Ok(CancelledParams { request_id, .. }) = serde_json::from_str(params)
        {
            self.cancel(&request_id);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<RequestId, oneshot::Sender<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Run {
    /// Waits for `work`; `None` where the other end cancelled it first.
    pub(crate) async fn unless_cancelled<T>(mut self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            Ok(()) = &mut self.cancelled => None,
            output = work => Some(output),
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let running = self.running.clone();
        let mut open = running.lock();
        // After a cancellation the id may already belong to a newer request.
        if matches!(self.cancelled.try_recv(), Err(TryRecvError::Empty)) {
            open.remove(&self.id);
        }
    }
}
