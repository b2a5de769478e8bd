//! To whom a session, a task or a sealed state belongs.

use http::HeaderValue;
use http::header::{AUTHORIZATION, HeaderMap};
use sha2::{Digest, Sha256};
use wharf_protocol::port::{Exchange, Origin};

/// A caller, as a digest: whoever learns the name of something owns it no more than before.
///
/// It is the principal that something in front has proved, or else the credential itself, or nobody
/// in particular.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Owner([u8; 32]);

impl Owner {
    /// Whoever sent the request of `exchange`.
    pub fn of(exchange: &Exchange) -> Self {
        match (&exchange.principal, &exchange.origin) {
            (Some(principal), _) => Self::principal(principal),
            (None, Origin::Http { .. }) => {
                Self::bearing(exchange.header("authorization").map(str::as_bytes))
            }
            (None, Origin::Stdio | Origin::InProcess) => Self::digest(b"process", None),
        }
    }

    /// Whoever sent `headers`.
    pub(crate) fn presenting(principal: Option<&str>, headers: &HeaderMap) -> Self {
        match principal {
            Some(principal) => Self::principal(principal),
            None => Self::bearing(
                headers
                    .get_all(AUTHORIZATION)
                    .iter()
                    .map(HeaderValue::as_bytes),
            ),
        }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    fn principal(principal: &str) -> Self {
        Self::digest(b"principal", [principal.as_bytes()])
    }

    fn bearing<'a>(credentials: impl IntoIterator<Item = &'a [u8]>) -> Self {
        Self::digest(b"credential", credentials)
    }

    fn digest<'a>(kind: &[u8], parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut digest = Sha256::new();
        digest.update(kind);
        for part in parts {
            digest.update(b"\n");
            digest.update(part);
        }
        Self(digest.finalize().into())
    }
}
