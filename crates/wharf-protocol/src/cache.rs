//! Caching hints on results (2026-07-28, server, caching).

use serde::{Deserialize, Serialize};

/// How long a result may be thought fresh, and by whom it may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CacheHint {
    /// Milliseconds for which the result is fresh; 0 means that it is stale at once.
    pub ttl_ms: u64,
    pub cache_scope: CacheScope,
}

/// Who may keep a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CacheScope {
    /// Anybody: it holds nothing of the caller's.
    Public,
    /// Only caches of the same authorization context.
    Private,
}
