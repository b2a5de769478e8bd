//! State that a client carries for us and can neither read nor change: `requestState` (2026-07-28,
//! multi round-trip requests).

mod context;
mod key;
mod spent;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use wharf_protocol::error::ErrorObject;
use wharf_protocol::inquiry::{Seal, Sealer};
use wharf_protocol::port::{BoxFuture, Exchange, Request};

use crate::owner::Owner;
pub use context::Context;
use key::Sealed;
pub use key::StateKey;
pub use spent::{Spent, SpentHere};

/// Largest state that is sealed, in bytes: the client sends it back with every retry.
const MAX_STATE_BYTES: usize = 64 << 10;
/// The expiry of a state, in front of it.
const EXPIRY_BYTES: usize = 8;

/// Seals states and opens them again, for the same caller and the same request, as long as they live.
///
/// Replicas behind one address need the same keys. A key is changed without breaking a conversation:
/// first every replica learns the new one as a former key, then each makes it the current one, then
/// the old one is dropped once nothing that it sealed can still be alive.
#[derive(Clone)]
pub struct StateKeys(Arc<Keys>);

struct Keys {
    /// `None` where the machine had no randomness to make one of.
    current: Option<StateKey>,
    former: Vec<StateKey>,
    lifetime: Duration,
    spent: Option<Arc<dyn Spent>>,
}

/// Why a sealed state was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unopened {
    /// Not ours, changed, or of another caller or request: all of these look alike.
    #[error("the requestState is not valid for this request")]
    Invalid,
    #[error("the requestState has expired, send the request again without it")]
    Expired,
    #[error("the requestState was used before, send the request again without it")]
    Spent,
}

impl StateKeys {
    /// How long a person may take to answer a question, where nobody has said otherwise.
    pub const LIFETIME: Duration = Duration::from_mins(10);

    /// A key of this process alone.
    pub fn random(lifetime: Duration) -> Self {
        Self::of(StateKey::random(), Vec::new(), lifetime)
    }

    /// Seals with `current`, and opens what one of `former` has sealed as well.
    pub fn new(current: StateKey, former: Vec<StateKey>, lifetime: Duration) -> Self {
        Self::of(Some(current), former, lifetime)
    }

    fn of(current: Option<StateKey>, former: Vec<StateKey>, lifetime: Duration) -> Self {
        Self(Arc::new(Keys {
            current,
            former,
            lifetime,
            spent: None,
        }))
    }

    /// The same, but each state opens once only: for requests that must not be repeated.
    #[must_use]
    pub fn with_single_use(self, spent: Arc<dyn Spent>) -> Self {
        let keys = &self.0;
        Self(Arc::new(Keys {
            current: keys.current.clone(),
            former: keys.former.clone(),
            lifetime: keys.lifetime,
            spent: Some(spent),
        }))
    }

    /// Seals `state` at `now` for `context`.
    ///
    /// # Errors
    ///
    /// `-32603` for a state of more than 64 KiB, and where there is no key or no randomness.
    pub fn seal(
        &self,
        state: &[u8],
        context: &Context,
        now: SystemTime,
    ) -> Result<String, ErrorObject> {
        let key = self.0.current.as_ref().ok_or_else(ErrorObject::internal)?;
        if state.len() > MAX_STATE_BYTES {
            return Err(ErrorObject::internal());
        }
        let expiry = seconds(now).saturating_add(self.0.lifetime.as_secs());
        let mut plain = Vec::with_capacity(EXPIRY_BYTES + state.len());
        plain.extend_from_slice(&expiry.to_be_bytes());
        plain.extend_from_slice(state);
        let sealed = key.seal(plain, context).ok_or_else(ErrorObject::internal)?;
        Ok(sealed.to_text())
    }

    /// Opens at `now` what was sealed for `context`.
    ///
    /// # Errors
    ///
    /// [`Unopened`], which says no more than the client may know.
    pub async fn open(
        &self,
        sealed: &str,
        context: &Context,
        now: SystemTime,
    ) -> Result<Vec<u8>, Unopened> {
        let sealed = Sealed::read(sealed).ok_or(Unopened::Invalid)?;
        let mut keys = self.0.current.iter().chain(&self.0.former);
        let key = keys.find(|key| key.id() == sealed.key_id());
        let unique = sealed.nonce();
        let plain = key
            .and_then(|key| key.open(sealed, context))
            .ok_or(Unopened::Invalid)?;
        let (expiry, state) = plain
            .split_first_chunk::<EXPIRY_BYTES>()
            .ok_or(Unopened::Invalid)?;
        let expiry = u64::from_be_bytes(*expiry);
        if seconds(now) >= expiry {
            return Err(Unopened::Expired);
        }
        if let Some(spent) = &self.0.spent {
            let until = UNIX_EPOCH + Duration::from_secs(expiry);
            if !spent.spend(unique, until).await {
                return Err(Unopened::Spent);
            }
        }
        Ok(state.to_vec())
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

impl fmt::Debug for StateKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("StateKeys")
            .field("lifetime", &self.0.lifetime)
            .finish_non_exhaustive()
    }
}

impl Sealer for StateKeys {
    fn seal_for(&self, request: &Request, exchange: &Exchange) -> Box<dyn Seal> {
        Box::new(Bound {
            context: Context::of(request, Owner::of(exchange)),
            keys: self.clone(),
        })
    }
}

/// The seal of one request.
struct Bound {
    context: Context,
    keys: StateKeys,
}

impl Seal for Bound {
    fn close(&self, state: &[u8]) -> Result<String, ErrorObject> {
        self.keys.seal(state, &self.context, SystemTime::now())
    }

    fn open<'a>(&'a self, sealed: &'a str) -> BoxFuture<'a, Result<Vec<u8>, ErrorObject>> {
        Box::pin(async move {
            let opened = self.keys.open(sealed, &self.context, SystemTime::now());
            opened
                .await
                .map_err(|error| ErrorObject::invalid_params(format!("Invalid params: {error}")))
        })
    }
}
