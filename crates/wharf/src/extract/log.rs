//! Log messages for the client.

use std::fmt::{self, Display};
use std::sync::Arc;

use serde::Serialize;
use serde_json::value::to_raw_value;
use wharf_protocol::method::Method;
use wharf_protocol::notification::{LogLevel, LogParams};
use wharf_protocol::port::{Notification, Peer};

use super::{Extract, Needs};
use crate::call::Call;
use crate::error::Result;

/// Sends log messages to the client that called, as far as it wants to hear them.
///
/// These are for the person at the other end. What only the operator should read belongs in
/// `tracing`.
#[derive(Clone)]
pub struct Log(Arc<dyn Peer>);

impl Log {
    /// Says something that helps to find mistakes.
    pub async fn debug(&self, message: impl Display) {
        self.send(LogLevel::Debug, &message.to_string()).await;
    }

    /// Says what is being done.
    pub async fn info(&self, message: impl Display) {
        self.send(LogLevel::Info, &message.to_string()).await;
    }

    /// Says what is strange.
    pub async fn warning(&self, message: impl Display) {
        self.send(LogLevel::Warning, &message.to_string()).await;
    }

    /// Says what went wrong.
    pub async fn error(&self, message: impl Display) {
        self.send(LogLevel::Error, &message.to_string()).await;
    }

    /// Sends `data`, of any shape. What cannot be written as JSON is not sent.
    pub async fn send(&self, level: LogLevel, data: &impl Serialize) {
        let Ok(data) = to_raw_value(data) else {
            return;
        };
        let params = LogParams {
            level,
            logger: None,
            data,
        };
        if let Ok(notification) = Notification::new(Method::MESSAGE, &params) {
            self.0.notify(notification).await;
        }
    }
}

impl Extract for Log {
    async fn extract(call: &Call<'_>) -> Result<Self> {
        Ok(Self(Arc::clone(&call.exchange().peer)))
    }

    fn needs(needs: &mut Needs) {
        needs.logs = true;
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Log")
    }
}
