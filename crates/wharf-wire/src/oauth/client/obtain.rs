//! One way to one token: an issuer that was found, a server that asks, and a grant.

use super::code::{Attempt, Question};
use super::error::SignInError;
use super::identity::Identity;
use super::proof::Proofs;
use super::protected::Protected;
use super::registration::{Registrar, bound};
use super::settings::{Grant, Person, ProofUse, Settings};
use super::store::{Granted, TokenKind};
use super::token::{Issued, TokenError, TokenRequest};
use crate::oauth::endpoint::Endpoint;
use crate::oauth::fetch::{self, Fetch};
use crate::oauth::metadata::AuthorizationServer;
use crate::oauth::scope::Scopes;

/// Everything that a token is asked for with.
pub(super) struct Obtainer<'a> {
    pub settings: &'a Settings,
    pub fetch: &'a Fetch,
    pub keys: &'a Proofs,
    pub protected: &'a Protected,
    pub server: &'a AuthorizationServer,
    /// Whether the server's challenge asked for a bound token.
    pub bound: bool,
    /// `None` leaves it to the issuer.
    pub scopes: Option<Scopes>,
    /// In seconds since 1970.
    pub now: u64,
}

impl Obtainer<'_> {
    /// A new token.
    ///
    /// # Errors
    ///
    /// [`SignInError`], whatever was in the way.
    pub(super) async fn obtain(mut self) -> Result<Granted, SignInError> {
        let (identity, issued) = match &self.settings.grant {
            Grant::Person(person) => {
                self.scopes = self.with_offline(person);
                self.as_person(person).await?
            }
            Grant::Program(credentials) => self.as_program(credentials).await?,
            Grant::Enterprise(enterprise) => self.as_enterprise(enterprise).await?,
            Grant::Workload(workload) => self.as_workload(workload).await?,
        };
        self.granted(identity, issued, None)
    }

    /// A new token for one that ends. `None` where there is nothing to get it with.
    ///
    /// # Errors
    ///
    /// [`SignInError`], whatever was in the way.
    pub(super) async fn refresh(&self, old: &Granted) -> Result<Option<Granted>, SignInError> {
        let Some(refresh_token) = &old.refresh_token else {
            return Ok(None);
        };
        // A refresh token goes to whoever issued it and to nobody else.
        if old.issuer != self.server.issuer {
            return Ok(None);
        }
        let Some(identity) = self.refreshing_identity(old).await else {
            return Ok(None);
        };
        let fields = vec![
            ("grant_type", "refresh_token".to_owned()),
            ("refresh_token", refresh_token.expose().to_owned()),
            ("resource", old.resource.clone()),
        ];
        let issued = self.send(Some(&identity), fields).await?;
        self.granted(identity, issued, Some(old)).map(Some)
    }

    /// A person is asked (MCP, authorization flow steps).
    async fn as_person(&self, person: &Person) -> Result<(Identity, Issued), SignInError> {
        let attempt = Attempt::new(self.server)?;
        self.token_endpoint()?;
        let registrar = self.registrar(person);
        let preferred = registrar.preferred_redirect(&self.server.issuer).await;
        let redirect = person.interaction.prepare(preferred.as_deref()).await?;
        let redirect_uri = redirect.uri().to_owned();
        let identity = registrar.identity(self.server, &redirect_uri).await?;
        let thumbprint = self.proofs().map(Proofs::thumbprint);
        let page = attempt.page(&Question {
            client_id: &identity.client_id,
            redirect_uri: &redirect_uri,
            resource: &self.protected.resource,
            scopes: self.scopes.as_ref(),
            thumbprint: thumbprint.as_deref(),
        })?;
        let answer = redirect.answer(&page, attempt.state()).await?;
        let fields = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", attempt.code(&answer)?),
            ("redirect_uri", redirect_uri),
            ("code_verifier", attempt.pkce.verifier.expose().to_owned()),
            ("resource", self.protected.resource.clone()),
        ];
        let issued = self.send(Some(&identity), fields).await?;
        Ok((identity, issued))
    }

    /// Asks the token endpoint for a token for this server (RFC 8707, section 2.2).
    pub(super) async fn ask(
        &self,
        identity: Option<&Identity>,
        mut fields: Vec<(&'static str, String)>,
    ) -> Result<Issued, SignInError> {
        fields.push(("resource", self.protected.resource.clone()));
        fields.extend(self.scope_field());
        self.send(identity, fields).await
    }

    pub(super) fn scope_field(&self) -> Option<(&'static str, String)> {
        let scopes = self.scopes.as_ref()?;
        Some(("scope", scopes.to_string()))
    }

    async fn send(
        &self,
        identity: Option<&Identity>,
        fields: Vec<(&'static str, String)>,
    ) -> Result<Issued, SignInError> {
        let endpoint = self.token_endpoint()?;
        let request = TokenRequest {
            endpoint: &endpoint,
            server: self.server,
            identity,
            fields,
            proofs: self.proofs(),
        };
        let issued = request.send(self.fetch, self.now).await;
        issued.map_err(|source| SignInError::Token {
            issuer: self.server.issuer.clone(),
            source,
        })
    }

    fn token_endpoint(&self) -> Result<Endpoint, SignInError> {
        let issuer = || self.server.issuer.clone();
        let named = self.server.token_endpoint.as_deref();
        let named = named.ok_or_else(|| SignInError::Incomplete {
            issuer: issuer(),
            what: "token_endpoint",
        })?;
        fetch::endpoint(named).map_err(|source| SignInError::Endpoint {
            issuer: issuer(),
            source,
        })
    }

    /// What proves that we have the key, where tokens are to be bound to it.
    fn proofs(&self) -> Option<&Proofs> {
        let algorithm = self.keys.key().algorithm().name();
        let offered = self.bound || self.protected.binds || self.server.supports_dpop(algorithm);
        match self.settings.proof {
            ProofUse::Always => Some(self.keys),
            ProofUse::WhenOffered if offered => Some(self.keys),
            ProofUse::WhenOffered | ProofUse::Never => None,
        }
    }

    /// Asks for refresh tokens where the issuer says that one can (MCP, refresh tokens).
    fn with_offline(&self, person: &Person) -> Option<Scopes> {
        const OFFLINE: &str = "offline_access";
        // Alone it would take the place of whatever the issuer grants to those who name nothing.
        let scopes = self.scopes.clone()?;
        if person.offline && self.server.offers_scope(OFFLINE) {
            return Some(scopes.union(&Scopes::parse(OFFLINE)));
        }
        Some(scopes)
    }

    async fn refreshing_identity(&self, old: &Granted) -> Option<Identity> {
        match &self.settings.grant {
            Grant::Person(person) => {
                self.registrar(person)
                    .same(self.server, &old.client_id)
                    .await
            }
            Grant::Program(credentials) => bound(credentials, &self.server.issuer).ok(),
            Grant::Enterprise(enterprise) => {
                bound(&enterprise.credentials, &self.server.issuer).ok()
            }
            Grant::Workload(_) => None,
        }
    }

    fn registrar<'a>(&'a self, person: &'a Person) -> Registrar<'a> {
        Registrar {
            fetch: self.fetch,
            store: self.settings.store.as_ref(),
            person,
            now: self.now,
        }
    }

    fn granted(
        &self,
        identity: Identity,
        issued: Issued,
        old: Option<&Granted>,
    ) -> Result<Granted, SignInError> {
        self.check_kind(issued.kind)?;
        let requested = match old {
            Some(old) => old.requested.clone(),
            None => self.scopes.clone().unwrap_or_default(),
        };
        // An issuer that names no scopes granted what was asked for (RFC 6749, section 5.1).
        let scopes = issued.scopes.unwrap_or_else(|| match old {
            Some(old) => old.scopes.clone(),
            None => requested.clone(),
        });
        let kept = || old.and_then(|old| old.refresh_token.clone());
        Ok(Granted {
            issuer: self.server.issuer.clone(),
            resource: self.protected.resource.clone(),
            client_id: identity.client_id,
            access_token: issued.access_token,
            kind: issued.kind,
            expires_at: issued
                .expires_in
                .map(|seconds| self.now.saturating_add(seconds)),
            refresh_token: issued.refresh_token.or_else(kept),
            requested,
            scopes,
            key: self.proofs().map(|proofs| proofs.key().kept().clone()),
        })
    }
    /// Whether tokens of `kind` can be shown, and may be.
    fn check_kind(&self, kind: TokenKind) -> Result<(), SignInError> {
        let issuer = self.server.issuer.clone();
        let unusable = match kind {
            TokenKind::Bearer if self.settings.proof == ProofUse::Always => {
                return Err(SignInError::Unbound { issuer });
            }
            TokenKind::Bearer => return Ok(()),
            TokenKind::Bound if self.proofs().is_some() => return Ok(()),
            TokenKind::Bound => "it is bound to a key that is not ours",
            TokenKind::Other => "its type is unknown",
        };
        Err(SignInError::Token {
            issuer,
            source: TokenError::Unusable(unusable),
        })
    }
}
