//! How long a request may still take: progress winds the clock up, a question of the server's or a
//! sign-in stops it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

/// The clock of one request.
#[derive(Debug)]
pub(super) struct Clock {
    /// How long may pass without progress; `None` where nobody is in a hurry.
    patience: Option<Duration>,
    hands: Mutex<Hands>,
    moved: Notify,
}

#[derive(Debug)]
struct Hands {
    /// When patience ends, unless there is progress.
    until: Instant,
    /// When it ends all the same.
    latest: Instant,
    stopped: usize,
    stopped_at: Instant,
}

/// Lets a clock go on when it is dropped.
#[derive(Debug)]
pub(super) struct Stopped(Arc<Clock>);

impl Clock {
    pub(super) fn new(patience: Duration, longest: Duration) -> Arc<Self> {
        let now = Instant::now();
        Arc::new(Self {
            patience: Some(patience),
            hands: Mutex::new(Hands {
                until: now + patience,
                latest: now + longest.max(patience),
                stopped: 0,
                stopped_at: now,
            }),
            moved: Notify::new(),
        })
    }

    /// A clock that never runs out.
    pub(super) fn endless() -> Arc<Self> {
        let now = Instant::now();
        Arc::new(Self {
            patience: None,
            hands: Mutex::new(Hands {
                until: now,
                latest: now,
                stopped: 0,
                stopped_at: now,
            }),
            moved: Notify::new(),
        })
    }

    /// The other end shows that it is at work.
    pub(super) fn progressed(&self) {
        if let Some(patience) = self.patience {
            let mut hands = self.hands();
            hands.until = (Instant::now() + patience).min(hands.latest);
        }
    }

    /// Stops the clock while the other end waits for us.
    pub(super) fn stop(self: &Arc<Self>) -> Stopped {
        let mut hands = self.hands();
        if hands.stopped == 0 {
            hands.stopped_at = Instant::now();
        }
        hands.stopped += 1;
        Stopped(Arc::clone(self))
    }

    /// Waits for `work`; the patience that was lost where it ran out first.
    pub(super) async fn limit<T>(&self, work: impl Future<Output = T>) -> Result<T, Duration> {
        let Some(patience) = self.patience else {
            return Ok(work.await);
        };
        tokio::select! {
            biased;
            output = work => Ok(output),
            () = self.ran_out() => Err(patience),
        }
    }

    async fn ran_out(&self) {
        loop {
            let moved = self.moved.notified();
            let (until, stopped) = {
                let hands = self.hands();
                (hands.until, hands.stopped > 0)
            };
            if stopped {
                moved.await;
            } else if until <= Instant::now() {
                return;
            } else {
                // It may have been wound up or stopped in the meantime, so look again.
                sleep_until(until).await;
            }
        }
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.hands.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        let mut hands = self.0.hands();
        hands.stopped -= 1;
        if hands.stopped == 0 {
            let paused = hands.stopped_at.elapsed();
            hands.until += paused;
            hands.latest += paused;
        }
        drop(hands);
        self.0.moved.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{Instant, sleep};

    use super::Clock;

    const SECOND: Duration = Duration::from_secs(1);

    /// After how many seconds a clock with 10 of patience, 30 at most, ends `work` that takes 60.
    async fn ends_after(meanwhile: impl AsyncFn(std::sync::Arc<Clock>)) -> u64 {
        let start = Instant::now();
        let clock = Clock::new(10 * SECOND, 30 * SECOND);
        let work = async {
            meanwhile(std::sync::Arc::clone(&clock)).await;
            sleep(60 * SECOND).await;
        };
        assert_eq!(clock.limit(work).await, Err(10 * SECOND));
        start.elapsed().as_secs()
    }

    #[tokio::test(start_paused = true)]
    async fn patience_ends_where_nothing_happens() {
        assert_eq!(ends_after(async |_| {}).await, 10);
    }

    #[tokio::test(start_paused = true)]
    async fn progress_extends_patience_but_not_for_ever() {
        let once = async |clock: std::sync::Arc<Clock>| {
            sleep(8 * SECOND).await;
            clock.progressed();
        };
        assert_eq!(ends_after(once).await, 18);
        let always = async |clock: std::sync::Arc<Clock>| {
            for _ in 0..60 {
                sleep(SECOND).await;
                clock.progressed();
            }
        };
        assert_eq!(ends_after(always).await, 30);
    }

    #[tokio::test(start_paused = true)]
    async fn the_time_that_we_take_does_not_count() {
        let asked = async |clock: std::sync::Arc<Clock>| {
            let _stopped = clock.stop();
            let _twice = clock.stop();
            sleep(100 * SECOND).await;
        };
        assert_eq!(ends_after(asked).await, 110);
    }
}
