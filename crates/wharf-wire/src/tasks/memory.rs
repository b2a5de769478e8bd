//! Tasks kept in this process.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use wharf_protocol::port::BoxFuture;

use super::record::{Record, StoreFailure, TaskStore};
use crate::owner::Owner;

/// A store that forgets everything when its process ends.
#[derive(Debug)]
pub struct TasksHere {
    kept: Mutex<HashMap<Box<str>, Record>>,
    capacity: usize,
    capacity_each: usize,
}

impl TasksHere {
    /// Keeps at most `capacity` tasks, of which one owner may have `capacity_each`.
    pub fn new(capacity: usize, capacity_each: usize) -> Self {
        Self {
            kept: Mutex::default(),
            capacity,
            capacity_each,
        }
    }

    fn enter(&self, record: Record, now: SystemTime) -> Result<(), StoreFailure> {
        let mut kept = self.kept();
        let is_full = |kept: &HashMap<Box<str>, Record>| {
            let same = |other: &&Record| other.owner == record.owner;
            kept.len() >= self.capacity || kept.values().filter(same).count() >= self.capacity_each
        };
        if is_full(&kept) {
            kept.retain(|_, record| record.expires > now);
        }
        if is_full(&kept) {
            return Err(StoreFailure::Full);
        }
        kept.insert(record.task.task.task_id.clone(), record);
        Ok(())
    }

    fn find(&self, id: &str, owner: Owner, now: SystemTime) -> Option<Record> {
        let kept = self.kept();
        let record = kept.get(id)?;
        (record.owner == owner && record.expires > now).then(|| record.clone())
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<Box<str>, Record>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TaskStore for TasksHere {
    fn create(&self, record: Record) -> BoxFuture<'_, Result<(), StoreFailure>> {
        let entered = self.enter(record, SystemTime::now());
        Box::pin(std::future::ready(entered))
    }

    fn load<'a>(
        &'a self,
        id: &'a str,
        owner: Owner,
    ) -> BoxFuture<'a, Result<Option<Record>, StoreFailure>> {
        let found = self.find(id, owner, SystemTime::now());
        Box::pin(std::future::ready(Ok(found)))
    }

    fn save(&self, record: Record) -> BoxFuture<'_, Result<(), StoreFailure>> {
        if let Some(old) = self.kept().get_mut(&record.task.task.task_id) {
            *old = record;
        }
        Box::pin(std::future::ready(Ok(())))
    }
}
