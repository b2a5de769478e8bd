//! What a server says of its own accord: the cache forgets what changed at once, the listener hears
//! of it in its own time.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tracing::debug;
use wharf_protocol::method::Method;
use wharf_protocol::port::{Notification, Peer};

use super::cache::Cache;

/// Where whatever belongs to no request arrives. Taking never waits, for on a pipe everything else
/// waits behind it.
#[derive(Debug)]
pub(super) struct Reception {
    pub cache: Cache,
    most: usize,
    queue: Mutex<VecDeque<Notification>>,
    arrived: Notify,
}

impl Reception {
    pub(super) fn new(cache_bytes: usize, most: usize) -> Self {
        Self {
            cache: Cache::new(cache_bytes),
            most,
            queue: Mutex::default(),
            arrived: Notify::new(),
        }
    }

    /// Takes `notification`. One that says the same as one that waits is dropped; so is the oldest
    /// that tells of no change, where too many wait.
    pub(super) fn take(&self, notification: Notification) {
        self.cache.learn(&notification);
        let mut queue = self.queue();
        if queue.iter().any(|waiting| same(waiting, &notification)) {
            return;
        }
        if queue.len() >= self.most {
            let victim = queue.iter().position(|waiting| !tells_of_change(waiting));
            queue.remove(victim.unwrap_or(0));
            debug!("dropped a notification, too many wait for the listener");
        }
        queue.push_back(notification);
        drop(queue);
        self.arrived.notify_one();
    }

    /// Hands everything to `listener`, one after the other, for ever.
    pub(super) async fn deliver(&self, listener: &dyn Peer) {
        loop {
            let next = self.queue().pop_front();
            match next {
                Some(notification) => listener.notify(notification).await,
                None => self.arrived.notified().await,
            }
        }
    }

    fn queue(&self) -> MutexGuard<'_, VecDeque<Notification>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn same(left: &Notification, right: &Notification) -> bool {
    let text = |notification: &Notification| {
        notification
            .params
            .as_deref()
            .map(|params| params.get().to_owned())
    };
    left.method == right.method && tells_of_change(left) && text(left) == text(right)
}

fn tells_of_change(notification: &Notification) -> bool {
    notification.method != Method::MESSAGE && notification.method != Method::PROGRESS
}
