//! Proofs that were seen, so that none counts twice.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sha2::{Digest as _, Sha256};

/// Most proofs remembered. Each costs some 60 bytes.
const MOST: usize = 200_000;

/// The proofs of the last moments.
#[derive(Debug, Default)]
pub(super) struct Replay {
    seen: Mutex<HashMap<[u8; 32], Duration>>,
}

/// Why a proof does not count as new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stale {
    Seen,
    /// Nobody can tell, for nothing more can be remembered.
    Full,
}

impl Replay {
    /// Remembers the proof `jti` of the key `thumbprint` until `until` on the running clock.
    pub(super) fn admit(
        &self,
        thumbprint: &str,
        jti: &str,
        now: Duration,
        until: Duration,
    ) -> Result<(), Stale> {
        let key = Sha256::digest(format!("{thumbprint} {jti}")).into();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.get(&key).is_some_and(|until| now <= *until) {
            return Err(Stale::Seen);
        }
        if seen.len() >= MOST {
            seen.retain(|_, until| now <= *until);
        }
        if seen.len() >= MOST {
            return Err(Stale::Full);
        }
        seen.insert(key, until);
        Ok(())
    }
}
