//! The proof that whoever shows a bound token has its key (RFC 9449, section 4.3).

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::rejection::Reason;
use super::replay::{Replay, Stale};
use super::verifier::Presented;
use crate::oauth::clock::Clock;
use crate::oauth::jose::{Compact, PublicKey};

/// How old a proof may be, and how far in the future: clocks of clients are set by nobody.
const PAST: Duration = Duration::from_mins(2);
const FUTURE: Duration = Duration::from_secs(30);
/// Longest `jti` that is read.
const LONGEST_ID: usize = 512;

/// Whether tokens bound to a key are taken, and whether others are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofPolicy {
    /// Bearer tokens only.
    Refused,
    /// Either.
    Accepted,
    /// Bound tokens only.
    Required,
}

/// Checks proofs and remembers them.
#[derive(Debug)]
pub(super) struct Proofs {
    clock: Arc<dyn Clock>,
    replay: Replay,
}

#[derive(Deserialize)]
struct Claims {
    jti: String,
    htm: String,
    htu: String,
    iat: f64,
    ath: Option<String>,
}

impl Proofs {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            replay: Replay::default(),
        }
    }

    /// Checks that `proof` is for this very request, this very token, and made by the key that the
    /// token is bound to.
    pub(super) fn check(
        &self,
        proof: &str,
        token: &str,
        bound_to: &str,
        request: Presented<'_>,
    ) -> Result<(), Reason> {
        let proof = Compact::parse(proof).map_err(|_| Reason::Proof("it is no signed token"))?;
        if proof.header.typ.as_deref() != Some("dpop+jwt") {
            return Err(Reason::Proof("it is of another type"));
        }
        let jwk = proof
            .header
            .jwk
            .as_ref()
            .ok_or(Reason::Proof("it has no key"))?;
        let key = PublicKey::new(jwk).map_err(|_| Reason::Proof("its key cannot be used"))?;
        let claims: Claims = proof
            .verified(&key)
            .map_err(|_| Reason::Proof("its key did not sign it"))?;
        claims.check_request(request)?;
        claims.check_age(self.clock.unix())?;
        if claims.ath.as_deref() != Some(digest(token).as_str()) {
            return Err(Reason::Proof("it is for another token"));
        }
        let thumbprint = jwk
            .thumbprint()
            .ok_or(Reason::Proof("its key cannot be used"))?;
        if thumbprint != bound_to {
            return Err(Reason::Proof("the token is bound to another key"));
        }
        self.admit(&thumbprint, &claims.jti)
    }

    /// Last, so that only good proofs cost memory.
    fn admit(&self, thumbprint: &str, jti: &str) -> Result<(), Reason> {
        let now = self.clock.running();
        let until = now + PAST + FUTURE;
        match self.replay.admit(thumbprint, jti, now, until) {
            Ok(()) => Ok(()),
            Err(Stale::Seen) => Err(Reason::Proof("it was used before")),
            Err(Stale::Full) => Err(Reason::Unavailable("too many proofs at once")),
        }
    }
}

impl Claims {
    fn check_request(&self, request: Presented<'_>) -> Result<(), Reason> {
        if self.htm != request.method.as_str() {
            return Err(Reason::Proof("it is for another method"));
        }
        let named = Url::parse(&self.htu).map_err(|_| Reason::Proof("it names no address"))?;
        if bare(&named) != bare(request.url) {
            return Err(Reason::Proof("it is for another address"));
        }
        if self.jti.is_empty() || self.jti.len() > LONGEST_ID {
            return Err(Reason::Proof("it has no name"));
        }
        Ok(())
    }

    fn check_age(&self, now: u64) -> Result<(), Reason> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "exact for the next 285 million years"
        )]
        let age = now as f64 - self.iat;
        let fresh = (-FUTURE.as_secs_f64()..=PAST.as_secs_f64()).contains(&age);
        if fresh {
            Ok(())
        } else {
            Err(Reason::Proof("it is not of this moment"))
        }
    }
}

/// What a proof names of an address: no query, no fragment (RFC 9449, section 4.2); compared as
/// parsed, which is the normalisation that section 4.3 asks for.
fn bare(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url
}

/// The hash of a token that a proof names (RFC 9449, section 4.2).
fn digest(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token))
}
