//! States that must not be used again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use wharf_protocol::port::BoxFuture;

/// Remembers which states were used. Replicas behind one address have to share what they remember.
pub trait Spent: Send + Sync {
    /// Enters the state called `name`, which nobody needs to remember after `until`. `false` where it
    /// was entered before, and where that cannot be ruled out.
    fn spend(&self, name: [u8; 12], until: SystemTime) -> BoxFuture<'_, bool>;
}

/// The states that this process has seen.
#[derive(Debug)]
pub struct SpentHere {
    seen: Mutex<HashMap<[u8; 12], SystemTime>>,
    capacity: usize,
}

impl SpentHere {
    /// Remembers at most `capacity` states that are still alive; one more is refused.
    pub fn new(capacity: usize) -> Self {
        Self {
            seen: Mutex::default(),
            capacity,
        }
    }

    fn enter(&self, name: [u8; 12], until: SystemTime, now: SystemTime) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= self.capacity {
            seen.retain(|_, until| *until > now);
        }
        if seen.contains_key(&name) || seen.len() >= self.capacity {
            return false;
        }
        seen.insert(name, until);
        true
    }
}

impl Spent for SpentHere {
    fn spend(&self, name: [u8; 12], until: SystemTime) -> BoxFuture<'_, bool> {
        let fresh = self.enter(name, until, SystemTime::now());
        Box::pin(std::future::ready(fresh))
    }
}
