//! The writer: one task owns the log, callers wait until their rows are durable.

use std::time::{Instant, SystemTime};

use tokio::sync::{mpsc, oneshot};
use tracing::error;
use wharf_policy::record::{Outcome, Record, Stage};

use super::store::{Log, Store, StoreError};

/// Most rows that share one commit. Commits are what costs; under load, callers share them.
const BATCH: usize = 64;

/// The entry could not be made durable. The call it belongs to must not be acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the audit log cannot be written")]
pub struct AuditError;

/// A handle on the log.
#[derive(Debug)]
pub struct Trail {
    // Unbounded, and bounded all the same: each call in flight has at most one row in it.
    sender: mpsc::UnboundedSender<Message>,
}

/// What the writer is told.
enum Message {
    Write(Pending),
    /// To end once everything before this is written, and to say so.
    Close(oneshot::Sender<()>),
}

struct Pending {
    record: Record,
    durable: Option<oneshot::Sender<Result<(), AuditError>>>,
}

impl Trail {
    /// Opens the log and starts its writer.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the file cannot be opened or is no log.
    pub async fn open(store: &Store) -> Result<Self, StoreError> {
        let log = Log::open(store).await?;
        let (sender, receiver) = mpsc::unbounded_channel();
        // It ends when it is told to, or when nobody is left who could hand it a row.
        tokio::spawn(write_all(log, receiver));
        Ok(Self { sender })
    }

    /// Opens the entry of one call. From here on something is written whatever happens.
    pub fn entry(&self, call: String, tool: &str) -> Entry<'_> {
        Entry {
            trail: self,
            started: Instant::now(),
            closed: false,
            record: Record {
                stage: Stage::Outcome,
                call,
                at: SystemTime::now(),
                principal: String::new(),
                tool: tool.chars().take(128).collect(),
                upstream: None,
                effect: None,
                rule: None,
                arguments: String::new(),
                outcome: Outcome::Pending,
                status: None,
                duration: std::time::Duration::ZERO,
            },
        }
    }

    /// Writes everything that was handed in, then closes the log. Calls that are still under way are
    /// refused from here on, for they could not be recorded.
    pub async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.sender.send(Message::Close(done)).is_ok() {
            // An error means that the writer has ended, which is what was asked for.
            let _ = closed.await;
        }
    }

    async fn write(&self, record: Record) -> Result<(), AuditError> {
        let (durable, written) = oneshot::channel();
        let pending = Pending {
            record,
            durable: Some(durable),
        };
        let message = Message::Write(pending);
        self.sender.send(message).map_err(|_| AuditError)?;
        written.await.unwrap_or(Err(AuditError))
    }
}

/// The audit entry of one call while the call runs.
#[derive(Debug)]
pub struct Entry<'a> {
    trail: &'a Trail,
    started: Instant,
    closed: bool,
    /// What is known so far; stages fill it in.
    pub record: Record,
}

impl Entry<'_> {
    /// Writes that the call is about to leave, so that a write of which we never hear again is
    /// still on record.
    ///
    /// # Errors
    ///
    /// [`AuditError`]: the call must not be sent.
    pub async fn attempt(&self) -> Result<(), AuditError> {
        let record = Record {
            stage: Stage::Attempt,
            at: SystemTime::now(),
            duration: self.started.elapsed(),
            ..self.record.clone()
        };
        self.trail.write(record).await
    }

    /// Writes how the call ended. The answer may be given once this returns.
    ///
    /// # Errors
    ///
    /// [`AuditError`]: the answer must not be given.
    pub async fn close(mut self, outcome: Outcome) -> Result<(), AuditError> {
        self.record.outcome = outcome;
        self.record.duration = self.started.elapsed();
        let record = self.record.clone();
        // Marked before the wait: if the caller goes away during it, the row is on its way.
        self.closed = true;
        self.trail.write(record).await
    }
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        if !self.closed {
            self.record.outcome = Outcome::Abandoned;
            self.record.duration = self.started.elapsed();
            let record = self.record.clone();
            // Nobody waits any more; and after the log was closed, nobody writes either.
            let _ = self.trail.sender.send(Message::Write(Pending {
                record,
                durable: None,
            }));
        }
    }
}

async fn write_all(mut log: Log, mut receiver: mpsc::UnboundedReceiver<Message>) {
    let mut messages = Vec::with_capacity(BATCH);
    let mut asked_to_close = None;
    while asked_to_close.is_none() && receiver.recv_many(&mut messages, BATCH).await > 0 {
        let (mut records, mut waiting) = (Vec::new(), Vec::new());
        for message in messages.drain(..) {
            match message {
                Message::Write(pending) => {
                    records.push(pending.record);
                    waiting.extend(pending.durable);
                }
                Message::Close(done) => asked_to_close = Some(done),
            }
        }
        let written = append(&mut log, &records).await;
        for durable in waiting {
            // A caller that went away needs no word.
            let _ = durable.send(written);
        }
    }
    if let Err(error) = log.close().await {
        error!(
            error = &error as &dyn std::error::Error,
            "the audit log did not close"
        );
    }
    if let Some(done) = asked_to_close {
        let _ = done.send(());
    }
}

async fn append(log: &mut Log, records: &[Record]) -> Result<(), AuditError> {
    if records.is_empty() {
        return Ok(());
    }
    log.append(records).await.map_err(|error| {
        error!(
            error = &error as &dyn std::error::Error,
            rows = records.len(),
            "audit rows lost"
        );
        AuditError
    })
}
