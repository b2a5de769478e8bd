//! One client on one pair of frame streams: a pipe, a WebSocket, or the old pair of HTTP requests.

use std::io;
use std::sync::Arc;

use tokio::task::JoinSet;
use tracing::debug;
use wharf_protocol::envelope::{self, BadFrame, Frame};
use wharf_protocol::error::{ErrorObject, code};
use wharf_protocol::handshake::{Introduction, Presented, introduction};
use wharf_protocol::id::RequestId;
use wharf_protocol::meta::{Meta, key};
use wharf_protocol::method::Method;
use wharf_protocol::port::{Exchange, Notification, Request};

use crate::caller::Caller;
use crate::dispatch::Dispatch;
use crate::mailbox::Outbox;
use crate::outline::Outline;
use crate::running::Running;
use crate::sender::Sender;
use crate::session::Session;
use crate::stdio::Limits;
use crate::subscription;

/// What comes in.
pub(crate) enum Incoming {
    Frame(Result<Frame, BadFrame>),
    /// A frame longer than the limit, which was not kept.
    TooLong,
    End,
}

/// Frames from one client. Dropping the future loses nothing.
pub(crate) trait Frames: Send {
    fn next(&mut self) -> impl Future<Output = io::Result<Incoming>> + Send;
}

/// One client on one pipe.
pub(crate) struct Pipe {
    dispatch: Arc<Dispatch>,
    limits: Limits,
    outbox: Outbox,
    sender: Sender,
    running: Running,
    session: Option<Arc<Session>>,
    tasks: JoinSet<()>,
}

impl Pipe {
    /// A pipe to `sender`, who reads what is put in `outbox`.
    pub(crate) fn new(
        dispatch: Arc<Dispatch>,
        limits: Limits,
        outbox: Outbox,
        sender: Sender,
    ) -> Self {
        Self {
            dispatch,
            limits,
            outbox,
            sender,
            running: Running::default(),
            session: None,
            tasks: JoinSet::new(),
        }
    }

    /// Answers what `frames` bring until they end, then finishes what is running within the grace
    /// period.
    pub(crate) async fn run(mut self, mut frames: impl Frames) -> io::Result<()> {
        loop {
            let incoming = tokio::select! {
                incoming = frames.next() => incoming?,
                // Nobody reads what we say, so nobody waits for an answer either.
                () = self.outbox.gone() => return Ok(()),
                Some(_) = self.tasks.join_next() => continue,
            };
            match incoming {
                Incoming::Frame(frame) => self.take(frame).await,
                Incoming::TooLong => self.refuse_long_frame().await,
                Incoming::End => break,
            }
        }
        self.finish().await;
        Ok(())
    }

    async fn take(&mut self, frame: Result<Frame, BadFrame>) {
        match frame {
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
                    Ok(Some(self.in_session(session, outline.meta, caller)))
                }
                None => Err(ErrorObject::invalid_params(format!(
                    "`_meta` lacks the required `{}`, and no `initialize` came before",
                    key::PROTOCOL_VERSION
                ))),
            },
        }
    }

    fn in_session(&self, session: &Session, meta: Meta, caller: Arc<Caller>) -> Exchange {
        let mut exchange = session.exchange(meta, self.sender.origin.clone(), caller);
        exchange.principal.clone_from(&self.sender.principal);
        exchange
    }

    fn modern(&self, who: Introduction, outline: Outline<'_>) -> Result<Exchange, ErrorObject> {
        let caller = Caller::modern(self.outbox.clone(), outline.log_level()?);
        Ok(Exchange {
            revision: who.revision,
            client: who.client,
            capabilities: who.capabilities,
            meta: outline.meta,
            origin: self.sender.origin.clone(),
            session: None,
            principal: self.sender.principal.clone(),
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
        let Sender { origin, principal } = self.sender.clone();
        let (session, frame) = self
            .dispatch
            .initialize(id, request, origin, principal, None)
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
        let exchange = self.in_session(&session, Meta::default(), caller);
        self.tasks.spawn(async move {
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

    async fn refuse_long_frame(&self) {
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
