//! A connection that lets no ambiguous message through to `hyper`.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tracing::debug;

use super::framing::{Ambiguous, Framing};
use super::patience::Patience;

/// What stands in for the rest of an ambiguous message: no parser takes it anywhere in a head or a
/// chunk, so `hyper` answers 400 in its turn, after what it has still to answer, and closes.
const POISON: &[u8] = b"\0\r\n\r\n";

/// `stream`, read through [`Framing`], and given up when nobody reads what is written to it.
pub(super) struct Guarded<S> {
    stream: S,
    patience: Patience,
    framing: Framing,
    /// What is left of the poison, once a message was refused.
    poison: Option<&'static [u8]>,
    release: Release,
}

/// Lets a connection go that does not speak HTTP any more, as an extension of the request by which it
/// changed.
#[derive(Clone, Debug, Default)]
pub(super) struct Release(Arc<AtomicBool>);

impl Release {
    #[cfg(feature = "websocket")]
    pub(super) fn release(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn is_released(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl<S> Guarded<S> {
    pub(super) fn new(stream: S, max_line: usize, write_timeout: Duration) -> Self {
        Self {
            stream,
            patience: Patience::new(write_timeout),
            framing: Framing::new(max_line),
            poison: None,
            release: Release::default(),
        }
    }

    pub(super) fn release(&self) -> Release {
        self.release.clone()
    }

    /// Hands out poison in place of what was read from `start` on.
    fn refuse(&mut self, start: usize, ambiguous: Ambiguous, buffer: &mut ReadBuf<'_>) {
        debug!("refused a request that could be read in two ways");
        buffer.set_filled(start + ambiguous.sound);
        self.poison = Some(POISON);
        self.administer(buffer);
    }

    fn administer(&mut self, buffer: &mut ReadBuf<'_>) {
        if let Some(poison) = self.poison {
            let (now, later) = poison.split_at(poison.len().min(buffer.remaining()));
            buffer.put_slice(now);
            self.poison = Some(later);
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Guarded<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.poison.is_some() {
            // Once it is used up, this reads like the end of the input.
            self.administer(buffer);
            return Poll::Ready(Ok(()));
        }
        let start = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if let Poll::Ready(Ok(())) = read
            && !self.release.is_released()
            && let Err(ambiguous) = self.framing.follow(&buffer.filled()[start..])
        {
            self.refuse(start, ambiguous, buffer);
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Guarded<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.patience.unless_over(written, context)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.patience.unless_over(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
