//! A server on a pipe: one JSON-RPC message a line, both eras side by side.
//!
//! Nothing depends on the standard streams: any pair of byte streams will do (2026-07-28, stdio).

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::task::JoinSet;
use tracing::debug;
use wharf_protocol::envelope::{self, Frame};
use wharf_protocol::error::{ErrorObject, code};
use wharf_protocol::handshake::{Introduction, Presented, introduction};
use wharf_protocol::id::RequestId;
use wharf_protocol::meta::{Meta, key};
use wharf_protocol::method::Method;
use wharf_protocol::port::{Exchange, Handler, Notification, Origin, Request};

use crate::caller::Caller;
use crate::dispatch::Dispatch;
use crate::line::{Line, Lines, flatten};
use crate::mailbox::{Inbox, Outbox, mailbox};
use crate::outline::Outline;
use crate::running::Running;
use crate::seal::StateKeys;
use crate::session::Session;
use crate::subscription;

/// What one pipe may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Longest frame, in bytes. A longer one is skipped without being kept, and refused.
    pub frame_bytes: usize,
    /// Requests answered at one time. One more is refused.
    pub requests: usize,
    /// Frames that wait for the reader of our output before whoever writes the next one waits too.
    pub queued_frames: usize,
    /// How long requests may go on after the input has ended.
    pub grace: Duration,
}

impl Limits {
    /// 4 MiB a frame, 256 requests, 64 frames waiting, 5 seconds to finish.
    pub const STANDARD: Self = Self {
        frame_bytes: 4 << 20,
        requests: 256,
        queued_frames: 64,
        grace: Duration::from_secs(5),
    };
}

/// Serves `handler` until `reader` ends, then finishes what is running within the grace period.
///
/// A request with the `_meta` of 2026-07-28 is answered on its own terms; `initialize` opens the one
/// legacy session that a pipe can have. Dropping the future drops every running request.
///
/// # Errors
///
/// What `reader` or `writer` failed with.
pub async fn serve(
    handler: Arc<dyn Handler>,
    reader: impl AsyncRead + Send + Unpin + 'static,
    writer: impl AsyncWrite + Send + Unpin + 'static,
    limits: Limits,
) -> io::Result<()> {
    // The one client there is comes back to this process or not at all.
    let keys = StateKeys::random(StateKeys::LIFETIME);
    let (outbox, inbox) = mailbox(limits.queued_frames);
    let mut writing = JoinSet::new();
    writing.spawn(write_frames(inbox, Box::new(writer)));
    let pipe = Pipe {
        dispatch: Arc::new(Dispatch::new(handler, Arc::new(keys))),
        limits,
        outbox,
        running: Running::default(),
        session: None,
        tasks: JoinSet::new(),
    };
    let read = pipe
        .run(Lines::new(Box::new(reader), limits.frame_bytes))
        .await;
    match writing.join_next().await {
        Some(Ok(written)) => read.and(written),
        _ => read,
    }
}

/// Writes frames one after the other until nobody can write one any more.
pub(crate) async fn write_frames(
    mut inbox: Inbox,
    mut writer: Box<dyn AsyncWrite + Send + Unpin>,
) -> io::Result<()> {
    while let Some(mut frame) = inbox.take().await {
        flatten(&mut frame);
        frame.push(b'\n');
        writer.write_all(&frame).await?;
        if inbox.is_empty() {
            writer.flush().await?;
        }
    }
    writer.shutdown().await
}

/// One client on one pipe.
struct Pipe {
    dispatch: Arc<Dispatch>,
    limits: Limits,
    outbox: Outbox,
    running: Running,
    session: Option<Arc<Session>>,
    tasks: JoinSet<()>,
}

impl Pipe {
    async fn run(mut self, mut lines: Lines) -> io::Result<()> {
        loop {
            let line = tokio::select! {
                line = lines.next() => line?,
                // Nobody reads what we say, so nobody waits for an answer either.
                () = self.outbox.gone() => return Ok(()),
                Some(_) = self.tasks.join_next() => continue,
            };
            match line {
                Line::Frame(bytes) => self.take(&bytes).await,
                Line::TooLong => self.refuse_long_line().await,
                Line::End => break,
            }
        }
        self.finish().await;
        Ok(())
    }

    async fn take(&mut self, bytes: &[u8]) {
        match Frame::parse(bytes) {
            Ok(Frame::Request(id, request)) => self.request(id, request).await,
            Ok(Frame::Notification(notification)) => self.notification(notification),
            Ok(Frame::Response(id, settlement)) => {
                let settled = self
                    .session
                    .as_ref()
                    .is_some_and(|session| session.calls.settle(&id, settlement));
                if !settled {
                    debug!(%id, "dropped an answer that nobody waits for");
                }
            }
            Err(bad) => {
                debug!(error = ?bad.error.message, "refused a frame");
                self.refuse(bad.id.as_ref(), &bad.error).await;
            }
        }
    }

