//! Where tokens and registrations are kept.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use wharf_protocol::port::BoxFuture;

use crate::oauth::scope::Scopes;
use crate::oauth::secret::{Secret, exposed, exposed_option};

/// Keeps what a client was given. One store is one person's, or one program's: whoever shares it
/// shares the access. What it cannot keep it reports itself; the client then signs in again.
pub trait TokenStore: Send + Sync + fmt::Debug {
    /// What was granted for `server`.
    fn granted<'a>(&'a self, server: &'a str) -> BoxFuture<'a, Option<Granted>>;

    /// Keeps what was granted for `server` now; `None` forgets it.
    fn keep_granted<'a>(&'a self, server: &'a str, granted: Option<Granted>) -> BoxFuture<'a, ()>;

    /// What this client is registered with at `issuer`, and only there.
    fn registration<'a>(&'a self, issuer: &'a str) -> BoxFuture<'a, Option<Registration>>;

    fn keep_registration(&self, registration: Registration) -> BoxFuture<'_, ()>;
}

/// A token and all that belongs to it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Granted {
    /// Who issued it, and who alone refreshes it.
    pub issuer: String,
    /// What it is for.
    pub resource: String,
    /// To which client it was given.
    pub client_id: String,
    #[serde(with = "exposed")]
    pub access_token: Secret,
    pub kind: TokenKind,
    /// In seconds since 1970.
    pub expires_at: Option<u64>,
    #[serde(with = "exposed_option")]
    pub refresh_token: Option<Secret>,
    /// What was asked for; what was granted may be less.
    pub requested: Scopes,
    pub scopes: Scopes,
    /// The key that it is bound to, if it is.
    #[serde(with = "exposed_option")]
    pub key: Option<Secret>,
}

/// How a token is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TokenKind {
    Bearer,
    /// With a proof (RFC 9449).
    Bound,
    /// It is no access token, and is shown to no server.
    Other,
}

/// What a client was registered with (RFC 7591, section 3.2.1).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Registration {
    pub issuer: String,
    pub client_id: String,
    #[serde(with = "exposed_option")]
    pub client_secret: Option<Secret>,
    /// In seconds since 1970.
    pub secret_expires_at: Option<u64>,
    pub method: Option<String>,
    pub redirect_uri: String,
}

/// Keeps everything as long as the process lives.
#[derive(Debug, Default)]
pub struct MemoryStore {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    granted: HashMap<String, Granted>,
    registrations: HashMap<String, Registration>,
}

impl MemoryStore {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TokenStore for MemoryStore {
    fn granted<'a>(&'a self, server: &'a str) -> BoxFuture<'a, Option<Granted>> {
        let found = self.kept().granted.get(server).cloned();
        Box::pin(std::future::ready(found))
    }

    fn keep_granted<'a>(&'a self, server: &'a str, granted: Option<Granted>) -> BoxFuture<'a, ()> {
        match granted {
            Some(granted) => self.kept().granted.insert(server.to_owned(), granted),
            None => self.kept().granted.remove(server),
        };
        Box::pin(std::future::ready(()))
    }

    fn registration<'a>(&'a self, issuer: &'a str) -> BoxFuture<'a, Option<Registration>> {
        let found = self.kept().registrations.get(issuer).cloned();
        Box::pin(std::future::ready(found))
    }

    fn keep_registration(&self, registration: Registration) -> BoxFuture<'_, ()> {
        let issuer = registration.issuer.clone();
        self.kept().registrations.insert(issuer, registration);
        Box::pin(std::future::ready(()))
    }
}
