//! Time that passes when a test says so.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use wharf_wire::oauth::clock::Clock;

/// When every test begins, in seconds since 1970.
pub(crate) const BEGIN: u64 = 1_800_000_000;

#[derive(Debug)]
pub(crate) struct Fake {
    unix: AtomicU64,
    running: AtomicU64,
}

impl Fake {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            unix: AtomicU64::new(BEGIN),
            running: AtomicU64::new(1),
        })
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, seconds: u64) {
        self.unix.fetch_add(seconds, Ordering::Relaxed);
        self.running.fetch_add(seconds, Ordering::Relaxed);
    }

    /// Sets the wall clock, as an operator or a time server does; no time passes.
    pub(crate) fn set(&self, unix: u64) {
        self.unix.store(unix, Ordering::Relaxed);
    }
}

impl Clock for Fake {
    fn unix(&self) -> u64 {
        self.unix.load(Ordering::Relaxed)
    }

    fn running(&self) -> Duration {
        Duration::from_secs(self.running.load(Ordering::Relaxed))
    }
}
