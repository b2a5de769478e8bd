//! How one request is asked, where the settings of the client do not say it all.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use wharf_protocol::capability::ClientCapabilities;
use wharf_protocol::port::Peer;

/// On whose account a request is asked, and how patiently.
#[derive(Clone, Default)]
pub struct Asking {
    /// Whoever stands behind the request: is told of its progress (if its parameters have a
    /// `progressToken`) and its log messages, and answers what the server asks before it answers. The
    /// client's own listener, where nobody is named.
    pub behind: Option<Arc<dyn Peer>>,
    /// What whoever stands behind it can do. Counts in the modern era; a session of the legacy era
    /// has said once what its client can do.
    pub capabilities: Option<ClientCapabilities>,
    /// In place of [`Limits::request_timeout`](super::Limits::request_timeout).
    pub timeout: Option<Duration>,
    pub questions: Questions,
    pub freshness: Freshness,
}

/// What happens to a result that wants input (2026-07-28, multi round-trip requests).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Questions {
    /// Whoever stands behind the request answers, and it is asked again.
    #[default]
    Answered,
    /// It is handed back like any other: for a gateway whose own client answers.
    HandedBack,
}

/// Whether a result that was kept will do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Freshness {
    /// If its server says that it is fresh.
    #[default]
    AsTheServerSays,
    /// No: the server is asked.
    Now,
}

impl Asking {
    /// On account of `behind`.
    pub fn for_peer(behind: Arc<dyn Peer>) -> Self {
        Self {
            behind: Some(behind),
            ..Self::default()
        }
    }
}

impl fmt::Debug for Asking {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Asking")
            .field("behind", &self.behind.is_some())
            .field("timeout", &self.timeout)
            .field("questions", &self.questions)
            .field("freshness", &self.freshness)
            .finish_non_exhaustive()
    }
}
