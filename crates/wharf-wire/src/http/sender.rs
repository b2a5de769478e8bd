//! Who sent a request, and how it came in.

use std::sync::Arc;

use http::HeaderMap;
use http::request::Parts;
use wharf_protocol::port::Origin;

use super::server::PeerAddress;

/// Who a request is from, as an extension of it: set by whatever has checked its credential. Opaque
/// here; the same text is the same caller. Without it, a caller is whoever has the same credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal(pub Arc<str>);

/// The sender of one request.
pub(super) struct Sender {
    pub origin: Origin,
    pub principal: Option<Arc<str>>,
}

impl Sender {
    pub(super) fn of(parts: &Parts) -> Self {
        Self {
            origin: origin(parts),
            principal: parts
                .extensions
                .get::<Principal>()
                .map(|principal| Arc::clone(&principal.0)),
        }
    }
}

/// How the request came in. A header value that is not UTF-8 is left out.
fn origin(parts: &Parts) -> Origin {
    let peer = parts.extensions.get::<PeerAddress>().map(|peer| peer.0);
    Origin::Http {
        peer,
        headers: texts(&parts.headers).collect(),
    }
}

fn texts(headers: &HeaderMap) -> impl Iterator<Item = (Box<str>, Box<str>)> {
    headers.iter().filter_map(|(name, value)| {
        let value = std::str::from_utf8(value.as_bytes()).ok()?;
        Some((name.as_str().into(), value.into()))
    })
}
