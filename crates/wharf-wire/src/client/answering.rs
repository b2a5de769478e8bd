//! Questions of a server that are being answered (2025-11-25 and older).

use std::sync::Arc;

use serde_json::value::RawValue;
use tokio::task::JoinSet;
use tracing::debug;
use wharf_protocol::envelope;
use wharf_protocol::error::{ErrorObject, code};
use wharf_protocol::id::RequestId;
use wharf_protocol::method::Method;
use wharf_protocol::port::{Notification, Peer, Request};

use super::clock::Stopped;
use super::params;
use super::transport::Way;
use crate::running::Running;

/// The questions of one stream. Dropping it drops them unanswered.
pub(super) struct Answering {
    way: Arc<dyn Way>,
    tasks: JoinSet<()>,
    running: Running,
    most: usize,
}

impl Answering {
    pub(super) fn new(way: Arc<dyn Way>, most: usize) -> Self {
        Self {
            way,
            tasks: JoinSet::new(),
            running: Running::default(),
            most,
        }
    }

    /// Lets `listener` answer `request` beside whatever else goes on. The clocks in `stopped` stand
    /// still meanwhile.
    pub(super) fn begin(
        &mut self,
        id: RequestId,
        request: Request,
        listener: Arc<dyn Peer>,
        stopped: Vec<Stopped>,
    ) {
        while self.tasks.try_join_next().is_some() {}
        if self.tasks.len() >= self.most {
            let error = ErrorObject::new(code::INTERNAL_ERROR, "Too many questions at one time");
            self.way.send_soon(envelope::failure(Some(&id), &error));
            return;
        }
        let Some(run) = self.running.begin(&id) else {
            debug!(%id, "ignored a question whose id is that of an open one");
            return;
        };
        let way = Arc::clone(&self.way);
        self.tasks.spawn(async move {
            let _stopped = stopped;
            let Some(answer) = run.unless_cancelled(answer(&*listener, request)).await else {
                return;
            };
            let frame = match answer {
                Ok(result) => envelope::response(&id, &result),
                Err(error) => envelope::failure(Some(&id), &error),
            };
            if let Err(error) = way.send(frame).await {
                debug!(%error, %id, "could not deliver an answer");
            }
        });
    }

    /// The server does not want to know any more.
    pub(super) fn cancel(&self, notification: &Notification) {
        self.running.cancel_named(notification);
    }
}

/// What `listener` says to a question. A ping asks nobody in particular.
async fn answer(listener: &dyn Peer, request: Request) -> Result<Box<RawValue>, ErrorObject> {
    if request.method == Method::PING {
        return params::raw(&serde_json::Map::new());
    }
    listener.request(request).await
}
