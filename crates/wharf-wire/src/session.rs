//! What a legacy session remembers between `initialize` and its end.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;
use wharf_protocol::capability::{ClientCapabilities, Implementation};
use wharf_protocol::envelope;
use wharf_protocol::inquiry::Unsealed;
use wharf_protocol::meta::Meta;
use wharf_protocol::method::Method;
use wharf_protocol::notification::LogLevel;
use wharf_protocol::port::{Change, Exchange, Origin, Peer, Request};
use wharf_protocol::resource::ResourceParams;
use wharf_protocol::revision::Revision;

use crate::calls::Calls;
use crate::running::Running;
use crate::subscription;

/// Most resources that one session may watch. A client that wants more is told of list changes only.
const MAX_WATCHED: usize = 10_000;

/// One client that said `initialize`.
#[derive(Debug)]
pub(crate) struct Session {
    pub revision: Revision,
    pub client: Option<Implementation>,
    pub capabilities: ClientCapabilities,
    /// Its name, over HTTP; on a pipe there is only one.
    pub id: Option<Arc<str>>,
    /// What we asked it.
    pub calls: Calls,
    /// What it asked us.
    pub running: Running,
    watched: Mutex<HashSet<String>>,
    /// The least grave log message that it wants to hear: all of them, unless it said otherwise.
    log_level: Mutex<LogLevel>,
}

impl Session {
    pub(crate) fn new(
        revision: Revision,
        client: Option<Implementation>,
        capabilities: ClientCapabilities,
        id: Option<Arc<str>>,
    ) -> Self {
        Self {
            revision,
            client,
            capabilities,
            id,
            calls: Calls::default(),
            running: Running::default(),
            watched: Mutex::default(),
            log_level: Mutex::new(LogLevel::Debug),
        }
    }

    /// The exchange of one of its requests.
    pub(crate) fn exchange(&self, meta: Meta, origin: Origin, peer: Arc<dyn Peer>) -> Exchange {
        Exchange {
            revision: self.revision,
            client: self.client.clone(),
            capabilities: self.capabilities.clone(),
            meta,
            origin,
            session: self.id.clone(),
            principal: None,
            peer,
            // A legacy client carries nothing for us: what it is asked, it answers at once.
            sealer: Arc::new(Unsealed),
        }
    }

    /// What `request` would change in what the client hears, once its handler has agreed.
    pub(crate) fn wish(request: &Request) -> Option<Wish> {
        if request.method == Method::RESOURCES_SUBSCRIBE {
            let ResourceParams { uri } = request.params().ok()?;
            Some(Wish::Watch(uri))
        } else if request.method == Method::RESOURCES_UNSUBSCRIBE {
            let ResourceParams { uri } = request.params().ok()?;
            Some(Wish::Ignore(uri))
        } else if request.method == Method::SET_LOG_LEVEL {
            let Leveled { level } = request.params().ok()?;
            Some(Wish::Logs(level))
        } else {
            None
        }
    }

    /// Grants what [`wish`](Self::wish) found.
    pub(crate) fn grant(&self, wish: Wish) {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        match wish {
            Wish::Watch(uri) if watched.len() < MAX_WATCHED => {
                watched.insert(uri);
            }
            Wish::Watch(_) => {}
            Wish::Ignore(uri) => {
                watched.remove(&uri);
            }
            Wish::Logs(level) => {
                let mut least = self
                    .log_level
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                *least = level;
            }
        }
    }

    /// The least grave log message that the client wants to hear.
    pub(crate) fn log_level(&self) -> LogLevel {
        *self
            .log_level
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the client comes back to a stream that was closed before its answer came (SEP-1699).
    pub(crate) fn comes_back(&self) -> bool {
        self.id.is_some() && self.revision >= Revision::V2025_11_25
    }

    /// The notification that tells this client of `change`, as a frame; `None` where it is not to
    /// hear of it.
    pub(crate) fn news(&self, change: &Change) -> Option<Vec<u8>> {
        if let Change::Resource(uri) = change {
            let watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
            if !watched.contains(uri) {
                return None;
            }
        }
        Some(envelope::notification(&subscription::news(change, None)?))
    }
}

/// What a client wants to hear, or no longer.
pub(crate) enum Wish {
    Watch(String),
    Ignore(String),
    Logs(LogLevel),
}

/// Parameters of `logging/setLevel`.
#[derive(Deserialize)]
struct Leveled {
    level: LogLevel,
}
