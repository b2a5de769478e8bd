//! Time, as an argument.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

/// Two kinds of time. What somebody else wrote down (when a token ends) is compared with the wall
/// clock; how long we kept something is measured with one that nobody can set.
pub trait Clock: Send + Sync + fmt::Debug {
    /// Seconds since 1970, as everybody counts them.
    fn unix(&self) -> u64;

    /// Time since some moment in the past; never goes back.
    fn running(&self) -> Duration;
}

/// The clocks of this machine.
#[derive(Clone, Copy, Debug)]
pub struct System {
    since: Instant,
}

impl System {
    pub fn shared() -> Arc<dyn Clock> {
        Arc::new(Self {
            since: Instant::now(),
        })
    }
}

impl Clock for System {
    fn unix(&self) -> u64 {
        SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .map_or(0, |since| since.as_secs())
    }

    fn running(&self) -> Duration {
        self.since.elapsed()
    }
}
