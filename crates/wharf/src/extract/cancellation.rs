//! Whether anybody still waits.

use tokio::sync::watch;

use super::Extract;
use crate::call::Call;
use crate::error::Result;

/// Tells work on other threads that its call is over.
///
/// A cancelled call needs no help of this: its function is dropped at the next `.await`, and so is
/// everything it owns. This is for what runs elsewhere, such as a loop in
/// `tokio::task::spawn_blocking`.
#[derive(Clone, Debug)]
pub struct Cancellation(watch::Receiver<()>);

impl Cancellation {
    /// Whether the call is over: cancelled, timed out or answered.
    pub fn is_over(&self) -> bool {
        self.0.has_changed().is_err()
    }

    /// Waits until the call is over.
    pub async fn over(&mut self) {
        while self.0.changed().await.is_ok() {}
    }
}

impl Extract for Cancellation {
    async fn extract(call: &Call<'_>) -> Result<Self> {
        Ok(Self(call.over()))
    }
}
