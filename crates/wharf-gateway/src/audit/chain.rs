//! The hash chain: each row names the one before, so that none is changed or dropped unseen.

use sha2::{Digest, Sha256};

use super::store::Row;

/// What the first row names as its predecessor.
pub(super) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The hash of a row: SHA-256 over the previous hash and every field, each with its length before
/// it, so that no two rows spell the same bytes.
pub(super) fn hash(previous: &str, row: &Row<'_>) -> String {
    let mut digest = Sha256::new();
    let fields = [
        previous,
        row.stage,
        row.call,
        &row.at_ms.to_string(),
        row.principal,
        row.tool,
        row.upstream.unwrap_or_default(),
        row.effect.unwrap_or_default(),
        row.rule.unwrap_or_default(),
        row.arguments,
        row.outcome,
        &row.status
            .map(|status| status.to_string())
            .unwrap_or_default(),
        &row.duration_us.to_string(),
    ];
    for field in fields {
        digest.update((field.len() as u64).to_be_bytes());
        digest.update(field.as_bytes());
    }
    format!("{:x}", digest.finalize())
}
