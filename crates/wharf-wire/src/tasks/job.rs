//! One call on its way to being a task, and the task once it is one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::value::{RawValue, to_raw_value};
use tokio::sync::{oneshot, watch};
use tracing::{error, warn};
use wharf_protocol::capability::ClientCapabilities;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::input_required::{InputRequest, InputRequests};
use wharf_protocol::meta::Meta;
use wharf_protocol::method::Method;
use wharf_protocol::notification::ProgressParams;
use wharf_protocol::port::{
    Answer, BoxFuture, Change, Exchange, Notification, Peer, Reply, Request,
};
use wharf_protocol::task::{DetailedTask, Task, TaskStatus};

use super::Shared;
use super::record::Record;
use super::stamp::stamp;
use crate::owner::Owner;

/// Bytes of randomness in the id of a task, which nobody must guess.
const ID_BYTES: usize = 24;

pub(super) struct Job {
    // The futures that hold a job are held by what it points to.
    shared: Weak<Shared>,
    owner: Owner,
    capabilities: ClientCapabilities,
    caller: Arc<dyn Peer>,
    stage: Mutex<Stage>,
    /// Held while the record is written, so that an older one never replaces a newer one.
    saving: tokio::sync::Mutex<()>,
    cancelled: watch::Sender<bool>,
}

enum Stage {
    /// The caller waits, and hears of a task through this.
    Attached(Option<oneshot::Sender<Task>>),
    Detached(Box<Detached>),
}

struct Detached {
    expires: SystemTime,
    task: DetailedTask,
    /// Who waits for the answer to each question of the task.
    waiting: HashMap<Box<str>, oneshot::Sender<Box<RawValue>>>,
    /// Questions asked so far: no key is used twice.
    asked: u64,
}

impl Job {
    /// A call of `exchange`, and the task that it may become.
    pub(super) fn new(
        shared: &Arc<Shared>,
        exchange: &Exchange,
    ) -> (Arc<Self>, oneshot::Receiver<Task>) {
        let (told, detached) = oneshot::channel();
        let job = Arc::new(Self {
            shared: Arc::downgrade(shared),
            owner: Owner::of(exchange),
            capabilities: exchange.capabilities.clone(),
            caller: Arc::clone(&exchange.peer),
            stage: Mutex::new(Stage::Attached(Some(told))),
            saving: tokio::sync::Mutex::default(),
            cancelled: watch::Sender::new(false),
        });
        (job, detached)
    }

    /// Makes a task of the call; whether it is one now. Its id is told once it is kept.
    pub(super) async fn detach(self: &Arc<Self>) -> bool {
        let Some(shared) = self.shared.upgrade() else {
            return false;
        };
        let _saving = self.saving.lock().await;
        if self.is_detached() {
            return true;
        }
        let Some(detached) = Detached::begin(&shared.settings, SystemTime::now()) else {
            return false;
        };
        if let Err(failure) = shared.store.create(detached.record(self.owner)).await {
            warn!(%failure, "a call did not become a task");
            return false;
        }
        let task = detached.task.task.clone();
        let id: Arc<str> = task.task_id.as_ref().into();
        shared.live().insert(id, Arc::clone(self));
        let before = std::mem::replace(&mut *self.stage(), Stage::Detached(Box::new(detached)));
        if let Stage::Attached(Some(told)) = before {
            // The caller has gone where nobody listens: then the task is all there is.
            let _ = told.send(task);
        }
        true
    }

    /// The task as it was created; `None` while the caller waits.
    pub(super) fn seed(&self) -> Option<Task> {
        match &*self.stage() {
            Stage::Attached(_) => None,
            Stage::Detached(detached) => Some(detached.task.task.clone()),
        }
    }

    fn is_detached(&self) -> bool {
        matches!(*self.stage(), Stage::Detached(_))
    }

    /// Waits until the client has cancelled the task.
    pub(super) async fn cancelled(&self) {
        let mut cancelled = self.cancelled.subscribe();
        // The sender lives as long as `self`.
        let _ = cancelled.wait_for(|cancelled| *cancelled).await;
    }

