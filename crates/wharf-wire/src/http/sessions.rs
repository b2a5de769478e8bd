//! Legacy sessions over HTTP: who owns which, and when they end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tokio::sync::watch;
use tokio::time::Instant;

use super::limits::Limits;
use super::refusal::Refusal;
use super::streams::Streams;
use crate::owner::Owner;
use crate::session::Session;

/// Bytes of randomness in a session's name.
const NAME_BYTES: usize = 24;

/// A name that nobody can guess.
pub(super) fn fresh_name() -> Result<Arc<str>, Refusal> {
    let mut bytes = [0; NAME_BYTES];
    getrandom::fill(&mut bytes).map_err(|_| Refusal::NoRandomness)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes).into())
}

/// Every session there is.
pub(super) struct Sessions {
    open: Mutex<HashMap<Arc<str>, Arc<Seat>>>,
    capacity: usize,
    idle: Duration,
}

/// A session and its owner.
pub(super) struct Seat {
    pub session: Arc<Session>,
    owner: Owner,
    /// What its client may come back to.
    pub streams: Streams,
    usage: Mutex<Usage>,
    ended: watch::Sender<bool>,
    /// Ends the stream that hears of changes when a newer one replaces it: each message goes to one
    /// stream only, and a client that comes back may be faster than the news that it had gone.
    listener: watch::Sender<u64>,
}

struct Usage {
    visits: usize,
    last: Instant,
}

impl Sessions {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            open: Mutex::default(),
            capacity: limits.sessions,
            idle: limits.session_idle,
        }
    }

    /// Opens `session` under `name`. At the limit, the session that idled longest ends for it.
    pub(super) fn open(
        &self,
        name: Arc<str>,
        session: Session,
        owner: Owner,
    ) -> Result<(), Refusal> {
        let mut open = self.lock();
        if open.len() >= self.capacity {
            open.retain(|_, seat| !seat.is_idle(self.idle));
        }
        if open.len() >= self.capacity {
            let oldest = open
                .iter()
                .filter_map(|(name, seat)| seat.idle_since().map(|since| (since, name)))
                .min()
                .map(|(_, name)| Arc::clone(name));
            open.remove(&oldest.ok_or(Refusal::Busy)?);
        }
        open.insert(name, Arc::new(Seat::new(session, owner)));
        Ok(())
    }

    /// The session called `name`, if it is `owner`'s. Somebody else's looks like none.
    pub(super) fn visit(&self, name: &str, owner: Owner) -> Result<Visit, Refusal> {
        let mut open = self.lock();
        let seat = open.get(name).filter(|seat| seat.owner == owner);
        let seat = Arc::clone(seat.ok_or(Refusal::UnknownSession)?);
        if seat.is_idle(self.idle) {
            open.remove(name);
            return Err(Refusal::UnknownSession);
        }
        Ok(Visit::new(seat))
    }

    /// Ends the session called `name`, if it is `owner`'s, and whatever runs in it.
    pub(super) fn end(&self, name: &str, owner: Owner) -> Result<(), Refusal> {
        self.visit(name, owner)?;
        if let Some(seat) = self.lock().remove(name) {
            seat.ended.send_replace(true);
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Arc<str>, Arc<Seat>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    fn new(session: Session, owner: Owner) -> Self {
        Self {
            session: Arc::new(session),
            owner,
            streams: Streams::default(),
            usage: Mutex::new(Usage {
                visits: 0,
                last: Instant::now(),
            }),
            ended: watch::Sender::new(false),
            listener: watch::Sender::new(0),
        }
    }

    /// Since when nobody has used it; `None` while somebody does.
    fn idle_since(&self) -> Option<Instant> {
        let usage = self.usage();
        (usage.visits == 0).then_some(usage.last)
    }

    fn is_idle(&self, limit: Duration) -> bool {
        self.idle_since()
            .is_some_and(|since| since.elapsed() >= limit)
    }

    /// Waits for the end of the session.
    pub(super) async fn ended(&self) {
        // The sender lives as long as `self`.
        let _ = self.ended.subscribe().wait_for(|ended| *ended).await;
    }

    /// Becomes the one stream that hears of changes; what it returns waits for the next one.
    pub(super) fn listen(&self) -> impl Future<Output = ()> + Send + use<> {
        self.listener.send_modify(|turn| *turn += 1);
        let mut turns = self.listener.subscribe();
        async move {
            let _ = turns.changed().await;
        }
    }

    fn usage(&self) -> MutexGuard<'_, Usage> {
        self.usage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A session in use, which does not idle.
pub(super) struct Visit(Arc<Seat>);

impl Visit {
    fn new(seat: Arc<Seat>) -> Self {
        seat.usage().visits += 1;
        Self(seat)
    }
}

impl std::ops::Deref for Visit {
    type Target = Arc<Seat>;

    fn deref(&self) -> &Arc<Seat> {
        &self.0
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        let mut usage = self.0.usage();
        usage.visits -= 1;
        usage.last = Instant::now();
    }
}
