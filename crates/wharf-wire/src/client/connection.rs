//! A client that is connected, and the way of one request through it.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use serde_json::value::RawValue;
use tokio::sync::{Mutex, oneshot};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tracing::debug;
use wharf_protocol::error::{ErrorObject, code};
use wharf_protocol::method::Method;
use wharf_protocol::port::{BoxFuture, Notification, Peer, Request};
use wharf_protocol::revision::Era;

use super::asking::{Asking, Freshness, Questions};
use super::cache::Key;
use super::error::{AskError, ConnectError};
use super::handshake;
use super::learnt::Learnt;
use super::line_out::LineOut;
use super::mirrored::Book;
use super::params::{self, Members};
use super::rounds::Outcome;
use super::transport::Speech;
use super::{listing, watch};

/// How long a server may take to let us listen before requests are asked all the same.
const OPENING: Duration = Duration::from_secs(1);

/// A server that we are connected to. Requests may be asked side by side.
///
/// Dropping it ends whatever runs for it, and kills the server if it is a process of ours;
/// [`Client::close`] says goodbye first.
pub struct Client {
    core: Arc<Core>,
    tasks: JoinSet<()>,
}

/// What the client and the tasks that run for it share.
pub(super) struct Core {
    pub line: LineOut,
    learnt: RwLock<Arc<Learnt>>,
    /// Held while a session is opened again, so that one request does it for all.
    renewing: Mutex<()>,
    book: Book,
}

impl Client {
    /// A client that is ready to ask. `tasks` are those that the transport needs.
    pub(super) async fn ready(line: LineOut, learnt: Learnt, mut tasks: JoinSet<()>) -> Self {
        let core = Arc::new(Core {
            line,
            learnt: RwLock::new(Arc::new(learnt)),
            renewing: Mutex::new(()),
            book: Book::default(),
        });
        let delivering = Arc::clone(&core);
        tasks.spawn(async move {
            let listener = Arc::clone(&delivering.line.settings.listener);
            delivering.line.reception.deliver(&*listener).await;
        });
        let (opened, opening) = oneshot::channel();
        tasks.spawn(watch::watch(Arc::clone(&core), Some(opened)));
        // A question that a server asks before it is listened to would be lost. Some servers begin
        // to answer only when they have something to say, so this is not waited for long.
        let _ = timeout(OPENING, opening).await;
        Self { core, tasks }
    }

    /// What the server said of itself.
    pub fn learnt(&self) -> Arc<Learnt> {
        self.core.learnt()
    }

    /// Asks `request` in the way that `asking` says and waits for its result, as the server wrote it.
    /// Dropping the future cancels the request.
    ///
    /// Of a list of tools over HTTP, those are left out whose annotations a client must not accept.
    ///
    /// # Errors
    ///
    /// [`AskError`]: the server's own error, or whatever kept it from answering.
    pub async fn ask(&self, request: Request, asking: &Asking) -> Result<Box<RawValue>, AskError> {
        self.core.ask(&request, asking).await
    }

    /// Every item of the list that `method` asks for, from all of its pages.
    ///
    /// # Errors
    ///
    /// [`AskError`]; a list that does not end within the limits is one.
    pub async fn list_all(
        &self,
        method: Method,
        asking: &Asking,
    ) -> Result<Vec<Box<RawValue>>, AskError> {
        listing::all(&self.core, &method, asking).await
    }

    /// Tells the server something that nobody answers.
    ///
    /// # Errors
    ///
    /// [`AskError`] where it did not get there.
    pub async fn tell(&self, notification: Notification) -> Result<(), AskError> {
        let speech = self.core.learnt().speech();
        self.core.line.transport.tell(notification, speech).await
    }

    /// Says goodbye: ends the session, or the input of the process, and waits for that.
    pub async fn close(mut self) {
        self.core.line.transport.close().await;
        self.tasks.shutdown().await;
    }
}

impl Peer for Client {
    fn request(&self, request: Request) -> BoxFuture<'_, Result<Box<RawValue>, ErrorObject>> {
        Box::pin(async move {
            let asked = self.ask(request, &Asking::default()).await;
            asked.map_err(ErrorObject::from)
        })
    }

    fn notify(&self, notification: Notification) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            if let Err(error) = self.tell(notification).await {
                debug!(%error, "could not tell the server");
            }
        })
    }
}

