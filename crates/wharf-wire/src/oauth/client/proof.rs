//! The key that tokens are bound to, and proofs of having it (RFC 9449).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderName, HeaderValue};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::oauth::clock::Clock;
use crate::oauth::endpoint::Endpoint;
use crate::oauth::jose::SigningKey;
use crate::oauth::random;
use crate::oauth::secret::Secret;

const HEADER: HeaderName = HeaderName::from_static("dpop");
/// Longest nonce that is sent back.
const LONGEST_NONCE: usize = 1024;
/// Servers whose nonces are remembered. One client meets its server and an issuer or two.
const MOST_SERVERS: usize = 16;

/// Makes proofs; one key for all tokens of one server.
#[derive(Debug)]
pub(super) struct Proofs {
    key: RwLock<Arc<SigningKey>>,
    /// The last nonce of each server, by its origin.
    nonces: Mutex<HashMap<String, String>>,
    clock: Arc<dyn Clock>,
}

impl Proofs {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            key: RwLock::new(Arc::new(SigningKey::generate())),
            nonces: Mutex::default(),
            clock,
        }
    }

    pub(super) fn key(&self) -> Arc<SigningKey> {
        Arc::clone(&self.key.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Goes on with the key that kept tokens are bound to.
    pub(super) fn adopt(&self, key: SigningKey) {
        *self.key.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(key);
    }

    pub(super) fn thumbprint(&self) -> String {
        let key = self.key();
        key.public()
            .thumbprint()
            .expect("keys of this kind have one")
    }

    /// Takes note of the nonce that `server` wants to see next. Whether it is a new one.
    pub(super) fn learn(&self, server: &Endpoint, nonce: &str) -> bool {
        // RFC 9449, section 8: visible characters but quotes and backslashes.
        let sound = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
        if nonce.is_empty() || nonce.len() > LONGEST_NONCE || !nonce.bytes().all(sound) {
            return false;
        }
        let mut nonces = self.nonces.lock().unwrap_or_else(PoisonError::into_inner);
        if nonces.len() >= MOST_SERVERS && !nonces.contains_key(server.origin()) {
            nonces.clear();
        }
        let before = nonces.insert(server.origin().to_owned(), nonce.to_owned());
        before.as_deref() != Some(nonce)
    }

    /// A proof for one request, with `token` where one is shown.
    pub(super) fn header(
        &self,
        method: &str,
        server: &Endpoint,
        token: Option<&Secret>,
    ) -> (HeaderName, HeaderValue) {
        let key = self.key();
        let mut claims = json!({
            "jti": random::text(),
            "htm": method,
            "htu": bare(server.url()).as_str(),
            "iat": self.clock.unix(),
        });
        if let Some(token) = token {
            let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(token.expose()));
            claims["ath"] = hash.into();
        }
        if let Some(nonce) = self.nonce(server) {
            claims["nonce"] = nonce.into();
        }
        let header = json!({
            "typ": "dpop+jwt",
            "alg": key.algorithm().name(),
            "jwk": key.public(),
        });
        let proof = key.sign_with(&header, &claims);
        (
            HEADER,
            HeaderValue::from_str(&proof).expect("base64url and dots stand in any header"),
        )
    }

    fn nonce(&self, server: &Endpoint) -> Option<String> {
        let nonces = self.nonces.lock().unwrap_or_else(PoisonError::into_inner);
        nonces.get(server.origin()).cloned()
    }
}

/// Without query and fragment, which a proof does not name (RFC 9449, section 4.2).
fn bare(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url
}
