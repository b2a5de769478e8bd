//! The public keys of an issuer: fetched, kept, and fetched again no more often than is decent.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;

use crate::oauth::clock::Clock;
use crate::oauth::discovery;
use crate::oauth::endpoint::Endpoint;
use crate::oauth::fetch::{self, Fetch};
use crate::oauth::jose::{Algorithm, Jwk, PublicKey};
use crate::outbound::Egress;

/// Keys of this age are fetched anew at the next chance: a key that was taken back goes then.
const FRESH: Duration = Duration::from_mins(10);
/// Keys of this age are used no more, whatever keeps new ones from coming.
const STALE: Duration = Duration::from_hours(12);
/// A key that is not among those we have is asked for this often, however many tokens name one.
const BETWEEN_UNKNOWN: Duration = Duration::from_mins(1);
/// While there are no keys, or none that are fresh, they are asked for this often.
const BETWEEN_FAILURES: Duration = Duration::from_secs(5);
/// More keys than anybody has; the rest is not read.
const MOST: usize = 100;

/// Where keys are published.
#[derive(Clone, Debug)]
pub enum KeyLocation {
    /// At the `jwks_uri` of the issuer's metadata.
    Discovered,
    At(Endpoint),
}

/// The keys of one issuer.
#[derive(Debug)]
pub(super) struct Keys {
    issuer: String,
    location: KeyLocation,
    fetch: Fetch,
    clock: Arc<dyn Clock>,
    known: RwLock<Known>,
    /// Held while keys are fetched: one flight at a time.
    flight: Mutex<()>,
}

#[derive(Clone, Debug, Default)]
struct Known {
    keys: Arc<[Named]>,
    /// When they came, and when they were last asked for, on the running clock.
    came: Option<Duration>,
    asked: Option<Duration>,
}

#[derive(Debug)]
struct Named {
    kid: Option<String>,
    key: PublicKey,
}

/// There is no key to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeysError {
    /// The issuer has none of that name and kind.
    Unknown,
    /// Nobody can tell, for the issuer's keys cannot be had.
    Unavailable,
}

impl Keys {
    pub(super) fn new(
        issuer: &str,
        location: KeyLocation,
        egress: Egress,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            issuer: issuer.to_owned(),
            location,
            fetch: Fetch::new(egress),
            clock,
            known: RwLock::default(),
            flight: Mutex::default(),
        }
    }

    /// The keys called `kid`, or all where no name is given, that sign by `algorithm`.
    ///
    /// A name is compared and never used for anything else: not as a path, not as an address.
    pub(super) async fn fitting(
        &self,
        kid: Option<&str>,
        algorithm: Algorithm,
    ) -> Result<Vec<PublicKey>, KeysError> {
        let known = self.known();
        let found = known.fitting(kid, algorithm);
        let now = self.clock.running();
        if !known.is_younger(FRESH, now) {
            // While another request fetches, what is there will do.
            self.renew(BETWEEN_FAILURES, !found.is_empty()).await;
        } else if found.is_empty() {
            self.renew(BETWEEN_UNKNOWN, false).await;
        }
        let known = self.known();
        if !known.is_younger(STALE, now) {
            return Err(KeysError::Unavailable);
        }
        let found = known.fitting(kid, algorithm);
        if found.is_empty() {
            Err(KeysError::Unknown)
        } else {
            Ok(found)
        }
    }

    fn known(&self) -> Known {
        self.known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Fetches the keys, unless they were asked for less than `pause` ago. With `hasty`, does not
    /// wait for a fetch that is under way.
    async fn renew(&self, pause: Duration, hasty: bool) {
        let _flight = if hasty {
            let Ok(flight) = self.flight.try_lock() else {
                return;
            };
            flight
        } else {
            self.flight.lock().await
        };
        let now = self.clock.running();
        let recently = |asked: Duration| now.saturating_sub(asked) < pause;
        if self.known().asked.is_some_and(recently) {
            return;
        }
        let fetched = self.download().await;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.asked = Some(now);
        if let Some(keys) = fetched {
            known.keys = keys;
            known.came = Some(now);
        }
    }

    /// The keys that are published now. Old ones stay where there are none to be had.
    async fn download(&self) -> Option<Arc<[Named]>> {
        let read = async {
            let location = match &self.location {
                KeyLocation::At(endpoint) => endpoint.clone(),
                KeyLocation::Discovered => self.discover().await?,
            };
            self.fetch
                .document::<KeySet>(&location)
                .await
                .map_err(warned)
        };
        let set: KeySet = read.await.ok()?;
        Some(
            set.keys
                .into_iter()
                .take(MOST)
                .filter_map(Named::read)
                .collect(),
        )
    }

    async fn discover(&self) -> Result<Endpoint, ()> {
        let metadata = discovery::authorization_server(&self.fetch, &self.issuer)
            .await
            .map_err(warned)?;
        let named = metadata.jwks_uri.unwrap_or_default();
        fetch::endpoint(&named).map_err(warned)
    }
}

fn warned(error: impl std::error::Error) {
    tracing::warn!(%error, "the keys of an issuer cannot be fetched");
}

impl Known {
    fn is_younger(&self, age: Duration, now: Duration) -> bool {
        self.came.is_some_and(|came| now.saturating_sub(came) < age)
    }

    fn fitting(&self, kid: Option<&str>, algorithm: Algorithm) -> Vec<PublicKey> {
        self.keys
            .iter()
            .filter(|named| kid.is_none() || named.kid.as_deref() == kid)
            .filter(|named| named.key.is_for(algorithm))
            .map(|named| named.key.clone())
            .collect()
    }
}

/// A key set (RFC 7517, section 5). Keys that cannot be read or used are left out, as it says.
#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}

impl Named {
    fn read(value: Value) -> Option<Self> {
        let jwk: Jwk = serde_json::from_value(value).ok()?;
        let key = PublicKey::new(&jwk).ok()?;
        Some(Self { kid: jwk.kid, key })
    }
}
