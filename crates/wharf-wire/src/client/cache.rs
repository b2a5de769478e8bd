//! Results kept for as long as their server says that they are fresh (2026-07-28, server, caching).

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::time::Instant;
use wharf_protocol::method::Method;
use wharf_protocol::port::{Notification, Request};

use super::params::{self, META};

/// Methods whose results may be kept.
const CACHEABLE: [Method; 6] = [
    Method::DISCOVER,
    Method::TOOLS_LIST,
    Method::PROMPTS_LIST,
    Method::RESOURCES_LIST,
    Method::RESOURCES_TEMPLATES_LIST,
    Method::RESOURCES_READ,
];
/// Longest time that a result is kept, whatever its server says.
const LONGEST: Duration = Duration::from_hours(24);

/// Results of one server, for one authorization context.
#[derive(Debug)]
pub(super) struct Cache {
    most_bytes: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    results: HashMap<Key, Entry>,
    bytes: usize,
    /// Counts invalidations: what was asked before one is not kept after it.
    generation: u64,
}

/// A method and its parameters without `_meta`, as their sender wrote them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    method: Method,
    params: String,
}

#[derive(Debug)]
struct Entry {
    result: Box<RawValue>,
    /// The resource it is of, where it is of one.
    uri: Option<String>,
    until: Instant,
}

/// A place for a result that is on its way.
#[derive(Debug)]
pub(super) struct Place {
    key: Key,
    generation: u64,
}

impl Key {
    /// The key of `request`; `None` where its result may not be kept: another method, or a request
    /// that answers a question of the server's.
    pub(super) fn of(request: &Request) -> Option<Self> {
        if !CACHEABLE.contains(&request.method) {
            return None;
        }
        let members = params::members(request.params.as_deref()).ok()?;
        if members.get("inputResponses").is_some() || members.get("requestState").is_some() {
            return None;
        }
        let kept: Vec<_> = members.iter().filter(|(name, _)| *name != META).collect();
        Some(Self {
            method: request.method.clone(),
            params: serde_json::to_string(&kept).ok()?,
        })
    }
}

impl Cache {
    pub(super) fn new(most_bytes: usize) -> Self {
        Self {
            most_bytes,
            kept: Mutex::default(),
        }
    }

    pub(super) fn fresh(&self, key: &Key) -> Option<Box<RawValue>> {
        let kept = self.kept();
        let entry = kept.results.get(key)?;
        (Instant::now() < entry.until).then(|| entry.result.clone())
    }

    /// A place for the result of a request that is about to be sent.
    pub(super) fn place(&self, key: Key) -> Place {
        Place {
            key,
            generation: self.kept().generation,
        }
    }

    /// Keeps `result` if its server says how long, and nothing changed since it was asked for.
    pub(super) fn keep(&self, place: Place, request: &Request, result: &RawValue) {
        let Some(fresh) = lifetime(result) else {
            return;
        };
        let bytes = result.get().len();
        let mut kept = self.kept();
        if kept.generation != place.generation || bytes > self.most_bytes {
            return;
        }
        kept.make_room(self.most_bytes - bytes);
        let entry = Entry {
            result: result.to_owned(),
            uri: uri_of(request.params.as_deref()),
            until: Instant::now() + fresh.min(LONGEST),
        };
        kept.bytes += bytes;
        if let Some(old) = kept.results.insert(place.key, entry) {
            kept.bytes -= old.result.get().len();
        }
    }

    /// Forgets what `notification` says has changed.
    pub(super) fn learn(&self, notification: &Notification) {
        match notification.method.as_str() {
            "notifications/tools/list_changed" => {
                self.forget(|key, _| key.method == Method::TOOLS_LIST);
            }
            "notifications/prompts/list_changed" => {
                self.forget(|key, _| key.method == Method::PROMPTS_LIST);
            }
            "notifications/resources/list_changed" => self.forget(|key, _| {
                key.method == Method::RESOURCES_LIST
                    || key.method == Method::RESOURCES_TEMPLATES_LIST
            }),
            "notifications/resources/updated" => {
                let uri = uri_of(notification.params.as_deref());
                self.forget(|key, entry| key.method == Method::RESOURCES_READ && entry.uri == uri);
            }
            _ => {}
        }
    }

    /// Forgets every list: it is not known what became of them.
    pub(super) fn forget_lists(&self) {
        self.forget(|key, _| key.method != Method::DISCOVER);
    }

    fn forget(&self, stale: impl Fn(&Key, &Entry) -> bool) {
        let mut kept = self.kept();
        kept.generation += 1;
        kept.retain(|key, entry| !stale(key, entry));
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// Lets go of what is stale, then of what will be first, until at most `bytes` are kept.
    fn make_room(&mut self, bytes: usize) {
        if self.bytes > bytes {
            let now = Instant::now();
            self.retain(|_, entry| now < entry.until);
        }
        while self.bytes > bytes {
            let first = self.results.iter().min_by_key(|(_, entry)| entry.until);
            let Some(key) = first.map(|(key, _)| key.clone()) else {
                return;
            };
            self.retain(|other, _| *other != key);
        }
    }

    fn retain(&mut self, keep: impl Fn(&Key, &Entry) -> bool) {
        self.results.retain(|key, entry| keep(key, entry));
        let sizes = self.results.values().map(|entry| entry.result.get().len());
        self.bytes = sizes.sum();
    }
}

/// How long `result` is fresh; `None` where it is not, or says nothing.
fn lifetime(result: &RawValue) -> Option<Duration> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Hinted {
        ttl_ms: i64,
    }
    let Hinted { ttl_ms } = serde_json::from_str(result.get()).ok()?;
    let millis = u64::try_from(ttl_ms).ok().filter(|millis| *millis > 0)?;
    Some(Duration::from_millis(millis))
}

fn uri_of(params: Option<&RawValue>) -> Option<String> {
    #[derive(Deserialize)]
    struct About {
        uri: String,
    }
    let About { uri } = serde_json::from_str(params?.get()).ok()?;
    Some(uri)
}
