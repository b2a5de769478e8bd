//! What strangers may cost.

use std::time::Duration;

/// Limits on requests, streams, sessions and connections.
///
/// ```
/// use wharf_wire::http::Limits;
///
/// let small = Limits { body_bytes: 64 << 10, ..Limits::STANDARD };
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest body of a request, in bytes; a larger one is 413.
    pub body_bytes: usize,
    /// How long the first byte of a body may take; also the head start of [`Self::body_rate`].
    pub body_timeout: Duration,
    /// Slowest rate at which a body may arrive, in bytes a second; a slower one is 408.
    pub body_rate: u32,
    /// Requests answered at one time; one more is 503.
    pub requests: usize,
    /// Streams open at one time that wait for changes, apart from requests; one more is 503.
    pub streams: usize,
    /// Frames that wait for the reader of one stream before whoever writes the next one waits too.
    pub queued_frames: usize,
    /// How long a stream may be silent before a comment shows that it is alive.
    pub keep_alive: Duration,
    /// How long a legacy request may take before its answer becomes a stream, to which its client can
    /// come back.
    pub patience: Duration,
    /// How long a legacy request goes on without a reader, and how long its answer is kept.
    pub resume_grace: Duration,
    /// What of one legacy stream is kept for a client that comes back, in bytes.
    pub replay_bytes: usize,
    /// Legacy sessions at one time. Beyond, the one that idled longest makes room; if none idles, a
    /// new one is 503.
    pub sessions: usize,
    /// How long a legacy session may be unused before it ends.
    pub session_idle: Duration,
    /// Connections at one time; one more is told 503 and closed.
    pub connections: usize,
    /// How long a head may take, and how long a connection may wait for its next request.
    pub head_timeout: Duration,
    /// How long a client may read nothing of what is written to it before its connection is closed.
    pub write_timeout: Duration,
    /// Largest head of a request, in bytes; a larger one is 431, and so are more than 100 headers.
    pub head_bytes: usize,
    /// How long requests may go on after shutdown has begun.
    pub grace: Duration,
}

impl Limits {
    /// What a server that knows nothing of its callers should start from.
    pub const STANDARD: Self = Self {
        body_bytes: 4 << 20,
        body_timeout: Duration::from_secs(10),
        body_rate: 1 << 10,
        requests: 1024,
        streams: 1024,
        queued_frames: 16,
        keep_alive: Duration::from_secs(15),
        patience: Duration::from_millis(500),
        resume_grace: Duration::from_mins(1),
        replay_bytes: 256 << 10,
        sessions: 10_000,
        session_idle: Duration::from_mins(30),
        connections: 4096,
        head_timeout: Duration::from_secs(10),
        write_timeout: Duration::from_secs(30),
        head_bytes: 64 << 10,
        grace: Duration::from_secs(10),
    };
}
