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

/// One frame as the event called `stream`-`number`, by which a reader that was cut off asks for what
/// came after it.
pub(crate) fn numbered(frame: Vec<u8>, stream: u64, number: u64) -> Vec<u8> {
    let mut event = format!("id: {stream}-{number}\n").into_bytes();
    event.extend_from_slice(&self::event(frame));
    event
}

/// Milliseconds that a reader should wait before it comes back.
const RETRY_MILLISECONDS: u64 = 1000;

/// An event that says nothing but how to come back to `stream` (SEP-1699).
pub(crate) fn priming(stream: u64) -> Vec<u8> {
    format!("id: {stream}-0\nretry: {RETRY_MILLISECONDS}\ndata: \n\n").into_bytes()
}

/// The event that tells a client of the old pair where to send its messages (2024-11-05, HTTP with
/// SSE).
pub(crate) fn endpoint(uri: &str) -> Vec<u8> {
    format!("event: endpoint\ndata: {uri}\n\n").into_bytes()
}

/// A comment, which readers skip: it keeps a quiet stream from being taken for a dead one.
pub(crate) const KEEP_ALIVE: &[u8] = b": keep-alive\n\n";
