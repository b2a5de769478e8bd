//! The port to a person: where an issuer asks them, and where its answer comes back.

use std::fmt;

use url::Url;
use wharf_protocol::port::BoxFuture;

use super::identity::Credentials;
use crate::outbound::Cause;

/// Has a person sign in. Implemented by a listener and a browser, by a gateway's own web pages, by a
/// test double.
pub trait Interaction: Send + Sync + fmt::Debug {
    /// Gets ready for one answer, at the address `preferred` if that can be had: an issuer may know
    /// this client by it.
    fn prepare<'a>(
        &'a self,
        preferred: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Box<dyn Redirect>, InteractionError>>;

    /// Asks for what this client was registered with at `issuer`, where nothing else is left.
    fn credentials<'a>(&'a self, _issuer: &'a str) -> BoxFuture<'a, Option<Credentials>> {
        Box::pin(std::future::ready(None))
    }
}

/// A place where one answer is waited for.
pub trait Redirect: Send {
    /// Its address, as the issuer is told.
    fn uri(&self) -> &str;

    /// Shows `page` to the person and waits for an answer that carries `state`; whatever else comes
    /// is turned away.
    fn answer<'a>(
        self: Box<Self>,
        page: &'a Url,
        state: &'a str,
    ) -> BoxFuture<'a, Result<Redirected, InteractionError>>;
}

/// What an issuer sent back through the browser.
#[derive(Clone, PartialEq, Eq)]
pub struct Redirected {
    pairs: Vec<(String, String)>,
}

impl Redirected {
    /// The answer in the query of an address.
    pub fn parse(query: &str) -> Self {
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        Self {
            pairs: pairs.into_owned().collect(),
        }
    }

    /// The one value called `name`. Parameters stand there once (RFC 6749, section 3.1); twice, and
    /// which one counts is for nobody to guess.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let mut found = self.pairs.iter().filter(|(own, _)| own == name);
        match (found.next(), found.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    }

    /// Whether `name` stands there at all.
    pub fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(own, _)| own == name)
    }
}

impl fmt::Debug for Redirected {
    // A code is as good as a password until it is redeemed.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.pairs.iter().map(|(name, _)| name);
        formatter.debug_list().entries(names).finish()
    }
}

/// Nobody answered.
#[derive(Debug, thiserror::Error)]
pub enum InteractionError {
    #[error("there is nobody to ask: sign in where a browser is")]
    Nobody,
    #[error("no answer can be waited for on this machine")]
    Listen(#[source] std::io::Error),
    #[error("no browser could be opened")]
    Browser(#[source] Cause),
    #[error("no answer came in time")]
    Silence,
}