    /// Ends the task as cancelled, unless it has ended.
    pub(super) async fn cancel(&self) {
        self.change(|detached| detached.end(TaskStatus::Cancelled))
            .await;
        self.cancelled.send_replace(true);
    }

    /// Ends the task with what its handler replied, unless it has ended.
    pub(super) async fn finish(&self, reply: Reply) {
        self.change(|detached| match result(reply) {
            Ok(result) => {
                let ended = detached.end(TaskStatus::Completed);
                if ended {
                    detached.task.result = Some(result);
                }
                ended
            }
            Err(error) => {
                let ended = detached.end(TaskStatus::Failed);
                if ended {
                    detached.task.error = Some(error);
                }
                ended
            }
        })
        .await;
        self.forget();
    }

    /// Takes the task off the list of those that run.
    pub(super) fn forget(&self) {
        if let (Some(shared), Some(task)) = (self.shared.upgrade(), self.seed()) {
            shared.live().remove(&*task.task_id);
        }
    }

    /// Hands answers to whoever waits for them. Answers to anything else are ignored.
    ///
    /// # Errors
    ///
    /// `-32602` for an answer that is none to its question.
    pub(super) async fn update(&self, responses: &Meta) -> Result<(), ErrorObject> {
        if let Stage::Detached(detached) = &*self.stage() {
            detached.check(responses)?;
        }
        self.change(|detached| detached.settle(responses)).await;
        Ok(())
    }

    /// Puts a question to whoever looks at the task.
    async fn ask(&self, request: Request) -> Result<Box<RawValue>, ErrorObject> {
        let question = InputRequest::raw(request.method, &request.params)?;
        question.need().check(&self.capabilities)?;
        let (waiting, answered) = oneshot::channel();
        self.change(|detached| detached.ask(question, waiting))
            .await;
        // The sender is dropped when the task ends, and then nobody reads what this yields.
        answered.await.map_err(|_| ErrorObject::internal())
    }

    /// Changes the task, and where that changed anything, keeps it and tells of it.
    async fn change(&self, change: impl FnOnce(&mut Detached) -> bool) {
        let Some(shared) = self.shared.upgrade() else {
            return;
        };
        let _saving = self.saving.lock().await;
        let Some(record) = self.changed(change) else {
            return;
        };
        let task = Arc::clone(&record.task);
        if let Err(failure) = shared.store.save(record).await {
            error!(%failure, "cannot keep what became of a task");
        }
        if shared.news.receiver_count() > 0
            && let Ok(json) = serde_json::to_string(&*task)
        {
            let (id, task) = (task.task.task_id.as_ref().into(), json.into());
            // An error only says that nobody listens.
            let _ = shared.news.send(Change::Task { id, task });
        }
    }

    /// The record after `change`; `None` where that changed nothing.
    fn changed(&self, change: impl FnOnce(&mut Detached) -> bool) -> Option<Record> {
        let mut stage = self.stage();
        let Stage::Detached(detached) = &mut *stage else {
            return None;
        };
        if !change(detached) {
            return None;
        }
        detached.task.task.last_updated_at = stamp(SystemTime::now());
        Some(detached.record(self.owner))
    }

