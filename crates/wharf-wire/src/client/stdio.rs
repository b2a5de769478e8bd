//! A server on a pipe: mostly a process of our own, one message a line.
//!
//! In reading order: where its program is (`program`), what it is given (`environment`), how it is
//! started and ended (`process`), and what it complains of (`complaints`).

mod complaints;
mod environment;
mod process;
mod program;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::value::RawValue;
use tokio::io::{AsyncRead, AsyncWrite};
use tracing::warn;
use wharf_protocol::port::{BoxFuture, Notification};
use wharf_protocol::revision::Revision;

use self::complaints::Complaints;
use self::process::Process;
use super::answering::Answering;
use super::channel::Channel;
use super::error::AskError;
use super::reception::Reception;
use super::settings::{ClientSettings, Limits};
use super::target::Command;
use super::transport::{Call, Speech, Transport, Way};
use crate::line::{Line, Lines};
use crate::mailbox::{Outbox, mailbox};
use crate::stdio::write_frames;

pub use self::program::StartError;

/// How long the rest of what a process had to say is waited for once it has closed its output.
const LAST_WORDS: Duration = Duration::from_millis(250);

type Reader = Box<dyn AsyncRead + Send + Unpin>;
type Writer = Box<dyn AsyncWrite + Send + Unpin>;

/// A server at the other end of a pipe.
pub(super) struct Pipe {
    channel: Channel,
    input: Arc<Input>,
    process: Option<Arc<tokio::sync::Mutex<Process>>>,
    limits: Limits,
}

/// What the server reads; `None` once we have said all.
struct Input(Mutex<Option<Outbox>>);

impl Pipe {
    /// Starts `command`. Whoever calls has to run the second part, which reads what it says.
    pub(super) fn start(
        command: &Command,
        settings: &ClientSettings,
        reception: Arc<Reception>,
    ) -> Result<(Arc<Self>, BoxFuture<'static, ()>), StartError> {
        let (process, streams) = Process::start(command)?;
        let process = Some(Arc::new(tokio::sync::Mutex::new(process)));
        let complaints = Complaints::new(streams.complaints, command);
        let (reader, writer) = (streams.output, streams.input);
        Ok(Self::assemble(
            reader, writer, process, complaints, settings, reception,
        ))
    }

    /// Speaks over streams that are open.
    pub(super) fn open(
        reader: Reader,
        writer: Writer,
        settings: &ClientSettings,
        reception: Arc<Reception>,
    ) -> (Arc<Self>, BoxFuture<'static, ()>) {
        let none = Complaints::none();
        Self::assemble(reader, writer, None, none, settings, reception)
    }

    fn assemble(
        reader: Reader,
        writer: Writer,
        process: Option<Arc<tokio::sync::Mutex<Process>>>,
        mut complaints: Complaints,
        settings: &ClientSettings,
        reception: Arc<Reception>,
    ) -> (Arc<Self>, BoxFuture<'static, ()>) {
        let limits = settings.limits;
        let (outbox, inbox) = mailbox(limits.queued_frames);
        let input = Arc::new(Input(Mutex::new(Some(outbox))));
        let way: Arc<dyn Way> = Arc::clone(&input) as Arc<dyn Way>;
        let pipe = Arc::new(Self {
            channel: Channel::new(Arc::clone(&way), settings, reception),
            input,
            process: process.clone(),
            limits,
        });
        let reading = Arc::clone(&pipe);
        let answering = Answering::new(way, limits.questions);
        let running = async move {
            tokio::select! {
                () = reading.read(reader, answering) => {}
                () = complaints.read() => {}
                () = forever(write_frames(inbox, writer)) => {}
            }
            let ending = async {
                complaints.rest().await;
                match &process {
                    Some(process) => process.lock().await.exited().await,
                    None => None,
                }
            };
            let status = tokio::time::timeout(LAST_WORDS, ending)
                .await
                .ok()
                .flatten();
            reading.channel.end(complaints.last_words(status));
        };
        (pipe, Box::pin(running))
    }

    async fn read(&self, reader: Reader, mut answering: Answering) {
        let limit = self.limits.frame_bytes;
        let mut lines = Lines::new(reader, limit);
        loop {
            match lines.next().await {
                Ok(Line::Frame(bytes)) => self.channel.take(&bytes, &mut answering),
                Ok(Line::TooLong) => self.channel.skipped(limit),
                Ok(Line::End) => return,
                Err(error) => {
                    warn!(%error, "cannot read what the server says");
                    return;
                }
            }
        }
    }

    async fn leave(&self) {
        self.input.close();
        if let Some(process) = &self.process {
            process.lock().await.end(self.limits.farewell).await;
        }
    }
}

/// Waits for `work` and then for ever: its end is not the end of whatever goes on beside it.
async fn forever<T>(work: impl Future<Output = T>) {
    drop(work.await);
    std::future::pending::<()>().await;
}

impl Input {
    fn outbox(&self) -> Option<Outbox> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// What was said already is still written, then the stream ends.
    fn close(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

impl Way for Input {
    fn send(&self, frame: Vec<u8>) -> BoxFuture<'_, Result<(), AskError>> {
        Box::pin(async move {
            let outbox = self.outbox().ok_or_else(AskError::lost)?;
            // A server that reads nothing more may still have an answer on the way, and last words
            // either way: whoever waits learns of its end from its output.
            let _ = outbox.put(frame).await;
            Ok(())
        })
    }

    fn send_soon(&self, frame: Vec<u8>) {
        if let Some(outbox) = self.outbox() {
            // A mailbox that is full belongs to a server that reads nothing anyway.
            let _ = outbox.try_put(frame);
        }
    }
}

impl Transport for Pipe {
    fn ask<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Result<Box<RawValue>, AskError>> {
        Box::pin(self.channel.ask(call))
    }

    fn tell(&self, notification: Notification, _: Speech) -> BoxFuture<'_, Result<(), AskError>> {
        Box::pin(async move { self.channel.tell(&notification).await })
    }

    fn greeted(&self, revision: Revision) {
        self.channel.greeted(revision);
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.leave())
    }
}
