//! Who calls.

use std::sync::Arc;

use wharf_protocol::capability::Implementation;
use wharf_protocol::revision::Revision;

use super::Extract;
use crate::call::Call;
use crate::error::Result;

/// Whoever a call is for.
///
/// Only [`principal`](Self::principal) is proved, by whatever checks credentials in front of the
/// server; what the client says of itself is for display and logs.
#[derive(Clone, Debug)]
pub struct Caller {
    principal: Option<Arc<str>>,
    client: Option<Implementation>,
    revision: Revision,
}

impl Caller {
    /// Who asks, where something has proved it; the same text is the same caller. `None` on a pipe,
    /// and on a server that lets anybody in.
    pub fn principal(&self) -> Option<&str> {
        self.principal.as_deref()
    }

    /// The program at the other end, by its own account.
    pub fn client(&self) -> Option<&Implementation> {
        self.client.as_ref()
    }

    /// The revision of the protocol that it speaks.
    pub fn revision(&self) -> Revision {
        self.revision
    }
}

impl Extract for Caller {
    async fn extract(call: &Call<'_>) -> Result<Self> {
        let exchange = call.exchange();
        Ok(Self {
            principal: exchange.principal.clone(),
            client: exchange.client.clone(),
            revision: exchange.revision,
        })
    }
}