    fn stage(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Detached {
    /// A new task; `None` on a machine without randomness.
    fn begin(settings: &super::Settings, now: SystemTime) -> Option<Self> {
        let mut id = [0; ID_BYTES];
        getrandom::fill(&mut id).ok()?;
        let milliseconds =
            |duration: std::time::Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Some(Self {
            expires: now + settings.lifetime,
            task: DetailedTask {
                task: Task {
                    task_id: URL_SAFE_NO_PAD.encode(id).into(),
                    status: TaskStatus::Working,
                    status_message: None,
                    created_at: stamp(now),
                    last_updated_at: stamp(now),
                    ttl_ms: Some(milliseconds(settings.lifetime)),
                    poll_interval_ms: Some(milliseconds(settings.poll_interval)),
                },
                input_requests: InputRequests::default(),
                result: None,
                error: None,
            },
            waiting: HashMap::new(),
            asked: 0,
        })
    }

    fn record(&self, owner: Owner) -> Record {
        Record {
            owner,
            expires: self.expires,
            task: Arc::new(self.task.clone()),
        }
    }

    /// Whether it has not ended before.
    fn end(&mut self, status: TaskStatus) -> bool {
        if self.task.task.status.is_final() {
            return false;
        }
        self.task.task.status = status;
        self.task.input_requests = InputRequests::default();
        self.waiting.clear();
        true
    }

    fn ask(&mut self, question: InputRequest, waiting: oneshot::Sender<Box<RawValue>>) -> bool {
        if self.task.task.status.is_final() {
            return false;
        }
        self.asked += 1;
        let key = format!("input-{}", self.asked);
        self.task.input_requests.insert(&key, question);
        self.waiting.insert(key.into(), waiting);
        self.task.task.status = TaskStatus::InputRequired;
        true
    }

    fn check(&self, responses: &Meta) -> Result<(), ErrorObject> {
        let sound = self
            .task
            .input_requests
            .iter()
            .all(|(key, question)| responses.get(key).is_none_or(|it| question.takes(it)));
        if sound {
            return Ok(());
        }
        Err(ErrorObject::invalid_params(
            "Invalid params: an entry of `inputResponses` is no answer to its question",
        ))
    }

    /// Whether any answer was waited for.
    fn settle(&mut self, responses: &Meta) -> bool {
        let mut settled = false;
        for (key, answer) in responses.iter() {
            if let Some(waiting) = self.waiting.remove(key) {
                self.task.input_requests.remove(key);
                // Whoever asked may have given up.
                let _ = waiting.send(answer.to_owned());
                settled = true;
            }
        }
        if settled && self.task.input_requests.is_empty() {
            self.task.task.status = TaskStatus::Working;
        }
        settled
    }
}

/// What the task has to show for `reply`.
fn result(reply: Reply) -> Result<Box<RawValue>, ErrorObject> {
    match reply? {
        Answer::Complete { fields, meta } if meta.is_empty() => Ok(fields),
        Answer::Complete { fields, meta } => {
            let mut members: Meta =
                serde_json::from_str(fields.get()).map_err(|_| ErrorObject::internal())?;
            let meta = to_raw_value(&meta).map_err(|_| ErrorObject::internal())?;
            members.insert("_meta", meta);
            to_raw_value(&members).map_err(|_| ErrorObject::internal())
        }
        Answer::Verbatim(result) => Ok(result),
        // From here on questions are asked through the task, and a task is no part of another.
        Answer::InputRequired(_) | Answer::Task(_) => Err(ErrorObject::internal()),
    }
}

/// The caller as the handler of a job sees it.
pub(super) struct JobPeer(pub Arc<Job>);

impl Peer for JobPeer {
    fn request(&self, request: Request) -> BoxFuture<'_, Result<Box<RawValue>, ErrorObject>> {
        if self.0.is_detached() {
            Box::pin(self.0.ask(request))
        } else {
            self.0.caller.request(request)
        }
    }

    fn notify(&self, notification: Notification) -> BoxFuture<'_, ()> {
        if !self.0.is_detached() {
            return self.0.caller.notify(notification);
        }
        // A task has no progress and no log (SEP-2663, task status notifications), but a message.
        let params = notification.params.as_deref().map_or("{}", RawValue::get);
        let message = match serde_json::from_str(params) {
            Ok(ProgressParams { message, .. }) if notification.method == Method::PROGRESS => {
                message
            }
            _ => None,
        };
        Box::pin(async move {
            if let Some(message) = message {
                let told = |detached: &mut Detached| {
                    let running = !detached.task.task.status.is_final();
                    if running {
                        detached.task.task.status_message = Some(message);
                    }
                    running
                };
                self.0.change(told).await;
            }
        })
    }

    fn takes_requests(&self) -> bool {
        self.0.is_detached() || self.0.caller.takes_requests()
    }

    fn detach(&self) -> BoxFuture<'_, bool> {
        Box::pin(self.0.detach())
    }

    fn hang_up(&self) {
        self.0.caller.hang_up();
    }
}
