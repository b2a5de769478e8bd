//! One protected resource: whose tokens it takes, and for what.

use std::sync::Arc;

use wharf_protocol::port::BoxFuture;

use super::announcement::Announcement;
use super::claims::Claims;
use super::credential::Credential;
use super::introspection::Introspection;
use super::issuer::{Issuer, unreadable};
use super::proof::{ProofPolicy, Proofs};
use super::rejection::{Reason, Rejection};
use super::verifier::{Caller, Presented, Verifier};
use crate::oauth::challenge::Challenge;
use crate::oauth::clock::Clock;
use crate::oauth::endpoint::BadEndpoint;
use crate::oauth::jose::{Algorithm, Compact};
use crate::oauth::metadata::ProtectedResource;
use crate::oauth::scope::{Hierarchy, Scopes};

/// What a resource is and whom it trusts.
#[derive(Debug)]
pub struct Settings {
    /// The canonical address of the MCP server, byte for byte as tokens name it.
    pub resource: String,
    /// Its name for people.
    pub name: Option<String>,
    /// Other audiences that stand for this resource, for issuers that know no resource indicators.
    pub audiences: Vec<String>,
    pub issuers: Vec<Arc<Issuer>>,
    /// Who is asked about tokens that are not signed.
    pub introspection: Option<Arc<Introspection>>,
    /// The scopes that clients should ask for at first.
    pub scopes: Scopes,
    /// The scopes without which nothing here can be done.
    pub required: Scopes,
    pub hierarchy: Arc<dyn Hierarchy>,
    pub proof: ProofPolicy,
    pub clock: Arc<dyn Clock>,
}

/// Settings that make no resource.
#[derive(Debug, thiserror::Error)]
pub enum BadResource {
    #[error("`{resource}` cannot be the address of a protected server")]
    Address {
        resource: String,
        #[source]
        source: BadEndpoint,
    },
    #[error("`{resource}` trusts no issuer, so no token could be valid: name at least one")]
    NoIssuer { resource: String },
}

/// A resource that lets in whoever has a valid token for it.
#[derive(Debug)]
pub struct ResourceServer {
    announcement: Announcement,
    audiences: Vec<String>,
    issuers: Vec<Arc<Issuer>>,
    introspection: Option<Arc<Introspection>>,
    required: Scopes,
    hierarchy: Arc<dyn Hierarchy>,
    proof: ProofPolicy,
    proofs: Proofs,
    clock: Arc<dyn Clock>,
}

impl ResourceServer {
    /// # Errors
    ///
    /// [`BadResource`].
    pub fn new(settings: Settings) -> Result<Self, BadResource> {
        let document = document(&settings);
        if document.authorization_servers.is_empty() {
            return Err(BadResource::NoIssuer {
                resource: settings.resource,
            });
        }
        let announcement = Announcement::new(document).map_err(|source| BadResource::Address {
            resource: settings.resource.clone(),
            source,
        })?;
        let mut audiences = settings.audiences;
        audiences.push(settings.resource);
        Ok(Self {
            announcement,
            audiences,
            issuers: settings.issuers,
            introspection: settings.introspection,
            required: settings.required,
            hierarchy: settings.hierarchy,
            proof: settings.proof,
            proofs: Proofs::new(Arc::clone(&settings.clock)),
            clock: settings.clock,
        })
    }

    /// What this resource publishes of itself.
    pub fn announcement(&self) -> &Announcement {
        &self.announcement
    }

    /// Lets `caller` do what takes all of `needed`, hierarchies accounted for.
    ///
    /// # Errors
    ///
    /// A 403 that names all of `needed` at once, so that one more sign-in is enough.
    pub fn demand(&self, caller: &Caller, needed: &Scopes) -> Result<(), Rejection> {
        self.check_scopes(caller, needed)
            .map_err(|reason| self.reject(reason))
    }

    async fn identify(&self, request: Presented<'_>) -> Result<Caller, Reason> {
        let credential = Credential::read(request.headers)?;
        let caller = match Compact::parse(credential.token()) {
            Ok(token) if !self.issuers.is_empty() => {
                self.signed(&token, &credential, request).await?
            }
            Err(error) if Compact::is_one(credential.token()) && !self.issuers.is_empty() => {
                return Err(unreadable(error));
            }
            _ => self.opaque(&credential, request).await?,
        };
        self.check_scopes(&caller, &self.required)?;
        Ok(caller)
    }

    /// Whoever a signed token was given to.
    async fn signed(
        &self,
        token: &Compact<'_>,
        credential: &Credential<'_>,
        request: Presented<'_>,
    ) -> Result<Caller, Reason> {
        let claimed: Claims = token.unverified().map_err(unreadable)?;
        // Compared as the strings they are (RFC 9207 shows why): a slash more is another issuer.
        let issuer = self
            .issuers
            .iter()
            .find(|issuer| Some(issuer.name()) == claimed.iss.as_deref())
            .ok_or(Reason::Token("its issuer is not trusted here"))?;
        let (claims, all) = issuer.open(token).await?;
        claims.check_time(self.clock.unix())?;
        claims.check_audience(&self.audiences)?;
        self.check_proof(&claims, credential, request)?;
        claims.caller(issuer.name(), all)
    }

