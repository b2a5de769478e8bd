//! How far a call has come.

use std::fmt;
use std::sync::Arc;

use serde_json::value::RawValue;
use wharf_protocol::meta::key;
use wharf_protocol::method::Method;
use wharf_protocol::notification::ProgressParams;
use wharf_protocol::port::{Notification, Peer};

use super::Extract;
use crate::call::Call;
use crate::error::Result;

/// Tells a caller that asked to be told how far its call has come.
#[derive(Clone)]
pub struct Progress {
    peer: Arc<dyn Peer>,
    /// `None` where nobody wants to know.
    token: Option<Box<RawValue>>,
}

impl Progress {
    /// `done` of `total`, in any unit; `done` grows from one report to the next.
    pub async fn report(&self, done: impl Into<f64>, total: impl Into<f64>) {
        self.send(done.into(), Some(total.into()), None).await;
    }

    /// The same with a few words on what is being done.
    pub async fn say(
        &self,
        done: impl Into<f64>,
        total: impl Into<f64>,
        message: impl Into<String>,
    ) {
        self.send(done.into(), Some(total.into()), Some(message.into()))
            .await;
    }

    /// `done`, where nobody knows of how much.
    pub async fn count(&self, done: impl Into<f64>) {
        self.send(done.into(), None, None).await;
    }

    async fn send(&self, progress: f64, total: Option<f64>, message: Option<String>) {
        let Some(token) = &self.token else {
            return;
        };
        let params = ProgressParams {
            progress_token: token.clone(),
            progress,
            total,
            message,
        };
        if let Ok(notification) = Notification::new(Method::PROGRESS, &params) {
            self.peer.notify(notification).await;
        }
    }
}

impl Extract for Progress {
    async fn extract(call: &Call<'_>) -> Result<Self> {
        let exchange = call.exchange();
        let token = exchange.meta.get(key::PROGRESS_TOKEN);
        Ok(Self {
            peer: Arc::clone(&exchange.peer),
            token: token.map(ToOwned::to_owned),
        })
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wanted = self.token.is_some();
        formatter
            .debug_struct("Progress")
            .field("wanted", &wanted)
            .finish_non_exhaustive()
    }
}
