//! Proof that whoever redeems a code is who asked for it (RFC 7636), by `S256` and nothing less.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::oauth::random;
use crate::oauth::secret::Secret;

/// One attempt's secret and what the issuer sees of it before.
#[derive(Debug)]
pub(super) struct Pkce {
    pub verifier: Secret,
    pub challenge: String,
}

impl Pkce {
    pub(super) fn new() -> Self {
        Self::of(&random::text())
    }

    fn of(verifier: &str) -> Self {
        Self {
            verifier: Secret::new(verifier),
            challenge: URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pkce;

    /// RFC 7636, appendix B.
    #[test]
    fn the_challenge_is_the_hash_that_the_rfc_computes() {
        let pkce = Pkce::of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(
            pkce.challenge,
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }
}
