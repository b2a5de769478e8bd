//! Who sent an HTTP request.

use std::sync::Arc;

use http::HeaderMap;
use http::request::Parts;
use wharf_protocol::port::Origin;

use super::server::PeerAddress;
use crate::owner::Owner;
use crate::sender::Sender;

/// Who a request is from, as an extension of it: set by whatever has checked its credential. Opaque
/// here; the same text is the same caller. Without it, a caller is whoever has the same credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal(pub Arc<str>);

/// The sender of the request that begins with `parts`.
pub(super) fn sender(parts: &Parts) -> Sender {
    let principal = parts.extensions.get::<Principal>();
    Sender {
        origin: origin(parts),
        principal: principal.map(|principal| Arc::clone(&principal.0)),
    }
}

/// To whom belongs what that request opens or names: the name alone opens nothing.
pub(super) fn owner(parts: &Parts) -> Owner {
    let principal = parts.extensions.get::<Principal>();
    let principal = principal.map(|principal| &*principal.0);
    Owner::presenting(principal, &parts.headers)
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
