//! Being known to an issuer: what we were given before, what describes us, what we register, what a
//! person knows, in this order (MCP, client registration).

use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::error::SignInError;
use super::identity::{Authentication, Credentials, Identity};
use super::settings::Person;
use super::store::{Registration, TokenStore};
use super::token::error_code;
use crate::oauth::fetch::{self, Fetch, JSON};
use crate::oauth::metadata::AuthorizationServer;
use crate::oauth::secret::Secret;
use crate::outbound::is_loopback;

/// Where identities at issuers come from.
pub(super) struct Registrar<'a> {
    pub fetch: &'a Fetch,
    pub store: &'a dyn TokenStore,
    pub person: &'a Person,
    /// In seconds since 1970.
    pub now: u64,
}

impl Registrar<'_> {
    /// The identity to sign in with at `server`, answers going to `redirect_uri`.
    ///
    /// # Errors
    ///
    /// [`SignInError`] where this client is not known there and cannot become so.
    pub(super) async fn identity(
        &self,
        server: &AuthorizationServer,
        redirect_uri: &str,
    ) -> Result<Identity, SignInError> {
        if let Some(identity) = self.known(server)? {
            return Ok(identity);
        }
        if let Some(kept) = self.kept(&server.issuer).await
            && kept.redirect_uri == redirect_uri
        {
            return Ok(identity(kept));
        }
        if let Some(endpoint) = &server.registration_endpoint {
            return self.register(server, endpoint, redirect_uri).await;
        }
        let asked = self.person.interaction.credentials(&server.issuer).await;
        let credentials = asked.ok_or_else(|| SignInError::NoRegistration {
            issuer: server.issuer.clone(),
        })?;
        bound(&credentials, &server.issuer)
    }

    /// The identity that a token was given to, for refreshing it; `None` where it is gone.
    pub(super) async fn same(
        &self,
        server: &AuthorizationServer,
        client_id: &str,
    ) -> Option<Identity> {
        let known = self.known(server).ok().flatten();
        let found = match known {
            Some(identity) => identity,
            None => identity(self.kept(&server.issuer).await?),
        };
        (found.client_id == client_id).then_some(found)
    }

    /// The redirect address that the issuer knows this client by.
    pub(super) async fn preferred_redirect(&self, issuer: &str) -> Option<String> {
        self.kept(issuer).await.map(|kept| kept.redirect_uri)
    }

    /// What needs no registration now: credentials from before, or a document that describes us.
    fn known(&self, server: &AuthorizationServer) -> Result<Option<Identity>, SignInError> {
        if let Some(credentials) = &self.person.credentials {
            return bound(credentials, &server.issuer).map(Some);
        }
        let document = self
            .person
            .metadata_document
            .as_ref()
            .filter(|_| server.client_id_metadata_document_supported == Some(true));
        Ok(document.map(|url| Identity::public(url.as_str())))
    }

    /// A registration from before, unless its secret has ended.
    async fn kept(&self, issuer: &str) -> Option<Registration> {
        let kept = self.store.registration(issuer).await?;
        let ended = kept.secret_expires_at.is_some_and(|end| end <= self.now);
        // A store that mixes up issuers must not leak one's secret to another.
        (!ended && kept.issuer == issuer).then_some(kept)
    }

    /// Dynamic registration (RFC 7591), for issuers that know nothing newer.
    async fn register(
        &self,
        server: &AuthorizationServer,
        endpoint: &str,
        redirect_uri: &str,
    ) -> Result<Identity, SignInError> {
        let failed = |source| SignInError::Registration {
            issuer: server.issuer.clone(),
            source,
        };
        let endpoint = fetch::endpoint(endpoint).map_err(failed)?;
        let body = Bytes::from(self.description(server, redirect_uri));
        let answer = self
            .fetch
            .post(&endpoint, JSON, Vec::new(), body)
            .await
            .map_err(failed)?;
        if !matches!(answer.status, 200 | 201) {
            return Err(SignInError::RegistrationRefused {
                issuer: server.issuer.clone(),
                code: error_code(&answer.body),
            });
        }
        let given: Given = fetch::read(&endpoint, &answer).map_err(failed)?;
        let registration = given.at(&server.issuer, redirect_uri);
        self.store.keep_registration(registration.clone()).await;
        Ok(identity(registration))
    }

    /// What this client says of itself.
    fn description(&self, server: &AuthorizationServer, redirect_uri: &str) -> String {
        // Without it a client is a web application, and those have no loopback address (OpenID
        // Connect Dynamic Client Registration, section 2).
        let native = Url::parse(redirect_uri).is_ok_and(|url| is_loopback(&url));
        json!({
            "client_name": self.person.client_name,
            "redirect_uris": [redirect_uri],
            "application_type": if native { "native" } else { "web" },
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": wanted_method(server),
        })
        .to_string()
    }
}

/// A client on somebody's machine keeps no secret from them, so it asks for none unless it must.
fn wanted_method(server: &AuthorizationServer) -> &'static str {
    let Some(offered) = server.token_endpoint_auth_methods_supported.as_deref() else {
        return "none";
    };
    ["none", "client_secret_basic", "client_secret_post"]
        .into_iter()
        .find(|method| offered.iter().any(|one| one == method))
        .unwrap_or("none")
}

/// `credentials`, if they are for `issuer`. One issuer's are never shown to another (MCP,
/// authorization server binding).
pub(super) fn bound(credentials: &Credentials, issuer: &str) -> Result<Identity, SignInError> {
    match &credentials.issuer {
        Some(registered) if registered != issuer => Err(SignInError::IssuerChanged {
            registered: registered.clone(),
            found: issuer.to_owned(),
        }),
        _ => Ok(Identity::new(credentials)),
    }
}

fn identity(registration: Registration) -> Identity {
    Identity {
        client_id: registration.client_id,
        authentication: registration
            .client_secret
            .map_or(Authentication::None, Authentication::Secret),
        method: registration.method,
    }
}

/// What an issuer gave a new client.
#[derive(Deserialize)]
struct Given {
    client_id: String,
    client_secret: Option<String>,
    /// Zero for never.
    client_secret_expires_at: Option<u64>,
    token_endpoint_auth_method: Option<String>,
}

impl Given {
    fn at(self, issuer: &str, redirect_uri: &str) -> Registration {
        Registration {
            issuer: issuer.to_owned(),
            client_id: self.client_id,
            client_secret: self.client_secret.map(Secret::new),
            secret_expires_at: self.client_secret_expires_at.filter(|end| *end != 0),
            method: self.token_endpoint_auth_method,
            redirect_uri: redirect_uri.to_owned(),
        }
    }
}
