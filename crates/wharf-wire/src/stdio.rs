//! A server on a pipe: one JSON-RPC message a line, both eras side by side.
//!
//! Nothing depends on the standard streams: any pair of byte streams will do (2026-07-28, stdio).

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::task::JoinSet;
use wharf_protocol::envelope::Frame;
use wharf_protocol::port::{Handler, Origin};

use crate::dispatch::Dispatch;
use crate::line::{Line, Lines, flatten};
use crate::mailbox::{Inbox, mailbox};
use crate::pipe::{Frames, Incoming, Pipe};
use crate::seal::StateKeys;
use crate::sender::Sender;

/// What one pipe may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Longest frame, in bytes. A longer one is skipped without being kept, and refused.
    pub frame_bytes: usize,
    /// Requests answered at one time. One more is refused.
    pub requests: usize,
    /// Frames that wait for the reader of our output before whoever writes the next one waits too.
    pub queued_frames: usize,
    /// How long requests may go on after the input has ended.
    pub grace: Duration,
}

impl Limits {
    /// 4 MiB a frame, 256 requests, 64 frames waiting, 5 seconds to finish.
    pub const STANDARD: Self = Self {
        frame_bytes: 4 << 20,
        requests: 256,
        queued_frames: 64,
        grace: Duration::from_secs(5),
    };
}

/// Serves `handler` until `reader` ends, then finishes what is running within the grace period.
///
/// A request with the `_meta` of 2026-07-28 is answered on its own terms; `initialize` opens the one
/// legacy session that a pipe can have. Dropping the future drops every running request.
///
/// # Errors
///
/// What `reader` or `writer` failed with.
pub async fn serve(
    handler: Arc<dyn Handler>,
    reader: impl AsyncRead + Send + Unpin + 'static,
    writer: impl AsyncWrite + Send + Unpin + 'static,
    limits: Limits,
) -> io::Result<()> {
    // The one client there is comes back to this process or not at all.
    let keys = StateKeys::random(StateKeys::LIFETIME);
    let (outbox, inbox) = mailbox(limits.queued_frames);
    let mut writing = JoinSet::new();
    writing.spawn(write_frames(inbox, Box::new(writer)));
    let dispatch = Arc::new(Dispatch::new(handler, Arc::new(keys)));
    let sender = Sender {
        origin: Origin::Stdio,
        principal: None,
    };
    let lines = Lines::new(Box::new(reader), limits.frame_bytes);
    let read = Pipe::new(dispatch, limits, outbox, sender).run(lines).await;
    match writing.join_next().await {
        Some(Ok(written)) => read.and(written),
        _ => read,
    }
}

/// Writes frames one after the other until nobody can write one any more.
pub(crate) async fn write_frames(
    mut inbox: Inbox,
    mut writer: Box<dyn AsyncWrite + Send + Unpin>,
) -> io::Result<()> {
    while let Some(mut frame) = inbox.take().await {
        flatten(&mut frame);
        frame.push(b'\n');
        writer.write_all(&frame).await?;
        if inbox.is_empty() {
            writer.flush().await?;
        }
    }
    writer.shutdown().await
}

impl Frames for Lines {
    async fn next(&mut self) -> io::Result<Incoming> {
        Ok(match Lines::next(self).await? {
            Line::Frame(bytes) => Incoming::Frame(Frame::parse(&bytes)),
            Line::TooLong => Incoming::TooLong,
            Line::End => Incoming::End,
        })
    }
}