    async fn request(&mut self, id: RequestId, request: Request) {
        let accepted = match self.exchange(&request) {
            Ok(Some(exchange)) => self.start(id.clone(), request, exchange),
            // Answered before the next frame is read, which may already rely on the session.
            Ok(None) => self.initialize(&id, &request).await,
            Err(error) => Err(error),
        };
        if let Err(error) = accepted {
            self.refuse(Some(&id), &error).await;
        }
    }

    /// How `request` is to be answered; `None` for an `initialize`, which has to come first.
    fn exchange(&self, request: &Request) -> Result<Option<Exchange>, ErrorObject> {
        let outline = Outline::read(request.params.as_deref())?;
        match introduction(&outline.meta)? {
            Presented::Modern(introduction) => self.modern(introduction, outline).map(Some),
            Presented::Silent if request.method == Method::INITIALIZE => Ok(None),
            Presented::Silent => match &self.session {
                Some(session) => {
                    let caller = Caller::legacy(self.outbox.clone(), Arc::clone(session));
                    Ok(Some(session.exchange(outline.meta, Origin::Stdio, caller)))
                }
                None => Err(ErrorObject::invalid_params(format!(
                    "`_meta` lacks the required `{}`, and no `initialize` came before",
                    key::PROTOCOL_VERSION
                ))),
            },
        }
    }

    fn modern(&self, who: Introduction, outline: Outline<'_>) -> Result<Exchange, ErrorObject> {
        let caller = Caller::modern(self.outbox.clone(), outline.log_level()?);
        Ok(Exchange {
            revision: who.revision,
            client: who.client,
            capabilities: who.capabilities,
            meta: outline.meta,
            origin: Origin::Stdio,
            session: None,
            principal: None,
            peer: caller,
            sealer: self.dispatch.sealer(),
        })
    }

    async fn initialize(&mut self, id: &RequestId, request: &Request) -> Result<(), ErrorObject> {
        if self.session.is_some() {
            return Err(ErrorObject::invalid_request(
                "Invalid request: this session is initialized already",
            ));
        }
        let (session, frame) = self
            .dispatch
            .initialize(id, request, Origin::Stdio, None, None)
            .await?;
        self.session = Some(Arc::new(session));
        let _ = self.outbox.put(frame).await;
        Ok(())
    }

    /// Lets `request` run beside the others.
    fn start(
        &mut self,
        id: RequestId,
        request: Request,
        exchange: Exchange,
    ) -> Result<(), ErrorObject> {
        if self.is_full() {
            return Err(ErrorObject::new(
                code::INTERNAL_ERROR,
                "Too many requests are running, try again later",
            ));
        }
        let run = self.running.begin(&id).ok_or_else(|| {
            ErrorObject::invalid_request("Invalid request: a request with this `id` is running")
        })?;
        let (dispatch, outbox) = (Arc::clone(&self.dispatch), self.outbox.clone());
        let session = self.session.clone();
        self.tasks.spawn(async move {
            let answered = run.unless_cancelled(async {
                let wish = Session::wish(&request);
                let reply = dispatch.reply(&id, request, &exchange).await;
                if let (Ok(_), Some(session), Some(wish)) = (&reply, session, wish) {
                    session.grant(wish);
                }
                dispatch.response(&id, &reply, exchange.revision)
            });
            if let Some(frame) = answered.await {
                let _ = outbox.put(frame).await;
            }
        });
        Ok(())
    }

    fn notification(&mut self, notification: Notification) {
        if notification.method == Method::CANCELLED {
            self.running.cancel_named(&notification);
            return;
        }
        let Some(session) = self.session.clone() else {
            debug!(method = ?notification.method.as_str(), "dropped a notification outside a session");
            return;
        };
        if self.is_full() {
            debug!(method = ?notification.method.as_str(), "dropped a notification, too much is running");
            return;
        }
        let opens = notification.method == Method::INITIALIZED;
        let (dispatch, outbox) = (Arc::clone(&self.dispatch), self.outbox.clone());
        let caller = Caller::legacy(outbox.clone(), Arc::clone(&session));
        self.tasks.spawn(async move {
            let exchange = session.exchange(Meta::default(), Origin::Stdio, caller);
            dispatch.notice(notification, &exchange).await;
            if opens {
                tokio::select! {
                    () = dispatch.closed() => {}
                    () = subscription::broadcast(dispatch.handler(), &session, &outbox) => {}
                }
            }
        });
    }

    fn is_full(&self) -> bool {
        self.tasks.len() >= self.limits.requests
    }

    async fn refuse_long_line(&self) {
        let error = ErrorObject::invalid_request(format!(
            "Invalid request: a frame has at most {} bytes",
            self.limits.frame_bytes
        ));
        self.refuse(None, &error).await;
    }

    async fn refuse(&self, id: Option<&RequestId>, error: &ErrorObject) {
        let _ = self.outbox.put(envelope::failure(id, error)).await;
    }

    /// Lets the running requests come to their end, for as long as the grace period lasts.
    async fn finish(mut self) {
        self.dispatch.close();
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        tokio::select! {
            () = ended => return,
            () = self.outbox.gone() => {}
            () = tokio::time::sleep(self.limits.grace) => {}
        }
        debug!(
            requests = self.tasks.len(),
            "gave up on requests that did not end"
        );
        self.tasks.shutdown().await;
    }
}
