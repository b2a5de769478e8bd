//! The other end of one request that is being answered.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;
use wharf_protocol::envelope;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::method::Method;
use wharf_protocol::notification::LogLevel;
use wharf_protocol::port::{BoxFuture, Notification, Peer, Request};

use crate::mailbox::Outbox;
use crate::session::Session;

/// Whoever sent a request, reached through the outbox that its answer leaves by.
#[derive(Debug)]
pub(crate) struct Caller {
    outbox: Outbox,
    kind: Kind,
}

/// What may be said to a caller.
#[derive(Debug)]
enum Kind {
    /// Notifications; log messages of this gravity and above, if any.
    Modern { logs: Option<LogLevel> },
    /// Notifications and requests.
    Legacy(Arc<Session>),
}

impl Caller {
    /// The sender of a modern request, who wants to read log messages from `logs` up.
    pub(crate) fn modern(outbox: Outbox, logs: Option<LogLevel>) -> Arc<Self> {
        Arc::new(Self {
            outbox,
            kind: Kind::Modern { logs },
        })
    }

    /// A client in `session`.
    pub(crate) fn legacy(outbox: Outbox, session: Arc<Session>) -> Arc<Self> {
        Arc::new(Self {
            outbox,
            kind: Kind::Legacy(session),
        })
    }

    fn may_hear(&self, notification: &Notification) -> bool {
        if notification.method != Method::MESSAGE {
            return true;
        }
        let least = match &self.kind {
            Kind::Modern { logs } => *logs,
            Kind::Legacy(session) => Some(session.log_level()),
        };
        least.is_some_and(|least| gravity(notification).is_none_or(|level| level >= least))
    }
}

fn gravity(notification: &Notification) -> Option<LogLevel> {
    #[derive(Deserialize)]
    struct Graded {
        level: LogLevel,
    }
    let params = notification.params.as_deref()?;
    let Graded { level } = serde_json::from_str(params.get()).ok()?;
    Some(level)
}

impl Peer for Caller {
    fn request(&self, request: Request) -> BoxFuture<'_, Result<Box<RawValue>, ErrorObject>> {
        match &self.kind {
            Kind::Modern { .. } => {
                let refusal = ErrorObject::method_not_found(request.method.as_str());
                Box::pin(std::future::ready(Err(refusal)))
            }
            Kind::Legacy(session) => Box::pin(session.calls.ask(request, &self.outbox)),
        }
    }

    fn takes_requests(&self) -> bool {
        matches!(self.kind, Kind::Legacy(_))
    }

    fn hang_up(&self) {
        if let Kind::Legacy(session) = &self.kind
            && session.comes_back()
        {
            self.outbox.hang_up();
        }
    }

    fn notify(&self, notification: Notification) -> BoxFuture<'_, ()> {
        if !self.may_hear(&notification) {
            return Box::pin(std::future::ready(()));
        }
        Box::pin(async move {
            // A caller that is gone hears nothing; the port says so.
            let _ = self.outbox.put(envelope::notification(&notification)).await;
        })
    }
}
