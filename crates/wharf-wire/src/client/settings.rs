//! What the owner of a client decides.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use wharf_protocol::capability::{ClientCapabilities, Implementation};
use wharf_protocol::port::{Nobody, Peer};

use super::authorize::Authorizer;
use crate::outbound::Connection;

/// Who asks, what it can do, and what a server may cost it.
///
/// One client is one authorization context: what it caches was answered to its own credentials.
#[derive(Clone)]
pub struct ClientSettings {
    /// Who we say we are.
    pub identity: Implementation,
    /// What we say we can do: whatever [`Self::listener`] answers.
    pub capabilities: ClientCapabilities,
    /// Values of `resultType` beside the core's, of the extensions that `capabilities` declares. A
    /// result of any other type is an error.
    pub result_types: Vec<String>,
    pub speaks: Speaks,
    /// Whether to keep a stream open on which the server tells of its changes.
    pub changes: Changes,
    /// Hears what belongs to no request, answers what the server asks on nobody's account, and stands
    /// behind every request that names nobody else.
    pub listener: Arc<dyn Peer>,
    pub limits: Limits,
    /// The way out to URLs, with its egress rules.
    pub connection: Connection,
    /// Headers on every HTTP request.
    pub headers: HeaderMap,
    /// Lets us in over HTTP.
    pub authorizer: Option<Arc<dyn Authorizer>>,
}

impl ClientSettings {
    /// A client of both eras that answers no question, hears of no change and has no credentials.
    pub fn quiet(identity: Implementation, connection: Connection) -> Self {
        Self {
            identity,
            capabilities: ClientCapabilities::default(),
            result_types: Vec::new(),
            speaks: Speaks::BothEras,
            changes: Changes::Ignored,
            listener: Arc::new(Nobody),
            limits: Limits::STANDARD,
            connection,
            headers: HeaderMap::new(),
            authorizer: None,
        }
    }
}

impl fmt::Debug for ClientSettings {
    // Headers carry credentials, so they are not shown.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ClientSettings")
            .field("identity", &self.identity)
            .field("speaks", &self.speaks)
            .field("changes", &self.changes)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// The eras that a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaks {
    /// The modern one where the server does, else the legacy one.
    BothEras,
    ModernOnly,
    /// Saves the attempt at the modern era with servers that are known not to speak it.
    LegacyOnly,
}

/// What to do about a server that can tell of changes to its lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changes {
    /// Listen: the cache drops what changed, and the listener hears of it.
    Watched,
    Ignored,
}

/// What a server may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long a request may go without an answer or news of its progress. It stands still while the
    /// server waits for an answer of ours and while somebody signs in.
    pub request_timeout: Duration,
    /// How long a request may take in all, whatever progress it reports.
    pub longest_request: Duration,
    /// How long a process may take to answer in the modern era before the legacy one is tried too.
    pub probe_timeout: Duration,
    /// Longest message, in bytes.
    pub frame_bytes: usize,
    /// Messages that wait for whoever they are meant for.
    pub queued_frames: usize,
    /// Questions of the server that are being answered at one time.
    pub questions: usize,
    /// How often one request may be answered with a question before it counts as failed.
    pub rounds: usize,
    /// Pages of one list, and items on all of them together.
    pub pages: usize,
    pub items: usize,
    /// Bytes of results kept for as long as their server says that they are fresh.
    pub cache_bytes: usize,
    /// How long a process may take to exit after its input has ended, and again after it was asked
    /// to terminate.
    pub farewell: Duration,
}

impl Limits {
    pub const STANDARD: Self = Self {
        request_timeout: Duration::from_mins(1),
        longest_request: Duration::from_mins(10),
        probe_timeout: Duration::from_secs(5),
        frame_bytes: 16 << 20,
        queued_frames: 64,
        questions: 16,
        rounds: 8,
        pages: 1_000,
        items: 100_000,
        cache_bytes: 16 << 20,
        farewell: Duration::from_secs(2),
    };
}
