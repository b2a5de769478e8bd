//! A transport, and what is the same for every request that goes through it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use http::{HeaderName, HeaderValue};
use serde_json::value::RawValue;
use wharf_protocol::capability::ClientCapabilities;
use wharf_protocol::meta::key;
use wharf_protocol::method::Method;
use wharf_protocol::port::{Peer, Request};
use wharf_protocol::revision::Revision;

use super::clock::Clock;
use super::error::AskError;
use super::hearing::Hearing;
use super::params::{self, META, Members};
use super::reception::Reception;
use super::settings::ClientSettings;
use super::transport::{Call, Speech, Transport};

/// A way to one server that requests are put through.
pub(super) struct LineOut {
    pub settings: Arc<ClientSettings>,
    pub reception: Arc<Reception>,
    pub transport: Arc<dyn Transport>,
    last_id: AtomicI64,
}

/// One attempt at a request, as far as it differs from others.
pub(super) struct Attempt<'a> {
    pub method: Method,
    /// Its parameters, without what the revision adds.
    pub params: Members,
    pub speech: Speech,
    pub listener: Arc<dyn Peer>,
    /// What the client can do, for this request.
    pub capabilities: &'a ClientCapabilities,
    pub mirrored: Vec<(HeaderName, HeaderValue)>,
    /// `None` for one that goes on until somebody ends it.
    pub timeout: Option<Duration>,
}

impl LineOut {
    pub(super) fn new(
        settings: Arc<ClientSettings>,
        reception: Arc<Reception>,
        transport: Arc<dyn Transport>,
    ) -> Self {
        Self {
            settings,
            reception,
            transport,
            last_id: AtomicI64::new(0),
        }
    }

    /// An attempt at `method` on nobody's account.
    pub(super) fn plain(&self, method: Method, speech: Speech) -> Attempt<'_> {
        Attempt {
            method,
            params: Members::default(),
            speech,
            listener: Arc::clone(&self.settings.listener),
            capabilities: &self.settings.capabilities,
            mirrored: Vec::new(),
            timeout: Some(self.settings.limits.request_timeout),
        }
    }

    /// Puts one request through.
    pub(super) async fn put(&self, attempt: Attempt<'_>) -> Result<Box<RawValue>, AskError> {
        let call = self.call(attempt)?;
        let clock = Arc::clone(&call.hearing.clock);
        let asked = clock.limit(self.transport.ask(&call)).await;
        asked.map_err(AskError::Timeout)?
    }

    fn call(&self, attempt: Attempt<'_>) -> Result<Call, AskError> {
        let id = self.last_id.fetch_add(1, Ordering::Relaxed) + 1;
        let mut members = attempt.params;
        let mut meta = params::meta_of(&members).map_err(AskError::Invalid)?;
        let token = meta.get(key::PROGRESS_TOKEN).map(ToOwned::to_owned);
        if token.is_some() || reports_progress(&attempt.method) {
            // The id is unique among our requests, whatever token their askers chose.
            meta.insert(key::PROGRESS_TOKEN, raw(&id)?);
        }
        if let Speech::Modern(revision) = attempt.speech {
            self.introduce(&mut meta, revision, attempt.capabilities)?;
        }
        if !meta.is_empty() {
            members.insert(META, raw(&meta)?);
        }
        let bare = members.is_empty();
        Ok(Call {
            id,
            request: Request {
                method: attempt.method,
                params: if bare { None } else { Some(raw(&members)?) },
            },
            speech: attempt.speech,
            mirrored: attempt.mirrored,
            hearing: Hearing {
                clock: self.clock(attempt.timeout),
                listener: attempt.listener,
                token,
                reception: Arc::clone(&self.reception),
            },
        })
    }

    /// What every request of the modern era says of its sender.
    fn introduce(
        &self,
        meta: &mut Members,
        revision: Revision,
        capabilities: &ClientCapabilities,
    ) -> Result<(), AskError> {
        meta.insert(key::PROTOCOL_VERSION, raw(revision.as_str())?);
        meta.insert(key::CLIENT_INFO, raw(&self.settings.identity)?);
        meta.insert(key::CLIENT_CAPABILITIES, raw(capabilities)?);
        Ok(())
    }

    fn clock(&self, timeout: Option<Duration>) -> Arc<Clock> {
        timeout.map_or_else(Clock::endless, |patience| {
            Clock::new(patience, self.settings.limits.longest_request)
        })
    }
}

/// Requests that may take long enough for their progress to matter.
fn reports_progress(method: &Method) -> bool {
    [
        Method::TOOLS_CALL,
        Method::RESOURCES_READ,
        Method::PROMPTS_GET,
    ]
    .contains(method)
}

fn raw(value: &(impl serde::Serialize + ?Sized)) -> Result<Box<RawValue>, AskError> {
    params::raw(value).map_err(AskError::Invalid)
}