    /// Whoever a token was given to that only its issuer can read.
    async fn opaque(
        &self,
        credential: &Credential<'_>,
        request: Presented<'_>,
    ) -> Result<Caller, Reason> {
        let Some(introspection) = &self.introspection else {
            return Err(Reason::Token("it is no signed token"));
        };
        let (claims, all) = introspection.open(credential.token()).await?;
        claims.check_vouched_time(self.clock.unix())?;
        claims.check_audience(&self.audiences)?;
        self.check_proof(&claims, credential, request)?;
        claims.caller(introspection.issuer(), all)
    }

    /// A bound token is never taken as a bearer token, nor the other way round (RFC 9449, section
    /// 7.2).
    fn check_proof(
        &self,
        claims: &Claims,
        credential: &Credential<'_>,
        request: Presented<'_>,
    ) -> Result<(), Reason> {
        match (credential, claims.bound_to()?) {
            (Credential::Bearer(_), Some(_)) => Err(Reason::Token("it is bound to a key")),
            (Credential::Bearer(_), None) if self.proof == ProofPolicy::Required => {
                Err(Reason::Token("it is not bound to a key"))
            }
            (Credential::Bearer(_), None) => Ok(()),
            (Credential::Bound { .. }, _) if self.proof == ProofPolicy::Refused => {
                Err(Reason::Missing)
            }
            (Credential::Bound { .. }, None) => Err(Reason::Token("it is not bound to a key")),
            (Credential::Bound { token, proof }, Some(bound_to)) => {
                self.proofs.check(proof, token, bound_to, request)
            }
        }
    }

    fn check_scopes(&self, caller: &Caller, needed: &Scopes) -> Result<(), Reason> {
        let held = &caller.scopes;
        let has = |scope: &str| {
            held.contains(scope) || held.iter().any(|own| self.hierarchy.implies(own, scope))
        };
        if needed.iter().all(has) {
            Ok(())
        } else {
            Err(Reason::Scope(needed.clone()))
        }
    }

    fn reject(&self, reason: Reason) -> Rejection {
        let schemes: &[&str] = match (&reason, self.proof) {
            // No token could change it.
            (Reason::Unavailable(_), _) => &[],
            (_, ProofPolicy::Refused) => &["Bearer"],
            (_, ProofPolicy::Accepted) => &["Bearer", "DPoP"],
            (_, ProofPolicy::Required) => &["DPoP"],
        };
        Rejection {
            status: reason.status(),
            challenges: schemes
                .iter()
                .map(|scheme| self.challenge(scheme, &reason).to_string())
                .collect(),
            reason,
        }
    }

    fn challenge(&self, scheme: &str, reason: &Reason) -> Challenge {
        let mut challenge =
            Challenge::new(scheme).with("resource_metadata", self.announcement.url().as_str());
        let scopes = match reason {
            Reason::Scope(needed) => needed,
            _ => &self.required,
        };
        if !scopes.is_empty() {
            challenge = challenge.with("scope", scopes.to_string());
        }
        if let Some(code) = reason.code() {
            challenge = challenge.with("error", code);
        }
        if scheme == "DPoP" {
            challenge = challenge.with("algs", algorithms().join(" "));
        }
        challenge
    }
}

impl Verifier for ResourceServer {
    fn verify<'a>(&'a self, request: Presented<'a>) -> BoxFuture<'a, Result<Caller, Rejection>> {
        Box::pin(async move {
            self.identify(request)
                .await
                .map_err(|reason| self.reject(reason))
        })
    }
}

fn document(settings: &Settings) -> ProtectedResource {
    let introspection = settings.introspection.iter().map(|one| one.issuer());
    let issuers = settings.issuers.iter().map(|issuer| issuer.name());
    let mut authorization_servers: Vec<String> = Vec::new();
    for issuer in issuers.chain(introspection) {
        if !authorization_servers.iter().any(|known| known == issuer) {
            authorization_servers.push(issuer.to_owned());
        }
    }
    // Refresh tokens are an affair between client and issuer (MCP, refresh tokens).
    let scopes = settings
        .scopes
        .iter()
        .filter(|scope| *scope != "offline_access");
    let scopes: Vec<String> = scopes.map(ToOwned::to_owned).collect();
    let bound = settings.proof != ProofPolicy::Refused;
    ProtectedResource {
        resource: settings.resource.clone(),
        authorization_servers,
        scopes_supported: (!scopes.is_empty()).then_some(scopes),
        bearer_methods_supported: Some(vec!["header".to_owned()]),
        resource_name: settings.name.clone(),
        dpop_signing_alg_values_supported: bound
            .then(|| algorithms().into_iter().map(ToOwned::to_owned).collect()),
        dpop_bound_access_tokens_required: (settings.proof == ProofPolicy::Required)
            .then_some(true),
    }
}

fn algorithms() -> Vec<&'static str> {
    Algorithm::ALL.into_iter().map(Algorithm::name).collect()
}
