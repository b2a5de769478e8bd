//! Where tasks are kept: a port, for a task may outlive the process that began it.

use std::sync::Arc;
use std::time::SystemTime;

use wharf_protocol::port::BoxFuture;
use wharf_protocol::task::DetailedTask;

use crate::owner::Owner;

/// One task as it is kept.
#[derive(Clone, Debug)]
pub struct Record {
    pub owner: Owner,
    /// When it may be forgotten, and not before.
    pub expires: SystemTime,
    pub task: Arc<DetailedTask>,
}

/// Keeps tasks.
pub trait TaskStore: Send + Sync {
    /// Keeps a new task. Returns once [`load`](Self::load) would find it, whoever asks: its id is
    /// told to nobody before (SEP-2663, task creation).
    fn create(&self, record: Record) -> BoxFuture<'_, Result<(), StoreFailure>>;

    /// The task called `id`, if it is `owner`'s. Somebody else's looks like none.
    fn load<'a>(
        &'a self,
        id: &'a str,
        owner: Owner,
    ) -> BoxFuture<'a, Result<Option<Record>, StoreFailure>>;

    /// Replaces what is kept of a task. One that is kept no longer stays forgotten.
    fn save(&self, record: Record) -> BoxFuture<'_, Result<(), StoreFailure>>;
}

/// Why a task is not kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreFailure {
    #[error("there are too many tasks")]
    Full,
    #[error("tasks cannot be kept")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
}
