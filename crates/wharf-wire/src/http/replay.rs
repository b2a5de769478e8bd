//! What a stream has said, for whoever has to read it again.

use std::collections::VecDeque;

use bytes::Bytes;

/// The newest events of one stream, numbered from 1.
#[derive(Debug)]
pub(super) struct Replay {
    events: VecDeque<Bytes>,
    /// The number of the first event that is kept.
    first: u64,
    bytes: usize,
    max_bytes: usize,
}

/// What was asked for is no longer kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Forgotten;

impl Replay {
    pub(super) fn new(max_bytes: usize) -> Self {
        Self {
            events: VecDeque::new(),
            first: 1,
            bytes: 0,
            max_bytes,
        }
    }

    /// The number that the next event will have.
    pub(super) fn next_number(&self) -> u64 {
        self.first + self.events.len() as u64
    }

    /// Keeps `event`, and as many of those before it as there is room for.
    pub(super) fn push(&mut self, event: Bytes) {
        self.bytes += event.len();
        self.events.push_back(event);
        // The newest one is always kept until a newer one comes: somebody is about to read it.
        while self.bytes > self.max_bytes && self.events.len() > 1 {
            self.bytes -= self.events.pop_front().map_or(0, |event| event.len());
            self.first += 1;
        }
    }

    /// The event after `number`; `None` where there is none yet.
    pub(super) fn after(&self, number: u64) -> Result<Option<Bytes>, Forgotten> {
        let index = (number + 1).checked_sub(self.first).ok_or(Forgotten)?;
        let index = usize::try_from(index).map_err(|_| Forgotten)?;
        Ok(self.events.get(index).cloned())
    }

    /// Forgets a last event that is too large to wait for a reader.
    pub(super) fn trim(&mut self) {
        if self.bytes > self.max_bytes {
            self.first = self.next_number();
            self.events.clear();
            self.bytes = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::{Forgotten, Replay};

    #[test]
    fn old_events_make_room_and_are_missed() {
        let mut replay = Replay::new(4);
        for event in ["aa", "bb", "cc"] {
            replay.push(Bytes::from_static(event.as_bytes()));
        }
        assert_eq!(replay.after(0), Err(Forgotten));
        assert_eq!(replay.after(1), Ok(Some(Bytes::from_static(b"bb"))));
        assert_eq!(replay.after(2), Ok(Some(Bytes::from_static(b"cc"))));
        assert_eq!(replay.after(3), Ok(None));
    }

    #[test]
    fn an_event_larger_than_all_room_is_kept_until_it_is_trimmed() {
        let mut replay = Replay::new(1);
        replay.push(Bytes::from_static(b"large"));
        assert_eq!(replay.after(0), Ok(Some(Bytes::from_static(b"large"))));
        replay.trim();
        assert_eq!(replay.after(0), Err(Forgotten));
        assert_eq!(replay.next_number(), 2);
    }
}
