//! Server-sent events: how one frame looks on a stream.

/// One frame as one event.
///
/// A line break inside JSON can only be white space between tokens, and in an event it would end
/// the data, so it becomes a space.
pub(crate) fn event(mut frame: Vec<u8>) -> Vec<u8> {
    crate::line::flatten(&mut frame);
    let mut event = Vec::with_capacity(frame.len() + 24);
    event.extend_from_slice(b"event: message\ndata: ");
    event.extend_from_slice(&frame);
    event.extend_from_slice(b"\n\n");
    event
}

/// A comment, which readers skip: it keeps a quiet stream from being taken for a dead one.
pub(crate) const KEEP_ALIVE: &[u8] = b": keep-alive\n\n";
