//! The port: from the head of a request to whoever sent it.

use std::fmt;

use http::{HeaderMap, Method};
use serde_json::{Map, Value};
use url::Url;
use wharf_protocol::port::BoxFuture;

use super::rejection::Rejection;
use crate::oauth::scope::Scopes;

/// Tells who sends a request. Asked for every request: a token may end between two on one
/// connection.
pub trait Verifier: Send + Sync + fmt::Debug {
    /// Whoever sends it, or how to answer instead.
    fn verify<'a>(&'a self, request: Presented<'a>) -> BoxFuture<'a, Result<Caller, Rejection>>;
}

/// What there is to see of a request.
#[derive(Clone, Copy)]
pub struct Presented<'a> {
    pub method: &'a Method,
    /// The address as its sender knows it, which a proxy may have changed since. A proof names it.
    pub url: &'a Url,
    pub headers: &'a HeaderMap,
}

impl fmt::Debug for Presented<'_> {
    // Headers carry credentials, so they are not shown; nor is the query, which may.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Presented")
            .field("method", &self.method)
            .field("path", &self.url.path())
            .finish_non_exhaustive()
    }
}

/// Whoever a valid token was given to.
#[derive(Clone, PartialEq)]
pub struct Caller {
    /// Who acts; unique together with the issuer, and with nothing less.
    pub subject: String,
    /// Through which program.
    pub client_id: Option<String>,
    pub issuer: String,
    pub scopes: Scopes,
    /// When the token ends, in seconds since 1970; `None` where its issuer vouches for it from one
    /// request to the next.
    pub expires_at: Option<u64>,
    /// Everything that the token says.
    pub claims: Map<String, Value>,
}

impl Caller {
    /// The words that a claim lists, `groups` for example; a single word counts as a list of one.
    pub fn listed(&self, claim: &str) -> Vec<&str> {
        match self.claims.get(claim) {
            Some(Value::String(word)) => vec![word],
            Some(Value::Array(words)) => words.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

impl fmt::Debug for Caller {
    // Claims hold what is known of a person.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Caller")
            .field("subject", &self.subject)
            .field("client_id", &self.client_id)
            .field("issuer", &self.issuer)
            .field("scopes", &self.scopes.to_string())
            .finish_non_exhaustive()
    }
}
