//! The token of one server: in use here, kept in the store, shown in headers.

use std::sync::{Arc, PoisonError, RwLock};

use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue, Method};

use super::proof::Proofs;
use super::settings::Settings;
use super::state::{Current, Flight};
use super::store::{Granted, TokenKind, TokenStore};
use super::token::is_token;
use crate::oauth::clock::Clock;
use crate::oauth::endpoint::Endpoint;
use crate::oauth::jose::SigningKey;

/// What is held for one server.
#[derive(Debug)]
pub(super) struct Held {
    /// The server's address, under which the store knows it.
    server: String,
    store: Arc<dyn TokenStore>,
    clock: Arc<dyn Clock>,
    /// What bound tokens are bound to.
    pub keys: Proofs,
    current: RwLock<Option<Arc<Current>>>,
}

impl Held {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            server: settings.server.url().to_string(),
            store: Arc::clone(&settings.store),
            clock: Arc::clone(&settings.clock),
            keys: Proofs::new(Arc::clone(&settings.clock)),
            current: RwLock::default(),
        }
    }

    /// The token in use.
    pub(super) fn current(&self) -> Option<Arc<Current>> {
        self.current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Looks for a token from before, once.
    pub(super) async fn load(&self, flight: &mut Flight) {
        if std::mem::replace(&mut flight.loaded, true) {
            return;
        }
        self.take_kept(None).await;
    }

    /// The token that another process put in the place of `current`, if one did: whoever refreshes
    /// second must not do so with what the first one has spent.
    pub(super) async fn newer(&self, current: &Current) -> Option<Arc<Current>> {
        self.take_kept(Some(current)).await;
        let now = self.current()?;
        let same = now.granted.access_token == current.granted.access_token;
        (!same).then_some(now)
    }

    /// Goes on with what the store has, unless it is `known`.
    async fn take_kept(&self, known: Option<&Current>) {
        // A store can be changed by others, and then what is in it may be no token at all.
        let kept = self.store.granted(&self.server).await;
        let Some(granted) = kept.filter(|kept| is_token(kept.access_token.expose())) else {
            return;
        };
        if known.is_some_and(|known| known.granted.access_token == granted.access_token) {
            return;
        }
        if let Some(key) = granted.key.as_ref().map(SigningKey::from_kept) {
            match key {
                Ok(key) => self.keys.adopt(key),
                // A token whose key is gone is worth nothing.
                Err(_) => return,
            }
        }
        self.set(Some(Arc::new(Current::new(granted))));
    }

    /// Goes on with `granted`, here and in the store.
    pub(super) async fn adopt(&self, granted: Option<Granted>) -> Option<Arc<Current>> {
        let current = granted
            .clone()
            .map(|granted| Arc::new(Current::new(granted)));
        self.set(current.clone());
        self.store.keep_granted(&self.server, granted).await;
        current
    }

    /// The headers that show `current` to `server`.
    pub(super) fn shown(
        &self,
        current: &Current,
        method: &Method,
        server: &Endpoint,
    ) -> Vec<(HeaderName, HeaderValue)> {
        current.serve();
        let token = &current.granted.access_token;
        let bound = current.granted.kind == TokenKind::Bound;
        let scheme = if bound { "DPoP" } else { "Bearer" };
        let mut value = HeaderValue::from_str(&format!("{scheme} {}", token.expose()))
            .expect("tokens were found to be visible characters");
        value.set_sensitive(true);
        let mut headers = vec![(AUTHORIZATION, value)];
        if bound {
            headers.push(self.keys.header(method.as_str(), server, Some(token)));
        }
        headers
    }

    pub(super) fn ends_within(&self, current: &Current, seconds: u64) -> bool {
        let then = self.clock.unix().saturating_add(seconds);
        current.granted.expires_at.is_some_and(|end| end <= then)
    }

    fn set(&self, current: Option<Arc<Current>>) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = current;
    }
}
