//! Who sent an HTTP request.

use std::ops::Deref;
use std::sync::Arc;

use http::request::Parts;
use wharf_protocol::port::{Headers, Origin};

use super::server::PeerAddress;
use crate::owner::Owner;
use crate::sender::Sender;

/// Who a request is from, as an extension of it: set by whatever has checked its credential. Opaque
/// here; the same text is the same caller. Without it, a caller is whoever has the same credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal(pub Arc<str>);

/// The sender of the request that begins with `head`.
pub(super) fn sender(head: &Arc<Head>) -> Sender {
    let principal = head.extensions.get::<Principal>();
    let peer = head.extensions.get::<PeerAddress>();
    Sender {
        origin: Origin::Http {
            peer: peer.map(|peer| peer.0),
            headers: Arc::clone(head) as Arc<dyn Headers>,
        },
        principal: principal.map(|principal| Arc::clone(&principal.0)),
    }
}

/// To whom belongs what that request opens or names: the name alone opens nothing.
pub(super) fn owner(parts: &Parts) -> Owner {
    let principal = parts.extensions.get::<Principal>();
    let principal = principal.map(|principal| &*principal.0);
    Owner::presenting(principal, &parts.headers)
}

/// The head of a request, shared with whoever wants to look up a header later: most handlers never do,
/// so nothing is copied for them.
pub(super) struct Head(pub Parts);

impl Deref for Head {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Headers for Head {
    fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.headers.get(name)?;
        std::str::from_utf8(value.as_bytes()).ok()
    }
}
