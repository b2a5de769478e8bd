//! Tasks for any handler: what takes long goes on in the background, and its caller comes back for
//! the result (extension `io.modelcontextprotocol/tasks`, SEP-2663).
//!
//! A handler that calls [`Peer::detach`] lets its caller go and works on; nothing else about it
//! changes. What it asks from then on, the caller finds in the task. A caller that does not know
//! tasks waits for the result as if nothing had happened.

mod job;
mod memory;
mod methods;
mod news;
mod record;
mod stamp;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::broadcast;
use tokio::task::JoinSet;
use wharf_protocol::capability::{Empty, Implementation};
use wharf_protocol::error::ErrorObject;
use wharf_protocol::method::Method;
use wharf_protocol::mirrored::MirroredParameter;
use wharf_protocol::notification::SubscriptionFilter;
#[cfg(doc)]
use wharf_protocol::port::Peer;
use wharf_protocol::port::{
    Answer, BoxFuture, Change, Changes, Description, Exchange, Handler, Notification, Reply,
    Request,
};
use wharf_protocol::revision::Era;
use wharf_protocol::task::{self, PREFIX};

use crate::dispatch::survived;
use job::{Job, JobPeer};
pub use memory::TasksHere;
use news::News;
pub use record::{Record, StoreFailure, TaskStore};

/// Changes of tasks that a slow subscriber may miss before it misses one.
const UNREAD_NEWS: usize = 256;

/// What tasks may cost, and what clients are told of them.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How long a task is kept from its creation on, whatever becomes of it. One that still runs then
    /// is stopped.
    pub lifetime: Duration,
    /// How long a client should wait between two looks.
    pub poll_interval: Duration,
    /// How long a caller that knows tasks waits before its call becomes one without the handler's
    /// doing; `None` for as long as it takes.
    pub patience: Option<Duration>,
}

impl Settings {
    /// Kept for an hour, looked at once a second, and only what handlers detach.
    pub const STANDARD: Self = Self {
        lifetime: Duration::from_hours(1),
        poll_interval: Duration::from_secs(1),
        patience: None,
    };
}

/// A handler whose tool calls may become tasks.
pub struct Tasks(Arc<Shared>);

/// What every call needs.
struct Shared {
    inner: Arc<dyn Handler>,
    store: Arc<dyn TaskStore>,
    settings: Settings,
    news: broadcast::Sender<Change>,
    /// The tasks that run here.
    live: Mutex<HashMap<Arc<str>, Arc<Job>>>,
    /// Their futures. They end with this handler.
    running: Mutex<JoinSet<()>>,
}

impl Tasks {
    pub fn new(inner: Arc<dyn Handler>, store: Arc<dyn TaskStore>, settings: Settings) -> Self {
        Self(Arc::new(Shared {
            inner,
            store,
            settings,
            news: broadcast::Sender::new(UNREAD_NEWS),
            live: Mutex::default(),
            running: Mutex::default(),
        }))
    }

    async fn answer(&self, request: Request, exchange: &Exchange) -> Reply {
        let modern = exchange.revision.era() == Era::Modern;
        if modern && request.method.as_str().starts_with(PREFIX) {
            return methods::answer(&self.0, &request, exchange).await;
        }
        let knows_tasks = task::check_declared(&exchange.capabilities).is_ok();
        if modern && knows_tasks && request.method == Method::TOOLS_CALL {
            return self.call(request, exchange).await;
        }
        self.0.inner.handle(request, exchange).await
    }

    /// Answers with the result if it comes before the handler detaches, and with a task if not.
    async fn call(&self, request: Request, exchange: &Exchange) -> Reply {
        let (job, detached) = Job::new(&self.0, exchange);
        let mut exchange = exchange.clone();
        exchange.peer = Arc::new(JobPeer(Arc::clone(&job)));
        let inner = Arc::clone(&self.0.inner);
        let mut work: BoxFuture<'static, Reply> =
            Box::pin(async move { survived(inner.handle(request, &exchange)).await });
        let impatient = async {
            match self.0.settings.patience {
                Some(patience) => tokio::time::sleep(patience).await,
                None => std::future::pending().await,
            }
            job.detach().await;
            // Where that failed, the caller goes on waiting.
            std::future::pending::<()>().await;
        };
        tokio::select! {
            biased;
            Ok(task) = detached => {
                self.0.hold(Arc::clone(&job), work);
                Ok(Answer::Task(Box::new(task)))
            }
            reply = &mut work => match job.seed() {
                // It detached and ended without a pause in between.
                Some(task) => {
                    job.finish(reply).await;
                    Ok(Answer::Task(Box::new(task)))
                }
                None => reply,
            },
            () = impatient => Err(ErrorObject::internal()),
        }
    }
}

impl Shared {
    /// Lets `work` go on until it ends, is cancelled, or its time is up.
    fn hold(&self, job: Arc<Job>, work: BoxFuture<'static, Reply>) {
        let lifetime = self.settings.lifetime;
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        while running.try_join_next().is_some() {}
        running.spawn(async move {
            let reply = tokio::select! {
                reply = work => reply,
                () = job.cancelled() => return job.forget(),
                () = tokio::time::sleep(lifetime) => Err(ErrorObject::internal()),
            };
            job.finish(reply).await;
        });
    }

    fn live(&self) -> MutexGuard<'_, HashMap<Arc<str>, Arc<Job>>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Tasks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Tasks")
            .field("settings", &self.0.settings)
            .field("live", &self.0.live().len())
            .finish_non_exhaustive()
    }
}

impl Handler for Tasks {
    fn identity(&self) -> &Implementation {
        self.0.inner.identity()
    }

    fn describe<'a>(
        &'a self,
        exchange: &'a Exchange,
    ) -> BoxFuture<'a, Result<Description, ErrorObject>> {
        Box::pin(async move {
            let mut description = self.0.inner.describe(exchange).await?;
            // The extension does not exist in older revisions (SEP-2663, backward compatibility).
            if exchange.revision.era() == Era::Modern {
                let capabilities = &mut description.capabilities;
                capabilities.add_extension(task::EXTENSION, &Empty {});
            }
            Ok(description)
        })
    }

    fn handle<'a>(&'a self, request: Request, exchange: &'a Exchange) -> BoxFuture<'a, Reply> {
        Box::pin(self.answer(request, exchange))
    }

    fn notice<'a>(
        &'a self,
        notification: Notification,
        exchange: &'a Exchange,
    ) -> BoxFuture<'a, ()> {
        self.0.inner.notice(notification, exchange)
    }

    fn agree<'a>(
        &'a self,
        wanted: SubscriptionFilter,
        exchange: &'a Exchange,
    ) -> BoxFuture<'a, Result<SubscriptionFilter, ErrorObject>> {
        Box::pin(methods::agree(&self.0, wanted, exchange))
    }

    fn mirrored(&self, tool: &str, exchange: &Exchange) -> Option<Arc<[MirroredParameter]>> {
        self.0.inner.mirrored(tool, exchange)
    }

    fn changes(&self) -> Option<Box<dyn Changes>> {
        Some(Box::new(News {
            inner: self.0.inner.changes(),
            tasks: self.0.news.subscribe(),
        }))
    }
}
