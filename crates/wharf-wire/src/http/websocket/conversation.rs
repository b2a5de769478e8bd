//! One client on one WebSocket.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Bytes, Error, Message, Utf8Bytes};
use tracing::debug;
use wharf_protocol::envelope::Frame;

use crate::dispatch::Dispatch;
use crate::mailbox::{Inbox, mailbox};
use crate::pipe::{Frames, Incoming, Pipe};
use crate::sender::Sender;
use crate::stdio::Limits;

type Socket = WebSocketStream<TokioIo<Upgraded>>;

pub(super) struct Conversation {
    pub dispatch: Arc<Dispatch>,
    pub limits: Limits,
    /// How long a client may be silent before it is asked whether it is there, and then before it is
    /// given up.
    pub keep_alive: Duration,
    pub sender: Sender,
}

impl Conversation {
    /// Answers what comes in until the client leaves, says something that is no message, or is silent
    /// for too long.
    pub(super) async fn hold(self, socket: Upgraded) {
        let config = config(self.limits.frame_bytes);
        let socket =
            WebSocketStream::from_raw_socket(TokioIo::new(socket), Role::Server, Some(config));
        let (sink, stream) = socket.await.split();
        let (outbox, inbox) = mailbox(self.limits.queued_frames);
        let (frames, heard_frames) = mpsc::channel(1);
        let heard = AtomicBool::new(true);
        let pipe = Pipe::new(Arc::clone(&self.dispatch), self.limits, outbox, self.sender);
        let reading = async {
            if let Err(error) = read(stream, frames, &heard).await {
                debug!(error = ?error.to_string(), "a WebSocket broke off");
            }
            // What is running is still answered.
            std::future::pending::<()>().await;
        };
        let answering = async {
            let writing = write(sink, inbox, self.keep_alive, &heard);
            let _ = tokio::join!(pipe.run(Heard(heard_frames)), writing);
        };
        tokio::select! {
            () = reading => {}
            () = answering => {}
            () = self.dispatch.closed() => {}
        }
    }
}

fn config(frame_bytes: usize) -> WebSocketConfig {
    WebSocketConfig::default()
        .max_message_size(Some(frame_bytes))
        .max_frame_size(Some(frame_bytes))
        .max_write_buffer_size(usize::MAX)
}

/// Passes on every message until there are no more.
async fn read(
    mut stream: SplitStream<Socket>,
    frames: mpsc::Sender<Incoming>,
    heard: &AtomicBool,
) -> Result<(), Error> {
    while let Some(message) = stream.next().await {
        heard.store(true, Ordering::Relaxed);
        match message? {
            Message::Text(text) => {
                let frame = Incoming::Frame(Frame::parse(text.as_bytes()));
                if frames.send(frame).await.is_err() {
                    return Ok(());
                }
            }
            // A message is text; and whoever closes has said everything.
            Message::Binary(_) | Message::Close(_) => return Ok(()),
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
        }
    }
    Ok(())
}

/// Writes every frame until nobody can say one any more. A client that stays silent is pinged, and
/// given up if it stays silent then.
async fn write(
    mut sink: SplitSink<Socket, Message>,
    mut inbox: Inbox,
    keep_alive: Duration,
    heard: &AtomicBool,
) -> Result<(), Error> {
    let mut ticks = interval(keep_alive);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let message = tokio::select! {
            frame = inbox.take() => match frame {
                Some(frame) => text(frame)?,
                None => return sink.close().await,
            },
            _ = ticks.tick() => {
                if !heard.swap(false, Ordering::Relaxed) {
                    return Ok(());
                }
                Message::Ping(Bytes::new())
            }
        };
        sink.send(message).await?;
    }
}

fn text(frame: Vec<u8>) -> Result<Message, Error> {
    let text = Utf8Bytes::try_from(frame).map_err(|error| Error::Utf8(error.to_string()))?;
    Ok(Message::Text(text))
}

/// The messages of one socket.
struct Heard(mpsc::Receiver<Incoming>);

impl Frames for Heard {
    async fn next(&mut self) -> io::Result<Incoming> {
        Ok(self.0.recv().await.unwrap_or(Incoming::End))
    }
}