impl Core {
    pub(super) fn learnt(&self) -> Arc<Learnt> {
        Arc::clone(&self.learnt.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The spine: what is kept, the rounds, what may be kept.
    pub(super) async fn ask(
        &self,
        request: &Request,
        asking: &Asking,
    ) -> Result<Box<RawValue>, AskError> {
        let cache = &self.line.reception.cache;
        let key = Key::of(request);
        if let (Some(key), Freshness::AsTheServerSays) = (&key, asking.freshness)
            && let Some(kept) = cache.fresh(key)
        {
            return Ok(kept);
        }
        let place = key.map(|key| cache.place(key));
        let mut params = params::members(request.params.as_deref()).map_err(AskError::Invalid)?;
        let settings = &self.line.settings;
        for round in 0..=settings.limits.rounds {
            let result = self.attempt(&request.method, &params, asking).await?;
            let outcome = match self.learnt().era() {
                Era::Modern => Outcome::of(&result, &request.method, &settings.result_types)?,
                Era::Legacy => Outcome::Complete,
            };
            match outcome {
                Outcome::Complete => {
                    let result = self.finished(&request.method, result);
                    // An answer to our answers is nobody else's.
                    if let (Some(place), 0) = (place, round) {
                        cache.keep(place, request, &result);
                    }
                    return Ok(result);
                }
                Outcome::Questions(_) if asking.questions == Questions::HandedBack => {
                    return Ok(result);
                }
                Outcome::Questions(questions) => {
                    questions
                        .answer(&mut params, &*self.listener(asking))
                        .await?;
                }
            }
        }
        Err(AskError::TooManyRounds(settings.limits.rounds))
    }

    /// One round: once more where the server has forgotten the session, or wants other headers.
    async fn attempt(
        &self,
        method: &Method,
        params: &Members,
        asking: &Asking,
    ) -> Result<Box<RawValue>, AskError> {
        let learnt = self.learnt();
        match self.once(method, params, asking).await {
            Err(AskError::SessionLost) => {
                self.renew(&learnt).await?;
                self.once(method, params, asking).await
            }
            Err(error) if self.wants_other_headers(method, &error) => {
                debug!("the server wants other headers, its list of tools is read again");
                listing::again(self).await?;
                self.once(method, params, asking).await
            }
            other => other,
        }
    }

    async fn once(
        &self,
        method: &Method,
        params: &Members,
        asking: &Asking,
    ) -> Result<Box<RawValue>, AskError> {
        let mut attempt = self.line.plain(method.clone(), self.learnt().speech());
        if *method == Method::TOOLS_CALL && !self.book.is_empty() {
            let raw = params::raw(params).map_err(AskError::Invalid)?;
            attempt.mirrored = self.book.headers(&raw).map_err(AskError::Invalid)?;
        }
        attempt.params = params.clone();
        attempt.listener = self.listener(asking);
        if let Some(capabilities) = &asking.capabilities {
            attempt.capabilities = capabilities;
        }
        attempt.timeout = asking.timeout.or(attempt.timeout);
        self.line.put(attempt).await
    }

    fn finished(&self, method: &Method, result: Box<RawValue>) -> Box<RawValue> {
        if *method == Method::TOOLS_LIST && self.mirrors(self.learnt().speech()) {
            self.book.read(result)
        } else {
            result
        }
    }

    fn mirrors(&self, speech: Speech) -> bool {
        matches!(speech, Speech::Modern(_)) && self.line.transport.mirrors_parameters()
    }

    fn wants_other_headers(&self, method: &Method, error: &AskError) -> bool {
        *method == Method::TOOLS_CALL
            && error.code() == Some(code::HEADER_MISMATCH)
            && self.mirrors(self.learnt().speech())
    }

    fn listener(&self, asking: &Asking) -> Arc<dyn Peer> {
        let behind = asking.behind.as_ref();
        Arc::clone(behind.unwrap_or(&self.line.settings.listener))
    }

    /// Opens the session again, unless another request has done so since `seen`.
    pub(super) async fn renew(&self, seen: &Arc<Learnt>) -> Result<(), AskError> {
        let _renewing = self.renewing.lock().await;
        if !Arc::ptr_eq(&self.learnt(), seen) {
            return Ok(());
        }
        let learnt = match handshake::initialize(&self.line).await {
            Ok(learnt) => learnt,
            Err(ConnectError::Ask(error)) => return Err(*error),
            Err(other) => return Err(AskError::malformed(other.to_string())),
        };
        let mut known = self.learnt.write().unwrap_or_else(PoisonError::into_inner);
        *known = Arc::new(learnt);
        Ok(())
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("learnt", &self.learnt())
            .finish_non_exhaustive()
    }
}
