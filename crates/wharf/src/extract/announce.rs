//! News for those who watch.

use tokio::sync::broadcast::Sender;
use wharf_protocol::port::Change;

use super::{Extract, Needs};
use crate::call::Call;
use crate::error::Result;

/// Tells clients that something is no longer what they last saw.
#[derive(Clone, Debug)]
pub struct Announce(Option<Sender<Change>>);

impl Announce {
    /// The list of tools has changed.
    pub fn tools(&self) {
        self.send(Change::Tools);
    }

    /// The list of prompts has changed.
    pub fn prompts(&self) {
        self.send(Change::Prompts);
    }

    /// The list of resources has changed.
    pub fn resources(&self) {
        self.send(Change::Resources);
    }

    /// The contents of one resource have changed.
    pub fn resource(&self, uri: impl Into<String>) {
        self.send(Change::Resource(uri.into()));
    }

    fn send(&self, change: Change) {
        if let Some(sender) = &self.0 {
            // An error only says that nobody listens.
            let _ = sender.send(change);
        }
    }
}

impl Extract for Announce {
    async fn extract(call: &Call<'_>) -> Result<Self> {
        Ok(Self(call.shared.announce.clone()))
    }

    fn needs(needs: &mut Needs) {
        needs.announces = true;
    }
}
