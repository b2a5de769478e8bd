//! The streams of one session that somebody may come back to.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::resumable::Resumable;

/// Most streams of one session that have ended and are kept.
const MAX_ENDED: usize = 16;

#[derive(Default)]
pub(super) struct Streams {
    last: AtomicU64,
    open: Mutex<VecDeque<Arc<Resumable>>>,
}

impl Streams {
    /// A number that no stream of this session has had.
    pub(super) fn number(&self) -> u64 {
        self.last.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Keeps `stream`, and forgets those that nobody will come for.
    pub(super) fn enter(&self, stream: Arc<Resumable>) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|stream| !stream.is_over());
        let mut ended = open.iter().filter(|stream| stream.has_ended()).count();
        open.retain(|stream| {
            let kept = ended < MAX_ENDED || !stream.has_ended();
            ended -= usize::from(!kept);
            kept
        });
        open.push_back(stream);
    }

    /// The stream that `id` names, and the number of the event after which to go on; `None` where
    /// what came after it is no longer known.
    pub(super) fn find(&self, id: &str) -> Option<(Arc<Resumable>, u64)> {
        let (stream, event) = id.split_once('-')?;
        let (stream, event) = (stream.parse::<u64>().ok()?, event.parse::<u64>().ok()?);
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let found = open.iter().find(|known| known.number() == stream)?;
        (!found.is_over() && found.remembers(event)).then(|| (Arc::clone(found), event))
    }
}
