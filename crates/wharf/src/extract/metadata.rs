//! What travels beside the arguments.

use serde::de::DeserializeOwned;
use wharf_protocol::port::Exchange;

use super::Extract;
use crate::call::Call;
use crate::error::Result;

/// The `_meta` of a request and the headers it came with.
///
/// All of it is what the client wrote: for tracing and display, never a proof of anything.
#[derive(Clone, Debug)]
pub struct Metadata(Exchange);

impl Metadata {
    /// The entry of `_meta` under `key`; `None` where it is absent or no `T`.
    pub fn read<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        self.0.meta.read(key)
    }

    /// The HTTP header `name`, in lower case; `None` on other transports.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.header(name)
    }

    /// Everything else there is to know.
    pub fn exchange(&self) -> &Exchange {
        &self.0
    }
}

impl Extract for Metadata {
    async fn extract(call: &Call<'_>) -> Result<Self> {
        Ok(Self(call.exchange().clone()))
    }
}
