//! Where tokens of one server come from: from what it asks for to an issuer, scopes and a token.

use super::error::SignInError;
use super::identity::Credentials;
use super::obtain::Obtainer;
use super::proof::Proofs;
use super::protected::Protected;
use super::settings::{Grant, Settings};
use super::state::Demand;
use super::store::{Granted, TokenKind};
use crate::oauth::discovery;
use crate::oauth::fetch::Fetch;
use crate::oauth::metadata::AuthorizationServer;
use crate::oauth::scope::Scopes;

/// Finds out and asks; decides nothing about when.
pub(super) struct Source<'a> {
    pub settings: &'a Settings,
    pub fetch: &'a Fetch,
    pub keys: &'a Proofs,
}

impl<'a> Source<'a> {
    /// A token for what `demand` asks for, and for what `previous` could do. Everything is found out
    /// anew: a server may have another issuer by now.
    ///
    /// # Errors
    ///
    /// [`SignInError`], whatever was in the way.
    pub(super) async fn token(
        &self,
        demand: &Demand,
        previous: Option<&Granted>,
        refreshing: bool,
    ) -> Result<Granted, SignInError> {
        let protected = self.protected(demand).await?;
        let issuer = self.chosen(&protected)?;
        let server = discovery::authorization_server(self.fetch, issuer).await?;
        // Of another issuer's tokens nothing is carried over.
        let previous = previous.filter(|previous| previous.issuer == server.issuer);
        let scopes = selected(demand, &protected, previous);
        let obtainer = self.obtainer(&protected, &server, demand.bound, scopes);
        if refreshing && let Some(previous) = previous {
            match obtainer.refresh(previous).await {
                Ok(Some(granted)) => return Ok(granted),
                Ok(None) => {}
                Err(SignInError::Token { source, .. }) if source.is_spent() => {}
                Err(error) => return Err(error),
            }
        }
        obtainer.obtain().await
    }

    /// Another token for `old`, from the same issuer, without asking anybody; `None` where that
    /// cannot be.
    ///
    /// # Errors
    ///
    /// [`SignInError`], whatever was in the way.
    pub(super) async fn renewed(&self, old: &Granted) -> Result<Option<Granted>, SignInError> {
        let protected = Protected {
            resource: old.resource.clone(),
            issuers: vec![old.issuer.clone()],
            scopes: None,
            binds: old.kind == TokenKind::Bound,
        };
        let server = discovery::authorization_server(self.fetch, &old.issuer).await?;
        let scopes = Some(old.requested.clone()).filter(|scopes| !scopes.is_empty());
        let obtainer = self.obtainer(&protected, &server, false, scopes);
        if let Some(granted) = obtainer.refresh(old).await? {
            return Ok(Some(granted));
        }
        if self.settings.grant.is_person() {
            return Ok(None);
        }
        obtainer.obtain().await.map(Some)
    }

    async fn protected(&self, demand: &Demand) -> Result<Protected, SignInError> {
        let server = &self.settings.server;
        let named = demand.resource_metadata.as_deref();
        let published = Protected::of(self.fetch, server, named).await?;
        match (published, &self.settings.issuer) {
            (Some(protected), _) => Ok(protected),
            (None, Some(issuer)) => Ok(Protected::silent(server, issuer)),
            (None, None) => Err(self.no_issuer()),
        }
    }

    /// The issuer to go to: where this client is registered, or else the first (RFC 9728, section
    /// 7.6, leaves it to us).
    fn chosen<'p>(&self, protected: &'p Protected) -> Result<&'p str, SignInError>
    where
        'a: 'p,
    {
        let registered = self.settings.grant.credentials();
        let registered = registered.and_then(|credentials| credentials.issuer.as_deref());
        let issuers = &protected.issuers;
        [registered, self.settings.issuer.as_deref()]
            .into_iter()
            .flatten()
            .find(|preferred| issuers.iter().any(|issuer| issuer == preferred))
            .or_else(|| issuers.first().map(String::as_str))
            .or(self.settings.issuer.as_deref())
            .ok_or_else(|| self.no_issuer())
    }

    fn obtainer<'b>(
        &'b self,
        protected: &'b Protected,
        server: &'b AuthorizationServer,
        bound: bool,
        scopes: Option<Scopes>,
    ) -> Obtainer<'b> {
        Obtainer {
            settings: self.settings,
            fetch: self.fetch,
            keys: self.keys,
            protected,
            server,
            bound,
            scopes,
            now: self.settings.clock.unix(),
        }
    }

    fn no_issuer(&self) -> SignInError {
        SignInError::NoIssuer {
            server: self.settings.server.to_string(),
        }
    }
}

impl Grant {
    pub(super) fn is_person(&self) -> bool {
        matches!(self, Self::Person(_))
    }

    /// What this client is registered with at the server's issuer.
    fn credentials(&self) -> Option<&Credentials> {
        match self {
            Self::Person(person) => person.credentials.as_ref(),
            Self::Program(credentials) => Some(credentials),
            Self::Enterprise(enterprise) => Some(&enterprise.credentials),
            Self::Workload(_) => None,
        }
    }
}

/// The scopes to ask for: what the challenge names, or else all that the server publishes, or else
/// none (MCP, scope selection strategy); and what was asked for before, which would be lost.
fn selected(demand: &Demand, protected: &Protected, previous: Option<&Granted>) -> Option<Scopes> {
    let asked = demand.scopes.as_ref().or(protected.scopes.as_ref());
    let asked = asked.cloned().unwrap_or_default();
    let all = match previous {
        Some(previous) => previous.requested.union(&previous.scopes).union(&asked),
        None => asked,
    };
    Some(all).filter(|scopes| !scopes.is_empty())
}
