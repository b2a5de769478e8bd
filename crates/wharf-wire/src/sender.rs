//! Who sent a request, and how it came in.

use std::sync::Arc;

use wharf_protocol::port::Origin;

/// The sender of one request, or of all that come through one pipe.
#[derive(Clone)]
pub(crate) struct Sender {
    pub origin: Origin,
    /// Who that is, where something in front has proved it.
    pub principal: Option<Arc<str>>,
}
