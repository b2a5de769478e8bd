//! What the fuzz target of event streams tries.

use super::event_parser::{Event, EventParser};

const MAX_BYTES: usize = 1 << 12;

/// Reads `bytes` as a stream of events: in one piece and byte by byte, which must be the same.
pub(crate) fn events(bytes: &[u8]) {
    let whole = read(bytes.len().max(1), bytes);
    let pieces = read(1, bytes);
    assert_eq!(whole.0, pieces.0, "the same verdict");
    assert!(
        whole.0.is_err() || whole.1 == pieces.1,
        "the same events, unless the stream is given up"
    );
}

fn read(piece_bytes: usize, bytes: &[u8]) -> (Result<(), ()>, Vec<Event>) {
    let mut parser = EventParser::new(MAX_BYTES);
    let mut events = Vec::new();
    for piece in bytes.chunks(piece_bytes) {
        let read = parser.read(piece);
        events.extend(std::iter::from_fn(|| parser.next()));
        if read.is_err() {
            return (Err(()), events);
        }
    }
    (Ok(()), events)
}
